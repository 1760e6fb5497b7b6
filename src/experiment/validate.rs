//! Simulated against documented or measured: the mean of all that targets speak of, and whether it meets them.

use crate::experiment::measure::{apart, of_stages};
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
    /// A point with these means for its sizes, taken from `means` in order.
    pub(super) fn of_means(point: &Target, means: &mut impl Iterator<Item = f64>) -> Self {
        let simulated = means.take(point.nodes.len()).map(|mean| Simulated {
            mean: Some(mean),
            interval: None,
            standard_error: None,
            alone: None,
            never: 0,
        });
        Self { simulated: simulated.collect(), point: point.clone() }
    }

    /// Whether the mean is where the target wants it, with every scale-up finished.
    pub fn passes(&self) -> bool {
        self.misfit() == 0.0
    }

    /// Whether the 95 % interval reaches over an end, so that other random numbers may say otherwise.
    pub fn is_close(&self) -> bool {
        let ends = ends(self.point.demand, 0.0);
        self.simulated.iter().filter_map(|simulated| simulated.interval).any(|interval| {
            let over = |end: Option<f64>| end.is_some_and(|end| interval.contains(end));
            over(ends.0) || over(ends.1)
        })
    }

    /// How far it is off, in tolerances, in minutes for ranges and growth of times, in tenths of the greatest mean for
    /// growth of counts, or in half bands around what was measured; zero where it passes.
    pub fn misfit(&self) -> f64 {
        self.distance(false)
    }

    /// As [`misfit`](Self::misfit), but aiming a little inside the ends.
    pub(crate) fn aim(&self) -> f64 {
        self.distance(true)
    }

    /// The distance from the middle in tolerances, where the target has a middle.
    pub(crate) fn off_middle(&self) -> f64 {
        match (self.point.demand, self.simulated.first().and_then(|simulated| simulated.mean)) {
            (Demand::About { seconds, tolerance }, Some(mean)) => (mean - seconds) / tolerance,
            (Demand::Measured { value, .. }, Some(mean)) => (mean - value) / half_band(self.point.demand),
            _ => 0.0,
        }
    }

    fn distance(&self, inside: bool) -> f64 {
        if self.simulated.iter().any(|simulated| simulated.never > 0 || simulated.mean.is_none()) {
            return f64::INFINITY;
        }
        let means: Vec<f64> = self.simulated.iter().filter_map(|simulated| simulated.mean).collect();
        if self.point.demand == Demand::Grows {
            let least = if inside { self.margin() } else { 0.0 };
            return means.windows(2).map(|pair| lack_of_growth(pair[0], pair[1] - least, self.unit())).sum();
        }
        let (low, high) = ends(self.point.demand, if inside { self.margin() } else { 0.0 });
        let below = |mean: f64| low.map_or(0.0, |low| (low - mean).max(0.0));
        let above = |mean: f64| high.map_or(0.0, |high| (mean - high).max(0.0));
        means.iter().map(|&mean| (below(mean) + above(mean)) / self.unit()).sum()
    }

    /// By how much it is off in seconds or counts; infinite where something never became ready.
    pub(super) fn off(&self) -> f64 {
        self.misfit() * self.unit()
    }

    /// How far inside a fit aims: of a growing count 6 % of the greatest mean.
    fn margin(&self) -> f64 {
        if self.point.measure.is_count() { 0.6 * self.unit() } else { MARGIN }
    }

    /// What distances are counted in: a growing count's, in tenths of the greatest mean.
    fn unit(&self) -> f64 {
        match self.point.demand {
            Demand::Grows if self.point.measure.is_count() => {
                let greatest = self.simulated.iter().filter_map(|one| one.mean).fold(0.0, f64::max);
                (0.1 * greatest).max(1.0)
            }
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
fn lack_of_growth(small: f64, large: f64, unit: f64) -> f64 {
    if large > small { 0.0 } else { 0.01 + (small - large) / unit }
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
        Ok(case.measuring(measures.clone()).in_numbers())
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
    if measure.is_extra() {
        return *one.measured.get(case.measures.iter().position(|known| known == measure)?)?;
    }
    of_stages(measure, &case.stages, &one.stages)
}

/// Seconds from the readiness of one stage to that of another; negative where the other was first.
pub(crate) fn overhead(replication: &Replication, from: usize, to: usize) -> Option<f64> {
    let ready = |place: usize| replication.stages.get(place)?.ready;
    Some(apart(ready(from)?, ready(to)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::run::run_cases;
    use crate::experiment::search::tests::{EFFORT, document, point, targets};

    const ABOUT: Demand = Demand::About { seconds: 300.0, tolerance: 60.0 };
    const RANGE: Demand = Demand::Range { at_least: Some(100.0), at_most: Some(120.0) };

    /// What was simulated for a demand: means with an interval of 5 s to both sides.
    fn judged(demand: Demand, means: &[f64]) -> Judged {
        let [name, row, statement, source, reading, to] = [const { String::new() }; 6];
        let (measure, nodes) = (Measure::Stages { from: None, to }, vec![10; means.len()]);
        let point = Target { name, row, statement, source, reading, measure, nodes, demand };
        let simulated = means.iter().map(|&mean| Simulated {
            mean: Some(mean),
            interval: Some(Interval::around(mean, 5.0)),
            standard_error: None,
            alone: None,
            never: 0,
        });
        Judged { point, simulated: simulated.collect() }
    }

    fn assert_near(value: f64, expected: f64) {
        assert!((value - expected).abs() < 1e-9, "{value}, not {expected}");
    }

    #[test]
    fn a_misfit_is_counted_in_tolerances_or_minutes() {
        for (mean, misfit) in [(240.0, 0.0), (360.0, 0.0), (390.0, 0.5), (180.0, 1.0)] {
            assert_near(judged(ABOUT, &[mean]).misfit(), misfit);
            assert_eq!(judged(ABOUT, &[mean]).passes(), misfit == 0.0, "{mean}");
        }
        assert_near(judged(RANGE, &[150.0]).misfit(), 0.5);
        assert_near(judged(RANGE, &[70.0]).misfit(), 0.5);
        assert_near(judged(RANGE, &[70.0]).off(), 30.0);
        assert_near(judged(Demand::Range { at_least: None, at_most: Some(120.0) }, &[1.0]).misfit(), 0.0);
        // From 200 to 450 around 300: the upper half is 150.
        let measured = Demand::Measured { value: 300.0, factor: 1.5, margin: 0.0 };
        assert_near(judged(measured, &[600.0]).misfit(), 1.0);
        assert_near(judged(measured, &[375.0]).off_middle(), 0.5);
    }

    #[test]
    fn a_fit_aims_inside_the_ends_by_12_s_or_a_quarter() {
        for (demand, mean, aim) in [
            (ABOUT, 360.0, 0.2),
            (ABOUT, 240.0, 0.2),
            (ABOUT, 348.0, 0.0),
            (RANGE, 120.0, 5.0 / 60.0),
            (RANGE, 106.0, 0.0),
        ] {
            assert_near(judged(demand, &[mean]).aim(), aim);
        }
        assert_near(judged(Demand::Range { at_least: None, at_most: Some(120.0) }, &[119.0]).aim(), 0.0);
    }

    #[test]
    fn the_pull_counts_tolerances_from_the_middle() {
        assert_near(judged(ABOUT, &[330.0]).off_middle(), 0.5);
        assert_near(judged(ABOUT, &[270.0]).off_middle(), -0.5);
        assert_near(judged(RANGE, &[270.0]).off_middle(), 0.0);
    }

    #[test]
    fn growth_lacks_what_a_larger_size_is_faster() {
        assert_near(judged(Demand::Grows, &[60.0, 61.0, 200.0]).misfit(), 0.0);
        assert_near(judged(Demand::Grows, &[60.0, 60.0]).misfit(), 0.01);
        assert_near(judged(Demand::Grows, &[200.0, 80.0]).misfit(), 2.01);
        // A fit aims at 12 s more.
        assert_near(judged(Demand::Grows, &[60.0, 71.0]).aim(), 0.01 + 1.0 / 60.0);
        assert_near(judged(Demand::Grows, &[60.0, 73.0]).aim(), 0.0);
    }

    #[test]
    fn flaps_that_do_not_grow_are_counted_in_tenths_of_the_most() {
        let flaps = |means: &[f64]| {
            let mut one = judged(Demand::Grows, means);
            one.point.measure = Measure::Flaps { stage: "agent".to_owned() };
            one
        };
        assert_near(flaps(&[40.0, 80.0, 60.0]).misfit(), 0.01 + 20.0 / 8.0);
        assert_near(flaps(&[40.0, 80.0, 81.0]).misfit(), 0.0);
        // A fit aims at 6 % of the most: 4.8 more.
        assert_near(flaps(&[40.0, 78.0, 80.0]).aim(), 0.01 + 2.8 / 8.0);
        assert_near(flaps(&[40.0, 75.0, 80.0]).aim(), 0.0);
        assert_near(flaps(&[0.0, 0.0]).misfit(), 0.01);
    }

    #[test]
    fn an_interval_over_either_end_is_close() {
        for (mean, close) in [(236.0, true), (244.0, true), (364.0, true), (300.0, false), (366.0, false)] {
            assert_eq!(judged(ABOUT, &[mean]).is_close(), close, "{mean}");
        }
    }

    #[test]
    fn what_never_became_ready_does_not_pass() {
        let mut one = judged(RANGE, &[110.0]);
        assert!(one.passes());
        one.simulated[0].never = 1;
        assert!(!one.passes() && one.misfit().is_infinite());
        one.simulated[0] = Simulated { mean: None, never: 0, ..one.simulated[0] };
        assert!(!one.passes());
    }

    #[test]
    fn without_a_band_distances_count_in_ones() {
        assert_near(half_band(ABOUT), 60.0);
        assert_near(half_band(Demand::Measured { value: 300.0, factor: 1.0, margin: 0.0 }), 1.0);
        assert_near(half_band(RANGE), 1.0);
    }

    #[test]
    fn a_stage_that_is_ready_before_the_other_has_a_time_below_zero() {
        let document = document(&[]);
        let ask = |from, to| {
            let about = |nodes| Target { nodes: vec![nodes], ..point((Some(from), to), ABOUT) };
            let grows = Target { nodes: vec![4, 6], ..point((Some(from), to), Demand::Grows) };
            let targets = targets(vec![about(6), about(4), grows]);
            let cases = target_cases(&document, &targets, &[]).unwrap_or_else(|problems| panic!("{problems}"));
            judge(&targets, &run_cases(&cases, EFFORT.settings, &|| ()).expect("one thread")).expect("known stages")
        };
        let means = |judged: &Judged| judged.simulated.iter().map(|one| one.mean.expect("ready")).collect::<Vec<_>>();
        let (onward, back) = (ask("nodes", "workload"), ask("workload", "nodes"));
        for (onward, back) in onward.iter().zip(&back) {
            let ahead = means(onward).into_iter().zip(means(back));
            assert!(ahead.clone().all(|(onward, back)| onward > 1.0 && (onward + back).abs() < 1e-9), "{back:?}");
        }
        // Growth looks at sizes from small to large, in whichever order they are asked for.
        assert_eq!(means(&onward[2]), [means(&onward[1]), means(&onward[0])].concat());
        assert!(onward[2].simulated.iter().all(|one| one.alone.is_none()) && onward[0].simulated[0].alone.is_some());
    }
}
