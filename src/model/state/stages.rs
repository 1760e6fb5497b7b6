//! The stages of a scenario, and what each of them waits for.

use crate::model::state::ids::{DaemonSetId, StageId};
use crate::model::state::plan::{DaemonSetPlan, Plan};
use crate::model::state::record::{Stage, StageKind};

impl Plan {
    /// The stages, each with how many are desired when all goes well: the nodes, the DaemonSets, each after those that
    /// it requires, the workload, and scale-down.
    pub fn stages(&self) -> Vec<Stage> {
        let sets = self.daemonset_ids().filter(|set| self.daemonset(*set).stage.is_some());
        let mut stages = vec![stage(StageKind::Nodes, self.desired_nodes, self.nodes_wait_for())];
        stages.extend(sets.map(|set| {
            let plan = self.daemonset(set);
            Stage {
                name: plan.name.clone(),
                reference: self.reference() == Some(&plan.name),
                ..stage(StageKind::DaemonSet, self.desired_nodes, self.daemonset_waits_for(set))
            }
        }));
        stages.push(stage(StageKind::Workload, self.replicas, self.workload_waits_for()));
        if self.scale_down_stage().is_some() {
            let to_go = self.desired_nodes - self.scenario.cluster.initial_nodes;
            stages.push(stage(StageKind::ScaleDown, to_go, names(&[StageKind::Workload])));
        }
        stages
    }

    pub(crate) fn workload_stage(&self) -> StageId {
        StageId(1 + self.daemonsets.iter().filter(|set| set.stage.is_some()).count() as u16)
    }

    /// The place of the stage `scale-down`, if the workload ends.
    pub(crate) fn scale_down_stage(&self) -> Option<StageId> {
        self.scenario.workload.run_time.as_ref().map(|_| StageId(self.workload_stage().0 + 1))
    }

    /// The DaemonSet from whose stage overheads are counted.
    fn reference(&self) -> Option<&String> {
        self.daemonsets.iter().find(|set| set.params.reference && set.stage.is_some()).map(|set| &set.name)
    }

    fn nodes_wait_for(&self) -> Vec<String> {
        let mut after = Vec::new();
        self.add_stages(self.network_daemonset, &mut after);
        after
    }

    /// What it requires; its pods wait for a Ready node unless they use the node's network.
    fn daemonset_waits_for(&self, set: DaemonSetId) -> Vec<String> {
        let plan = self.daemonset(set);
        let reference = self.reference().filter(|name| **name != plan.name);
        let mut after = if plan.params.host_network { Vec::new() } else { names(&[StageKind::Nodes]) };
        if let Some(reference) = reference.filter(|_| !plan.params.host_network) {
            after.push(reference.clone());
        }
        self.add_stages(plan.requires.iter().copied(), &mut after);
        after
    }

    /// Nodes, what opens them for replicas, and what a replica requires on its node.
    fn workload_waits_for(&self) -> Vec<String> {
        let mut after = names(&[StageKind::Nodes]);
        let opens = self.daemonset_ids().filter(|set| self.admits & (1 << set.0) != 0);
        let driver = self.volume.map(|(_, driver)| driver);
        self.add_stages(opens.chain(driver).chain(self.workload_requires.iter().copied()), &mut after);
        after
    }

    /// Adds the stages of these DaemonSets; where one is no stage, those of what it requires.
    fn add_stages(&self, sets: impl IntoIterator<Item = DaemonSetId>, after: &mut Vec<String>) {
        for set in sets {
            let DaemonSetPlan { name, stage, requires, .. } = self.daemonset(set);
            if stage.is_none() {
                self.add_stages(requires.clone(), after);
            } else if !after.contains(name) {
                after.push(name.clone());
            }
        }
    }
}

fn stage(kind: StageKind, desired: u32, after: Vec<String>) -> Stage {
    let name = kind.name().unwrap_or_default().to_owned();
    Stage { kind, name, desired, after, reference: false }
}

fn names(kinds: &[StageKind]) -> Vec<String> {
    kinds.iter().filter_map(|kind| kind.name()).map(str::to_owned).collect()
}
