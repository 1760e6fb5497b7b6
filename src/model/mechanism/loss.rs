//! Machines that die: what ends at once, what the control plane notices later, and what is replaced.
//!
//! Keys: `control_plane.node_monitor_grace`, `.pod_eviction_after`.
//! Upstream: kube-controller-manager, node lifecycle controller; `DefaultTolerationSeconds`.

use crate::model::state::{Event, NODES_STAGE, NodeId, NodeState, Sim, Standing, World};
use crate::time::Time;

impl World<'_> {
    /// Everything that goes on on the node's machine ends. Nobody else knows yet.
    pub(crate) fn stop_machine(&mut self, node: NodeId, sim: &mut Sim) {
        self.waits.end(self.nodes[node].entry, sim.now());
        self.nodes[node].state = NodeState::Stopping;
        self.abandon_pulls(node, sim);
        let replicas = self.nodes[node].replicas.clone();
        for pod in self.daemonset_pods(node).chain(replicas) {
            self.stop_pod(pod, sim);
        }
    }

    /// A machine dies, for no fault of its own.
    pub(crate) fn lose_machine(&mut self, node: NodeId, sim: &mut Sim) {
        match self.nodes[node].state {
            // The autoscaler's patience ends what never registers.
            NodeState::Launched => self.nodes[node].stuck = true,
            NodeState::Registered | NodeState::Ready | NodeState::Draining => {
                if self.nodes[node].state == NodeState::Draining {
                    self.scale_down.removed();
                }
                self.stop_machine(node, sim);
                self.nodes[node].milestones.failed = Some(sim.now());
                sim.schedule_after(self.plan.scenario.control_plane.node_monitor_grace, Event::LossNoticed(node));
            }
            NodeState::Requested | NodeState::Stopping | NodeState::Gone | NodeState::Failed => {}
        }
    }

    /// `LossNoticed`: the node and its pods are NotReady.
    pub(crate) fn on_loss_noticed(&mut self, node: NodeId, sim: &mut Sim) {
        self.note_lost(node, sim.now());
        sim.schedule_after(self.plan.scenario.control_plane.pod_eviction_after, Event::LostPodsEvicted(node));
    }

    /// `LostPodsEvicted`: the node's replicas are replaced, and the node is given up.
    pub(crate) fn on_lost_pods_evicted(&mut self, node: NodeId, sim: &mut Sim) {
        if self.nodes[node].milestones.ready.is_none() {
            self.autoscaler.ready();
        }
        let replicas = std::mem::take(&mut self.nodes[node].replicas);
        self.on_node_terminated(node, sim);
        for _ in replicas {
            self.replace_replica(sim);
        }
        // Others may have waited for the room that is free now.
        if !self.placing.unschedulable.is_empty() {
            self.wake_autoscaler(sim);
        }
    }

    /// The operator takes the members of a node that has gone out of their clusters.
    pub(crate) fn dead_members_leave(&mut self, node: NodeId, sim: &mut Sim) {
        for set in self.plan.daemonset_ids() {
            if let Some(pod) = self.nodes[node].pod_of(set)
                && self.pods[pod].standing == Standing::Member
            {
                self.ask_to_leave(set, pod, sim);
            }
        }
    }

    /// A node that was Ready is not any more, nor are its pods.
    pub(crate) fn note_lost(&mut self, node: NodeId, now: Time) {
        let replicas = self.nodes[node].replicas.clone();
        for pod in self.daemonset_pods(node).chain(replicas) {
            self.note_end(pod, now);
        }
        if self.nodes[node].milestones.ready.is_some() {
            self.transition(NODES_STAGE, node.0, false, now);
        }
    }
}
