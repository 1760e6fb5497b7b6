//! What `check` answers, as text.

use super::words;
use crate::headroom::{Headroom, LimitVerdict, come_up};
use crate::model::Plan;
use crate::model::params::fit;
use crate::time::Span;
use std::fmt::Write;

/// The limits that bind.
pub fn binding(limits: &[Headroom]) -> impl Iterator<Item = &Headroom> {
    limits.iter().filter(|limit| limit.verdict == LimitVerdict::Binds)
}

/// The answer in one line, then every limit, the worst first.
pub fn text(plan: &Plan, limits: &[Headroom]) -> String {
    let (nodes, up) = (plan.nodes(), come_up(plan));
    let mut binding: Vec<&Headroom> = binding(limits).collect();
    // Those without a time come last.
    binding.sort_by_key(|limit| limit.at.unwrap_or(Span::MAX));
    let mut text = match binding.first().filter(|first| up.with_addresses < nodes && first.node.is_some()) {
        Some(first) => {
            let (when, remedy) =
                (first.when.as_deref().unwrap_or_default(), first.remedy.as_deref().unwrap_or_default());
            let count = words::count(up.nodes.into());
            let of = if up.nodes == nodes { String::new() } else { format!(" of {}", words::count(nodes.into())) };
            let noun = if nodes == 1 { "node" } else { "nodes" };
            let served = match up.with_addresses {
                served if served < up.nodes => {
                    format!(", {} of them with addresses for all their pods", words::count(served.into()))
                }
                _ => String::new(),
            };
            format!("No: {count}{of} {noun} come up{served}; first {}, {when}; {remedy}", first.limit)
        }
        None => {
            format!("Yes: {} {}", words::plural(nodes.into(), "node"), if nodes == 1 { "comes up" } else { "come up" })
        }
    };
    let listed = |text: &mut String, label: &str, named: &[&Headroom]| {
        let mut names: Vec<&str> = named.iter().map(|limit| limit.limit.as_str()).collect();
        names.dedup();
        if !names.is_empty() {
            text.extend(["; ", label, ": ", &names.join(", ")]);
        }
    };
    listed(&mut text, "what binds", &binding);
    let delays: Vec<&Headroom> = limits.iter().filter(|limit| limit.verdict == LimitVerdict::Delays).collect();
    listed(&mut text, "what delays", &delays);
    let (replicas, scenario) = (fit::replicas_per_node(plan.scenario()), plan.scenario());
    let each = words::plural(replicas.into(), "replica");
    writeln!(text, "\n{each} on each node; {} run out first", fit::filled_first(scenario))
        .expect("text takes every line");
    for limit in binding {
        one(&mut text, limit);
    }
    for verdict in [LimitVerdict::Delays, LimitVerdict::Advice, LimitVerdict::NotStated, LimitVerdict::Fits] {
        for limit in limits.iter().filter(|limit| limit.verdict == verdict) {
            one(&mut text, limit);
        }
    }
    text
}

fn one(text: &mut String, limit: &Headroom) {
    let have = match (limit.have, limit.verdict) {
        (Some(have), _) => format!("has {}", words::count(have)),
        (None, LimitVerdict::NotStated) => "the scenario states no limit".to_owned(),
        (None, _) => "no limit".to_owned(),
    };
    let (name, key, need, unit) = (&limit.limit, &limit.key, words::count(limit.need), limit.unit);
    let mut line = |content: String| writeln!(text, "{content}").expect("text takes every line");
    line(format!("\n{name} ({key}): {}; needs {need} {unit}, {have}", limit.verdict.word()));
    for (label, content) in [("when", &limit.when), ("you will see", &limit.message), ("remedy", &limit.remedy)] {
        if let Some(content) = content {
            line(format!("  {label}: {content}"));
        }
    }
}
