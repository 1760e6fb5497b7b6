//! A study: what one command simulated, cases times replications, and what asked for it.
//!
//! The same type is the result, what is kept of a sweep that is not finished, and what a report reads; `lines` writes
//! and reads it. Times are integer nanoseconds.

use crate::experiment::causes::NodeCauses;
use crate::experiment::explain::Explanation;
use crate::experiment::holders::{Part, StagePath};
use crate::experiment::precision::Precision;
use crate::headroom::support::Tier;
use crate::model::record::{LimitHit, NodeRecord, Stage, Unready, Wait, goal};
use crate::scenario::{Measure, Targets};
use crate::time::{Span, Time};
use serde::{Deserialize, Serialize};

/// The version of the shape of studies and of all machine output; it grows when a field changes its meaning or goes
/// away.
pub const FORMAT_VERSION: u32 = 2;

/// What one command simulated, and what asked for it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// [`FORMAT_VERSION`] of the program that wrote it.
    pub format_version: u32,
    /// `scaleup`.
    pub program: String,
    /// The program's version.
    pub version: String,
    /// `run`, `sweep`, `compare` or `explain`.
    pub command: String,
    /// The whole command, to be typed again.
    pub command_line: String,
    /// The scenario's name.
    pub scenario: String,
    /// The scenario's description.
    pub description: String,
    /// The fingerprint of the scenario before a sweep's changes, as 16 hexadecimal digits.
    pub scenario_hash: String,
    /// The scenario as one file, with everything that it extends and all settings.
    pub scenario_toml: String,
    /// The settings that all cases have, as they were given.
    pub settings: Vec<String>,
    /// The keys that cases vary, each with its value as TOML text where a case leaves it alone.
    pub varied: Vec<(String, String)>,
    /// The seed.
    pub seed: u64,
    /// Replications of each case that were asked for.
    pub replications: u32,
    /// How well the means were to be known.
    pub precision: Option<Precision>,
    /// By when everything was to be ready.
    #[serde(rename = "deadline_ns")]
    pub deadline: Option<Span>,
    /// What is documented about these cases; absent where nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub targets: Option<Targets>,
    /// How many cases were asked for; fewer in `cases` are those that were done when a person interrupted.
    pub cases_asked: u32,
    /// The cases, in the order asked for; one for `run`.
    pub cases: Vec<CaseResult>,
}

/// The results of one case: a scenario with some keys changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseResult {
    /// Its name, also for files: `1-200-nodes-kind-io1`.
    pub name: String,
    /// Its scenario's name: that of the study, or in a comparison the side's.
    pub scenario: String,
    /// What its scenario describes, where it is not the study's.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The fingerprint of its scenario, as 16 hexadecimal digits; equal for scenarios that mean the same.
    pub scenario_hash: String,
    /// Its scenario as one file, where it is not the study's with `set`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario_toml: Option<String>,
    /// The changed keys and their values as TOML text, in the order of the axes; empty for `run`.
    pub set: Vec<(String, String)>,
    /// The number of nodes asked for.
    pub target_nodes: u32,
    /// The number of nodes at the start.
    pub initial_nodes: u32,
    /// The price of a node in US dollars per hour.
    pub price_per_hour_usd: f64,
    /// The support tier of this size; `None` where the scenario knows none.
    pub tier: Option<Tier>,
    /// The support tier in a sentence; empty where there is none.
    pub support: String,
    /// The stages, in causal order.
    pub stages: Vec<Stage>,
    /// Distance of the points of [`Replication::curves`].
    #[serde(rename = "curve_step_ns")]
    pub curve_step: Span,
    /// What is measured beyond the stages' readiness.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<Measure>,
    /// Each replication's numbers, in the order of replications.
    pub replications: Vec<Replication>,
    /// What limits that were hit cost; empty unless that was looked into.
    pub reliefs: Vec<LimitCost>,
    /// Why it takes as long as it does, if that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Box<Explanation>>,
    /// What is shown of one scale-up in detail: replication 0; absent where it is not among the replications.
    pub detail: Option<Detail>,
    /// Every entity's waits in replication 0; an export, so neither written nor read.
    #[serde(skip)]
    pub waits: Waits,
}

/// One scale-up in detail.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    /// Every node's milestones, the initial nodes' first. Of those that never were machines only the first are kept
    /// where they are more than a fifth of what is desired and than [`Detail::NODES_MIN`] leaves room for; at most
    /// [`Detail::NODES_MAX`] in all.
    pub nodes: Vec<NodeRecord>,
    /// How many nodes there were and were asked for, those that are not kept included.
    pub asked: u32,
    /// What nodes waited for, a row for each of some.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<NodeCauses>,
    /// By stage: how many were Ready, from each instant at which that changes; at most [`Detail::COUNTS_MAX`] of them.
    pub counts: Vec<Vec<Count>>,
}

/// How many of a stage were Ready, from an instant on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "(Time, u32, u32, u32)", from = "(Time, u32, u32, u32)")]
pub struct Count {
    /// The instant.
    pub at: Time,
    /// Pods that were Ready.
    pub ready: u32,
    /// Pods that had been Ready, were not, and should be again: not those of nodes that are removed or have gone.
    pub not_ready: u32,
    /// Pods that had become Ready by then, if only once.
    pub joined: u32,
}

