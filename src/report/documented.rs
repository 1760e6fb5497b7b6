//! What is documented about the overheads of a case, beside what was simulated.

use crate::experiment::results::{CaseResult, Results};
use crate::experiment::{Judged, UnknownStage, judge};
use crate::scenario::{Demand, Target, Targets};
use crate::stats::Interval;

/// A documented overhead of one case.
#[derive(Clone, Debug, PartialEq)]
pub struct Documented {
    /// The number of the case, from 0.
    pub case: usize,
    /// The target, at the case's size.
    pub target: Target,
    /// The simulated mean in seconds, and its 95 % interval.
    pub simulated: Option<(f64, Option<Interval>)>,
    /// Whether what was simulated meets it.
    pub met: bool,
}

/// What the study's targets say about each of the cases, which differ in nothing but their size.
///
/// Targets that compare sizes are left out, which are no number that could be shown, and counts, which are no time.
///
/// # Errors
/// Where a target names a stage that the scenario does not have.
pub fn documented(results: &Results) -> Result<Vec<Documented>, UnknownStage> {
    let Some(targets) = &results.targets else { return Ok(vec![]) };
    let cases = results.cases.iter().enumerate().map(|(number, case)| of_case(targets, number, case));
    Ok(cases.collect::<Result<Vec<_>, _>>()?.concat())
}

/// What the targets say about the case with this number; see [`documented`].
///
/// # Errors
/// As there.
pub fn of_case(targets: &Targets, number: usize, case: &CaseResult) -> Result<Vec<Documented>, UnknownStage> {
    let is_time = |judged: &Judged| judged.point.demand != Demand::Grows && !judged.point.measure.is_count();
    let judged = judge(targets, std::slice::from_ref(case))?.into_iter();
    let documented =
        judged.filter(|judged| judged.point.nodes == [case.target_nodes] && is_time(judged)).map(|judged| {
            let simulated = judged.simulated.first().and_then(|simulated| Some((simulated.mean?, simulated.interval)));
            Documented { case: number, met: judged.passes(), target: judged.point, simulated }
        });
    Ok(documented.collect())
}
