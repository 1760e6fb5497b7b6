//! What `explain` answers: the critical path, what relief brings, and the story of one scale-up.

use super::table::text::text as table_text;
use super::words::{count, duration, percent, plural};
use super::{tables, unready};
use crate::experiment::explain::{Explanation, Step};
use crate::experiment::holders::Holder;
use crate::experiment::results::CaseResult;
use crate::headroom::Headroom;
use crate::model::record::{Cause, Subject};
use std::fmt::Write;

/// A case and why it takes as long as it does.
#[derive(Clone, Debug)]
pub struct Explained {
    /// Its name: `300 nodes`, and what else was changed.
    pub name: String,
    /// The number of nodes asked for.
    pub target_nodes: u32,
    /// Limits that bind, by arithmetic, where the goal was never ready in some scale-up.
    pub limits: Vec<Headroom>,
    /// Why.
    pub why: Explanation,
}

impl Explained {
    /// Of a case of a study with this name, if it was explained.
    pub fn of(case: &CaseResult, name: &str) -> Option<Self> {
        let why = (**case.why.as_ref()?).clone();
        Some(Self { name: name.to_owned(), target_nodes: case.target_nodes, limits: Vec::new(), why })
    }
}

/// What is waited for, and why, as people say it: `service of volume-server`.
pub fn what(resource: &str, cause: Cause) -> String {
    let noun = match cause {
        Cause::Queue => "the line of",
        Cause::Limit => "the rate or limit of",
        Cause::Transfer => "the transfer over",
        Cause::Sharing => "others on",
        Cause::Service => "the work of",
        Cause::Boot => "the boot of the",
        Cause::Backoff => "a back-off at",
        Cause::Probe => "a",
        Cause::Poll => "the next look of",
        Cause::Dependency => "the readiness of",
        Cause::Ready => "nothing, in",
    };
    format!("{noun} {resource}")
}

/// What holds the path after a change, to follow what the change brings.
pub fn then_binds(next: &Holder) -> String {
    format!(", then {} binds", what(&next.resource, next.cause))
}

/// What a cause is, in one or two words for a legend.
pub const fn cause_word(cause: Cause) -> &'static str {
    match cause {
        Cause::Queue => "in a line",
        Cause::Limit => "rate or limit",
        Cause::Transfer => "transfer",
        Cause::Sharing => "others on the link",
        Cause::Service => "work",
        Cause::Boot => "boot",
        Cause::Backoff => "back-off",
        Cause::Probe => "probe",
        Cause::Poll => "next look",
        Cause::Dependency => "for another",
        Cause::Ready => "nothing",
    }
}

/// `300 nodes: workload ready after 24m 14s, of which 17m 05s the work of volume-server; ...`.
pub fn answer(case: &Explained) -> String {
    let why = &case.why;
    let Some(goal) = why.stages.last() else { return format!("{}: there is no stage", case.name) };
    let Some(ready) = goal.mean_ready_s() else {
        return format!("{}: {} never became ready{}", case.name, goal.stage, stopped(case));
    };
    let mut line = format!("{}: {} ready after {}", case.name, goal.stage, duration(ready));
    if let Some(Holder { resource, cause, mean_s, .. }) = goal.holders.first() {
        let _ = write!(line, ", of which {} {}", duration(*mean_s), what(resource, *cause));
    }
    if let Some((relief, gain)) = why.reliefs.first().and_then(|relief| Some((relief, relief.gain.as_ref()?))) {
        let _ = write!(line, "; {} = {}: {} sooner", relief.lever.key, plain(&relief.lever.to), duration(gain.mean));
        if let Some(next) = &relief.next {
            line.push_str(&then_binds(next));
        }
    }
    line
}

/// `; 125 of 300 nodes came up; vcpu-quota stops it: ask for 4,800 vCPUs`.
fn stopped(case: &Explained) -> String {
    let Some(never) = &case.why.never else { return String::new() };
    let up = format!("; {} of {} came up", count(never.nodes_up.into()), plural(never.desired.into(), "node"));
    let first = case.limits.iter().find(|limit| limit.remedy.is_some());
    let first =
        first.map(|limit| format!("; {} stops it: {}", limit.limit, limit.remedy.as_deref().unwrap_or_default()));
    up + &first.unwrap_or_default()
}

/// A value in TOML as it is typed.
pub fn plain(value: &str) -> &str {
    value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value)
}

/// The whole answer for a page of `width` columns.
pub fn text(cases: &[Explained], width: u16) -> String {
    let mut text = String::new();
    for case in cases {
        line(&mut text, &answer(case));
    }
    let names: Vec<String> = cases.iter().map(|case| case.name.clone()).collect();
    for table in
        [tables::path(cases), tables::relief(cases), tables::relief_curve(cases), tables::pairs_of_steps(cases)]
    {
        let table = table_text(&table, &names, width);
        if !table.is_empty() {
            line(&mut text, "");
            text.push_str(&table);
        }
    }
    for case in cases {
        hidden(&mut text, case);
    }
    line(&mut text, "");
    text.push_str(&table_text(&tables::resources(cases), &names, width));
    for case in cases {
        story(&mut text, case);
        never(&mut text, case);
    }
    text
}

