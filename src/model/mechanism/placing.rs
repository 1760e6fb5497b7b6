//! The kube-scheduler: one pod after the other, then a binding through its own API client.
//!
//! All replicas request the same, so a node is described by how many more fit. A replica that finds no room waits for
//! an event: a node that can be used moves all of them. One that was tried a short while ago is left alone first, for
//! a time that doubles with its attempts; the scheduler looks once a second for those whose time is over. A replica
//! that is tried while a node becomes usable counts as moved by it.
//!
//! Pods of DaemonSets come first: those of EKS have the priority `system-node-critical`, and others need only a moment.
//! What else moves pods upstream (every 5 min, those that have waited so long) would find the same here.
//!
//! Keys: `[scheduler]`, `control_plane.write`, `.watch`.
//! Upstream: kube-scheduler configuration, `pkg/scheduler/apis/config/v1/defaults.go`; rates of `scheduler_perf`;
//! `pkg/scheduler/backend/queue/scheduling_queue.go`, `moveAllToActiveOrBackoffQueue`, `flushBackoffQCompleted`.

use crate::model::state::{
    Backoff, Cause, Draw, Event, NodeId, Phase, PodId, PodOwner, Resources, Sim, StreamOwner, Subject, World,
};
use crate::time::{Span, Time};

/// How often the scheduler looks for pods whose back-off is over.
const FLUSH: Span = Span::from_secs(1);

