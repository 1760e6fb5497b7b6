//! What the Cluster Autoscaler remembers: its loop, its decision, its view of the node groups.

use crate::model::params;
use crate::model::state::ids::{GroupId, NodeId};
use crate::model::state::record::{Decision, Subject};
use crate::time::{Span, Time};
use std::collections::VecDeque;

/// The autoscaler's view.
#[derive(Debug, Default)]
pub(crate) struct AutoscalerState {
    /// The next loop, whether it is simulated or not.
    pub(crate) next_loop: Time,
    pub(crate) loop_scheduled: bool,
    /// How many nodes of each group the decision under way asks for.
    pub(crate) decision: Vec<u32>,
    pub(crate) decisions: u32,
    /// The decisions so far.
    pub(crate) history: Vec<Decision>,
    /// For each node that the decision under way asks for: who has needed it since when. Empty unless waits are
    /// recorded.
    pub(crate) needs: VecDeque<(Subject, Time)>,
    /// The last node that did not come, and when that was known.
    pub(crate) last_failed: Option<(NodeId, Time)>,
    /// Nodes that were asked for and are not Ready.
    pub(crate) upcoming: u32,
    /// Nodes that are not registered, in the order of their requests.
    pub(crate) unregistered: VecDeque<NodeId>,
    pub(crate) groups: Vec<GroupView>,
    pub(crate) groups_seen: Time,
    pub(crate) instances_seen: Time,
    /// When a drain was last given up.
    pub(crate) last_failed_drain: Option<Time>,
    /// When nodes were last asked for.
    pub(crate) last_added: Option<Time>,
}

/// What the autoscaler knows of a node group.
#[derive(Clone, Debug, Default)]
pub(crate) struct GroupView {
    /// Nodes that exist or are on their way.
    pub(crate) size: u32,
    pub(crate) backed_off_until: Time,
    pub(crate) backoff: Span,
    pub(crate) last_failure: Option<Time>,
    /// A failed launch is among the group's activities that were last read.
    pub(crate) failure_seen: bool,
}

impl AutoscalerState {
    pub(crate) fn new(params: &params::Autoscaler, groups: usize) -> Self {
        let view = GroupView { backoff: params.backoff_initial, ..GroupView::default() };
        Self { decision: vec![0; groups], groups: vec![view; groups], ..Self::default() }
    }

    /// A node of the start.
    pub(crate) fn existing(&mut self, group: GroupId) {
        self.groups[group].size += 1;
    }

    /// A node that was asked for can be used.
    pub(crate) const fn ready(&mut self) {
        self.upcoming -= 1;
    }

    /// A node has ended.
    pub(crate) fn removed(&mut self, group: GroupId) {
        self.groups[group].size -= 1;
    }

    /// What the decision under way would ask for is not needed any more.
    pub(crate) fn forget_decision(&mut self) {
        self.decision.fill(0);
    }

    /// Whether nodes were asked for less than `delay` before `now`.
    pub(crate) fn added_within(&self, delay: Span, now: Time) -> bool {
        self.last_added.is_some_and(|last| now.since(last) < delay)
    }

    /// Whether a drain was given up less than `delay` before `now`.
    pub(crate) fn failed_within(&self, delay: Span, now: Time) -> bool {
        self.last_failed_drain.is_some_and(|last| now.since(last) < delay)
    }

    pub(crate) fn existing_or_upcoming(&self) -> u32 {
        self.groups.iter().map(|group| group.size).sum()
    }
}

impl GroupView {
    /// Leaves the group alone for a while, twice as long as the last time if that was not long ago.
    pub(crate) fn back_off(&mut self, now: Time, params: &params::Autoscaler) {
        if now < self.backed_off_until {
            return;
        }
        if let Some(last) = self.last_failure {
            self.backoff = if now.since(last) >= params.backoff_reset {
                params.backoff_initial
            } else {
                (self.backoff + self.backoff).min(params.backoff_max)
            };
        }
        self.last_failure = Some(now);
        self.backed_off_until = now + self.backoff;
    }
}
