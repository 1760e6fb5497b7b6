//! A node's state, from its request to its readiness, and the handlers of its kubelet's start.

use crate::model::mechanism::drain::DrainState;
use crate::model::mechanism::images::NodeImages;
use crate::model::params::Kubelet;
use crate::model::state::draws::{For, Whose};
use crate::model::state::event::Event;
use crate::model::state::ids::{ImageId, NodeId, PodId, ResourceId, SetId, ZoneId};
use crate::model::state::plan::NODES_STAGE;
use crate::model::state::pod::{Owner, Phase};
use crate::model::state::record::{Cause, NodeRecord, Subject};
use crate::model::state::resources::{At, Resources};
use crate::model::state::wait_log::Entry;
use crate::model::state::world::{Sim, World};
use smallvec::SmallVec;

/// Where a node stands on its way to readiness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NodeState {
    /// Wanted by its node group, not launched.
    Requested,
    /// Launched, not registered.
    Launched,
    /// Its Node object exists.
    Registered,
    /// Ready.
    Ready,
    /// Ready, and being drained for its removal.
    Draining,
    /// Its machine is ending or has died; what it held is not free yet.
    Stopping,
    /// Ended, and all it held is free.
    Gone,
    /// Given up before it was registered.
    Failed,
}

/// A node.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) zone: ZoneId,
    pub(crate) state: NodeState,
    pub(crate) entry: Entry,
    pub(crate) milestones: NodeRecord,
    /// The first of its DaemonSets' pods; the others follow in the order of the plan.
    pub(crate) first_pod: Option<PodId>,
    /// Its replicas.
    pub(crate) replicas: SmallVec<[PodId; 2]>,
    /// Replicas that still fit.
    pub(crate) free_slots: u32,
    pub(crate) images: NodeImages,
    /// The DaemonSets whose CSI driver is registered, one bit each.
    pub(crate) drivers: u64,
    /// How often it was launched.
    pub(crate) launches: u32,
    /// Something keeps it from registering.
    pub(crate) stuck: bool,
    pub(crate) drain: Option<DrainState>,
}

impl Node {
    pub(crate) fn new(number: NodeId, zone: ZoneId, entry: Entry, images: NodeImages) -> Self {
        Self {
            zone,
            state: NodeState::Requested,
            entry,
            milestones: NodeRecord { number: number.0, zone: zone.0, ..NodeRecord::default() },
            first_pod: None,
            replicas: SmallVec::new(),
            free_slots: 0,
            images,
            drivers: 0,
            launches: 0,
            stuck: false,
            drain: None,
        }
    }

    /// It will not come, or has gone.
    pub(crate) const fn is_gone(&self) -> bool {
        matches!(self.state, NodeState::Stopping | NodeState::Gone | NodeState::Failed)
    }

    /// The pod of a DaemonSet on this node, once the node is registered.
    pub(crate) fn pod_of(&self, set: SetId) -> Option<PodId> {
        self.first_pod.map(|first| PodId(first.0 + u32::from(set.0)))
    }
}

