//! How much of a prediction's spread is uncertainty about the parameters, and how much is chance.

use crate::experiment::results::CaseResult;
use crate::experiment::run::{Case, Settings, ThreadsError, run_cases};
use crate::experiment::validate::overhead;
use crate::model::record::Stage;
use crate::stats::{Sorted, Split, mean};
use crate::time::Time;

/// One time, over all sets of parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The stage whose readiness it is, or until which it counts.
    pub stage: String,
    /// The stage from whose readiness it counts; `None`: from the start.
    pub after: Option<String>,
    /// The mean in seconds over all sets.
    pub mean: f64,
    /// Between how many seconds 90 % of the sets' means lie.
    pub means: (f64, f64),
    /// The standard deviation between the true means of the sets: uncertainty about the parameters.
    pub parameters_sd: f64,
    /// The standard deviation between scale-ups with the same parameters: chance.
    pub chance_sd: f64,
    /// The share of the whole variance that comes from the parameters; absent where nothing varies.
    pub parameters_share: Option<f64>,
}

/// Simulates each set of parameters with random numbers of its own: the split takes the sets as independent.
///
/// # Errors
/// When threads cannot be started.
pub fn run_sets(
    sets: &[Case],
    settings: Settings,
    progress: &(dyn Fn() + Sync),
) -> Result<Vec<CaseResult>, ThreadsError> {
    let mut results = Vec::with_capacity(sets.len());
    for (number, set) in (0_u64..).zip(sets) {
        let settings = Settings { seed: settings.seed.wrapping_add(number), ..settings };
        results.extend(run_cases(std::slice::from_ref(set), settings, progress)?);
    }
    Ok(results)
}

/// The spread of each stage's readiness, and of the overheads.
pub fn spread(sets: &[CaseResult]) -> Vec<Quantity> {
    let Some(first) = sets.first() else { return Vec::new() };
    let stages = (0..first.stages.len()).map(|stage| (None, stage));
    let asked = stages.chain(first.overheads().into_iter().map(|(from, to)| (Some(from), to)));
    asked.filter_map(|(from, to)| quantity(sets, &first.stages, from, to)).collect()
}

fn quantity(sets: &[CaseResult], stages: &[Stage], from: Option<usize>, to: usize) -> Option<Quantity> {
    let of = |case: &CaseResult| -> Vec<f64> {
        let times = case.replications.iter().filter_map(|replication| match from {
            Some(from) => overhead(replication, from, to),
            None => replication.stages.get(to)?.ready.map(Time::as_secs_f64),
        });
        times.collect()
    };
    let groups: Vec<Vec<f64>> = sets.iter().map(of).collect();
    let means: Vec<f64> = groups.iter().filter_map(|group| mean(group)).collect();
    let (split, sorted) = (Split::of(&groups)?, Sorted::of(&means)?);
    Some(Quantity {
        stage: stages[to].name.clone(),
        after: from.map(|from| stages[from].name.clone()),
        mean: mean(&means)?,
        means: (sorted.quantile(0.05), sorted.quantile(0.95)),
        parameters_sd: split.between.sqrt(),
        chance_sd: split.within.sqrt(),
        parameters_share: split.share_between(),
    })
}
