//! An etcd cluster: what waits for its next commit, how long a commit takes, its members' background load.
//!
//! There is one writer of the log. What arrives while it writes is written together by its next commit, whoever sent
//! it: joins and the members' background requests share commits, and nobody's take anything from the disk that others
//! would have had. Background requests are not simulated one by one: they are a rate.

use crate::model::params;
use crate::model::state::disk::DiskState;
use crate::model::state::ids::PodId;
use crate::random::Stream;
use crate::time::{Span, Time};

/// An etcd cluster's state.
#[derive(Debug)]
pub(crate) struct EtcdState {
    pub(crate) disk: DiskState,
    /// The last commit that has started is done then.
    pub(crate) committed: Time,
    /// How long the last commit takes, whoever began it, in seconds.
    commit_s: f64,
    /// Requests for the next commit, which starts when the last one is done.
    pub(crate) waiting: Vec<PodId>,
    /// Background requests of all members, per second.
    arrivals_per_s: f64,
    /// What they do to the disk: while it has burst credits, and without.
    background: [Background; 2],
    /// Busy with telling members of changes until then.
    pub(crate) busy_until: Time,
}

/// The members' own commits, while nobody joins or leaves.
#[derive(Clone, Copy, Debug, Default)]
struct Background {
    /// How long one of them takes on average, in seconds.
    commit_s: f64,
    /// The probability that one is under way.
    busy: f64,
    /// Disk operations of all of them.
    operations_per_s: f64,
}

impl Background {
    /// Requests come at random times. A commit that found none waiting is followed by a pause until the next request,
    /// one during which some came by another commit: on average `e^(rate x commit)` in a row.
    fn new(arrivals_per_s: f64, commit_s: f64, operations: f64) -> Self {
        let during = arrivals_per_s * commit_s;
        if during <= 0.0 {
            return Self { commit_s, busy: 0.0, operations_per_s: arrivals_per_s * operations };
        }
        let busy = 1.0 / (1.0 + libm::exp(-during) / during);
        Self { commit_s, busy, operations_per_s: busy / commit_s * operations }
    }
}

impl EtcdState {
    pub(crate) fn new(disk: DiskState) -> Self {
        Self {
            disk,
            committed: Time::ZERO,
            commit_s: 0.0,
            waiting: Vec::new(),
            arrivals_per_s: 0.0,
            background: [Background::default(); 2],
            busy_until: Time::ZERO,
        }
    }

    /// So many members are kept here now.
    pub(crate) fn members_are(&mut self, members: u32, params: &params::Etcd) {
        self.arrivals_per_s = f64::from(members) * params.background_per_member;
        let operations = f64::from(params.operations_per_commit.get());
        self.background = [true, false].map(|bursts| {
            let commit_s = self.disk.mean_write_s(operations, bursts);
            Background::new(self.arrivals_per_s, commit_s, operations)
        });
    }

    /// Nothing is committed until then.
    pub(crate) fn stall(&mut self, until: Time) {
        self.busy_until = self.busy_until.max(until);
    }

    fn background(&self, operations: f64) -> Background {
        self.background[usize::from(!self.disk.bursts(operations))]
    }

    /// Nothing that we know of is under way: how long one of the members' commits still takes, if one is.
    pub(crate) fn under_way(&mut self, now: Time, params: &params::Etcd, stream: &mut Stream) -> Option<Span> {
        let operations = f64::from(params.operations_per_commit.get());
        self.disk.catch_up(now, self.background(operations).operations_per_s);
        let Background { busy, commit_s, .. } = self.background(operations);
        let met = stream.uniform() < busy;
        self.commit_s = if met { commit_s } else { 0.0 };
        met.then(|| Span::from_secs_f64(stream.uniform() * commit_s))
    }

