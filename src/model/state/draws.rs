//! Which random number is whose: entities and purposes of the model.
//!
//! The numbers are frozen: a new purpose gets a new number, so that old seeds keep their results.

use crate::model::state::ids::{DaemonSetId, FaultId, GroupId, ImageId, NodeId, ReplicaId};
use crate::model::state::plan::Plan;
use crate::random::{Distribution, Entity, Purpose, Stream, Streams};
use crate::time::Span;

/// What a number is drawn for.
#[derive(Clone, Copy)]
#[repr(u16)]
pub(crate) enum Draw {
    Creation = 1,
    Watch = 2,
    Binding = 3,
    Launch = 4,
    Boot = 5,
    Registration = 6,
    ReadyUpdate = 7,
    Sandbox = 8,
    PullRequest = 9,
    Start = 10,
    ProbePhase = 11,
    Operator = 12,
    Transactions = 13,
    Sync = 14,
    Reconfigure = 15,
    DriverRegistration = 16,
    Attach = 17,
    Mount = 18,
    ScalingDelay = 19,
    LaunchInterval = 20,
    LaunchRetry = 21,
    LoopPhase = 22,
    Decision = 23,
    Expander = 24,
    RunTime = 25,
    Deletion = 26,
    Termination = 27,
    Unpin = 28,
    Guard = 29,
    MasterByHand = 30,
    LeaveOperator = 31,
    LeaveTransactions = 32,
    LeaveReconfigure = 33,
    Shutdown = 34,
    FaultStrikes = 35,
    FaultLasts = 36,
    PullRetry = 50,
    SchedulerPhase = 60,
    MonitorPhase = 61,
    GarbagePhase = 62,
    NodeSync = 63,
    Untainted = 64,
    NetworkRetry = 65,
    SandboxRetry = 66,
    PoolPhase = 67,
    InterfaceAttach = 68,
}

const NODE: u16 = 1;
const DAEMONSET_POD: u16 = 2;
const REPLICA: u16 = 3;
const PULL: u16 = 4;
const GROUP: u16 = 5;
const AUTOSCALER: u16 = 6;
const REPLICASET: u16 = 7;
const FAULT: u16 = 8;
const LATER_MOUNT: u16 = 9;
const CONTROL_PLANE: u16 = 20;
const INTERFACE: u16 = 21;

/// Draws for one replication.
#[derive(Clone, Copy)]
pub(crate) struct Draws {
    streams: Streams,
}

/// The entity that a number belongs to.
#[derive(Clone, Copy)]
pub(crate) struct StreamOwner(Entity);

/// An entity that has a name and a number, or tries several times.
const fn numbered(kind: u16, name: u64, number: u64) -> StreamOwner {
    // An odd constant keeps (name, number) pairs apart: the golden ratio of 2^64.
    StreamOwner(Entity { kind, id: name.wrapping_add(number.wrapping_mul(0x9E37_79B9_7F4A_7C15)) })
}

impl StreamOwner {
    pub(crate) const fn node(node: NodeId) -> Self {
        Self(Entity { kind: NODE, id: node.0 as u64 })
    }
    /// A network interface of a node, by how many the node had before.
    pub(crate) const fn node_interface(node: NodeId, before: u32) -> Self {
        Self(Entity { kind: INTERFACE, id: (node.0 as u64) << 32 | before as u64 })
    }
    pub(crate) fn daemonset_pod(plan: &Plan, set: DaemonSetId, node: NodeId) -> Self {
        numbered(DAEMONSET_POD, plan.daemonset(set).stream, u64::from(node.0))
    }
    pub(crate) const fn replica(replica: ReplicaId) -> Self {
        Self(Entity { kind: REPLICA, id: replica.0 as u64 })
    }
    /// A replica's mount after so many calls that were given up: the first one is the replica's own.
    pub(crate) const fn later_mount(replica: ReplicaId, given_up: u32) -> Self {
        numbered(LATER_MOUNT, replica.0 as u64, given_up as u64)
    }
    pub(crate) fn pull(plan: &Plan, image: ImageId, node: NodeId, attempt: u32) -> Self {
        numbered(PULL, plan.image_stream[image], u64::from(node.0) << 16 | u64::from(attempt))
    }
    pub(crate) fn group(plan: &Plan, group: GroupId, attempt: u32) -> Self {
        numbered(GROUP, plan.group_stream[group], u64::from(attempt))
    }
    pub(crate) const fn autoscaler(attempt: u32) -> Self {
        Self(Entity { kind: AUTOSCALER, id: attempt as u64 })
    }
    /// A fault; for faults of nodes, what the node and the launch make of it.
    pub(crate) fn fault(plan: &Plan, fault: FaultId, node: u32, launch: u32) -> Self {
        numbered(FAULT, plan.fault_stream[fault], u64::from(node) << 16 | u64::from(launch))
    }
    /// The scheduler and the controllers that look at everything now and then.
    pub(crate) const fn control_plane() -> Self {
        Self(Entity { kind: CONTROL_PLANE, id: 0 })
    }
    pub(crate) const fn replicaset() -> Self {
        Self(Entity { kind: REPLICASET, id: 0 })
    }
}

impl Draws {
    pub(crate) const fn new(seed: u64, replication: u64) -> Self {
        Self { streams: Streams::new(seed, replication) }
    }

    pub(crate) fn stream(self, owner: StreamOwner, purpose: Draw) -> Stream {
        self.streams.stream(owner.0, Purpose(purpose as u16))
    }

    /// One length of time from `law`, in seconds there.
    pub(crate) fn span(self, owner: StreamOwner, purpose: Draw, law: &Distribution) -> Span {
        law.span_at(self.streams.first_uniform(owner.0, Purpose(purpose as u16)))
    }

    /// `wait`, up to half longer: how the kubelet keeps its retries apart.
    pub(crate) fn lengthened(self, owner: StreamOwner, purpose: Draw, wait: Span) -> Span {
        wait + self.phase(owner, purpose, Span::from_nanos(wait.as_nanos() / 2))
    }

    /// A point between zero and `period`, all equally likely.
    pub(crate) fn phase(self, owner: StreamOwner, purpose: Draw, period: Span) -> Span {
        Span::from_secs_f64(self.streams.first_uniform(owner.0, Purpose(purpose as u16)) * period.as_secs_f64())
    }
}
