//! How likely a scale-up is ready within a time.

use crate::experiment::results::CaseResult;
use crate::stats::{Interval, wilson};
use crate::time::Time;

/// The chance to be ready within a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance {
    /// Seconds from the workload's creation on.
    pub within_s: f64,
    /// The share of scale-ups that were ready by then.
    pub probability: f64,
    /// Wilson's 95 % interval for it.
    pub interval: Interval,
}

/// The last stage before scale-down, and how likely it is ready within each time at which that changes.
pub fn chances(case: &CaseResult) -> (&str, Vec<Chance>) {
    let Some(place) = case.goal() else { return ("", vec![]) };
    let ready = case.replications.iter().filter_map(|replication| replication.stages.get(place)?.ready);
    let mut ready: Vec<Time> = ready.collect();
    ready.sort_unstable();
    let mut chances = Vec::new();
    for (earlier, time) in ready.iter().enumerate() {
        if ready.get(earlier + 1) != Some(time) {
            chances.push(chance(time.as_secs_f64(), earlier + 1, case.replications.len()));
        }
    }
    (&case.stages[place].name, chances)
}

/// The chance to be ready within any time: that of the last one at which it changed.
pub fn at(chances: &[Chance], seconds: f64, replications: usize) -> Chance {
    let last = chances.iter().rfind(|chance| chance.within_s <= seconds);
    last.map_or_else(|| chance(seconds, 0, replications), |chance| Chance { within_s: seconds, ..*chance })
}

fn chance(within_s: f64, ready: usize, all: usize) -> Chance {
    let probability = ready as f64 / all.max(1) as f64;
    Chance { within_s, probability, interval: wilson(ready as u64, all as u64, 0.95) }
}
