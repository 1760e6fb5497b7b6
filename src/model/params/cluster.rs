//! Nodes, zones, the cloud and the Cluster Autoscaler.

use super::field::{Bytes, BytesPerSecond, PerSecond, choice, section};
use crate::random::Distribution;
use crate::time::Span;
use std::num::NonZeroU32;

section! {
    /// How many nodes there are and how many are asked for.
    pub struct Cluster {
        /// Nodes that exist and are ready at the start, with every DaemonSet running.
        initial_nodes: u32,
        /// Nodes the cluster shall have at the end when `workload.replicas = "fill"`; the most it may have otherwise.
        target_nodes: u32,
    }
}

choice! {
    /// A family of EKS machine images.
    pub enum AmiFamily {
        /// Amazon Linux 2.
        Al2 = "al2",
        /// Amazon Linux 2023.
        Al2023 = "al2023",
        /// Bottlerocket.
        Bottlerocket = "bottlerocket",
    }
}

section! {
    /// The instance type of every node.
    pub struct NodeType {
        /// The cloud's name for it; appears in messages.
        instance_type: String,
        /// The family of the machine image. It sets `cloud.boot`, `kubelet.registration`, the images of the network
        /// that are on the machine image and the start of the network plugin, wherever the scenario does not. Leave
        /// out: the scenario says them.
        ami_family: Option<AmiFamily>,
        /// vCPUs that count against the account's quota.
        vcpus: NonZeroU32,
        /// vCPUs that pods can request, after what the system reserves.
        allocatable_vcpus: f64,
        /// Memory that pods can request, after what the system reserves.
        allocatable_memory: Bytes,
        /// Pods per node, DaemonSets' included.
        max_pods: NonZeroU32,
        /// GPUs that pods can request, once a DaemonSet provides them.
        gpus: u32 = "0" from "AWS, instance types: general purpose types have none",
        /// Sustained network bandwidth of one node.
        network: BytesPerSecond,
        /// Network interfaces that one node can have.
        interfaces: NonZeroU32 = "8" from "AWS, instance types: 8 for 4xlarge sizes of general purpose",
        /// Subnet addresses that one network interface can hold, its own included.
        interface_addresses: NonZeroU32 = "30" from "AWS, instance types: 30 for 4xlarge sizes of general purpose",
        /// On-demand price in US dollars per hour.
        price_per_hour: f64,
        /// The DaemonSet that sets up pod networking: a node is Ready only after this pod is. Leave out: Ready at once.
        network_daemonset: Option<String>,
    }
}

section! {
    /// An availability zone with one subnet, and with `cloud.node_groups = "per-zone"` one node group.
    pub struct Zone {
        /// Whether nodes are launched here. `false`: the zone is only one that the cloud names where another has no
        /// capacity.
        node_group: bool = "true" from "assumed: a zone that is written down is used",
        /// Instances that the cloud can still launch here. Leave out: no limit.
        capacity: Option<u32>,
        /// The instance type that lacks capacity here: for other types there is no limit. Leave out: every type.
        capacity_of: Option<String>,
        /// Capacity that the cloud adds to `capacity` later, all at once. Leave out: none.
        capacity_later: Option<CapacityLater>,
        /// Instances per second that trickle back to `capacity`, from the Deployment's creation on. Leave out: none.
        capacity_per_s: Option<PerSecond>,
        /// Free addresses in the subnet at the start, those of the initial nodes already taken. Leave out: no limit.
        free_addresses: Option<u32>,
        /// The size of its subnet, in place of `free_addresses`: "/22", or as a whole "10.0.4.0/22". The cloud keeps
        /// five addresses for itself. Leave out: no limit.
        subnet: Option<String>,
        /// Addresses of `subnet` that are in use at the start, those of the initial nodes included.
        in_use: u32 = "0" from "assumed: a subnet of one's own",
    }
}

/// Addresses of a subnet that the cloud keeps for itself: the first four and the last.
/// Source: Amazon VPC user guide, subnet sizing.
pub const RESERVED_ADDRESSES: u32 = 5;

impl Zone {
    /// Usable addresses of the subnet whose size is stated; `None` where that is no size of a subnet, from /16 to /28.
    /// Source: Amazon VPC user guide, subnet sizing.
    pub fn usable_addresses(&self) -> Option<u32> {
        let (_, prefix) = self.subnet.as_ref()?.rsplit_once('/')?;
        let prefix: u32 = prefix.parse().ok().filter(|prefix| (16..=28).contains(prefix))?;
        Some((1 << (32 - prefix)) - RESERVED_ADDRESSES)
    }

