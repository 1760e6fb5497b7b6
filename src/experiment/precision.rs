//! How many replications: rounds of a fixed size until every stage's mean is known well enough.

use crate::experiment::results::Replication;
use crate::model::record::Stage;
use crate::stats::{Summary, relative_precision, replications_for};
use crate::time::Time;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The fewest replications before the first look: with fewer, the rule stops too early too often.
///
/// Source: Law, *Simulation Modeling and Analysis*, 9.4.1; measured, the intervals of 95 % then cover 94 to 96 %.
pub const FEWEST: u32 = 30;
/// Replications of a round after the first. Nothing about the machine changes it, so that results do not depend on it.
const ROUND: u32 = 50;

/// Go on until the 95 % interval of every stage's mean is within a share of that mean.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Precision {
    /// The share: 0.01 for 1 %.
    pub relative: f64,
    /// Replications before the first look, at least [`FEWEST`].
    pub minimum: u32,
    /// Replications at most.
    pub maximum: u32,
}

/// How far a case has come that is simulated round by round, by processes that know nothing of each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rounds {
    /// The replications of each round; of the last one some or all are missing, unless `enough` is known.
    pub begun: Vec<Range<u32>>,
    /// So many replications count: the precision is reached, or no more are allowed.
    pub enough: Option<u32>,
}

impl Rounds {
    /// Of a case that needs so many replications, in one round, and has the first `there`.
    pub fn of_one(asked: u32, there: u32) -> Self {
        Self { begun: std::iter::once(0..asked).collect(), enough: (there >= asked).then_some(asked) }
    }
}

/// A stage that is not known as precisely as was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortfall {
    /// The stage.
    pub stage: String,
    /// By how much of the true mean its estimate may be off; absent if nothing can be said.
    pub relative: Option<f64>,
    /// How many replications would do, if mean and standard deviation stay as they are.
    pub needed: Option<u64>,
}

impl Precision {
    /// The numbers of replications at which it looks: the minimum, then each fixed round, the maximum last.
    pub fn looks(self) -> impl Iterator<Item = u32> + Clone {
        let first = self.minimum.max(FEWEST).min(self.maximum);
        let next = move |&count: &u32| (count < self.maximum).then(|| count.saturating_add(ROUND).min(self.maximum));
        std::iter::successors(Some(first), next)
    }

    /// How many replications a round has.
    pub const fn round(self) -> u32 {
        ROUND
    }

    /// The rounds of a case that has the replications 0 to `there` - 1; `missing` says what is missing to the precision
    /// after so many of them.
    ///
    /// The first round ends at the first look, each later one at the last look that is not beyond what is estimated to
    /// be needed, at least at the next. Looks within a round count as those between rounds, so that the number that is
    /// enough is the one at which a study in one go ends. No round depends on its own replications or later ones.
    pub fn rounds(self, there: u32, missing: impl Fn(u32) -> Option<Shortfall>) -> Rounds {
        let (mut from, mut to) = (0, self.looks().next().unwrap_or(self.maximum));
        let mut begun: Vec<Range<u32>> = std::iter::once(from..to).collect();
        loop {
            let is_enough = |look: &u32| *look == self.maximum || missing(*look).is_none();
            let enough = self.looks().filter(|look| (from + 1..=to.min(there)).contains(look)).find(is_enough);
            if enough.is_some() || to > there {
                return Rounds { begun, enough };
            }
            let needed = missing(to).and_then(|missing| missing.needed).unwrap_or(0);
            let next = self.looks().filter(|look| *look > to);
            let within = next.clone().take_while(|look| u64::from(*look) <= needed).last();
            (from, to) = (to, within.or(next.min()).unwrap_or(self.maximum));
            begun.push(from..to);
        }
    }

    /// The stage that is furthest from the precision asked for; `None` when all have it.
    ///
    /// A stage that never became ready in any replication has no mean and is left out.
    pub fn shortfall(self, stages: &[Stage], replications: &[Replication]) -> Option<Shortfall> {
        let missing = |(place, stage): (usize, &Stage)| {
            let ready = replications.iter().filter_map(|replication| replication.stages.get(place)?.ready);
            let seconds: Vec<f64> = ready.map(Time::as_secs_f64).collect();
            if seconds.is_empty() && !replications.is_empty() {
                return None;
            }
            self.missing(stage.name.clone(), &seconds)
        };
        let worst = |one: &Shortfall, other: &Shortfall| {
            let size = |shortfall: &Shortfall| shortfall.relative.unwrap_or(f64::INFINITY);
            size(one).total_cmp(&size(other))
        };
        stages.iter().enumerate().filter_map(missing).max_by(worst)
    }

