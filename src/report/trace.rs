//! One scale-up as a trace for Perfetto or Chrome: a process for each kind, a thread for each node or pod, a slice for
//! each wait, the critical path as a process of its own, arrows from who ended a wait, and counters of what is
//! Ready and of how many wait for each shared resource and are served by it.
//!
//! Format: the "Trace Event Format" of Chromium's catapult project, phases `M`, `X`, `C`, `s` and `f`; times are
//! microseconds.

use crate::experiment::path::PathPiece;
use crate::experiment::usage::usages;
use crate::model::params::Scenario;
use crate::model::record::{Cause, Record, ResourceId, Subject, Wait};
use crate::time::Time;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The process of the shared resources.
const RESOURCES: u32 = 0;
/// The process of the critical path; those of nodes, replicas and the `DaemonSet`s follow.
const PATH: u32 = 1;
const NODES: u32 = 2;
const REPLICAS: u32 = 3;
const DAEMONSETS: u32 = 4;

/// The trace of a record with its waits, as one JSON document; `goal` and `path` are the stage whose critical path is
/// shown, and that path. Of each kind at most `sample` subjects are shown, at equal distances, and all that the path
/// goes through.
pub fn trace(record: &Record, scenario: &Scenario, goal: &str, path: &[PathPiece], sample: usize) -> String {
    let shown = shown(record, path, sample);
    let mut events = named(scenario, &shown, goal);
    events.extend(path.iter().map(|piece| path_slice(record, piece)));
    let waits = record.waits.iter().filter(|wait| shown.contains(&wait.subject) && wait.cause != Cause::Ready);
    events.extend(waits.clone().map(|wait| slice(record, wait)));
    let arrows = waits.filter_map(|wait| Some((wait, wait.blocker.filter(|blocker| shown.contains(blocker))?)));
    events.extend(arrows.enumerate().flat_map(|(number, (wait, blocker))| arrow(number, wait, blocker)));
    let along = path.windows(2).filter(|pair| pair[0].subject != pair[1].subject).enumerate();
    events.extend(along.flat_map(|(number, pair)| along_path(number, &pair[0], &pair[1])));
    events.extend(counters(record));
    events.extend(loads(record));
    let document = json!({ "displayTimeUnit": "ms", "traceEvents": events });
    document.to_string() + "\n"
}

/// Who is shown.
fn shown(record: &Record, path: &[PathPiece], sample: usize) -> BTreeSet<Subject> {
    let all: BTreeSet<Subject> = record.waits.iter().map(|wait| wait.subject).collect();
    let all: Vec<Subject> = all.into_iter().collect();
    let mut shown: BTreeSet<Subject> = path.iter().map(|piece| piece.subject).collect();
    for kind in all.chunk_by(|a, b| process(*a) == process(*b)) {
        shown.extend(kind.iter().step_by(kind.len().div_ceil(sample.max(1)).max(1)));
    }
    shown
}

const fn process(subject: Subject) -> u32 {
    match subject {
        Subject::Node(_) => NODES,
        Subject::Replica(_) => REPLICAS,
        Subject::DaemonSetPod(set, _) => DAEMONSETS + set.0 as u32,
    }
}

fn micros(time: Time) -> f64 {
    time.as_nanos() as f64 / 1000.0
}

/// The names of processes and threads.
fn named(scenario: &Scenario, shown: &BTreeSet<Subject>, goal: &str) -> Vec<Value> {
    let meta = |what: &str, pid: u32, tid: u32, name: &str| {
        let named = json!({ "name": name });
        json!({ "ph": "M", "name": what, "pid": pid, "tid": tid, "args": named })
    };
    let mut events = vec![
        meta("process_name", PATH, 0, &format!("critical path of {goal}")),
        meta("thread_name", PATH, 0, "what it waits for"),
        meta("process_name", RESOURCES, 0, "shared resources"),
    ];
    let processes: BTreeSet<u32> = shown.iter().map(|subject| process(*subject)).collect();
    for pid in processes {
        let name = match pid {
            NODES => "nodes".to_owned(),
            REPLICAS => "replicas".to_owned(),
            set => scenario.daemonset.at((set - DAEMONSETS) as usize).0.to_owned(),
        };
        events.push(meta("process_name", pid, 0, &name));
    }
    for &subject in shown {
        let name = match subject {
            Subject::Replica(number) => format!("replica {number}"),
            Subject::Node(number) | Subject::DaemonSetPod(_, number) => format!("node {number}"),
        };
        events.push(meta("thread_name", process(subject), subject.number(), &name));
    }
    events
}

