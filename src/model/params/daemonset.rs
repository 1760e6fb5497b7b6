//! DaemonSets: readiness, dependencies, joining a storage cluster, serving a CSI driver.

use super::field::{Bytes, choice, section};
use crate::random::Distribution;
use crate::time::Span;
use std::num::NonZeroU32;

section! {
    /// A DaemonSet: one pod on every node.
    pub struct DaemonSet {
        /// `false` takes it out of the cluster.
        enabled: bool = "true" from "assumed: a DaemonSet that is written down runs",
        /// Whether its readiness is a stage of the results.
        stage: bool = "true" from "assumed: a DaemonSet that is written down is of interest",
        /// Whether overheads are counted from its stage, in place of the nodes': those of DaemonSets that require
        /// nothing, and the workload's; for one DaemonSet, a trivial one that shows when nodes take pods.
        reference: bool = "false" from "assumed: overheads count from the nodes",
        /// Its container image: a name under `image`.
        image: String,
        /// vCPUs that each pod requests.
        vcpus: f64,
        /// Memory that each pod requests.
        memory: Bytes,
        /// Whether it uses the node's network, and so can start before pod networking works.
        host_network: bool = "false" from "Kubernetes, pod.spec.hostNetwork",
        /// From the container's start until it could answer a probe.
        start: Distribution,
        /// DaemonSets that must be Ready on the same node before it starts; see `readiness.checks_required` for later.
        requires: Vec<String> = "[]" from "assumed: no dependency unless said",
        /// How often it looks whether what it requires is there.
        requires_poll: Span = "\"5s\"" from "assumed: a waiting init container's usual pause",
        /// Its readiness probe. Leave out: Ready as soon as it has started.
        readiness: Option<Probe>,
        /// Joining a cluster of its members before it can be Ready. Leave out: nothing to join.
        join: Option<Join>,
        /// Whether a new node takes replicas before this DaemonSet's pod is Ready there.
        gate: Gate = "\"none\"" from "Kubernetes: a Ready node takes pods",
        /// Whether the node's GPUs can be requested only once its pod has been Ready there: a device plugin.
        provides_gpus: bool = "false" from "Kubernetes, device plugins: the kubelet advertises what a plugin registers",
        /// It serves a CSI driver on its node. Leave out: it does not.
        csi: Option<CsiPlugin>,
        /// What must be done on a node before it can be removed. Leave out: nothing.
        drain: Option<Drain>,
    }
}

section! {
    /// What a storage DaemonSet must do on a node before the node can be removed; its member leaves the cluster too.
    pub struct Drain {
        /// Volumes that are bound to the node.
        volumes: u32,
        /// Unpinning one volume: a snapshot, and its move to another node; one after the other.
        unpin: Distribution,
        /// Evicting the guard pod, which comes last and only after all volumes are unpinned.
        guard: Distribution,
        /// The first new node holds the master pod, which the autoscaler must not evict: how long somebody takes to
        /// delete it by hand, once its node is the last one. Leave out: an initial node holds it.
        master_by_hand: Option<Distribution>,
    }
}

section! {
    /// A readiness probe.
    pub struct Probe {
        /// From the container's start to the first probe, at the earliest; a container that starts longer than that is
        /// not delayed by it.
        initial_delay: Span = "\"0s\"" from "Kubernetes, SetDefaults_Probe",
        /// Between two probes.
        period: Span = "\"10s\"" from "Kubernetes, SetDefaults_Probe",
        /// A probe that is not answered by then has failed.
        timeout: Span = "\"1s\"" from "Kubernetes, SetDefaults_Probe",
        /// So many failures in a row make a pod NotReady.
        failure_threshold: NonZeroU32 = "3" from "Kubernetes, SetDefaults_Probe",
        /// So many successes in a row make a pod Ready.
        success_threshold: NonZeroU32 = "1" from "Kubernetes, SetDefaults_Probe",
        /// Whether the probe fails while a DaemonSet that the pod requires is NotReady on its node; for a replica, the
        /// DaemonSet that serves its volume's driver. Otherwise what it requires only delays its start.
        checks_required: bool = "false" from "Kubernetes: a pod's readiness is that of its own probes",
    }
}

choice! {
    /// How a DaemonSet keeps replicas from a node: a taint that stays until its pod is Ready there. DaemonSets' pods
    /// tolerate it.
    pub enum Gate {
        /// Not at all.
        None = "none",
        /// Not at all; what would have been kept away is counted among the limits.
        DryRun = "dry-run",
        /// Until its pod has been Ready there once, as with a start-up taint that an agent removes.
        BootstrapOnly = "bootstrap-only",
        /// Whenever its pod is not Ready there. Replicas that are there already stay.
        Continuous = "continuous",
    }
}

choice! {
    /// What members do with changes of the membership that come while they are busy.
    pub enum Changes {
        /// Each change is work of its own, one after the other.
        Every = "every",
        /// A member that is free again reads the membership as it is then, once for all changes since it read it last.
        Latest = "latest",
    }
}

section! {
    /// How a pod becomes a member of its storage cluster, and what that does to the members.
    pub struct Join {
        /// Where the membership is kept: a name under `etcd`.
        etcd: String,
        /// Joins that the operator works on at the same time.
        workers: NonZeroU32,
        /// The operator's own work for one join: reconciling, API requests, waiting for its next step.
        operator: Distribution,
        /// etcd transactions of one join, one after the other.
        transactions: u32,
        /// The new member's first synchronisation, after its entry is committed.
        sync: Distribution,
        /// Work that one change of the membership gives each existing member.
        reconfigure: Distribution,
        /// Further such work for each member there is.
        reconfigure_per_member: Span,
        /// Whether members work on every change, or on the latest membership once they are free.
        changes: Changes = "\"latest\"" from "assumed: members that follow the state and not its history, as Kubernetes controllers do",
    }
}

section! {
    /// The CSI node plugin that a DaemonSet's pods run.
    pub struct CsiPlugin {
        /// From the started driver, whose `start` is over, to its entry in the node's CSINode object. The kubelet
        /// finds the driver by its registration socket, so its pod's readiness does not matter.
        registration: Distribution,
    }
}
