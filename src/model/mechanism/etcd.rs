//! An etcd cluster that keeps a storage system's membership.
//!
//! Requests that arrive while a commit is under way are committed together by the next one. Each commit is a
//! synchronous write; how long it takes is known when it starts, so its end is an event only if somebody waits for it.
//! The members' background requests ride in the same commits and are not simulated one by one: a commit meets one of
//! theirs with the probability that one is under way, and carries what they sent during the commit before it.
//!
//! Keys: `etcd.*`, `disk.*`, `volume_type.*`.
//! Upstream: etcd `server/etcdserver/raft.go`: one loop saves all entries that wait by one synchronous write of the log
//! (`storage.Save`, `wal`); Amazon EBS user guide for the disk.

use crate::model::params;
use crate::model::state::{EtcdId, Event, PodId, Sim, World};
use crate::time::Time;

impl World<'_> {
    fn etcd_params(&self, etcd: EtcdId) -> &params::Etcd {
        self.plan.scenario.etcd.at(etcd.index()).1
    }

    /// A transaction of the join of `pod` reaches etcd: it is committed at once, or with others after the commit under
    /// way, which may be one of the members' own.
    pub(crate) fn submit(&mut self, etcd: EtcdId, pod: PodId, sim: &mut Sim) {
        let params = self.plan.scenario.etcd.at(etcd.index()).1;
        let state = &mut self.etcds[etcd];
        state.waiting.push(pod);
        if state.waiting.len() > 1 {
            return;
        }
        if state.committed <= sim.now() {
            let job = self.pods[pod].job.expect("the join is under way");
            let rest = state.under_way(sim.now(), params, &mut self.joins.job(job).stream);
            state.committed = sim.now() + rest.unwrap_or_default();
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
        for pod in state.waiting.drain(..) {
            let job = self.pods[pod].job.expect("the join is under way");
            let way = params.request.sample_span(&mut self.joins.job(job).stream);
            sim.schedule_at(state.committed + way, Event::JoinAnswered(pod));
        }
    }

    /// All `members` are told of a change, and read what has changed.
    pub(crate) fn notify_members(&mut self, etcd: EtcdId, members: u32, now: Time) {
        let work = self.etcd_params(etcd).notify_per_member * u64::from(members);
        let state = &mut self.etcds[etcd];
        state.busy_until = state.busy_until.max(now) + work;
    }
}
