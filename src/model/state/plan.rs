//! A scenario made ready to simulate: names resolved to numbers, once for all replications.

use crate::model::params::fit;
use crate::model::params::{self, Gate, NodeGroups, Replicas, Scenario};
use crate::model::state::addresses::PoolRules;
use crate::model::state::ids::{DaemonSetId, DaemonSetPlace, GroupId, ImageId, NodeId, RegistryId, StageId, ZoneId};
use crate::model::state::resources::Resources;
use crate::model::state::unpacking::{Batch, batches};
use crate::model::state::wait::Subject;
use crate::random::stable_id;

/// A scenario made ready to simulate.
#[derive(Debug)]
pub struct Plan {
    pub(crate) scenario: Scenario,
    /// Enabled DaemonSets; each comes after those that it requires.
    pub(crate) daemonsets: Vec<DaemonSetPlan>,
    /// The DaemonSet that sets up pod networking.
    pub(crate) network_daemonset: Option<DaemonSetId>,
    /// The DaemonSets that must be Ready on a new node before it takes replicas, one bit each.
    pub(crate) admits: u64,
    /// What a replica requires on its node.
    pub(crate) workload_requires: Vec<DaemonSetId>,
    /// The registry of each image.
    pub(crate) image_registry: Vec<RegistryId>,
    /// The layers of each image that are fetched together.
    pub(crate) image_batches: Vec<Vec<Batch>>,
    /// Stable identities for random streams.
    pub(crate) image_stream: Vec<u64>,
    /// Stable identities for random streams.
    pub(crate) group_stream: Vec<u64>,
    /// Stable identities for random streams.
    pub(crate) fault_stream: Vec<u64>,
    /// The images of one replica in the order of its containers: sidecar, then main container.
    pub(crate) workload_images: Vec<ImageId>,
    /// The workload's volume: its place in the scenario, and the DaemonSet that serves its driver.
    pub(crate) volume: Option<(usize, DaemonSetId)>,
    /// How nodes take addresses.
    pub(crate) pool_rules: PoolRules,
    pub(crate) replicas: u32,
    pub(crate) replicas_per_node: u32,
    /// How many nodes there will be when all is ready.
    pub(crate) desired_nodes: u32,
    pub(crate) resources: Resources,
    /// Whether replicas' milestones are recorded.
    pub(crate) records_replicas: bool,
}

/// One enabled DaemonSet.
#[derive(Debug)]
pub(crate) struct DaemonSetPlan {
    pub(crate) name: String,
    /// Its place in the scenario.
    pub(crate) place: DaemonSetPlace,
    pub(crate) params: params::DaemonSet,
    pub(crate) image: ImageId,
    pub(crate) stream: u64,
    pub(crate) requires: Vec<DaemonSetId>,
    /// The DaemonSets that require this one.
    pub(crate) dependents: Vec<DaemonSetId>,
    /// Whether the workload's pods depend on it: it serves their volume's driver, or they require it.
    pub(crate) serves_workload: bool,
    /// The place of its stage, if it is one.
    pub(crate) stage: Option<StageId>,
}

/// The place of the stage `nodes`.
pub(crate) const NODES_STAGE: StageId = StageId(0);

impl Plan {
    /// Resolves `scenario`, which must have passed [`params::check()`].
    ///
    /// # Panics
    /// When the scenario was not checked: a reference leads nowhere.
    pub fn new(scenario: &Scenario) -> Self {
        let sets = plan_daemonsets(scenario);
        let find_set = |name: &String| daemonset_id(&sets, name);
        let network_daemonset = scenario.node.network_daemonset.as_ref().map(find_set);
        let volume = scenario.workload.volume.as_ref().map(|name| {
            let (index, volume) = scenario.volume.find(name).expect("references are checked");
            (index, daemonset_id(&sets, &volume.driver))
        });
        let workload = &scenario.workload;
        let workload_images =
            workload.sidecar_image.iter().chain([&workload.image]).map(|name| image_id(scenario, name)).collect();
        let replicas_per_node = fit::replicas_per_node(scenario);
        let replicas = match workload.replicas {
            Replicas::Fill => scenario.cluster.target_nodes.saturating_mul(replicas_per_node),
            Replicas::Count(count) => count,
        };
        let needed = replicas.div_ceil(replicas_per_node.max(1)).max(scenario.cluster.initial_nodes);
        let registry = |name: &str| RegistryId(scenario.registry.find(name).expect("references are checked").0 as u16);
        let resources = Resources::new(
            &group_names(scenario),
            scenario.registry.names(),
            sets.iter().map(|set| (&*set.name, set.params.join.as_ref().map_or("", |join| &*join.etcd))),
        );
        let mut plan = Self {
            network_daemonset,
            admits: admits(scenario, &sets),
            workload_requires: workload.requires.iter().map(find_set).collect(),
            image_registry: scenario.image.iter().map(|(_, image)| registry(&image.registry)).collect(),
            image_batches: scenario.image.iter().map(|(_, image)| batches(image, &scenario.kubelet)).collect(),
            image_stream: scenario.image.names().map(stable_id).collect(),
            group_stream: group_names(scenario).into_iter().map(stable_id).collect(),
            fault_stream: scenario.fault.names().map(stable_id).collect(),
            workload_images,
            volume,
            pool_rules: PoolRules::new(scenario),
            replicas,
            replicas_per_node,
            desired_nodes: needed,
            resources,
            records_replicas: false,
            scenario: scenario.clone(),
            daemonsets: sets,
        };
        for required in volume.map(|(_, driver)| driver).into_iter().chain(plan.workload_requires.clone()) {
            plan.daemonsets[required].serves_workload = true;
        }
        plan
    }

