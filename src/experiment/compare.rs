//! Scenarios against each other under common random numbers: the same seed, and the same numbers for every entity
//! that both have.

use crate::experiment::precision::{Precision, Shortfall};
use crate::experiment::results::{CaseResult, Replication};
use crate::model::record::{self, Stage};
use crate::stats::{Interval, PairedDifference, bonferroni, mean, wilson};
use crate::time::Time;

/// The confidence that all intervals for one stage have together.
const CONFIDENCE: f64 = 0.95;

/// Scenarios compared pair by pair.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The scenarios' names, in the order given; the first one is what the others are held against.
    pub names: Vec<String>,
    /// The results of each.
    pub cases: Vec<CaseResult>,
    /// The stage that the scale-up is for: the last one that all of them have, without scale-down.
    pub goal: String,
    /// Every pair and stage that both have: a before b in the order given, then the stages in causal order.
    pub differences: Vec<Difference>,
    /// The confidence of each single interval, so that those of all pairs hold together with 95 %.
    pub confidence_each: f64,
}

/// How much later a stage is ready in b than in a.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The place of the first scenario.
    pub a: usize,
    /// The place of the second scenario.
    pub b: usize,
    /// The stage.
    pub stage: String,
    /// Seconds of b minus a, over the replications in which both became ready; absent if there were none.
    pub paired: Option<PairedDifference>,
    /// Replications of each.
    pub replications: u32,
    /// In how many of them only a became ready.
    pub only_a: u32,
    /// In how many of them only b became ready.
    pub only_b: u32,
    /// The share of replications in which b is ready sooner; the same instant counts half.
    pub b_faster: f64,
    /// An interval for that probability; equal instants count for its lower end as lost, for its upper end as won.
    pub b_faster_interval: Interval,
}

/// The scenario whose workload is ready first on average.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Best {
    /// Its place.
    pub place: usize,
    /// The places of those that cannot be told apart from it.
    pub rivals: Vec<usize>,
}

impl Comparison {
    /// Compares the results of at least two scenarios, which have as many replications each, from the same seed.
    ///
    /// # Panics
    /// With fewer than two, or with different numbers of replications: our own mistake.
    pub fn of(names: Vec<String>, cases: Vec<CaseResult>) -> Self {
        assert!(cases.len() >= 2 && names.len() == cases.len(), "a comparison has two sides");
        let goal = goal(&cases.iter().map(|case| case.stages.as_slice()).collect::<Vec<_>>());
        let pairs: Vec<(usize, usize)> =
            (0..cases.len()).flat_map(|a| (a + 1..cases.len()).map(move |b| (a, b))).collect();
        let confidence_each = bonferroni(CONFIDENCE, pairs.len());
        let mut differences = Vec::new();
        for &(a, b) in &pairs {
            for stage in shared(&cases[a], &cases[b]) {
                differences.push(difference(&cases, a, b, stage, confidence_each));
            }
        }
        Self { names, cases, goal, differences, confidence_each }
    }

    /// The difference between the first scenario and another one, at the goal.
    pub fn against_first(&self, b: usize) -> Option<&Difference> {
        self.between(0, b, &self.goal)
    }

    /// The difference of one pair, `a` before `b`, at one stage.
    pub fn between(&self, a: usize, b: usize, stage: &str) -> Option<&Difference> {
        self.differences.iter().find(|difference| (difference.a, difference.b) == (a, b) && difference.stage == stage)
    }

    /// The best scenario: the smallest mean at the goal, among those that became ready most often.
    ///
    /// It is told apart from a rival where the interval of their difference leaves zero out. All pairs are corrected
    /// for, so it does not matter that the best was picked after looking.
    pub fn best(&self) -> Option<Best> {
        let key = |place: usize| {
            let case = &self.cases[place];
            let seconds = ready(&case.stages, &case.replications, &self.goal);
            let both: Vec<f64> = seconds.iter().copied().flatten().collect();
            Some((seconds.len() - both.len(), mean(&both)?))
        };
        let ranked = (0..self.cases.len()).filter_map(|place| Some((place, key(place)?)));
        let (place, (never, _)) = ranked.min_by(|(_, a), (_, b)| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)))?;
        let open = |&other: &usize| {
            let difference = self.between(place.min(other), place.max(other), &self.goal);
            let other_never = key(other).map_or(usize::MAX, |key| key.0);
            other_never <= never
                && difference.and_then(|found| found.paired.as_ref()).is_none_or(|paired| !paired.resolved)
        };
        Some(Best { place, rivals: (0..self.cases.len()).filter(|&other| other != place).filter(open).collect() })
    }

    /// The difference against the first scenario that is furthest from the precision asked for, at the goal; `None`
    /// when all have it. A difference that is exactly zero every time is known.
    pub fn shortfall(&self, rule: Precision) -> Option<Shortfall> {
        let seconds: Vec<_> =
            self.cases.iter().map(|case| ready(&case.stages, &case.replications, &self.goal)).collect();
        shortfall(&self.names, &seconds, rule)
    }

    /// The same of sides that are not finished: the stages and the replications so far of each.
    pub fn shortfall_of(
        names: &[String],
        sides: &[(Vec<Stage>, &[Replication])],
        rule: Precision,
    ) -> Option<Shortfall> {
        let goal = goal(&sides.iter().map(|(stages, _)| stages.as_slice()).collect::<Vec<_>>());
        let seconds: Vec<_> = sides.iter().map(|(stages, replications)| ready(stages, replications, &goal)).collect();
        shortfall(names, &seconds, rule)
    }
}

