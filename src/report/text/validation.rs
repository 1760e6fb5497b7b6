//! Simulated against documented, point by point.

use super::{line, scale_ups};
use crate::experiment::Judged;
use crate::report::{table, tables, words};
use crate::scenario::Target;

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
    text.push_str(&table("Overheads, simulated against documented", "simulated", &validation.points, width));
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
        .map(|judged| format!("{} at {}", overhead(&judged.point), tables::size(&judged.point)))
        .collect();
    match failed.len() {
        0 => format!("{name}: all {all} documented points are met"),
        some => format!("{name}: {some} of {all} documented points are not met: {}", failed.join("; ")),
    }
}

/// A table of points, by size; `heading` stands above what was simulated.
pub(super) fn table(title: &str, heading: &str, points: &[Judged], width: u16) -> String {
    let mut ordered = points.to_vec();
    ordered.sort_by_key(|judged| (judged.point.nodes.len(), judged.point.nodes[0]));
    table::text::text(&tables::points(title, heading, &ordered), &tables::sizes(&ordered), width)
}

/// `workload after baseline`.
fn overhead(point: &Target) -> String {
    words::measure(&point.measure)
}
