//! The model's parameters: one struct per table of a scenario, one field per key.
//!
//! Past this point nothing can be invalid: `scenario` has checked every value and every reference. Nothing here
//! knows files or TOML; see [`field`] for how the structs are described and read.

pub(crate) mod check;
mod cluster;
mod cni;
mod control_plane;
mod daemonset;
mod fault;
mod faults;
pub mod field;
pub mod fit;
mod images;
mod named;
mod size;
mod storage;
mod workload;

pub use check::{Complaint, check};
pub(crate) use check::{check_names, complain};
pub use cluster::{
    AmiFamily, Autoscaler, CapacityLater, Cloud, Cluster, Egress, NodeGroups, NodeType, QuotaRaise, RESERVED_ADDRESSES,
    Zone,
};
pub use cni::Cni;
pub use control_plane::{ControlPlane, KubeScheduler, Kubelet};
pub use daemonset::{Changes, CsiPlugin, DaemonSet, Drain, Gate, Join, Probe};
pub use fault::{Fault, FaultKind};
pub use field::{
    AnyKeys, Bytes, BytesPerSecond, Datum, DefaultValue, Field, KeySpec, Nodes, OneOrMore, PerSecond, Reader, Section,
    SectionSpec, Shape, Share,
};
pub use images::{Image, Registry, RegistryPlan, WindowKind};
pub use named::Named;
pub use storage::{Attach, Disk, Etcd, OnCancel, Volume, VolumeType};
pub use workload::{Replicas, Workload};

use crate::time::Span;
use field::section;

section! {
    /// A whole scenario: the cluster, what runs on it, and what is asked of it.
    pub struct Scenario {
        /// The results folder's name: letters, digits and hyphens.
        name: String,
        /// One sentence: what this scenario describes.
        description: String = "\"\"" from "assumed: no description",
        /// How many nodes there are and how many are asked for.
        cluster: Cluster,
        /// The instance type of every node.
        node: NodeType,
        /// The availability zones, each with one node group.
        zone: Named<Zone>,
        /// What the cloud takes to launch instances, and its limits.
        cloud: Cloud,
        /// The Amazon VPC CNI: the addresses that a node takes for its pods.
        cni: Cni,
        /// The Cluster Autoscaler.
        autoscaler: Autoscaler,
        /// The API server's clients in the controllers.
        control_plane: ControlPlane,
        /// The kube-scheduler.
        scheduler: KubeScheduler,
        /// Every node's kubelet and container runtime.
        kubelet: Kubelet,
        /// Where images are pulled from.
        registry: Named<Registry>,
        /// Container images.
        image: Named<Image>,
        /// The DaemonSets, system ones included.
        daemonset: Named<DaemonSet>,
        /// Kinds of network disks.
        volume_type: Named<VolumeType>,
        /// Network disks in use.
        disk: Named<Disk>,
        /// etcd clusters that a storage system keeps its membership in (not the API server's own).
        etcd: Named<Etcd>,
        /// Volumes that many pods mount.
        volume: Named<Volume>,
        /// The Deployment that triggers the scale-up.
        workload: Workload,
        /// Things that go wrong; nothing does unless said.
        fault: Named<Fault>,
        /// Up to how many nodes the product is supported. Leave out: nobody says.
        support: Option<Support>,
        /// When a simulated scale-up ends, and what is written of it.
        run: Run,
    }
}

section! {
    /// Support tiers by number of nodes.
    pub struct Support {
        /// Clusters up to this many nodes are supported.
        supported_nodes: u32,
        /// Clusters up to this many nodes are supported on request; above, support is best effort.
        on_request_nodes: u32,
        /// Whom to ask.
        contact: String,
    }
}

section! {
    /// When a simulated scale-up ends, and what is written of it.
    pub struct Run {
        /// A scale-up that is not ready by then ends and says what it waits for.
        horizon: Span = "\"12h\"" from "assumed: two windows of Docker Hub's pull limit",
        /// A replication that handles more events than this ends and says so.
        max_events: f64 = "1e9" from "assumed: far above any run that makes sense",
        /// Distance of the points of readiness curves.
        curve_step: Span = "\"5s\"" from "assumed: half a probe period",
    }
}

impl Scenario {
    /// The readiness probes of all DaemonSets and of the workload, each with its dotted key.
    pub(crate) fn probes(&self) -> impl Iterator<Item = (String, &Probe)> {
        self.daemonset
            .iter()
            .filter_map(|(name, set)| Some((format!("daemonset.{name}.readiness"), set.readiness.as_ref()?)))
            .chain(self.workload.readiness.as_ref().map(|probe| ("workload.readiness".to_owned(), probe)))
    }
}
