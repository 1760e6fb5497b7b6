//! Predicted against measured elsewhere, for several scenarios.

use super::line;
use super::validation::Validation;
use crate::report::tables::{self, Predicted};
use crate::report::{table, words};

/// The text for a page of `width` columns; the first line is the verdict. `of` names what was validated.
///
/// # Panics
/// Without any validation.
pub fn text(of: &str, validations: &[Validation], width: u16) -> String {
    let points = Predicted::all(validations);
    let mut text = String::new();
    line(&mut text, &verdict(of, &points));
    line(&mut text, "");
    text.push_str(&table::text::text(&tables::predicted(points.clone()), &[], width));
    line(&mut text, "\nSources:");
    for (rows, source) in sources(&points) {
        line(&mut text, &format!("- {rows}: {source}"));
    }
    let Validation { replications, seed, .. } = validations[0];
    let count = words::plural(u64::from(replications), "simulated scale-up");
    let scenarios = words::plural(validations.len() as u64, "scenario");
    line(&mut text, &format!("\n{scenarios}, {count} of each, seed {seed}."));
    text
}

/// `scenarios/measured: 24 of 26 predictions are near enough; not M9, M13`.
fn verdict(of: &str, points: &[Predicted<'_>]) -> String {
    let fine = points.iter().filter(|point| point.judged.passes()).count();
    let mut failed: Vec<&str> = points.iter().filter(|point| !point.judged.passes()).map(Predicted::name).collect();
    failed.dedup();
    let not = if failed.is_empty() { String::new() } else { format!("; not {}", failed.join(", ")) };
    format!(
        "{of}: {fine} of {} are near enough to what was measured{not}",
        words::plural(points.len() as u64, "prediction")
    )
}

/// Each source once, with its rows.
fn sources<'a>(points: &[Predicted<'a>]) -> Vec<(String, &'a str)> {
    let mut sources: Vec<(Vec<&str>, &str)> = Vec::new();
    for point in points {
        let source = point.judged.point.source.as_str();
        let known = sources.iter().position(|(_, known)| *known == source);
        let place = known.unwrap_or(sources.len());
        if known.is_none() {
            sources.push((Vec::new(), source));
        }
        if !sources[place].0.contains(&point.name()) {
            sources[place].0.push(point.name());
        }
    }
    sources.into_iter().map(|(rows, source)| (rows.join(", "), source)).collect()
}
