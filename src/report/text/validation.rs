//! Simulated against documented, point by point.
//!
//! Must not know: when a point is met (`experiment/validate.rs`).

use super::section::section;
use super::{line, scale_ups};
use crate::experiment::{Judged, Simulated};
use crate::report::words::{self, demand, duration};
use crate::scenario::Point;

/// What a validation found.
#[derive(Clone, Debug, PartialEq)]
pub struct Validation {
    /// The scenario's name.
    pub scenario: String,
    /// What the targets are about.
    pub description: String,
    /// The seed.
    pub seed: u64,
    /// Scale-ups of each size.
    pub replications: u32,
    /// Every point.
    pub points: Vec<Judged>,
}

/// The text for a page of `width` columns; the first line is the verdict.
pub fn text(validation: &Validation, width: u16) -> String {
    let mut text = String::new();
    line(&mut text, &verdict(validation));
    line(&mut text, "");
    text.push_str(&table("Overheads, simulated against documented:", "simulated", &validation.points, width));
    for judged in &validation.points {
        let never = judged.simulated.iter().map(|simulated| simulated.never).max().unwrap_or_default();
        if never > 0 {
            let (stages, times) = (overhead(&judged.point), scale_ups(never, validation.replications));
            line(&mut text, &format!("\n{stages}: a stage never became ready in {times}."));
        }
    }
    let count = words::plural(u64::from(validation.replications), "simulated scale-up");
    line(&mut text, &format!("\nDocumented: {}.", validation.description));
    line(&mut text, &format!("{}: {count} of each size, seed {}.", validation.scenario, validation.seed));
    text
}

fn verdict(validation: &Validation) -> String {
    let (all, name) = (validation.points.len(), &validation.scenario);
    let failed: Vec<String> = validation
        .points
        .iter()
        .filter(|judged| !judged.passes())
        .map(|judged| format!("{} at {}", overhead(&judged.point), sizes(&judged.point)))
        .collect();
    match failed.len() {
        0 => format!("{name}: all {all} documented points are met"),
        some => format!("{name}: {some} of {all} documented points are not met: {}", failed.join("; ")),
    }
}

/// A table of points, by size; `heading` stands above what was simulated.
pub(super) fn table(title: &str, heading: &str, points: &[Judged], width: u16) -> String {
    let mut ordered: Vec<&Judged> = points.iter().collect();
    ordered.sort_by_key(|judged| (judged.point.nodes.len(), judged.point.nodes[0]));
    let row = |judged: &&Judged| {
        let point = &judged.point;
        vec![sizes(point), overhead(point), demand(point.demand), simulated(judged), result(judged).to_owned()]
    };
    let heading = format!("{heading} mean ± 95 %");
    let close = ordered.iter().any(|judged| judged.is_close());
    let rows = ordered.iter().map(row).collect();
    let table = section(title, &["overhead", "documented", &heading, "result"], rows, width);
    let note = "\nMarked *: the interval reaches over an end of what is documented; more replications tell.\n";
    if close { table + note } else { table }
}

/// `workload after baseline`.
pub(super) fn overhead(point: &Point) -> String {
    format!("{} after {}", point.to, point.from)
}

/// `100 nodes`, `100, 200, 300 nodes`.
pub(super) fn sizes(point: &Point) -> String {
    let sizes: Vec<String> = point.nodes.iter().map(|&size| words::count(u64::from(size))).collect();
    format!("{} {}", sizes.join(", "), if point.nodes == [1] { "node" } else { "nodes" })
}

pub(super) fn simulated(judged: &Judged) -> String {
    let with_interval = |simulated: &Simulated| match (simulated.mean, simulated.interval) {
        (Some(mean), Some(interval)) => format!("{} ± {}", duration(mean), duration(interval.half_width())),
        (Some(mean), None) => duration(mean),
        (None, _) => "never".to_owned(),
    };
    let only_mean = |simulated: &Simulated| simulated.mean.map_or("never".to_owned(), duration);
    match &judged.simulated[..] {
        [one] => with_interval(one),
        several => several.iter().map(only_mean).collect::<Vec<_>>().join(", "),
    }
}

/// Whether a point is met.
pub(super) fn result(judged: &Judged) -> &'static str {
    match (judged.passes(), judged.is_close()) {
        (true, false) => "pass",
        (true, true) => "pass*",
        (false, false) => "FAIL",
        (false, true) => "FAIL*",
    }
}