    /// The same with [`Record::replicas`](crate::model::record::Record::replicas), some 100 bytes for each replica.
    #[must_use]
    pub fn recording_replicas(self) -> Self {
        Self { records_replicas: true, ..self }
    }

    /// How many nodes there will be when all is ready.
    pub const fn nodes(&self) -> u32 {
        self.desired_nodes
    }

    /// The scenario that was planned.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Whether a node must be drained before it can be removed.
    pub(crate) fn needs_drain(&self) -> bool {
        self.daemonsets.iter().any(|set| set.params.drain.is_some())
    }

    pub(crate) fn daemonset(&self, set: DaemonSetId) -> &DaemonSetPlan {
        &self.daemonsets[set]
    }

    /// A DaemonSet's pod as it appears in records.
    pub(crate) fn pod_subject(&self, set: DaemonSetId, node: NodeId) -> Subject {
        Subject::DaemonSetPod(self.daemonset(set).place, node)
    }

    pub(crate) fn daemonset_ids(&self) -> impl Iterator<Item = DaemonSetId> + use<> {
        (0..self.daemonsets.len() as u16).map(DaemonSetId)
    }

    pub(crate) fn zone_ids(&self) -> impl Iterator<Item = ZoneId> + use<> {
        (0..self.scenario.zone.len() as u16).map(ZoneId)
    }

    pub(crate) fn group_ids(&self) -> impl Iterator<Item = GroupId> + use<> {
        (0..self.group_stream.len() as u16).map(GroupId)
    }

    /// The zones that a node group launches in.
    pub(crate) fn zones_of(&self, group: GroupId) -> impl Iterator<Item = ZoneId> + use<> {
        let zones = match self.scenario.cloud.node_groups {
            NodeGroups::PerZone => group.0..group.0 + 1,
            NodeGroups::One => 0..self.scenario.zone.len() as u16,
        };
        let open: Vec<ZoneId> = zones.map(ZoneId).filter(|zone| self.has_node_group(*zone)).collect();
        open.into_iter()
    }

    /// Whether nodes are launched in a zone.
    pub(crate) fn has_node_group(&self, zone: ZoneId) -> bool {
        self.scenario.zone.at(zone.index()).1.node_group
    }

    /// The zones that nodes are launched in.
    pub(crate) fn open_zones(&self) -> Vec<ZoneId> {
        self.zone_ids().filter(|zone| self.has_node_group(*zone)).collect()
    }

    /// The node group that launches in a zone.
    pub(crate) const fn group_of(&self, zone: ZoneId) -> GroupId {
        match self.scenario.cloud.node_groups {
            NodeGroups::PerZone => GroupId(zone.0),
            NodeGroups::One => GroupId(0),
        }
    }

    pub(crate) fn image(&self, image: ImageId) -> &params::Image {
        self.scenario.image.at(image.index()).1
    }
}

/// The node groups' names; they also name their random streams.
pub(crate) fn group_names(scenario: &Scenario) -> Vec<&str> {
    match scenario.cloud.node_groups {
        NodeGroups::PerZone => scenario.zone.names().collect(),
        NodeGroups::One => vec!["all-zones"],
    }
}

fn image_id(scenario: &Scenario, name: &str) -> ImageId {
    ImageId(scenario.image.find(name).expect("references are checked").0 as u16)
}

fn daemonset_id(sets: &[DaemonSetPlan], name: &str) -> DaemonSetId {
    DaemonSetId(sets.iter().position(|set| set.name == name).expect("references are checked") as u16)
}

/// The DaemonSets whose readiness opens a new node, one bit each.
fn admits(scenario: &Scenario, sets: &[DaemonSetPlan]) -> u64 {
    let opens = |set: &params::DaemonSet| {
        matches!(set.gate, Gate::BootstrapOnly | Gate::Continuous) || (scenario.workload.gpus > 0 && set.provides_gpus)
    };
    sets.iter().enumerate().filter(|(_, set)| opens(&set.params)).fold(0, |bits, (place, _)| bits | 1 << place)
}

/// The enabled DaemonSets, each after those that it requires, otherwise in the order of the file.
fn plan_daemonsets(scenario: &Scenario) -> Vec<DaemonSetPlan> {
    let mut waiting: Vec<(&str, &params::DaemonSet)> =
        scenario.daemonset.iter().filter(|(_, set)| set.enabled).collect();
    let mut sets: Vec<DaemonSetPlan> = Vec::new();
    let mut next_stage = NODES_STAGE.0 + 1;
    while !waiting.is_empty() {
        let met = |set: &params::DaemonSet| set.requires.iter().all(|name| sets.iter().any(|done| done.name == *name));
        let next = waiting.iter().position(|(_, set)| met(set)).expect("dependencies are checked");
        let (name, set) = waiting.remove(next);
        let stage = set.stage.then_some(StageId(next_stage));
        next_stage += u16::from(set.stage);
        sets.push(DaemonSetPlan {
            name: name.to_owned(),
            place: DaemonSetPlace(scenario.daemonset.find(name).expect("it is from there").0 as u16),
            image: image_id(scenario, &set.image),
            stream: stable_id(name),
            requires: set.requires.iter().map(|required| daemonset_id(&sets, required)).collect(),
            dependents: Vec::new(),
            serves_workload: false,
            stage,
            params: set.clone(),
        });
    }
    for dependent in 0..sets.len() {
        for required in sets[dependent].requires.clone() {
            sets[required].dependents.push(DaemonSetId(dependent as u16));
        }
    }
    sets
}
