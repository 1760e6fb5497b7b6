//! What every shared resource had to do over time, from the waits of a record.
//!
//! A resource is shared if several wait for it or are served by it: a server, a worker, a rate, a link. What each node
//! or pod has of its own, such as its machine or its kubelet, is not.

use crate::experiment::capacity::Capacity;
use crate::model::record::{Cause, Record, ResourceId, Subject, Wait};
use crate::time::{Span, Time};
use std::collections::BTreeMap;

/// What a node or a pod has of its own.
const OWN: &[&str] = &[
    "machine",
    "kubelet",
    "node-network",
    "free-node",
    "image-pull-line",
    "image-unpack",
    "container-start",
    "readiness-probe",
    "mount-retry",
    "running",
    "pod-address",
    "csi-registration",
];

/// What a resource had to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// The resource.
    pub resource: String,
    /// Who waited for it or was served, in the order in which they came.
    pub jobs: Vec<Job>,
}

/// Somebody who waited for a resource and was served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Job {
    /// When it came.
    pub came: Time,
    /// When its service began; where it only had to wait, such as for a rate, when that was over.
    pub begun: Time,
    /// When it was done.
    pub done: Time,
    /// Whether it was a transfer, which takes a part of a link.
    pub moves: bool,
}

/// How many wait and are served, from an instant on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// The instant.
    pub at: Time,
    /// How many wait.
    pub waiting: u32,
    /// How many are served.
    pub served: u32,
    /// How many of these are transfers.
    pub moving: u32,
}

/// What the shared resources of a record had to do, in the order of the record's resources; waits must have been
/// recorded.
pub fn usages(record: &Record) -> Vec<Usage> {
    let mut jobs: BTreeMap<ResourceId, Vec<Job>> = BTreeMap::new();
    // Who waits in a line, for what, since when and until when.
    let mut lines: BTreeMap<Subject, (ResourceId, Time, Time)> = BTreeMap::new();
    let is_own = |wait: &Wait| OWN.contains(&record.resources[wait.resource].as_str());
    for wait in record.waits.iter().filter(|wait| !is_own(wait)) {
        let before = lines.remove(&wait.subject);
        let came = match before {
            Some((resource, since, until)) if resource == wait.resource && until == wait.from => since,
            Some((resource, since, until)) => {
                jobs.entry(resource).or_default().push(Job { came: since, begun: until, done: until, moves: false });
                wait.from
            }
            None => wait.from,
        };
        match wait.cause {
            Cause::Queue | Cause::Limit => {
                lines.insert(wait.subject, (wait.resource, came, wait.to));
            }
            Cause::Service | Cause::Transfer | Cause::Sharing => {
                let moves = wait.cause != Cause::Service;
                jobs.entry(wait.resource).or_default().push(Job { came, begun: wait.from, done: wait.to, moves });
            }
            _ => {}
        }
    }
    for (resource, since, until) in lines.into_values() {
        jobs.entry(resource).or_default().push(Job { came: since, begun: until, done: until, moves: false });
    }
    let usage = |(resource, mut jobs): (ResourceId, Vec<Job>)| {
        jobs.sort_unstable();
        Usage { resource: record.resources[resource].clone(), jobs }
    };
    jobs.into_iter().map(usage).collect()
}

impl Usage {
    /// How many wait and are served, from each instant at which that changes.
    pub fn loads(&self) -> Vec<Load> {
        let mut changes: Vec<(Time, [i64; 3])> = Vec::new();
        for job in &self.jobs {
            let moves = i64::from(job.moves);
            changes.extend([(job.came, [1, 0, 0]), (job.begun, [-1, 1, moves]), (job.done, [0, -1, -moves])]);
        }
        changes.sort_unstable_by_key(|change| change.0);
        let mut now = [0_i64; 3];
        let loads = changes.chunk_by(|a, b| a.0 == b.0).map(|together| {
            for (_, by) in together {
                now.iter_mut().zip(by).for_each(|(now, by)| *now += by);
            }
            let [waiting, served, moving] = now.map(|count| count as u32);
            Load { at: together[0].0, waiting, served, moving }
        });
        let mut loads: Vec<Load> = loads.collect();
        loads.dedup_by_key(|load| (load.waiting, load.served, load.moving));
        loads
    }

    /// How long somebody waits or is served, until `end`.
    pub fn busy(&self, end: Time) -> Span {
        let loads = self.loads();
        let busy = lengths(&loads, end).filter(|(load, _)| load.waiting + load.served > 0);
        busy.fold(Span::ZERO, |sum, (_, length)| sum + length)
    }

    /// The part of its capacity that is used until `end`, on average.
    pub fn used(&self, capacity: Capacity, end: Time) -> f64 {
        let loads = self.loads();
        let used = lengths(&loads, end).map(|(load, length)| capacity.used(load) * length.as_secs_f64());
        used.sum::<f64>() / end.as_secs_f64().max(f64::MIN_POSITIVE)
    }

