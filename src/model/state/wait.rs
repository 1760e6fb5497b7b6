//! A wait: who waits, why, what for, and whose doing ended it.

use crate::model::state::ids::{DaemonSetPlace, NodeId, ReplicaId, ResourceId};
use crate::time::Time;
use serde::{Deserialize, Serialize};

/// Who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Subject {
    /// A node, from its request to its readiness.
    Node(NodeId),
    /// A DaemonSet's pod on a node.
    DaemonSetPod(DaemonSetPlace, NodeId),
    /// A replica of the workload.
    Replica(ReplicaId),
}

/// Why an entity waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// In a first-come line for a server or worker.
    Queue,
    /// A rate or quota is used up.
    Limit,
    /// Data is on its way, for as long as it would be with nobody else on the link.
    Transfer,
    /// The same transfer, for what the others on the link add to it.
    Sharing,
    /// Somebody works on it.
    Service,
    /// A machine is launched and boots.
    Boot,
    /// Between two attempts.
    Backoff,
    /// For the next probe, or for probes to succeed again.
    Probe,
    /// For the next loop of somebody who polls.
    Poll,
    /// For another entity: a node, a required pod.
    Dependency,
    /// Ready, and not waiting at all (until it became NotReady once more).
    Ready,
}

/// An interval of an entity's life with one cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Who waits.
    pub subject: Subject,
    /// Why.
    pub cause: Cause,
    /// What for.
    pub resource: ResourceId,
    /// The entity whose doing ended the wait: what it depended on, or what made way in a line; absent where nobody
    /// had to.
    pub blocker: Option<Subject>,
    /// Beginning.
    pub from: Time,
    /// End; later than `from`.
    pub to: Time,
}

/// Why an entity came to be: the end of the chain of its waits, and where the chain goes on.
///
/// `resource` brought it about. It was wanted since `since`, which `resource` noticed at `begun` and had answered when
/// the entity's waits begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// What came to be.
    pub subject: Subject,
    /// The entity for which it came to be: the pod without room that a node was asked for, or the replica after which
    /// the next ones were created; absent where the Deployment's creation was enough.
    pub by: Option<Subject>,
    /// Who brought it about.
    pub resource: ResourceId,
    /// Since when it was wanted.
    pub since: Time,
    /// When `resource` began with it.
    pub begun: Time,
}

impl Subject {
    /// Its number among the nodes, the pods of its DaemonSet or the replicas.
    pub const fn number(self) -> u32 {
        match self {
            Self::Node(node) | Self::DaemonSetPod(_, node) => node.0,
            Self::Replica(replica) => replica.0,
        }
    }
}

impl Cause {
    /// The word used in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::Limit => "limit",
            Self::Transfer => "transfer",
            Self::Sharing => "sharing",
            Self::Service => "service",
            Self::Boot => "boot",
            Self::Backoff => "backoff",
            Self::Probe => "probe",
            Self::Poll => "poll",
            Self::Dependency => "dependency",
            Self::Ready => "ready",
        }
    }
}
