//! Fitting the free parameters of a scenario to targets.
//!
//! A set of values is judged by simulating every size of the targets, always with the same random numbers: the misfit
//! is then a function without noise. It is the sum of the squared distances from what the targets demand, in tolerances
//! (in minutes for ranges and growth), and a small pull to the middles. The search begins at three places: all
//! parameters at the least ends of their ranges, in the middle (in logarithms), and at the greatest. Each begins with
//! fewer replications, which tell valleys apart. Ends that are equally good and not the same tell what the targets
//! leave open.

use crate::experiment::evolution::{Reach, descend};
use crate::experiment::fitted::{Calibration, Ended, HeldOut, Start};
use crate::experiment::implausible::{Miss, NoFit, RULED_OUT, no_fit, worst};
use crate::experiment::places::{place_of, value_at};
use crate::experiment::plausible;
use crate::experiment::rounds::Progress;
use crate::experiment::run::{Settings, ThreadsError, run_cases};
use crate::experiment::validate::{Judged, UnknownStage, judge, target_cases};
use crate::random::{Entity, Purpose, Stream, Streams};
use crate::scenario::{Document, Free, Problems, Setting, Targets};

/// What a squared distance from a middle weighs against one from an interval.
const PULL: f64 = 0.2;
/// The misfit of a set with which something never becomes ready.
const HOPELESS: f64 = 1e6;
/// A search begins with so many times fewer replications, at least so many, and spends that part of its work on it: to
/// tell valleys apart takes less than to find the bottom of one.
const ROUGH: u32 = 4;
const ROUGH_LEAST: u32 = 2;
const ROUGH_SHARE: usize = 3;
/// Scale-ups of each size when the fit is looked at with other random numbers.
const FRESH_REPLICATIONS: u32 = 100;
/// More parameters are too many for a search of some hundred steps.
const FREE_MAX: usize = 16;
/// The streams of a calibration's own draws.
const SEARCH: Entity = Entity { kind: 0xca11, id: 0 };
pub(super) const WALK: Purpose = Purpose(2);
pub(super) const MAKE_UP: Purpose = Purpose(3);
const STARTS: [(Start, Purpose, f64); 3] =
    [(Start::Least, Purpose(4), 0.0), (Start::Middle, Purpose(5), 0.5), (Start::Greatest, Purpose(6), 1.0)];

/// How much work a calibration does.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Replications of each size for each set of values, the seed, and threads.
    pub settings: Settings,
    /// Sets of values to try, about.
    pub evaluations: usize,
    /// How far off the model itself may be: a standard deviation, as a share of what it predicts.
    pub discrepancy: f64,
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

/// A set of values that was tried.
#[derive(Clone, Debug)]
pub(super) struct Tried {
    /// Its place in the unit cube of the ranges.
    pub(super) place: Vec<f64>,
    /// The values, rounded.
    pub(super) values: Vec<f64>,
    /// What the search makes small.
    pub(super) objective: f64,
    /// The sum of squared distances from what the targets demand.
    pub(super) misfit: f64,
    /// What it misses of each point.
    misses: Vec<Miss>,
}

impl Tried {
    /// Whether it meets every target.
    pub(super) fn meets_all(&self) -> bool {
        self.misfit == 0.0
    }

