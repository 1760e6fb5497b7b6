//! What a calibration found, for people.

use super::line;
use crate::experiment::{Calibration, HeldOut, Identifiability, Judged, NoFit, RULED_OUT};
use crate::report::{table, tables, words};

/// The text for a page of `width` columns; the first line is the answer.
pub fn text(scenario: &str, calibration: &Calibration, width: u16) -> String {
    let fitted = words::plural(calibration.free.len() as u64, "parameter");
    let mut text = String::new();
    if let Some(no_fit) = &calibration.no_fit {
        text.push_str(&none_fits(scenario, calibration, no_fit, width));
    }
    let met = tables::met(&calibration.points);
    line(&mut text, &format!("{scenario}: {fitted} fitted; with other random numbers {met}"));
    line(&mut text, "");
    text.push_str(&parameters(calibration, width));
    line(&mut text, "");
    text.push_str(&at_ends(calibration));
    text.push_str(&table::text::text(&tables::ended(calibration), &[], width));
    line(&mut text, "");
    let points = tables::by_size(&calibration.points);
    let title = "The fit, with other random numbers than it was made with";
    let fit = tables::fitted(title, &points, &calibration.before);
    text.push_str(&table::text::text(&fit, &tables::sizes(&points), width));
    line(&mut text, "");
    text.push_str(&correlations(calibration));
    let tried = words::count(calibration.evaluations as u64);
    line(&mut text, &format!("{tried} sets of values tried; misfit {:.3} by the last look.", calibration.misfit));
    text
}

/// What was predicted for sizes that the fit had not seen.
pub fn held_out(scenario: &str, held: &[HeldOut], width: u16) -> String {
    let points: Vec<Judged> = held.iter().flat_map(|held| held.points.clone()).collect();
    let (all, met) = (points.len(), points.iter().filter(|judged| judged.passes()).count());
    let mut text = String::new();
    line(&mut text, &format!("{scenario}: {met} of {all} points predicted that the fit had not seen"));
    line(&mut text, "");
    text.push_str(&table::text::text(&tables::held_out(held), &tables::sizes(&points), width));
    for held in held {
        let name = words::plural(u64::from(held.nodes), "node");
        line(&mut text, &format!("\nWithout {name}: misfit of the fit to the others {:.3}.", held.misfit));
    }
    text
}

fn parameters(calibration: &Calibration, width: u16) -> String {
    let plausible = &calibration.plausible;
    let sets = words::plural(plausible.found as u64, "set");
    let what = if calibration.no_fit.is_some() {
        "No set of values is plausible.".to_owned()
    } else if plausible.level == 0.0 {
        format!("Plausible: the range over {sets} of values that met every target.")
    } else {
        format!(
            "Plausible: the range over {sets} of values with a misfit up to {:.3}; none met every target.",
            plausible.level
        )
    };
    table::text::text(&tables::parameters(calibration).note(what), &[], width)
}

/// That no values fit, what is missed, and what to do.
fn none_fits(scenario: &str, calibration: &Calibration, no_fit: &NoFit, width: u16) -> String {
    let tried = words::plural(calibration.evaluations as u64, "set");
    let discrepancy = words::percent(calibration.discrepancy);
    let mut text = String::new();
    line(&mut text, &format!("{scenario}: no values fit all targets; each of {tried} tried is ruled out"));
    line(&mut text, "");
    text.push_str(&table::text::text(&tables::missed(no_fit), &[], width));
    line(
        &mut text,
        &format!(
            "\nRuled out: more than {RULED_OUT} standard deviations off, with the tolerance, a discrepancy of \
             {discrepancy} and chance. Either a mechanism is missing, or a range is too narrow, or a target is read \
             wrongly. The nearest values follow.\n"
        ),
    );
    text
}

/// A warning for each parameter that was fitted to an end of its range.
fn at_ends(calibration: &Calibration) -> String {
    let mut text = String::new();
    for (axis, most) in calibration.at_ends() {
        let key = &calibration.free[axis].key;
        let (end, beyond) = if most { ("greatest", "above") } else { ("least", "below") };
        line(
            &mut text,
            &format!(
                "Warning: {key} was fitted to the {end} value of its range; what fits best may lie {beyond} it, or the \
                 targets are met for another reason."
            ),
        );
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

fn correlations(calibration: &Calibration) -> String {
    let pairs = &calibration.plausible.correlations;
    if calibration.plausible.verdicts.contains(&Identifiability::TooFewSets) {
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
