//! A node's removal: the taint, the drain of each storage DaemonSet, the instance's end.
//!
//! A drain unpins the node's volumes one after the other, then the node's member leaves its cluster, and the guard pod
//! is evicted last. Without scale-in protection the cloud does not wait longer than so long. The autoscaler gives a
//! drain up if a guard refuses its eviction for so long: the node goes on as before, what is unpinned stays so, and
//! nothing is removed for a while.
//!
//! Keys: `daemonset.*.drain`, `cloud.scale_in_protection`, `.forced_termination_after`, `.termination`,
//! `autoscaler.max_pod_eviction_time`, `.scale_down_delay_after_failure`.
//! Upstream: Cluster Autoscaler `core/scaledown/actuation/drain.go`; EKF's scale-in guide.

use crate::model::params;
use crate::model::state::{
    DaemonSetId, DrainState, DrainStep, Draw, Event, NodeId, NodeState, Plan, Sim, Standing, StreamOwner, World,
};

impl World<'_> {
    /// The autoscaler taints a node; its drain follows.
    pub(crate) fn begin_removal(&mut self, node: NodeId, sim: &mut Sim) {
        let sets: Vec<DaemonSetId> =
            self.plan.daemonset_ids().filter(|set| self.plan.daemonset(*set).params.drain.is_some()).collect();
        let cloud = &self.plan.scenario.cloud;
        if !sets.is_empty() && !cloud.scale_in_protection {
            sim.schedule_after(cloud.forced_termination_after, Event::ForcedTermination(node));
        }
        let params = &self.plan.scenario.autoscaler;
        let due = sim.now() + params.node_delete_delay_after_taint;
        let patience = due + params.max_pod_eviction_time;
        if !sets.is_empty() {
            sim.schedule_at(patience, Event::EvictionTimedOut(node));
        }
        let volumes_left = sets.last().map_or(0, |set| drain_params(self.plan, *set).volumes);
        let state = &mut self.nodes[node];
        state.state = NodeState::Draining;
        state.milestones.removal = Some(sim.now());
        // A drain that was given up goes on where it was.
        let before = state.drain.take();
        let fresh = || DrainState { sets, step: DrainStep::Begin, volumes_left, stream: None, due, patience };
        state.drain =
            Some(before.map_or_else(fresh, |drain| DrainState { step: DrainStep::Begin, due, patience, ..drain }));
        sim.schedule_at(due, Event::DrainStep(node));
    }

    /// `DrainStep`: the step under way is done.
    pub(crate) fn on_drain_step(&mut self, node: NodeId, sim: &mut Sim) {
        if self.drain_of(node).due == sim.now() {
            self.drain_on(node, sim);
        }
    }

    /// The next step of a drain follows, or the instance is ended.
    pub(crate) fn drain_on(&mut self, node: NodeId, sim: &mut Sim) {
        if self.nodes[node].state != NodeState::Draining {
            return;
        }
        let drain = self.drain_of(node);
        let Some(&set) = drain.sets.last() else {
            self.nodes[node].milestones.drained = Some(sim.now());
            self.terminate(node, sim);
            return;
        };
        match drain.step {
            DrainStep::Begin => self.begin_drain(node, set, sim),
            DrainStep::Unpin => {
                drain.volumes_left -= 1;
                self.unpin_next(node, set, sim);
            }
            DrainStep::Leave => self.evict_guard(node, set, sim),
            DrainStep::Guard => {
                drain.sets.pop();
                (drain.step, drain.stream) = (DrainStep::Begin, None);
                self.drain_on(node, sim);
            }
        }
    }

    fn drain_of(&mut self, node: NodeId) -> &mut DrainState {
        self.nodes[node].drain.as_mut().expect("the node is being drained")
    }

    fn begin_drain(&mut self, node: NodeId, set: DaemonSetId, sim: &mut Sim) {
        let stream = self.draws.stream(StreamOwner::daemonset_pod(self.plan, set, node), Draw::Unpin);
        let volumes = drain_params(self.plan, set).volumes;
        let drain = self.drain_of(node);
        if drain.stream.is_none() {
            (drain.volumes_left, drain.stream) = (volumes, Some(stream));
        }
        self.unpin_next(node, set, sim);
    }

    fn unpin_next(&mut self, node: NodeId, set: DaemonSetId, sim: &mut Sim) {
        let law = &drain_params(self.plan, set).unpin;
        let drain = self.drain_of(node);
        if drain.volumes_left == 0 {
            drain.step = DrainStep::Leave;
            let pod = self.nodes[node].pod_of(set).expect("a drained node is registered");
            if self.pods[pod].standing == Standing::Member {
                self.ask_to_leave(set, pod, sim);
            } else {
                self.evict_guard(node, set, sim);
            }
            return;
        }
        drain.step = DrainStep::Unpin;
        drain.due = sim.now() + law.sample_span(drain.stream.as_mut().expect("the drain has begun"));
        sim.schedule_at(drain.due, Event::DrainStep(node));
    }

    fn evict_guard(&mut self, node: NodeId, set: DaemonSetId, sim: &mut Sim) {
        let owner = StreamOwner::daemonset_pod(self.plan, set, node);
        let due = sim.now() + self.draws.span(owner, Draw::Guard, &drain_params(self.plan, set).guard);
        let drain = self.drain_of(node);
        (drain.step, drain.due) = (DrainStep::Guard, due);
        sim.schedule_at(due, Event::DrainStep(node));
    }

    /// `EvictionTimedOut`: unless the last guard's eviction has been accepted, the drain is given up.
    pub(crate) fn on_eviction_timed_out(&mut self, node: NodeId, sim: &mut Sim) {
        let now = sim.now();
        let drain = self.drain_of(node);
        let accepted = drain.step == DrainStep::Guard && drain.sets.len() == 1;
        if drain.patience != now || accepted || drain.sets.is_empty() {
            return;
        }
        let longest = self.plan.scenario.autoscaler.max_pod_eviction_time;
        let message = format!("failed to drain the node, aborting ScaleDown: pods remain after {longest}");
        self.hit_limit("drain-timeout", message, now);
        let state = &mut self.nodes[node];
        state.state = NodeState::Ready;
        state.milestones.removal = None;
        self.scale_down.removed();
        self.autoscaler.last_failed_drain = Some(now);
        self.mark_unneeded(node, sim);
    }

    /// `ForcedTermination`: the cloud does not wait for the drain. Volumes that are not unpinned are lost.
    pub(crate) fn on_forced_termination(&mut self, node: NodeId, sim: &mut Sim) {
        let patience = self.plan.scenario.cloud.forced_termination_after;
        // Not of a drain that was given up meanwhile.
        if self.nodes[node].milestones.removal.is_none_or(|removal| removal + patience != sim.now()) {
            return;
        }
        let plan = self.plan;
        let drain = self.drain_of(node);
        let others = drain.sets.iter().rev().skip(1).map(|set| drain_params(plan, *set).volumes);
        let lost = drain.volumes_left + others.sum::<u32>();
        for _ in 0..lost {
            let message = format!(
                "an instance was terminated {patience} after its drain had begun, because the group has no scale-in protection: a volume that was not unpinned is lost"
            );
            self.hit_limit("volumes-lost", message, sim.now());
        }
        self.scale_down.volumes_lost += lost;
        self.terminate(node, sim);
    }

    /// The instance is ended: its pods end, and what it holds is free a little later.
    fn terminate(&mut self, node: NodeId, sim: &mut Sim) {
        self.scale_down.removed();
        self.stop_machine(node, sim);
        self.note_lost(node, sim.now());
        let law = &self.plan.scenario.cloud.termination;
        self.schedule_drawn(StreamOwner::node(node), Draw::Shutdown, law, Event::NodeTerminated(node), sim);
        self.wake_autoscaler(sim);
    }

    /// `NodeTerminated`: nothing of it is left.
    pub(crate) fn on_node_terminated(&mut self, node: NodeId, sim: &mut Sim) {
        let state = &mut self.nodes[node];
        state.state = NodeState::Gone;
        state.milestones.terminated = Some(sim.now());
        let zone = state.zone;
        self.autoscaler.removed(self.plan.group_of(zone));
        self.cloud_returns(node);
        self.note_returned(node, sim.now());
        self.dead_members_leave(node, sim);
    }
}

fn drain_params(plan: &Plan, set: DaemonSetId) -> &params::Drain {
    plan.daemonset(set).params.drain.as_ref().expect("the DaemonSet is drained")
}
