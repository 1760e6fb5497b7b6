//! The cloud controller manager's initialisation of new nodes.
//!
//! A kubelet with an external cloud provider registers its node with the taint
//! `node.cloudprovider.kubernetes.io/uninitialized`. A few workers take the nodes in turn, ask the cloud for each, and
//! take the taint away. Until then no replica can be placed there, and the DaemonSet controller creates only the pod
//! that sets up the network, which tolerates every taint.
//!
//! Keys: `control_plane.cloud_controller`, `.concurrent_node_syncs`, `.node_sync`.
//! Upstream: kubernetes `staging/src/k8s.io/cloud-provider/controllers/node/node_controller.go`, `syncNode`.

use crate::model::state::{Admission, Cause, Draw, Event, NodeId, PodId, Resources, Sim, StreamOwner, Subject, World};

impl World<'_> {
    /// The cloud controller has noticed a new node.
    pub(crate) fn initialise(&mut self, node: NodeId, sim: &mut Sim) {
        if let Some(next) = self.node_syncs.arrive(node) {
            self.sync_node(next, None, sim);
        }
    }

    /// The pods of the node that wait for its initialisation; in records they stand for the node, which has other
    /// things to wait for meanwhile.
    fn uninitialised_pods(&self, node: NodeId) -> impl Iterator<Item = PodId> {
        self.daemonset_pods(node).filter(|&pod| !self.tolerates_taints(pod))
    }

    fn sync_node(&mut self, node: NodeId, after: Option<NodeId>, sim: &mut Sim) {
        if self.waits.is_enabled() {
            let after = after.and_then(|node| self.uninitialised_pods(node).next());
            for pod in self.uninitialised_pods(node).collect::<Vec<_>>() {
                self.pod_is_next(pod, after);
                self.pod_waits_from(pod, sim.now(), Cause::Service, Resources::CLOUD_CONTROLLER);
            }
        }
        let law = &self.plan.scenario.control_plane.node_sync;
        self.schedule_drawn(StreamOwner::node(node), Draw::NodeSync, law, Event::NodeSynced(node), sim);
    }

    /// `NodeSynced`: the next node's turn; this one's taint is gone.
    pub(crate) fn on_node_synced(&mut self, node: NodeId, sim: &mut Sim) {
        if let Some(next) = self.node_syncs.leave() {
            self.sync_node(next, Some(node), sim);
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
        self.admit(node, sim);
    }

    /// A node is Ready and still has its taint.
    pub(crate) fn wait_for_initialisation(&mut self, node: NodeId, sim: &Sim) {
        let pod = self.uninitialised_pods(node).next();
        let (entry, cause) = (self.nodes[node].entry, if pod.is_some() { Cause::Dependency } else { Cause::Queue });
        let blocker = pod.map(|pod| self.subject(pod));
        self.waits.switch(entry, Subject::Node(node), sim.now(), cause, Resources::CLOUD_CONTROLLER, blocker);
    }
}
