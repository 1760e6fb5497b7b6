//! The parameters that were fitted.

use super::{held_out, points};
use crate::experiment::{Calibration, HeldOut, Identifiability, Judged};
use crate::report::table::{Table, Unit};
use crate::scenario::FreeUnit;

/// A row for every free parameter. Numbers are in its unit, with the digits that were tried.
pub fn parameters(found: &Calibration) -> Table {
    let free = |axis: &usize| &found.free[*axis];
    let range = |axis: &usize| found.plausible.ranges[*axis];
    let show = |axis: &usize, value: f64| free(axis).text(value).trim_matches('"').to_owned();
    let show_range = |axis: &usize, (low, high)| format!("{} to {}", show(axis, low), show(axis, high));
    Table::of("parameters", "Fitted values", (0..found.free.len()).collect())
        .text("key", "parameter", "the dotted key", |axis| free(axis).key.clone())
        .text("unit", "", "s, 1, bytes or bytes/s", |axis| unit(free(axis).unit))
        .maybe_text("", "before", "", |axis| Some(show(axis, found.start[*axis]?)))
        .number("before", "", "its value in the scenario", Unit::Exact, |axis| found.start[*axis])
        .text("", "fitted", "", |axis| show(axis, found.fitted[*axis]))
        .number("fitted", "", "its fitted value", Unit::Exact, |axis| Some(found.fitted[*axis]))
        .text("", "plausible", "", |axis| show_range(axis, range(axis)))
        .number("plausible_min", "", "the least value in a plausible set", Unit::Exact, |axis| Some(range(axis).0))
        .number("plausible_max", "", "the greatest", Unit::Exact, |axis| Some(range(axis).1))
        .text("", "allowed", "", |axis| show_range(axis, (free(axis).min, free(axis).max)))
        .number("allowed_min", "", "the least value that may be tried", Unit::Exact, |axis| Some(free(axis).min))
        .number("allowed_max", "", "the greatest", Unit::Exact, |axis| Some(free(axis).max))
        .text("verdict", "verdict", "how well the targets pin it down", |axis| verdict(found.plausible.verdicts[*axis]))
        .table()
}

const fn verdict(verdict: Identifiability) -> &'static str {
    match verdict {
        Identifiability::Identified => "identified",
        Identifiability::Bounded => "bounded",
        Identifiability::BoundedBelow => "bounded below",
        Identifiability::BoundedAbove => "bounded above",
        Identifiability::NotIdentified => "not identified",
        Identifiability::TooFewSets => "too few sets",
    }
}

const fn unit(unit: FreeUnit) -> &'static str {
    match unit {
        FreeUnit::Seconds => "s",
        FreeUnit::Number | FreeUnit::Whole => "1",
        FreeUnit::Bytes => "bytes",
        FreeUnit::BytesPerSecond => "bytes/s",
    }
}

/// What the JSON document of a calibration says.
pub fn calibration(found: &Calibration, replications: u32) -> Table {
    let plausible = |found: &&Calibration| {
        Table::of("plausible", "The sets that the targets do not rule out", vec![found.plausible.clone()])
            .number("misfit_max", "", "the misfit up to which a set is plausible", Unit::Count, |row| Some(row.level))
            .count("sets", "", "how many were found", |row| row.found as u64)
            .table()
    };
    Table::of("calibration", "A fit of free parameters to targets", vec![found])
        .rows_of("cases", "none", |_| super::sizes_only(vec![]))
        .count("replications", "", "scale-ups of each size and set of values", |_| replications)
        .count("evaluations", "", "sets of values that were tried", |found| found.evaluations as u64)
        .number("misfit", "", "under the fit's own random numbers", Unit::Count, |found| Some(found.misfit))
        .flag("passes", "", "whether every point is met", |found| found.points.iter().all(Judged::passes))
        .rows_of("parameters", "the fitted values", |found| parameters(found))
        .record("plausible", "the sets that the targets do not rule out", |found| Some(plausible(found)))
        .rows_of("stand_in_for_one_another", "parameters whose values go together", |found| together(found))
        .rows_of("points", "the targets, with other random numbers", |found| points("Points", "fitted", &found.points))
        .table()
}

fn together(found: &Calibration) -> Table {
    let key = |axis: usize| found.free[axis].key.clone();
    Table::of("together", "Parameters whose values go together", found.plausible.correlations.clone())
        .json("keys", "the two parameters", |(a, b, _)| vec![key(*a), key(*b)].into())
        .number("rank_correlation", "", "over plausible sets", Unit::Later, |row| Some(row.2))
        .table()
}

/// What the JSON document of predictions says, for sizes that a fit had not seen.
pub fn predictions(held: &[HeldOut], replications: u32) -> Table {
    let sizes = |held: &[HeldOut]| {
        Table::of("held_out", "Sizes that the fit had not seen", held.to_vec())
            .count("nodes", "", "the size", |held| held.nodes)
            .number("misfit_of_the_others", "", "of the fit to the other sizes", Unit::Count, |held| Some(held.misfit))
            .rows_of("points", "its targets, as predicted", |held| held_out(std::slice::from_ref(held)))
            .table()
    };
    Table::of("predictions", "Predictions for sizes that a fit had not seen", vec![held])
        .rows_of("cases", "none", |_| super::sizes_only(vec![]))
        .count("replications", "", "scale-ups of each size and set of values", |_| replications)
        .rows_of("held_out", "each size, as predicted by a fit to the others", |held| sizes(held))
        .table()
}
