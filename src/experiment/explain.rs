//! What holds the critical path of each stage over all replications, what the end gains if a resource is relieved, and
//! what binds then.
//!
//! Seconds on the path are no savings: another path may be right behind. So every resource that holds enough of the
//! path of the goal is relieved by the step that its key allows, and the same scale-ups are simulated again under the
//! same random numbers, as Coz does for code (Curtsinger and Berger, SOSP 2015).

use crate::experiment::levers::{Lever, lever};
use crate::experiment::path::{Piece, critical_paths};
use crate::experiment::rounds::WorkerPool;
use crate::model::params::Scenario;
use crate::model::record::{Cause, Record, Subject, Unready, goal};
use crate::model::{Plan, Simulator};
use crate::scenario::{Document, Loaded, Problems};
use crate::stats::{Interval, PairedDifference, mean, mean_interval};
use crate::time::{Span, Time};
use std::collections::BTreeMap;

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
    pub waiting_for: Vec<Unready>,
}

/// The critical path of a stage over replications.
#[derive(Clone, Debug, PartialEq)]
pub struct StagePath {
    /// The stage.
    pub stage: String,
    /// Seconds until it was ready, by replication; absent where it never was.
    pub ready_s: Vec<Option<f64>>,
    /// What holds the path, the longest first.
    pub holders: Vec<Holder>,
}

/// What a resource holds of a path, for one cause.
#[derive(Clone, Debug, PartialEq)]
pub struct Holder {
    /// The resource; what every pod has of its own is named with whose it is, such as `container-start of rok`.
    pub resource: String,
    /// Why it is waited for.
    pub cause: Cause,
    /// Seconds of the path, on average over the replications in which the stage was ready.
    pub mean_s: f64,
    /// The 95 % interval of that mean; absent with a single replication.
    pub interval: Option<Interval>,
    /// The part of the stage's mean.
    pub share: f64,
    /// The part of the replications in whose path it is.
    pub criticality: f64,
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

/// By resource and cause: its part of a path.
type Parts = BTreeMap<(String, Cause), Span>;

/// One replication: by stage when it was ready and what holds its path.
struct Seen {
    stages: Vec<Option<(Time, Parts)>>,
    waiting_for: Vec<Unready>,
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
    let paths: Vec<StagePath> = (0..=goal).map(|place| stage_path(&stages[place].name, place, &seen)).collect();
    let mut reliefs = Vec::new();
    for (resource, lever) in levers(&paths[goal], &loaded.scenario, &loaded.document) {
        let relieved = loaded.document.with(&[lever.setting()]).map_err(Unexplained::Problems)?;
        let again = see(&Plan::new(&relieved.scenario), workers, replications, stopped)?;
        let after = stage_path(&stages[goal].name, goal, &again);
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
    let of = |record: Record| {
        let paths = critical_paths(&record, plan.scenario());
        let ready = |pieces: &Vec<Piece>| pieces.last().map_or(Time::ZERO, |piece| piece.to);
        let stages = paths
            .iter()
            .map(|path| path.as_ref().map(|pieces| (ready(pieces), parts(pieces, &record, plan.scenario()))));
        Seen { stages: stages.collect(), waiting_for: record.end.waiting_for }
    };
    workers.records(plan, replications, stopped, &of).ok_or(Unexplained::Stopped)
}

fn parts(pieces: &[Piece], record: &Record, scenario: &Scenario) -> Parts {
    let mut parts = Parts::new();
    for piece in pieces {
        *parts.entry((named(piece, record, scenario), piece.cause)).or_default() += piece.length();
    }
    parts
}

/// What a piece waits for; what every pod has of its own, with whose it is.
fn named(piece: &Piece, record: &Record, scenario: &Scenario) -> String {
    let resource = record.resources[usize::from(piece.resource)].as_str();
    match resource {
        "container-start" | "readiness-probe" => format!("{resource} of {}", whose(piece.subject, scenario)),
        _ => resource.to_owned(),
    }
}

fn whose(subject: Subject, scenario: &Scenario) -> String {
    match subject {
        Subject::Node(_) => "node".to_owned(),
        Subject::DaemonSetPod(set, _) => scenario.daemonset.at(usize::from(set)).0.to_owned(),
        Subject::Replica(_) => "replica".to_owned(),
    }
}

fn stage_path(stage: &str, place: usize, seen: &[Seen]) -> StagePath {
    let whole: Vec<&(Time, Parts)> = seen.iter().filter_map(|seen| seen.stages[place].as_ref()).collect();
    let mut keys: Vec<&(String, Cause)> = whole.iter().flat_map(|(_, parts)| parts.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let times: Vec<f64> = whole.iter().map(|(ready, _)| ready.as_secs_f64()).collect();
    let in_all = mean(&times).unwrap_or_default();
    let holder = |key: &(String, Cause)| {
        let seconds: Vec<f64> =
            whole.iter().map(|(_, parts)| parts.get(key).map_or(0.0, |part| part.as_secs_f64())).collect();
        let held = whole.iter().filter(|(_, parts)| parts.contains_key(key)).count();
        let mean_s = mean(&seconds).unwrap_or_default();
        Holder {
            resource: key.0.clone(),
            cause: key.1,
            mean_s,
            interval: mean_interval(&seconds, CONFIDENCE),
            share: mean_s / in_all,
            criticality: held as f64 / whole.len() as f64,
        }
    };
    let mut holders: Vec<Holder> = keys.into_iter().map(holder).collect();
    holders.sort_by(|a, b| b.mean_s.total_cmp(&a.mean_s));
    let ready_s = seen.iter().map(|seen| seen.stages[place].as_ref().map(|(ready, _)| ready.as_secs_f64()));
    StagePath { stage: stage.to_owned(), ready_s: ready_s.collect(), holders }
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
