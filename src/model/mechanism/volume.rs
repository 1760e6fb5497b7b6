//! A shared volume: the CSI driver's registration, attachment, mount attempts, the servers, the first write.
//!
//! Keys: `volume.*`, `[volume.NAME.attach]`, `kubelet.mount_backoff*`, `daemonset.*.csi`, `workload.first_write`.
//! Upstream: external-attacher `cmd/csi-attacher/main.go`; kubelet `volume_manager.go` and `exponentialbackoff.go`.

use crate::model::params;
use crate::model::state::{
    Attacher, Backoff, Cause, DaemonSetId, Draw, Event, Owner, Phase, PodId, Resources, Server, ServerId, Sim,
    VolumeState, Wakeup, World,
};
use crate::time::Span;

impl World<'_> {
    fn volume_params(&self) -> &params::Volume {
        let (index, _) = self.plan.volume.expect("the workload has a volume");
        self.plan.scenario.volume.at(index).1
    }

    fn volume_state(&mut self) -> &mut VolumeState {
        self.volume.as_mut().expect("the workload has a volume")
    }

    fn attacher(&mut self) -> &mut Attacher {
        self.volume_state().attacher.as_mut().expect("the volume is attached")
    }

    fn driver_daemonset(&self) -> DaemonSetId {
        self.plan.volume.expect("the workload has a volume").1
    }

    /// A CSI pod is Ready for the first time: its driver registers with the kubelet.
    pub(crate) fn register_driver(&mut self, set: DaemonSetId, pod: PodId, sim: &mut Sim) {
        let csi = self.plan.daemonset(set).params.csi.as_ref().expect("the DaemonSet serves a driver");
        let law = &csi.registration;
        self.schedule_drawn(self.stream_owner(pod), Draw::DriverRegistration, law, Event::DriverRegistered(pod), sim);
    }

    /// `DriverRegistered`: replicas on the node can use it.
    pub(crate) fn on_driver_registered(&mut self, pod: PodId, sim: &mut Sim) {
        let node = self.pods[pod].placed_on();
        let Owner::DaemonSet(set) = self.pods[pod].owner else { return };
        self.nodes[node].drivers |= 1 << set.0;
        for place in 0..self.nodes[node].replicas.len() {
            let replica = self.nodes[node].replicas[place];
            self.retry_volume(replica, sim);
        }
    }

    /// A replica is on its node: its volume is attached if need be, then mounted.
    pub(crate) fn use_volume(&mut self, pod: PodId, sim: &mut Sim) {
        match &self.volume_params().attach {
            None => self.start_mounting(pod, sim),
            Some(attach) => self.start_attempts(pod, Phase::Attaching, attach.retry_initial, attach.retry_max, sim),
        }
    }

    fn start_mounting(&mut self, pod: PodId, sim: &mut Sim) {
        let kubelet = self.kubelet();
        self.start_attempts(pod, Phase::Mounting, kubelet.mount_backoff_initial, kubelet.mount_backoff_max, sim);
    }

    fn start_attempts(&mut self, pod: PodId, phase: Phase, initial: Span, longest: Span, sim: &mut Sim) {
        self.pods[pod].phase = phase;
        self.pods[pod].attempts = Some(Backoff::new(sim.now(), initial, longest));
        self.try_again(pod, sim);
    }

    /// Schedules the replica's next attempt, unless it would fail: then the driver's arrival schedules it.
    fn try_again(&mut self, pod: PodId, sim: &mut Sim) {
        if !self.attempt_can_succeed(pod) {
            self.waits_for_daemonset(pod, self.driver_daemonset(), sim);
            return;
        }
        let attaching = self.pods[pod].phase == Phase::Attaching;
        let attempts = self.pods[pod].attempts.as_mut().expect("the replica tries");
        let next = attempts.next_from(sim.now());
        let (resource, event) = if attaching {
            (Resources::ATTACHER, Event::AttachTry(pod))
        } else {
            (Resources::MOUNT_RETRY, Event::MountTry(pod))
        };
        self.pods[pod].attempt_scheduled = true;
        self.pod_waits_from(pod, sim.now(), Cause::Backoff, resource);
        sim.schedule_at(next, event);
    }

    /// Attaching needs the driver's registration, mounting its pod's readiness too.
    fn attempt_can_succeed(&self, pod: PodId) -> bool {
        let state = &self.pods[pod];
        let (node, driver) = (state.placed_on(), self.driver_daemonset());
        let registered = self.nodes[node].drivers & 1 << driver.0 != 0;
        registered && (state.phase == Phase::Attaching || self.daemonset_ready_on(node, driver))
    }

    /// The driver on the replica's node has registered or become Ready again.
    pub(crate) fn retry_volume(&mut self, pod: PodId, sim: &mut Sim) {
        let state = &self.pods[pod];
        if matches!(state.phase, Phase::Attaching | Phase::Mounting)
            && state.attempts.is_some()
            && !state.attempt_scheduled
            && self.attempt_can_succeed(pod)
        {
            self.try_again(pod, sim);
        }
    }

    /// `AttachTry`: the attacher's workers take the replica's attachment in turn.
    pub(crate) fn on_attach_try(&mut self, pod: PodId, sim: &mut Sim) {
        self.pods[pod].attempt_scheduled = false;
        self.pods[pod].attempts = None;
        self.pod_waits_from(pod, sim.now(), Cause::Queue, Resources::ATTACHER);
        if let Some(next) = self.attacher().line.arrive(pod) {
            self.attach(next, sim);
        }
    }

    fn attach(&mut self, pod: PodId, sim: &mut Sim) {
        let params = self.volume_params().attach.as_ref().expect("the volume is attached");
        let (work, writes) =
            (self.draws.span(self.stream_owner(pod), Draw::Attach, &params.attach), params.writes.get());
        let granted = self.attacher().requests.reserve(sim.now(), u64::from(writes));
        self.pod_waits_from(pod, sim.now(), Cause::Limit, Resources::ATTACHER);
        self.pod_waits_from(pod, granted, Cause::Service, Resources::ATTACHER);
        sim.schedule_at(granted + work, Event::Attached(pod));
    }

    /// `Attached`: the kubelet can mount.
    pub(crate) fn on_attached(&mut self, pod: PodId, sim: &mut Sim) {
        if let Some(next) = self.attacher().line.leave() {
            self.attach(next, sim);
        }
        if !self.pods[pod].ended {
            self.start_mounting(pod, sim);
        }
    }

    fn server(&mut self, id: ServerId) -> &mut Server {
        &mut self.volume_state().servers[id]
    }

    fn server_of(&self, pod: PodId) -> ServerId {
        let servers = self.volume_params().servers.get();
        match self.pods[pod].owner {
            Owner::Workload(replica) => ServerId(replica.0 % servers),
            Owner::DaemonSet(_) => unreachable!("only replicas use the volume"),
        }
    }

    /// `MountTry`: fails if the driver is away, otherwise enters the line of the volume's server.
    pub(crate) fn on_mount_try(&mut self, pod: PodId, sim: &mut Sim) {
        self.pods[pod].attempt_scheduled = false;
        if !self.attempt_can_succeed(pod) {
            self.pods[pod].attempts.as_mut().expect("the replica tries").fail();
            self.try_again(pod, sim);
            return;
        }
        self.pods[pod].attempts = None;
        self.pod_waits_from(pod, sim.now(), Cause::Queue, Resources::VOLUME_SERVER);
        let server = self.server_of(pod);
        if let Some(next) = self.server(server).mounts.arrive(pod) {
            self.mount(next, sim);
        }
    }

    fn mount(&mut self, pod: PodId, sim: &mut Sim) {
        self.pod_waits_from(pod, sim.now(), Cause::Service, Resources::VOLUME_SERVER);
        self.schedule_drawn(self.stream_owner(pod), Draw::Mount, &self.volume_params().mount, Event::Mounted(pod), sim);
    }

    /// `Mounted`: the server takes the next mount, the pod its sandbox.
    pub(crate) fn on_mounted(&mut self, pod: PodId, sim: &mut Sim) {
        let server = self.server_of(pod);
        if let Some(next) = self.server(server).mounts.leave() {
            self.mount(next, sim);
        }
        if !self.pods[pod].ended {
            self.make_sandbox(pod, sim);
        }
    }

    /// A started replica writes to the volume; all writers of a server share its bandwidth.
    pub(crate) fn first_write(&mut self, pod: PodId, sim: &mut Sim) {
        self.pods[pod].phase = Phase::Writing;
        self.pod_waits_from(pod, sim.now(), Cause::Transfer, Resources::VOLUME_WRITE);
        let size = self.plan.scenario.workload.first_write.0 as f64;
        let cap = self.plan.scenario.node.network.0;
        let server = self.server_of(pod);
        let key = self.server(server).writes.start(sim.now(), pod, size, cap);
        self.pods[pod].write = Some(key);
        self.wake_volume(server, sim);
    }

    /// A replica that writes has ended: others get its bandwidth.
    pub(crate) fn abandon_write(&mut self, pod: PodId, sim: &mut Sim) {
        if let Some(key) = self.pods[pod].write.take() {
            let server = self.server_of(pod);
            self.server(server).writes.abort(sim.now(), key);
            self.wake_volume(server, sim);
        }
    }

    fn wake_volume(&mut self, server: ServerId, sim: &mut Sim) {
        let state = self.server(server);
        Wakeup::change(&mut state.wakeup, state.writes.next_completion(), Event::FirstWriteMayBeComplete(server), sim);
    }

    /// `FirstWriteMayBeComplete`: replicas that have written are probed.
    pub(crate) fn on_first_write_may_be_complete(&mut self, server: ServerId, sim: &mut Sim) {
        self.server(server).wakeup = None;
        while let Some(pod) = self.server(server).writes.take_completed(sim.now()) {
            self.pods[pod].write = None;
            self.run_pod(pod, sim);
        }
        self.wake_volume(server, sim);
    }
}
