//! How many pods of each `DaemonSet` were Ready and no longer Ready over time, in replication 0.

use super::Of;
use crate::report::table::Table;

/// A row for every `DaemonSet` that is a stage, and time at which one of its counts changes.
pub fn counts(case: Of<'_>) -> Table {
    let detail = case.result.detail.iter().flat_map(|detail| &detail.counts);
    let of = |(stage, counts)| {
        let counts: &Vec<crate::experiment::results::Count> = counts;
        counts.iter().map(move |count| (stage, *count))
    };
    let rows: Vec<(&crate::model::record::Stage, _)> = case.result.stages.iter().zip(detail).flat_map(of).collect();
    Table::of("counts", "How many were Ready and no longer Ready over time, in replication 0", rows)
        .case(|_| case.number)
        .text("stage", "", "the DaemonSet", |row| row.0.name.clone())
        .time("time_s", "", "the time from which it holds", |row| Some(row.1.at))
        .count("ready", "", "pods that were Ready", |row| row.1.ready)
        .count("not_ready", "", "pods that had been Ready and were not", |row| row.1.not_ready)
        .count("joined", "", "pods that had become Ready by then, if only once", |row| row.1.joined)
        .table()
}
