//! Fitting the free parameters of a scenario to targets.
//!
//! A set of values is judged by simulating every size of the targets, with the same random numbers for all sets of a
//! round. The misfit is the sum of the squared distances from what the targets demand, in tolerances (in minutes for
//! ranges and growth of times, in tenths for that of counts). What is made small, the objective, aims a little inside
//! of what they allow and has a small pull to their middles. The search begins at three places: all parameters at the
//! least ends of their ranges, in the middle (in logarithms), and at the greatest. Where each ended is looked at with
//! more replications and other random numbers, which also tell what those of the sets are off. Ends that are equally
//! good and not the same tell what the targets leave open.

use crate::experiment::fitted::{Calibration, HeldOut};
use crate::experiment::plausible;
use crate::experiment::rounds::Progress;
use crate::experiment::run::{Settings, ThreadsError};
use crate::experiment::search::{FREE_MAX, Search};
use crate::experiment::validate::{Judged, UnknownStage};
use crate::scenario::{Document, Problems, Targets};

/// How much work a calibration does.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Replications of each size for each set of values, the seed, and threads.
    pub settings: Settings,
    /// The work to do, about: so many sets of values with all replications.
    pub evaluations: usize,
    /// How far off the model itself may be: a standard deviation, as a share of what it predicts.
    pub discrepancy: f64,
}

impl Effort {
    fn for_the_fit(self) -> usize {
        (self.evaluations / 4).max(4) * 3
    }

    /// What is left over is for what is simulated anew at the end, which seldom takes as much.
    fn for_the_plausible(self) -> usize {
        (self.evaluations / 8).max(4)
    }
}

