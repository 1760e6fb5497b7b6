//! What keeps a scale-up from being ready when it ends, as data; `report` says it in words.

use crate::time::Time;
use serde::{Deserialize, Serialize};

/// One thing that a scale-up still waited for when it ended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unready {
    /// It was ended before its horizon.
    Early(EarlyEnd),
    /// Nodes that are not Ready, not gone, or take no replicas yet.
    Nodes {
        /// How many.
        count: u32,
        /// Where they stand.
        standing: NodeStanding,
    },
    /// Pods that are not Ready.
    Pods {
        /// How many.
        count: u32,
        /// Whose pods; absent for the workload's replicas.
        daemonset: Option<String>,
        /// Where they stand.
        phase: Phase,
    },
    /// Replicas that the ReplicaSet controller has not created.
    NotCreated {
        /// How many.
        count: u32,
    },
    /// What was not Ready when the Deployment was deleted, and so never was again.
    WhenDeleted {
        /// How many.
        count: u32,
        /// Of which stage.
        stage: String,
    },
    /// Node groups whose last launch was refused.
    Degraded {
        /// The limit that refused, as in [`LimitHit::kind`](crate::model::record::LimitHit::kind).
        kind: String,
        /// Their names.
        groups: Vec<String>,
    },
}

/// Where a node stands that is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeStanding {
    /// Asked for, and not launched by the cloud.
    Requested,
    /// Launched, and not registered.
    Launched,
    /// Registered, and not Ready.
    Registered,
    /// Ready, and its gates keep replicas away until their DaemonSets are Ready.
    Gated,
    /// Ready, and to be removed.
    ToGo,
    /// Being drained.
    Draining,
    /// Its machine is ending.
    Ending,
}

/// Where a pod stands on its way to readiness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Being created in the API server.
    Creating,
    /// In the scheduler's line, or being bound.
    Scheduling,
    /// No node has room.
    Unschedulable,
    /// Pod networking does not work on the node yet.
    WaitingForNetwork,
    /// Its volume is attached.
    Attaching,
    /// Its volume is mounted.
    Mounting,
    /// There is no address for it.
    WaitingForAddress,
    /// Its sandbox is set up.
    Sandbox,
    /// Its images are pulled.
    Pulling,
    /// What it requires is not Ready on the node.
    WaitingForRequired,
    /// Its containers start.
    Starting,
    /// It joins its cluster.
    Joining,
    /// It writes to its volume for the first time.
    Writing,
    /// It runs and is probed.
    Running,
}

/// What ended a scale-up before its horizon.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EarlyEnd {
    /// As many events as `run.max_events` allows.
    Events {
        /// How many were handled.
        handled: u64,
    },
    /// Nodes that fail and are asked for again without end.
    Nodes {
        /// How many were asked for.
        asked_for: u64,
    },
    /// Waits and flaps that would take too much memory.
    Memory {
        /// How much is too much, in MiB.
        mib: u64,
    },
    /// Events that are repeated at one instant.
    Repeated {
        /// The instant.
        at: Time,
        /// How many are too many.
        events: u64,
        /// The keys without which there would be a pause: those that are nothing.
        keys: Vec<String>,
    },
}

impl Unready {
    /// How many nodes, pods, replicas or groups it is; of an early end, none.
    pub const fn count(&self) -> u32 {
        match self {
            Self::Early(_) => 0,
            Self::Degraded { groups, .. } => groups.len() as u32,
            Self::Nodes { count, .. }
            | Self::Pods { count, .. }
            | Self::NotCreated { count }
            | Self::WhenDeleted { count, .. } => *count,
        }
    }
}
