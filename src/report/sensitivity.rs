//! What each key does by itself: cases that change one key each, against the case that changes none.

use crate::experiment::results::{CaseResult, Results};
use crate::stats::{Interval, PairedDifference};

/// The effect of one value of one key.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The number of its case, from 0.
    pub case: usize,
    /// The key.
    pub key: String,
    /// Its value, as TOML text.
    pub value: String,
    /// Seconds that the last stage before scale-down is ready later than without the change; below zero if earlier.
    pub seconds: f64,
    /// The 95 % interval of this mean, of pairs with the same random numbers.
    pub interval: Option<Interval>,
    /// In how many replications that stage became ready both ways.
    pub pairs: usize,
}

/// The case that changes nothing, the first one, if every other case changes exactly one key.
pub fn base(results: &Results) -> Option<usize> {
    let (first, others) = results.cases.split_first()?;
    let is_alone = first.set.is_empty() && !others.is_empty() && others.iter().all(|case| case.set.len() == 1);
    is_alone.then_some(0)
}

/// The effect of every changed key; empty if the cases are no such study. `later` is how much later each case is ready
/// than the one that changes nothing.
pub fn effects(results: &Results, later: &[Option<PairedDifference>]) -> Vec<Effect> {
    if base(results).is_none() {
        return vec![];
    }
    let effects = results.cases.iter().zip(later).enumerate().filter_map(|(number, (case, later))| {
        let [(key, value)] = &case.set[..] else { return None };
        let difference = later.as_ref()?;
        Some(Effect {
            case: number,
            key: key.clone(),
            value: value.clone(),
            seconds: difference.mean,
            interval: difference.interval,
            pairs: difference.n,
        })
    });
    effects.collect()
}

/// How much later the goal of `b` is ready than that of `a`.
pub fn difference(a: &CaseResult, b: &CaseResult) -> Option<PairedDifference> {
    let goals = [a, b].map(CaseResult::goal);
    let pairs = a.replications.iter().zip(&b.replications).filter_map(|(first, second)| {
        let ready = |place: Option<usize>, stages: &[crate::experiment::results::StageTimes]| {
            Some(stages.get(place?)?.ready?.as_secs_f64())
        };
        Some((ready(goals[0], &first.stages)?, ready(goals[1], &second.stages)?))
    });
    let (first, second): (Vec<f64>, Vec<f64>) = pairs.unzip();
    PairedDifference::of(&first, &second, 0.95)
}
