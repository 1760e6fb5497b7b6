//! The autoscaler's view of what can be removed.

use crate::model::state::ids::NodeId;
use crate::time::Time;
use std::collections::VecDeque;

/// The autoscaler's view of what can be removed.
#[derive(Debug, Default)]
pub(crate) struct ScaleDownState {
    /// The workload's end is scheduled.
    pub(crate) end_scheduled: bool,
    /// When the Deployment was deleted.
    pub(crate) begun: Option<Time>,
    /// How many were Ready then, by stage.
    pub(crate) ready_then: Vec<u32>,
    /// The last of the nodes that stay.
    pub(crate) stays: NodeId,
    /// Nodes that are to go.
    pub(crate) to_go: u32,
    /// Nodes that became unneeded since the autoscaler last looked.
    pub(crate) newly_unneeded: Vec<NodeId>,
    /// Unneeded nodes, with the time since when, the longest first.
    pub(crate) unneeded: VecDeque<(NodeId, Time)>,
    /// Nodes that are being removed, or drained.
    pub(crate) removing: u32,
    pub(crate) master: Master,
    pub(crate) volumes_lost: u32,
}

/// Where the master pod is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Master {
    /// On a node whose removal it forbids.
    #[default]
    InTheWay,
    /// The same, and somebody will delete it.
    Noticed,
    /// On a node that stays.
    Moved,
}

impl ScaleDownState {
    /// Whether the autoscaler's loop can do anything, now or later.
    pub(crate) fn is_under_way(&self) -> bool {
        let waits_for_people = self.master == Master::Noticed && self.unneeded.len() <= 1;
        !self.newly_unneeded.is_empty() || !(self.unneeded.is_empty() || waits_for_people)
    }

    /// A node that was being removed has ended.
    pub(crate) const fn removed(&mut self) {
        self.removing -= 1;
    }
}
