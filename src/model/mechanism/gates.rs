//! What keeps replicas from a node that is Ready and initialised: taints that stay until named DaemonSets are Ready on
//! it, and GPUs that appear with their device plugin.
//!
//! A start-up taint, or a gate that is for bootstrapping only, is taken away once and for all; a continuous one comes
//! back when the DaemonSet's pod is NotReady, and what runs on the node stays. The Cluster Autoscaler takes a node with
//! a start-up taint, or one whose GPUs have not appeared, for one that is still to come. A DaemonSet whose gate is a
//! dry run keeps nothing away: the replicas that start before it is Ready are counted.
//!
//! Keys: `daemonset.*.gate`, `.provides_gpus`, `workload.gpus`, `node.gpus`.
//! Upstream: node-readiness-controller, `NodeReadinessRule`: `enforcementMode`, `dryRun`; Cluster Autoscaler FAQ,
//! `--startup-taint`, and `processors/customresources/gpu_processor.go`, `FilterOutNodesWithUnreadyResources`; kubelet
//! `pkg/kubelet/cm/devicemanager`.

use crate::model::params::Gate;
use crate::model::state::{
    Admission, Cause, DaemonSetId, DaemonSetResource, NodeId, NodeState, PodId, PodOwner, Sim, Subject, World,
};

impl World<'_> {
    /// Replicas find room on a node that is Ready and initialised, unless a gate is closed.
    pub(crate) fn admit(&mut self, node: NodeId, sim: &mut Sim) {
        let state = &self.nodes[node];
        if state.state != NodeState::Ready || state.admission != Admission::Initialised {
            return;
        }
        if state.gates != 0 {
            self.wait_for_gate(node, sim);
            return;
        }
        let state = &mut self.nodes[node];
        state.admission = Admission::Schedulable;
        self.waits.end(state.entry, sim.now());
        self.autoscaler.ready();
        self.offer_node(node, sim);
        self.mark_unneeded(node, sim);
    }

    fn wait_for_gate(&mut self, node: NodeId, sim: &Sim) {
        let state = &self.nodes[node];
        let set = DaemonSetId(state.gates.trailing_zeros() as u16);
        let (entry, blocker) = (state.entry, Some(self.plan.pod_subject(set, node)));
        let resource = self.plan.resources.daemonset(set, DaemonSetResource::Readiness);
        self.waits.switch(entry, Subject::Node(node), sim.now(), Cause::Dependency, resource, blocker);
    }

    /// A DaemonSet's pod is Ready: its gate opens.
    pub(crate) fn open_gate(&mut self, node: NodeId, set: DaemonSetId, sim: &mut Sim) {
        let bit = 1 << set.0;
        if self.nodes[node].gates & bit == 0 {
            return;
        }
        self.nodes[node].gates &= !bit;
        if self.nodes[node].admission == Admission::Schedulable {
            if self.nodes[node].takes_replicas() {
                self.offer_room(node, sim);
            }
        } else {
            self.admit(node, sim);
        }
    }

    /// A DaemonSet's pod is NotReady: a continuous gate closes.
    pub(crate) fn close_gate(&mut self, node: NodeId, set: DaemonSetId) {
        if self.plan.daemonset(set).params.gate == Gate::Continuous {
            self.nodes[node].gates |= 1 << set.0;
        }
    }

    /// A replica's containers start: it is counted if a gate that is a dry run would have kept it away.
    pub(crate) fn note_dry_run(&mut self, pod: PodId, sim: &Sim) {
        if !matches!(self.pods[pod].owner, PodOwner::Workload(_)) {
            return;
        }
        let node = self.pods[pod].placed_on();
        for set in self.plan.daemonset_ids() {
            let plan = self.plan.daemonset(set);
            if plan.params.gate == Gate::DryRun && !self.daemonset_ready_on(node, set) {
                let message = format!("replicas started before {} was Ready on their node", plan.name);
                self.hit_limit("gate", message, sim.now());
            }
        }
    }
}
