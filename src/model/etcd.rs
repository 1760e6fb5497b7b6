//! An etcd cluster that keeps a storage system's membership.
//!
//! Requests that arrive while a commit is under way are committed together by the next one. Each commit is a
//! synchronous write. The members' background requests are not simulated one by one: a commit meets the background
//! commit that is under way with the probability that the disk is busy, and carries the background requests that
//! arrived meanwhile.
//!
//! What happens next between an etcd and its clients mostly depends on nothing else. So each has an agenda of its own, whose first entry
//! alone is an event of the simulation; and as long as nothing else happens before it, the clock goes from entry to entry at once.

use crate::engine::EventQueue;
use crate::model::disk::DiskState;
use crate::model::event::Event;
use crate::model::ids::PodId;
use crate::model::params;
use crate::model::wakeup::Wakeup;
use crate::model::world::{Sim, World};
use crate::random::Stream;
use crate::time::{Span, Time};

/// An etcd cluster's state.
#[derive(Debug)]
pub(crate) struct EtcdState {
    disk: DiskState,
    agenda: EventQueue<Step>,
    /// For the first of the agenda, where others may come before it.
    wakeup: Option<Wakeup>,
    /// Requests in the commit under way.
    committing: Vec<PodId>,
    /// Requests for the next commit.
    waiting: Vec<PodId>,
    /// Members whose membership is kept here.
    members: u32,
    /// Busy with telling members of changes until then.
    busy_until: Time,
}

/// What happens between an etcd and its clients.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// The commit under way is done.
    Committed,
    /// An answer has reached the client, for the join of this pod.
    Answered(PodId),
}

impl EtcdState {
    pub(crate) const fn new(disk: DiskState) -> Self {
        Self {
            disk,
            agenda: EventQueue::new(),
            wakeup: None,
            committing: Vec::new(),
            waiting: Vec::new(),
            members: 0,
            busy_until: Time::ZERO,
        }
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
        self.etcds[usize::from(etcd)].agenda.push(sim.now() + took, Step::Committed);
    }

    /// `Etcd`: the agenda from its first entry on, as far as nothing else happens before.
    pub(crate) fn on_etcd(&mut self, etcd: u16, sim: &mut Sim) {
        self.etcds[usize::from(etcd)].wakeup = None;
        while let Some((_, step)) = self.etcds[usize::from(etcd)].agenda.pop() {
            match step {
                Step::Committed => self.on_committed(etcd, sim),
                Step::Answered(pod) => {
                    if let Err(until) = self.on_answer(pod, sim) {
                        self.etcds[usize::from(etcd)].agenda.push(until, step);
                    }
                }
            }
            if self.etcds[usize::from(etcd)].agenda.peek_time().is_some_and(|next| !sim.advance_to(next)) {
                break;
            }
        }
        self.wake_etcd(etcd, sim);
    }

    /// Schedules the first of the agenda.
    pub(crate) fn wake_etcd(&mut self, etcd: u16, sim: &mut Sim) {
        let state = &mut self.etcds[usize::from(etcd)];
        Wakeup::change(&mut state.wakeup, state.agenda.peek_time(), Event::Etcd(etcd), sim);
    }

    /// The requests are answered, and the next commit starts if others wait.
    fn on_committed(&mut self, etcd: u16, sim: &mut Sim) {
        let plan = self.plan;
        let request = &plan.scenario.etcd.at(usize::from(etcd)).1.request;
        let mut done = std::mem::take(&mut self.etcds[usize::from(etcd)].committing);
        for pod in done.drain(..) {
            let way = request.sample_span(&mut self.job(pod).stream);
            self.etcds[usize::from(etcd)].agenda.push(sim.now() + way, Step::Answered(pod));
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