    /// Free addresses at the start; `None`: no limit.
    pub fn addresses_at_start(&self) -> Option<u32> {
        self.free_addresses.or_else(|| Some(self.usable_addresses()?.saturating_sub(self.in_use)))
    }

    /// Instances of a type that can still be launched here; `None`: no limit.
    pub fn capacity_for(&self, instance_type: &str) -> Option<u32> {
        self.capacity.filter(|_| self.capacity_of.as_ref().is_none_or(|scarce| scarce == instance_type))
    }
}

section! {
    /// Capacity that a zone gets later.
    pub struct CapacityLater {
        /// When, after the Deployment's creation.
        at: Span,
        /// Instances that can be launched from then on, besides those left of `capacity`.
        add: u32,
    }
}

section! {
    /// A raise of the vCPU quota, as the cloud's support grants it.
    pub struct QuotaRaise {
        /// When it is in force, after the Deployment's creation.
        at: Span,
        /// The new quota, in vCPUs.
        to: u32,
    }
}

choice! {
    /// How node groups and zones belong together.
    pub enum NodeGroups {
        /// Each zone has a node group of its own; the Cluster Autoscaler balances them.
        PerZone = "per-zone",
        /// One node group spans all zones; the cloud balances it, and tries the other zones where one has no room.
        One = "one",
    }
}

choice! {
    /// Which nodes share one public address as a registry sees it.
    pub enum Egress {
        /// All nodes leave through one NAT gateway.
        OneNatGateway = "one-nat-gateway",
        /// One NAT gateway for each zone.
        NatGatewayPerZone = "nat-gateway-per-zone",
        /// Each node has an address of its own.
        AddressPerNode = "address-per-node",
    }
}

section! {
    /// What the cloud takes to launch instances, and its limits.
    pub struct Cloud {
        /// RunInstances calls granted per second over the account and region.
        launch_calls_per_s: PerSecond = "5.0" from "assumed: 18 calls of one group within 3 s were not throttled (converged-computing/performance-study, EC2's records)",
        /// RunInstances calls that can be made at once.
        launch_calls_burst: NonZeroU32 = "20" from "assumed: 18 calls of one group within 3 s were not throttled (converged-computing/performance-study, EC2's records)",
        /// Instances granted per second over the account and region.
        launch_instances_per_s: PerSecond = "2.0" from "AWS EC2 developer guide, API throttling: resource token bucket",
        /// Instances that can be asked for at once.
        launch_instances_burst: NonZeroU32 = "1000" from "AWS EC2 developer guide, API throttling: resource token bucket",
        /// Instances that a node group's auto scaling asks for in one call.
        launch_batch: NonZeroU32 = "15" from "measured: 15 instances in each reservation of managed node groups (converged-computing/performance-study, EC2's records)",
        /// From a new desired size to the node group's first launch call.
        scaling_delay: Distribution,
        /// Between two launch calls of one node group.
        launch_interval: Distribution = "\"150ms\"" from "measured: 256 instances of one group within 3 s (converged-computing/performance-study, EC2's records)",
        /// From a granted launch to a running machine.
        launch: Distribution,
        /// From a running machine to its kubelet's start: kernel, cloud-init, disks, container runtime.
        boot: Distribution,
        /// From a refused launch to the node group's next try.
        launch_retry: Distribution,
        /// The account's vCPU limit for running on-demand instances of this family, existing nodes included. Leave out:
        /// no limit.
        vcpu_quota: Option<u32>,
        /// vCPUs of the quota that the account's other instances use.
        vcpus_in_use: u32 = "0" from "assumed: nothing else runs in the account",
        /// A raise of `vcpu_quota`. Leave out: none.
        vcpu_quota_raise: Option<QuotaRaise>,
        /// How node groups and zones belong together.
        node_groups: NodeGroups = "\"per-zone\"" from "upstream: advised for volumes that are bound to a zone: Cluster Autoscaler on AWS, common notes",
        /// Which nodes share one public address as a registry sees it.
        egress: Egress,
        /// Bandwidth of one NAT gateway, which all registries share that are behind it.
        nat_bandwidth: BytesPerSecond = "\"100Gbit/s\"" from "AWS, NAT gateway basics: 5 Gbit/s, by itself up to 100 Gbit/s; how soon is not published",
        /// From the call that ends an instance until its vCPUs and addresses are free again.
        termination: Distribution = "\"45s\"" from "assumed: instances shut down within a minute",
        /// Whether the node group lets nodes finish their drain, however long that takes.
        scale_in_protection: bool = "true" from "documented: EKF's installation guide sets it at the group and at the instances",
        /// Without protection an instance is ended so long after its drain began, finished or not.
        forced_termination_after: Span = "\"15m\"" from "documented: EKF's scale-in guide: the group removes the instance after about 15 minutes",
    }
}

