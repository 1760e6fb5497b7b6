//! The members of storage clusters, and the joins and leaves under way.

use crate::engine::Servers;
use crate::model::params;
use crate::model::state::failing::Failing;
use crate::model::state::ids::{EtcdId, PodId};
use crate::random::Stream;
use crate::time::{Span, Time};
use std::collections::BTreeSet;
use std::ops::Range;

/// The joins and leaves under way in all DaemonSets that join.
#[derive(Debug, Default)]
pub(crate) struct Joins {
    /// By place, which the pod knows.
    pub(crate) jobs: Vec<Job>,
    /// Places that nobody has.
    pub(crate) free: Vec<JobId>,
}

/// The place of a join or leave that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct JobId(u32);

/// One join or leave that a worker is on.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) transactions_left: u32,
    pub(crate) stream: Stream,
}

impl Joins {
    pub(crate) fn begin(&mut self, job: Job) -> JobId {
        if let Some(place) = self.free.pop() {
            self.jobs[place.0 as usize] = job;
            return place;
        }
        self.jobs.push(job);
        JobId(self.jobs.len() as u32 - 1)
    }

    /// A join or leave that is under way.
    pub(crate) fn job(&mut self, job: JobId) -> &mut Job {
        &mut self.jobs[job.0 as usize]
    }

    /// How many joins and leaves are under way.
    pub(crate) const fn len(&self) -> usize {
        self.jobs.len() - self.free.len()
    }
}

/// The members of one storage cluster.
#[derive(Debug)]
pub(crate) struct Membership {
    pub(crate) members: u32,
    /// The etcd that keeps them.
    pub(crate) etcd: EtcdId,
    pub(crate) operator: Servers<PodId>,
    /// The operator is away until then.
    pub(crate) stalled_until: Time,
    /// When every existing member is done with the changes so far.
    pub(crate) busy_until: Time,
    /// When probes fail; what comes of that is scheduled already.
    pub(crate) failing: Failing,
    /// Memory for the parts of that in which probes make members NotReady.
    pub(crate) fatal: Vec<Range<Time>>,
    /// Ready members that will stay so for all that is known, by the place of their probes within the period.
    pub(crate) unprobed: BTreeSet<(u64, PodId)>,
}

impl Membership {
    pub(crate) fn new(join: &params::Join, etcd: EtcdId, members: u32) -> Self {
        Self {
            members,
            etcd,
            operator: Servers::new(join.workers.get()),
            stalled_until: Time::ZERO,
            busy_until: Time::ZERO,
            failing: Failing::default(),
            fatal: Vec::new(),
            unprobed: BTreeSet::new(),
        }
    }

    /// The operator is away until then.
    pub(crate) fn stall(&mut self, until: Time) {
        self.stalled_until = self.stalled_until.max(until);
    }

    /// When the operator goes on, if it is restarting.
    pub(crate) fn away_until(&self, now: Time) -> Option<Time> {
        Some(self.stalled_until).filter(|&until| until > now)
    }
}

impl Membership {
    /// Takes the unprobed members that a probe would meet `within` a range of time.
    pub(crate) fn take_probed_within(&mut self, within: &Range<Time>, period: Span) -> Vec<PodId> {
        let period = period.as_nanos();
        let (begin, length) = (within.start.as_nanos() % period, (within.end - within.start).as_nanos());
        let mut taken: Vec<(u64, PodId)> = if length >= period {
            self.unprobed.iter().copied().collect()
        } else {
            let least = PodId(0);
            let end = begin + length;
            let wrapped = end.saturating_sub(period);
            let first = self.unprobed.range((begin, least)..(end.min(period), least));
            first.chain(self.unprobed.range((0, least)..(wrapped, least))).copied().collect()
        };
        for place in &taken {
            self.unprobed.remove(place);
        }
        // In the order of their probes.
        taken.sort_unstable_by_key(|&(place, pod)| ((place + period - begin) % period, pod));
        taken.into_iter().map(|(_, pod)| pod).collect()
    }
}
