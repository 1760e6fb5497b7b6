//! Where a node's drain stands.

use crate::model::state::ids::DaemonSetId;
use crate::random::Stream;

/// Where a node's drain stands.
#[derive(Debug)]
pub(crate) struct DrainState {
    /// The DaemonSets still to be drained, the current one last.
    pub(crate) sets: Vec<DaemonSetId>,
    pub(crate) step: Step,
    pub(crate) volumes_left: u32,
    /// The lengths of the current DaemonSet's unpinnings.
    pub(crate) stream: Option<Stream>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Begin,
    Unpin,
    Leave,
    Guard,
}
