//! An etcd cluster: what waits for its next commit, how long a commit takes, its members' background load.

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
    /// Requests for the next commit, which starts when the last one is done.
    pub(crate) waiting: Vec<PodId>,
    pub(crate) background: Background,
    /// Busy with telling members of changes until then.
    pub(crate) busy_until: Time,
}

/// What the members do to their etcd while nothing changes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Background {
    /// The probability that one of their commits is under way.
    pub(crate) busy: f64,
    /// Disk operations of their commits.
    pub(crate) operations_per_s: f64,
    /// Requests of theirs that arrive during a commit.
    pub(crate) requests: f64,
}

impl EtcdState {
    pub(crate) const fn new(disk: DiskState) -> Self {
        let background = Background { busy: 0.0, operations_per_s: 0.0, requests: 0.0 };
        Self { disk, committed: Time::ZERO, waiting: Vec::new(), background, busy_until: Time::ZERO }
    }

    /// So many members are kept here now.
    pub(crate) fn members_are(&mut self, members: u32, params: &params::Etcd) {
        let arrivals = f64::from(members) * params.background_per_member;
        let write = self.disk.mean_write_s();
        // Batching: at most one background commit is under way, however many requests there are.
        let commits_per_s = arrivals.min(1.0 / write.max(1e-9));
        self.background = Background {
            busy: (arrivals * write).min(1.0),
            operations_per_s: commits_per_s * f64::from(params.operations_per_commit.get()),
            requests: arrivals * write,
        };
    }

    /// Nothing is committed until then.
    pub(crate) fn stall(&mut self, until: Time) {
        self.busy_until = self.busy_until.max(until);
    }

    /// How long a commit of all that waits takes from `now`, with the members in the background.
    pub(crate) fn commit(&mut self, now: Time, params: &params::Etcd, stream: &mut Stream) -> Span {
        let Background { busy, operations_per_s, requests } = self.background;
        let residual = if stream.uniform() < busy { stream.uniform() * self.disk.mean_write_s() } else { 0.0 };
        let apply = params.apply.as_secs_f64() * (self.waiting.len() as f64 + requests);
        let start = now.max(self.busy_until);
        let operations = f64::from(params.operations_per_commit.get());
        let write_s = self.disk.write(start, operations, operations_per_s, stream);
        start.since(now) + Span::from_secs_f64(residual + apply + write_s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::params::{Bytes, Disk, Share, VolumeType};
    use crate::random::{Distribution, Entity, Purpose, Streams};
    use std::num::NonZeroU32;

    /// Writes take 10 ms, each request 2 ms more; every member sends 5 requests in two seconds.
    fn etcd(members: u32) -> (EtcdState, params::Etcd) {
        let kind = VolumeType {
            iops_per_gib: None,
            min_iops: 1.0,
            max_iops: 1000.0,
            burst_iops: None,
            burst_credits: None,
            sync_write: Distribution::constant(0.01).expect("finite"),
        };
        let disk = Disk { kind: String::new(), size: Bytes(1 << 30), iops: None, initial_credits: Share(0.0) };
        let params = params::Etcd {
            disk: String::new(),
            operations_per_commit: NonZeroU32::new(4).expect("not zero"),
            request: Distribution::constant(0.0).expect("finite"),
            apply: Span::from_millis(2),
            background_per_member: 2.5,
            notify_per_member: Span::ZERO,
        };
        let mut state = EtcdState::new(DiskState::new(&disk, &kind));
        state.members_are(members, &params);
        (state, params)
    }

    fn commit_ms(state: &mut EtcdState, params: &params::Etcd, requests: u32, now: Time, replication: u64) -> f64 {
        state.waiting = (0..requests).map(PodId).collect();
        let mut stream = Streams::new(1, replication).stream(Entity { kind: 0, id: 0 }, Purpose(0));
        state.commit(now, params, &mut stream).as_secs_f64() * 1e3
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

    /// 20 members send 50 requests per second: half of the time one of their commits is under way, of which half is
    /// left on average.
    #[test]
    fn a_commit_waits_for_the_members_commit_and_carries_their_requests() {
        const COMMITS: u64 = 4_000;
        let (mut state, params) = etcd(20);
        let times: Vec<f64> =
            (0..COMMITS).map(|replication| commit_ms(&mut state, &params, 1, Time::ZERO, replication)).collect();
        let least = times.iter().copied().fold(f64::INFINITY, f64::min);
        assert!((least - 13.0).abs() < 1e-3, "10 ms of the write, 2 ms of the request, 1 ms of half a request");
        assert!(times.iter().all(|time| (12.99..23.01).contains(time)));
        let mean = times.iter().sum::<f64>() / COMMITS as f64;
        assert!((mean - 15.5).abs() < 0.2, "{mean}");
        let free = times.iter().filter(|time| **time < 13.01).count() as f64 / COMMITS as f64;
        assert!((free - 0.5).abs() < 0.04, "{free}");
    }

    #[test]
    fn members_take_a_part_of_the_disk_and_no_more_than_there_is() {
        // A commit of theirs every 10 ms at most, with four operations: 400 of 1,000 per second.
        let (mut state, params) = etcd(4_000);
        assert!((state.background.operations_per_s - 400.0).abs() < 1e-9, "{:?}", state.background);
        assert!((state.background.busy - 1.0).abs() < 1e-12 && (state.background.requests - 100.0).abs() < 1e-9);
        state.members_are(20, &params);
        assert!((state.background.operations_per_s - 200.0).abs() < 1e-9, "{:?}", state.background);
    }
}
