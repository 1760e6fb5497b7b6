//! The time from one stage to another, over the replications.

use super::Of;
use crate::report::table::{Table, Unit};
use crate::report::words;

/// A row for every pair of stages.
pub fn overheads(case: Of<'_>) -> Table {
    Table::of("overheads", "Overheads, the time from one stage to another", case.summary.overheads.clone())
        .case(|_| case.number)
        .text("", "overhead", "", |row| words::overhead(&row.from, &row.to))
        .text("from", "", "the stage from whose readiness it counts", |row| row.from.clone())
        .text("to", "", "the stage until whose readiness it counts", |row| row.to.clone())
        .count("replications", "", "replications in which both became ready", |row| {
            row.seconds.as_ref().map_or(0, |seconds| seconds.n as u64)
        })
        .mean("seconds", "mean ± 95 %", "seconds; below zero where to was ready first", Unit::Seconds, |row| {
            row.seconds.as_ref()
        })
        .with_percentiles()
        .table()
        .as_above()
}
