//! The statistics of a case, computed once for every output.

use crate::experiment::Shortfall;
use crate::experiment::holders::StagePath;
use crate::experiment::results::{CaseResult, LimitCost, Replication, Results, StageTimes};
use crate::headroom::support::Tier;
use crate::model::record::{Stage, StageKind};
use crate::stats::{Arrivals, Interval, Sorted, Summary, smallest_sample_for_quantile_interval};
use crate::time::Time;

use super::asked::Expectations;
use super::costs::{self, Cost, ScaleDown};
use super::deadline::CaseDeadline;
use super::{unready, words};

/// The statistics of one case over its replications.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseSummary {
    /// The case in words: `300 nodes`.
    pub name: String,
    /// The changed keys and their values as TOML text.
    pub set: Vec<(String, String)>,
    /// The number of nodes asked for.
    pub target_nodes: u32,
    /// The number of replications.
    pub replications: u32,
    /// Each stage, in causal order.
    pub stages: Vec<StageSummary>,
    /// The stages up to the goal, each the one that the next one followed; places in `stages`.
    pub chain: Vec<usize>,
    /// The times between stages: each after the one that it followed, then the workload after the reference or the
    /// nodes.
    pub overheads: Vec<Overhead>,
    /// What holds the critical path of each stage up to the goal, over the replications that were followed; empty if
    /// none was.
    pub paths: Vec<StagePath>,
    /// How often pods of each `DaemonSet` stage became `NotReady`.
    pub flaps: Vec<Flaps>,
    /// The price of a node in US dollars per hour.
    pub price_per_hour: f64,
    /// What else happened: what is counted, and its number in one replication.
    pub outcomes: [(&'static str, Option<Summary>); 2],
    /// What was paid until each stage was ready.
    pub costs: Vec<Cost>,
    /// How the cluster shrank, if the workload ends.
    pub scale_down: Option<ScaleDown>,
    /// The support tier of this size; `None` where the scenario knows none.
    pub tier: Option<Tier>,
    /// The support tier in a sentence; empty where there is none.
    pub support: String,
    /// The limits that were hit in any replication, earliest first.
    pub limits: Vec<Limit>,
    /// Events handled in all replications.
    pub events: u64,
    /// The first replication in which not everything became ready.
    pub unfinished: Option<Unfinished>,
    /// What it lacks to the precision that was asked for.
    pub shortfall: Option<Shortfall>,
    /// How likely it is ready by the deadline that was asked for.
    pub deadline: Option<CaseDeadline>,
}

/// One stage of one case.
#[derive(Clone, Debug, PartialEq)]
pub struct StageSummary {
    /// Its name.
    pub stage: String,
    /// What becomes ready in it.
    pub kind: StageKind,
    /// How many must be Ready.
    pub desired: u32,
    /// Seconds until all were Ready to stay, over the replications in which that happened; absent if in none.
    pub ready: Option<Summary>,
    /// Seconds until all were Ready for the first time, over the replications in which that happened.
    pub first_ready: Option<Summary>,
    /// Within how many seconds 95 % of all replications were ready; absent if fewer than that ever were.
    pub ready_p95: Option<f64>,
    /// The 95 % interval for that; absent with too few replications, or where its end is never.
    pub ready_p95_interval: Option<Interval>,
    /// Between how many seconds 90 % of those that became ready were so: their 5th and 95th percentile.
    pub ready_band: Option<(f64, f64)>,
    /// The number of replications in which it never became ready; they are left out of `ready`.
    pub never: u32,
}

/// The time between the readiness of two stages.
#[derive(Clone, Debug, PartialEq)]
pub struct Overhead {
    /// The stage from whose readiness it counts.
    pub from: String,
    /// The stage until whose readiness it counts.
    pub to: String,
    /// Seconds in each replication in which both became ready; below zero where `to` was ready before `from`.
    pub seconds: Option<Summary>,
}

/// How often a stage's pods that were Ready became `NotReady`.
#[derive(Clone, Debug, PartialEq)]
pub struct Flaps {
    /// The stage.
    pub stage: String,
    /// Changes from Ready to `NotReady` in one replication.
    pub transitions: Option<Summary>,
    /// The most that were `NotReady` at once after having been Ready.
    pub not_ready_peak: Option<Summary>,
}

/// A limit that was hit in some replications.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// A short name, such as `vcpu-quota`.
    pub kind: String,
    /// The words of the cloud or registry.
    pub message: String,
    /// The earliest time over the replications.
    pub first: Time,
    /// In how many replications it was hit.
    pub replications: u32,
    /// How often it was hit in all of them together.
    pub count: u64,
    /// What it costs, if that was looked into.
    pub relief: Option<LimitCost>,
}

