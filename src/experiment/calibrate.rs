//! Fitting the free parameters of a scenario to targets.
//!
//! A set of values is judged by simulating every size of the targets, always with the same random numbers: the misfit
//! is then a function without noise. It is the sum of the squared distances from what the targets demand, in tolerances
//! (in minutes for ranges and growth), and a small pull to the middles. The search samples the whole ranges evenly in
//! logarithms (Halton's sequence, shifted by the seed), goes downhill from the best two samples, and again from the
//! better end.

use crate::experiment::plausible::{self, Plausible};
use crate::experiment::rounds::Progress;
use crate::experiment::run::{Settings, ThreadsError, run_cases};
use crate::experiment::simplex::descend;
use crate::experiment::validate::{Judged, UnknownStage, judge, target_cases};
use crate::random::{Entity, Purpose, Stream, Streams};
use crate::scenario::{Document, Free, FreeUnit, Problems, Setting, Targets};

/// What a squared distance from a middle weighs against one from an interval.
const PULL: f64 = 0.02;
/// The misfit of a set with which something never becomes ready.
const HOPELESS: f64 = 1e6;
/// Scale-ups of each size when the fit is looked at with other random numbers.
const FRESH_REPLICATIONS: u32 = 100;
/// Sequences for at most this many parameters.
const BASES: [u32; 16] = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53];
/// The streams of a calibration's own draws.
const SEARCH: Entity = Entity { kind: 0xca11, id: 0 };
const SHIFT: Purpose = Purpose(1);
pub(super) const WALK: Purpose = Purpose(2);

/// How much work a calibration does.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Replications of each size for each set of values, the seed, and threads.
    pub settings: Settings,
    /// Sets of values to try, about.
    pub evaluations: usize,
}

/// Why there is no calibration.
#[derive(Debug, thiserror::Error)]
pub enum CalibrationError {
    /// The scenario declares nothing free.
    #[error("the scenario has no table [free] that says which parameters may be fitted")]
    NothingFree,
    /// It declares a key free that its value does not have.
    #[error(
        "[free] names {0}, and the scenario's value has no such part; give it one, or take the entry out with --set 'free.\"{0}\"=none'"
    )]
    NoSuchValue(String),
    /// It declares too much.
    #[error("{0} free parameters are too many to fit; declare at most {max}", max = BASES.len())]
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

/// What a calibration found.
#[derive(Clone, Debug)]
pub struct Calibration {
    /// The free parameters.
    pub free: Vec<Free>,
    /// Their values in the scenario, where it has one.
    pub start: Vec<Option<f64>>,
    /// The fitted values.
    pub fitted: Vec<f64>,
    /// The misfit of the fitted values, under the random numbers of the fit.
    pub misfit: f64,
    /// Every point of the targets, simulated with the fitted values and other random numbers.
    pub points: Vec<Judged>,
    /// The sets of values that the targets do not rule out.
    pub plausible: Plausible,
    /// Sets of values that were tried.
    pub evaluations: usize,
}

/// What was predicted for a size that the fit did not see.
#[derive(Clone, Debug)]
pub struct HeldOut {
    /// The size.
    pub nodes: u32,
    /// The misfit of the fit to the other sizes.
    pub misfit: f64,
    /// The points of this size, as predicted.
    pub points: Vec<Judged>,
    /// For each point what a straight line through the other sizes' documented middles says, in seconds.
    pub straight_line: Vec<Option<f64>>,
}

/// A set of values that was tried.
#[derive(Clone, Debug)]
pub(super) struct Tried {
    /// Its place in the unit cube of the ranges.
    pub(super) place: Vec<f64>,
    /// The values, rounded.
    pub(super) values: Vec<f64>,
    /// What the search makes small.
    objective: f64,
    /// The sum of squared distances from what the targets demand.
    pub(super) misfit: f64,
}