impl World<'_> {
    /// The instants at which the scheduler looks at its back-offs are arbitrary.
    pub(crate) fn start_scheduler(&mut self) {
        let phase = self.draws.phase(StreamOwner::control_plane(), Draw::SchedulerPhase, FLUSH);
        self.placing.first_flush = Time::ZERO + phase;
    }

    /// `PodCreated`: the pod enters the scheduler's line.
    pub(crate) fn on_pod_created(&mut self, pod: PodId, sim: &mut Sim) {
        self.note_replica(pod, |record| &mut record.created, sim.now());
        self.enter_line(pod, sim);
    }

    fn enter_line(&mut self, pod: PodId, sim: &mut Sim) {
        self.pods[pod].phase = Phase::Scheduling;
        self.pod_waits_from(pod, sim.now(), Cause::Queue, Resources::SCHEDULER);
        let of_daemonset = matches!(self.pods[pod].owner, PodOwner::DaemonSet(_));
        if let Some(first) = self.placing.line.arrive(pod, of_daemonset) {
            self.place_next(first, None, sim);
        }
    }

    fn place_next(&mut self, pod: PodId, after: Option<PodId>, sim: &mut Sim) {
        self.pod_is_next(pod, after);
        self.pod_waits_from(pod, sim.now(), Cause::Service, Resources::SCHEDULER);
        sim.schedule_after(self.placing.per_pod, Event::PodPlaced(pod));
    }

    /// `PodPlaced`: a DaemonSet's pod goes to its node, a replica to a node with room, if there is one.
    pub(crate) fn on_pod_placed(&mut self, pod: PodId, sim: &mut Sim) {
        match self.pods[pod].owner {
            _ if self.pods[pod].ended => {}
            PodOwner::DaemonSet(_) => self.bind(pod, sim),
            PodOwner::Workload(_) => match self.take_slot() {
                Some(node) => self.place(pod, node, sim),
                None => self.no_room(pod, sim),
            },
        }
        if let Some(next) = self.placing.line.leave() {
            self.place_next(next, Some(pod), sim);
        }
    }

    fn place(&mut self, pod: PodId, node: NodeId, sim: &mut Sim) {
        let state = &mut self.pods[pod];
        state.node = Some(node);
        if state.attempts.take().is_some() {
            self.placing.pending_count = self.placing.pending_count.saturating_sub(1);
        }
        self.nodes[node].replicas.push(pod);
        self.bind(pod, sim);
    }

    fn no_room(&mut self, pod: PodId, sim: &mut Sim) {
        if self.demand.ended {
            return;
        }
        let now = sim.now();
        let params = &self.plan.scenario.scheduler;
        let first = self.pods[pod].attempts.is_none();
        let attempts = self.pods[pod]
            .attempts
            .get_or_insert_with(|| Backoff::new(now, params.pod_backoff_initial, params.pod_backoff_max));
        attempts.restart_failed(now);
        let due = attempts.due();
        self.pods[pod].phase = Phase::Unschedulable;
        self.pod_waits_from(pod, now, Cause::Dependency, Resources::NODE);
        if first {
            self.placing.pending.push_back((pod, now));
            self.placing.pending_count += 1;
            self.wake_autoscaler(sim);
        }
        if self.placing.moved.is_some_and(|moved| moved + self.placing.per_pod >= now) {
            self.back_off(pod, due, sim);
        } else {
            self.placing.unschedulable.push(pod);
        }
    }

    fn back_off(&mut self, pod: PodId, due: Time, sim: &mut Sim) {
        self.placing.backing_off.insert((due, pod));
        self.schedule_flush(sim);
    }

    fn schedule_flush(&mut self, sim: &mut Sim) {
        if let Some(&(due, _)) = self.placing.backing_off.first()
            && !self.placing.flush_scheduled
        {
            self.placing.flush_scheduled = true;
            let looks = Backoff::new(self.placing.first_flush, FLUSH, FLUSH).next_from(due.max(sim.now()));
            sim.schedule_at(looks, Event::BackoffFlush);
        }
    }

    /// `BackoffFlush`: replicas whose back-off is over are tried again.
    pub(crate) fn on_backoff_flush(&mut self, sim: &mut Sim) {
        self.placing.flush_scheduled = false;
        while let Some(&(due, pod)) = self.placing.backing_off.first()
            && due <= sim.now()
        {
            self.placing.backing_off.pop_first();
            self.enter_line(pod, sim);
        }
        self.schedule_flush(sim);
    }

    /// Takes room on the node that has offered it longest.
    fn take_slot(&mut self) -> Option<NodeId> {
        // Nodes that have gone or closed since offer nothing any more.
        let node = loop {
            let node = *self.placing.open_nodes.front()?;
            if self.nodes[node].takes_replicas() {
                break node;
            }
            self.nodes[node].offered = false;
            self.placing.open_nodes.pop_front();
        };
        let state = &mut self.nodes[node];
        state.free_slots -= 1;
        if state.free_slots == 0 {
            state.offered = false;
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
        self.note_replica(pod, |record| &mut record.scheduled, granted + write);
        let noticed = self.watch_delay(self.stream_owner(pod));
        sim.schedule_at(granted + write + noticed, Event::PodBound(pod));
    }

    /// A node that can be used offers its room: all replicas without room are moved.
    pub(crate) fn offer_node(&mut self, node: NodeId, sim: &mut Sim) {
        self.nodes[node].free_slots = self.plan.replicas_per_node;
        self.offer_room(node, sim);
    }

    /// A node offers what room it has.
    pub(crate) fn offer_room(&mut self, node: NodeId, sim: &mut Sim) {
        if self.nodes[node].free_slots == 0 {
            return;
        }
        if !std::mem::replace(&mut self.nodes[node].offered, true) {
            self.placing.open_nodes.push_back(node);
        }
        self.placing.moved = Some(sim.now());
        for pod in std::mem::take(&mut self.placing.unschedulable) {
            let due = self.pods[pod].attempts.expect("it was tried").due();
            if due > sim.now() {
                self.back_off(pod, due, sim);
            } else {
                self.pod_wait_is_ended_by(pod, Subject::Node(node));
                self.enter_line(pod, sim);
            }
        }
        self.note_back_offs(node, sim.now());
    }

    /// Replicas for which there would be room, on this `node` too, wait for the end of their back-off, and no longer
    /// for a node.
    fn note_back_offs(&mut self, node: NodeId, now: Time) {
        if !self.waits.is_enabled() {
            return;
        }
        let room = (self.open_slots() as usize).saturating_sub(self.placing.line.replicas_waiting());
        let pods: Vec<PodId> = self.placing.backing_off.iter().take(room).map(|(_, pod)| *pod).collect();
        for pod in pods {
            self.pod_wait_is_ended_by(pod, Subject::Node(node));
            self.pod_waits_from(pod, now, Cause::Backoff, Resources::SCHEDULER);
        }
    }

    /// Room on nodes that can be used, which replicas have not taken yet.
    pub(crate) fn open_slots(&self) -> u32 {
        let open = self.placing.open_nodes.iter().filter(|node| self.nodes[**node].takes_replicas());
        open.map(|&node| self.nodes[node].free_slots).sum()
    }

    /// Since when the replica that has waited longest for room has waited.
    pub(crate) fn oldest_pending(&mut self) -> Option<Time> {
        while let Some(&(pod, since)) = self.placing.pending.front() {
            let state = &self.pods[pod];
            if state.node.is_none() && !state.ended {
                return Some(since);
            }
            self.placing.pending.pop_front();
        }
        None
    }
}