fn shortfall(names: &[String], seconds: &[Vec<Option<f64>>], rule: Precision) -> Option<Shortfall> {
    let missing = |b: usize| {
        let pairs = seconds[0].iter().zip(&seconds[b]);
        let differences: Vec<f64> = pairs.filter_map(|(a, b)| Some((*b)? - (*a)?)).collect();
        if differences.is_empty() { None } else { rule.missing(names[b].clone(), &differences) }
    };
    let size = |shortfall: &Shortfall| shortfall.relative.unwrap_or(f64::INFINITY);
    (1..seconds.len()).filter_map(missing).max_by(|a, b| size(a).total_cmp(&size(b)))
}

/// The last stage before scale-down that all have.
fn goal(stages: &[&[Stage]]) -> String {
    let has = |stages: &[Stage], name: &str| stages.iter().any(|stage| stage.name == name);
    let up_to_goal = &stages[0][..record::goal(stages[0]).map_or(0, |goal| goal + 1)];
    let common = up_to_goal.iter().rfind(|stage| stages.iter().all(|other| has(other, &stage.name)));
    common.map(|stage| stage.name.clone()).unwrap_or_default()
}

fn shared<'a>(a: &'a CaseResult, b: &CaseResult) -> Vec<&'a str> {
    let names = a.stages.iter().map(|stage| stage.name.as_str());
    names.filter(|name| b.stages.iter().any(|stage| stage.name == *name)).collect()
}

/// Seconds until a stage was ready, replication by replication.
fn ready(stages: &[Stage], replications: &[Replication], stage: &str) -> Vec<Option<f64>> {
    let place = stages.iter().position(|known| known.name == stage);
    let of = |place: usize| replications.iter().map(move |one| one.stages[place].ready.map(Time::as_secs_f64));
    place.map(|place| of(place).collect()).unwrap_or_default()
}

fn difference(cases: &[CaseResult], a: usize, b: usize, stage: &str, confidence: f64) -> Difference {
    let pairs: Vec<(Option<f64>, Option<f64>)> = {
        let [a, b] = [a, b].map(|place| ready(&cases[place].stages, &cases[place].replications, stage));
        assert_eq!(a.len(), b.len(), "replications come in pairs");
        a.into_iter().zip(b).collect()
    };
    let (of_a, of_b): (Vec<f64>, Vec<f64>) = pairs.iter().filter_map(|(a, b)| (*a).zip(*b)).unzip();
    let count = |which: fn(&(Option<f64>, Option<f64>)) -> bool| pairs.iter().filter(|pair| which(pair)).count() as u64;
    let (only_a, only_b) =
        (count(|pair| pair.0.is_some() && pair.1.is_none()), count(|pair| pair.0.is_none() && pair.1.is_some()));
    let won = count(|pair| matches!(pair, (Some(a), Some(b)) if b < a)) + only_b;
    let equal = count(|pair| matches!(pair, (Some(a), Some(b)) if b.total_cmp(a).is_eq()) || *pair == (None, None));
    let all = pairs.len() as u64;
    Difference {
        a,
        b,
        stage: stage.to_owned(),
        paired: PairedDifference::of(&of_a, &of_b, confidence),
        replications: all as u32,
        only_a: only_a as u32,
        only_b: only_b as u32,
        b_faster: (won as f64 + 0.5 * equal as f64) / all as f64,
        b_faster_interval: Interval {
            low: wilson(won, all, confidence).low,
            high: wilson(won + equal, all, confidence).high,
        },
    }
}