/// A replication that ended before everything was ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// Its number, from 0.
    pub replication: u32,
    /// In how many replications something never became ready.
    pub replications: u32,
    /// Nodes that were Ready at once in them, the fewest and the most.
    pub nodes: (u32, u32),
    /// Nodes that were asked for.
    pub desired: u32,
    /// What it still waited for.
    pub waiting_for: Vec<String>,
}

impl CaseSummary {
    /// The statistics of `case`, of which nothing was [asked](Self::asked).
    pub fn of(case: &CaseResult) -> Self {
        Self {
            name: words::case(case),
            set: case.set.clone(),
            target_nodes: case.target_nodes,
            replications: case.replications.len() as u32,
            stages: (0..case.stages.len()).map(|place| stage(case, place)).collect(),
            chain: case.chain(),
            overheads: case.overheads().into_iter().map(|(from, to)| overhead(case, from, to)).collect(),
            paths: case.paths(),
            flaps: daemonsets(&case.stages).map(|place| flaps(case, place)).collect(),
            price_per_hour: case.price_per_hour_usd,
            outcomes: [
                ("nodes that failed", outcome(case, |one| one.nodes_failed)),
                ("volumes lost", outcome(case, |one| one.volumes_lost)),
            ],
            costs: costs::costs(case),
            scale_down: costs::scale_down(case),
            tier: case.tier,
            support: case.support.clone(),
            limits: limits(case),
            events: case.replications.iter().map(|replication| replication.events).sum(),
            unfinished: unfinished(case),
            shortfall: None,
            deadline: None,
        }
    }

    /// The statistics of `case`, with what was asked.
    pub fn asked(case: &CaseResult, asked: &Expectations) -> Self {
        let deadline = asked.deadline.map(|deadline| CaseDeadline::of(case, deadline));
        Self { shortfall: asked.shortfall(case), deadline, ..Self::of(case) }
    }

    /// Whether the goal was ready in none of the replications.
    pub fn is_never_ready(&self) -> bool {
        self.goal().is_none_or(|goal| goal.ready.is_none())
    }

    /// The stage that the scale-up is for: the last one before scale-down.
    pub fn goal(&self) -> Option<&StageSummary> {
        self.stages.iter().rfind(|stage| stage.kind != StageKind::ScaleDown)
    }

    /// What was paid until a stage was ready, on average.
    pub fn dollars(&self, stage: &str) -> Option<f64> {
        Some(self.costs.iter().find(|cost| cost.until == stage)?.dollars.as_ref()?.mean)
    }

    /// The overhead that the answer names: the goal's over the reference or the nodes, or else over the stage that it
    /// followed.
    pub fn headline_overhead(&self) -> Option<&Overhead> {
        let goal = &self.goal()?.stage;
        self.overheads.iter().rev().find(|overhead| overhead.to == *goal)
    }
}

/// With fewer scale-ups there is no interval for the time by which 95 % are ready.
pub fn p95_needs() -> u32 {
    smallest_sample_for_quantile_interval(0.95, 0.95).map_or(u32::MAX, |needs| needs as u32)
}

/// The statistics of every case.
pub fn cases(results: &Results) -> Vec<CaseSummary> {
    results.cases.iter().map(|case| CaseSummary::asked(case, &Expectations::of(results))).collect()
}

/// The support of the cases in sentences, each once.
pub fn supports(cases: &[CaseSummary]) -> Vec<&str> {
    let mut told: Vec<&str> = Vec::new();
    for support in cases.iter().map(|case| case.support.as_str()).filter(|support| !support.is_empty()) {
        if !told.contains(&support) {
            told.push(support);
        }
    }
    told
}

/// The names of the stages of all cases, in causal order.
pub fn stage_names(results: &Results) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for case in &results.cases {
        // A new name goes after its predecessor in its own case.
        let mut after = 0;
        for stage in &case.stages {
            let known = names.iter().position(|name| *name == stage.name);
            if known.is_none() {
                names.insert(after, stage.name.clone());
            }
            after = known.unwrap_or(after) + 1;
        }
    }
    names
}

/// The places of the `DaemonSet` stages.
pub fn daemonsets(stages: &[Stage]) -> impl Iterator<Item = usize> {
    let daemonsets = stages.iter().enumerate().filter(|(_, stage)| stage.kind == StageKind::DaemonSet);
    daemonsets.map(|(place, _)| place)
}

