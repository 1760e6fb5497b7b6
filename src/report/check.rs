//! What `check` answers, as text.

use super::words;
use crate::headroom::{Headroom, Verdict};
use std::fmt::Write;

/// The limits that bind.
pub fn binding(limits: &[Headroom]) -> impl Iterator<Item = &Headroom> {
    limits.iter().filter(|limit| limit.verdict == Verdict::Binds)
}

/// The answer in one line, then every limit, the worst first.
pub fn text(nodes: u32, limits: &[Headroom]) -> String {
    let nodes = words::plural(u64::from(nodes), "node");
    let named = |verdict| {
        let names: Vec<&str> =
            limits.iter().filter(|limit| limit.verdict == verdict).map(|limit| limit.limit.as_str()).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    let binds =
        named(Verdict::Binds).map_or_else(|| "no limit binds".to_owned(), |names| format!("these bind: {names}"));
    let delays = named(Verdict::Delays).map_or_else(String::new, |names| format!("; these delay: {names}"));
    let mut text = format!("{nodes}: {binds}{delays}\n");
    for verdict in [Verdict::Binds, Verdict::Delays, Verdict::Advice, Verdict::NotStated, Verdict::Fits] {
        for limit in limits.iter().filter(|limit| limit.verdict == verdict) {
            one(&mut text, limit);
        }
    }
    text
}

fn one(text: &mut String, limit: &Headroom) {
    let have = match (limit.have, limit.verdict) {
        (Some(have), _) => format!("has {}", words::count(have)),
        (None, Verdict::NotStated) => "the scenario states no limit".to_owned(),
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
