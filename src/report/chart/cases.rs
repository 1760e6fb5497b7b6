//! Cases beside each other: their names, what they have in common, and which are shown of many.

use crate::experiment::results::{CaseResult, Results};
use crate::report::study::Study;
use crate::report::words::{self, plural};

use super::frame::Frame;
use super::theme::HEIGHT;
use super::wording;

/// A chart with this finding as its title, and its notes.
pub fn frame(study: &Study, title: &str, note: &str) -> Frame {
    let mut frame = Frame::new(HEIGHT, title);
    let common = common(&study.results).filter(|_| study.cases.len() > 1);
    let common = common.map_or(String::new(), |common| format!(", {common}"));
    frame.note(&format!("{}{common}: {note}", study.results.scenario));
    frame
}

/// Which cases a chart shows that has room for so many: all, or else the fastest, the slowest, the scenario as it
/// stands, and others from fast to slow. In the order of cases.
pub fn chosen(study: &Study, most: usize) -> Vec<usize> {
    let all = study.cases.len();
    if all <= most {
        return (0..all).collect();
    }
    let ranked = study.ranked();
    let mut chosen = vec![ranked[0], ranked[all - 1]];
    chosen.extend(study.unchanged());
    let between = most.saturating_sub(1).max(1);
    chosen.extend((1..between).map(|part| ranked[part * (all - 1) / between]));
    let mut kept: Vec<usize> = Vec::new();
    for number in chosen {
        if kept.len() < most && !kept.contains(&number) {
            kept.push(number);
        }
    }
    kept.sort_unstable();
    kept
}

/// What is said of cases that are not shown.
pub fn left_out(frame: &mut Frame, all: usize, shown: usize, files: &str) {
    if all > shown {
        let rest = words::count((all - shown) as u64);
        frame.note(&format!("The fastest, the slowest and some between; {rest} more are in {files}"));
    }
}

/// What the cases have in common, to be said once: their size, and the only key in which they differ.
fn common(results: &Results) -> Option<String> {
    let nodes = same_nodes(results).map(|nodes| plural(u64::from(nodes), "node"));
    let parts: Vec<String> = nodes.into_iter().chain(only_key(results).map(|key| format!("{key} varied"))).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn same_nodes(results: &Results) -> Option<u32> {
    let nodes = results.cases.first()?.target_nodes;
    results.cases.iter().all(|case| case.target_nodes == nodes).then_some(nodes)
}

fn only_key(results: &Results) -> Option<&str> {
    let mut keys = results.cases.iter().flat_map(words::axes).map(|(key, _)| key);
    let first = keys.next()?;
    keys.all(|key| key == first).then_some(first)
}

/// The name of a case without what all have in common.
pub fn short_name(results: &Results, case: &CaseResult) -> String {
    let mut parts = Vec::new();
    if same_nodes(results).is_none() {
        parts.push(plural(u64::from(case.target_nodes), "node"));
    }
    let only = only_key(results).is_some() && parts.is_empty();
    parts.extend(words::axes(case).map(|(key, value)| {
        let value = value.trim_matches('"');
        if only { value.to_owned() } else { format!("{} {value}", wording::last_part(key)) }
    }));
    match (parts.is_empty(), case.set.is_empty()) {
        (false, _) => parts.join(", "),
        (true, true) => "no change".to_owned(),
        (true, false) => words::case(case),
    }
}