    /// From when to when somebody waits or all of its capacity is used, without a pause.
    pub fn active(&self, capacity: Option<Capacity>, end: Time) -> Vec<(Time, Time)> {
        let is_active = |load: &Load| load.waiting > 0 || capacity.is_some_and(|of| of.used(load) >= 1.0);
        let loads = self.loads();
        let mut periods: Vec<(Time, Time)> = Vec::new();
        for (load, length) in lengths(&loads, end).filter(|(load, length)| is_active(load) && *length > Span::ZERO) {
            match periods.last_mut().filter(|last| last.1 == load.at) {
                Some(last) => last.1 = load.at + length,
                None => periods.push((load.at, load.at + length)),
            }
        }
        periods
    }

    /// How much service those that have come still need at an instant.
    pub fn unfinished(&self, at: Time) -> Span {
        let there = self.jobs.iter().take_while(|job| job.came <= at).filter(|job| job.done > at);
        there.fold(Span::ZERO, |sum, job| sum + job.done.since(job.begun.max(at)))
    }

    /// The longest time that somebody waited.
    pub fn longest_wait(&self) -> Span {
        self.jobs.iter().map(|job| job.begun.since(job.came)).max().unwrap_or_default()
    }
}

/// Loads, and how long each lasts until `end`.
fn lengths(loads: &[Load], end: Time) -> impl Iterator<Item = (&Load, Span)> {
    let until = loads.iter().skip(1).map(|load| load.at).chain([end]);
    loads.iter().zip(until).map(move |(load, until)| (load, until.min(end).since(load.at)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::StopReason;
    use crate::model::record::{End, Held, ReplicaId};

    fn at(seconds: u64) -> Time {
        Time::ZERO + Span::from_secs(seconds)
    }

    /// Three replicas that come at 0, 1 and 2 s to one server that takes 4 s for each, and one with its own machine.
    fn record() -> Record {
        let wait = |who: u32, cause, resource, from, to| Wait {
            subject: Subject::Replica(ReplicaId(who)),
            cause,
            resource: ResourceId(resource),
            blocker: None,
            from: at(from),
            to: at(to),
        };
        let waits = vec![
            wait(0, Cause::Service, 1, 0, 4),
            wait(1, Cause::Queue, 1, 1, 4),
            wait(2, Cause::Queue, 1, 2, 6),
            wait(1, Cause::Service, 1, 4, 8),
            wait(2, Cause::Queue, 1, 6, 8),
            wait(2, Cause::Service, 1, 8, 12),
            wait(3, Cause::Boot, 0, 0, 20),
            wait(3, Cause::Limit, 2, 20, 25),
        ];
        Record {
            stages: vec![],
            nodes: vec![],
            replicas: vec![],
            decisions: vec![],
            transitions: vec![],
            waits,
            origins: vec![],
            resources: ["machine", "server", "rate"].map(str::to_owned).to_vec(),
            limits: vec![],
            scale_down: None,
            volumes_lost: 0,
            held: Held::default(),
            members: 0,
            end: End { ready: true, at: at(25), events: 0, reason: StopReason::Stopped, waiting_for: vec![] },
        }
    }

    #[test]
    fn a_line_its_work_and_its_longest_wait_are_what_arithmetic_says() {
        let usages = usages(&record());
        let names: Vec<&str> = usages.iter().map(|usage| usage.resource.as_str()).collect();
        assert_eq!(names, ["server", "rate"], "a machine is its node's own");
        let server = &usages[0];
        let loads: Vec<_> = server.loads().iter().map(|load| (load.at, load.waiting, load.served)).collect();
        let expected = [(0, 0, 1), (1, 1, 1), (2, 2, 1), (4, 1, 1), (8, 0, 1), (12, 0, 0)];
        assert_eq!(loads, expected.map(|(seconds, waiting, served)| (at(seconds), waiting, served)));
        let unfinished: Vec<Span> = [0, 2, 5, 12].map(|seconds| server.unfinished(at(seconds))).to_vec();
        assert_eq!(unfinished, [4, 10, 7, 0].map(Span::from_secs));
        assert_eq!(
            (server.longest_wait(), server.busy(at(20)), server.busy(at(9))),
            (Span::from_secs(6), Span::from_secs(12), Span::from_secs(9))
        );
        assert_eq!(
            usages[1].loads(),
            [
                Load { at: at(20), waiting: 1, served: 0, moving: 0 },
                Load { at: at(25), waiting: 0, served: 0, moving: 0 }
            ]
        );
    }
    #[test]
    fn capacity_is_used_and_periods_are_active_as_arithmetic_says() {
        let usages = usages(&record());
        let (server, rate) = (&usages[0], &usages[1]);
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(close(server.used(Capacity::Servers(1), at(24)), 0.5), "12 of 24 s");
        assert!(close(server.used(Capacity::Servers(2), at(24)), 0.25));
        assert!(close(rate.used(Capacity::Rate, at(25)), 0.2), "5 of 25 s");
        assert!(close(server.used(Capacity::Link(1.0), at(24)), 0.0), "nothing is moved");
        assert_eq!(server.active(Some(Capacity::Servers(1)), at(24)), [(at(0), at(12))]);
        assert_eq!(server.active(Some(Capacity::Servers(2)), at(24)), [(at(1), at(8))]);
        assert_eq!(rate.active(None, at(22)), [(at(20), at(22))]);
    }
}