/// What every entity waited for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Waits {
    /// In the order in which they ended.
    pub list: Vec<Wait>,
    /// Names of what is waited for, indexed by [`Wait::resource`].
    pub resources: Vec<String>,
}

/// What a limit costs: the same scale-ups, with the same random numbers, without it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LimitCost {
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
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Replication {
    /// Its number, from 0: with the seed it says which random numbers it had.
    pub number: u32,
    /// Per stage, in the order of [`CaseResult::stages`].
    pub stages: Vec<StageTimes>,
    /// Per stage: how many were Ready at 0, `curve_step`, 2 `curve_step` ...; the last value holds from there on.
    #[serde(with = "crate::experiment::runs")]
    pub curves: Vec<Vec<u32>>,
    /// What was measured, in the order of [`CaseResult::measures`]; absent where it never came to that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measured: Vec<Option<f64>>,
    /// By stage up to the goal, what holds its critical path, empty where it never was ready; of the first replications
    /// only, see [`Case::followed`](crate::experiment::Case::followed).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<Vec<Part>>,
    /// The limits that were hit.
    pub limits: Vec<LimitHit>,
    /// Node-hours paid until each stage was ready, in the order of [`CaseResult::stages`].
    pub node_hours: Vec<Option<f64>>,
    /// Node-hours paid until the end.
    pub node_hours_in_all: f64,
    /// When the Deployment was deleted; readiness counts until then.
    #[serde(rename = "scale_down_ns")]
    pub scale_down: Option<Time>,
    /// The most nodes that were Ready at once.
    pub nodes_up: u32,
    /// Volumes that were lost with instances that ended before they were drained.
    pub volumes_lost: u32,
    /// Nodes that were given up, never launched, or whose machine died.
    pub nodes_failed: u32,
    /// Events handled.
    pub events: u64,
    /// What it still waited for when it ended; empty if everything became ready.
    pub waiting_for: Vec<Unready>,
}

/// When one stage became ready in one replication.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageTimes {
    /// The first instant at which all were Ready at once; absent if that never happened.
    #[serde(rename = "first_ready_ns")]
    pub first_ready: Option<Time>,
    /// The instant from which all were Ready until scale-down began or the run ended; for `scale-down`, when only the
    /// nodes that stay were left; absent if that never happened.
    #[serde(rename = "ready_ns")]
    pub ready: Option<Time>,
    /// How often one that was Ready became NotReady, pods of nodes that are removed or have gone aside: the flaps.
    pub flaps: u32,
    /// The most that were NotReady at once after having been Ready.
    pub not_ready_peak: u32,
}

impl CaseResult {
    /// Without what only its own charts and files show, so that many cases fit into memory.
    pub fn drop_detail(&mut self) {
        self.replications.iter_mut().for_each(|one| one.curves = Vec::new());
        self.why.iter_mut().flat_map(|why| &mut why.resources).for_each(|of| of.points.clear());
        self.detail = None;
    }

    /// The place of the stage that the scale-up is for.
    pub fn goal(&self) -> Option<usize> {
        goal(&self.stages)
    }

    /// Seconds until a stage was ready, replication by replication; absent where it never was.
    pub fn ready_s(&self, stage: usize) -> Vec<Option<f64>> {
        let ready = |replication: &Replication| replication.stages.get(stage)?.ready.map(Time::as_secs_f64);
        self.replications.iter().map(ready).collect()
    }

    /// What holds the critical path of each stage up to the goal, over the replications whose paths are known; empty if
    /// there is none.
    pub fn paths(&self) -> Vec<StagePath> {
        if let Some(why) = &self.why {
            return why.stages.clone();
        }
        let known: Vec<Vec<Vec<Part>>> =
            self.replications.iter().map(|one| one.paths.clone()).filter(|paths| !paths.is_empty()).collect();
        if known.is_empty() { Vec::new() } else { StagePath::all(&self.stages, &known) }
    }

    /// Whether it is a side of a comparison: a scenario of its own.
    pub const fn is_a_side(&self) -> bool {
        self.scenario_toml.is_some()
    }

    /// Whether the goal was ready in none of the replications.
    pub fn is_never_ready(&self) -> bool {
        let ready = self.goal().map(|goal| self.ready_s(goal)).unwrap_or_default();
        ready.iter().all(Option::is_none)
    }
}

impl Detail {
    /// So many nodes are kept in any case.
    pub const NODES_MIN: usize = 2_000;
    /// The most nodes that are kept, some 250 bytes each; of more, every so many.
    pub const NODES_MAX: usize = 60_000;
    /// The most counts of a stage that are kept; of more, every so many.
    pub const COUNTS_MAX: usize = 4_000;
}

impl From<Count> for (Time, u32, u32, u32) {
    fn from(Count { at, ready, not_ready, joined }: Count) -> Self {
        (at, ready, not_ready, joined)
    }
}

impl From<(Time, u32, u32, u32)> for Count {
    fn from((at, ready, not_ready, joined): (Time, u32, u32, u32)) -> Self {
        Self { at, ready, not_ready, joined }
    }
}
