//! The external attacher of a CSI driver: its workers, its API client, and attempts that fail.
//!
//! An attempt for a node on which the driver has not registered fails, and costs a request: the attacher saves the
//! error in the `VolumeAttachment` by a PATCH, from the client that all its requests share. The worker is busy until
//! then, and the wait before the next attempt counts from there.
//!
//! Keys: `[volume.NAME.attach]`.
//! Upstream: external-attacher `cmd/csi-attacher/main.go` (flags) and `pkg/controller/csi_handler.go`: `syncAttach`,
//! `getNodeID`, `saveAttachError`, then `AddRateLimited`.

use crate::model::params::Attach;
use crate::model::state::{Attacher, Backoff, Cause, Draw, Event, Phase, PodId, Resources, Sim, World};

impl World<'_> {
    fn attacher(&mut self) -> &mut Attacher {
        self.volume_state().attacher.as_mut().expect("the volume is attached")
    }

    /// The `VolumeAttachment` of a replica exists: the attacher has it in its queue.
    pub(crate) fn start_attaching(&mut self, pod: PodId, attach: &Attach, sim: &mut Sim) {
        self.pods[pod].phase = Phase::Attaching;
        self.pods[pod].attempts = Some(Backoff::new(sim.now(), attach.retry_initial, attach.retry_max));
        self.on_attach_try(pod, sim);
    }

    /// `AttachTry`: the attacher's workers take the replica's attachment in turn.
    pub(crate) fn on_attach_try(&mut self, pod: PodId, sim: &mut Sim) {
        self.pod_waits_from(pod, sim.now(), Cause::Queue, Resources::ATTACHER);
        if let Some(next) = self.attacher().line.arrive(pod) {
            self.attach(next, None, sim);
        }
    }

    /// A worker takes the attachment: all its requests, or the one that saves why it has failed.
    fn attach(&mut self, pod: PodId, after: Option<PodId>, sim: &mut Sim) {
        self.pod_is_next(pod, after);
        self.pod_waits_from(pod, sim.now(), Cause::Limit, Resources::ATTACHER);
        if !self.driver_registered(pod) {
            let saved = self.attacher().requests.reserve(sim.now(), 1);
            sim.schedule_at(saved, Event::AttachFailed(pod));
            return;
        }
        let params = self.volume_params().attach.as_ref().expect("the volume is attached");
        let (work, writes) =
            (self.draws.span(self.stream_owner(pod), Draw::Attach, &params.attach), params.writes.get());
        let granted = self.attacher().requests.reserve(sim.now(), u64::from(writes));
        self.pod_waits_from(pod, granted, Cause::Service, Resources::ATTACHER);
        sim.schedule_at(granted + work, Event::Attached(pod));
    }

    fn next_attachment(&mut self, after: PodId, sim: &mut Sim) {
        if let Some(next) = self.attacher().line.leave() {
            self.attach(next, Some(after), sim);
        }
    }

    /// `AttachFailed`: the error is saved, and the attachment is queued again after its wait.
    pub(crate) fn on_attach_failed(&mut self, pod: PodId, sim: &mut Sim) {
        self.next_attachment(pod, sim);
        if self.pods[pod].ended {
            return;
        }
        let attempts = self.pods[pod].attempts.as_mut().expect("the replica tries");
        attempts.restart_failed(sim.now());
        let next = attempts.next_from(sim.now());
        self.waits_for_driver_or(pod, Resources::ATTACHER, sim);
        sim.schedule_at(next, Event::AttachTry(pod));
    }

    /// The driver has registered on the replica's node: an attempt that is still to come will succeed.
    pub(crate) fn attempt_can_succeed(&mut self, pod: PodId, sim: &Sim) {
        if self.pods[pod].attempts.is_some_and(|attempts| attempts.due() > sim.now()) {
            self.pod_waits_from(pod, sim.now(), Cause::Backoff, Resources::ATTACHER);
        }
    }

    /// `Attached`: the kubelet can mount.
    pub(crate) fn on_attached(&mut self, pod: PodId, sim: &mut Sim) {
        self.next_attachment(pod, sim);
        if !self.pods[pod].ended {
            self.start_mounting(pod, sim);
        }
    }
}
