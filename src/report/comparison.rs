//! A comparison for programs: one JSON document, and `comparison.csv`.
//!
//! Must not know: people: the sentences are in `text/comparison.rs`.

use serde_json::{Value, json};

use crate::experiment::results::{CaseResult, Results};
use crate::experiment::{Comparison, Difference};
use crate::model::record::Stage;
use crate::stats::{Interval, PairedDifference, Summary};
use crate::time::Time;

use super::asked::precision;
use super::json::{self, FORMAT_VERSION, ends, rounded};

/// A comparison, and what it is one of.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The differences, and the results of each scenario.
    pub comparison: Comparison,
    /// The study, without its cases.
    pub study: Results,
}

const COLUMNS: [&str; 15] = [
    "a",
    "b",
    "stage",
    "replications",
    "pairs",
    "a_mean_s",
    "b_mean_s",
    "difference_mean_s",
    "difference_ci95_low_s",
    "difference_ci95_high_s",
    "probability_b_faster",
    "probability_b_faster_ci95_low",
    "probability_b_faster_ci95_high",
    "variance_ratio",
    "resolved",
];

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

    /// The document: the scenarios, each with its stages, and the differences of every pair.
    pub fn document(&self) -> Value {
        let comparison = &self.comparison;
        let best = comparison.best().map(|best| {
            let rivals: Vec<&String> = best.rivals.iter().map(|&rival| &comparison.names[rival]).collect();
            json!({ "scenario": comparison.names[best.place], "not_told_apart_from": rivals })
        });
        let mut document = json!({
            "format_version": FORMAT_VERSION,
            "command": "compare",
            "seed": self.study.seed,
            "replications": self.replications(),
            "settings": self.study.settings,
            "goal": comparison.goal,
            "confidence_of_each_interval": (comparison.confidence_each * 1e6).round() / 1e6,
            "best": best,
            "scenarios": (0..comparison.names.len()).map(|place| self.scenario(place)).collect::<Vec<_>>(),
            "differences": comparison.differences.iter().map(|found| self.difference(found)).collect::<Vec<_>>(),
        });
        if let Some(rule) = self.study.precision {
            document["precision"] = precision(rule, comparison.shortfall(rule).as_ref());
        }
        document
    }

    fn scenario(&self, place: usize) -> Value {
        let case = &self.comparison.cases[place];
        let stage = |(place, stage): (usize, &Stage)| json!({ "stage": stage.name, "ready_s": json::figures(Summary::of(&seconds(case, place)).as_ref()) });
        json!({
            "scenario": self.comparison.names[place],
            "description": case.description,
            "target_nodes": case.target_nodes,
            "stages": case.stages.iter().enumerate().map(stage).collect::<Vec<_>>(),
        })
    }

    fn difference(&self, found: &Difference) -> Value {
        let names = &self.comparison.names;
        let paired = found.paired.as_ref();
        let end = |of: fn(&Interval) -> f64| {
            paired.and_then(|paired| paired.interval.as_ref()).map(of).map_or(Value::Null, rounded)
        };
        json!({
            "a": names[found.a],
            "b": names[found.b],
            "stage": found.stage,
            "seconds": {
                "mean": paired.map_or(Value::Null, |paired| rounded(paired.mean)),
                "ci95_low": end(|interval| interval.low),
                "ci95_high": end(|interval| interval.high),
            },
            "probability_b_faster": rounded(found.b_faster),
            "probability_b_faster_ci95": ends(Some(found.b_faster_interval)),
            "resolved": paired.is_some_and(|paired| paired.resolved),
            "pairs": paired.map_or(0, |paired| paired.n),
            "only_a_ready": found.only_a,
            "only_b_ready": found.only_b,
            "variance_ratio": paired.and_then(saved_by_pairing).map_or(Value::Null, rounded),
            "replications_to_resolve": paired.and_then(|paired| paired.replications_to_resolve),
        })
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

    /// `comparison.csv`: a row for every pair and stage. Differences are of b minus a; their intervals hold together
    /// with 95 %.
    ///
    /// # Panics
    /// Never: memory takes every row.
    pub fn csv(&self) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let rows = self.comparison.differences.iter().map(|found| self.row(found));
        let header = COLUMNS.map(str::to_owned).to_vec();
        for row in std::iter::once(header).chain(rows) {
            writer.write_record(&row).expect("memory takes every row, and all rows have the same columns");
        }
        writer.into_inner().expect("memory takes everything")
    }

    fn row(&self, found: &Difference) -> Vec<String> {
        let Comparison { names, cases, .. } = &self.comparison;
        let paired = found.paired.as_ref();
        let number = |value: Option<f64>| value.map_or(String::new(), |value| rounded(value).to_string());
        let of_pair = |of: fn(&PairedDifference) -> Option<f64>| number(paired.and_then(of));
        let mean = |place: usize| number(mean_s(&cases[place], &found.stage));
        let chance = found.b_faster_interval;
        vec![
            names[found.a].clone(),
            names[found.b].clone(),
            found.stage.clone(),
            found.replications.to_string(),
            paired.map_or(0, |paired| paired.n).to_string(),
            mean(found.a),
            mean(found.b),
            of_pair(|paired| Some(paired.mean)),
            of_pair(|paired| paired.interval.map(|interval| interval.low)),
            of_pair(|paired| paired.interval.map(|interval| interval.high)),
            number(Some(found.b_faster)),
            number(Some(chance.low)),
            number(Some(chance.high)),
            of_pair(saved_by_pairing),
            paired.is_some_and(|paired| paired.resolved).to_string(),
        ]
    }
}

/// How many times more replications it would take without pairing; absent where the difference hardly varies and the
/// number would only be large.
fn saved_by_pairing(paired: &PairedDifference) -> Option<f64> {
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
