//! Differences between scenarios with the same random numbers, pair by pair.
//!
//! Must not know: people: the sentences are in `text/comparison.rs`.

use crate::experiment::{Comparison, Difference};
use crate::report::comparison::{mean_s, saved_by_pairing};
use crate::report::table::{Cell, Kind, Table, Unit};

/// A row for every pair and stage. Differences are of b minus a; their intervals hold together with 95 %.
pub fn differences(comparison: &Comparison) -> Table {
    let Comparison { names, cases, differences, .. } = comparison;
    let needed = |row: &&Difference| row.paired.as_ref()?.replications_to_resolve;
    Table::of("comparison", "Differences between scenarios, b minus a", differences.iter().collect::<Vec<_>>())
        .text("a", "", "the first scenario", |row| names[row.a].clone())
        .text("b", "", "the second scenario", |row| names[row.b].clone())
        .text("stage", "", "the stage", |row| row.stage.clone())
        .count("replications", "", "replications of each", |row| row.replications)
        .count("pairs", "", "replications in which both became ready", |row| {
            row.paired.as_ref().map_or(0, |of| of.n as u64)
        })
        .number("a_mean_s", "", "when a was ready, on average", Unit::Seconds, |row| mean_s(&cases[row.a], &row.stage))
        .number("b_mean_s", "", "when b was ready, on average", Unit::Seconds, |row| mean_s(&cases[row.b], &row.stage))
        .estimate("seconds", "", "how much later b was ready", Unit::Later, |row| {
            row.paired.as_ref().map(|paired| (paired.mean, paired.interval))
        })
        .number("probability_b_faster", "", "how likely b is ready sooner", Unit::Share, |row| Some(row.b_faster))
        .interval("probability_b_faster_ci95", "", "its interval", Unit::Share, |row| Some(row.b_faster_interval))
        .flag("resolved", "", "whether the interval of the difference leaves zero out", |row| {
            row.paired.as_ref().is_some_and(|paired| paired.resolved)
        })
        .count("only_a_ready", "", "replications in which only a became ready", |row| row.only_a)
        .count("only_b_ready", "", "replications in which only b became ready", |row| row.only_b)
        .number(
            "variance_ratio",
            "",
            "how many times more replications it would take without pairing",
            Unit::Count,
            |row| row.paired.as_ref().and_then(saved_by_pairing),
        )
        .cells("replications_to_resolve", "", "how many replications would resolve it", Kind::Count, |row| {
            needed(row).map_or(Cell::Absent, Cell::Count)
        })
        .table()
}
