//! Simulated against documented, point by point.

use super::{line, scale_ups};
use crate::experiment::Judged;
use crate::report::{table, tables, words};
use crate::scenario::{Demand, Target};
use std::collections::BTreeSet;

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
    text.push_str(&alone(&validation.points));
    let count = words::plural(u64::from(validation.replications), "simulated scale-up");
    line(&mut text, &format!("\nDocumented: {}.", validation.description));
    line(&mut text, &format!("{}: {count} of each size, seed {}.", validation.scenario, validation.seed));
    text
}

/// How likely one scale-up of each size is to show, rounded, all that is said "about" an overhead.
fn alone(points: &[Judged]) -> String {
    let mut text = String::new();
    let about = |judged: &&Judged| matches!(judged.point.demand, Demand::About { .. });
    let measures: BTreeSet<String> = points.iter().filter(about).map(|judged| overhead(&judged.point)).collect();
    for measure in measures {
        let same: Vec<&Judged> =
            points.iter().filter(about).filter(|other| overhead(&other.point) == measure).collect();
        let shares: Vec<f64> = same.iter().filter_map(|judged| judged.simulated.first()?.alone).collect();
        if same.len() > 1 && shares.len() == same.len() {
            let near: Vec<String> = same.iter().filter_map(|judged| rounded(judged)).collect();
            let each: Vec<String> = shares.iter().map(|share| words::percent(*share)).collect();
            let (near, each, all) = (near.join(", "), each.join(", "), words::percent(shares.iter().product()));
            line(
                &mut text,
                &format!("\nSingle scale-ups, {measure}: {near} in {each} of them; all in one of each: {all}."),
            );
        }
    }
    text
}

/// `7m 00s ± 30.0s`: what is rounded to what is said.
fn rounded(judged: &Judged) -> Option<String> {
    let Demand::About { seconds, tolerance } = judged.point.demand else { return None };
    Some(format!("{} ± {}", words::duration(seconds), words::duration(tolerance / 2.0)))
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
    let ordered = tables::by_size(points);
    table::text::text(&tables::points(title, heading, &ordered), &tables::sizes(&ordered), width)
}

/// `workload after baseline`.
fn overhead(point: &Target) -> String {
    words::measure(&point.measure)
}
