//! Machines that die: what ends at once, what the control plane notices later, and what is replaced.
//!
//! A node that is not heard of becomes NotReady. The cloud controller looks at such nodes every few seconds and deletes
//! those whose instance does not exist any more; the pod garbage collector then deletes their pods after a quarantine.
//! Of a node whose instance exists and only cannot be reached, the pods are evicted after their toleration.
//!
//! Keys: `control_plane.node_monitor_grace`, `.node_monitor_period`, `.pod_gc_period`, `.pod_gc_quarantine`,
//! `.pod_eviction_after`, `fault.*.unreachable`.
//! Upstream: kube-controller-manager, node lifecycle controller; `DefaultTolerationSeconds`; kubernetes
//! `staging/src/k8s.io/cloud-provider/controllers/nodelifecycle`, `MonitorNodes`; `pkg/controller/podgc`, `gcOrphaned`.

use crate::model::state::{
    Admission, Backoff, Draw, Event, NODES_STAGE, NodeId, NodeState, Sim, Standing, StreamOwner, Subject, World,
};
use crate::time::{Span, Time};

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
        let params = &self.plan.scenario.control_plane;
        if self.nodes[node].unreachable {
            sim.schedule_after(params.pod_eviction_after, Event::LostPodsEvicted(node));
        } else {
            let looks = self.next_look(Draw::MonitorPhase, params.node_monitor_period, sim.now());
            sim.schedule_at(looks, Event::InstanceMissed(node));
        }
    }

    /// The next time that a controller looks at everything, which it does once in a period.
    fn next_look(&self, phase: Draw, period: Span, now: Time) -> Time {
        let phase = self.draws.phase(StreamOwner::control_plane(), phase, period);
        Backoff::new(Time::ZERO + phase, period, period).next_from(now)
    }

    /// `InstanceMissed`: the Node object is deleted, and the node given up; its pods are found without a node.
    pub(crate) fn on_instance_missed(&mut self, node: NodeId, sim: &mut Sim) {
        self.give_up_lost(node, sim);
        let params = &self.plan.scenario.control_plane;
        let found = self.next_look(Draw::GarbagePhase, params.pod_gc_period, sim.now());
        sim.schedule_at(found + params.pod_gc_quarantine, Event::LostPodsEvicted(node));
    }

    fn give_up_lost(&mut self, node: NodeId, sim: &mut Sim) {
        if self.nodes[node].admission < Admission::Schedulable {
            self.autoscaler.ready();
        }
        self.on_node_terminated(node, sim);
    }

    /// `LostPodsEvicted`: the node's replicas are replaced, and an unreachable node is given up.
    pub(crate) fn on_lost_pods_evicted(&mut self, node: NodeId, sim: &mut Sim) {
        if self.nodes[node].unreachable {
            self.give_up_lost(node, sim);
        }
        for _ in std::mem::take(&mut self.nodes[node].replicas) {
            self.replace_replica(node, sim);
        }
        // Others may have waited for the room that is free now.
        if self.placing.pending_count > 0 {
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
            self.transition(NODES_STAGE, Subject::Node(node), false, now);
        }
    }
}
