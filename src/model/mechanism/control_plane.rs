//! The API server and the controllers' API clients.
//!
//! The controller manager makes a client for each controller from one configuration, so that each has the whole rate
//! and burst: the ReplicaSet controller creates replicas, the DaemonSet controller its pods, and the garbage collector
//! deletes the replicas of a deleted Deployment.
//!
//! Keys: `control_plane.controller_qps`, `.controller_burst`, `.write`, `.watch`.
//! Upstream: kube-controller-manager, `--kube-api-qps` and `--kube-api-burst`; `ClientOrDie("replicaset-controller")`
//! and the like in `cmd/kube-controller-manager/app`.

use crate::model::state::{Cause, Draw, Event, PodId, PodOwner, Resources, Sim, StreamOwner, World};
use crate::time::{Span, Time};

impl World<'_> {
    /// From a change in the API server to those that watch it.
    pub(crate) fn watch_delay(&self, owner: StreamOwner) -> Span {
        self.draws.span(owner, Draw::Watch, &self.plan.scenario.control_plane.watch)
    }

    /// A controller creates a pod; answers when the pod exists.
    pub(crate) fn create_pod(&mut self, pod: PodId, sim: &mut Sim) -> Time {
        let client = match self.pods[pod].owner {
            PodOwner::DaemonSet(_) => &mut self.clients.daemonset,
            PodOwner::Workload(_) => &mut self.clients.replicaset,
        };
        let granted = client.reserve(sim.now(), 1);
        let write = self.draws.span(self.stream_owner(pod), Draw::Creation, &self.plan.scenario.control_plane.write);
        self.pod_waits_from(pod, sim.now(), Cause::Limit, Resources::CONTROLLERS);
        self.pod_waits_from(pod, granted, Cause::Service, Resources::API_SERVER);
        sim.schedule_at(granted + write, Event::PodCreated(pod));
        granted + write
    }
}