/// What a scale-up whose goal was never ready waits for at its end, and what stops it.
fn never(text: &mut String, case: &Explained) {
    let (Some(never), Some(goal)) = (&case.why.never, case.why.stages.last()) else { return };
    let of = format!("{} of {}", count(never.replications.into()), plural(case.why.replications.into(), "scale-up"));
    line(text, "");
    let (name, goal, replication) = (&case.name, &goal.stage, never.replication);
    line(text, &format!("{name}: {goal} never became ready in {of}; replication {replication} ended waiting for\n"));
    for what in unready::lines(&never.waiting_for) {
        line(text, &format!("- {what}"));
    }
    if let Some(last) = never.missing.last() {
        line(text, &format!("\nThe way of {}, which is still missing then:\n", subject(last)));
        for told in together(&never.missing) {
            line(text, &format!("- {told}"));
        }
    }
    if !never.limits.is_empty() {
        line(text, "\nLimits that it hit:\n");
    }
    for limit in &never.limits {
        line(text, &format!("- {}, first after {}: {}", limit.kind, limit.first, limit.message));
    }
    if !case.limits.is_empty() {
        line(text, "\nWhat stops it, by arithmetic:\n");
    }
    for limit in &case.limits {
        let have = limit.have.map_or("no limit".to_owned(), |have| format!("has {}", count(have)));
        let remedy = limit.remedy.as_ref().map_or(String::new(), |remedy| format!("; {remedy}"));
        let (name, key, need, unit) = (&limit.limit, &limit.key, count(limit.need), limit.unit);
        line(text, &format!("- {name} ({key}): needs {need} {unit}, {have}{remedy}"));
    }
}

/// What holds much and brings nothing when it is relieved.
fn hidden(text: &mut String, case: &Explained) {
    let Some(goal) = case.why.stages.last() else { return };
    for relief in &case.why.reliefs {
        let held = goal.holders.iter().filter(|holder| holder.resource == relief.resource).map(|holder| holder.share);
        let held: f64 = held.sum();
        let gain = relief.gain.as_ref().filter(|gain| gain.resolved).map_or(0.0, |gain| gain.mean);
        if held >= 0.1 && gain <= 0.0 {
            let brings =
                if gain < 0.0 { format!("costs {}", duration(-gain)) } else { "brings nothing that shows".to_owned() };
            let next = relief.next.as_ref().map_or(String::new(), |next| {
                format!(": then {} holds the path longest", what(&next.resource, next.cause))
            });
            let (name, resource, share, key) = (&case.name, &relief.resource, percent(held), &relief.lever.key);
            line(text, "");
            line(
                text,
                &format!("{name}: {resource} holds {share} of the path, and relief of it ({key}) {brings}{next}."),
            );
        }
    }
}

/// The last replica's way, step by step.
fn story(text: &mut String, case: &Explained) {
    let Some((number, steps)) = &case.why.told else { return };
    let Some(goal) = case.why.stages.last() else { return };
    line(text, "");
    line(text, &format!("{}: how {} became ready in scale-up {number}, a typical one:\n", case.name, goal.stage));
    for told in together(steps) {
        line(text, &format!("- {told}"));
    }
}

/// Steps that follow one another with the same cause are told as one.
fn together(steps: &[Step]) -> Vec<String> {
    let same = |a: &Step, b: &Step| (a.cause, &a.resource, &a.whose) == (b.cause, &b.resource, &b.whose);
    let tell = |steps: &[Step]| {
        let (first, last) = (&steps[0], &steps[steps.len() - 1]);
        let who = if steps.len() == 1 {
            subject(first)
        } else {
            format!("{} in turn, the last {}", plural(steps.len() as u64, &noun(first)), subject(last))
        };
        let length = duration((last.to - first.from).as_secs_f64());
        format!("{} to {} ({length}): {who}: {}", first.from, last.to, what(&first.resource, first.cause))
    };
    steps.chunk_by(same).map(tell).collect()
}

fn noun(step: &Step) -> String {
    match step.subject {
        Subject::DaemonSetPod(..) => format!("{} pod", step.whose),
        Subject::Node(_) | Subject::Replica(_) => step.whose.clone(),
    }
}

fn subject(step: &Step) -> String {
    match step.subject {
        Subject::Node(node) => format!("node {node}"),
        Subject::DaemonSetPod(_, node) => format!("{} on node {node}", step.whose),
        Subject::Replica(replica) => format!("replica {replica}"),
    }
}

fn line(text: &mut String, content: &str) {
    text.push_str(content);
    text.push('\n');
}
