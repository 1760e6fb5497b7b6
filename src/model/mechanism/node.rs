//! A node's state, from its request to its readiness, and the handlers of its kubelet's start.
//!
//! Keys: `kubelet.registration`, `kubelet.ready_update`, `node.network_daemonset`.
//! Upstream: kubelet `kubelet_node_status.go`; DaemonSet controller `pkg/controller/daemon`; amazon-vpc-cni-k8s for
//! readiness.

use crate::model::state::{
    Admission, Cause, DaemonSetResource, Draw, Event, NODES_STAGE, NodeId, NodeState, Phase, PodId, PodOwner,
    Resources, Sim, StreamOwner, Subject, World,
};
use smallvec::SmallVec;

impl World<'_> {
    /// `NodeBooted`: the kubelet registers its node.
    pub(crate) fn on_node_booted(&mut self, node: NodeId, sim: &mut Sim) {
        let state = &mut self.nodes[node];
        state.milestones.booted = Some(sim.now());
        if self.never_registers(node, sim.now()) {
            return;
        }
        self.node_waits(node, sim, Cause::Service, Resources::KUBELET);
        let law = &self.kubelet().registration;
        self.schedule_drawn(StreamOwner::node(node), Draw::Registration, law, Event::NodeRegistered(node), sim);
    }

    /// `NodeRegistered`: controllers will notice the new node.
    pub(crate) fn on_node_registered(&mut self, node: NodeId, sim: &mut Sim) {
        let state = &mut self.nodes[node];
        state.state = NodeState::Registered;
        state.milestones.registered = Some(sim.now());
        if self.plan.scenario.control_plane.cloud_controller {
            state.admission = Admission::Tainted;
        }
        self.nodes[node].gates = self.plan.admits;
        self.add_daemonset_pods(node);
        for pod in self.daemonset_pods(node) {
            if self.can_be_created(pod) {
                self.pod_waits_from(pod, sim.now(), Cause::Service, Resources::CONTROLLERS);
            } else {
                self.pod_waits_from(pod, sim.now(), Cause::Queue, Resources::CLOUD_CONTROLLER);
            }
        }
        sim.schedule_after(self.watch_delay(StreamOwner::node(node)), Event::NodeNoticed(node));
        match self.plan.network_daemonset {
            Some(set) => {
                let subject = self.plan.pod_subject(set, node);
                let (entry, resource) =
                    (self.nodes[node].entry, self.plan.resources.daemonset(set, DaemonSetResource::Readiness));
                self.waits.switch(entry, Subject::Node(node), sim.now(), Cause::Dependency, resource, Some(subject));
            }
            None => self.network_ready(node, sim),
        }
    }

    /// `NodeNoticed`: the DaemonSet controller creates a pod of each DaemonSet that tolerates the node's taints.
    pub(crate) fn on_node_noticed(&mut self, node: NodeId, sim: &mut Sim) {
        for pod in self.daemonset_pods(node) {
            if self.can_be_created(pod) {
                self.create_pod(pod, sim);
            }
        }
        if self.nodes[node].admission == Admission::Tainted {
            self.initialise(node, sim);
        }
    }

    fn can_be_created(&self, pod: PodId) -> bool {
        self.nodes[self.pods[pod].placed_on()].admission > Admission::Tainted || self.tolerates_taints(pod)
    }

    /// Whether the pod is the one that sets up the network; it tolerates every taint.
    pub(crate) fn tolerates_taints(&self, pod: PodId) -> bool {
        matches!(self.pods[pod].owner, PodOwner::DaemonSet(set) if self.plan.network_daemonset == Some(set))
    }

    /// The node's DaemonSet pods, in the order of the plan.
    pub(crate) fn daemonset_pods(&self, node: NodeId) -> impl Iterator<Item = PodId> + use<> {
        let first = self.nodes[node].first_pod;
        let pods = first.map_or(0..0, |pod| pod.0..pod.0 + self.plan.daemonsets.len() as u32);
        pods.map(PodId)
    }

    /// Adds the state of a node's DaemonSet pods, side by side.
    pub(crate) fn add_daemonset_pods(&mut self, node: NodeId) {
        self.nodes[node].first_pod = Some(PodId(self.pods.len() as u32));
        for set in self.plan.daemonset_ids() {
            self.add_pod(PodOwner::DaemonSet(set), Some(node));
        }
        let stages = self.plan.daemonsets.iter().filter(|set| set.stage.is_some()).count();
        self.nodes[node].milestones.daemonsets = SmallVec::from_elem(None, stages);
    }

    /// Pod networking works: the kubelet reports the node Ready.
    pub(crate) fn network_ready(&mut self, node: NodeId, sim: &mut Sim) {
        self.node_waits(node, sim, Cause::Service, Resources::KUBELET);
        let law = &self.kubelet().ready_update;
        self.schedule_drawn(StreamOwner::node(node), Draw::ReadyUpdate, law, Event::NodeReady(node), sim);
    }

    /// `NodeReady`: pods that waited for networking are tried again, and replicas find room if the node is initialised.
    pub(crate) fn on_node_ready(&mut self, node: NodeId, sim: &mut Sim) {
        let state = &mut self.nodes[node];
        state.state = NodeState::Ready;
        state.milestones.ready = Some(sim.now());
        self.transition(NODES_STAGE, Subject::Node(node), true, sim.now());
        for set in self.plan.daemonset_ids() {
            let pod = self.nodes[node].pod_of(set).expect("a Ready node is registered");
            if self.pods[pod].phase == Phase::WaitingForNetwork {
                self.retry_sandbox(pod, Resources::NODE_NETWORK, sim);
            }
        }
        if self.nodes[node].admission == Admission::Initialised {
            self.admit(node, sim);
        } else {
            self.wait_for_initialisation(node, sim);
        }
    }
}
