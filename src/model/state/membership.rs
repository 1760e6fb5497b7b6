//! The members of storage clusters, and the joins and leaves under way.

use crate::engine::Servers;
use crate::model::params::{self, Changes};
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
    pub(crate) jobs: Vec<MembershipChange>,
    /// Places that nobody has.
    pub(crate) free: Vec<JobId>,
}

/// The place of a join or leave that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct JobId(u32);

/// One join or leave that a worker is on.
#[derive(Debug)]
pub(crate) struct MembershipChange {
    pub(crate) transactions_left: u32,
    pub(crate) stream: Stream,
}

impl Joins {
    pub(crate) fn begin(&mut self, job: MembershipChange) -> JobId {
        if let Some(place) = self.free.pop() {
            self.jobs[place.0 as usize] = job;
            return place;
        }
        self.jobs.push(job);
        JobId(self.jobs.len() as u32 - 1)
    }

    /// A join or leave that is under way.
    pub(crate) fn job(&mut self, job: JobId) -> &mut MembershipChange {
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
    /// Whose join or leave was the last change that gave them work.
    pub(crate) changed_by: Option<PodId>,
    /// When they begin, or have begun, with the last piece of that work.
    last_begins: Time,
    changes: Changes,
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
            changed_by: None,
            last_begins: Time::ZERO,
            changes: join.changes,
            failing: Failing::default(),
            fatal: Vec::new(),
            unprobed: BTreeSet::new(),
        }
    }

    /// The operator is away until then.
    pub(crate) fn stall(&mut self, until: Time) {
        self.stalled_until = self.stalled_until.max(until);
    }

    /// The membership has changed, which is so much `work` for every member, to be begun when they are free. Answers
    /// whether it is: work that waits already will read the latest membership, and with it this change.
    pub(crate) fn change(&mut self, now: Time, work: Span) -> bool {
        if self.changes == Changes::Latest && self.last_begins > now {
            return false;
        }
        self.last_begins = self.busy_until.max(now);
        self.busy_until = self.last_begins + work;
        true
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Distribution;
    use std::num::NonZeroU32;

    /// When the members are done, after changes at these seconds that are 10 s of work each.
    fn done_s(changes: Changes, at_s: &[u64]) -> Vec<u64> {
        let constant = |seconds| Distribution::constant(seconds).expect("finite");
        let join = params::Join {
            etcd: String::new(),
            workers: NonZeroU32::MIN,
            operator: constant(0.0),
            transactions: 0,
            sync: constant(0.0),
            reconfigure: constant(10.0),
            reconfigure_per_member: Span::ZERO,
            changes,
        };
        let mut members = Membership::new(&join, EtcdId(0), 3);
        let change = |&at| {
            members.change(Time::ZERO + Span::from_secs(at), Span::from_secs(10));
            members.busy_until.as_nanos() / 1_000_000_000
        };
        at_s.iter().map(change).collect()
    }

    #[test]
    fn changes_that_come_while_members_are_busy_are_one_piece_of_work_or_each_its_own() {
        let at = [0, 2, 4, 9, 10, 12, 19, 50];
        assert_eq!(done_s(Changes::Every, &at), [10, 20, 30, 40, 50, 60, 70, 80]);
        // The second piece begins at 10 s with what came until then; what comes from then on is for the third.
        assert_eq!(done_s(Changes::Latest, &at), [10, 20, 20, 20, 30, 30, 30, 60]);
    }
}