fn stage(case: &CaseResult, place: usize) -> StageSummary {
    let ready = seconds(case, place, |times| times.ready);
    let never = case.replications.len() - ready.len();
    let arrivals = Arrivals::of(&case.ready_s(place));
    let p95_ends = arrivals.as_ref().and_then(|arrivals| arrivals.quantile_interval(0.95, 0.95));
    StageSummary {
        stage: case.stages[place].name.clone(),
        kind: case.stages[place].kind,
        desired: case.stages[place].desired,
        ready_p95: arrivals.and_then(|arrivals| arrivals.quantile(0.95)),
        ready_p95_interval: p95_ends.and_then(|(low, high)| Some(Interval { low: low?, high: high? })),
        ready_band: Sorted::of(&ready).map(|ready| (ready.quantile(0.05), ready.quantile(0.95))),
        ready: Summary::of(&ready),
        first_ready: Summary::of(&seconds(case, place, |times| times.first_ready)),
        never: never as u32,
    }
}

/// The seconds of an instant of one stage, in the replications that have it.
fn seconds(case: &CaseResult, place: usize, of: impl Fn(&StageTimes) -> Option<Time>) -> Vec<f64> {
    case.replications
        .iter()
        .filter_map(|replication| replication.stages.get(place).and_then(&of))
        .map(Time::as_secs_f64)
        .collect()
}

fn overhead(case: &CaseResult, from: usize, to: usize) -> Overhead {
    let seconds: Vec<f64> = case
        .replications
        .iter()
        .filter_map(|replication| {
            let ready = |place: usize| replication.stages.get(place)?.ready;
            Some(signed_seconds(ready(from)?, ready(to)?))
        })
        .collect();
    Overhead { from: case.stages[from].name.clone(), to: case.stages[to].name.clone(), seconds: Summary::of(&seconds) }
}

fn signed_seconds(from: Time, to: Time) -> f64 {
    to.since(from).as_secs_f64() - from.since(to).as_secs_f64()
}

fn outcome(case: &CaseResult, of: fn(&Replication) -> u32) -> Option<Summary> {
    Summary::of(&case.replications.iter().map(|one| f64::from(of(one))).collect::<Vec<_>>())
}

fn flaps(case: &CaseResult, place: usize) -> Flaps {
    let counts = |of: fn(&StageTimes) -> u32| -> Vec<f64> {
        let times = case.replications.iter().filter_map(|replication| replication.stages.get(place));
        times.map(|times| f64::from(of(times))).collect()
    };
    Flaps {
        stage: case.stages[place].name.clone(),
        transitions: Summary::of(&counts(|times| times.flaps)),
        not_ready_peak: Summary::of(&counts(|times| times.not_ready_peak)),
    }
}

fn limits(case: &CaseResult) -> Vec<Limit> {
    let mut merged: Vec<Limit> = Vec::new();
    // The replication that last added to each limit, so that one with several hits counts once.
    let mut last_in: Vec<usize> = Vec::new();
    for (number, replication) in case.replications.iter().enumerate() {
        for hit in &replication.limits {
            let known = merged.iter().position(|limit| limit.kind == hit.kind && limit.message == hit.message);
            let place = known.unwrap_or(merged.len());
            if known.is_none() {
                let (kind, message) = (hit.kind.clone(), hit.message.clone());
                let relief = case.reliefs.iter().find(|relief| relief.kind == kind).cloned();
                merged.push(Limit { kind, message, first: hit.first, replications: 0, count: 0, relief });
                last_in.push(usize::MAX);
            }
            let limit = &mut merged[place];
            limit.first = limit.first.min(hit.first);
            limit.count += hit.count;
            limit.replications += u32::from(last_in[place] != number);
            last_in[place] = number;
        }
    }
    merged.sort_by(|a, b| (a.first, &a.kind, &a.message).cmp(&(b.first, &b.kind, &b.message)));
    merged
}

fn unfinished(case: &CaseResult) -> Option<Unfinished> {
    let is_unfinished = |replication: &&Replication| {
        !replication.waiting_for.is_empty() || replication.stages.iter().any(|times| times.ready.is_none())
    };
    let unfinished: Vec<&Replication> = case.replications.iter().filter(is_unfinished).collect();
    let first = unfinished.first()?;
    let up = |one: &&Replication| one.nodes_up;
    Some(Unfinished {
        replication: first.number,
        replications: unfinished.len() as u32,
        nodes: (unfinished.iter().map(up).min()?, unfinished.iter().map(up).max()?),
        desired: case.stages.first()?.desired,
        waiting_for: unready::lines(&first.waiting_for),
    })
}

impl Unfinished {
    /// `125 of 300 nodes came up`.
    pub fn nodes_up(&self) -> String {
        let (least, most) = (words::count(self.nodes.0.into()), words::count(self.nodes.1.into()));
        let up = if least == most { most } else { format!("{least} to {most}") };
        format!("{up} of {} came up", words::plural(self.desired.into(), "node"))
    }
}
