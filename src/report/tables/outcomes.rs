//! What else happened in a scale-up, each a number for every replication.

use super::Of;
use crate::report::table::{Table, Unit};
use crate::stats::Summary;

/// A row for every number; people see those that are not always zero.
pub fn outcomes(case: Of<'_>) -> Table {
    let most = |of: &Option<Summary>| of.as_ref().map(|of| of.max);
    Table::of("outcomes", "What else happened, in one scale-up", case.summary.outcomes.to_vec())
        .case(|_| case.number)
        .for_people_if(|row| most(&row.1).is_some_and(|most| most > 0.0))
        .text("what", "what", "what is counted", |row| row.0)
        .mean("number", "mean ± 95 %", "how many in one scale-up", Unit::Count, |row| row.1.as_ref())
        .number("", "max", "", Unit::Count, |row| most(&row.1))
        .table()
}
