//! An etcd cluster that keeps a storage system's membership.
//!
//! Requests that arrive while a commit is under way are committed together by the next one. Each commit is a
//! synchronous write; how long it takes is known when it starts, so its end is an event only if somebody waits for it.
//! The members' background requests are not simulated one by one: a commit meets the background commit that is under
//! way with the probability that the disk is busy, and carries the background requests that arrived meanwhile.
//!
//! Keys: `etcd.*`, `disk.*`, `volume_type.*`.
//! Upstream: etcd `wal` and `backend`: one synchronous write for all proposals that wait; Amazon EBS user guide for the
//! disk.

use crate::model::params;
use crate::model::state::{EtcdId, Event, PodId, Sim, World};
use crate::time::Time;

impl World<'_> {
    fn etcd_params(&self, etcd: EtcdId) -> &params::Etcd {
        self.plan.scenario.etcd.at(etcd.index()).1
    }

    /// A transaction of the join of `pod` reaches etcd: it is committed at once, or with others after the commit under
    /// way.
    pub(crate) fn submit(&mut self, etcd: EtcdId, pod: PodId, sim: &mut Sim) {
        let state = &mut self.etcds[etcd];
        state.waiting.push(pod);
        if state.waiting.len() > 1 {
            return;
        }
        if state.committed > sim.now() {
            sim.schedule_at(state.committed, Event::EtcdCommitFinished(etcd));
        } else {
            self.start_commit(etcd, sim);
        }
    }

    /// `EtcdCommitFinished`: what waited for it is committed together.
    pub(crate) fn on_etcd_commit_finished(&mut self, etcd: EtcdId, sim: &mut Sim) {
        self.start_commit(etcd, sim);
    }

    /// All that waits is committed. When that is done and when the answers arrive cannot change any more.
    fn start_commit(&mut self, etcd: EtcdId, sim: &mut Sim) {
        let params = self.plan.scenario.etcd.at(etcd.index()).1;
        let state = &mut self.etcds[etcd];
        let job = self.pods[state.waiting[0]].job.expect("the join is under way");
        state.committed = sim.now() + state.commit(sim.now(), params, &mut self.joins.job(job).stream);
        let (committed, mut requests) = (state.committed, std::mem::take(&mut state.waiting));
        for pod in requests.drain(..) {
            let way = params.request.sample_span(&mut self.job(pod).stream);
            sim.schedule_at(committed + way, Event::JoinAnswered(pod));
        }
        self.etcds[etcd].waiting = requests;
    }

    /// All `members` are told of a change, and read what has changed.
    pub(crate) fn notify_members(&mut self, etcd: EtcdId, members: u32, now: Time) {
        let work = self.etcd_params(etcd).notify_per_member * u64::from(members);
        let state = &mut self.etcds[etcd];
        state.busy_until = state.busy_until.max(now) + work;
    }
}