/// A scenario, its targets, and what has been tried.
pub(super) struct Search<'a> {
    base: &'a Document,
    targets: &'a Targets,
    effort: Effort,
    progress: Progress<'a>,
    pub(super) tried: Vec<Tried>,
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
    let third = (effort.evaluations / 3).max(4);
    let best = search.best(third)?;
    let plausible = plausible::explore(&mut search, &best, third)?;
    let points = search.fresh(&best.values, targets)?;
    Ok(Calibration {
        free: base.free().to_vec(),
        start: base.free().iter().map(|free| base.value_of(free)).collect(),
        fitted: best.values,
        misfit: best.misfit,
        points,
        plausible,
        evaluations: search.tried.len(),
    })
}

/// Fits to every size but one, and predicts that one.
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
        return Err(CalibrationError::NoTarget(format!("{nodes} nodes")));
    }
    let mut search = Search::new(base, &others, effort, progress)?;
    let best = search.best((effort.evaluations / 3).max(4))?;
    let points = search.fresh(&best.values, &held)?;
    let straight_line = points.iter().map(|judged| straight_line(&others, judged, nodes)).collect();
    Ok(HeldOut { nodes, misfit: best.misfit, points, straight_line })
}

impl<'a> Search<'a> {
    fn new(
        base: &'a Document,
        targets: &'a Targets,
        effort: Effort,
        progress: Progress<'a>,
    ) -> Result<Self, CalibrationError> {
        match base.free().len() {
            0 => return Err(CalibrationError::NothingFree),
            many if many > BASES.len() => return Err(CalibrationError::TooManyFree(many)),
            _ => {}
        }
        if targets.list.is_empty() {
            return Err(CalibrationError::NoTarget("another size".to_owned()));
        }
        let holds = |free: &Free| {
            let least = Setting::of("[free]", &free.key, &free.text(free.min));
            base.value_of(free).is_some() || base.with(&[least]).is_ok()
        };
        if let Some(free) = base.free().iter().find(|free| !holds(free)) {
            return Err(CalibrationError::NoSuchValue(free.key.clone()));
        }
        Ok(Self { base, targets, effort, progress, tried: Vec::new() })
    }

