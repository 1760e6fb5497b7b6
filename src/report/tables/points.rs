//! Points of targets: what is documented, and what was simulated.

use std::collections::BTreeSet;

use crate::experiment::{HeldOut, Judged, Simulated};
use crate::report::table::{self, Builder, Cell, CellKind, Table, Unit};
use crate::report::text::validation::Validation;
use crate::report::words::{self, demand};
use crate::scenario::{Demand, Target};
use serde_json::Value;

/// A row for every point; `heading` stands above what was simulated.
pub fn points(title: &str, heading: &str, points: &[Judged]) -> Table {
    columns(title, heading, points.iter().collect(), |row| row).table().note(note_of_close(points))
}

fn note_of_close(points: &[Judged]) -> &'static str {
    let close = points.iter().any(Judged::is_close);
    if close { "Marked *: the interval reaches over an end of what is documented; more replications tell." } else { "" }
}

/// A row for every point of a fit, with what the values before it came to.
pub fn fitted(title: &str, points: &[Judged], before: &[Judged]) -> Table {
    let before = |judged: &Judged| before.iter().find(|before| before.point == judged.point);
    let rows: Vec<_> = points.iter().map(|judged| (judged, before(judged))).collect();
    columns(title, "fitted", rows, |row| row.0)
        .maybe_text("", "before", "", |row| Some(simulated_in_words(row.1?)))
        .rows_of("before", "what was simulated with the values before", |row| {
            row.1.map_or_else(|| simulated_rows(vec![]), simulated)
        })
        .table()
        .note(note_of_close(points))
}

/// Points by size, those of several sizes last.
pub fn by_size(points: &[Judged]) -> Vec<Judged> {
    let mut ordered = points.to_vec();
    ordered.sort_by_key(|judged| (judged.point.nodes.len(), judged.point.nodes[0]));
    ordered
}

/// `all 16 points are met`, or how many are not.
pub fn met(points: &[Judged]) -> String {
    let (all, failed) = (points.len(), points.iter().filter(|judged| !judged.passes()).count());
    if failed == 0 { format!("all {all} points are met") } else { format!("{failed} of {all} points are not met") }
}

/// A row for every point of sizes that a fit had not seen.
pub fn held_out(held: &[HeldOut]) -> Table {
    let rows: Vec<_> = held.iter().flat_map(|held| held.points.iter().zip(&held.straight_line)).collect();
    columns("Each size as predicted by a fit to the others", "predicted", rows, |row| row.0)
        .number("straight_line_s", "straight line", "what the other sizes' documents say", Unit::Seconds, |row| *row.1)
        .table()
}

/// The sizes of points in words, each once: `100 nodes`, `100, 200, 300 nodes`.
pub fn sizes<'a>(points: impl IntoIterator<Item = &'a Judged>) -> Vec<String> {
    let mut all: Vec<String> = points.into_iter().map(|judged| size(&judged.point)).collect();
    all.dedup();
    all
}

/// The size of a point in words.
pub fn size(point: &Target) -> String {
    let sizes: Vec<String> = point.nodes.iter().map(|&size| words::count(u64::from(size))).collect();
    format!("{} {}", sizes.join(", "), if point.nodes == [1] { "node" } else { "nodes" })
}

fn columns<R>(title: &str, heading: &str, rows: Vec<R>, of: impl Fn(&R) -> &Judged) -> Builder<R> {
    let sizes = sizes(rows.iter().map(&of));
    Table::of("points", title, rows)
        .case(|row| sizes.iter().position(|known| *known == size(&of(row).point)).unwrap_or_default())
        .text("target", "", "the target's name", |row| of(row).point.name.clone())
        .text("from", "", "the stage or milestone from which it counts; empty for the beginning", |row| {
            of(row).point.measure.from().unwrap_or_default().to_owned()
        })
        .text("to", "", "the stage or milestone until which it counts", |row| of(row).point.measure.to().to_owned())
        .text("measure", "overhead", "what is measured", |row| words::measure(&of(row).point.measure))
        .text("", "documented", "", |row| demand(&of(row).point.measure, of(row).point.demand))
        .record("documented", "what is demanded", |row| Some(demanded(&of(row).point)))
        .text("", &format!("{heading} mean ± 95 %"), "", |row| simulated_in_words(of(row)))
        .rows_of("simulated", "what was simulated at each of its sizes", |row| simulated(of(row)))
        .text("", "result", "", |row| result(of(row)))
        .flag("passes", "", "whether what was simulated meets it", |row| of(row).passes())
}

