//! What a target measures of a scale-up.

use crate::model::params::field::field;
use crate::time::Span;
use serde::{Deserialize, Serialize};

/// One number of a scale-up: seconds, or how many.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Measure {
    /// How often a stage's pods that had been Ready became NotReady.
    Flaps {
        /// The stage.
        #[serde(rename = "flaps_of")]
        stage: String,
    },
    /// How many had reached a milestone at an instant.
    Count {
        /// Of what.
        each: Each,
        /// The milestone.
        to: String,
        /// The instant, after the Deployment's creation.
        #[serde(rename = "at_ns")]
        at: Span,
    },
    /// Of the times that each took from one milestone to another, a quantile.
    Quantile {
        /// Of what.
        each: Each,
        /// The milestone from which it counts; absent: from the Deployment's creation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        /// Whether it counts from the first that reached `from`, for all of them.
        from_first: bool,
        /// The milestone until which it counts.
        to: String,
        /// Which of the times in order: 0.5 is the median, 1 the longest.
        quantile: f64,
    },
    /// The time between the readiness of two stages.
    Stages {
        /// The stage from whose readiness it counts; absent: from the Deployment's creation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        /// The stage until whose readiness it counts.
        to: String,
    },
}

/// What has milestones of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Each {
    /// A node that was not there at the start.
    Node,
    /// A replica of the workload.
    Replica,
    /// A decision of the autoscaler to ask for nodes.
    Decision,
}

field!(Each, Shape::Choice(Self::WORDS), Datum::Word(index) => Self::ALL.get(index).copied(); Self::Node);

impl Each {
    const ALL: [Self; 3] = [Self::Node, Self::Replica, Self::Decision];
    const WORDS: &'static [&'static str] = &["node", "replica", "decision"];

    /// As it is written.
    pub const fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    /// Its milestones. A node has more: each DaemonSet's stage, reached when the pod there was last Ready, and the
    /// workload's.
    pub const fn milestones(self) -> &'static [&'static str] {
        match self {
            Self::Node => &["requested", "launched", "running", "booted", "registered", "ready"],
            Self::Replica => &["created", "scheduled", "pulling", "pulled", "running", "ready"],
            Self::Decision => &["begun", "made"],
        }
    }

    /// Whether it can have this milestone; which stages there are, only a scenario says.
    pub(crate) fn may_have(self, milestone: &str) -> bool {
        self == Self::Node || self.milestones().contains(&milestone)
    }
}

impl Measure {
    /// Whether it is a number of nodes, replicas or flaps, and no time.
    pub const fn is_count(&self) -> bool {
        matches!(self, Self::Count { .. } | Self::Flaps { .. })
    }

    /// From what it counts; absent: from the Deployment's creation.
    pub fn from(&self) -> Option<&str> {
        match self {
            Self::Count { .. } | Self::Flaps { .. } => None,
            Self::Quantile { from, .. } | Self::Stages { from, .. } => from.as_deref(),
        }
    }

    /// Until what it counts, or the stage that it is about.
    pub fn to(&self) -> &str {
        let (Self::Count { to, .. } | Self::Quantile { to, .. } | Self::Stages { to, .. } | Self::Flaps { stage: to }) =
            self;
        to
    }

    /// Whether it must be recorded while the scale-up is simulated; what stages did always is.
    pub const fn is_extra(&self) -> bool {
        matches!(self, Self::Count { .. } | Self::Quantile { .. })
    }

    /// Whether replicas' own milestones must be recorded for it.
    pub fn needs_replicas(&self) -> bool {
        matches!(self, Self::Count { each: Each::Replica, .. } | Self::Quantile { each: Each::Replica, .. })
    }

    /// The stages that the scenario must have for it.
    pub fn stages(&self) -> Vec<&str> {
        let words = [self.from(), Some(self.to())].into_iter().flatten();
        match self {
            Self::Stages { .. } | Self::Flaps { .. } => words.collect(),
            Self::Count { each, .. } | Self::Quantile { each, .. } => {
                words.filter(|word| !each.milestones().contains(word)).collect()
            }
        }
    }
}
