//! What holds the critical path of each stage over all replications, what the end gains if a resource is relieved, and
//! what binds then.
//!
//! Seconds on the path are no savings: another path may be right behind. So every resource that holds enough of the
//! path of the goal is relieved by the step that its key allows, and the same scale-ups are simulated again under the
//! same random numbers, as Coz does for code (Curtsinger and Berger, SOSP 2015).

use crate::experiment::holders::{Holder, Part, StagePath, parts_of_stages, whose};
use crate::experiment::levers::{Lever, lever};
use crate::experiment::path::{Piece, critical_paths};
use crate::experiment::rounds::WorkerPool;
use crate::model::params::Scenario;
use crate::model::record::{Cause, Record, Stage, Subject, goal};
use crate::model::{Plan, Simulator};
use crate::scenario::{Document, Loaded, Problems};
use crate::stats::PairedDifference;
use crate::time::Time;

/// A resource is relieved if it holds that share of the goal's path, on average.
const SHARE_MIN: f64 = 0.02;
/// Or holds some of it in that share of the replications, and not next to nothing.
const CRITICALITY_MIN: f64 = 0.1;
const NEXT_TO_NOTHING: f64 = 0.005;
const CONFIDENCE: f64 = 0.95;

/// Why a scale-up takes as long as it does.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The stages up to the goal, in causal order.
    pub stages: Vec<StagePath>,
    /// What relief of each resource brings to the goal, the largest gain first.
    pub reliefs: Vec<Relief>,
    /// Of the replication with the lower median of the goal: its number, and the goal's path. `None` if the goal was
    /// never ready.
    pub told: Option<(u32, Vec<Step>)>,
    /// How many replications.
    pub replications: u32,
    /// What the first replication that was not ready still waited for; empty if all were.
    pub waiting_for: Vec<String>,
}

/// What relief of a resource brings.
#[derive(Clone, Debug, PartialEq)]
pub struct Relief {
    /// The resource.
    pub resource: String,
    /// The step.
    pub lever: Lever,
    /// Seconds that the goal is ready sooner; absent if it never was ready both ways.
    pub gain: Option<PairedDifference>,
    /// What holds the path longest after relief.
    pub next: Option<Holder>,
}

/// A piece of the path that is told, in words of the record.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Who waited.
    pub subject: Subject,
    /// Its kind: `node`, a `DaemonSet`'s name, or `replica`.
    pub whose: String,
    /// Why.
    pub cause: Cause,
    /// What for.
    pub resource: String,
    /// Beginning.
    pub from: Time,
    /// End.
    pub to: Time,
}

/// What could not be explained.
#[derive(Debug)]
pub enum Unexplained {
    /// A scenario with a relieved key is none.
    Problems(Problems),
    /// Somebody stopped it.
    Stopped,
}

/// One replication: what holds the path of each stage up to the goal.
struct Seen {
    paths: Vec<Vec<Part>>,
    waiting_for: Vec<String>,
}

/// Explains the first `replications` scale-ups of a scenario; `stopped` is asked now and then.
///
/// # Errors
/// [`Unexplained`].
pub fn explain(
    loaded: &Loaded,
    workers: &WorkerPool,
    replications: u32,
    stopped: &(dyn Fn() -> bool + Sync),
) -> Result<Explanation, Unexplained> {
    let plan = Plan::new(&loaded.scenario);
    let seen = see(&plan, workers, replications, stopped)?;
    let stages = plan.stages();
    let goal = goal(&stages).unwrap_or_default();
    let paths = paths(&stages, &seen);
    let mut reliefs = Vec::new();
    for (resource, lever) in levers(&paths[goal], &loaded.scenario, &loaded.document) {
        let relieved = loaded.document.with(&[lever.setting()]).map_err(Unexplained::Problems)?;
        let again = see(&Plan::new(&relieved.scenario), workers, replications, stopped)?;
        let after = StagePath::of(&stages[goal], again.iter().map(|seen| &*seen.paths[goal]));
        reliefs.push(Relief {
            resource,
            lever,
            gain: gain(&paths[goal], &after),
            next: after.holders.into_iter().next(),
        });
    }
    let gained = |relief: &Relief| relief.gain.as_ref().map_or(f64::NEG_INFINITY, |gain| gain.mean);
    reliefs.sort_by(|a, b| gained(b).total_cmp(&gained(a)));
    let told = lower_median(&paths[goal]).map(|number| (number, tell(&plan, workers, number, goal)));
    let waiting_for = seen.into_iter().map(|seen| seen.waiting_for).find(|what| !what.is_empty()).unwrap_or_default();
    Ok(Explanation { stages: paths, reliefs, told, replications, waiting_for })
}

fn see(
    plan: &Plan,
    workers: &WorkerPool,
    replications: u32,
    stopped: &(dyn Fn() -> bool + Sync),
) -> Result<Vec<Seen>, Unexplained> {
    let of =
        |record: Record| Seen { paths: parts_of_stages(&record, plan.scenario()), waiting_for: record.end.waiting_for };
    workers.records(plan, replications, stopped, &of).ok_or(Unexplained::Stopped)
}

fn paths(stages: &[Stage], seen: &[Seen]) -> Vec<StagePath> {
    let of = |place: usize| StagePath::of(&stages[place], seen.iter().map(|seen| &*seen.paths[place]));
    (0..seen.first().map_or(0, |seen| seen.paths.len())).map(of).collect()
}

/// The steps that relieve what holds enough of the path, each once.
fn levers(path: &StagePath, scenario: &Scenario, document: &Document) -> Vec<(String, Lever)> {
    let enough = |holder: &&Holder| {
        holder.share >= SHARE_MIN || holder.criticality >= CRITICALITY_MIN && holder.share >= NEXT_TO_NOTHING
    };
    let mut found: Vec<(String, Lever)> = Vec::new();
    for holder in path.holders.iter().filter(enough) {
        let lever = lever(&holder.resource, holder.cause, scenario, document);
        if let Some(lever) = lever.filter(|lever| !found.iter().any(|(_, known)| known.key == lever.key)) {
            found.push((holder.resource.clone(), lever));
        }
    }
    found
}

/// How much sooner the goal is ready after relief, over the replications in which it is ready both ways.
fn gain(before: &StagePath, after: &StagePath) -> Option<PairedDifference> {
    let pairs = after.ready_s.iter().zip(&before.ready_s).filter_map(|(after, before)| Some(((*after)?, (*before)?)));
    let (after, before): (Vec<f64>, Vec<f64>) = pairs.unzip();
    PairedDifference::of(&after, &before, CONFIDENCE)
}

/// The replication in which the stage takes the lower median.
fn lower_median(path: &StagePath) -> Option<u32> {
    let ready = path.ready_s.iter().enumerate().filter_map(|(number, ready)| Some(((*ready)?, number as u32)));
    let mut ready: Vec<(f64, u32)> = ready.collect();
    ready.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let middle = ready.len().checked_sub(1)? / 2;
    Some(ready[middle].1)
}

/// The goal's path in one replication.
fn tell(plan: &Plan, workers: &WorkerPool, number: u32, goal: usize) -> Vec<Step> {
    let record = Simulator::new().run(plan, workers.seed(), number.into(), true);
    let scenario = plan.scenario();
    let pieces = critical_paths(&record, scenario).swap_remove(goal).unwrap_or_default();
    let step = |piece: &Piece| Step {
        subject: piece.subject,
        whose: whose(piece.subject, scenario),
        cause: piece.cause,
        resource: record.resources[usize::from(piece.resource)].clone(),
        from: piece.from,
        to: piece.to,
    };
    pieces.iter().map(step).collect()
}
