//! What holds the critical path of a stage: in one replication, by resource and cause, and over replications.

use crate::experiment::path::{PathPiece, Retiming, critical_paths};
use crate::model::params::Scenario;
use crate::model::record::{Cause, Record, Stage, Subject, goal};
use crate::stats::{Interval, mean, mean_interval};
use crate::time::{Span, Time};
use serde::{Deserialize, Serialize};

const CONFIDENCE: f64 = 0.95;

/// What a resource holds of the path of one replication, for one cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "(String, Cause, Span)", from = "(String, Cause, Span)")]
pub struct Part {
    /// The resource; what every pod has of its own is named with whose it is, such as `container-start of rok`.
    pub resource: String,
    /// Why it is waited for.
    pub cause: Cause,
    /// For how long, in all.
    pub length: Span,
}

/// The critical path of a stage over replications.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StagePath {
    /// The stage.
    pub stage: String,
    /// Seconds until it was ready, by replication; absent where it never was.
    pub ready_s: Vec<Option<f64>>,
    /// What holds the path, the longest first.
    pub holders: Vec<Holder>,
}

/// What a resource holds of a path, for one cause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// Seconds that the stage would be ready sooner if those of the path took no time and all else stayed as it was, on
    /// average over the replications of which that was computed; absent if it was not.
    pub drag_s: Option<f64>,
}

/// What holds the path of each stage up to the goal in one replication, in the order of names; empty where the stage
/// was never ready. Waits must have been recorded.
pub fn parts_of_stages(record: &Record, scenario: &Scenario) -> Vec<Vec<Part>> {
    let paths = critical_paths(record).into_iter().take(goal(&record.stages).map_or(0, |goal| goal + 1));
    paths.map(|path| parts(&path.unwrap_or_default(), record, scenario)).collect()
}

/// The pieces of a path, those of the same resource and cause together, in the order of names.
pub fn parts(pieces: &[PathPiece], record: &Record, scenario: &Scenario) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for piece in pieces {
        let resource = named(piece, record, scenario);
        match parts.iter_mut().find(|part| part.cause == piece.cause && part.resource == resource) {
            Some(part) => part.length += piece.length(),
            None => parts.push(Part { resource, cause: piece.cause, length: piece.length() }),
        }
    }
    parts.sort_by(|a, b| (&a.resource, a.cause).cmp(&(&b.resource, b.cause)));
    parts
}

/// What each of the parts that [`parts_of_stages`] finds adds to the end of its stage.
pub fn drags_of_stages(record: &Record, scenario: &Scenario) -> Vec<Vec<Span>> {
    let retiming = Retiming::of(record);
    let paths = critical_paths(record).into_iter().take(goal(&record.stages).map_or(0, |goal| goal + 1));
    let of = |(stage, path): (usize, Option<Vec<PathPiece>>)| {
        let pieces = path.unwrap_or_default();
        let names: Vec<String> = pieces.iter().map(|piece| named(piece, record, scenario)).collect();
        let drag = |part: &Part| {
            let of = pieces.iter().zip(&names);
            let of = of.filter(|(piece, name)| piece.cause == part.cause && **name == part.resource);
            retiming.drag(stage, of.map(|(piece, _)| piece))
        };
        parts(&pieces, record, scenario).iter().map(drag).collect()
    };
    paths.enumerate().map(of).collect()
}

/// What a piece waits for; what every pod has of its own, with whose it is.
pub fn named(piece: &PathPiece, record: &Record, scenario: &Scenario) -> String {
    let resource = record.resources[piece.resource].as_str();
    match resource {
        "container-start" | "readiness-probe" => format!("{resource} of {}", whose(piece.subject, scenario)),
        _ => resource.to_owned(),
    }
}

/// The kind of a subject: `node`, a `DaemonSet`'s name, or `replica`.
pub fn whose(subject: Subject, scenario: &Scenario) -> String {
    match subject {
        Subject::Node(_) => "node".to_owned(),
        Subject::DaemonSetPod(set, _) => scenario.daemonset.at(set.index()).0.to_owned(),
        Subject::Replica(_) => "replica".to_owned(),
    }
}