    pub(super) fn free(&self) -> &'a [Free] {
        self.base.free()
    }

    pub(super) fn stream(&self, purpose: Purpose) -> Stream {
        Streams::new(self.effort.settings.seed, 0).stream(SEARCH, purpose)
    }

    /// The best set of values, after `third` samples and as many steps downhill.
    fn best(&mut self, third: usize) -> Result<Tried, CalibrationError> {
        let mut places: Vec<Vec<f64>> = self.present().into_iter().collect();
        let mut shift = self.stream(SHIFT);
        let shift: Vec<f64> = self.free().iter().map(|_| shift.uniform()).collect();
        let sample = |number: usize| -> Vec<f64> {
            shift
                .iter()
                .zip(BASES)
                .map(|(shift, base)| (radical_inverse(number as u32, base) + shift).fract())
                .collect()
        };
        places.extend((1..third).map(sample));
        for place in &places {
            self.evaluate(place)?;
        }
        let mut order: Vec<usize> = (0..self.tried.len()).collect();
        order.sort_by(|&a, &b| self.tried[a].objective.total_cmp(&self.tried[b].objective));
        let starts: Vec<Vec<f64>> = order.iter().take(2).map(|&index| self.tried[index].place.clone()).collect();
        for start in &starts {
            descend(start, 0.15, third / 3, &mut |place| Ok::<_, CalibrationError>(self.evaluate(place)?.0))?;
        }
        let end = self.lowest().place;
        descend(&end, 0.05, third / 3, &mut |place| Ok::<_, CalibrationError>(self.evaluate(place)?.0))?;
        Ok(self.lowest())
    }

    fn lowest(&self) -> Tried {
        let lowest = self.tried.iter().min_by(|a, b| a.objective.total_cmp(&b.objective));
        lowest.expect("something was tried").clone()
    }

    /// The scenario's own values, if all are there; outside their ranges, the nearest inside.
    fn present(&self) -> Option<Vec<f64>> {
        self.free().iter().map(|free| self.base.value_of(free).map(|value| place_of(free, value))).collect()
    }

    /// What the search makes small, and the misfit, at a place in the unit cube.
    pub(super) fn evaluate(&mut self, place: &[f64]) -> Result<(f64, f64), CalibrationError> {
        let values: Vec<f64> = self.free().iter().zip(place).map(|(free, &x)| value_at(free, x)).collect();
        if let Some(known) = self.tried.iter().find(|tried| tried.values == values) {
            return Ok((known.objective, known.misfit));
        }
        if (self.progress.stopped)() {
            return Err(self.interrupted());
        }
        let judged = self.judge(&values, self.targets, self.effort.settings)?;
        let squares = |of: fn(&Judged) -> f64| {
            let sum: f64 = judged.iter().map(|one| of(one).min(HOPELESS)).map(|distance| distance * distance).sum();
            sum.min(HOPELESS)
        };
        let objective = squares(Judged::aim) + PULL * squares(Judged::off_middle);
        let misfit = squares(Judged::misfit);
        self.tried.push(Tried { place: place.to_vec(), values, objective, misfit });
        Ok((objective, misfit))
    }

    /// What is known when somebody stops the search.
    fn interrupted(&self) -> CalibrationError {
        let best = (!self.tried.is_empty()).then(|| self.lowest());
        CalibrationError::Interrupted {
            tried: self.tried.len(),
            best: best.map(|best| (best.misfit, set_of(self.base, &best.values))),
        }
    }

    /// The points of `targets` with these values and with random numbers that no fit has seen.
    fn fresh(&self, values: &[f64], targets: &Targets) -> Result<Vec<Judged>, CalibrationError> {
        let settings = self.effort.settings;
        let replications = settings.replications.max(FRESH_REPLICATIONS);
        self.judge(values, targets, Settings { seed: settings.seed.wrapping_add(1), replications, ..settings })
    }

    fn judge(&self, values: &[f64], targets: &Targets, how: Settings) -> Result<Vec<Judged>, CalibrationError> {
        let set = set_of(self.base, values);
        let more: Vec<Setting> = set.iter().map(|(key, value)| Setting::of("calibrate", key, value)).collect();
        let cases = target_cases(self.base, targets, &more).map_err(CalibrationError::Scenario)?;
        let results = run_cases(&cases, how, self.progress.done)?;
        Ok(judge(targets, &results)?)
    }
}

/// Keys and values in TOML that give a scenario's free parameters these values.
pub fn set_of(base: &Document, values: &[f64]) -> Vec<(String, String)> {
    base.free().iter().zip(values).flat_map(|(free, &value)| base.tune(free, value)).collect()
}

/// The value at a place between 0 and 1 of a range, evenly in logarithms; with four digits, so that what is written is
/// what was tried.
fn value_at(free: &Free, place: f64) -> f64 {
    let value = if free.min > 0.0 {
        free.min * libm::exp(place * libm::log(free.max / free.min))
    } else {
        free.min + place * (free.max - free.min)
    };
    let value = if free.unit == FreeUnit::Whole { value.round() } else { four_digits(value) };
    value.clamp(free.min, free.max)
}

/// The place of a value in its range.
pub(super) fn place_of(free: &Free, value: f64) -> f64 {
    let value = value.clamp(free.min, free.max);
    if free.min > 0.0 {
        libm::log(value / free.min) / libm::log(free.max / free.min)
    } else {
        (value - free.min) / (free.max - free.min)
    }
}

fn four_digits(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

/// The digits of a number in a base, mirrored at the point: Halton's sequence.
fn radical_inverse(mut number: u32, base: u32) -> f64 {
    let (mut inverse, mut digit) = (0.0, 1.0);
    while number > 0 {
        digit /= f64::from(base);
        inverse += digit * f64::from(number % base);
        number /= base;
    }
    inverse
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