    /// Whether a target rules it out.
    pub(super) fn is_ruled_out(&self) -> bool {
        worst(&self.misses) > RULED_OUT
    }
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
    if let Some(present) = search.present() {
        search.evaluate(&present)?;
    }
    let quarter = (effort.evaluations / 4).max(4);
    let (best, ended) = search.best(3 * quarter)?;
    let plausible = plausible::explore(&mut search, &best, quarter)?;
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
        evaluations: search.tried.len(),
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
        return Err(CalibrationError::NoTarget(format!("{nodes} nodes")));
    }
    let mut search = Search::new(base, &others, effort, progress)?;
    let (best, _) = search.best((effort.evaluations / 4 * 3).max(12))?;
    let points = search.fresh(&set_of(base, &best.values), &held)?;
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
            0 => return Err(CalibrationError::NothingFree(base.inherited_free().map(str::to_owned).collect())),
            many if many > FREE_MAX => return Err(CalibrationError::TooManyFree(many)),
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

    /// The best set of values after this many evaluations, shared by the starts, and where each ended.
    fn best(&mut self, evaluations: usize) -> Result<(Tried, Vec<Ended>), CalibrationError> {
        let mut ended = Vec::new();
        for (start, purpose, place) in STARTS {
            let (begin, mut draws) = (vec![place; self.free().len()], self.stream(purpose));
            let each = evaluations / STARTS.len();
            let (begin, rest) = self.roughly(begin, each, &mut draws)?;
            let reach = if rest < each { Reach::MIDDLE } else { Reach::WIDE };
            let mut objective = |place: &[f64]| Ok::<_, CalibrationError>(self.evaluate(place)?.objective);
            let (place, objective) = descend(&begin, reach, rest, &mut draws, &mut objective)?;
            let misfit = self.evaluate(&place)?.misfit;
            ended.push(Ended { start, objective, misfit, values: self.values_at(&place) });
        }
        Ok((self.lowest(), ended))
    }

    /// Where a search with few replications leads, and the evaluations that are left then of so many.
    fn roughly(
        &self,
        begin: Vec<f64>,
        evaluations: usize,
        draws: &mut Stream,
    ) -> Result<(Vec<f64>, usize), CalibrationError> {
        let whole = self.effort.settings.replications;
        let few = (whole / ROUGH).max(ROUGH_LEAST);
        let spent = evaluations / ROUGH_SHARE;
        let many = spent * whole as usize / few as usize;
        if many <= spent {
            return Ok((begin, evaluations));
        }
        let settings = Settings { replications: few, ..self.effort.settings };
        let mut objective = |place: &[f64]| Ok::<_, CalibrationError>(self.weigh(place, settings)?.objective);
        Ok((descend(&begin, Reach::WIDE, many, draws, &mut objective)?.0, evaluations - spent))
    }

    fn values_at(&self, place: &[f64]) -> Vec<f64> {
        self.free().iter().zip(place).map(|(free, &x)| value_at(free, x)).collect()
    }

    fn lowest(&self) -> Tried {
        let lowest = self.tried.iter().min_by(|a, b| a.objective.total_cmp(&b.objective));
        lowest.expect("something was tried").clone()
    }

    /// The scenario's own values, if all are there; outside their ranges, the nearest inside.
    fn present(&self) -> Option<Vec<f64>> {
        self.free().iter().map(|free| self.base.value_of(free).map(|value| place_of(free, value))).collect()
    }

    /// What is known of a place in the unit cube.
    pub(super) fn evaluate(&mut self, place: &[f64]) -> Result<&Tried, CalibrationError> {
        let values = self.values_at(place);
        if let Some(known) = self.tried.iter().position(|tried| tried.values == values) {
            return Ok(&self.tried[known]);
        }
        let tried = self.weigh(place, self.effort.settings)?;
        self.tried.push(tried);
        Ok(&self.tried[self.tried.len() - 1])
    }

    /// Simulates the targets' sizes with the values of a place.
    fn weigh(&self, place: &[f64], settings: Settings) -> Result<Tried, CalibrationError> {
        if (self.progress.stopped)() {
            return Err(self.interrupted());
        }
        let values = self.values_at(place);
        let judged = self.judge(&set_of(self.base, &values), self.targets, settings)?;
        let squares = |of: fn(&Judged) -> f64| {
            let sum: f64 = judged.iter().map(|one| of(one).min(HOPELESS)).map(|distance| distance * distance).sum();
            sum.min(HOPELESS)
        };
        let objective = squares(Judged::aim) + PULL * squares(Judged::off_middle);
        let misfit = squares(Judged::misfit);
        let misses = judged.iter().map(|one| one.miss(self.effort.discrepancy)).collect();
        Ok(Tried { place: place.to_vec(), values, objective, misfit, misses })
    }

    /// Whether every set that was tried is ruled out.
    fn no_fit(&self) -> Option<NoFit> {
        let sets: Vec<&[Miss]> = self.tried.iter().map(|tried| &tried.misses[..]).collect();
        no_fit(&self.targets.points(), &sets)
    }

    /// What is known when somebody stops the search.
    fn interrupted(&self) -> CalibrationError {
        let best = (!self.tried.is_empty()).then(|| self.lowest());
        CalibrationError::Interrupted {
            tried: self.tried.len(),
            best: best.map(|best| (best.misfit, set_of(self.base, &best.values))),
        }
    }

    /// The points of `targets` with these keys and values, and with random numbers that no fit has seen.
    fn fresh(&self, set: &[(String, String)], targets: &Targets) -> Result<Vec<Judged>, CalibrationError> {
        let settings = self.effort.settings;
        let replications = settings.replications.max(FRESH_REPLICATIONS);
        self.judge(set, targets, Settings { seed: settings.seed.wrapping_add(1), replications, ..settings })
    }

    fn judge(
        &self,
        set: &[(String, String)],
        targets: &Targets,
        how: Settings,
    ) -> Result<Vec<Judged>, CalibrationError> {
        let more: Vec<Setting> = set.iter().map(|(key, value)| Setting::of("calibrate", key, value)).collect();
        let cases = target_cases(self.base, targets, &more).map_err(CalibrationError::Scenario)?;
        let results = run_cases(&cases, how, self.progress.done)?;
        Ok(judge(targets, &results)?)
    }
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
impl Tried {
    /// A set at this place, for tests.
    pub(super) fn made_up(place: &[f64], misfit: f64, implausibility: f64) -> Self {
        let misses = vec![Miss { implausibility, off: 0.0 }];
        Self { place: place.to_vec(), values: place.to_vec(), objective: misfit, misfit, misses }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_others_are_told_by_the_first() {
        assert_eq!(of_others(&[]), "");
        assert!(of_others(&["a".to_owned()]).contains("(a) are not"));
        assert!(of_others(&["a".to_owned(), "b".to_owned()]).contains("(a, ...) are not"));
    }
}
