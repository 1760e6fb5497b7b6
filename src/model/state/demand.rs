//! How far the ReplicaSet controller is with creating the workload's replicas.

/// The ReplicaSet controller's progress.
#[derive(Debug, Default)]
pub(crate) struct Demand {
    /// Replicas that the Deployment asks for by now.
    pub(crate) asked: u32,
    /// Replicas that were created or are being created.
    pub(crate) created: u32,
    pub(crate) next_batch: u32,
    pub(crate) this_sync: u32,
    /// Replicas that were created in place of others.
    pub(crate) replaced: u32,
    /// The Deployment is deleted.
    pub(crate) ended: bool,
}
