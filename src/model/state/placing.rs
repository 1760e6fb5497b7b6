//! The kube-scheduler's line, its nodes with room and the replicas without.

use crate::engine::{Servers, TokenBucket};
use crate::model::params;
use crate::model::state::ids::{NodeId, PodId};
use crate::time::{Span, Time};
use std::collections::VecDeque;

/// The kube-scheduler's state.
#[derive(Debug)]
pub(crate) struct Placing {
    pub(crate) line: Servers<PodId>,
    pub(crate) per_pod: Span,
    pub(crate) bindings: TokenBucket,
    /// Ready nodes with room, each as often as once.
    pub(crate) open_nodes: VecDeque<NodeId>,
    /// Replicas without room, with the time since when, first come first.
    pub(crate) unschedulable: VecDeque<(PodId, Time)>,
}

impl Placing {
    pub(crate) fn new(params: &params::Scheduler) -> Self {
        Self {
            line: Servers::new(1),
            per_pod: Span::from_secs_f64(1.0 / params.pods_per_s.0),
            bindings: TokenBucket::new(params.bind_qps.0, u64::from(params.bind_burst.get())),
            open_nodes: VecDeque::new(),
            unschedulable: VecDeque::new(),
        }
    }
}
