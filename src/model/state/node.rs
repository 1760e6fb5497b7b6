//! A node's state, from its request to its end.

use crate::model::state::addresses::{AddressPool, Growth};
use crate::model::state::drain::DrainState;
use crate::model::state::ids::{DaemonSetId, NodeId, PodId, ZoneId};
use crate::model::state::images::NodeImages;
use crate::model::state::record::NodeRecord;
use crate::model::state::wait_log::WaitEntry;
use smallvec::SmallVec;

/// Where a node stands on its way to readiness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NodeState {
    /// Wanted by its node group, not launched.
    Requested,
    /// Launched, not registered.
    Launched,
    /// Its Node object exists.
    Registered,
    /// Ready.
    Ready,
    /// Ready, and being drained for its removal.
    Draining,
    /// Its machine is ending or has died; what it held is not free yet.
    Stopping,
    /// Ended, and all it held is free.
    Gone,
    /// Given up before it was registered.
    Failed,
}

/// Whether pods can be placed on a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Admission {
    /// The cloud controller has not initialised it.
    Tainted,
    /// It was initialised, or needs not be.
    Initialised,
    /// It has been Ready, initialised, and without a gate that is closed.
    Schedulable,
}

/// A node.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they hold at the same time, independent of one another")]
pub(crate) struct Node {
    pub(crate) zone: ZoneId,
    pub(crate) state: NodeState,
    pub(crate) entry: WaitEntry,
    pub(crate) milestones: NodeRecord,
    /// The first of its DaemonSets' pods; the others follow in the order of the plan.
    pub(crate) first_pod: Option<PodId>,
    /// Its replicas.
    pub(crate) replicas: SmallVec<[PodId; 2]>,
    /// Replicas that still fit.
    pub(crate) free_slots: u32,
    pub(crate) images: NodeImages,
    /// The DaemonSets whose CSI driver is registered, one bit each.
    pub(crate) drivers: u64,
    /// The DaemonSets whose CSI driver has started to register, one bit each.
    pub(crate) registering: u64,
    /// How often it was launched.
    pub(crate) launches: u32,
    /// Something keeps it from registering.
    pub(crate) stuck: bool,
    pub(crate) drain: Option<DrainState>,
    pub(crate) admission: Admission,
    /// The DaemonSets that must be Ready on it before it takes replicas and are not, one bit each.
    pub(crate) gates: u64,
    /// It stands among the nodes that offer room.
    pub(crate) offered: bool,
    /// It has died for the cluster only: the cloud knows of it.
    pub(crate) unreachable: bool,
    pub(crate) pool: AddressPool,
    /// What the CNI is about to add to the pool.
    pub(crate) growth: Option<Growth>,
    /// The CNI will look at the pool, or adds to it.
    pub(crate) pool_busy: bool,
    /// Pods without an address, first come first.
    pub(crate) without_address: SmallVec<[PodId; 2]>,
}

impl Node {
    pub(crate) fn new(number: NodeId, zone: ZoneId, entry: WaitEntry, images: NodeImages) -> Self {
        Self {
            zone,
            state: NodeState::Requested,
            entry,
            milestones: NodeRecord { number, zone, ..NodeRecord::default() },
            first_pod: None,
            replicas: SmallVec::new(),
            free_slots: 0,
            images,
            drivers: 0,
            registering: 0,
            launches: 0,
            stuck: false,
            drain: None,
            admission: Admission::Initialised,
            gates: 0,
            offered: false,
            unreachable: false,
            pool: AddressPool::launched(),
            growth: None,
            pool_busy: false,
            without_address: SmallVec::new(),
        }
    }

    /// It will not come, or has gone.
    pub(crate) const fn is_gone(&self) -> bool {
        matches!(self.state, NodeState::Stopping | NodeState::Gone | NodeState::Failed)
    }

    /// Replicas can be placed on it.
    pub(crate) fn takes_replicas(&self) -> bool {
        self.state == NodeState::Ready && self.admission == Admission::Schedulable && self.gates == 0
    }

    /// The pod of a DaemonSet on this node, once the node is registered.
    pub(crate) fn pod_of(&self, set: DaemonSetId) -> Option<PodId> {
        self.first_pod.map(|first| PodId(first.0 + u32::from(set.0)))
    }
}
