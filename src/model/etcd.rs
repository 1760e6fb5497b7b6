//! An etcd cluster that keeps a storage system's membership.
//!
//! Must not know: what a request is about, and what its members do with an answer.
//!
//! Requests that arrive while a commit is under way are committed together by the next one. Each commit is a
//! synchronous write; how long it takes is known when it starts, so its end is an event only if somebody waits for it. The members' background requests are not simulated one by one: a commit meets the background
//! commit that is under way with the probability that the disk is busy, and carries the background requests that
//! arrived meanwhile.

use crate::model::disk::DiskState;
use crate::model::event::Event;
use crate::model::ids::PodId;
use crate::model::params;
use crate::model::world::{Sim, World};
use crate::random::Stream;
use crate::time::{Span, Time};

/// An etcd cluster's state.
#[derive(Debug)]
pub(crate) struct EtcdState {
    disk: DiskState,
    /// The last commit that has started is done then.
    committed: Time,
    /// Requests for the next commit, which starts when the last one is done.
    waiting: Vec<PodId>,
    background: Background,
    /// Busy with telling members of changes until then.
    busy_until: Time,
}

/// What the members do to their etcd while nothing changes.
#[derive(Clone, Copy, Debug)]
struct Background {
    /// The probability that one of their commits is under way.
    busy: f64,
    /// Disk operations of their commits.
    operations_per_s: f64,
    /// Requests of theirs that arrive during a commit.
    requests: f64,
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
    fn commit(&mut self, now: Time, params: &params::Etcd, stream: &mut Stream) -> Span {
        let Background { busy, operations_per_s, requests } = self.background;
        let residual = if stream.uniform() < busy { stream.uniform() * self.disk.mean_write_s() } else { 0.0 };
        let apply = params.apply.as_secs_f64() * (self.waiting.len() as f64 + requests);
        let start = now.max(self.busy_until);
        let operations = f64::from(params.operations_per_commit.get());
        let write_s = self.disk.write(start, operations, operations_per_s, stream);
        start.since(now) + Span::from_secs_f64(residual + apply + write_s)
    }
}

impl World<'_> {
    fn etcd_params(&self, etcd: u16) -> &params::Etcd {
        self.plan.scenario.etcd.at(usize::from(etcd)).1
    }

    /// A transaction of the join of `pod` reaches etcd: it is committed at once, or with others after the commit under way.
    pub(crate) fn submit(&mut self, etcd: u16, pod: PodId, sim: &mut Sim) {
        let state = &mut self.etcds[usize::from(etcd)];
        state.waiting.push(pod);
        if state.waiting.len() > 1 {
            return;
        }
        if state.committed > sim.now() {
            sim.schedule_at(state.committed, Event::EtcdFree(etcd));
        } else {
            self.start_commit(etcd, sim);
        }
    }

    /// `EtcdFree`: all that waits is committed. When that is done and when the answers arrive cannot change any more.
    pub(crate) fn start_commit(&mut self, etcd: u16, sim: &mut Sim) {
        let params = self.plan.scenario.etcd.at(usize::from(etcd)).1;
        let state = &mut self.etcds[usize::from(etcd)];
        let job = self.pods[state.waiting[0].index()].job.expect("the join is under way");
        state.committed = sim.now() + state.commit(sim.now(), params, self.joins.stream(job));
        let (committed, mut requests) = (state.committed, std::mem::take(&mut state.waiting));
        for pod in requests.drain(..) {
            let way = params.request.sample_span(&mut self.job(pod).stream);
            sim.schedule_at(committed + way, Event::JoinAnswered(pod));
        }
        self.etcds[usize::from(etcd)].waiting = requests;
    }

    /// All `members` are told of a change, and read what has changed.
    pub(crate) fn notify_members(&mut self, etcd: u16, members: u32, now: Time) {
        let work = self.etcd_params(etcd).notify_per_member * u64::from(members);
        let state = &mut self.etcds[usize::from(etcd)];
        state.busy_until = state.busy_until.max(now) + work;
    }
}
