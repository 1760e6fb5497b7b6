//! A shared volume: the CSI driver's registration, the kubelets' mount attempts, the servers, the first write.
//!
//! A kubelet's call has a deadline. One that is not answered by then is cancelled, and the next one comes after a wait
//! that doubles with each failure, also of those that failed because the driver had not registered.
//!
//! Keys: `volume.*`, `kubelet.csi_timeout`, `kubelet.mount_backoff*`, `daemonset.*.csi`, `workload.first_write`.
//! Upstream: kubelet `pkg/volume/csi/csi_plugin.go` (`csiTimeout`, `RegisterPlugin`) and `csi_mounter.go` (`SetUpAt`);
//! `pkg/util/goroutinemap/exponentialbackoff`.

use crate::model::params::{self, OnCancel};
use crate::model::state::{
    Backoff, Cause, DaemonSetId, Draw, Event, Mount, NodeId, Phase, Pod, PodId, PodOwner, ResourceId, Resources,
    Server, ServerId, Sim, StreamOwner, VolumeState, Wakeup, World,
};
use crate::time::{Span, Time};

impl World<'_> {
    pub(crate) fn volume_params(&self) -> &params::Volume {
        let (index, _) = self.plan.volume.expect("the workload has a volume");
        self.plan.scenario.volume.at(index).1
    }

    pub(crate) fn volume_state(&mut self) -> &mut VolumeState {
        self.volume.as_mut().expect("the workload has a volume")
    }

    fn driver_daemonset(&self) -> DaemonSetId {
        self.plan.volume.expect("the workload has a volume").1
    }

    /// A started CSI pod has a registration socket: the kubelet finds it there and registers its driver, whether the
    /// pod is Ready or not. A pod of another kind has none.
    pub(crate) fn register_driver(&mut self, set: DaemonSetId, pod: PodId, sim: &mut Sim) {
        let Some(csi) = self.plan.daemonset(set).params.csi.as_ref() else { return };
        let law = &csi.registration;
        let node = self.pods[pod].placed_on();
        self.nodes[node].registering |= 1 << set.0;
        self.replicas_wait_for_registration(set, node, sim);
        self.schedule_drawn(self.stream_owner(pod), Draw::DriverRegistration, law, Event::DriverRegistered(pod), sim);
    }

    /// The driver's pod has started, which replicas waited for.
    fn replicas_wait_for_registration(&mut self, set: DaemonSetId, node: NodeId, sim: &Sim) {
        if !self.waits.is_enabled() || self.plan.volume.is_none_or(|(_, driver)| driver != set) {
            return;
        }
        for replica in self.nodes[node].replicas.clone() {
            let Pod { phase, .. } = self.pods[replica];
            let tries = self.pods[replica].attempts.is_some_and(|attempts| attempts.due() > sim.now());
            if phase == Phase::Mounting || phase == Phase::Attaching && tries {
                self.pod_waits_from(replica, sim.now(), Cause::Service, Resources::REGISTRATION);
            }
        }
    }

    /// `DriverRegistered`: replicas on the node can use it.
    pub(crate) fn on_driver_registered(&mut self, pod: PodId, sim: &mut Sim) {
        let node = self.pods[pod].placed_on();
        let PodOwner::DaemonSet(set) = self.pods[pod].owner else { return };
        self.nodes[node].drivers |= 1 << set.0;
        if self.plan.volume.is_none_or(|(_, driver)| driver != set) {
            return;
        }
        for place in 0..self.nodes[node].replicas.len() {
            let replica = self.nodes[node].replicas[place];
            let Pod { phase, ended, .. } = self.pods[replica];
            match phase {
                Phase::Mounting if !ended => self.schedule_mount(replica, sim),
                Phase::Attaching if !ended => self.attempt_can_succeed(replica, sim),
                _ => {}
            }
        }
    }

    /// A replica is on its node: its volume is attached if need be, then mounted.
    pub(crate) fn use_volume(&mut self, pod: PodId, sim: &mut Sim) {
        let plan = self.plan;
        let (index, _) = plan.volume.expect("the workload has a volume");
        match &plan.scenario.volume.at(index).1.attach {
            None => self.start_mounting(pod, sim),
            Some(attach) => self.start_attaching(pod, attach, sim),
        }
    }

    /// Whether the volume's driver has registered on the replica's node.
    pub(crate) fn driver_registered(&self, pod: PodId) -> bool {
        self.nodes[self.pods[pod].placed_on()].drivers & 1 << self.driver_daemonset().0 != 0
    }

    /// Whether the volume's driver has started on the replica's node.
    fn driver_registers(&self, pod: PodId) -> bool {
        self.nodes[self.pods[pod].placed_on()].registering & 1 << self.driver_daemonset().0 != 0
    }

    /// Until its next attempt the replica waits for the driver's pod and its registration, or, once that has
    /// registered, for the `retry`.
    pub(crate) fn waits_for_driver_or(&mut self, pod: PodId, retry: ResourceId, sim: &Sim) {
        if self.driver_registered(pod) {
            self.pod_waits_from(pod, sim.now(), Cause::Backoff, retry);
        } else if self.driver_registers(pod) {
            self.pod_waits_from(pod, sim.now(), Cause::Service, Resources::REGISTRATION);
        } else {
            self.waits_for_daemonset(pod, self.driver_daemonset(), sim);
        }
    }

    pub(crate) fn start_mounting(&mut self, pod: PodId, sim: &mut Sim) {
        let (initial, longest) = (self.kubelet().mount_backoff_initial, self.kubelet().mount_backoff_max);
        self.pods[pod].phase = Phase::Mounting;
        self.pods[pod].attempts = Some(Backoff::new(sim.now(), initial, longest));
        self.schedule_mount(pod, sim);
    }

    /// Schedules the kubelet's next attempt. While the driver has not registered, attempts fail at once and cost
    /// nothing, so they are left out; the registration schedules the next one then.
    fn schedule_mount(&mut self, pod: PodId, sim: &mut Sim) {
        // While a server is at work for a call that was given up, that work is what the replica waits for.
        if !self.is_served(pod) {
            self.waits_for_driver_or(pod, Resources::MOUNT_RETRY, sim);
        }
        if self.driver_registered(pod) {
            let attempts = self.pods[pod].attempts.as_mut().expect("the replica tries");
            sim.schedule_at(attempts.next_from(sim.now()), Event::MountTry(pod));
        }
    }

    fn is_served(&self, pod: PodId) -> bool {
        let mounts = self.volume.as_ref().map(|volume| &volume.mounts);
        mounts.and_then(|mounts| mounts.get(&pod)).is_some_and(|mount| mount.work.is_some())
    }

    fn server(&mut self, id: ServerId) -> &mut Server {
        &mut self.volume_state().servers[id]
    }

    fn server_of(&self, pod: PodId) -> ServerId {
        let servers = self.volume_params().servers.get();
        match self.pods[pod].owner {
            PodOwner::Workload(replica) => ServerId(replica.0 % servers),
            PodOwner::DaemonSet(_) => unreachable!("only replicas use the volume"),
        }
    }

    fn mount_of(&mut self, pod: PodId) -> &mut Mount {
        self.volume_state().mounts.entry(pod).or_default()
    }

    /// `MountTry`: the kubelet calls the driver, which enters the line of the volume's server; the kubelet waits for
    /// an answer until its deadline. The server may still be at work for an earlier call, or done with it.
    pub(crate) fn on_mount_try(&mut self, pod: PodId, sim: &mut Sim) {
        let mount = *self.mount_of(pod);
        if mount.done {
            self.end_mount(pod, sim);
        } else if mount.work.is_some() {
            self.retry_mount(pod, sim);
        } else {
            let deadline = sim.schedule_cancellable_after(self.kubelet().csi_timeout, Event::MountDeadline(pod));
            self.mount_of(pod).deadline = Some(deadline);
            self.pod_waits_from(pod, sim.now(), Cause::Queue, Resources::VOLUME_SERVER);
            let server = self.server_of(pod);
            let next = self.server(server).mounts.arrive(pod);
            self.serve_mount(next, None, sim);
        }
    }

    /// The server begins with the `next` mount of its line, if there is one, after it has done with another.
    fn serve_mount(&mut self, next: Option<PodId>, after: Option<PodId>, sim: &mut Sim) {
        let Some(pod) = next else { return };
        self.pod_is_next(pod, after);
        self.pod_waits_from(pod, sim.now(), Cause::Service, Resources::VOLUME_SERVER);
        let owner = match (self.pods[pod].owner, self.mount_of(pod).given_up) {
            (PodOwner::Workload(replica), calls @ 1..) => StreamOwner::later_mount(replica, calls),
            _ => self.stream_owner(pod),
        };
        let work = self.draws.span(owner, Draw::Mount, &self.volume_params().mount);
        self.mount_of(pod).work = Some(sim.schedule_cancellable_after(work, Event::Mounted(pod)));
    }

    fn end_service(&mut self, pod: PodId, sim: &mut Sim) {
        self.mount_of(pod).work = None;
        let server = self.server_of(pod);
        let next = self.server(server).mounts.leave();
        self.serve_mount(next, Some(pod), sim);
    }

    /// `Mounted`: the server takes the next mount, the pod its sandbox. If the kubelet has given up meanwhile, its next
    /// call will find the volume mounted.
    pub(crate) fn on_mounted(&mut self, pod: PodId, sim: &mut Sim) {
        self.end_service(pod, sim);
        if let Some(deadline) = self.mount_of(pod).deadline.take() {
            sim.cancel(deadline);
            self.end_mount(pod, sim);
        } else {
            self.mount_of(pod).done = true;
            self.pod_waits_from(pod, sim.now(), Cause::Backoff, Resources::MOUNT_RETRY);
        }
    }

    fn end_mount(&mut self, pod: PodId, sim: &mut Sim) {
        self.volume_state().mounts.remove(&pod);
        self.pods[pod].attempts = None;
        if !self.pods[pod].ended {
            self.make_sandbox(pod, sim);
        }
    }

    /// `MountDeadline`: the kubelet cancels its call, and calls again later. What waited in the server's line is not
    /// there any more; what the server is at, it stops or finishes.
    pub(crate) fn on_mount_deadline(&mut self, pod: PodId, sim: &mut Sim) {
        let stops = self.volume_params().on_cancel == OnCancel::Stop;
        let mount = self.mount_of(pod);
        mount.deadline = None;
        mount.given_up += 1;
        match mount.work {
            None => {
                let server = self.server_of(pod);
                self.server(server).mounts.give_up(&pod);
            }
            Some(work) if stops => {
                sim.cancel(work);
                self.end_service(pod, sim);
            }
            Some(_) => {}
        }
        self.retry_mount(pod, sim);
        self.note_mount_deadline(sim.now());
    }

    fn note_mount_deadline(&mut self, now: Time) {
        if self.hit_again("csi-timeout", now) {
            return;
        }
        let (volume, _) = self.plan.volume.expect("the workload has a volume");
        let (name, timeout) = (self.plan.scenario.volume.at(volume).0, self.kubelet().csi_timeout);
        let message = format!(
            "MountVolume.SetUp failed for volume \"{name}\": rpc error: code = DeadlineExceeded desc = context deadline \
             exceeded (kubelet.csi_timeout = {timeout})"
        );
        self.hit_limit("csi-timeout", message, now);
    }

    /// An attempt has failed: the next one comes after a wait that counts from now and doubles with each failure.
    fn retry_mount(&mut self, pod: PodId, sim: &mut Sim) {
        if !self.pods[pod].ended {
            let attempts = self.pods[pod].attempts.as_mut().expect("the replica tries");
            attempts.restart_failed(sim.now());
            self.schedule_mount(pod, sim);
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
        let rate = self.volume_params().server_bandwidth.0.min(self.plan.scenario.node.network.0);
        let alone = Span::from_secs_f64(self.plan.scenario.workload.first_write.0 as f64 / rate);
        while let Some(pod) = self.server(server).writes.take_completed(sim.now()) {
            self.pods[pod].write = None;
            self.waits.split_transfer(self.pods[pod].entry, alone, sim.now());
            self.run_pod(pod, sim);
        }
        self.wake_volume(server, sim);
    }
}
