//! How many were Ready over time, over the replications.

use super::Of;
use crate::report::table::{Table, Unit};
use crate::stats::{Band, band};
use crate::time::Time;

/// A row for every stage and point in time; all stages of a case have the same points.
pub fn curve(case: Of<'_>) -> Table {
    let all = bands(case.result);
    let points = all.iter().map(Vec::len).max().unwrap_or(0);
    let mut rows = Vec::new();
    for (stage, bands) in case.result.stages.iter().zip(&all) {
        // A stage whose curve ended holds its last value.
        let held = bands.iter().chain(bands.last().into_iter().cycle()).take(points);
        rows.extend(held.enumerate().map(|(point, band)| (stage, case.result.curve_step * point as u64, *band)));
    }
    Table::of("curve", "How many were Ready over time, over the replications", rows)
        .case(|_| case.number)
        .text("stage", "", "the stage", |row| row.0.name.clone())
        .time("time_s", "", "the time", |row| Some(Time::ZERO + row.1))
        .count("desired", "", "how many must be Ready", |row| row.0.desired)
        .number("ready_mean", "", "how many were Ready, on average", Unit::Count, |row| Some(row.2.mean))
        .number("ready_p5", "", "the 5th percentile", Unit::Count, |row| Some(row.2.p05))
        .number("ready_p50", "", "the median", Unit::Count, |row| Some(row.2.median))
        .number("ready_p95", "", "the 95th percentile", Unit::Count, |row| Some(row.2.p95))
        .table()
}

/// By stage: how many were Ready, at each point of the longest replication's curve.
pub fn bands(case: &crate::experiment::results::CaseResult) -> Vec<Vec<Band>> {
    let of = |stage: usize| {
        let curves = case.replications.iter().filter_map(|replication| replication.curves.get(stage));
        band(&curves.map(Vec::as_slice).collect::<Vec<_>>())
    };
    (0..case.stages.len()).map(of).collect()
}
