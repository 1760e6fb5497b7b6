//! The cloud controller manager's initialisation of new nodes.
//!
//! A kubelet with an external cloud provider registers its node with the taint
//! `node.cloudprovider.kubernetes.io/uninitialized`. A few workers take the nodes in turn, ask the cloud for each, and
//! take the taint away. Until then no replica can be placed there, and the DaemonSet controller creates only the pod
//! that sets up the network, which tolerates every taint.
//!
//! Keys: `control_plane.cloud_controller`, `.concurrent_node_syncs`, `.node_sync`.
//! Upstream: kubernetes `staging/src/k8s.io/cloud-provider/controllers/node/node_controller.go`, `syncNode`.

use crate::model::state::{Admission, Cause, Draw, Event, NodeId, NodeState, Resources, Sim, StreamOwner, World};

impl World<'_> {
    /// The cloud controller has noticed a new node.
    pub(crate) fn initialise(&mut self, node: NodeId, sim: &mut Sim) {
        if let Some(next) = self.node_syncs.arrive(node) {
            self.sync_node(next, sim);
        }
    }

    fn sync_node(&mut self, node: NodeId, sim: &mut Sim) {
        let law = &self.plan.scenario.control_plane.node_sync;
        self.schedule_drawn(StreamOwner::node(node), Draw::NodeSync, law, Event::NodeSynced(node), sim);
    }

    /// `NodeSynced`: the next node's turn; this one's taint is gone.
    pub(crate) fn on_node_synced(&mut self, node: NodeId, sim: &mut Sim) {
        if let Some(next) = self.node_syncs.leave() {
            self.sync_node(next, sim);
        }
        let law = &self.plan.scenario.control_plane.watch;
        self.schedule_drawn(StreamOwner::node(node), Draw::Untainted, law, Event::NodeUntainted(node), sim);
    }

    /// `NodeUntainted`: the other DaemonSets' pods are created, and replicas can come.
    pub(crate) fn on_node_untainted(&mut self, node: NodeId, sim: &mut Sim) {
        self.nodes[node].admission = Admission::Initialised;
        for pod in self.daemonset_pods(node) {
            if !self.tolerates_taints(pod) {
                self.create_pod(pod, sim);
            }
        }
        if self.nodes[node].state == NodeState::Ready {
            self.become_schedulable(node, sim);
        }
    }

    /// A node is Ready and initialised: replicas find room.
    pub(crate) fn become_schedulable(&mut self, node: NodeId, sim: &mut Sim) {
        let state = &mut self.nodes[node];
        state.admission = Admission::Schedulable;
        self.waits.end(state.entry, sim.now());
        self.autoscaler.ready();
        self.offer_node(node, sim);
        self.mark_unneeded(node, sim);
    }

    /// A node is Ready and still has its taint.
    pub(crate) fn wait_for_initialisation(&mut self, node: NodeId, sim: &Sim) {
        self.node_waits(node, sim, Cause::Queue, Resources::CLOUD_CONTROLLER);
    }
}
