//! What one simulated scale-up leaves behind: milestones, transitions, waits and limits, in flat columns.
//!
//! The model only appends here; all statistics are computed from it afterwards.

use crate::engine::StopReason;
pub use crate::model::state::ids::{DaemonSetPlace, NodeId, ReplicaId, ResourceId, StageId, ZoneId};
pub use crate::model::state::unready::{EarlyEnd, NodeStanding, Phase, Unready};
pub use crate::model::state::wait::{Cause, Origin, Subject, Wait};
use crate::time::Time;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// Everything recorded of one replication.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The stages, in causal order: `nodes`, DaemonSets, `workload`, and `scale-down` if the workload ends.
    pub stages: Vec<Stage>,
    /// Every node's milestones; the first `initial_nodes` existed from the start.
    pub nodes: Vec<NodeRecord>,
    /// Every replica's milestones, by its number; empty unless asked for
    /// ([`Plan::recording_replicas`](crate::model::Plan::recording_replicas)).
    pub replicas: Vec<ReplicaRecord>,
    /// The autoscaler's decisions to ask for nodes, in the order of time.
    pub decisions: Vec<Decision>,
    /// When something became Ready or NotReady, in the order of time.
    pub transitions: Vec<Transition>,
    /// Every entity's waits, in the order in which they ended; empty unless asked for.
    pub waits: Vec<Wait>,
    /// Why entities came to be that others brought about; empty unless waits are asked for.
    pub origins: Vec<Origin>,
    /// Names of what is waited for, indexed by [`Wait::resource`].
    pub resources: Vec<String>,
    /// The limits that were hit, in the order of their first time.
    pub limits: Vec<LimitHit>,
    /// When the Deployment was deleted: scale-down began; absent if it did not.
    pub scale_down: Option<Time>,
    /// Volumes that were lost with instances that ended before they were drained.
    pub volumes_lost: u32,
    /// What was in use at the end.
    pub held: Held,
    /// Members that had joined at the end, the initial ones included.
    pub members: u32,
    /// How the run ended.
    pub end: End,
}

/// What is in use at an instant; for accounts that must balance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// vCPUs that count against the quota.
    pub vcpus: u64,
    /// Instances, by zone in the order of the scenario.
    pub instances: Vec<u32>,
    /// Instances that could still be launched, by zone; absent where there is no limit.
    pub capacity: Vec<Option<u32>>,
    /// Free addresses, by zone; absent where there is no limit.
    pub free_addresses: Vec<Option<u32>>,
    /// Addresses of the subnets that instances hold, by zone.
    pub addresses: Vec<u32>,
    /// Nodes that are Ready.
    pub ready_nodes: u32,
    /// Nodes that are wanted, launched or registered, and not Ready.
    pub upcoming_nodes: u32,
    /// DaemonSet pods that have not ended.
    pub daemonset_pods: u32,
    /// Replicas that have not ended.
    pub replica_pods: u32,
    /// Image transfers under way.
    pub transfers: u32,
    /// Joins and leaves under way.
    pub joins: u32,
    /// Mounts that the volume's servers are at work on, or that wait for them.
    pub mounts: u32,
    /// What became of the pulls from each registry, in the order of the scenario.
    pub pulls: Vec<Pulls>,
    /// What of the images has been on its way.
    pub transferred: Transferred,
}

/// What has been transferred of images.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transferred {
    /// How many transfers are complete, by image in the order of the scenario.
    pub images: Vec<u64>,
    /// Bytes that came of transfers which ended with their nodes.
    pub cut_short: u64,
    /// Bytes that all transfers got, as their rates over time tell.
    pub bytes: u64,
    /// Bytes of these that passed each link, zero where there is no limit: the links of the registries in the order of
    /// the scenario, then those of the NAT gateways.
    pub over_links: Vec<u64>,
}

/// What became of the pulls from one registry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pulls {
    /// The registry answered.
    pub granted: u64,
    /// It refused; the same pull may be refused again and again.
    pub refused: u64,
    /// The image is unpacked.
    pub arrived: u64,
    /// The node ended before.
    pub abandoned: u64,
    /// The most that one address used of its budget in one window; zero without a budget.
    pub window_peak: u64,
}

impl Pulls {
    /// One more is granted, with which an address has used this much of its budget.
    pub(crate) const fn grant(&mut self, used: u64) {
        self.granted += 1;
        if used > self.window_peak {
            self.window_peak = used;
        }
    }
}

/// What becomes ready in a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StageKind {
    /// The nodes themselves.
    Nodes,
    /// A DaemonSet's pods.
    #[serde(rename = "daemonset")]
    DaemonSet,
    /// The workload's replicas.
    Workload,
    /// The shrinking afterwards: nodes go instead of becoming Ready.
    ScaleDown,
}

/// One readiness milestone of the whole cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// What becomes ready.
    pub kind: StageKind,
    /// `nodes`, a DaemonSet's name, `workload`, or `scale-down`.
    pub name: String,
    /// How many must be Ready: nodes or pods; for `scale-down`, how many nodes must have gone.
    pub desired: u32,
    /// The stages that it waits for, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
    /// Whether overheads are counted from it: that of the workload too, which need not wait for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reference: bool,
}

