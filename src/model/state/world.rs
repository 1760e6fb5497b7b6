//! The simulated world: all state of one replication.

use crate::engine::Servers;
use crate::model::state::autoscaler::AutoscalerState;
use crate::model::state::clients::Clients;
use crate::model::state::cloud::CloudState;
use crate::model::state::demand::ReplicaSetState;
use crate::model::state::disk::DiskState;
use crate::model::state::draws::{Draw, Draws, StreamOwner};
use crate::model::state::etcd::EtcdState;
use crate::model::state::event::{Event, Sim};
use crate::model::state::ids::{EtcdId, NodeId};
use crate::model::state::images::{Downloads, RegistryState};
use crate::model::state::membership::{Joins, Membership};
use crate::model::state::node::Node;
use crate::model::state::placing::Placing;
use crate::model::state::plan::Plan;
use crate::model::state::pod::Pod;
use crate::model::state::record::{LimitHit, ReplicaRecord, Transition};
use crate::model::state::scale_down::ScaleDownState;
use crate::model::state::unready::EarlyEnd;
use crate::model::state::volume::VolumeState;
use crate::model::state::wait_log::WaitLog;
use crate::random::Distribution;
use crate::time::Time;

/// How large one replication may become before it is ended: what guards this program, not the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Nodes that are asked for, those that fail included.
    pub nodes: usize,
    /// So many events at one instant, one after the other, are repeated without end.
    pub events_at_one_instant: u64,
    /// Mebibytes of what is remembered of the past.
    pub remembered_mib: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { nodes: 4_000_000, events_at_one_instant: 500_000, remembered_mib: 4096 }
    }
}

/// All state of one replication.
pub(crate) struct World<'p> {
    pub(crate) plan: &'p Plan,
    pub(crate) bounds: Bounds,
    pub(crate) draws: Draws,
    pub(crate) waits: WaitLog,
    pub(crate) transitions: Vec<Transition>,
    pub(crate) limits: Vec<LimitHit>,
    /// By replica; empty unless the plan asks for them.
    pub(crate) replica_records: Vec<ReplicaRecord>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) pods: Vec<Pod>,
    pub(crate) clients: Clients,
    /// Nodes that the cloud controller manager initialises.
    pub(crate) node_syncs: Servers<NodeId>,
    pub(crate) demand: ReplicaSetState,
    pub(crate) placing: Placing,
    pub(crate) autoscaler: AutoscalerState,
    pub(crate) cloud: CloudState,
    pub(crate) registries: Vec<RegistryState>,
    pub(crate) downloads: Downloads,
    /// By DaemonSet; only those that join have one.
    pub(crate) memberships: Vec<Option<Membership>>,
    pub(crate) joins: Joins,
    pub(crate) etcds: Vec<EtcdState>,
    pub(crate) volume: Option<VolumeState>,
    pub(crate) scale_down: ScaleDownState,
    /// How many are Ready now, by stage.
    pub(crate) ready: Vec<u32>,
}

impl<'p> World<'p> {
    /// A world in which nothing is and nothing has happened yet.
    pub(crate) fn new(plan: &'p Plan, seed: u64, replication: u64, record_waits: bool, bounds: Bounds) -> Self {
        let scenario = &plan.scenario;
        let control = &scenario.control_plane;
        Self {
            plan,
            bounds,
            draws: Draws::new(seed, replication),
            waits: WaitLog::new(record_waits),
            transitions: Vec::new(),
            limits: Vec::new(),
            replica_records: Vec::new(),
            nodes: Vec::with_capacity(plan.desired_nodes as usize),
            pods: Vec::with_capacity(plan.desired_nodes as usize * plan.daemonsets.len() + plan.replicas as usize),
            clients: Clients::new(control),
            node_syncs: Servers::new(control.concurrent_node_syncs.get()),
            demand: ReplicaSetState::default(),
            placing: Placing::new(&scenario.scheduler),
            autoscaler: AutoscalerState::new(&scenario.autoscaler, plan.group_stream.len()),
            cloud: CloudState::new(scenario, plan.group_stream.len()),
            registries: scenario.registry.iter().map(|(_, registry)| RegistryState::new(registry)).collect(),
            downloads: Downloads::new(scenario),
            memberships: memberships(plan),
            joins: Joins::default(),
            etcds: etcds(plan),
            volume: plan.volume.map(|(index, _)| VolumeState::new(scenario.volume.at(index).1)),
            scale_down: ScaleDownState::default(),
            ready: vec![0; plan.stages().len()],
        }
    }

    /// What this replication remembers more of than a scale-up that makes sense, and what to change: nodes that failed
    /// and were asked for again without end, or Ready pods that flap without end.
    pub(crate) fn too_large(&self) -> Option<EarlyEnd> {
        let Bounds { nodes, remembered_mib, .. } = self.bounds;
        if self.nodes.len() > nodes {
            return Some(EarlyEnd::Nodes { asked_for: nodes as u64 });
        }
        let bytes = self.transitions.len() * size_of::<Transition>() + self.waits.bytes();
        // A list that grows is copied into one of twice its length: for a moment there is three times as much.
        ((3 * bytes) >> 20 >= remembered_mib).then_some(EarlyEnd::Memory { mib: remembered_mib as u64 })
    }

    /// Events are repeated without end at one instant.
    pub(crate) fn repeated(&self, at: Time) -> EarlyEnd {
        let cloud = &self.plan.scenario.cloud;
        let pauses = [
            ("cloud.launch_retry", &cloud.launch_retry),
            ("cloud.launch_interval", &cloud.launch_interval),
            ("cloud.scaling_delay", &cloud.scaling_delay),
            ("cloud.launch", &cloud.launch),
            ("cloud.boot", &cloud.boot),
        ];
        let without = pauses.iter().filter(|(_, pause)| pause.max_value() <= 0.0);
        let keys = without.map(|(key, _)| (*key).to_owned()).collect();
        EarlyEnd::Repeated { at, events: self.bounds.events_at_one_instant, keys }
    }

    /// Schedules `event` after a length of time that is drawn for `owner`.
    #[inline]
    pub(crate) fn schedule_drawn(
        &self,
        owner: StreamOwner,
        purpose: Draw,
        law: &Distribution,
        event: Event,
        sim: &mut Sim,
    ) {
        sim.schedule_after(self.draws.span(owner, purpose, law), event);
    }
}

fn memberships(plan: &Plan) -> Vec<Option<Membership>> {
    let initial = plan.scenario.cluster.initial_nodes;
    let membership = |join: &crate::model::params::Join| {
        let (etcd, _) = plan.scenario.etcd.find(&join.etcd).expect("references are checked");
        Membership::new(join, EtcdId(etcd as u16), initial)
    };
    plan.daemonsets.iter().map(|set| set.params.join.as_ref().map(membership)).collect()
}

fn etcds(plan: &Plan) -> Vec<EtcdState> {
    let scenario = &plan.scenario;
    let state = |name: &str| {
        let (_, disk) = scenario.disk.find(name).expect("references are checked");
        let (_, kind) = scenario.volume_type.find(&disk.kind).expect("references are checked");
        EtcdState::new(DiskState::new(disk, kind))
    };
    scenario.etcd.iter().map(|(_, etcd)| state(&etcd.disk)).collect()
}
