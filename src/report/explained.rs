//! What `explain` answers: the critical path, what relief brings, and the story of one scale-up.

use super::table::text::text as table_text;
use super::tables;
use super::words::{duration, percent, plural};
use crate::experiment::explain::{Explanation, Holder, StagePath, Step};
use crate::model::record::{Cause, Subject};
use crate::stats::mean;
use std::fmt::Write;

/// A case and why it takes as long as it does.
#[derive(Clone, Debug)]
pub struct Explained {
    /// Its name: `300 nodes`, and what else was changed.
    pub name: String,
    /// The number of nodes asked for.
    pub target_nodes: u32,
    /// Why.
    pub why: Explanation,
}

/// The seconds until a stage was ready, on average; `None` if it never was.
pub fn mean_ready(path: &StagePath) -> Option<f64> {
    mean(&path.ready_s.iter().copied().flatten().collect::<Vec<_>>())
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

/// `300 nodes: workload ready after 24m 14s, of which 17m 05s the work of volume-server; ...`.
pub fn answer(case: &Explained) -> String {
    let why = &case.why;
    let Some(goal) = why.stages.last() else { return format!("{}: there is no stage", case.name) };
    let Some(ready) = mean_ready(goal) else {
        let open = why.waiting_for.join("; ");
        return format!(
            "{}: {} never became ready; the first scale-up ended waiting for {open}",
            case.name, goal.stage
        );
    };
    let mut line = format!("{}: {} ready after {}", case.name, goal.stage, duration(ready));
    if let Some(Holder { resource, cause, mean_s, .. }) = goal.holders.first() {
        let _ = write!(line, ", of which {} {}", duration(*mean_s), what(resource, *cause));
    }
    if let Some((relief, gain)) = why.reliefs.first().and_then(|relief| Some((relief, relief.gain.as_ref()?))) {
        let _ = write!(line, "; {} = {}: {} sooner", relief.lever.key, plain(&relief.lever.to), duration(gain.mean));
        if let Some(next) = &relief.next {
            let _ = write!(line, ", then {} binds", what(&next.resource, next.cause));
        }
    }
    line
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
    for table in [tables::path(cases), tables::relief(cases)] {
        line(&mut text, "");
        text.push_str(&table_text(&table, &names, width));
    }
    for case in cases {
        hidden(&mut text, case);
    }
    for case in cases {
        story(&mut text, case);
    }
    text
}

/// What holds much and brings nothing when it is relieved.
fn hidden(text: &mut String, case: &Explained) {
    let Some(goal) = case.why.stages.last() else { return };
    for relief in &case.why.reliefs {
        let held = goal.holders.iter().filter(|holder| holder.resource == relief.resource).map(|holder| holder.share);
        let held: f64 = held.sum();
        let brings = relief.gain.as_ref().is_some_and(|gain| gain.resolved && gain.mean > 0.0);
        if held >= 0.1 && !brings {
            let next = relief
                .next
                .as_ref()
                .map_or(String::new(), |next| format!(": {} is right behind", what(&next.resource, next.cause)));
            let share = percent(held);
            line(text, "");
            line(
                text,
                &format!("{}: {} holds {share} of the path and brings nothing{next}.", case.name, relief.resource),
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
