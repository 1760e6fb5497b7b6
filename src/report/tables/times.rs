//! When each stage was ready, over the replications.

use super::Of;
use crate::report::table::{Table, Unit};

/// A row for every stage.
pub fn times(case: Of<'_>) -> Table {
    Table::of(
        "times",
        "Time from creating the workload until all of a stage are Ready to stay",
        case.summary.stages.clone(),
    )
    .case(|_| case.number)
    .text("stage", "stage", "nodes, a DaemonSet, workload, scale-down", |row| row.stage.clone())
    .count("desired", "", "how many must be Ready", |row| row.desired)
    .count("replications", "", "replications of the case", |_| case.summary.replications)
    .count("never", "", "replications in which it never became ready; they are left out of the rest", |row| row.never)
    .mean("ready_s", "mean ± 95 %", "time until all were Ready to stay", Unit::Seconds, |row| row.ready.as_ref())
    .with_percentiles()
    .number("ready_p5_s", "", "5 % of those that became ready were so by then", Unit::Seconds, |row| {
        Some(row.ready_band?.0)
    })
    .number("ready_p95_s", "", "95 % of those that became ready were so by then", Unit::Seconds, |row| {
        Some(row.ready_band?.1)
    })
    .mean("first_ready_s", "", "time until all were Ready for the first time", Unit::Seconds, |row| {
        row.first_ready.as_ref()
    })
    .without_spread()
    .number("", "first ready", "", Unit::Seconds, |row| row.first_ready.as_ref().map(|first| first.mean))
    .table()
}