fn demanded(point: &Target) -> Table {
    let measured = |count: bool| {
        move |of: &&Target| of.demand.middle().filter(|_| is_measured(of.demand) && of.measure.is_count() == count)
    };
    let factor = |of: &&Target| if let Demand::Measured { factor, .. } = of.demand { Some(factor) } else { None };
    ends(Table::of("documented", "What is demanded", vec![point]), |of| of.demand)
        .number("measured_s", "", "the time that was measured", Unit::Seconds, measured(false))
        .optional()
        .number("measured_count", "", "how many were counted", Unit::Count, measured(true))
        .optional()
        .number("factor", "", "how many times that, or what part of it, is near enough", Unit::Exact, factor)
        .optional()
        .cells("grows", "", "each larger size must take longer, or have more", CellKind::Flag, |of| {
            if of.demand == Demand::Grows { Cell::Flag(true) } else { Cell::Absent }
        })
        .optional()
        .table()
}

const fn is_measured(demand: Demand) -> bool {
    matches!(demand, Demand::Measured { .. })
}

/// What is demanded, in numbers.
pub(super) fn ends<R>(rows: Builder<R>, of: impl Fn(&R) -> Demand) -> Builder<R> {
    let about =
        |row: &R| if let Demand::About { seconds, tolerance } = of(row) { Some((seconds, tolerance)) } else { None };
    // An end that is not demanded is null, and both are left out where something else is demanded.
    let end = |end: Option<f64>| end.map_or(Cell::Json(Value::Null.into()), |end| Cell::Number(end, Unit::Seconds));
    let low = |row: &R| if let Demand::Range { at_least, .. } = of(row) { end(at_least) } else { Cell::Absent };
    let high = |row: &R| if let Demand::Range { at_most, .. } = of(row) { end(at_most) } else { Cell::Absent };
    rows.number("about_s", "", "about how long", Unit::Seconds, |row| Some(about(row)?.0))
        .optional()
        .number("tolerance_s", "", "how much more or less", Unit::Seconds, |row| Some(about(row)?.1))
        .optional()
        .cells("at_least_s", "", "at least how long", CellKind::Number(Unit::Seconds), low)
        .optional()
        .cells("at_most_s", "", "at most how long", CellKind::Number(Unit::Seconds), high)
        .optional()
}

fn simulated(judged: &Judged) -> Table {
    let count = judged.point.measure.is_count();
    simulated_rows(judged.point.nodes.iter().zip(&judged.simulated).map(|(nodes, one)| (nodes, one, count)).collect())
}

/// A row for each size: its nodes, what was simulated, and whether that is a count.
fn simulated_rows(rows: Vec<(&u32, &Simulated, bool)>) -> Table {
    type OfSize<'a> = (&'a u32, &'a Simulated, bool);
    let seconds = |row: &OfSize<'_>, value: Option<f64>| value.filter(|_| !row.2);
    Table::of("simulated", "What was simulated", rows)
        .count("nodes", "", "the size", |row| *row.0)
        .number("mean_s", "", "the mean; null for counts", Unit::Seconds, |row| seconds(row, row.1.mean))
        .number("ci95_low_s", "", "the lower end of its interval", Unit::Seconds, |row| {
            seconds(row, Some(row.1.interval?.low))
        })
        .number("ci95_high_s", "", "the upper end of its interval", Unit::Seconds, |row| {
            seconds(row, Some(row.1.interval?.high))
        })
        .number("mean_count", "", "the mean of counts", Unit::Count, |row| row.1.mean.filter(|_| row.2))
        .optional()
        .number("alone", "", "the share of single scale-ups that show what is demanded", Unit::Share, |row| row.1.alone)
        .count("never", "", "scale-ups in which it never came to that", |row| row.1.never)
        .table()
}

/// The mean with its interval, or the means of all sizes.
pub(super) fn simulated_in_words(judged: &Judged) -> String {
    let shown = |number: f64| words::value(&judged.point.measure, number);
    let mean = |mean: Option<f64>| mean.map_or("never".to_owned(), shown);
    let unit = if judged.point.measure.is_count() { Unit::Count } else { Unit::Seconds };
    match &judged.simulated[..] {
        [one] => match (one.mean, one.interval) {
            (Some(value), Some(interval)) => table::shown(&Cell::Estimate(value, Some(interval), unit)),
            (value, _) => mean(value),
        },
        several => several.iter().map(|simulated| mean(simulated.mean)).collect::<Vec<_>>().join(", "),
    }
}

pub(super) fn result(judged: &Judged) -> &'static str {
    match (judged.passes(), judged.is_close()) {
        (true, false) => "pass",
        (true, true) => "pass*",
        (false, false) => "FAIL",
        (false, true) => "FAIL*",
    }
}

/// What the JSON document of a validation says.
pub fn validation(of: &Validation) -> Table {
    let sizes: BTreeSet<u32> = of.points.iter().flat_map(|judged| judged.point.nodes.iter().copied()).collect();
    Table::of("validation", "Simulated against documented", vec![of])
        .count("replications", "", "scale-ups of each size", |of| of.replications)
        .rows_of("cases", "the sizes that were simulated", |_| super::sizes_only(sizes.iter().copied().collect()))
        .flag("passes", "", "whether every point is met", |of| of.points.iter().all(Judged::passes))
        .rows_of("points", "every point", |of| points("Points", "simulated", &of.points))
        .table()
}
