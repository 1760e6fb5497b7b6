//! Registries and images.

use super::field::{Bytes, BytesPerSecond, choice, section};
use crate::random::Distribution;
use crate::time::Span;

choice! {
    /// How a registry counts pulls over time.
    pub enum WindowKind {
        /// The window opens with the first pull and starts over when it ends.
        Fixed = "fixed",
        /// The window always covers the time just past.
        Sliding = "sliding",
    }
}

section! {
    /// A registry that images are pulled from.
    pub struct Registry {
        /// The host's name; appears in messages.
        host: String,
        /// Bandwidth that all pulls in flight share. Leave out: no limit.
        bandwidth: Option<BytesPerSecond>,
        /// Bandwidth of one pull. Leave out: no limit.
        pull_bandwidth: Option<BytesPerSecond>,
        /// Token, manifest and redirects before an image's first byte.
        request: Distribution,
        /// Pulls granted per window and public address. Leave out: no limit.
        pulls_per_window: Option<u32>,
        /// Length of the window that pulls are counted in.
        window: Span = "\"6h\"" from "Docker Hub, pull rate limit",
        /// How the window moves.
        window_kind: WindowKind = "\"fixed\"" from "the document does not say; a fixed window",
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
        /// Unpacked size: what is written to the node's disk.
        unpacked: Bytes,
        /// Whether it is on every node from the start (part of the machine image).
        preloaded: bool = "false" from "nothing is preloaded unless said",
    }
}
