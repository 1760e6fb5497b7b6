//! The kube-scheduler: one pod after the other, then a binding through its own API client.
//!
//! All replicas request the same, so a node is described by how many more fit. A replica that finds no room waits
//! until a node offers some; the first ones in the line are tried again then.
//!
//! Keys: `[scheduler]`, `control_plane.write`, `.watch`.
//! Upstream: kube-scheduler configuration, `pkg/scheduler/apis/config/v1/defaults.go`; rates of `scheduler_perf`.

use crate::model::state::{Cause, Draw, Event, NodeId, NodeState, Owner, Phase, PodId, Resources, Sim, Subject, World};

impl World<'_> {
    /// `PodCreated`: the pod enters the scheduler's line.
    pub(crate) fn on_pod_created(&mut self, pod: PodId, sim: &mut Sim) {
        self.enter_line(pod, sim);
    }

    fn enter_line(&mut self, pod: PodId, sim: &mut Sim) {
        self.pods[pod].phase = Phase::Scheduling;
        self.pod_waits_from(pod, sim.now(), Cause::Queue, Resources::SCHEDULER);
        if let Some(first) = self.placing.line.arrive(pod) {
            self.place_next(first, sim);
        }
    }

    fn place_next(&mut self, pod: PodId, sim: &mut Sim) {
        sim.schedule_after(self.placing.per_pod, Event::PodPlaced(pod));
    }

    /// `PodPlaced`: a DaemonSet's pod goes to its node, a replica to a node with room, if there is one.
    pub(crate) fn on_pod_placed(&mut self, pod: PodId, sim: &mut Sim) {
        match self.pods[pod].owner {
            _ if self.pods[pod].ended => {}
            Owner::DaemonSet(_) => self.bind(pod, sim),
            Owner::Workload(_) => match self.take_slot() {
                Some(node) => {
                    self.pods[pod].node = Some(node);
                    self.nodes[node].replicas.push(pod);
                    self.bind(pod, sim);
                }
                None => self.no_room(pod, sim),
            },
        }
        if let Some(next) = self.placing.line.leave() {
            self.place_next(next, sim);
        }
    }

    fn no_room(&mut self, pod: PodId, sim: &mut Sim) {
        self.pods[pod].phase = Phase::Unschedulable;
        self.pod_waits_from(pod, sim.now(), Cause::Dependency, Resources::NODE);
        self.placing.unschedulable.push_back((pod, sim.now()));
        self.wake_autoscaler(sim);
    }

    /// Takes room on the node that has offered it longest.
    fn take_slot(&mut self) -> Option<NodeId> {
        // Nodes that have gone since offer nothing any more.
        while self.nodes[*self.placing.open_nodes.front()?].state != NodeState::Ready {
            self.placing.open_nodes.pop_front();
        }
        let node = *self.placing.open_nodes.front()?;
        let state = &mut self.nodes[node];
        state.free_slots -= 1;
        if state.free_slots == 0 {
            self.placing.open_nodes.pop_front();
        }
        Some(node)
    }

    fn bind(&mut self, pod: PodId, sim: &mut Sim) {
        let granted = self.placing.bindings.reserve(sim.now(), 1);
        let write = self.draws.span(self.stream_owner(pod), Draw::Binding, &self.plan.scenario.control_plane.write);
        if granted > sim.now() {
            self.pod_waits_from(pod, sim.now(), Cause::Limit, Resources::BINDING);
        }
        self.pod_waits_from(pod, granted, Cause::Service, Resources::API_SERVER);
        let noticed = self.watch_delay(self.stream_owner(pod));
        sim.schedule_at(granted + write + noticed, Event::PodBound(pod));
    }

    /// A Ready node offers its room: as many replicas as fit are tried again.
    pub(crate) fn offer_node(&mut self, node: NodeId, sim: &mut Sim) {
        let slots = self.plan.replicas_per_node;
        self.nodes[node].free_slots = slots;
        if slots > 0 {
            self.placing.open_nodes.push_back(node);
        }
        for _ in 0..slots {
            let Some((pod, _)) = self.placing.unschedulable.pop_front() else { break };
            self.pod_waits_for(pod, sim.now(), Cause::Queue, Resources::SCHEDULER, Some(Subject::Node(node.0)));
            self.enter_line(pod, sim);
        }
    }
}
