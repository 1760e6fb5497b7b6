//! The start of a replication: the initial nodes are Ready, the Deployment has just been created.
//!
//! An initial node holds the addresses that its DaemonSets' pods make the CNI take.
//!
//! Keys: `cluster.initial_nodes`.
//! Upstream: none: a scale-up begins with a cluster at rest.

use crate::model::state::{
    Admission, Draw, NODES_STAGE, NodeId, NodeState, Phase, PodId, Sim, Standing, StreamOwner, Subject, World,
};
use crate::time::Time;

impl World<'_> {
    /// Begins at the creation of the Deployment.
    pub(crate) fn begin(&mut self, sim: &mut Sim) {
        self.count_members();
        self.add_initial_nodes(sim);
        self.start_autoscaler();
        self.start_scheduler();
        self.ask_for_more(sim);
        self.schedule_faults(sim);
    }

    fn add_initial_nodes(&mut self, sim: &mut Sim) {
        let zones = self.plan.open_zones();
        for number in 0..self.plan.scenario.cluster.initial_nodes {
            let zone = zones[number as usize % zones.len()];
            let node = self.add_node(zone);
            self.autoscaler.existing(self.plan.group_of(zone));
            self.cloud.zones[zone].instances += 1;
            self.nodes[node].state = NodeState::Ready;
            self.nodes[node].admission = Admission::Schedulable;
            self.nodes[node].milestones.ready = Some(Time::ZERO);
            self.transition(NODES_STAGE, Subject::Node(node), true, Time::ZERO);
            self.add_daemonset_pods(node);
            self.run_initial_pods(node);
            self.give_initial_addresses(node);
            self.offer_node(node, sim);
        }
    }

    fn give_initial_addresses(&mut self, node: NodeId) {
        let pods: Vec<PodId> = self.daemonset_pods(node).filter(|&pod| self.needs_address(pod)).collect();
        self.nodes[node].pool = self.plan.pool_rules.with_pods(pods.len() as u32);
        for pod in pods {
            self.pods[pod].has_address = true;
        }
    }

    /// On an initial node every DaemonSet runs and is Ready, its image is there, its driver registered.
    fn run_initial_pods(&mut self, node: NodeId) {
        for set in self.plan.daemonset_ids() {
            let plan = self.plan.daemonset(set);
            self.nodes[node].images.add(plan.image);
            if plan.params.csi.is_some() {
                self.nodes[node].drivers |= 1 << set.0;
            }
            let pod = self.nodes[node].pod_of(set).expect("just added");
            let owner = StreamOwner::daemonset_pod(self.plan, set, node);
            let phase =
                plan.params.readiness.as_ref().map(|probe| self.draws.phase(owner, Draw::ProbePhase, probe.period));
            let state = &mut self.pods[pod];
            state.phase = Phase::Running;
            state.readiness.ready = true;
            state.readiness.was_ready = true;
            if plan.params.join.is_some() {
                state.standing = Standing::Member;
            }
            state.readiness.first_probe = Time::ZERO + phase.unwrap_or_default();
            if let Some(stage) = plan.stage {
                self.nodes[node].milestones.daemonsets[stage.index() - 1] = Some(Time::ZERO);
                self.transition(stage, self.subject(pod), true, Time::ZERO);
            }
            self.suspend_probes(pod);
        }
    }
}
