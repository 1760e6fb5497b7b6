//! Registries and images.

use super::field::{Bytes, BytesPerSecond, choice, section};
use crate::random::Distribution;
use crate::time::Span;
use std::num::NonZeroU32;

choice! {
    /// How a registry counts pulls over time.
    pub enum WindowKind {
        /// The window opens with the first pull and starts over when it ends.
        Fixed = "fixed",
        /// The window always covers the time just past.
        Sliding = "sliding",
    }
}

choice! {
    /// A Docker Hub account's plan, as far as pull limits go: 100, 200 or any number of pulls per window.
    pub enum RegistryPlan {
        /// No account: 100 pulls per window and address.
        Anonymous = "anonymous",
        /// A free account: 200 pulls per window.
        Authenticated = "authenticated",
        /// A paid subscription: no limit.
        Paid = "paid",
    }
}

section! {
    /// A registry that images are pulled from.
    pub struct Registry {
        /// The host's name; appears in messages.
        host: String,
        /// Bandwidth that all pulls in flight share. Leave out: no limit.
        bandwidth: Option<BytesPerSecond>,
        /// Bandwidth of one pull, all its layers together.
        pull_bandwidth: BytesPerSecond = "\"100MB/s\"" from "assumed: performance-study's pulls of 0.91 GB from ghcr.io in 20 to 27 s, paced by unpacking, need 45 MB/s at least",
        /// Whether transfers pass the NAT gateways of `cloud.egress`. `false`: they have a way of their own, such as a
        /// VPC endpoint, for ECR with a gateway endpoint for S3, where its layers are.
        behind_nat: bool = "true" from "AWS, VPC endpoints: without one, what leaves a private subnet passes its NAT gateway",
        /// Token, manifest and redirects before an image's first byte.
        request: Distribution,
        /// The account's plan, which says how many pulls a window grants. Leave out: no limit but `pulls_per_window`.
        plan: Option<RegistryPlan>,
        /// Pulls granted per window and public address, whatever the plan. Leave out: what the plan grants.
        pulls_per_window: Option<u32>,
        /// Length of the window that pulls are counted in.
        window: Span = "\"6h\"" from "Docker Hub, pull rate limit",
        /// How the window moves.
        window_kind: WindowKind = "\"fixed\"" from "assumed: the document does not say; a fixed window",
        /// What a refused pull is answered.
        refusal: String = "\"toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit\"" from "Docker Hub's answer",
    }
}

section! {
    /// A container image.
    pub struct Image {
        /// The registry it is pulled from: a name under `registry`.
        registry: String,
        /// Repository and tag; appears in messages.
        repository: String,
        /// Compressed size: what a pull transfers.
        size: Bytes,
        /// Unpacked size: what is written to the node's disk. Leave out: three times `size`, as is usual with gzip.
        unpacked: Option<Bytes>,
        /// Its layers, which count as equally large.
        layers: NonZeroU32 = "9" from "converged-computing/container-crafter: the median of a database of Dockerfiles",
        /// Whether it is on every node from the start (part of the machine image).
        preloaded: bool = "false" from "assumed: nothing is preloaded unless said",
    }
}

impl Registry {
    /// Pulls granted per window and public address; `None`: no limit.
    ///
    /// Docker Hub's numbers, as the document and Docker's pages of its time give them: 100 pulls in 6 hours without
    /// an account, 200 with one, no limit with a subscription.
    pub fn pull_limit(&self) -> Option<u32> {
        let by_plan = match self.plan {
            Some(RegistryPlan::Anonymous) => Some(100),
            Some(RegistryPlan::Authenticated) => Some(200),
            Some(RegistryPlan::Paid) | None => None,
        };
        self.pulls_per_window.or(by_plan)
    }
}

/// Unpacked over compressed size where a scenario does not say: common images have 2.5 to 3.5.
const GZIP_RATIO: f64 = 3.0;

impl Image {
    /// Bytes that it has when unpacked.
    pub fn unpacked_bytes(&self) -> f64 {
        self.unpacked.map_or(self.size.0 as f64 * GZIP_RATIO, |unpacked| unpacked.0 as f64)
    }
}
