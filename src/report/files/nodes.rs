//! `nodes.csv`: the milestones of every node in replication 0 of each case.
//!
//! Must not know: other replications: it is one example.

use crate::experiment::results::{CaseResult, Results};
use crate::model::record::{NodeRecord, StageKind};
use crate::report::summary;

use super::sheet::{Sheet, maybe_seconds};

const MACHINE: [&str; 9] =
    ["node", "initial", "zone", "requested_s", "launched_s", "running_s", "booted_s", "registered_s", "ready_s"];
const REST: [&str; 2] = ["workload_ready_s", "failed_s"];
/// Only where some case shrinks.
const REMOVAL: [&str; 3] = ["removal_s", "drained_s", "terminated_s"];

/// `nodes.csv`: a row for every node, with a column for each `DaemonSet` that is a stage of some case.
///
/// `initial` says whether the node existed from the start; `zone` is the zone's place in the scenario, from 0.
pub fn nodes(results: &Results) -> Vec<u8> {
    let daemonsets = daemonset_names(results);
    let columns: Vec<String> = daemonsets.iter().map(|name| format!("{}_ready_s", name.replace('-', "_"))).collect();
    let shrinks = results.cases.iter().any(|case| case.stages.iter().any(|stage| stage.kind == StageKind::ScaleDown));
    let removal = if shrinks { REMOVAL.as_slice() } else { &[] };
    let all = MACHINE.into_iter().chain(columns.iter().map(String::as_str)).chain(REST).chain(removal.iter().copied());
    let mut sheet = Sheet::new(results, all);
    for (number, case) in results.cases.iter().enumerate() {
        sheet.begin_case(number, case);
        let places: Vec<Option<usize>> = daemonsets.iter().map(|name| place(case, name)).collect();
        for record in case.detail.iter().flat_map(|detail| &detail.nodes) {
            let node = record.number as usize;
            let initial = node < case.initial_nodes as usize;
            let removal = [record.removal, record.drained, record.terminated].map(maybe_seconds);
            let removal = removal.into_iter().filter(|_| shrinks);
            sheet.row(machine(node, initial, record).into_iter().chain(rest(record, &places)).chain(removal));
        }
    }
    sheet.into_bytes()
}

/// The names of the `DaemonSet` stages of all cases, in the order in which they first appear.
fn daemonset_names(results: &Results) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for case in &results.cases {
        for stage in summary::daemonsets(&case.stages) {
            let name = case.stages[stage].name.as_str();
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// The place of a `DaemonSet` in [`NodeRecord::daemonsets`].
fn place(case: &CaseResult, name: &str) -> Option<usize> {
    summary::daemonsets(&case.stages).position(|stage| case.stages[stage].name == name)
}

fn machine(node: usize, initial: bool, record: &NodeRecord) -> [String; 9] {
    [
        node.to_string(),
        initial.to_string(),
        record.zone.to_string(),
        maybe_seconds(record.requested),
        maybe_seconds(record.launched),
        maybe_seconds(record.running),
        maybe_seconds(record.booted),
        maybe_seconds(record.registered),
        maybe_seconds(record.ready),
    ]
}

fn rest(record: &NodeRecord, places: &[Option<usize>]) -> impl Iterator<Item = String> {
    let daemonsets = places.iter().map(|place| record.daemonsets.get((*place)?).copied().flatten());
    let times: Vec<_> = daemonsets.chain([record.workload, record.failed]).map(maybe_seconds).collect();
    times.into_iter()
}
