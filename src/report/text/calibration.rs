//! What a calibration found, for people.
//!
//! Must not know: how the fit was found.

use super::line;
use super::section::{UNKNOWN, section};
use super::validation::{overhead, result, simulated, table};
use crate::experiment::{Calibration, HeldOut, Judged, Verdict};
use crate::report::words::{self, demand, duration};
use crate::scenario::Free;

/// The text for a page of `width` columns; the first line is the answer.
pub fn text(scenario: &str, calibration: &Calibration, width: u16) -> String {
    let (all, failed) = count(&calibration.points);
    let fitted = words::plural(calibration.free.len() as u64, "parameter");
    let mut text = String::new();
    let met =
        if failed == 0 { format!("all {all} points are met") } else { format!("{failed} of {all} points are not met") };
    line(&mut text, &format!("{scenario}: {fitted} fitted; with other random numbers {met}"));
    line(&mut text, "");
    text.push_str(&parameters(calibration, width));
    line(&mut text, "");
    text.push_str(&table(
        "The fit, with other random numbers than it was made with:",
        "fitted",
        &calibration.points,
        width,
    ));
    line(&mut text, "");
    text.push_str(&correlations(calibration));
    let tried = words::count(calibration.evaluations as u64);
    line(
        &mut text,
        &format!("{tried} sets of values tried; misfit {:.3} under the fit's own random numbers.", calibration.misfit),
    );
    text
}

/// What was predicted for sizes that the fit had not seen.
pub fn held_out(scenario: &str, held: &[HeldOut], width: u16) -> String {
    let points: Vec<Judged> = held.iter().flat_map(|held| held.points.clone()).collect();
    let (all, failed) = count(&points);
    let mut text = String::new();
    line(&mut text, &format!("{scenario}: {} of {all} points predicted that the fit had not seen", all - failed));
    line(&mut text, "");
    let mut rows = Vec::new();
    for held in held {
        for (judged, straight) in held.points.iter().zip(&held.straight_line) {
            let name = words::plural(u64::from(held.nodes), "node");
            let point = &judged.point;
            let line = straight.map_or(UNKNOWN.to_owned(), duration);
            let row = [overhead(point), demand(point.demand), simulated(judged), result(judged).to_owned(), line];
            rows.push(std::iter::once(name).chain(row).collect());
        }
    }
    let header = ["overhead", "documented", "predicted mean ± 95 %", "result", "straight line"];
    text.push_str(&section("Each size as predicted by a fit to the others:", &header, rows, width));
    for held in held {
        let name = words::plural(u64::from(held.nodes), "node");
        line(&mut text, &format!("\nWithout {name}: misfit of the fit to the others {:.3}.", held.misfit));
    }
    text
}

fn count(points: &[Judged]) -> (usize, usize) {
    (points.len(), points.iter().filter(|judged| !judged.passes()).count())
}

fn parameters(calibration: &Calibration, width: u16) -> String {
    let plausible = &calibration.plausible;
    let show = |free: &Free, value: f64| free.text(value).trim_matches('"').to_owned();
    let rows = (0..calibration.free.len()).map(|axis| {
        let free = &calibration.free[axis];
        let (low, high) = plausible.ranges[axis];
        vec![
            String::new(),
            free.key.clone(),
            calibration.start[axis].map_or(UNKNOWN.to_owned(), |value| show(free, value)),
            show(free, calibration.fitted[axis]),
            format!("{} to {}", show(free, low), show(free, high)),
            format!("{} to {}", show(free, free.min), show(free, free.max)),
            verdict(plausible.verdicts[axis]).to_owned(),
        ]
    });
    let header = ["parameter", "before", "fitted", "plausible", "allowed", "verdict"];
    let rows = rows.collect();
    let sets = words::plural(plausible.found as u64, "set");
    let what = if plausible.level == 0.0 {
        format!("Plausible: the range over {sets} of values that met every target.")
    } else {
        format!(
            "Plausible: the range over {sets} of values with a misfit up to {:.3}; none met every target.",
            plausible.level
        )
    };
    format!("{}\n{what}\n", section("Fitted values:", &header, rows, width))
}

/// The word for how well a parameter is pinned down.
pub(crate) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Identified => "identified",
        Verdict::Bounded => "bounded",
        Verdict::BoundedBelow => "bounded below",
        Verdict::BoundedAbove => "bounded above",
        Verdict::NotIdentified => "not identified",
        Verdict::TooFewSets => "too few sets",
    }
}

fn correlations(calibration: &Calibration) -> String {
    let pairs = &calibration.plausible.correlations;
    if calibration.plausible.verdicts.contains(&Verdict::TooFewSets) {
        return "Too few plausible sets to tell what the targets pin down; try more --evaluations.\n\n".to_owned();
    }
    if pairs.is_empty() {
        return "No two parameters stand in for one another.\n\n".to_owned();
    }
    let mut text = "Parameters that stand in for one another, by rank correlation over plausible sets:\n".to_owned();
    for (left, right, r) in pairs.iter().take(5) {
        line(&mut text, &format!("- {} and {}: {r:+.2}", calibration.free[*left].key, calibration.free[*right].key));
    }
    text.push('\n');
    text
}
