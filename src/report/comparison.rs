//! A comparison, and what its document says beside its cases.
//!
//! Must not know: people: the sentences are in `text/comparison.rs`.

use serde_json::{Value, json};

use crate::experiment::Comparison;
use crate::experiment::results::{CaseResult, Results};
use crate::stats::PairedDifference;
use crate::time::Time;

use super::asked::precision;
use super::table::json::rows;
use super::tables::differences;

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

    /// What the document of a comparison has beside its cases.
    pub fn add_to(&self, document: &mut Value) {
        let comparison = &self.comparison;
        let best = comparison.best().map(|best| {
            let rivals: Vec<&String> = best.rivals.iter().map(|&rival| &comparison.names[rival]).collect();
            json!({ "scenario": comparison.names[best.place], "not_told_apart_from": rivals })
        });
        document["settings"] = self.study.settings.clone().into();
        document["goal"] = comparison.goal.as_str().into();
        document["confidence_of_each_interval"] = ((comparison.confidence_each * 1e6).round() / 1e6).into();
        document["best"] = best.into();
        document["differences"] = rows(&differences(comparison));
        if let Some(rule) = self.study.precision {
            document["precision"] = precision(rule, comparison.shortfall(rule).as_ref());
        }
    }

    /// The differences of the goal, for the chart.
    pub fn goal_differences(&self) -> Vec<super::study::Difference> {
        let Comparison { names, goal, differences, .. } = &self.comparison;
        let of_goal = differences.iter().filter(|found| found.stage == *goal);
        let rows = of_goal.filter_map(|found| {
            let paired = found.paired.as_ref()?;
            Some(super::study::Difference {
                label: format!("{} against {}", names[found.b], names[found.a]),
                mean_s: paired.mean,
                low_s: paired.interval.map(|interval| interval.low),
                high_s: paired.interval.map(|interval| interval.high),
            })
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
