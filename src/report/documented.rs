//! What is documented about the overheads of a case, beside what was simulated.
//!
//! Must not know: how the targets were read from the document.

use crate::experiment::results::Results;
use crate::experiment::{UnknownStage, judge};
use crate::scenario::Demand;
use crate::stats::Interval;

/// A documented overhead of one case.
#[derive(Clone, Debug, PartialEq)]
pub struct Documented {
    /// The number of the case, from 0.
    pub case: usize,
    /// The target's name.
    pub target: String,
    /// The stage from whose readiness it counts.
    pub from: String,
    /// The stage until whose readiness it counts.
    pub to: String,
    /// About how many seconds.
    pub about_s: Option<f64>,
    /// How many seconds more or less.
    pub tolerance_s: Option<f64>,
    /// At least how many seconds.
    pub at_least_s: Option<f64>,
    /// At most how many seconds.
    pub at_most_s: Option<f64>,
    /// The simulated mean in seconds, and its 95 % interval.
    pub simulated: Option<(f64, Option<Interval>)>,
    /// Whether what was simulated meets it.
    pub met: bool,
    /// The documented words.
    pub statement: String,
    /// How they were turned into numbers.
    pub reading: String,
    /// Where they stand.
    pub source: String,
}

/// What the study's targets say about each of the cases, which differ in nothing but their size.
///
/// Targets that compare sizes are left out: they are no number that could be shown.
///
/// # Errors
/// Where a target names a stage that the scenario does not have.
pub fn documented(results: &Results) -> Result<Vec<Documented>, UnknownStage> {
    let Some(targets) = &results.targets else { return Ok(vec![]) };
    let judged = judge(targets, &results.cases)?;
    let mut documented = Vec::new();
    for (number, case) in results.cases.iter().enumerate() {
        for judged in judged.iter().filter(|judged| judged.point.nodes == [case.target_nodes]) {
            let target = targets.list.iter().find(|target| target.name == judged.point.target);
            let word = |of: fn(&crate::scenario::Target) -> &String| target.map(of).cloned().unwrap_or_default();
            let (about, range) = match judged.point.demand {
                Demand::About { seconds, tolerance } => ((Some(seconds), Some(tolerance)), (None, None)),
                Demand::Range { at_least, at_most } => ((None, None), (at_least, at_most)),
                Demand::Grows => continue,
            };
            let simulated = judged.simulated.first().and_then(|simulated| Some((simulated.mean?, simulated.interval)));
            documented.push(Documented {
                case: number,
                target: judged.point.target.clone(),
                from: judged.point.from.clone(),
                to: judged.point.to.clone(),
                about_s: about.0,
                tolerance_s: about.1,
                at_least_s: range.0,
                at_most_s: range.1,
                simulated,
                met: judged.passes(),
                statement: word(|target| &target.statement),
                reading: word(|target| &target.reading),
                source: word(|target| &target.source),
            });
        }
    }
    Ok(documented)
}

impl Documented {
    /// The seconds between which it lies: about, less and more the tolerance, or at least and at most.
    pub fn ends(&self) -> (Option<f64>, Option<f64>) {
        match (self.about_s, self.tolerance_s) {
            (Some(about), Some(tolerance)) => (Some(about - tolerance), Some(about + tolerance)),
            _ => (self.at_least_s, self.at_most_s),
        }
    }
}
