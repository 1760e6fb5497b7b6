//! The kube-scheduler's queues, its nodes with room and the replicas without.

use crate::engine::TokenBucket;
use crate::model::params;
use crate::model::state::ids::{NodeId, PodId};
use crate::time::{Span, Time};
use std::collections::{BTreeSet, VecDeque};

/// The kube-scheduler's state.
#[derive(Debug)]
pub(crate) struct Placing {
    pub(crate) line: ActiveQueue,
    pub(crate) per_pod: Span,
    pub(crate) bindings: TokenBucket,
    /// Ready nodes with room, each as often as once.
    pub(crate) open_nodes: VecDeque<NodeId>,
    /// Replicas that found no room and wait for an event.
    pub(crate) unschedulable: Vec<PodId>,
    /// Replicas that an event has moved and that are left alone until then.
    pub(crate) backing_off: BTreeSet<(Time, PodId)>,
    /// When an event last moved replicas.
    pub(crate) moved: Option<Time>,
    /// When back-offs that are over are looked for: once a second from here on.
    pub(crate) first_flush: Time,
    pub(crate) flush_scheduled: bool,
    /// Replicas that found no room and have none yet, with the time since when; also some that have room by now.
    pub(crate) pending: VecDeque<(PodId, Time)>,
    /// How many of these have no room.
    pub(crate) pending_count: u32,
}

/// The pods to be placed, one after the other. Pods of DaemonSets come before replicas.
#[derive(Debug, Default)]
pub(crate) struct ActiveQueue {
    busy: bool,
    daemonsets: VecDeque<PodId>,
    replicas: VecDeque<PodId>,
}

impl ActiveQueue {
    /// A pod arrives. It is handed back if it is placed now, otherwise it waits.
    pub(crate) fn arrive(&mut self, pod: PodId, of_daemonset: bool) -> Option<PodId> {
        if !std::mem::replace(&mut self.busy, true) {
            return Some(pod);
        }
        if of_daemonset { &mut self.daemonsets } else { &mut self.replicas }.push_back(pod);
        None
    }

    /// Replicas that wait for their turn.
    pub(crate) fn replicas_waiting(&self) -> usize {
        self.replicas.len()
    }

    /// A pod is placed, or found no room: the next one.
    pub(crate) fn leave(&mut self) -> Option<PodId> {
        let next = self.daemonsets.pop_front().or_else(|| self.replicas.pop_front());
        self.busy = next.is_some();
        next
    }
}

impl Placing {
    pub(crate) fn new(params: &params::KubeScheduler) -> Self {
        Self {
            line: ActiveQueue::default(),
            per_pod: Span::from_secs_f64(1.0 / params.pods_per_s.0),
            bindings: TokenBucket::new(params.bind_qps.0, u64::from(params.bind_burst.get())),
            open_nodes: VecDeque::new(),
            unschedulable: Vec::new(),
            backing_off: BTreeSet::new(),
            moved: None,
            first_flush: Time::ZERO,
            flush_scheduled: false,
            pending: VecDeque::new(),
            pending_count: 0,
        }
    }

    /// Nobody wants room any more.
    pub(crate) fn forget_replicas(&mut self) {
        self.unschedulable.clear();
        self.backing_off.clear();
        self.pending.clear();
        self.pending_count = 0;
    }
}
