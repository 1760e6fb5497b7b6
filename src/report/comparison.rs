//! A comparison, and what its differences come to.

use crate::experiment::results::{CaseResult, Results};
use crate::experiment::{Comparison, Difference};
use crate::stats::PairedDifference;
use crate::time::Time;

/// A comparison, and what it is one of.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The differences, and the results of each scenario.
    pub comparison: Comparison,
    /// The study, without its cases.
    pub study: Results,
}

impl Compared {
    /// Of a study in which each case is a scenario.
    pub fn of(results: &Results) -> Self {
        let names = results.cases.iter().map(|case| case.scenario.clone()).collect();
        let study = Results { cases: vec![], ..results.clone() };
        Self { comparison: Comparison::of(names, results.cases.clone()), study }
    }

    /// Replications of each scenario.
    pub fn replications(&self) -> u32 {
        self.comparison.cases[0].replications.len() as u32
    }

    /// The differences of the goal, for the chart.
    pub fn goal_differences(&self) -> Vec<super::study::GoalDifference> {
        let Comparison { names, goal, differences, .. } = &self.comparison;
        // The question was how the others compare with the first.
        let of_goal = differences.iter().filter(|found| found.stage == *goal && found.a == 0);
        let rows = of_goal.filter_map(|found| {
            let paired = found.paired.as_ref()?;
            Some(super::study::GoalDifference::of(format!("{} against {}", names[found.b], names[found.a]), paired))
        });
        rows.collect()
    }
}

/// How many times more replications it would take without pairing; absent where the difference hardly varies and the
/// number would only be large.
pub(crate) fn saved_by_pairing(paired: &PairedDifference) -> Option<f64> {
    const LARGEST: f64 = 1e9;
    paired.variance_ratio.filter(|ratio| *ratio <= LARGEST)
}

/// The mean seconds until a stage was ready, over the replications in which it was.
pub(crate) fn mean_s(case: &CaseResult, stage: &str) -> Option<f64> {
    let place = case.stages.iter().position(|known| known.name == stage)?;
    crate::stats::mean(&seconds(case, place))
}

/// Seconds until a stage was ready, in the replications in which it was.
pub(crate) fn seconds(case: &CaseResult, place: usize) -> Vec<f64> {
    case.replications.iter().filter_map(|one| one.stages[place].ready).map(Time::as_secs_f64).collect()
}

/// What a difference comes to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Significance {
    /// Equal in every replication.
    Same,
    /// The interval holds no difference that could be shown.
    Tiny,
    /// It is sooner, resolved.
    Sooner,
    /// It is later, resolved.
    Later,
    /// More replications would tell.
    Open,
}

/// What a difference comes to.
pub(crate) fn verdict(paired: &PairedDifference) -> Significance {
    /// Seconds: less than what is shown.
    const TINY: f64 = 0.000_5;
    let same = paired.mean == 0.0 && paired.sd.is_none_or(|sd| sd == 0.0);
    let tiny = paired.interval.is_some_and(|interval| interval.low.abs().max(interval.high.abs()) < TINY);
    match (same, tiny, paired.resolved, paired.mean < 0.0) {
        (true, ..) => Significance::Same,
        (_, true, ..) => Significance::Tiny,
        (_, _, true, true) => Significance::Sooner,
        (_, _, true, false) => Significance::Later,
        _ => Significance::Open,
    }
}

/// Whether there is nothing to show.
pub(crate) fn is_none(found: &Difference) -> bool {
    found.paired.as_ref().is_some_and(|paired| matches!(verdict(paired), Significance::Same | Significance::Tiny))
}

/// A stage in a sentence.
pub(crate) fn stage_in_words(stage: &str) -> String {
    if stage == "workload" { "the workload".to_owned() } else { stage.to_owned() }
}