fn name(record: &Record, cause: Cause, resource: ResourceId) -> String {
    format!("{}: {}", cause.word(), record.resources[resource])
}

fn whole(name: &str, cause: Cause, (pid, tid): (u32, u32), (from, to): (Time, Time)) -> Value {
    let (ts, dur) = (micros(from), (to - from).as_nanos() as f64 / 1000.0);
    json!({ "ph": "X", "name": name, "cat": cause.word(), "pid": pid, "tid": tid, "ts": ts, "dur": dur })
}

fn slice(record: &Record, wait: &Wait) -> Value {
    let place = (process(wait.subject), wait.subject.number());
    whole(&name(record, wait.cause, wait.resource), wait.cause, place, (wait.from, wait.to))
}

fn path_slice(record: &Record, piece: &PathPiece) -> Value {
    whole(&name(record, piece.cause, piece.resource), piece.cause, (PATH, 0), (piece.from, piece.to))
}

/// An arrow from who ended a wait to the end of the wait.
fn arrow(number: usize, wait: &Wait, blocker: Subject) -> [Value; 2] {
    ends("blocker", &format!("b{number}"), (blocker, wait.to), (wait.subject, wait.to))
}

/// An arrow where the critical path goes on with another subject.
fn along_path(number: usize, from: &PathPiece, to: &PathPiece) -> [Value; 2] {
    ends("critical path", &format!("p{number}"), (from.subject, from.to), (to.subject, to.from))
}

fn ends(cat: &str, id: &str, from: (Subject, Time), to: (Subject, Time)) -> [Value; 2] {
    let end = |phase: &str, (subject, at): (Subject, Time)| {
        let (pid, tid) = (process(subject), subject.number());
        json!({ "ph": phase, "name": cat, "cat": cat, "id": id, "pid": pid, "tid": tid, "ts": micros(at), "bp": "e" })
    };
    [end("s", from), end("f", to)]
}

/// How many of each stage are Ready, from each instant at which that changes.
fn counters(record: &Record) -> Vec<Value> {
    let mut ready = vec![0_i64; record.stages.len()];
    let counted = record.transitions.iter().map(|change| {
        let stage = change.stage.index();
        ready[stage] += if change.ready { 1 } else { -1 };
        let (name, count) = (format!("ready: {}", record.stages[stage].name), ready[stage]);
        json!({ "ph": "C", "name": name, "pid": PATH, "tid": 0, "ts": micros(change.at), "args": { "ready": count } })
    });
    counted.collect()
}

/// How many wait for each shared resource and are served by it, and the part of the most that it ever served at once.
fn loads(record: &Record) -> Vec<Value> {
    let counters = usages(record).into_iter().flat_map(|usage| {
        let loads = usage.loads();
        let most = f64::from(loads.iter().map(|load| load.served).max().unwrap_or(0).max(1));
        let counter = |name: String, at: Time, values: Value| {
            json!({ "ph": "C", "name": name, "pid": RESOURCES, "tid": 0, "ts": micros(at), "args": values })
        };
        let of = loads.into_iter().flat_map(|load| {
            let used = (f64::from(load.served) / most * 1000.0).round() / 1000.0;
            let line = json!({ "waiting": load.waiting, "served": load.served });
            let name = &usage.resource;
            [
                counter(format!("line: {name}"), load.at, line),
                counter(format!("utilisation: {name}"), load.at, json!({ "of the most": used })),
            ]
        });
        of.collect::<Vec<_>>()
    });
    counters.collect()
}
