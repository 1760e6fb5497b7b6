//! What replications leave: per case and replication the numbers that outputs need, and one whole record.
//!
//! Must not know: how they were computed, and what is made of them.

use crate::model::record::{LimitHit, Record};
use crate::model::support::Tier;
use crate::time::{Span, Time};

/// The results of one command.
#[derive(Clone, Debug)]
pub struct Results {
    /// `run` or `sweep`.
    pub command: String,
    /// The scenario's name.
    pub scenario: String,
    /// The scenario's description.
    pub description: String,
    /// The seed.
    pub seed: u64,
    /// Replications of each case.
    pub replications: u32,
    /// The cases, in the order asked for; one for `run`.
    pub cases: Vec<CaseResult>,
}

/// The results of one case: a scenario with some keys changed.
#[derive(Clone, Debug)]
pub struct CaseResult {
    /// The changed keys and their values as TOML text, in the order of the axes; empty for `run`.
    pub set: Vec<(String, String)>,
    /// The number of nodes asked for.
    pub target_nodes: u32,
    /// The number of nodes at the start.
    pub initial_nodes: u32,
    /// The price of a node in US dollars per hour.
    pub price_per_hour: f64,
    /// The support tier of this size.
    pub tier: Tier,
    /// The support tier in a sentence.
    pub support: String,
    /// The stages' names in causal order.
    pub stages: Vec<String>,
    /// How many must be Ready, per stage.
    pub desired: Vec<u32>,
    /// Distance of the points of [`Replication::curves`].
    pub curve_step: Span,
    /// Each replication's numbers, in the order of replications.
    pub replications: Vec<Replication>,
    /// What limits that were hit cost; empty unless that was looked into.
    pub reliefs: Vec<Relief>,
    /// Everything recorded of replication 0, waits included.
    pub record: Record,
}

/// What a limit costs: the same scale-ups, with the same random numbers, without it.
#[derive(Clone, Debug, PartialEq)]
pub struct Relief {
    /// The limit, such as `vcpu-quota`.
    pub kind: String,
    /// The stage that is compared: the last one before scale-down.
    pub stage: String,
    /// How many scale-ups were compared.
    pub replications: u32,
    /// In how many of them the stage became ready only without the limit.
    pub only_without: u32,
    /// Seconds that the limit costs, on average over those that became ready both ways.
    pub cost_s: Option<f64>,
    /// Seconds until the stage was ready without the limit, on average.
    pub without_s: Option<f64>,
}

/// The numbers of one replication.
#[derive(Clone, Debug, PartialEq)]
pub struct Replication {
    /// Per stage, in the order of [`CaseResult::stages`].
    pub stages: Vec<StageTimes>,
    /// Per stage: how many were Ready at 0, `curve_step`, 2 `curve_step` ...; the last value holds from there on.
    pub curves: Vec<Vec<u32>>,
    /// The limits that were hit.
    pub limits: Vec<LimitHit>,
    /// Node-hours paid until each stage was ready, in the order of [`CaseResult::stages`].
    pub node_hours: Vec<Option<f64>>,
    /// Node-hours paid until the end.
    pub node_hours_in_all: f64,
    /// When the Deployment was deleted; readiness counts until then.
    pub scale_down: Option<Time>,
    /// Volumes that were lost with instances that ended before they were drained.
    pub volumes_lost: u32,
    /// Events handled.
    pub events: u64,
    /// What it still waited for when it ended; empty if everything became ready.
    pub waiting_for: Vec<String>,
}

/// When one stage became ready in one replication.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StageTimes {
    /// The first instant at which all were Ready at once; absent if that never happened.
    pub first_ready: Option<Time>,
    /// The instant from which all were Ready until scale-down began or the run ended; for `scale-down`, when only the
    /// nodes that stay were left; absent if that never happened.
    pub ready: Option<Time>,
    /// How often one that was Ready became NotReady: the flaps.
    pub flaps: u32,
    /// The most that were NotReady at once after having been Ready.
    pub not_ready_peak: u32,
}
