//! The Amazon VPC CNI.

use super::field::{PerSecond, section};
use crate::random::Distribution;
use crate::time::Span;
use std::num::NonZeroU32;

section! {
    /// The Amazon VPC CNI: the addresses that a node takes from its subnet for pods, and the EC2 calls for them.
    pub struct Cni {
        /// Whether pods have addresses of the subnet. `false`: an overlay network, where a node takes one address.
        pod_addresses: bool = "true" from "amazon-vpc-cni-k8s",
        /// Whether interfaces get blocks of 16 addresses instead of single ones.
        prefix_delegation: bool = "false" from "amazon-vpc-cni-k8s, ENABLE_PREFIX_DELEGATION",
        /// As many interfaces' addresses are kept free for pods to come; without prefix delegation.
        warm_interfaces: NonZeroU32 = "1" from "amazon-vpc-cni-k8s, WARM_ENI_TARGET",
        /// As many blocks of 16 addresses are kept free for pods to come; with prefix delegation.
        warm_prefixes: NonZeroU32 = "1" from "amazon-vpc-cni-k8s, WARM_PREFIX_TARGET in its manifest",
        /// Between two looks at the free addresses of a node.
        pool_interval: Span = "\"5s\"" from "amazon-vpc-cni-k8s, ipamd.go ipPoolMonitorInterval",
        /// From a new network interface to its addresses' use.
        attach: Distribution = "{ uniform = { low = \"3s\", high = \"10s\" } }" from "amazon-vpc-cni-k8s, eni-and-ip-target.md: up to 10 s; the rest is assumed",
        /// Wait after the subnet had no address.
        full_subnet_wait: Span = "\"2m\"" from "amazon-vpc-cni-k8s, ipamd.go insufficientCidrErrorCooldown",
        /// Calls per second over the account and region, of each of `CreateNetworkInterface`,
        /// `AttachNetworkInterface`, `ModifyNetworkInterfaceAttribute` and `AssignPrivateIpAddresses`.
        calls_per_s: PerSecond = "5.0" from "assumed: as TerminateInstances; EC2's developer guide has buckets of calls, and no figure for these",
        /// Calls of each of them that can be made at once.
        calls_burst: NonZeroU32 = "50" from "assumed: half of TerminateInstances; EC2's developer guide has no figure for these",
    }
}
