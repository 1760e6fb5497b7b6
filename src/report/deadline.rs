//! Whether a scale-up is ready by a deadline, and how sure that is.
//!
//! A deadline is *met* if at least 95 % of scale-ups have the goal ready by then, with 95 % confidence: the whole
//! interval of that probability lies at or above 95 %. It is *missed* if the whole interval lies below. In between,
//! more scale-ups would tell.

use crate::experiment::results::CaseResult;
use crate::stats::{Arrivals, Interval, wilson};
use crate::time::Span;

/// The share of scale-ups that must be in time.
const SHARE: f64 = 0.95;
const CONFIDENCE: f64 = 0.95;
/// More scale-ups than this are not suggested.
const NEEDED_MAX: u64 = 1 << 32;

/// How likely the stages of one case are ready by a deadline.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseDeadline {
    /// The deadline, from the workload's creation on.
    pub deadline: Span,
    /// Each stage, in causal order.
    pub stages: Vec<StageDeadline>,
    /// The place of the stage that the scale-up is for.
    goal: usize,
}

/// How likely one stage is ready by a deadline.
#[derive(Clone, Debug, PartialEq)]
pub struct StageDeadline {
    /// The stage.
    pub stage: String,
    /// Replications in which it was ready in time.
    pub in_time: u64,
    /// Replications.
    pub replications: u64,
    /// The share of replications in which it was ready in time.
    pub probability: f64,
    /// Wilson's interval for it.
    pub interval: Interval,
    /// Seconds within which 95 % of scale-ups are ready; absent if fewer ever are.
    pub ready_p95: Option<f64>,
    /// Its interval by order statistics: absent with too few scale-ups, an end absent where it is never.
    pub ready_p95_interval: Option<(Option<f64>, Option<f64>)>,
}

/// Whether a deadline is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadlineVerdict {
    /// It is, with 95 % confidence.
    Met,
    /// It is not, with 95 % confidence.
    Missed,
    /// There are too few replications to tell.
    Open {
        /// How many would tell, if the share stays as it is.
        needed: Option<u64>,
    },
}

impl DeadlineVerdict {
    /// The word used in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "missed",
            Self::Open { .. } => "not-decided",
        }
    }
}

impl CaseDeadline {
    /// Of a case.
    ///
    /// # Panics
    /// When there is no stage: our own mistake.
    pub fn of(case: &CaseResult, deadline: Span) -> Self {
        let stages = (0..case.stages.len()).map(|place| stage(case, place, deadline)).collect();
        Self { deadline, stages, goal: case.goal().expect("there is a stage for nodes at least") }
    }

    /// The stage that the scale-up is for.
    pub fn goal(&self) -> &StageDeadline {
        &self.stages[self.goal]
    }

    /// Whether the goal meets the deadline.
    pub fn verdict(&self) -> DeadlineVerdict {
        let goal = self.goal();
        if goal.interval.low >= SHARE {
            DeadlineVerdict::Met
        } else if goal.interval.high < SHARE {
            DeadlineVerdict::Missed
        } else {
            DeadlineVerdict::Open { needed: needed(goal.probability, goal.replications) }
        }
    }
}

fn stage(case: &CaseResult, place: usize, deadline: Span) -> StageDeadline {
    let ready = case.ready_s(place);
    let in_time = ready.iter().flatten().filter(|ready| **ready <= deadline.as_secs_f64()).count() as u64;
    let all = ready.len() as u64;
    let arrivals = Arrivals::of(&ready);
    StageDeadline {
        stage: case.stages[place].name.clone(),
        in_time,
        replications: all,
        probability: in_time as f64 / all.max(1) as f64,
        interval: wilson(in_time, all, CONFIDENCE),
        ready_p95: arrivals.as_ref().and_then(|arrivals| arrivals.quantile(SHARE)),
        ready_p95_interval: arrivals.and_then(|arrivals| arrivals.quantile_interval(SHARE, CONFIDENCE)),
    }
}

/// The fewest replications, by doubling and then halving, whose interval leaves the share that must be in time out.
fn needed(share: f64, now: u64) -> Option<u64> {
    let tells = |all: u64| {
        let interval = wilson((share * all as f64).round() as u64, all, CONFIDENCE);
        interval.low >= SHARE || interval.high < SHARE
    };
    let mut plenty = now.max(1);
    while !tells(plenty) {
        plenty = if plenty < NEEDED_MAX { plenty * 2 } else { return None };
    }
    let mut too_few = now;
    while plenty - too_few > 1 {
        let middle = too_few + (plenty - too_few) / 2;
        if tells(middle) {
            plenty = middle;
        } else {
            too_few = middle;
        }
    }
    Some(plenty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_in_time_is_enough_from_73_scale_ups_on() {
        // Wilson's lower end of n of n is n / (n + 1.96^2), which is 95 % at n = 72.99.
        assert_eq!(needed(1.0, 10), Some(73));
        assert!(wilson(73, 73, CONFIDENCE).low >= SHARE && wilson(72, 72, CONFIDENCE).low < SHARE);
    }

    #[test]
    fn a_share_at_the_limit_is_never_decided() {
        assert_eq!(needed(0.95, 100), None);
        assert!(needed(0.94, 100).is_some_and(|needed| (1_500..3_000).contains(&needed)), "{:?}", needed(0.94, 100));
    }
}
