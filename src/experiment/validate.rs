//! Simulated against documented or measured: the mean of all that targets speak of, and whether it meets them.

use crate::experiment::measure::{apart, between_stages};
use crate::experiment::results::{CaseResult, Replication};
use crate::experiment::run::Case;
use crate::scenario::{Demand, Document, Measure, Problems, Setting, Target, Targets};
use crate::stats::{Interval, mean, mean_interval, sd};

/// The key whose values the targets name.
const NODES: &str = "cluster.target_nodes";
/// What a distance from a range, or a lack of growth, is counted in: one minute.
const RANGE_UNIT: f64 = 60.0;
/// A fit aims this many seconds inside the ends of an interval, about three standard errors of a mean over 100
/// scale-ups, so that other random numbers meet it as well; at most a quarter of the interval.
const MARGIN: f64 = 12.0;

/// A point of the targets and what was simulated for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The point.
    pub point: Target,
    /// What was simulated, for each of its sizes.
    pub simulated: Vec<Simulated>,
}

/// What one point measures, at one size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Simulated {
    /// The mean in seconds, or of counts, over the scale-ups that came to that; absent if there is none.
    pub mean: Option<f64>,
    /// The 95 % interval of the mean.
    pub interval: Option<Interval>,
    /// The standard error of the mean.
    pub standard_error: Option<f64>,
    /// The share of scale-ups that alone would show what is demanded: of "about", that lie within half its tolerance,
    /// as a time does that is rounded to it. Absent for growth.
    pub alone: Option<f64>,
    /// In how many scale-ups it never came to that: a stage never became ready, or not all reached a milestone.
    pub never: u32,
}

/// A target names a stage, or a milestone of nodes, that the scenario does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("target {target} speaks of the stage `{stage}`, which the scenario does not have; it has {}", .known.join(", "))]
pub struct UnknownStage {
    target: String,
    stage: String,
    known: Vec<String>,
}

impl Judged {
    /// Whether the mean is where the target wants it, with every scale-up finished.
    pub fn passes(&self) -> bool {
        self.distance(0.0) == 0.0
    }

    /// Whether the 95 % interval reaches over an end, so that other random numbers may say otherwise.
    pub fn is_close(&self) -> bool {
        let ends = ends(self.point.demand, 0.0);
        self.simulated.iter().filter_map(|simulated| simulated.interval).any(|interval| {
            let over = |end: Option<f64>| end.is_some_and(|end| interval.contains(end));
            over(ends.0) || over(ends.1)
        })
    }

    /// How far it is off, in tolerances, in minutes for ranges and growth, or in half bands around what was measured;
    /// zero where it passes.
    pub fn misfit(&self) -> f64 {
        self.distance(0.0)
    }

    /// As [`misfit`](Self::misfit), but aiming a little inside the ends.
    pub(crate) fn aim(&self) -> f64 {
        self.distance(MARGIN)
    }

    /// The distance from the middle in tolerances, where the target has a middle.
    pub(crate) fn off_middle(&self) -> f64 {
        match (self.point.demand, self.simulated.first().and_then(|simulated| simulated.mean)) {
            (Demand::About { seconds, tolerance }, Some(mean)) => (mean - seconds) / tolerance,
            (Demand::Measured { value, .. }, Some(mean)) => (mean - value) / half_band(self.point.demand),
            _ => 0.0,
        }
    }

    fn distance(&self, margin: f64) -> f64 {
        if self.simulated.iter().any(|simulated| simulated.never > 0 || simulated.mean.is_none()) {
            return f64::INFINITY;
        }
        let means: Vec<f64> = self.simulated.iter().filter_map(|simulated| simulated.mean).collect();
        if self.point.demand == Demand::Grows {
            return means.windows(2).map(|pair| lack_of_growth(pair[0], pair[1])).sum();
        }
        let (low, high) = ends(self.point.demand, margin);
        let below = |mean: f64| low.map_or(0.0, |low| (low - mean).max(0.0));
        let above = |mean: f64| high.map_or(0.0, |high| (mean - high).max(0.0));
        means.iter().map(|&mean| (below(mean) + above(mean)) / self.unit()).sum()
    }

    /// By how much it is off in seconds or counts; infinite where something never became ready.
    pub(super) fn off(&self) -> f64 {
        self.misfit() * self.unit()
    }

