//! Book-keeping: nodes and pods are added, what they wait for and when they become Ready is written down.

use crate::model::params::Kubelet;
use crate::model::state::draws::StreamOwner;
use crate::model::state::event::Sim;
use crate::model::state::ids::{DaemonSetId, ImageId, NodeId, PodId, ResourceId, StageId, ZoneId};
use crate::model::state::images::NodeImages;
use crate::model::state::node::Node;
use crate::model::state::pod::{Pod, PodOwner};
use crate::model::state::record::{Cause, LimitHit, ReplicaRecord, Subject, Transition};
use crate::model::state::resources::DaemonSetResource;
use crate::model::state::world::World;
use crate::time::Time;

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

    /// Adds a pod's state.
    pub(crate) fn add_pod(&mut self, owner: PodOwner, node: Option<NodeId>) -> PodId {
        let entry = self.waits.entry();
        self.pods.push(Pod::new(owner, node, entry));
        PodId(self.pods.len() as u32 - 1)
    }

    /// Whose random numbers a pod's are.
    pub(crate) fn stream_owner(&self, pod: PodId) -> StreamOwner {
        let state = &self.pods[pod];
        match state.owner {
            PodOwner::DaemonSet(set) => StreamOwner::daemonset_pod(self.plan, set, state.placed_on()),
            PodOwner::Workload(replica) => StreamOwner::replica(replica),
        }
    }

    /// The pod as it appears in records.
    pub(crate) fn subject(&self, pod: PodId) -> Subject {
        let state = &self.pods[pod];
        match state.owner {
            PodOwner::DaemonSet(set) => self.plan.pod_subject(set, state.placed_on()),
            PodOwner::Workload(replica) => Subject::Replica(replica),
        }
    }

    /// From `from` on the pod waits for `resource`.
    #[inline]
    pub(crate) fn pod_waits_from(&mut self, pod: PodId, from: Time, cause: Cause, resource: ResourceId) {
        self.pod_waits_for(pod, from, cause, resource, None);
    }

    /// From `from` on the pod waits for something of a DaemonSet.
    pub(crate) fn pod_waits_at(
        &mut self,
        pod: PodId,
        from: Time,
        cause: Cause,
        set: DaemonSetId,
        resource: DaemonSetResource,
    ) {
        self.pod_waits_for(pod, from, cause, self.plan.resources.daemonset(set, resource), None);
    }

    /// From `from` on the pod waits for `resource`, which `blocker` holds.
    #[inline]
    pub(crate) fn pod_waits_for(
        &mut self,
        pod: PodId,
        from: Time,
        cause: Cause,
        resource: ResourceId,
        blocker: Option<Subject>,
    ) {
        if self.waits.is_enabled() {
            self.record_pod_wait(pod, from, cause, resource, blocker);
        }
    }

    #[inline(never)]
    fn record_pod_wait(
        &mut self,
        pod: PodId,
        from: Time,
        cause: Cause,
        resource: ResourceId,
        blocker: Option<Subject>,
    ) {
        if self.pods[pod].ended {
            return;
        }
        let (entry, subject) = (self.pods[pod].entry, self.subject(pod));
        self.waits.switch(entry, subject, from, cause, resource, blocker);
    }

    /// What the pod waits for now, in a line or for somebody's readiness, is over because of `blocker`.
    pub(crate) fn pod_wait_is_ended_by(&mut self, pod: PodId, blocker: Subject) {
        self.waits.is_ended_by(self.pods[pod].entry, blocker);
    }

    /// The pod's turn has come, after another one left the server or worker, if it was not free.
    pub(crate) fn pod_is_next(&mut self, pod: PodId, after: Option<PodId>) {
        if let Some(other) = after {
            let blocker = self.subject(other);
            self.pod_wait_is_ended_by(pod, blocker);
        }
    }

    pub(crate) fn node_waits(&mut self, node: NodeId, sim: &Sim, cause: Cause, resource: ResourceId) {
        self.waits.switch(self.nodes[node].entry, Subject::Node(node), sim.now(), cause, resource, None);
    }

    /// Something became Ready or NotReady.
    pub(crate) fn transition(&mut self, stage: StageId, subject: Subject, ready: bool, at: Time) {
        let count = &mut self.ready[stage];
        *count = if ready { *count + 1 } else { *count - 1 };
        self.transitions.push(Transition { at, stage, subject, ready });
    }

    /// Records that a pod became Ready or NotReady.
    pub(crate) fn note_readiness(&mut self, pod: PodId, ready: bool, now: Time) {
        let state = &self.pods[pod];
        let node = state.placed_on();
        match state.owner {
            PodOwner::DaemonSet(set) => {
                if let Some(stage) = self.plan.daemonset(set).stage {
                    if ready {
                        self.nodes[node].milestones.daemonsets[stage.index() - 1] = Some(now);
                    }
                    self.transition(stage, self.subject(pod), ready, now);
                }
            }
            PodOwner::Workload(replica) => {
                if ready {
                    self.nodes[node].milestones.workload = Some(now);
                    self.note_replica(pod, |record| &mut record.ready, now);
                }
                self.transition(self.plan.workload_stage(), Subject::Replica(replica), ready, now);
            }
        }
    }

    /// A limit that has one text only is hit: `false` if that is the first time.
    pub(crate) fn hit_again(&mut self, kind: &str, at: Time) -> bool {
        let known = self.limits.iter_mut().find(|hit| hit.kind == kind);
        known.map(|hit| (hit.last, hit.count) = (at, hit.count + 1)).is_some()
    }

    /// A replica reaches a milestone; only the first time counts. DaemonSets' pods have no such record.
    pub(crate) fn note_replica(&mut self, pod: PodId, of: fn(&mut ReplicaRecord) -> &mut Option<Time>, at: Time) {
        let PodOwner::Workload(replica) = self.pods[pod].owner else { return };
        if !self.plan.records_replicas {
            return;
        }
        let place = replica.0 as usize;
        if self.replica_records.len() <= place {
            self.replica_records.resize(place + 1, ReplicaRecord::default());
        }
        of(&mut self.replica_records[place]).get_or_insert(at);
    }

    /// A pull begins or is done for all pods that wait for it.
    pub(crate) fn note_pulls(
        &mut self,
        node: NodeId,
        image: ImageId,
        of: fn(&mut ReplicaRecord) -> &mut Option<Time>,
        at: Time,
    ) {
        if self.plan.records_replicas && self.plan.workload_images.last() == Some(&image) {
            for pod in self.nodes[node].images.pull(image).waiting.clone() {
                self.note_replica(pod, of, at);
            }
        }
    }

    /// A limit was hit.
    pub(crate) fn hit_limit(&mut self, kind: &str, message: String, at: Time) {
        match self.limits.iter_mut().find(|hit| hit.kind == kind && hit.message == message) {
            Some(hit) => {
                hit.last = at;
                hit.count += 1;
            }
            None => self.limits.push(LimitHit { kind: kind.to_owned(), message, first: at, last: at, count: 1 }),
        }
    }
}
