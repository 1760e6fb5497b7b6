//! What relief of resources brings: the same scale-ups again, each resource relieved by the step that its key allows,
//! then of those that gain most by more and less than that, and two at a time.

use super::{See, Unexplained};
use crate::experiment::holders::{Holder, StagePath};
use crate::experiment::levers::{Lever, lever};
use crate::model::Plan;
use crate::model::record::Stage;
use crate::scenario::{Document, Loaded};
use crate::stats::PairedDifference;
use serde::{Deserialize, Serialize};

/// A resource is relieved if it holds that share of the path of a stage, on average.
const SHARE_MIN: f64 = 0.02;
/// Or holds some of it in that share of the replications, and not next to nothing.
const CRITICALITY_MIN: f64 = 0.1;
const NEXT_TO_NOTHING: f64 = 0.005;
const CONFIDENCE: f64 = 0.95;
/// Of so many that gain most, more is simulated.
const FIRST: usize = 3;
/// By how much less of their time the first are relieved, for the curve.
pub const LESS: [f64; 4] = [0.1, 0.25, 0.5, 1.0];

/// What relief of a resource brings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Relief {
    /// The resource.
    pub resource: String,
    /// The step.
    pub lever: Lever,
    /// Seconds that the goal is ready sooner; absent if it never was ready both ways.
    pub gain: Option<PairedDifference>,
    /// What holds the path longest after relief.
    pub next: Option<Holder>,
    /// What more and less relief than that brings; empty but for the resources that gain most.
    pub curve: Vec<ReliefPoint>,
}

/// What relief of a resource by some part of its time brings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReliefPoint {
    /// The part of its time, from 0 to 1.
    pub less: f64,
    /// The value of the key; the scenario's own where a whole number is too small to be changed by so little.
    pub lever: Lever,
    /// Seconds that the goal is ready sooner.
    pub gain: Option<PairedDifference>,
}

/// What relief of two resources at once brings, each by its step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The resources.
    pub resources: [String; 2],
    /// The steps.
    pub levers: [Lever; 2],
    /// Seconds that the goal is ready sooner.
    pub gain: Option<PairedDifference>,
    /// What holds the path longest after that.
    pub next: Option<Holder>,
}

/// How much sooner the goal is ready, and what holds its path then.
type Brings = (Option<PairedDifference>, Option<Holder>);

/// Scale-ups of a scenario, to be simulated again with changes.
pub(super) struct Again<'a> {
    pub(super) see: &'a See<'a>,
    pub(super) loaded: &'a Loaded,
    pub(super) stages: &'a [Stage],
    /// The place of the goal.
    pub(super) goal: usize,
    /// The paths of all stages up to the goal, without changes.
    pub(super) paths: &'a [StagePath],
}

impl Again<'_> {
    /// What relief of each resource brings, the largest gain first, and of pairs of the first ones.
    pub(super) fn all(&self) -> Result<(Vec<Relief>, Vec<Pair>), Unexplained> {
        let mut reliefs = Vec::new();
        for (resource, lever) in self.levers() {
            let Some((gain, next)) = self.with(&[&lever])? else { continue };
            reliefs.push(Relief { resource, lever, gain, next, curve: Vec::new() });
        }
        let gained = |relief: &Relief| relief.gain.as_ref().map_or(f64::NEG_INFINITY, |gain| gain.mean);
        reliefs.sort_by(|a, b| gained(b).total_cmp(&gained(a)));
        let first = reliefs.iter().take(FIRST).filter(|relief| gained(relief) > 0.0).count();
        for relief in &mut reliefs[..first] {
            relief.curve = self.curve(relief)?;
        }
        Ok((self.pairs(&reliefs[..first])?, reliefs)).map(|(pairs, reliefs)| (reliefs, pairs))
    }

    /// The steps that relieve what holds enough of the path of a stage, each once; those of the goal's first.
    fn levers(&self) -> Vec<(String, Lever)> {
        let enough = |holder: &&Holder| {
            holder.share >= SHARE_MIN || holder.criticality >= CRITICALITY_MIN && holder.share >= NEXT_TO_NOTHING
        };
        let Loaded { scenario, document, .. } = self.loaded;
        let mut found: Vec<(String, Lever)> = Vec::new();
        for holder in self.paths.iter().rev().flat_map(|path| path.holders.iter().filter(enough)) {
            let lever = lever(&holder.resource, holder.cause, scenario, document);
            if let Some(lever) = lever.filter(|lever| !found.iter().any(|(_, known)| known.key == lever.key)) {
                found.push((holder.resource.clone(), lever));
            }
        }
        found
    }

    /// More and less relief of one.
    fn curve(&self, relief: &Relief) -> Result<Vec<ReliefPoint>, Unexplained> {
        let mut points = Vec::new();
        let none = gain(&self.before().ready_s, &self.before().ready_s);
        for less in LESS {
            let Some(lever) = relief.lever.less(less, self.document()) else { continue };
            let gain = match &lever {
                lever if *lever == relief.lever => relief.gain,
                lever if lever.from == lever.to => none,
                lever => {
                    let Ok(relieved) = self.document().with(&[lever.setting()]) else { continue };
                    gain(&self.before().ready_s, &self.see.ready_s(&Plan::new(&relieved.scenario), self.goal)?)
                }
            };
            points.push(ReliefPoint { less, lever, gain });
        }
        Ok(points)
    }

    fn pairs(&self, first: &[Relief]) -> Result<Vec<Pair>, Unexplained> {
        let mut pairs = Vec::new();
        for (place, a) in first.iter().enumerate() {
            for b in &first[place + 1..] {
                let Some((gain, next)) = self.with(&[&a.lever, &b.lever])? else { continue };
                let resources = [a, b].map(|relief| relief.resource.clone());
                pairs.push(Pair { resources, levers: [a, b].map(|relief| relief.lever.clone()), gain, next });
            }
        }
        let gained = |pair: &Pair| pair.gain.as_ref().map_or(f64::NEG_INFINITY, |gain| gain.mean);
        pairs.sort_by(|a, b| gained(b).total_cmp(&gained(a)));
        Ok(pairs)
    }

    /// How much sooner the goal is ready with these steps, over the replications in which it is ready both ways, and
    /// what holds its path then; `None` where the scenario does not allow them.
    fn with(&self, levers: &[&Lever]) -> Result<Option<Brings>, Unexplained> {
        let settings: Vec<_> = levers.iter().map(|lever| lever.setting()).collect();
        let Ok(relieved) = self.document().with(&settings) else { return Ok(None) };
        let again = self.see.path(&Plan::new(&relieved.scenario), self.goal)?;
        let after = StagePath::of(&self.stages[self.goal], again.iter().map(|parts| &**parts));
        Ok(Some((gain(&self.before().ready_s, &after.ready_s), after.holders.into_iter().next())))
    }

    fn before(&self) -> &StagePath {
        &self.paths[self.goal]
    }

    const fn document(&self) -> &Document {
        &self.loaded.document
    }
}

/// How much sooner it is after relief than before, over the replications in which it is ready both ways.
fn gain(before: &[Option<f64>], after: &[Option<f64>]) -> Option<PairedDifference> {
    let pairs = after.iter().zip(before).filter_map(|(after, before)| Some(((*after)?, (*before)?)));
    let (after, before): (Vec<f64>, Vec<f64>) = pairs.unzip();
    PairedDifference::of(&after, &before, CONFIDENCE)
}