    /// What distances are counted in.
    fn unit(&self) -> f64 {
        match self.point.demand {
            Demand::About { .. } | Demand::Measured { .. } => half_band(self.point.demand),
            Demand::Range { .. } | Demand::Grows => RANGE_UNIT,
        }
    }
}

/// What a distance from a middle is counted in: the tolerance, or the upper half of the band around what was measured.
pub(super) fn half_band(demand: Demand) -> f64 {
    let upper = demand.ends().1.zip(demand.middle()).map(|(high, middle)| high - middle);
    upper.filter(|half| *half > 0.0).unwrap_or(1.0)
}

/// Zero where the larger size takes longer; a little more than the shrinking otherwise.
fn lack_of_growth(small: f64, large: f64) -> f64 {
    if large > small { 0.0 } else { 0.01 + (small - large) / RANGE_UNIT }
}

/// The ends of a demand, moved inwards by some seconds.
fn ends(demand: Demand, margin: f64) -> (Option<f64>, Option<f64>) {
    let (low, high) = demand.ends();
    let inset = match (low, high) {
        (Some(low), Some(high)) => margin.min(0.25 * (high - low)),
        _ => 0.0,
    };
    (low.map(|low| low + inset), high.map(|high| high - inset))
}

/// One case for every size that the targets speak of, with further settings, which measures what they measure.
///
/// # Errors
/// Where the scenario does not allow a size.
pub fn target_cases(base: &Document, targets: &Targets, more: &[Setting]) -> Result<Vec<Case>, Problems> {
    let measures = targets.measures();
    let case = |&size: &u32| {
        let value = size.to_string();
        let mut settings = more.to_vec();
        settings.push(Setting::of("targets", NODES, &value));
        let case = Case::new(vec![(NODES.to_owned(), value)], &base.with(&settings)?);
        Ok(case.measuring(measures.clone()))
    };
    targets.sizes().iter().map(case).collect()
}

/// Every point of the targets with what was simulated for it; `results` holds a case for each size.
///
/// # Errors
/// Where a target names a stage that the scenario does not have.
pub fn judge(targets: &Targets, results: &[CaseResult]) -> Result<Vec<Judged>, UnknownStage> {
    let judged = |point: Target| {
        let sizes = results.iter().filter(|case| point.nodes.contains(&case.target_nodes));
        let simulated = sizes.map(|case| simulated(&point, case)).collect::<Result<_, _>>()?;
        Ok(Judged { point, simulated })
    };
    targets.points().into_iter().map(judged).collect()
}

fn simulated(point: &Target, case: &CaseResult) -> Result<Simulated, UnknownStage> {
    let is_known = |name: &str| case.stages.iter().any(|stage| stage.name == name);
    if let Some(stage) = point.measure.stages().into_iter().find(|name| !is_known(name)) {
        return Err(UnknownStage {
            target: point.name.clone(),
            stage: stage.to_owned(),
            known: case.stages.iter().map(|stage| stage.name.clone()).collect(),
        });
    }
    let values: Vec<f64> = case.replications.iter().filter_map(|one| value(&point.measure, case, one)).collect();
    let shows = |value: &&f64| match point.demand {
        Demand::About { seconds, tolerance } => (**value - seconds).abs() <= 0.5 * tolerance,
        demand => {
            demand.ends().0.is_none_or(|low| **value >= low) && demand.ends().1.is_none_or(|high| **value <= high)
        }
    };
    let alone = values.iter().filter(shows).count() as f64 / case.replications.len().max(1) as f64;
    Ok(Simulated {
        alone: Some(alone).filter(|_| point.demand != Demand::Grows),
        mean: mean(&values),
        interval: mean_interval(&values, 0.95),
        standard_error: sd(&values).map(|sd| sd / (values.len() as f64).sqrt()),
        never: (case.replications.len() - values.len()) as u32,
    })
}

/// What a replication has of a measure: the stages' readiness it always has, the rest where the case asks for it.
fn value(measure: &Measure, case: &CaseResult, one: &Replication) -> Option<f64> {
    match measure {
        Measure::Stages { from, to } => between_stages(&case.stages, &one.stages, from.as_deref(), to),
        _ => *one.measured.get(case.measures.iter().position(|known| known == measure)?)?,
    }
}

/// Seconds from the readiness of one stage to that of another; negative where the other was first.
pub(crate) fn overhead(replication: &Replication, from: usize, to: usize) -> Option<f64> {
    let ready = |place: usize| replication.stages.get(place)?.ready;
    Some(apart(ready(from)?, ready(to)?))
}
