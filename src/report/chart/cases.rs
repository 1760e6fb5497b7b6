//! Cases beside each other: their names, what they have in common, and which are left out.

use crate::experiment::results::{CaseResult, Results};
use crate::report::study::Study;
use crate::report::words::{self, plural};

use super::frame::Frame;
use super::theme::HEIGHT;
use super::wording;

/// A chart of the first `shown` cases with its title, which `of` joins to the name of the only case, and its notes.
///
/// `files` have those that are left out.
pub fn frame(study: &Study, title: &str, of: &str, note: &str, shown: usize, files: &str) -> Frame {
    let (all, only) = (study.cases.len(), study.cases.len() == 1);
    let title = if only { format!("{title}{of}{}", study.cases[0].name) } else { title.to_owned() };
    let mut frame = Frame::new(HEIGHT, &title);
    frame.note(&format!("{}: {note}", study.results.scenario));
    if let Some(common) = common(&study.results).filter(|_| !only) {
        frame.note(&common);
    }
    if all > shown {
        frame.note(&format!("The first {shown} cases; {} more are in {files}", words::count((all - shown) as u64)));
    }
    frame
}

/// What the cases have in common, to be said once: their size, and the only key in which they differ.
fn common(results: &Results) -> Option<String> {
    let nodes = same_nodes(results).map(|nodes| plural(u64::from(nodes), "node"));
    let parts: Vec<String> = nodes.into_iter().chain(only_key(results).map(|key| format!("varied: {key}"))).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
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
    let only = only_key(results).is_some();
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