/// Why there is no calibration.
#[derive(Debug, thiserror::Error)]
pub enum CalibrationError {
    /// The scenario declares nothing free.
    #[error("the scenario has no table [free] that says which parameters may be fitted{}", of_others(.0))]
    NothingFree(Vec<String>),
    /// It declares a key free that its value does not have.
    #[error(
        "[free] names {0}, and the scenario's value has no such part; give it one, or take the entry out with --set 'free.\"{0}\"=none'"
    )]
    NoSuchValue(String),
    /// It declares too much.
    #[error("{0} free parameters are too many to fit; declare at most {max}", max = FREE_MAX)]
    TooManyFree(usize),
    /// The targets say nothing, or nothing about a size.
    #[error("no target speaks of {0}")]
    NoTarget(String),
    /// A set of values is refused.
    #[error("{0}")]
    Scenario(Problems),
    /// A target does not fit the scenario.
    #[error(transparent)]
    Stage(#[from] UnknownStage),
    /// Threads could not be started.
    #[error(transparent)]
    Threads(#[from] ThreadsError),
    /// Somebody stopped the search.
    #[error("stopped after {tried} sets of values")]
    Interrupted {
        /// Sets of values that were tried.
        tried: usize,
        /// The misfit of the best of them, and its keys and values in TOML.
        best: Option<(f64, Vec<(String, String)>)>,
    },
}

/// Fits the free parameters of `base`; `progress` hears of each simulated scale-up and may stop the search.
///
/// # Errors
/// Where there is nothing to fit, the targets do not fit the scenario, threads cannot be started, or the search is
/// stopped.
pub fn calibrate(
    base: &Document,
    targets: &Targets,
    effort: Effort,
    progress: Progress<'_>,
) -> Result<Calibration, CalibrationError> {
    let mut search = Search::new(base, targets, effort, progress)?;
    let (best, ended) = search.best(effort.for_the_fit(), search.present())?;
    search.settle(&best)?;
    let plausible = plausible::explore(&mut search, &best, effort.for_the_plausible())?;
    let points = search.fresh(&set_of(base, &best.values), targets)?;
    let before = if search.present().is_some() { search.fresh(&[], targets)? } else { Vec::new() };
    Ok(Calibration {
        free: base.free().to_vec(),
        start: base.free().iter().map(|free| base.value_of(free)).collect(),
        fitted: best.values,
        misfit: best.misfit,
        ended,
        points,
        before,
        plausible,
        discrepancy: effort.discrepancy,
        no_fit: search.no_fit(),
        evaluations: search.count(),
    })
}

/// Fits to every size but one, and predicts that one. The scenario's own values are not tried: they may have been
/// fitted to the size that is left out.
///
/// # Errors
/// As [`calibrate`], and where the targets say nothing about this size or about any other.
pub fn hold_out(
    base: &Document,
    targets: &Targets,
    nodes: u32,
    effort: Effort,
    progress: Progress<'_>,
) -> Result<HeldOut, CalibrationError> {
    let (others, held) = (targets.without(nodes), targets.only(nodes));
    if held.list.is_empty() {
        let known: Vec<String> = targets.sizes().iter().map(u32::to_string).collect();
        return Err(CalibrationError::NoTarget(format!("{nodes} nodes, only of {}", known.join(", "))));
    }
    let mut search = Search::new(base, &others, effort, progress)?;
    let (best, _) = search.best(effort.for_the_fit(), None)?;
    let points = search.fresh(&set_of(base, &best.values), &held)?;
    let straight_line = points.iter().map(|judged| straight_line(&others, judged, nodes)).collect();
    Ok(HeldOut { nodes, misfit: best.misfit, points, straight_line })
}

/// What is said of ranges in a file that is extended.
fn of_others(keys: &[String]) -> String {
    let Some(first) = keys.first() else { return String::new() };
    format!(
        "; a range holds for the case that states it, so those of what it extends ({first}{}) are not fitted here: copy \
         the ones that hold for this case into its file",
        if keys.len() > 1 { ", ..." } else { "" }
    )
}

/// Keys and values in TOML that give a scenario's free parameters these values.
pub fn set_of(base: &Document, values: &[f64]) -> Vec<(String, String)> {
    base.free().iter().zip(values).flat_map(|(free, &value)| base.tune(free, value)).collect()
}

/// The line of least squares through the middles that the other sizes' targets have for the same overhead.
fn straight_line(others: &Targets, judged: &Judged, nodes: u32) -> Option<f64> {
    judged.point.demand.middle()?;
    let points = others.points();
    let known: Vec<(f64, f64)> = points
        .iter()
        .filter(|point| point.measure == judged.point.measure)
        .filter_map(|point| Some((f64::from(*point.nodes.first()?), point.demand.middle()?)))
        .collect();
    let count = known.len() as f64;
    let (x, y) = known.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0 / count, y + point.1 / count));
    let slope = |of: fn(f64, f64) -> f64| known.iter().map(|point| of(point.0 - x, point.1 - y)).sum::<f64>();
    let spread = slope(|x, _| x * x);
    (known.len() >= 2 && spread > 0.0).then(|| y + slope(|x, y| x * y) / spread * (f64::from(nodes) - x))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::search::tests::{DECISION, EFFORT, WATCH, document, nodes_with_decision};
    use crate::scenario::Setting;

    #[test]
    fn ranges_of_others_are_told_by_the_first() {
        assert_eq!(of_others(&[]), "");
        assert!(of_others(&["a".to_owned()]).contains("(a) are not"));
        assert!(of_others(&["a".to_owned(), "b".to_owned()]).contains("(a, ...) are not"));
    }

    #[test]
    fn an_eighth_of_the_work_looks_for_plausible_sets() {
        let (document, targets) = (document(&[DECISION]), nodes_with_decision(50.0, 40.0));
        let effort = Effort { evaluations: 240, ..EFFORT };
        let found = calibrate(&document, &targets, effort, WATCH).unwrap_or_else(|error| panic!("{error}"));
        let mut search = Search::new(&document, &targets, effort, WATCH).expect("as before");
        search.best(180, search.present()).expect("as before");
        // A third pushes to the ends, which takes less; two thirds walk, a step each.
        let more = found.evaluations - search.count();
        assert!((20..=30).contains(&more), "{more}");
    }

    #[test]
    fn fitting_what_was_fitted_finds_the_same_again() {
        let (document, targets) = (document(&[DECISION]), nodes_with_decision(47.3, 40.0));
        let effort = Effort { evaluations: 400, ..EFFORT };
        let fit = |document: &Document| {
            calibrate(document, &targets, effort, WATCH).unwrap_or_else(|error| panic!("{error}"))
        };
        let first = fit(&document);
        let settings: Vec<Setting> =
            set_of(&document, &first.fitted).iter().map(|(key, value)| Setting::of("test", key, value)).collect();
        let fitted = document.with(&settings).unwrap_or_else(|problems| panic!("{problems}")).document;
        let again = fit(&fitted);
        assert_eq!((&again.start[0], &again.fitted), (&Some(first.fitted[0]), &first.fitted));
        assert_eq!(again.plausible.sets, first.plausible.sets);
    }

    #[test]
    fn a_size_that_no_target_names_cannot_be_predicted() {
        let (document, targets) = (document(&[DECISION]), nodes_with_decision(50.0, 5.0));
        let error = hold_out(&document, &targets, 30, EFFORT, WATCH).expect_err("it is refused");
        assert_eq!(error.to_string(), "no target speaks of 30 nodes, only of 4");
    }
}
