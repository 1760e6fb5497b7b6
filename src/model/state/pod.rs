//! A pod's state: a DaemonSet's pod on a node, or a replica.

use crate::engine::TransferKey;
use crate::model::state::backoff::Backoff;
use crate::model::state::ids::{DaemonSetId, NodeId, ReplicaId};
use crate::model::state::membership::JobId;
use crate::model::state::unready::Phase;
use crate::model::state::wait_log::WaitEntry;
use crate::time::Time;

/// Whose pod it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PodOwner {
    DaemonSet(DaemonSetId),
    Workload(ReplicaId),
}

/// Where a pod stands with the cluster that it joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is no member: not yet, not any more, or there is nothing to join.
    Outside,
    /// Its entry is in the membership.
    Member,
    /// Its entry is to be taken out.
    Leaving,
}

/// A pod.
#[derive(Clone, Debug)]
pub(crate) struct Pod {
    pub(crate) owner: PodOwner,
    /// The node; for a replica only after it was placed.
    pub(crate) node: Option<NodeId>,
    pub(crate) phase: Phase,
    pub(crate) entry: WaitEntry,
    /// How many of its images, in the order of its containers, are on the node.
    pub(crate) images_there: u8,
    /// Attempts at being placed, once one has failed, at a network, at attaching or mounting, or when what it requires
    /// is looked for.
    pub(crate) attempts: Option<Backoff>,
    pub(crate) readiness: Readiness,
    /// It has an address of the subnet.
    pub(crate) has_address: bool,
    /// Terminated, or lost with its node. Its pending events are ignored.
    pub(crate) ended: bool,
    /// Where it stands with the cluster that it joins.
    pub(crate) standing: Standing,
    /// Its join or leave, while that is under way.
    pub(crate) job: Option<JobId>,
    /// Its first write, while that is under way.
    pub(crate) write: Option<TransferKey>,
}

/// A running pod's readiness.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Readiness {
    pub(crate) ready: bool,
    /// It has been Ready before.
    pub(crate) was_ready: bool,
    /// The first instant at which it can be probed; the others are whole periods later.
    pub(crate) first_probe: Time,
    /// Failures in a row while Ready.
    pub(crate) failures: u32,
    /// Successes in a row while NotReady.
    pub(crate) successes: u32,
    /// When its next probe is scheduled for.
    pub(crate) next_probe: Option<Time>,
}

impl Pod {
    pub(crate) fn new(owner: PodOwner, node: Option<NodeId>, entry: WaitEntry) -> Self {
        Self {
            owner,
            node,
            phase: Phase::Creating,
            entry,
            images_there: 0,
            attempts: None,
            readiness: Readiness::default(),
            has_address: false,
            ended: false,
            standing: Standing::Outside,
            job: None,
            write: None,
        }
    }

    /// The node it runs on.
    ///
    /// # Panics
    /// When it was not placed: our own mistake.
    pub(crate) fn placed_on(&self) -> NodeId {
        self.node.expect("only placed pods act on a node")
    }
}