/// A node's milestones; what did not happen is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "NodeRow", from = "NodeRow")]
pub struct NodeRecord {
    /// Its number, from 0, in the order of requests; the initial nodes come first.
    pub number: NodeId,
    /// Its zone.
    pub zone: ZoneId,
    /// The autoscaler asked for it.
    pub requested: Option<Time>,
    /// The cloud granted the launch.
    pub launched: Option<Time>,
    /// The machine runs.
    pub running: Option<Time>,
    /// The kubelet has started.
    pub booted: Option<Time>,
    /// The Node object exists.
    pub registered: Option<Time>,
    /// The node is Ready.
    pub ready: Option<Time>,
    /// The last time each DaemonSet of the stages became Ready here, in the order of the stages.
    pub daemonsets: SmallVec<[Option<Time>; 4]>,
    /// Its last replica became Ready.
    pub workload: Option<Time>,
    /// It was given up: never registered in time, or its launch was cancelled; or its machine died.
    pub failed: Option<Time>,
    /// The autoscaler began to remove it.
    pub removal: Option<Time>,
    /// Its drain was complete.
    pub drained: Option<Time>,
    /// It has ended, and what it held is free.
    pub terminated: Option<Time>,
}

/// A replica's milestones, each the first time; what did not happen is absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReplicaRecord {
    /// The API server has it.
    pub created: Option<Time>,
    /// It is bound to a node.
    pub scheduled: Option<Time>,
    /// The pull of its main container's image begins; absent where the image was there.
    pub pulling: Option<Time>,
    /// That image is pulled and unpacked; absent where it was there.
    pub pulled: Option<Time>,
    /// Its containers have started.
    pub running: Option<Time>,
    /// It is Ready.
    pub ready: Option<Time>,
}

/// A loop of the autoscaler that asks for nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// When the loop began.
    pub begun: Time,
    /// When it asked the node groups.
    pub made: Time,
}

/// A node as it is written: its number, its zone, its milestones in the order of the fields, and those of the
/// DaemonSets.
type NodeRow = (u32, u16, [Option<Time>; 11], Vec<Option<Time>>);

impl From<NodeRecord> for NodeRow {
    fn from(mut node: NodeRecord) -> Self {
        let times = node.times().map(|time| *time);
        (node.number.0, node.zone.0, times, node.daemonsets.into_vec())
    }
}

impl From<NodeRow> for NodeRecord {
    fn from((number, zone, times, daemonsets): NodeRow) -> Self {
        let (number, zone) = (NodeId(number), ZoneId(zone));
        let mut node = Self { number, zone, daemonsets: daemonsets.into(), ..Self::default() };
        node.times().into_iter().zip(times).for_each(|(place, time)| *place = time);
        node
    }
}

/// Something became Ready or NotReady.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// When.
    pub at: Time,
    /// Its stage.
    pub stage: StageId,
    /// What did: a node, which for `scale-down` is gone, or a pod.
    pub subject: Subject,
    /// Ready (`true`) or NotReady; for `scale-down`, gone.
    pub ready: bool,
}

/// A limit that was hit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitHit {
    /// A short name: `vcpu-quota`, `zone-capacity`, `free-addresses`, `pod-addresses`, `launch-rate`,
    /// `network-calls`, `kubelet-pulls`, `registry-pulls`, `provision-timeout`, `csi-timeout`, `drain-timeout`.
    pub kind: String,
    /// The cloud's or registry's own words, with its numbers.
    pub message: String,
    /// The first time.
    pub first: Time,
    /// The last time.
    pub last: Time,
    /// How often.
    pub count: u64,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// Everything that was asked for is ready.
    pub ready: bool,
    /// When the last event was handled.
    pub at: Time,
    /// Events handled.
    pub events: u64,
    /// Why the kernel stopped.
    pub reason: StopReason,
    /// If not ready: what it still waits for; an early end first, then most numerous first.
    pub waiting_for: Vec<Unready>,
}

impl Record {
    /// The most nodes that were Ready at once.
    pub fn most_nodes_ready(&self) -> u32 {
        let changes = self.transitions.iter().filter(|change| change.stage.index() == 0);
        let mut up = 0;
        changes.fold(0, |most, change| {
            up = if change.ready { up + 1 } else { up - 1 };
            most.max(up)
        })
    }
}

impl NodeRecord {
    /// The milestones but those of the DaemonSets, in the order of the fields.
    fn times(&mut self) -> [&mut Option<Time>; 11] {
        let Self { requested, launched, running, booted, registered, ready, .. } = self;
        let Self { workload, failed, removal, drained, terminated, .. } = self;
        [requested, launched, running, booted, registered, ready, workload, failed, removal, drained, terminated]
    }

    /// Whether it ever was a machine: requests that come to nothing are repeated, and can be many.
    pub const fn lived(&self) -> bool {
        self.requested.is_none() || self.launched.is_some()
    }
}

impl AsRef<str> for Stage {
    fn as_ref(&self) -> &str {
        &self.name
    }
}

impl StageKind {
    /// The reserved names of the stages that are no DaemonSet's.
    pub const NAMES: [&str; 3] = ["nodes", "workload", "scale-down"];

    /// The reserved name of a stage of this kind; a DaemonSet's stage has the DaemonSet's name.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Nodes => Some(Self::NAMES[0]),
            Self::DaemonSet => None,
            Self::Workload => Some(Self::NAMES[1]),
            Self::ScaleDown => Some(Self::NAMES[2]),
        }
    }
}

/// The place of the stage that a scale-up is for, the goal: the last one before scale-down.
pub fn goal(stages: &[Stage]) -> Option<usize> {
    stages.iter().rposition(|stage| stage.kind != StageKind::ScaleDown)
}
