//! When each stage was ready, in each replication.

use super::Of;
use crate::report::table::Table;

/// A row for every replication and stage.
pub fn stages(case: Of<'_>) -> Table {
    let of = |replication| {
        let one: &crate::experiment::results::Replication = replication;
        case.result.stages.iter().zip(&one.stages).map(move |(stage, times)| (one.number, stage, *times))
    };
    let rows = case.result.replications.iter().flat_map(of).collect();
    Table::of("stages", "When each stage was ready, in each replication", rows)
        .case(|_| case.number)
        .count("replication", "", "its number, from 0", |row| row.0)
        .text("stage", "", "the stage", |row| row.1.name.clone())
        .count("desired", "", "how many must be Ready", |row| row.1.desired)
        .time("ready_s", "", "when all were Ready to stay", |row| row.2.ready)
        .time("first_ready_s", "", "when all were Ready for the first time", |row| row.2.first_ready)
        .count("flaps", "", "changes from Ready to NotReady", |row| row.2.flaps)
        .count("not_ready_peak", "", "the most that were NotReady at once after having been Ready", |row| {
            row.2.not_ready_peak
        })
        .table()
}
