//! Which handler each event goes to, and the only question whether its subject still exists.

use crate::engine::{self};
use crate::model::state::{Event, NodeState, Sim, World};

impl engine::Model for World<'_> {
    type Event = Event;

    fn handle(&mut self, event: Event, sim: &mut Sim) {
        if self.is_obsolete(event) {
            return;
        }
        match event {
            Event::ReplicaBatch => self.on_replica_batch(sim),
            Event::PodCreated(pod) => self.on_pod_created(pod, sim),
            Event::PodPlaced(pod) => self.on_pod_placed(pod, sim),
            Event::BackoffFlush => self.on_backoff_flush(sim),
            Event::PodBound(pod) => self.on_pod_bound(pod, sim),
            Event::AutoscalerLoop => self.on_autoscaler_loop(sim),
            Event::AutoscalerDecided => self.on_autoscaler_decided(sim),
            Event::GroupLaunch(group) => self.on_group_launch(group, sim),
            Event::NodeLaunched(node) => self.on_node_launched(node, sim),
            Event::NodeRunning(node) => self.on_node_running(node, sim),
            Event::NodeBooted(node) => self.on_node_booted(node, sim),
            Event::NodeRegistered(node) => self.on_node_registered(node, sim),
            Event::NodeNoticed(node) => self.on_node_noticed(node, sim),
            Event::NodeReady(node) => self.on_node_ready(node, sim),
            Event::NodeSynced(node) => self.on_node_synced(node, sim),
            Event::NodeUntainted(node) => self.on_node_untainted(node, sim),
            Event::PoolLook(node) => self.on_pool_look(node, sim),
            Event::PoolCallGranted(node) => self.on_pool_call_granted(node, sim),
            Event::PoolGrown(node) => self.on_pool_grown(node, sim),
            Event::SandboxRetry(pod) => self.make_sandbox(pod, sim),
            Event::SandboxReady(pod) => self.on_sandbox_ready(pod, sim),
            Event::PullTransfer(node, image) => self.on_pull_transfer(node, image, sim),
            Event::PullMayBeComplete => self.on_pull_may_be_complete(sim),
            Event::ImageUnpacked(node, image) => self.on_image_unpacked(node, image, sim),
            Event::PullRetry(node, image) => self.on_pull_retry(node, image, sim),
            Event::RequiresPoll(pod) => self.on_requires_poll(pod, sim),
            Event::PodStarted(pod) => self.on_pod_started(pod, sim),
            Event::Probe(pod) => self.on_probe(pod, sim),
            Event::JoinWorked(pod) => self.on_join_worked(pod, sim),
            Event::JoinAnswered(pod) => self.on_join_answered(pod, sim),
            Event::EtcdCommitFinished(etcd) => self.on_etcd_commit_finished(etcd, sim),
            Event::JoinSynced(pod) => self.on_join_synced(pod, sim),
            Event::DriverRegistered(pod) => self.on_driver_registered(pod, sim),
            Event::AttachTry(pod) => self.on_attach_try(pod, sim),
            Event::AttachFailed(pod) => self.on_attach_failed(pod, sim),
            Event::Attached(pod) => self.on_attached(pod, sim),
            Event::MountTry(pod) => self.on_mount_try(pod, sim),
            Event::MountDeadline(pod) => self.on_mount_deadline(pod, sim),
            Event::Mounted(pod) => self.on_mounted(pod, sim),
            Event::FirstWriteMayBeComplete(server) => self.on_first_write_may_be_complete(server, sim),
            Event::WorkloadDone => self.on_workload_done(sim),
            Event::ReplicaEnded(pod) => self.on_replica_ended(pod, sim),
            Event::MasterMoved => self.on_master_moved(sim),
            Event::DrainStep(node) => self.on_drain_step(node, sim),
            Event::EvictionTimedOut(node) => self.on_eviction_timed_out(node, sim),
            Event::ForcedTermination(node) => self.on_forced_termination(node, sim),
            Event::NodeTerminated(node) => self.on_node_terminated(node, sim),
            Event::LossNoticed(node) => self.on_loss_noticed(node, sim),
            Event::InstanceMissed(node) => self.on_instance_missed(node, sim),
            Event::LostPodsEvicted(node) => self.on_lost_pods_evicted(node, sim),
            Event::FaultBegins(fault) => self.on_fault_begins(fault, sim),
            Event::FaultEnds(fault) => self.on_fault_ends(fault, sim),
        }
    }
}

impl World<'_> {
    /// Whether the node or pod that the event is about has ended meanwhile, and nobody else waits for the event.
    #[inline]
    fn is_obsolete(&self, event: Event) -> bool {
        match event {
            Event::PodCreated(pod)
            | Event::PodBound(pod)
            | Event::SandboxRetry(pod)
            | Event::SandboxReady(pod)
            | Event::RequiresPoll(pod)
            | Event::PodStarted(pod)
            | Event::Probe(pod)
            | Event::DriverRegistered(pod)
            | Event::AttachTry(pod)
            | Event::MountTry(pod)
            | Event::ReplicaEnded(pod) => self.pods[pod].ended,
            Event::NodeLaunched(node)
            | Event::NodeNoticed(node)
            | Event::NodeReady(node)
            | Event::NodeUntainted(node)
            | Event::PoolLook(node)
            | Event::PoolCallGranted(node)
            | Event::PoolGrown(node)
            | Event::PullTransfer(node, _)
            | Event::ImageUnpacked(node, _)
            | Event::PullRetry(node, _) => self.nodes[node].is_gone(),
            Event::NodeRunning(node) | Event::NodeBooted(node) | Event::NodeRegistered(node) => {
                self.nodes[node].is_gone() || self.nodes[node].stuck
            }
            Event::DrainStep(node) | Event::EvictionTimedOut(node) | Event::ForcedTermination(node) => {
                self.nodes[node].state != NodeState::Draining
            }
            Event::ReplicaBatch => self.demand.ended,
            _ => false,
        }
    }
}
