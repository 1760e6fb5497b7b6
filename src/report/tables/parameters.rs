//! The parameters that were fitted.

use super::points::size;
use super::{fitted, held_out};
use crate::experiment::{Calibration, Ended, HeldOut, Identifiability, Judged, Missed, NoFit};
use crate::report::table::{Table, Unit};
use crate::report::words::{self, demand};
use crate::scenario::FreeUnit;
use serde_json::Value;

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
        .maybe_text("at_end", "", "the end of the allowed range at which it was fitted: least or greatest", |axis| {
            found
                .at_ends()
                .iter()
                .find(|(at, _)| at == axis)
                .map(|(_, most)| if *most { "greatest" } else { "least" }.to_owned())
        })
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

/// Where each search ended, by where it began.
pub fn ended(found: &Calibration) -> Table {
    let values = |ended: &&Ended| -> Value {
        let named = found.free.iter().zip(&ended.values).map(|(free, value)| (free.key.clone(), Value::from(*value)));
        Value::Object(named.collect())
    };
    Table::of("ended", "Where the search ended, by where in the ranges it began", found.ended.iter().collect())
        .text("start", "began at", "where all parameters began: least, middle or greatest", |ended| ended.start.word())
        .text("", "objective", "", |ended| format!("{:.3}", ended.objective))
        .number("objective", "", "what the search makes small", Unit::Exact, |ended| Some(ended.objective))
        .text("", "misfit", "", |ended| format!("{:.3}", ended.misfit))
        .number("misfit", "", "the misfit of the targets", Unit::Exact, |ended| Some(ended.misfit))
        .json("values", "the values of the parameters, by key", values)
        .table()
        .note(of_ends(found))
}

/// Whether the ends agree, and on what they do not.
fn of_ends(found: &Calibration) -> String {
    let good: Vec<&Ended> = found.as_good().collect();
    let (best, all) = (good.len(), found.ended.len());
    if best == 1 {
        return "One end is better than the others by more than 5 % and 0.05: more --evaluations may find a better one."
            .to_owned();
    }
    let values = |axis: usize| {
        let values = good.iter().map(|ended| found.free[axis].text(ended.values[axis]).trim_matches('"').to_owned());
        format!("{} ({})", found.free[axis].key, values.collect::<Vec<_>>().join(", "))
    };
    let open: Vec<String> = found.left_open().into_iter().map(values).collect();
    let as_good = format!("{best} of {all} ends are within 5 % (or 0.05) of the best one");
    if good.windows(2).all(|pair| pair[0].values == pair[1].values) {
        return format!("{as_good}: these searches met.");
    }
    if open.is_empty() {
        return format!("{as_good}, at nearly the same values.");
    }
    format!("{as_good}. They differ in what the targets do not identify: {}.", open.join("; "))
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
        .number("misfit", "", "by the last look at the fitted values", Unit::Count, |found| Some(found.misfit))
        .number("discrepancy", "", "how far off the model may be, as a share", Unit::Exact, |found| {
            Some(found.discrepancy)
        })
        .record("no_fit", "that no values fit all targets; null if some do", |found| {
            Some(no_fit(found.no_fit.as_ref()?))
        })
        .flag("passes", "", "whether every point is met", |found| found.points.iter().all(Judged::passes))
        .rows_of("parameters", "the fitted values", |found| parameters(found))
        .rows_of("ended", "where the search ended, by where it began", |found| ended(found))
        .record("plausible", "the sets that the targets do not rule out", |found| Some(plausible(found)))
        .rows_of("stand_in_for_one_another", "parameters whose values go together", |found| together(found))
        .rows_of("points", "the targets, with other random numbers", |found| {
            fitted("Points", &found.points, &found.before)
        })
        .table()
}

fn no_fit(found: &NoFit) -> Table {
    Table::of("no_fit", "No values fit all targets", vec![found])
        .flag("alone", "", "whether every set misses each of these targets; else the nearest set does", |found| {
            found.alone
        })
        .rows_of("missed", "the targets that are missed", |found| missed(found))
        .table()
}

/// The targets that no values fit.
pub fn missed(found: &NoFit) -> Table {
    let title = if found.alone {
        "Targets that no set of values meets, and by how much each is missed at least"
    } else {
        "Each target is met by some set of values, but no set fits all; what the nearest one misses"
    };
    let of = |row: &Missed, count: bool| {
        Some(row.off).filter(|off| row.point.measure.is_count() == count && off.is_finite())
    };
    let finite = |row: &Missed| Some(row.implausibility).filter(|implausibility| implausibility.is_finite());
    Table::of("missed", title, found.missed.clone())
        .text("target", "", "the target's name", |row| row.point.name.clone())
        .json("nodes", "the sizes", |row| row.point.nodes.clone().into())
        .text("", "case", "", |row| size(&row.point))
        .text("measure", "overhead", "what is measured", |row| words::measure(&row.point.measure))
        .text("", "documented", "", |row| demand(&row.point.measure, row.point.demand))
        .number(
            "off_s",
            "off by",
            "by how much it is missed; null for counts, and if never reached",
            Unit::Seconds,
            move |row| of(row, false),
        )
        .number("off_count", "", "the same for counts", Unit::Count, move |row| of(row, true))
        .text("", "standard deviations", "", |row| {
            finite(row).map_or("never ready".to_owned(), |deviations| format!("{deviations:.1}"))
        })
        .number("implausibility", "", "the same in standard deviations; null if never reached", Unit::Exact, finite)
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