section! {
    /// The Cluster Autoscaler.
    pub struct Autoscaler {
        /// Pause between two loops.
        scan_interval: Span = "\"10s\"" from "Cluster Autoscaler FAQ, --scan-interval",
        /// How long one loop that scales up takes to decide, but for what grows with pods and groups.
        decision: Distribution,
        /// What each pending pod adds to a decision, for each node group that may grow. Releases of 2021 took far
        /// longer: minutes for 2,000 pods (kubernetes/autoscaler issue 3835).
        decision_per_pod: Span = "\"3ms\"" from "measured: kubernetes/autoscaler issue 5769, kwok, 5,000 pods for 385 nodes, p99 below 21.8 s",
        /// What each node group that may grow adds to a decision.
        decision_per_group: Span = "\"100ms\"" from "assumed: one simulated node and one expander option each",
        /// While all unschedulable pods are younger than this, the loop waits.
        young_pod_age: Span = "\"2s\"" from "Cluster Autoscaler, unschedulablePodTimeBuffer",
        /// The longest time in which the pods of one loop are tried on one node group's nodes; the rest is left to the
        /// next loop. Releases before 1.25 went on to the end (pull request 4970), as `"24h"` does here.
        max_nodegroup_binpacking_duration: Span = "\"10s\"" from "Cluster Autoscaler, --max-nodegroup-binpacking-duration",
        /// The most nodes one loop adds.
        max_nodes_per_scale_up: NonZeroU32 = "1000" from "Cluster Autoscaler, --max-nodes-per-scaleup",
        /// Whether one scale-up is spread over the zones' node groups so that they stay equal.
        balance_zones: bool = "true" from "recommended with one node group per zone; Cluster Autoscaler, --balance-similar-node-groups",
        /// How old the autoscaler's view of failed launches may be.
        group_refresh_interval: Span = "\"1m\"" from "Cluster Autoscaler, aws_manager.go refreshInterval",
        /// How old the autoscaler's view of the groups' instances may be, which it reads failed launches from.
        instance_refresh_interval: Span = "\"2m\"" from "Cluster Autoscaler, node_instances_cache.go",
        /// Whether failed launches are read from the group's activities and their group backed off at once; otherwise
        /// only `max_node_provision_time` ends the waiting.
        early_abort: bool = "true" from "Cluster Autoscaler 1.24 and later (pull request 4489); false before",
        /// From a request to registration: later, the node counts as failed and its group is backed off.
        max_node_provision_time: Span = "\"15m\"" from "Cluster Autoscaler FAQ, --max-node-provision-time",
        /// A node without replicas is removed after being unneeded for so long.
        scale_down_unneeded_time: Span = "\"10m\"" from "Cluster Autoscaler FAQ, --scale-down-unneeded-time",
        /// Nothing is removed for so long after nodes were asked for.
        scale_down_delay_after_add: Span = "\"10m\"" from "Cluster Autoscaler FAQ, --scale-down-delay-after-add",
        /// Nodes that are removed at the same time.
        max_scale_down_parallelism: NonZeroU32 = "10" from "Cluster Autoscaler FAQ, --max-scale-down-parallelism",
        /// Nodes that are removed at the same time if they must be drained.
        max_drain_parallelism: NonZeroU32 = "1" from "Cluster Autoscaler FAQ, --max-drain-parallelism",
        /// A drain is given up if a pod refuses its eviction for so long.
        max_pod_eviction_time: Span = "\"2m\"" from "Cluster Autoscaler FAQ, --max-pod-eviction-time",
        /// Nothing is removed for so long after a drain was given up.
        scale_down_delay_after_failure: Span = "\"3m\"" from "Cluster Autoscaler FAQ, --scale-down-delay-after-failure",
        /// From the taint of a node that is to be removed to its drain.
        node_delete_delay_after_taint: Span = "\"5s\"" from "Cluster Autoscaler, --node-delete-delay-after-taint",
        /// How long a failed node group is left alone the first time.
        backoff_initial: Span = "\"5m\"" from "Cluster Autoscaler FAQ, --initial-node-group-backoff-duration",
        /// The longest time a failed node group is left alone; each failure doubles it up to here.
        backoff_max: Span = "\"30m\"" from "Cluster Autoscaler FAQ, --max-node-group-backoff-duration",
        /// So long after its last failure a node group starts over with the initial back-off.
        backoff_reset: Span = "\"3h\"" from "Cluster Autoscaler FAQ, --node-group-backoff-reset-timeout",
    }
}
