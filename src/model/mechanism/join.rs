//! Members that join a storage cluster: the operator's workers, their transactions, and what a change does to all.
//!
//! The operator adds one member for each pod that asks. A change of the membership gives each existing member the
//! same work, in the same order, so one account of unfinished work describes them all; a new member synchronises
//! with that work before it counts. Changes that come while the members are busy are worked on one by one, or once
//! with the latest membership.
//!
//! Keys: `daemonset.*.join.sync`, `.reconfigure`, `.reconfigure_per_member`, `.changes`.
//! Upstream: none is public: what the document tells of Rok, and numbers that are assumed or fitted.

use crate::model::params;
use crate::model::state::{
    Cause, DaemonSetId, DaemonSetResource, Draw, Event, Membership, Phase, PodId, PodOwner, Sim, Standing, World,
};
use crate::time::Time;

impl World<'_> {
    pub(crate) fn membership(&mut self, set: DaemonSetId) -> &mut Membership {
        self.memberships[set].as_mut().expect("the DaemonSet joins")
    }

    pub(crate) fn join_params(&self, set: DaemonSetId) -> &params::Join {
        self.plan.daemonset(set).params.join.as_ref().expect("the DaemonSet joins")
    }

    /// Tells every etcd how many members are kept there.
    pub(crate) fn count_members(&mut self) {
        for (place, etcd) in self.etcds.iter_mut().enumerate() {
            let here = self.memberships.iter().flatten().filter(|membership| membership.etcd.index() == place);
            let params = self.plan.scenario.etcd.at(place).1;
            etcd.members_are(here.map(|membership| membership.members).sum(), params);
        }
    }

    /// A started pod asks the operator for its membership.
    pub(crate) fn ask_to_join(&mut self, set: DaemonSetId, pod: PodId, sim: &mut Sim) {
        self.pods[pod].phase = Phase::Joining;
        self.pod_waits_at(pod, sim.now(), Cause::Queue, set, DaemonSetResource::Operator);
        self.wait_for_operator(set, pod, sim);
    }

    pub(crate) fn start_join(&mut self, set: DaemonSetId, pod: PodId, sim: &mut Sim) {
        self.pod_waits_at(pod, sim.now(), Cause::Service, set, DaemonSetResource::Operator);
        self.begin_job(set, pod, Draw::Transactions, Draw::Operator, sim);
    }

    /// The new entry is committed: every existing member re-configures itself, and the new one synchronises with them.
    pub(crate) fn add_member(&mut self, set: DaemonSetId, pod: PodId, sim: &mut Sim) {
        self.reconfigure_members(set, pod, Draw::Reconfigure, sim);
        self.membership(set).members += 1;
        self.count_members();
        self.pods[pod].standing = Standing::Member;
        // The new member synchronises with members that are busy with the change.
        self.pod_waits_at(pod, sim.now(), Cause::Service, set, DaemonSetResource::Members);
        let sync = self.draws.span(self.stream_owner(pod), Draw::Sync, &self.join_params(set).sync);
        let ready = self.membership(set).busy_until.max(sim.now()) + sync;
        sim.schedule_at(ready, Event::JoinSynced(pod));
    }

    /// The membership has changed: all members that were in it have work to do.
    pub(crate) fn reconfigure_members(&mut self, set: DaemonSetId, pod: PodId, purpose: Draw, sim: &mut Sim) {
        let (draws, owner) = (self.draws, self.stream_owner(pod));
        let join = self.join_params(set);
        let own = draws.span(owner, purpose, &join.reconfigure);
        let per_member = join.reconfigure_per_member;
        let membership = self.membership(set);
        let (etcd, members) = (membership.etcd, membership.members);
        if membership.change(sim.now(), own + per_member * u64::from(members)) {
            membership.changed_by = Some(pod);
            self.notify_members(etcd, members, sim.now());
            self.wake_failing_members(set, sim);
        }
    }

    /// `JoinSynced`: the pod is a member, and the worker takes the next join.
    pub(crate) fn on_join_synced(&mut self, pod: PodId, sim: &mut Sim) {
        let set = self.joining_set(pod);
        if !self.pods[pod].ended {
            self.run_pod(pod, sim);
        }
        self.end_job(set, pod, sim);
        if self.pods[pod].standing == Standing::Leaving {
            self.wait_for_operator(set, pod, sim);
        }
    }

    /// If a member could not answer a probe by `by`: when it can.
    pub(crate) fn members_busy_beyond(&self, pod: PodId, by: Time) -> Option<Time> {
        let PodOwner::DaemonSet(set) = self.pods[pod].owner else { return None };
        let busy_until = self.memberships[set].as_ref()?.busy_until;
        let timeout = self.plan.daemonset(set).params.readiness.as_ref()?.timeout;
        (busy_until > by).then(|| busy_until - timeout)
    }

    /// A Ready member stays so until further notice, so its probes are not simulated.
    pub(crate) fn suspend_probes(&mut self, pod: PodId) {
        if let Some((set, place)) = self.unprobed_place(pod) {
            self.membership(set).unprobed.insert((place, pod));
        }
    }

    /// The member's probes are simulated.
    pub(crate) fn resume_probes(&mut self, pod: PodId) {
        if let Some((set, place)) = self.unprobed_place(pod) {
            self.membership(set).unprobed.remove(&(place, pod));
        }
    }

    fn unprobed_place(&self, pod: PodId) -> Option<(DaemonSetId, u64)> {
        let PodOwner::DaemonSet(set) = self.pods[pod].owner else { return None };
        self.memberships[set].as_ref()?;
        let period = self.plan.daemonset(set).params.readiness.as_ref()?.period.as_nanos();
        Some((set, self.pods[pod].readiness.first_probe.as_nanos() % period))
    }

    /// The members have more to do. All probes fail until that is nearly done, and one that fails too often in a row
    /// makes its member NotReady: that probe is simulated, not those before it, which nobody sees.
    fn wake_failing_members(&mut self, set: DaemonSetId, sim: &mut Sim) {
        let plan = self.plan;
        let probe = plan.daemonset(set).params.readiness.as_ref().expect("members are probed");
        let tolerated = probe.failure_threshold.get() - 1;
        let membership = self.membership(set);
        let until = membership.busy_until - probe.timeout;
        let Some(new) = membership.failing.extend(sim.now(), until) else { return };
        let mut parts = std::mem::take(&mut membership.fatal);
        membership.failing.fatal(new, tolerated, probe.period, &mut parts);
        for part in &parts {
            for pod in self.membership(set).take_probed_within(part, probe.period) {
                self.pods[pod].readiness.failures = tolerated;
                self.schedule_probe(pod, part.start, sim);
            }
        }
        self.membership(set).fatal = parts;
    }
}