impl World<'_> {
    pub(crate) fn kubelet(&self) -> &Kubelet {
        &self.plan.scenario.kubelet
    }

    /// A new node, with the images that come with the machine image.
    pub(crate) fn add_node(&mut self, zone: ZoneId) -> NodeId {
        let node = NodeId(self.nodes.len() as u32);
        let entry = self.waits.entry();
        let mut images = NodeImages::new(self.kubelet());
        for (index, (_, image)) in self.plan.scenario.image.iter().enumerate() {
            if image.preloaded {
                images.add(ImageId(index as u16));
            }
        }
        self.nodes.push(Node::new(node, zone, entry, images));
        node
    }

    pub(crate) fn node_waits(&mut self, node: NodeId, sim: &Sim, cause: Cause, resource: ResourceId) {
        self.waits.switch(self.nodes[node].entry, Subject::Node(node.0), sim.now(), cause, resource, None);
    }

    /// `NodeBooted`: the kubelet registers its node.
    pub(crate) fn on_node_booted(&mut self, node: NodeId, sim: &mut Sim) {
        let state = &mut self.nodes[node];
        state.milestones.booted = Some(sim.now());
        if self.never_registers(node, sim.now()) {
            return;
        }
        self.node_waits(node, sim, Cause::Service, Resources::KUBELET);
        let law = &self.kubelet().registration;
        self.schedule_drawn(Whose::node(node), For::Registration, law, Event::NodeRegistered(node), sim);
    }

    /// `NodeRegistered`: controllers will notice the new node.
    pub(crate) fn on_node_registered(&mut self, node: NodeId, sim: &mut Sim) {
        let state = &mut self.nodes[node];
        state.state = NodeState::Registered;
        state.milestones.registered = Some(sim.now());
        self.add_daemonset_pods(node);
        for pod in self.daemonset_pods(node) {
            self.pod_waits_from(pod, sim.now(), Cause::Service, Resources::CONTROLLERS);
        }
        sim.schedule_after(self.watch_delay(Whose::node(node)), Event::NodeNoticed(node));
        match self.plan.network_set {
            Some(set) => {
                let subject = self.plan.pod_subject(set, node);
                let (entry, resource) = (self.nodes[node].entry, self.plan.resources.set(set, At::Readiness));
                self.waits.switch(entry, Subject::Node(node.0), sim.now(), Cause::Dependency, resource, Some(subject));
            }
            None => self.network_ready(node, sim),
        }
    }

    /// `NodeNoticed`: the DaemonSet controller creates a pod of each DaemonSet for the node.
    pub(crate) fn on_node_noticed(&mut self, node: NodeId, sim: &mut Sim) {
        for pod in self.daemonset_pods(node) {
            self.create_pod(pod, sim);
        }
    }

    /// The node's DaemonSet pods, in the order of the plan.
    pub(crate) fn daemonset_pods(&self, node: NodeId) -> impl Iterator<Item = PodId> + use<> {
        let first = self.nodes[node].first_pod;
        let pods = first.map_or(0..0, |pod| pod.0..pod.0 + self.plan.sets.len() as u32);
        pods.map(PodId)
    }

    /// Adds the state of a node's DaemonSet pods, side by side.
    pub(crate) fn add_daemonset_pods(&mut self, node: NodeId) {
        self.nodes[node].first_pod = Some(PodId(self.pods.len() as u32));
        for set in self.plan.set_ids() {
            self.add_pod(Owner::Set(set), Some(node));
        }
        let stages = self.plan.sets.iter().filter(|set| set.stage.is_some()).count();
        self.nodes[node].milestones.daemonsets = SmallVec::from_elem(None, stages);
    }

    /// Pod networking works: the kubelet reports the node Ready.
    pub(crate) fn network_ready(&mut self, node: NodeId, sim: &mut Sim) {
        self.node_waits(node, sim, Cause::Service, Resources::KUBELET);
        let law = &self.kubelet().ready_update;
        self.schedule_drawn(Whose::node(node), For::ReadyUpdate, law, Event::NodeReady(node), sim);
    }

    /// `NodeReady`: pods that waited for networking go on, and replicas find room.
    pub(crate) fn on_node_ready(&mut self, node: NodeId, sim: &mut Sim) {
        let state = &mut self.nodes[node];
        state.state = NodeState::Ready;
        state.milestones.ready = Some(sim.now());
        self.waits.end(state.entry, sim.now());
        self.transition(NODES_STAGE, node.0, true, sim.now());
        for set in self.plan.set_ids() {
            let pod = self.nodes[node].pod_of(set).expect("a Ready node is registered");
            if self.pods[pod].phase == Phase::WaitingForNetwork {
                self.make_sandbox(pod, sim);
            }
        }
        self.autoscaler.ready();
        self.offer_node(node, sim);
        self.may_be_unneeded(node, sim);
    }
}
