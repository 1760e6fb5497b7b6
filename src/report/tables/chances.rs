//! How likely the goal is ready within a time.

use super::Of;
use crate::report::chances;
use crate::report::table::{Table, Unit};

/// A row for every time at which the share of scale-ups changes that have the goal ready.
pub fn chances(case: Of<'_>) -> Table {
    let (stage, chances) = chances::chances(case.result);
    Table::of("deadline", "How likely the last stage before scale-down is ready within a time", chances)
        .case(|_| case.number)
        .text("stage", "", "the last stage before scale-down", |_| stage)
        .number("within_s", "", "the time", Unit::Seconds, |row| Some(row.within_s))
        .number("probability", "", "the share of scale-ups that were ready by then", Unit::Share, |row| {
            Some(row.probability)
        })
        .interval("probability_ci95", "", "Wilson's 95 % interval for it", Unit::Share, |row| Some(row.interval))
        .table()
}
