//! A calibration's search: sets of values and what was simulated with them.

use crate::experiment::calibrate::{CalibrationError, Effort, set_of};
use crate::experiment::implausible::{Miss, NoFit, RULED_OUT, no_fit, worst};
use crate::experiment::places::{place_of, value_at};
use crate::experiment::rounds::{Progress, WorkerPool};
use crate::experiment::run::{Settings, run_on};
use crate::experiment::validate::{Judged, judge, target_cases};
use crate::random::{Entity, Purpose, Stream, Streams};
use crate::scenario::{Document, Free, Setting, Targets};

/// What a squared distance from a middle weighs against one from an interval.
const PULL: f64 = 0.25;
/// The misfit of a set with which something never becomes ready.
const HOPELESS: f64 = 1e6;
/// A rough set has so many times fewer replications, at least so many if there are: to tell valleys apart takes less
/// than to find the bottom of one.
const ROUGH: u32 = 4;
const ROUGH_LEAST: u32 = 2;
/// What is added to the seed where a fit is simulated with random numbers that it has not seen, and for second looks.
const FRESH: u64 = 1;
const LOOK: u64 = 2;
/// What is added to the numbers of blocks but the first for their seeds.
const BLOCKS: u64 = 10;
/// Scale-ups of each size when the fit is simulated anew.
const FRESH_REPLICATIONS: u32 = 100;
/// More parameters are too many for a search of some hundred steps.
pub(super) const FREE_MAX: usize = 16;
/// The streams of a calibration's own draws.
const SEARCH: Entity = Entity { kind: 0xca11, id: 0 };
pub(super) const WALK: Purpose = Purpose(2);
pub(super) const MAKE_UP: Purpose = Purpose(3);

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
    judged: Vec<Judged>,
    /// Which random numbers it was tried with: those of the first block are the seed's own.
    pub(super) block: usize,
}

impl Tried {
    fn new(place: &[f64], values: Vec<f64>, judged: Vec<Judged>, discrepancy: f64) -> Self {
        let (place, misses) = (place.to_vec(), Vec::new());
        let mut tried = Self { place, values, objective: 0.0, misfit: 0.0, misses, judged, block: 0 };
        tried.weigh(discrepancy);
        tried
    }

    fn weigh(&mut self, discrepancy: f64) {
        self.objective = objective(&self.judged);
        self.misfit = squares(&self.judged, Judged::misfit);
        self.misses = self.judged.iter().map(|one| one.miss(discrepancy)).collect();
    }

    /// Moves the means of its points.
    fn shift(&mut self, by: &[f64], discrepancy: f64) {
        let simulated = self.judged.iter_mut().flat_map(|one| &mut one.simulated);
        for (one, by) in simulated.zip(by) {
            one.mean = one.mean.map(|mean| mean + by);
        }
        self.weigh(discrepancy);
    }

    /// The means of all points; absent where something never becomes ready.
    pub(super) fn means(&self) -> Option<Vec<f64>> {
        let simulated = self.judged.iter().flat_map(|one| &one.simulated);
        simulated.map(|one| one.mean.filter(|_| one.never == 0)).collect()
    }

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
    pub(super) targets: &'a Targets,
    pub(super) effort: Effort,
    progress: Progress<'a>,
    workers: WorkerPool,
    pub(super) tried: Vec<Tried>,
    /// What was tried with fewer replications.
    rough: Vec<Tried>,
    /// Sets of which one size told enough.
    glances: usize,
    /// What is added to the means of the sets of each block, once it is known.
    shifts: Vec<Vec<f64>>,
}

impl<'a> Search<'a> {
    pub(super) fn new(
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
        let workers = WorkerPool::new(effort.settings.threads, effort.settings.seed)?;
        let (tried, rough, shifts) = (Vec::new(), Vec::new(), Vec::new());
        Ok(Self { base, targets, effort, progress, workers, tried, rough, glances: 0, shifts })
    }

