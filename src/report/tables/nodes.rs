//! The milestones of every node, in replication 0.

use super::Of;
use crate::model::record::{NodeRecord, StageKind};
use crate::report::summary::daemonsets;
use crate::report::table::Table;

/// A row for every node, with a column for each of `names`, the `DaemonSet`s that are stages of some case.
pub fn nodes(case: Of<'_>, names: &[String]) -> Table {
    let rows: Vec<&NodeRecord> = case.result.detail.iter().flat_map(|detail| &detail.nodes).collect();
    let mut table = Table::of("nodes", "The milestones of every node, in replication 0", rows)
        .case(|_| case.number)
        .count("node", "", "its number, from 0", |row| row.number.0)
        .flag("initial", "", "whether it existed from the start", |row| row.number.0 < case.result.initial_nodes)
        .count("zone", "", "its zone's place in the scenario, from 0", |row| row.zone.0)
        .time("requested_s", "", "the autoscaler asked for it", |row| row.requested)
        .time("launched_s", "", "the cloud granted the launch", |row| row.launched)
        .time("running_s", "", "the machine runs", |row| row.running)
        .time("booted_s", "", "the kubelet has started", |row| row.booted)
        .time("registered_s", "", "the Node object exists", |row| row.registered)
        .time("ready_s", "", "the node is Ready", |row| row.ready);
    for name in names {
        let place = daemonsets(&case.result.stages).position(|stage| case.result.stages[stage].name == *name);
        let key = format!("{}_ready_s", name.replace('-', "_"));
        let meaning = format!("the last time {name} became Ready here");
        table = table.time(&key, "", &meaning, |row| place.and_then(|place| row.daemonsets.get(place).copied()?));
    }
    table
        .time("workload_ready_s", "", "its last replica became Ready", |row| row.workload)
        .time("failed_s", "", "it was given up, or its machine died", |row| row.failed)
        .time("removal_s", "", "the autoscaler began to remove it", |row| row.removal)
        .time("drained_s", "", "its drain was complete", |row| row.drained)
        .time("terminated_s", "", "it has ended, and what it held is free", |row| row.terminated)
        .table()
}

/// The `DaemonSet`s that are stages of some case, in the order in which they first appear.
pub fn daemonset_names(cases: &[Of<'_>]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for stage in cases.iter().flat_map(|case| &case.result.stages).filter(|stage| stage.kind == StageKind::DaemonSet) {
        if !names.contains(&stage.name) {
            names.push(stage.name.clone());
        }
    }
    names
}
