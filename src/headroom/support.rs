//! Support tiers by cluster size.

use crate::model::params::Support;
use serde::{Deserialize, Serialize};

/// How well a cluster of a given size is supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// Supported.
    Supported,
    /// Supported after a request.
    OnRequest,
    /// Out of support: best effort.
    OutOfSupport,
}

impl Tier {
    /// The tier of a cluster of `nodes` nodes.
    pub const fn of(support: &Support, nodes: u32) -> Self {
        if nodes <= support.supported_nodes {
            Self::Supported
        } else if nodes <= support.on_request_nodes {
            Self::OnRequest
        } else {
            Self::OutOfSupport
        }
    }

    /// The word used in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Supported => "supported",
            Self::OnRequest => "on-request",
            Self::OutOfSupport => "out-of-support",
        }
    }

    /// A sentence for the planner.
    pub fn message(self, support: &Support, nodes: u32) -> String {
        let Support { supported_nodes, on_request_nodes, contact } = support;
        match self {
            Self::Supported => format!("{nodes} nodes: supported (up to {supported_nodes})"),
            Self::OnRequest => format!(
                "{nodes} nodes: supported on request only (above {supported_nodes}, up to {on_request_nodes}); ask {contact} first"
            ),
            Self::OutOfSupport => {
                format!(
                    "{nodes} nodes: out of support (above {on_request_nodes}); help is best effort, ask {contact} first"
                )
            }
        }
    }
}