    pub(super) fn free(&self) -> &'a [Free] {
        self.base.free()
    }

    pub(super) fn stream(&self, purpose: Purpose) -> Stream {
        Streams::new(self.effort.settings.seed, 0).stream(SEARCH, purpose)
    }

    /// What a search makes small at a place, roughly.
    pub(super) fn roughly(&mut self, place: &[f64]) -> Result<f64, CalibrationError> {
        let few = Settings { replications: self.few(), ..self.effort.settings };
        let tried = self.weigh(place, self.targets, few)?;
        let objective = tried.objective;
        self.rough.push(tried);
        Ok(objective)
    }

    /// The replications of a rough set.
    pub(super) fn few(&self) -> u32 {
        let whole = self.effort.settings.replications;
        (whole / ROUGH).max(ROUGH_LEAST).min(whole)
    }

    pub(super) fn values_at(&self, place: &[f64]) -> Vec<f64> {
        self.free().iter().zip(place).map(|(free, &x)| value_at(free, x)).collect()
    }

    /// The best set that was tried, of those that are `meant`.
    pub(super) fn lowest(&self, meant: impl Fn(&Tried) -> bool) -> Option<&Tried> {
        self.tried.iter().filter(|tried| meant(tried)).min_by(|a, b| a.objective.total_cmp(&b.objective))
    }

    /// The scenario's own values, if all are there; outside their ranges, the nearest inside.
    pub(super) fn present(&self) -> Option<Vec<f64>> {
        self.free().iter().map(|free| self.base.value_of(free).map(|value| place_of(free, value))).collect()
    }

    /// What is known of a place in the unit cube.
    pub(super) fn evaluate(&mut self, place: &[f64]) -> Result<&Tried, CalibrationError> {
        self.evaluate_in(0, place)
    }

    /// What is known of a place by the random numbers of a block.
    pub(super) fn evaluate_in(&mut self, block: usize, place: &[f64]) -> Result<&Tried, CalibrationError> {
        if let Some(known) = self.known(block, place) {
            return Ok(&self.tried[known]);
        }
        let settings = self.effort.settings;
        let seed = if block == 0 { settings.seed } else { settings.seed.wrapping_add(BLOCKS + block as u64) };
        let mut tried = self.weigh(place, self.targets, Settings { seed, ..settings })?;
        tried.block = block;
        if let Some(shift) = self.shifts.get(block) {
            tried.shift(shift, self.effort.discrepancy);
        }
        self.tried.push(tried);
        Ok(&self.tried[self.tried.len() - 1])
    }

    fn known(&self, block: usize, place: &[f64]) -> Option<usize> {
        let values = self.values_at(place);
        self.tried.iter().position(|tried| tried.block == block && tried.values == values)
    }

    /// Whether a place meets every target. Where its least size does not, the others are not simulated.
    pub(super) fn meets_all_at(&mut self, place: &[f64]) -> Result<bool, CalibrationError> {
        if self.known(0, place).is_none() && !self.least_size_meets_all(place)? {
            self.glances += 1;
            return Ok(false);
        }
        Ok(self.evaluate(place)?.meets_all())
    }

    fn least_size_meets_all(&self, place: &[f64]) -> Result<bool, CalibrationError> {
        let sizes = self.targets.sizes();
        let least = self.targets.only(sizes[0]);
        if sizes.len() == 1 || least.list.is_empty() {
            return Ok(true);
        }
        let mut tried = self.weigh(place, &least, self.effort.settings)?;
        if let Some(shift) = self.shifts.first() {
            let points = self.targets.points();
            let of_all = points.iter().flat_map(|point| point.nodes.iter().map(move |_| point)).zip(shift);
            let by: Vec<f64> = of_all.filter(|(point, _)| least.list.contains(point)).map(|(_, by)| *by).collect();
            tried.shift(&by, self.effort.discrepancy);
        }
        Ok(tried.meets_all())
    }

    /// Simulates the sizes of `targets` with the values of a place.
    fn weigh(&self, place: &[f64], targets: &Targets, settings: Settings) -> Result<Tried, CalibrationError> {
        if (self.progress.stopped)() {
            return Err(self.interrupted());
        }
        let values = self.values_at(place);
        let judged = self.judge(&set_of(self.base, &values), targets, settings)?;
        Ok(Tried::new(place, values, judged, self.effort.discrepancy))
    }

    /// A second look at a place: with so many times the replications, and the same random numbers for all looks, which
    /// no search has seen.
    pub(super) fn look(&self, place: &[f64], times: usize) -> Result<Tried, CalibrationError> {
        let replications = self.effort.settings.replications.saturating_mul(times.try_into().unwrap_or(u32::MAX));
        self.weigh(place, self.targets, self.unseen(LOOK, replications))
    }

    /// Takes what a second look at one set says of the random numbers of each block: the means of all of its sets move
    /// by as much as it moved those of this one.
    pub(super) fn settle(&mut self, looked: &Tried) -> Result<(), CalibrationError> {
        let Some(level) = looked.means() else { return Ok(()) };
        let blocks = self.tried.iter().map(|tried| tried.block + 1).max().unwrap_or(1);
        let mut shifts = Vec::new();
        for block in 0..blocks {
            let searched = self.evaluate_in(block, &looked.place)?.means();
            let Some(searched) = searched else { return Ok(()) };
            shifts.push(level.iter().zip(&searched).map(|(looked, searched)| looked - searched).collect());
        }
        self.shifts = shifts;
        for tried in &mut self.tried {
            tried.shift(&self.shifts[tried.block], self.effort.discrepancy);
        }
        Ok(())
    }

    /// So many replications with other random numbers, which `more` chooses.
    fn unseen(&self, more: u64, replications: u32) -> Settings {
        let settings = self.effort.settings;
        Settings { seed: settings.seed.wrapping_add(more), replications, ..settings }
    }

    /// Whether every set that was tried with all replications is ruled out: what chance does to rough ones would count
    /// as if they fitted.
    pub(super) fn no_fit(&self) -> Option<NoFit> {
        let sets: Vec<&[Miss]> = self.tried.iter().map(|tried| &tried.misses[..]).collect();
        no_fit(&self.targets.points(), &sets)
    }

    /// All sets that were tried at all sizes, rough ones too.
    pub(super) fn all(&self) -> impl Iterator<Item = &Tried> {
        self.tried.iter().chain(&self.rough)
    }

    /// How many sets were tried, those too of which one size told enough.
    pub(super) fn count(&self) -> usize {
        self.all().count() + self.glances
    }

    /// What is known when somebody stops the search.
    fn interrupted(&self) -> CalibrationError {
        CalibrationError::Interrupted {
            tried: self.count(),
            best: self
                .all()
                .min_by(|a, b| a.objective.total_cmp(&b.objective))
                .map(|best| (best.misfit, set_of(self.base, &best.values))),
        }
    }

    /// The points of `targets` with these keys and values, and with random numbers that no fit has seen.
    pub(super) fn fresh(&self, set: &[(String, String)], targets: &Targets) -> Result<Vec<Judged>, CalibrationError> {
        let replications = self.effort.settings.replications.max(FRESH_REPLICATIONS);
        self.judge(set, targets, self.unseen(FRESH, replications))
    }

    fn judge(
        &self,
        set: &[(String, String)],
        targets: &Targets,
        how: Settings,
    ) -> Result<Vec<Judged>, CalibrationError> {
        let more: Vec<Setting> = set.iter().map(|(key, value)| Setting::of("calibrate", key, value)).collect();
        let cases = target_cases(self.base, targets, &more).map_err(CalibrationError::Scenario)?;
        let results = run_on(&self.workers.with_seed(how.seed), &cases, how.replications, self.progress.done);
        Ok(judge(targets, &results)?)
    }
}