impl StagePath {
    /// Of a stage, with what [`parts_of_stages`] says of its place in each replication.
    pub fn of<'a>(stage: &Stage, replications: impl Iterator<Item = &'a [Part]>) -> Self {
        let replications: Vec<&[Part]> = replications.collect();
        let ready = |parts: &&[Part]| {
            let whole = parts.iter().fold(Time::ZERO, |sum, part| sum + part.length);
            (!parts.is_empty()).then(|| whole.as_secs_f64())
        };
        let ready_s: Vec<Option<f64>> = replications.iter().map(ready).collect();
        let whole: Vec<&[Part]> = replications.into_iter().filter(|parts| !parts.is_empty()).collect();
        Self { stage: stage.name.clone(), holders: holders(&whole), ready_s }
    }

    /// Of every stage up to the goal.
    pub fn all(stages: &[Stage], replications: &[Vec<Vec<Part>>]) -> Vec<Self> {
        let up_to = goal(stages).map_or(0, |goal| goal + 1);
        let of = |place: usize| Self::of(&stages[place], replications.iter().map(|paths| &*paths[place]));
        (0..up_to).map(of).collect()
    }

    /// The same with the drags of the first replications, in the order of their parts.
    #[must_use]
    pub fn with_drags(mut self, replications: &[(&[Part], &[Span])]) -> Self {
        let ready: Vec<_> = replications.iter().filter(|(parts, _)| !parts.is_empty()).collect();
        for holder in &mut self.holders {
            let of = |(parts, drags): &&(&[Part], &[Span])| {
                let place =
                    parts.iter().position(|part| part.cause == holder.cause && part.resource == holder.resource);
                place.map_or(0.0, |place| drags[place].as_secs_f64())
            };
            holder.drag_s = mean(&ready.iter().map(of).collect::<Vec<_>>());
        }
        self
    }

    /// The seconds until the stage was ready, on average; `None` if it never was.
    pub fn mean_ready_s(&self) -> Option<f64> {
        mean(&self.ready_s.iter().copied().flatten().collect::<Vec<_>>())
    }
}

/// What holds the paths of replications in which a stage was ready, the longest first.
fn holders(whole: &[&[Part]]) -> Vec<Holder> {
    let mut keys: Vec<(&str, Cause)> =
        whole.iter().flat_map(|parts| parts.iter().map(|part| (part.resource.as_str(), part.cause))).collect();
    keys.sort_unstable();
    keys.dedup();
    let ready = |parts: &&[Part]| parts.iter().fold(Time::ZERO, |sum, part| sum + part.length).as_secs_f64();
    let in_all = mean(&whole.iter().map(ready).collect::<Vec<_>>()).unwrap_or_default();
    let holder = |(resource, cause): (&str, Cause)| {
        let length = |parts: &&[Part]| {
            let found = parts.iter().find(|part| part.cause == cause && part.resource == resource);
            found.map(|part| part.length.as_secs_f64())
        };
        let held: Vec<Option<f64>> = whole.iter().map(length).collect();
        let seconds: Vec<f64> = held.iter().map(|held| held.unwrap_or_default()).collect();
        let mean_s = mean(&seconds).unwrap_or_default();
        Holder {
            resource: resource.to_owned(),
            cause,
            mean_s,
            interval: mean_interval(&seconds, CONFIDENCE),
            share: mean_s / in_all,
            drag_s: None,
            criticality: held.iter().flatten().count() as f64 / whole.len() as f64,
        }
    };
    let mut holders: Vec<Holder> = keys.into_iter().map(holder).collect();
    holders.sort_by(|a, b| b.mean_s.total_cmp(&a.mean_s));
    holders
}

impl From<Part> for (String, Cause, Span) {
    fn from(Part { resource, cause, length }: Part) -> Self {
        (resource, cause, length)
    }
}

impl From<(String, Cause, Span)> for Part {
    fn from((resource, cause, length): (String, Cause, Span)) -> Self {
        Self { resource, cause, length }
    }
}
