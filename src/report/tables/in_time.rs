//! How likely each stage is ready by a deadline, and by when 95 % of scale-ups are.

use super::Of;
use crate::report::deadline::CaseDeadline;
use crate::report::summary::p95_needs;
use crate::report::table::{Table, Unit};
use crate::report::words::duration;

/// A row for every stage.
pub fn in_time(case: Of<'_>, deadline: &CaseDeadline) -> Table {
    let late = |seconds: Option<f64>| seconds.map_or("never".to_owned(), duration);
    let title = "Deadline (met if 95 % of scale-ups are in time, with 95 % confidence)";
    let within = format!("ready within {}", deadline.deadline);
    Table::of("in_time", title, deadline.stages.clone())
        .case(|_| case.number)
        .text("stage", "stage", "the stage", |row| row.stage.clone())
        .number("probability", &within, "the share of scale-ups in time", Unit::Share, |row| Some(row.probability))
        .interval("probability_ci95", "95 % interval", "Wilson's interval for it", Unit::Share, |row| {
            Some(row.interval)
        })
        .maybe_text("", "95 % of scale-ups within", "", |row| row.ready_p95_interval.map(|_| late(row.ready_p95)))
        .text("", "95 % interval", "", |row| {
            let ends = row.ready_p95_interval.map(|(low, high)| format!("{} to {}", late(low), late(high)));
            ends.unwrap_or_else(|| format!("too few (needs {})", p95_needs()))
        })
        .number(
            "ready_p95_s",
            "",
            "95 % of scale-ups are ready by then; null if fewer ever are",
            Unit::Seconds,
            |row| row.ready_p95,
        )
        .number("ready_p95_ci95_low_s", "", "the lower end of its interval", Unit::Seconds, |row| {
            row.ready_p95_interval?.0
        })
        .number("ready_p95_ci95_high_s", "", "the upper end; null where it is never", Unit::Seconds, |row| {
            row.ready_p95_interval?.1
        })
        .table()
}
