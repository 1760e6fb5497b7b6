//! The sides of a comparison of several scenarios.

use super::differences::in_words;
use crate::experiment::Comparison;
use crate::experiment::results::CaseResult;
use crate::report::comparison::{is_none, stage_in_words};
use crate::report::summary::CaseSummary;
use crate::report::table::{Cell, CellKind, Table, Unit, shown_mean};
use crate::stats::mean;

/// A row for every side, with its difference to the first.
pub fn sides(comparison: &Comparison) -> Table {
    totals(comparison, &comparison.names)
}

/// The tables of a row for every side, which are called by other names than their own.
pub fn sides_called(comparison: &Comparison, names: &[String]) -> (Table, Table) {
    (totals(comparison, names), by_stage(comparison, names))
}

fn totals(comparison: &Comparison, names: &[String]) -> Table {
    let Comparison { goal, cases, .. } = comparison;
    let title = format!("Until {} is ready, all with the same random numbers", stage_in_words(goal));
    let rows =
        names.iter().zip(cases).enumerate().map(|(place, (name, case))| (place, name, case, CaseSummary::of(case)));
    let table = Table::of("sides", title, rows.collect()).text("", "scenario", "", |row| row.1.as_str()).text(
        "",
        &format!("{goal} ± 95 %"),
        "",
        |row| {
            let stage = row.3.stages.iter().find(|stage| stage.stage == *goal);
            let ready = stage.and_then(|stage| stage.ready.as_ref());
            ready.map_or("never".to_owned(), |ready| shown_mean(ready, Unit::Seconds))
        },
    );
    let after = format!("after {} ± 95 %", names[0]);
    in_words(table, &after, "faster in", false, |row| comparison.against_first(row.0))
        .number("", "flaps", "", Unit::Count, |row| flaps(row.2))
        .number("", "US dollars", "", Unit::Usd, |row| row.3.dollars(goal))
        .table()
}

/// Ready pods that became `NotReady` in one scale-up, on average.
fn flaps(case: &CaseResult) -> Option<f64> {
    let of = |one: &crate::experiment::results::Replication| {
        one.stages.iter().map(|stage| f64::from(stage.flaps)).sum::<f64>()
    };
    mean(&case.replications.iter().map(of).collect::<Vec<_>>())
}

/// A row for every side but the first, and a column for every stage: how much later it was than that of the first.
pub fn sides_by_stage(comparison: &Comparison) -> Table {
    by_stage(comparison, &comparison.names)
}

fn by_stage(comparison: &Comparison, names: &[String]) -> Table {
    let title = format!("Where it comes from: each stage after that of {}, ± 95 %", names[0]);
    let rows = (1..comparison.names.len()).collect();
    let start = Table::of("sides", title, rows).text("", "scenario", "", |side| names[*side].clone());
    let stages = comparison.cases[0].stages.iter().map(|stage| &stage.name);
    let column = |table: crate::report::table::Builder<usize>, stage: &String| {
        table.cells("", stage, "", CellKind::Estimate(Unit::Later), |side| {
            let found = comparison.between(0, *side, stage);
            match found.and_then(|found| found.paired.as_ref()) {
                Some(_) if found.is_some_and(is_none) => Cell::Text("0".to_owned()),
                Some(paired) => Cell::Estimate(paired.mean, paired.interval, Unit::Later),
                None => Cell::Absent,
            }
        })
    };
    stages.fold(start, column).table()
}