    /// How long a commit of all that waits takes from `now`. It carries what the members sent during the commit before
    /// it, and no other runs beside it.
    pub(crate) fn commit(&mut self, now: Time, params: &params::Etcd, stream: &mut Stream) -> Span {
        let operations = f64::from(params.operations_per_commit.get());
        let start = now.max(self.busy_until);
        self.disk.catch_up(start, 0.0);
        let requests = self.waiting.len() as f64 + self.arrivals_per_s * self.commit_s;
        self.commit_s = params.apply.as_secs_f64() * requests + self.disk.write(operations, stream);
        let took = start.since(now) + Span::from_secs_f64(self.commit_s);
        self.disk.catch_up(now + took, 0.0);
        took
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::params::{Bytes, Disk, Share, VolumeType};
    use crate::random::{Distribution, Entity, Purpose, Streams};
    use std::num::NonZeroU32;

    /// So many operations per second, without bursts; a write takes 10 ms.
    fn disk_of(iops: f64) -> DiskState {
        let kind = VolumeType {
            iops_per_gib: None,
            min_iops: 1.0,
            max_iops: iops,
            burst_iops: None,
            burst_credits: None,
            sync_write: Distribution::constant(0.01).expect("finite"),
        };
        let disk = Disk { kind: String::new(), size: Bytes(1 << 30), iops: None, initial_credits: Share(0.0) };
        DiskState::new(&disk, &kind)
    }

    /// Writes take 10 ms, each request 2 ms more; every member sends 5 requests in two seconds.
    fn etcd(members: u32) -> (EtcdState, params::Etcd) {
        let params = params::Etcd {
            disk: String::new(),
            operations_per_commit: NonZeroU32::new(4).expect("not zero"),
            request: Distribution::constant(0.0).expect("finite"),
            apply: Span::from_millis(2),
            background_per_member: 2.5,
            notify_per_member: Span::ZERO,
        };
        let mut state = EtcdState::new(disk_of(1000.0));
        state.members_are(members, &params);
        (state, params)
    }

    fn commit_ms(state: &mut EtcdState, params: &params::Etcd, requests: u32, now: Time, replication: u64) -> f64 {
        state.waiting = (0..requests).map(PodId).collect();
        let mut stream = Streams::new(1, replication).stream(Entity { kind: 0, id: 0 }, Purpose(0));
        let residual = state.under_way(now, params, &mut stream).unwrap_or_default();
        (residual + state.commit(now + residual, params, &mut stream)).as_secs_f64() * 1e3
    }

    #[test]
    fn requests_that_wait_are_committed_by_one_write() {
        let (mut state, params) = etcd(0);
        for (requests, expected) in [(1, 12.0), (2, 14.0), (5, 20.0)] {
            let took = commit_ms(&mut state, &params, requests, Time::ZERO, 0);
            assert!((took - expected).abs() < 1e-3, "{took} for {requests} requests");
        }
    }

    #[test]
    fn a_busy_etcd_commits_when_it_is_free() {
        let (mut state, params) = etcd(0);
        let at = Time::from_secs_f64;
        state.stall(at(7.0));
        state.stall(at(5.0));
        assert!((commit_ms(&mut state, &params, 1, at(6.0), 0) - 1012.0).abs() < 1e-3);
        assert!((commit_ms(&mut state, &params, 1, at(8.0), 0) - 12.0).abs() < 1e-3);
    }

    /// 20 members send 50 requests per second, half a one during a commit of 10 ms: a commit of theirs is under way for
    /// 1 / (1 + 2 e^-0.5) = 45 % of the time, and half of it is left on average.
    #[test]
    fn a_commit_waits_for_the_members_commit_and_carries_their_requests() {
        const COMMITS: u64 = 4_000;
        let (mut state, params) = etcd(20);
        let times: Vec<f64> =
            (0..COMMITS).map(|replication| commit_ms(&mut state, &params, 1, Time::ZERO, replication)).collect();
        let (free, behind): (Vec<f64>, Vec<f64>) = times.iter().partition(|time| **time < 12.01);
        assert!(free.iter().all(|time| (time - 12.0).abs() < 1e-3), "10 ms of the write, 2 ms of the request");
        assert!(behind.iter().all(|time| (12.99..23.01).contains(time)), "1 ms of half a request more, and the rest");
        let share = free.len() as f64 / COMMITS as f64;
        assert!((share - 0.548).abs() < 0.03, "{share}");
        let mean = times.iter().sum::<f64>() / COMMITS as f64;
        assert!((mean - (12.0 + 0.452 * 6.0)).abs() < 0.2, "{mean}");
    }

    #[test]
    fn members_commit_in_groups_and_use_no_more_of_the_disk_than_one_writer_can() {
        // A commit of theirs every 10 ms at most, with four operations: 400 of 1,000 per second.
        let (mut state, params) = etcd(4_000);
        let [fast, slow] = state.background;
        assert!((fast.operations_per_s - 400.0).abs() < 1e-9 && (fast.busy - 1.0).abs() < 1e-12, "{fast:?}");
        assert!((slow.operations_per_s - 400.0).abs() < 1e-9, "the disk allows it: {slow:?}");
        state.members_are(20, &params);
        assert!((state.background[0].operations_per_s - 4.0 * 45.18).abs() < 0.1, "{:?}", state.background);
    }

    /// A disk of 100 operations per second whose credits are gone does 50 commits of two operations, each 20 ms: a
    /// join's takes the one under way and its own, however many members there are.
    #[test]
    fn without_credits_a_commit_takes_the_one_under_way_and_its_own() {
        let (mut state, mut params) = etcd(0);
        (params.operations_per_commit, params.apply) = (NonZeroU32::new(2).expect("not zero"), Span::ZERO);
        state.disk = disk_of(100.0);
        for members in [60, 600, 60_000] {
            state.members_are(members, &params);
            let times: Vec<f64> = (0..1_000).map(|n| commit_ms(&mut state, &params, 1, Time::ZERO, n)).collect();
            assert!(times.iter().all(|time| (20.0 - 1e-3..40.0).contains(time)), "{times:?}");
        }
    }
}