/// What a search makes small.
pub(super) fn objective(judged: &[Judged]) -> f64 {
    squares(judged, Judged::aim) + PULL * squares(judged, Judged::off_middle)
}

fn squares(judged: &[Judged], of: fn(&Judged) -> f64) -> f64 {
    let sum: f64 = judged.iter().map(|one| of(one).min(HOPELESS)).map(|distance| distance * distance).sum();
    sum.min(HOPELESS)
}

#[cfg(test)]
impl Tried {
    /// A set at this place, for tests.
    pub(super) fn made_up(place: &[f64], misfit: f64, implausibility: f64) -> Self {
        let misses = vec![Miss { implausibility, off: 0.0 }];
        Self {
            place: place.to_vec(),
            values: place.to_vec(),
            objective: misfit,
            misfit,
            misses,
            judged: vec![],
            block: 0,
        }
    }

    /// A set at this place with these means of the points, an infinite one where something never becomes ready.
    pub(super) fn with_means(place: &[f64], points: &[crate::scenario::Target], means: &[f64]) -> Self {
        let mut means = means.iter().copied();
        let mut judged: Vec<Judged> = points.iter().map(|point| Judged::of_means(point, &mut means)).collect();
        for one in judged.iter_mut().flat_map(|one| &mut one.simulated) {
            one.never = u32::from(one.mean.is_some_and(f64::is_infinite));
        }
        Self::new(place, place.to_vec(), judged, 0.0)
    }
}

#[cfg(test)]
pub(super) mod tests;
