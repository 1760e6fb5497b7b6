//! Differences between scenarios with the same random numbers, pair by pair.

use crate::experiment::{Comparison, Difference};
use crate::report::comparison::{Significance, is_none, mean_s, saved_by_pairing, verdict};
use crate::report::table::{Builder, Cell, CellKind, Table, Unit, shown};
use crate::report::words::{count, percent};

/// A row for every pair and stage, which people see of one pair. Differences are of b minus a; their intervals hold
/// together with 95 %.
pub fn differences(comparison: &Comparison) -> Table {
    let Comparison { names, cases, differences, .. } = comparison;
    let needed = |row: &&Difference| row.paired.as_ref()?.replications_to_resolve;
    let table =
        Table::of("comparison", "Differences between scenarios, b minus a", differences.iter().collect::<Vec<_>>())
            .text("a", "", "the first scenario", |row| names[row.a].clone())
            .text("b", "", "the second scenario", |row| names[row.b].clone())
            .text("stage", "stage", "the stage", |row| row.stage.clone())
            .count("replications", "", "replications of each", |row| row.replications)
            .count("pairs", "", "replications in which both became ready", |row| {
                row.paired.as_ref().map_or(0, |of| of.n as u64)
            })
            .number("a_mean_s", "A", "when a was ready, on average", Unit::Seconds, |row| {
                mean_s(&cases[row.a], &row.stage)
            })
            .number("b_mean_s", "B", "when b was ready, on average", Unit::Seconds, |row| {
                mean_s(&cases[row.b], &row.stage)
            })
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
            .cells("replications_to_resolve", "", "how many replications would resolve it", CellKind::Count, |row| {
                needed(row).map_or(Cell::Absent, Cell::Count)
            });
    in_words(table, "B after A ± 95 %", "B faster in (95 %)", true, |row| Some(row)).table()
}

/// Adds what people read of a difference: how much later b is, how likely it is sooner, and what pairing saves.
pub(super) fn in_words<'a, R>(
    rows: Builder<R>,
    after: &str,
    faster: &str,
    with_ends: bool,
    of: impl Fn(&R) -> Option<&'a Difference>,
) -> Builder<R> {
    let told = |row: &R| of(row).filter(|found| !is_none(found));
    let faster_in = |found: &Difference| {
        let (low, high) = (percent(found.b_faster_interval.low), percent(found.b_faster_interval.high));
        let ends = if with_ends { format!(" ({low} to {high})") } else { String::new() };
        percent(found.b_faster) + &ends
    };
    rows.maybe_text("", after, "", |row| of(row).and_then(later))
        .maybe_text("", faster, "", |row| told(row).map(faster_in))
        .maybe_text("", "pairing", "", |row| told(row).and_then(saving))
}

/// `-1m 12s ± 7.0s`; an interval that reaches over zero leaves it open which is sooner.
fn later(found: &Difference) -> Option<String> {
    let paired = found.paired.as_ref()?;
    Some(match verdict(paired) {
        Significance::Same => "the same".to_owned(),
        Significance::Tiny => "below 1ms".to_owned(),
        Significance::Sooner | Significance::Later | Significance::Open => {
            shown(&Cell::Estimate(paired.mean, paired.interval, Unit::Later))
        }
    })
}

/// By how many times fewer replications the pairing gets along.
fn saving(found: &Difference) -> Option<String> {
    /// More than this says nothing more.
    const MANY: f64 = 9999.5;
    Some(match found.paired.as_ref()?.variance_ratio? {
        ratio if ratio >= MANY => "> 9,999 x".to_owned(),
        ratio if ratio >= 9.95 => format!("{} x", count(ratio.round() as u64)),
        ratio => format!("{ratio:.1} x"),
    })
}
