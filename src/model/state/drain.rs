//! Where a node's drain stands.

use crate::model::state::ids::DaemonSetId;
use crate::random::Stream;
use crate::time::Time;

/// Where a node's drain stands.
#[derive(Debug)]
pub(crate) struct DrainState {
    /// The DaemonSets still to be drained, the current one last.
    pub(crate) sets: Vec<DaemonSetId>,
    pub(crate) step: DrainStep,
    pub(crate) volumes_left: u32,
    /// The lengths of the current DaemonSet's unpinnings, once they have begun.
    pub(crate) stream: Option<Stream>,
    /// When the step under way is done; another drain than the one that began it ignores it.
    pub(crate) due: Time,
    /// The drain is given up if a pod is not evicted by then.
    pub(crate) patience: Time,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DrainStep {
    Begin,
    Unpin,
    Leave,
    Guard,
}
