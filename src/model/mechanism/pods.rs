//! A pod on its node: networking, sandbox, images, what it requires, start.
//!
//! Keys: `kubelet.sandbox`, `.network_retry`, `daemonset.*.start`, `.requires`, `.requires_poll`, `.host_network`,
//! `workload.start`, `.requires`, `.requires_poll`.
//! Upstream: kubelet `kuberuntime_manager.go`, `SyncPod`: volumes, then the sandbox, then one container after the
//! other, each with its image; `pod_workers.go`, `completeWork`: how soon a pod is tried again; Istio
//! `pkg/kube/inject/webhook.go`, `reorderPod`: where a sidecar stands.

use crate::model::state::{
    Backoff, Cause, DaemonSetId, Draw, Event, ImageId, NodeId, NodeState, Phase, PodId, PodOwner, ResourceId,
    Resources, Sim, Subject, World,
};
use crate::random::Distribution;
use crate::time::Time;

impl World<'_> {
    /// `PodBound`: the kubelet has the pod. Volumes come before the sandbox and the images.
    pub(crate) fn on_pod_bound(&mut self, pod: PodId, sim: &mut Sim) {
        match self.pods[pod].owner {
            PodOwner::DaemonSet(set) => {
                let node = self.pods[pod].placed_on();
                if self.plan.daemonset(set).params.host_network || self.nodes[node].state == NodeState::Ready {
                    self.make_sandbox(pod, sim);
                } else {
                    self.pods[pod].phase = Phase::WaitingForNetwork;
                    let retry =
                        self.draws.lengthened(self.stream_owner(pod), Draw::NetworkRetry, self.kubelet().network_retry);
                    self.pods[pod].attempts = Some(Backoff::new(sim.now(), retry, retry));
                    let blocker = Some(Subject::Node(node));
                    self.pod_waits_for(pod, sim.now(), Cause::Dependency, Resources::NODE_NETWORK, blocker);
                }
            }
            PodOwner::Workload(_) if self.plan.volume.is_some() => self.use_volume(pod, sim),
            PodOwner::Workload(_) => self.make_sandbox(pod, sim),
        }
    }

    /// What the pod waited for is there: the kubelet finds out when it tries again.
    pub(crate) fn retry_sandbox(&mut self, pod: PodId, waited_for: ResourceId, sim: &mut Sim) {
        let attempts = self.pods[pod].attempts.as_mut().expect("the kubelet tries again");
        let next = attempts.next_from(sim.now());
        self.pod_waits_from(pod, sim.now(), Cause::Backoff, waited_for);
        sim.schedule_at(next, Event::SandboxRetry(pod));
    }

    /// Sets up the pod's sandbox, also as `SandboxRetry`, unless there is no address for it.
    pub(crate) fn make_sandbox(&mut self, pod: PodId, sim: &mut Sim) {
        if !self.take_address(pod, sim) {
            return;
        }
        self.pods[pod].phase = Phase::Sandbox;
        self.pod_waits_from(pod, sim.now(), Cause::Service, Resources::KUBELET);
        self.schedule_drawn(
            self.stream_owner(pod),
            Draw::Sandbox,
            &self.kubelet().sandbox,
            Event::SandboxReady(pod),
            sim,
        );
    }

    /// `SandboxReady`: the pod's images are pulled.
    pub(crate) fn on_sandbox_ready(&mut self, pod: PodId, sim: &mut Sim) {
        self.pods[pod].phase = Phase::Pulling;
        self.pull_next_image(pod, sim);
    }

    /// The image that the pod waited for is on the node.
    pub(crate) fn image_arrived(&mut self, pod: PodId, sim: &mut Sim) {
        if !self.pods[pod].ended {
            self.pods[pod].images_there += 1;
            self.pull_next_image(pod, sim);
        }
    }

    /// Containers are started one after the other, and each start pulls its image first. A sidecar comes before the
    /// main container: Istio's image is that of `istio-init` or, as a native sidecar, of an init container itself.
    fn pull_next_image(&mut self, pod: PodId, sim: &mut Sim) {
        while let Some(image) = self.image_of(pod, self.pods[pod].images_there) {
            if !self.need_image(pod, image, sim) {
                return;
            }
            self.pods[pod].images_there += 1;
        }
        self.images_ready(pod, sim);
    }

    /// The image of the pod's container number `container`.
    fn image_of(&self, pod: PodId, container: u8) -> Option<ImageId> {
        match self.pods[pod].owner {
            PodOwner::DaemonSet(set) => (container == 0).then(|| self.plan.daemonset(set).image),
            PodOwner::Workload(_) => self.plan.workload_images.get(usize::from(container)).copied(),
        }
    }

    /// All images are on the node.
    fn images_ready(&mut self, pod: PodId, sim: &mut Sim) {
        let poll = match self.pods[pod].owner {
            PodOwner::DaemonSet(set) => Some(self.plan.daemonset(set).params.requires_poll),
            PodOwner::Workload(_) if self.plan.workload_requires.is_empty() => None,
            PodOwner::Workload(_) => Some(self.plan.scenario.workload.requires_poll),
        };
        if let Some(poll) = poll {
            self.pods[pod].phase = Phase::WaitingForRequired;
            self.pods[pod].attempts = Some(Backoff::new(sim.now(), poll, poll));
            self.on_requires_poll(pod, sim);
        } else {
            self.start_containers(pod, sim);
        }
    }

    /// `RequiresPoll`: starts if all that the pod requires is Ready on its node. Otherwise it looks again when
    /// that has changed: looking in between would find the same.
    pub(crate) fn on_requires_poll(&mut self, pod: PodId, sim: &mut Sim) {
        if self.pods[pod].phase != Phase::WaitingForRequired {
            return;
        }
        match self.missing_requirement(pod) {
            None => self.start_containers(pod, sim),
            Some(set) => self.waits_for_daemonset(pod, set, sim),
        }
    }

    /// What the pod requires has changed for the better: it notices at its next look.
    pub(crate) fn poll_requires(&mut self, pod: PodId, sim: &mut Sim) {
        let attempts = self.pods[pod].attempts.as_mut().expect("a waiting pod polls");
        let next = attempts.next_from(sim.now());
        self.pod_waits_from(pod, sim.now(), Cause::Poll, Resources::CONTAINER);
        sim.schedule_at(next, Event::RequiresPoll(pod));
    }

    /// The first DaemonSet that must be Ready on the pod's node and is not. A replica's volume is mounted before it
    /// starts, so that only its probe may ask for the driver.
    pub(crate) fn missing_requirement(&self, pod: PodId) -> Option<DaemonSetId> {
        let state = &self.pods[pod];
        let not_ready = |set: DaemonSetId| !self.daemonset_ready_on(state.placed_on(), set);
        match state.owner {
            PodOwner::DaemonSet(set) => {
                self.plan.daemonset(set).requires.iter().copied().find(|&required| not_ready(required))
            }
            PodOwner::Workload(_) => {
                let driver = self.plan.volume.map(|(_, driver)| driver).filter(|_| state.phase == Phase::Running);
                driver
                    .into_iter()
                    .chain(self.plan.workload_requires.iter().copied())
                    .find(|&required| not_ready(required))
            }
        }
    }

    /// Whether a DaemonSet's pod on `node` is Ready.
    pub(crate) fn daemonset_ready_on(&self, node: NodeId, set: DaemonSetId) -> bool {
        self.nodes[node].pod_of(set).is_some_and(|pod| self.pods[pod].readiness.ready)
    }

    fn start_containers(&mut self, pod: PodId, sim: &mut Sim) {
        self.pods[pod].phase = Phase::Starting;
        self.start_probing(pod, sim.now());
        self.note_replica(pod, |record| &mut record.running, sim.now());
        self.note_dry_run(pod, sim);
        self.pod_waits_from(pod, sim.now(), Cause::Service, Resources::CONTAINER);
        self.schedule_drawn(self.stream_owner(pod), Draw::Start, self.start_law(pod), Event::PodStarted(pod), sim);
    }

    fn start_law(&self, pod: PodId) -> &Distribution {
        match self.pods[pod].owner {
            PodOwner::DaemonSet(set) => &self.plan.daemonset(set).params.start,
            PodOwner::Workload(_) => &self.plan.scenario.workload.start,
        }
    }

    /// `PodStarted`: its driver registers or it sets up the node's network, and it joins, writes, or is probed at once.
    pub(crate) fn on_pod_started(&mut self, pod: PodId, sim: &mut Sim) {
        match self.pods[pod].owner {
            PodOwner::DaemonSet(set) => {
                self.register_driver(set, pod, sim);
                if self.plan.network_daemonset == Some(set) {
                    self.prepare_network(pod, sim);
                } else if self.plan.daemonset(set).params.join.is_some() {
                    self.ask_to_join(set, pod, sim);
                } else {
                    self.run_pod(pod, sim);
                }
            }
            PodOwner::Workload(_) if self.plan.volume.is_some() => self.first_write(pod, sim),
            PodOwner::Workload(_) => self.run_pod(pod, sim),
        }
    }

    /// Everything that goes on in the pod ends.
    pub(crate) fn stop_pod(&mut self, pod: PodId, sim: &mut Sim) {
        let state = &mut self.pods[pod];
        if std::mem::replace(&mut state.ended, true) {
            return;
        }
        self.waits.end(state.entry, sim.now());
        self.resume_probes(pod);
        self.abandon_write(pod, sim);
        self.release_address(pod, sim);
    }

    /// A pod that has ended is not Ready any more.
    pub(crate) fn note_end(&mut self, pod: PodId, now: Time) {
        if std::mem::replace(&mut self.pods[pod].readiness.ready, false) {
            self.note_readiness(pod, false, now);
        }
    }
}