    /// What these values lack; `None` if their mean is known well enough.
    pub fn missing(self, what: String, values: &[f64]) -> Option<Shortfall> {
        let nothing = Shortfall { stage: what.clone(), relative: None, needed: None };
        if values.len() < FEWEST.min(self.maximum) as usize {
            return Some(nothing);
        }
        let Some(summary) = Summary::of(values) else { return Some(nothing) };
        let (Some(sd), Some(high)) = (summary.sd, summary.ci95_high) else { return Some(nothing) };
        let relative = relative_precision(summary.mean, high - summary.mean);
        if relative.is_some_and(|reached| reached <= self.relative) {
            return None;
        }
        let wanted = summary.mean.abs() * self.relative / (1.0 + self.relative);
        Some(Shortfall { stage: what, relative, needed: replications_for(wanted, sd, 0.95) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Precision = Precision { relative: 0.01, minimum: 100, maximum: 230 };

    #[test]
    fn it_looks_at_fixed_numbers_and_at_the_maximum_last() {
        assert_eq!(RULE.looks().collect::<Vec<_>>(), [100, 150, 200, 230]);
        let looks = |minimum, maximum| Precision { minimum, maximum, ..RULE }.looks().collect::<Vec<_>>();
        assert_eq!(looks(5, 60), [30, 60]);
        assert_eq!(looks(100, 100), [100]);
        assert_eq!(looks(5, 20), [20]);
    }

    #[test]
    fn what_is_missing_names_the_number_that_would_do() {
        let values: Vec<f64> = (0..100).map(|number| if number % 2 == 0 { 90.0 } else { 110.0 }).collect();
        let missing = RULE.missing("rok".to_owned(), &values).expect("2 % is not 1 %");
        // t(99) 10.05 / 10 is 1.99; of the true mean that is 1.99 / (100 - 1.99).
        assert!((missing.relative.expect("known") - 0.020_35).abs() < 1e-4, "{missing:?}");
        let needed = missing.needed.expect("a number");
        assert!((395..410).contains(&needed), "{needed}");
        assert_eq!(Precision { relative: 0.021, ..RULE }.missing("rok".to_owned(), &values), None);
        assert_eq!(RULE.missing("rok".to_owned(), &[7.0; 100]), None);
    }

    #[test]
    fn rounds_end_at_looks_and_where_a_study_in_one_go_ends() {
        // Enough at 200; before that, `needed` is what is estimated.
        let shortfall = |needed| Some(Shortfall { stage: "rok".to_owned(), relative: None, needed });
        let missing = |needed: Option<u64>| move |count: u32| if count < 200 { shortfall(needed) } else { None };
        let ends = |there, needed| {
            let Rounds { begun, enough } = RULE.rounds(there, missing(needed));
            assert!(begun.iter().zip(&begun[1..]).all(|(one, next)| one.end == next.start), "{begun:?}");
            (begun.iter().map(|round| round.end).collect::<Vec<_>>(), enough)
        };
        assert_eq!(ends(0, None), (vec![100], None));
        assert_eq!(ends(99, None), (vec![100], None));
        assert_eq!(ends(100, None), (vec![100, 150], None));
        assert_eq!(ends(199, None), (vec![100, 150, 200], None));
        assert_eq!(ends(200, None), (vec![100, 150, 200], Some(200)));
        // An estimate leads to the last look before it, and what is too many does not count.
        assert_eq!(ends(100, Some(201)), (vec![100, 200], None));
        assert_eq!(ends(100, Some(199)), (vec![100, 150], None));
        assert_eq!(ends(100, Some(9_999)), (vec![100, 230], None));
        assert_eq!(ends(230, Some(9_999)), (vec![100, 230], Some(200)));
        assert_eq!(ends(200, Some(9_999)), (vec![100, 230], Some(200)));
        // The maximum ends it.
        let never = |_| shortfall(Some(150));
        assert_eq!(RULE.rounds(230, never).enough, Some(230));
        assert_eq!(Precision { maximum: 20, ..RULE }.rounds(20, never).enough, Some(20));
    }

    #[test]
    fn the_stage_that_is_furthest_off_is_named() {
        use crate::experiment::results::StageTimes;
        use crate::model::record::StageKind;
        // Around 100 s by 5 %, by 20 % and not at all; the last stage never became ready.
        let replication = |number: u32| {
            let sign = if number.is_multiple_of(2) { 1.0 } else { -1.0 };
            let ready = [5.0, 20.0, 0.0].map(|by| Some(Time::from_secs_f64(100.0 + sign * by)));
            let stages = ready.into_iter().chain([None]).map(|ready| StageTimes { ready, ..StageTimes::default() });
            Replication { stages: stages.collect(), ..Replication::default() }
        };
        let replications: Vec<Replication> = (0..50).map(replication).collect();
        let stage = |name: &str| Stage {
            kind: StageKind::DaemonSet,
            name: name.to_owned(),
            desired: 1,
            after: vec![],
            reference: false,
        };
        let stages = ["nodes", "rok", "still", "never"].map(stage);
        let worst =
            |relative| Precision { relative, ..RULE }.shortfall(&stages, &replications).map(|found| found.stage);
        assert_eq!(worst(0.01).as_deref(), Some("rok"));
        assert_eq!(worst(0.05).as_deref(), Some("rok"));
        assert_eq!(worst(0.08), None);
        // Before anything is simulated, nothing is known.
        assert!(RULE.shortfall(&stages, &[]).is_some());
    }

    #[test]
    fn nothing_can_be_said_of_a_mean_near_zero_or_of_few_values() {
        let values: Vec<f64> = (0..100).map(|number| if number % 2 == 0 { -1.0 } else { 1.0 }).collect();
        let missing = RULE.missing("x".to_owned(), &values).expect("a mean of zero has no share");
        assert_eq!((missing.relative, missing.needed), (None, None));
        assert!(RULE.missing("x".to_owned(), &[5.0; 12]).is_some());
    }
}
