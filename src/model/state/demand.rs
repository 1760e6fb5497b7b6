//! How far the ReplicaSet controller is with creating the workload's replicas.

use crate::model::state::ids::PodId;
use crate::time::Time;

/// The ReplicaSet controller's progress.
#[derive(Debug, Default)]
pub(crate) struct ReplicaSetState {
    /// Replicas that the Deployment asks for by now.
    pub(crate) asked: u32,
    /// Replicas that were created or are being created.
    pub(crate) created: u32,
    pub(crate) next_batch: u32,
    pub(crate) this_sync: u32,
    /// Replicas that were created in place of others.
    pub(crate) replaced: u32,
    /// When the last wave was asked for.
    pub(crate) asked_at: Time,
    /// After whom the next batch is created: the replica that was answered last, of the batch or the wave before.
    pub(crate) after: Option<PodId>,
    /// The Deployment is deleted.
    pub(crate) ended: bool,
}
