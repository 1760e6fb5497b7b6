//! What else happened in a scale-up, each a number for every replication.

use super::Of;
use crate::experiment::results::Replication;
use crate::report::table::{Table, Unit};
use crate::stats::Summary;

/// A row for every number; people see those that are not always zero.
pub fn outcomes(case: Of<'_>) -> Table {
    let of = |name: &'static str, of: fn(&Replication) -> f64| {
        let values: Vec<f64> = case.result.replications.iter().map(of).collect();
        (name, Summary::of(&values))
    };
    let rows = vec![
        of("nodes that failed", |one| f64::from(one.nodes_failed)),
        of("volumes lost", |one| f64::from(one.volumes_lost)),
    ];
    let most = |of: &Option<Summary>| of.as_ref().map(|of| of.max);
    Table::of("outcomes", "What else happened, in one scale-up", rows)
        .case(|_| case.number)
        .for_people_if(|row| most(&row.1).is_some_and(|most| most > 0.0))
        .text("what", "what", "what is counted", |row| row.0)
        .mean("number", "mean ± 95 %", "how many in one scale-up", Unit::Count, |row| row.1.as_ref())
        .number("", "max", "", Unit::Count, |row| most(&row.1))
        .table()
}
