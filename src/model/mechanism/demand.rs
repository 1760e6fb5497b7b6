//! The ReplicaSet controller: how fast a Deployment's replicas are created.
//!
//! Creation is a slow start: batches of 1, 2, 4 ... pods, each after the one before has been answered, at most
//! `replicaset_burst` in one sync, through the controller's own API client.
//!
//! With `workload.wave` the Deployment is scaled up in waves: each when all replicas asked for so far are Ready.
//!
//! Keys: `workload.replicas`, `workload.wave`, `control_plane.replicaset_burst`.
//! Upstream: kubernetes `pkg/controller/replicaset/replica_set.go`, `slowStartBatch` and `BurstReplicas`.

use crate::model::state::{
    Event, NodeId, Origin, PodId, PodOwner, ReplicaId, Resources, Sim, StreamOwner, Subject, World,
};
use crate::time::Time;

impl World<'_> {
    /// A replica became Ready: if it was the last one of its wave, the next wave begins.
    pub(crate) fn start_next_wave_if_ready(&mut self, pod: PodId, sim: &mut Sim) {
        if self.ready[self.plan.workload_stage()] >= self.demand.asked && !self.demand.ended {
            self.demand.after = Some(pod);
            self.ask_for_more(sim);
        }
    }

    /// The Deployment is created, or scaled up by a wave, and its controllers notice it.
    pub(crate) fn ask_for_more(&mut self, sim: &mut Sim) {
        let left = self.plan.replicas - self.demand.asked;
        if left > 0 {
            let wave = self.plan.scenario.workload.wave.map_or(left, |wave| left.min(wave.get()));
            self.demand.asked += wave;
            self.demand.asked_at = sim.now();
            (self.demand.next_batch, self.demand.this_sync) = (1, 0);
            let noticed = self.watch_delay(StreamOwner::replicaset());
            sim.schedule_after(noticed, Event::ReplicaBatch);
        }
    }

    /// `ReplicaBatch`: creates the next batch; the one after follows when all of it is answered.
    pub(crate) fn on_replica_batch(&mut self, sim: &mut Sim) {
        let burst = self.plan.scenario.control_plane.replicaset_burst.get();
        let left = self.demand.asked - self.demand.created;
        let batch = self.demand.next_batch.min(left).min(burst - self.demand.this_sync);
        let (mut answered, mut last) = (sim.now(), None);
        let by = self.demand.after.map(|pod| self.subject(pod));
        // The batches after the first follow from the answers, without a delay.
        let since =
            if self.demand.next_batch == 1 && self.demand.this_sync == 0 { self.demand.asked_at } else { sim.now() };
        for _ in 0..batch {
            let replica = ReplicaId(self.demand.created);
            self.demand.created += 1;
            let (pod, created) = self.create_replica(replica, by, since, sim);
            if created >= answered {
                (answered, last) = (created, Some(pod));
            }
        }
        self.demand.after = last.or(self.demand.after);
        self.demand.next_batch = batch.saturating_mul(2);
        self.demand.this_sync += batch;
        if self.demand.this_sync >= burst {
            self.demand.next_batch = 1;
            self.demand.this_sync = 0;
            self.demand.asked_at = answered;
        }
        if self.demand.created < self.demand.asked {
            sim.schedule_at(answered, Event::ReplicaBatch);
        }
    }

    /// A replica was lost with its `node`: the ReplicaSet controller creates another.
    pub(crate) fn replace_replica(&mut self, node: NodeId, sim: &mut Sim) {
        if self.demand.ended {
            return;
        }
        let replica = ReplicaId(self.plan.replicas + self.demand.replaced);
        self.demand.replaced += 1;
        let lost = self.nodes[node].milestones.failed.unwrap_or(sim.now());
        self.create_replica(replica, Some(Subject::Node(node)), lost, sim);
    }

    /// Creates a replica that was wanted `since` then, because of what happened to `by`; answers when it exists.
    fn create_replica(&mut self, replica: ReplicaId, by: Option<Subject>, since: Time, sim: &mut Sim) -> (PodId, Time) {
        let pod = self.add_pod(PodOwner::Workload(replica), None);
        let (subject, resource) = (Subject::Replica(replica), Resources::CONTROLLERS);
        self.waits.originate(Origin { subject, by, resource, since, begun: since });
        (pod, self.create_pod(pod, sim))
    }
}
