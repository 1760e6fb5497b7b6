//! An etcd cluster that keeps a storage system's membership.
//!
//! Must not know: what a request is about, and what its members do with an answer.
//!
//! Requests that arrive while a commit is under way are committed together by the next one. Each commit is a
//! synchronous write. The members' background requests are not simulated one by one: a commit meets the background
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
    /// Requests in the commit under way.
    committing: Vec<PodId>,
    /// Requests for the next commit.
    waiting: Vec<PodId>,
    /// Members whose membership is kept here.
    members: u32,
    /// Busy with telling members of changes until then.
    busy_until: Time,
}

impl EtcdState {
    pub(crate) const fn new(disk: DiskState) -> Self {
        Self { disk, committing: Vec::new(), waiting: Vec::new(), members: 0, busy_until: Time::ZERO }
    }

    /// So many members have joined, or left if there are fewer.
    pub(crate) const fn members_are(&mut self, members: u32) {
        self.members = members;
    }

    /// Nothing is committed until then.
    pub(crate) fn stall(&mut self, until: Time) {
        self.busy_until = self.busy_until.max(until);
    }

    /// How long the next commit takes from `now`, with the members in the background.
    fn commit(&mut self, now: Time, params: &params::Etcd, stream: &mut Stream) -> Span {
        let arrivals = f64::from(self.members) * params.background_per_member;
        let write = self.disk.mean_write_s();
        // Batching: at most one background commit is under way, however many requests there are.
        let busy = (arrivals * write).min(1.0);
        let operations = f64::from(params.operations_per_commit.get());
        let background = arrivals.min(1.0 / write.max(1e-9)) * operations;
        let residual = if stream.uniform() < busy { stream.uniform() * write } else { 0.0 };
        let requests = self.committing.len() as f64 + arrivals * write;
        let apply = params.apply.as_secs_f64() * requests;
        let start = now.max(self.busy_until);
        start.since(now)
            + Span::from_secs_f64(residual + apply)
            + self.disk.write(start, operations, background, stream)
    }
}

impl World<'_> {
    fn etcd_params(&self, etcd: u16) -> &params::Etcd {
        self.plan.scenario.etcd.at(usize::from(etcd)).1
    }

    /// A transaction of the join of `pod` reaches etcd.
    pub(crate) fn submit(&mut self, etcd: u16, pod: PodId, sim: &mut Sim) {
        let state = &mut self.etcds[usize::from(etcd)];
        state.waiting.push(pod);
        if state.committing.is_empty() {
            self.start_commit(etcd, sim);
        }
    }

    fn start_commit(&mut self, etcd: u16, sim: &mut Sim) {
        let plan = self.plan;
        let params = plan.scenario.etcd.at(usize::from(etcd)).1;
        let state = &mut self.etcds[usize::from(etcd)];
        std::mem::swap(&mut state.committing, &mut state.waiting);
        let first = state.committing[0];
        let job = self.pods[first.index()].job.expect("the join is under way");
        let stream = self.joins.stream(job);
        let took = self.etcds[usize::from(etcd)].commit(sim.now(), params, stream);
        sim.schedule_after(took, Event::EtcdCommitted(etcd));
    }

    /// `EtcdCommitted`: the requests are answered, and the next commit starts if others wait.
    pub(crate) fn on_etcd_committed(&mut self, etcd: u16, sim: &mut Sim) {
        let plan = self.plan;
        let request = &plan.scenario.etcd.at(usize::from(etcd)).1.request;
        let mut done = std::mem::take(&mut self.etcds[usize::from(etcd)].committing);
        for pod in done.drain(..) {
            let way = request.sample_span(&mut self.job(pod).stream);
            sim.schedule_after(way, Event::JoinAnswered(pod));
        }
        let state = &mut self.etcds[usize::from(etcd)];
        state.committing = done;
        if !state.waiting.is_empty() {
            self.start_commit(etcd, sim);
        }
    }

    /// All `members` are told of a change, and read what has changed.
    pub(crate) fn notify_members(&mut self, etcd: u16, members: u32, now: Time) {
        let work = self.etcd_params(etcd).notify_per_member * u64::from(members);
        let state = &mut self.etcds[usize::from(etcd)];
        state.busy_until = state.busy_until.max(now) + work;
    }
}
