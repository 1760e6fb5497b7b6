//! What every entity waited for, in replication 0.

use crate::experiment::results::Waits;
use crate::model::record::{Subject, Wait};
use crate::report::table::Table;
use std::fmt::Write;

/// A row for every wait, in the order in which they ended.
///
/// Subjects and blockers are `node/12`, `daemonset/2/node/12` (the third `DaemonSet` of the scenario) or `replica/7`.
/// Waits can be shorter than a millisecond, so their times have six decimals. `part` are those of `waits` that are
/// meant: of thousands of nodes all of them would take gigabytes as cells.
pub fn waits(number: usize, waits: &Waits, part: &[Wait]) -> Table {
    Table::of("waits", "What everything waited for, in replication 0", part.to_vec())
        .case(|_| number)
        .text("subject", "", "who waits: node/12, daemonset/2/node/12, replica/7", |row| name(row.subject))
        .text(
            "cause",
            "",
            "why: queue, limit, transfer, sharing, service, boot, backoff, probe, poll, dependency or ready",
            |row| row.cause.word(),
        )
        .text("resource", "", "what for", |row| waits.resources.get(row.resource.index()).cloned().unwrap_or_default())
        .maybe_text("blocker", "", "the entity it waited for", |row| row.blocker.map(name))
        .fine_time("from_s", "", "the beginning", |row| Some(row.from))
        .fine_time("to_s", "", "the end", |row| Some(row.to))
        .table()
}

fn name(subject: Subject) -> String {
    // Enough for most of them at once.
    let mut name = String::with_capacity(24);
    let written = match subject {
        Subject::Node(node) => write!(name, "node/{node}"),
        Subject::DaemonSetPod(daemonset, node) => write!(name, "daemonset/{daemonset}/node/{node}"),
        Subject::Replica(replica) => write!(name, "replica/{replica}"),
    };
    written.map(|()| name).expect("memory takes every name")
}
