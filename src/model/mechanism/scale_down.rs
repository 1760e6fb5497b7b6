//! Scale-down: the Deployment is deleted, and nodes that nothing needs any more are removed until those of the start
//! remain.
//!
//! The Cluster Autoscaler removes a node that has been unneeded for a while, several at a time, or one at a time if
//! they must be drained. The nodes that stay are the oldest ones: they hold the cluster's other pods.
//!
//! Keys: `workload.run_time`, `workload.termination`, `autoscaler.scale_down*`,
//! `.max_scale_down_parallelism`, `.max_drain_parallelism`.
//! Upstream: Cluster Autoscaler FAQ, and `core/scaledown/actuation`.

use crate::model::params;
use crate::model::state::{
    Admission, Cause, Draw, Event, Master, NodeId, NodeState, PodId, PodOwner, Resources, Sim, StreamOwner, Subject,
    World,
};
use crate::time::Time;

impl World<'_> {
    /// All replicas are Ready: the workload does its work, and ends.
    pub(crate) fn schedule_workload_end(&mut self, sim: &mut Sim) {
        let Some(run_time) = &self.plan.scenario.workload.run_time else { return };
        let ready = self.ready[self.plan.workload_stage()];
        if ready < self.plan.replicas || self.scale_down.end_scheduled {
            return;
        }
        self.scale_down.end_scheduled = true;
        self.schedule_drawn(StreamOwner::replicaset(), Draw::RunTime, run_time, Event::WorkloadDone, sim);
    }

    /// `WorkloadDone`: the Deployment is deleted, and its replicas by the garbage collector.
    pub(crate) fn on_workload_done(&mut self, sim: &mut Sim) {
        self.scale_down.begun = Some(sim.now());
        self.scale_down.ready_then = self.ready.clone();
        self.demand.ended = true;
        self.placing.forget_replicas();
        self.autoscaler.forget_decision();
        self.choose_who_stays();
        for pod in (0..self.pods.len() as u32).map(PodId) {
            if matches!(self.pods[pod].owner, PodOwner::Workload(_)) && !self.pods[pod].ended {
                self.delete_replica(pod, sim);
            }
        }
        for node in (0..self.nodes.len() as u32).map(NodeId) {
            self.mark_unneeded(node, sim);
        }
    }

    fn choose_who_stays(&mut self) {
        let initial = self.plan.scenario.cluster.initial_nodes as usize;
        let ready = (0..self.nodes.len()).filter(|&node| self.nodes[node].state == NodeState::Ready);
        self.scale_down.stays = ready.take(initial).last().map_or(NodeId(0), |node| NodeId(node as u32 + 1));
        let there =
            |node: &&crate::model::state::node::Node| !matches!(node.state, NodeState::Gone | NodeState::Failed);
        self.scale_down.to_go = self.nodes.iter().skip(self.scale_down.stays.index()).filter(there).count() as u32;
    }

    fn delete_replica(&mut self, pod: PodId, sim: &mut Sim) {
        let owner = self.stream_owner(pod);
        let granted = self.clients.garbage_collector.reserve(sim.now(), 1);
        let write = self.draws.span(owner, Draw::Deletion, &self.plan.scenario.control_plane.write);
        let stop = self.draws.span(owner, Draw::Termination, &self.plan.scenario.workload.termination);
        self.pod_waits_from(pod, sim.now(), Cause::Limit, Resources::CONTROLLERS);
        self.pod_waits_from(pod, granted, Cause::Service, Resources::CONTAINER);
        let on_a_node = self.pods[pod].node.is_some();
        let ended = granted + write + if on_a_node { stop } else { crate::time::Span::ZERO };
        sim.schedule_at(ended, Event::ReplicaEnded(pod));
    }

    /// `ReplicaEnded`: its node may be unneeded now.
    pub(crate) fn on_replica_ended(&mut self, pod: PodId, sim: &mut Sim) {
        self.stop_pod(pod, sim);
        if let Some(node) = self.pods[pod].node {
            self.note_end(pod, sim.now());
            self.nodes[node].replicas.retain(|other| *other != pod);
            self.mark_unneeded(node, sim);
        }
    }

    /// If nothing needs the node any more, the autoscaler will find out.
    pub(crate) fn mark_unneeded(&mut self, node: NodeId, sim: &mut Sim) {
        let state = &self.nodes[node];
        let unneeded =
            state.state == NodeState::Ready && state.admission == Admission::Schedulable && state.replicas.is_empty();
        if self.is_to_go(node) && unneeded {
            self.scale_down.newly_unneeded.push(node);
            self.wake_autoscaler(sim);
        }
    }

    /// In each loop the autoscaler begins to remove nodes that have been unneeded for long enough.
    pub(crate) fn remove_unneeded_nodes(&mut self, sim: &mut Sim) {
        let now = sim.now();
        let newly = std::mem::take(&mut self.scale_down.newly_unneeded);
        self.scale_down.unneeded.extend(newly.into_iter().map(|node| (node, now)));
        let params = &self.plan.scenario.autoscaler;
        if self.autoscaler.added_within(params.scale_down_delay_after_add, now)
            || self.autoscaler.failed_within(params.scale_down_delay_after_failure, now)
        {
            return;
        }
        let most = removals_at_once(params, self.plan.needs_drain());
        while self.scale_down.removing < most {
            let Some(node) = self.next_unneeded(params, now, sim) else { break };
            self.scale_down.removing += 1;
            self.begin_removal(node, sim);
        }
    }

    fn next_unneeded(&mut self, params: &params::Autoscaler, now: Time, sim: &mut Sim) -> Option<NodeId> {
        loop {
            let &(node, since) = self.scale_down.unneeded.front()?;
            if now.since(since) < params.scale_down_unneeded_time {
                return None;
            }
            if self.nodes[node].state != NodeState::Ready {
                self.scale_down.unneeded.pop_front();
            } else if self.holds_master(node) {
                if self.scale_down.unneeded.len() == 1 {
                    self.notice_master(node, sim);
                    return None;
                }
                self.scale_down.unneeded.rotate_left(1);
            } else {
                self.scale_down.unneeded.pop_front();
                return Some(node);
            }
        }
    }

    /// Whether the node holds the master pod of a storage cluster, which the autoscaler must not evict.
    fn holds_master(&self, node: NodeId) -> bool {
        let first_new = node.0 == self.plan.scenario.cluster.initial_nodes;
        first_new && self.scale_down.master != Master::Moved && self.master_law().is_some()
    }

    fn master_law(&self) -> Option<&crate::random::Distribution> {
        self.plan.daemonsets.iter().find_map(|set| set.params.drain.as_ref()?.master_by_hand.as_ref())
    }

    /// Only the master pod's node is left to be removed: somebody notices, and deletes the pod.
    fn notice_master(&mut self, node: NodeId, sim: &mut Sim) {
        let Some(law) = self.master_law().filter(|_| self.scale_down.master == Master::InTheWay) else { return };
        let after = self.draws.span(StreamOwner::node(node), Draw::MasterByHand, law);
        self.scale_down.master = Master::Noticed;
        let message = "a node cannot be removed: it holds the storage cluster's master pod (cluster-autoscaler.kubernetes.io/safe-to-evict: false), which has to be deleted by hand";
        self.hit_limit("master-pod", message.to_owned(), sim.now());
        sim.schedule_after(after, Event::MasterMoved);
    }

    /// `MasterMoved`: the last node can be removed.
    pub(crate) fn on_master_moved(&mut self, sim: &mut Sim) {
        self.scale_down.master = Master::Moved;
        self.wake_autoscaler(sim);
    }

    /// Whether the node is to go.
    pub(crate) fn is_to_go(&self, node: NodeId) -> bool {
        self.scale_down.begun.is_some() && node >= self.scale_down.stays
    }

    /// A node that was to go has gone.
    pub(crate) fn note_returned(&mut self, node: NodeId, now: Time) {
        if let Some(stage) = self.plan.scale_down_stage().filter(|_| self.is_to_go(node)) {
            self.transition(stage, Subject::Node(node), true, now);
        }
    }
}

const fn removals_at_once(params: &params::Autoscaler, drained: bool) -> u32 {
    let (all, drains) = (params.max_scale_down_parallelism.get(), params.max_drain_parallelism.get());
    if drained && drains < all { drains } else { all }
}
