//! A node's removal: the taint, the drain of each storage DaemonSet, the instance's end.
//!
//! A drain unpins the node's volumes one after the other, then the node's member leaves its cluster, and the guard pod
//! is evicted last. Without scale-in protection the cloud does not wait longer than so long.
//!
//! Keys: `daemonset.*.drain`, `cloud.scale_in_protection`, `.forced_termination_after`, `.termination`.
//! Upstream: Cluster Autoscaler `core/scaledown/actuation/drain.go`; EKF's scale-in guide.

use crate::model::params;
use crate::model::state::{
    DaemonSetId, DrainState, Draw, Event, NodeId, NodeState, Plan, Sim, Standing, Step, StreamOwner, World,
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
        let state = &mut self.nodes[node];
        state.state = NodeState::Draining;
        state.milestones.removal = Some(sim.now());
        let volumes_left = sets.last().map_or(0, |set| drain_params(self.plan, *set).volumes);
        state.drain = Some(DrainState { sets, step: Step::Begin, volumes_left, stream: None });
        let delay = self.plan.scenario.autoscaler.node_delete_delay_after_taint;
        sim.schedule_after(delay, Event::DrainStep(node));
    }

    /// `DrainStep`: the next step follows, or the instance is ended.
    pub(crate) fn on_drain_step(&mut self, node: NodeId, sim: &mut Sim) {
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
            Step::Begin => self.begin_drain(node, set, sim),
            Step::Unpin => {
                drain.volumes_left -= 1;
                self.unpin_next(node, set, sim);
            }
            Step::Leave => self.evict_guard(node, set, sim),
            Step::Guard => {
                drain.sets.pop();
                drain.step = Step::Begin;
                self.on_drain_step(node, sim);
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
        (drain.volumes_left, drain.stream) = (volumes, Some(stream));
        self.unpin_next(node, set, sim);
    }

    fn unpin_next(&mut self, node: NodeId, set: DaemonSetId, sim: &mut Sim) {
        let law = &drain_params(self.plan, set).unpin;
        let drain = self.drain_of(node);
        if drain.volumes_left == 0 {
            drain.step = Step::Leave;
            let pod = self.nodes[node].pod_of(set).expect("a drained node is registered");
            if self.pods[pod].standing == Standing::Member {
                self.ask_to_leave(set, pod, sim);
            } else {
                self.evict_guard(node, set, sim);
            }
            return;
        }
        drain.step = Step::Unpin;
        let length = law.sample_span(drain.stream.as_mut().expect("the drain has begun"));
        sim.schedule_after(length, Event::DrainStep(node));
    }

    fn evict_guard(&mut self, node: NodeId, set: DaemonSetId, sim: &mut Sim) {
        self.drain_of(node).step = Step::Guard;
        let owner = StreamOwner::daemonset_pod(self.plan, set, node);
        self.schedule_drawn(owner, Draw::Guard, &drain_params(self.plan, set).guard, Event::DrainStep(node), sim);
    }

    /// `ForcedTermination`: the cloud does not wait for the drain. Volumes that are not unpinned are lost.
    pub(crate) fn on_forced_termination(&mut self, node: NodeId, sim: &mut Sim) {
        let patience = self.plan.scenario.cloud.forced_termination_after;
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
        self.cloud_returns(zone);
        self.note_returned(node, sim.now());
        self.dead_members_leave(node, sim);
    }
}

fn drain_params(plan: &Plan, set: DaemonSetId) -> &params::Drain {
    plan.daemonset(set).params.drain.as_ref().expect("the DaemonSet is drained")
}
