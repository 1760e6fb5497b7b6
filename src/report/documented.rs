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
    /// What is demanded.
    pub demand: Demand,
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
        let of_case = judged.iter().filter(|judged| judged.point.nodes == [case.target_nodes]);
        for judged in of_case.filter(|judged| judged.point.demand != Demand::Grows) {
            let target = targets.list.iter().find(|target| target.name == judged.point.target);
            let word = |of: fn(&crate::scenario::Target) -> &String| target.map(of).cloned().unwrap_or_default();
            let simulated = judged.simulated.first().and_then(|simulated| Some((simulated.mean?, simulated.interval)));
            documented.push(Documented {
                case: number,
                target: judged.point.target.clone(),
                from: judged.point.from.clone(),
                to: judged.point.to.clone(),
                demand: judged.point.demand,
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
