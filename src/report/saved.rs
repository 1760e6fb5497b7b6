//! `results.json`: the numbers of every replication, exactly as they were, so that a report needs no simulation.
//!
//! Must not know: rounding: what is read is what was written, bit for bit.
//!
//! Times are integer nanoseconds. What files beside it hold is not repeated: the curves (`curve.csv`), the nodes
//! (`nodes.csv`) and the flaps (`flaps.csv`) of replication 0.

use serde::{Deserialize, Serialize};

use crate::engine::StopReason;
use crate::experiment::results::{CaseResult, Relief, Replication, Results, StageTimes};
use crate::model::record::{End, Held, LimitHit, Record, Stage};
use crate::model::support::Tier;
use crate::time::{Span, Time};

use super::json::FORMAT_VERSION;

/// The file.
#[derive(Debug, Serialize, Deserialize)]
struct File {
    format_version: u32,
    command: String,
    scenario: String,
    description: String,
    seed: u64,
    replications: u32,
    cases: Vec<Case>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Case {
    set: Vec<(String, String)>,
    target_nodes: u32,
    initial_nodes: u32,
    price_per_hour_usd: f64,
    tier: String,
    support: String,
    stages: Vec<String>,
    desired: Vec<u32>,
    curve_step_ns: u64,
    reliefs: Vec<Relieved>,
    replications: Vec<One>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Relieved {
    limit: String,
    stage: String,
    replications: u32,
    only_without: u32,
    cost_s: Option<f64>,
    without_s: Option<f64>,
}

/// One replication; lists are by stage.
#[derive(Debug, Serialize, Deserialize)]
struct One {
    ready_ns: Vec<Option<u64>>,
    first_ready_ns: Vec<Option<u64>>,
    flaps: Vec<u32>,
    not_ready_peak: Vec<u32>,
    node_hours: Vec<Option<f64>>,
    node_hours_in_all: f64,
    scale_down_ns: Option<u64>,
    volumes_lost: u32,
    events: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    limits: Vec<Hit>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    waiting_for: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Hit {
    limit: String,
    message: String,
    first_ns: u64,
    last_ns: u64,
    count: u64,
}

/// The bytes of the file; each replication on a line of its own.
///
/// # Panics
/// Never: every value has a form in JSON.
pub fn pack(results: &Results) -> Vec<u8> {
    let Results { command, scenario, description, seed, replications, cases } = results;
    let file = File {
        format_version: FORMAT_VERSION,
        command: command.clone(),
        scenario: scenario.clone(),
        description: description.clone(),
        seed: *seed,
        replications: *replications,
        cases: cases.iter().map(case).collect(),
    };
    let text = serde_json::to_string(&file).expect("every value has a form in JSON");
    (text.replace("{\"ready_ns\"", "\n{\"ready_ns\"") + "\n").into_bytes()
}

/// The results in the file, with empty curves and records.
///
/// # Errors
/// What is wrong with it.
pub fn unpack(bytes: &[u8]) -> Result<Results, String> {
    let file: File = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    if file.format_version != FORMAT_VERSION {
        return Err(format!(
            "its format is version {}, and this program reads version {FORMAT_VERSION}",
            file.format_version
        ));
    }
    let cases: Vec<CaseResult> = file.cases.into_iter().map(case_result).collect::<Result<_, _>>()?;
    if cases.is_empty() {
        return Err("it holds no case".to_owned());
    }
    let File { command, scenario, description, seed, replications, .. } = file;
    Ok(Results { command, scenario, description, seed, replications, cases })
}

fn case(case: &CaseResult) -> Case {
    Case {
        set: case.set.clone(),
        target_nodes: case.target_nodes,
        initial_nodes: case.initial_nodes,
        price_per_hour_usd: case.price_per_hour,
        tier: case.tier.word().to_owned(),
        support: case.support.clone(),
        stages: case.stages.clone(),
        desired: case.desired.clone(),
        curve_step_ns: case.curve_step.as_nanos(),
        reliefs: case.reliefs.iter().map(relieved).collect(),
        replications: case.replications.iter().map(one).collect(),
    }
}

fn relieved(relief: &Relief) -> Relieved {
    let Relief { kind, stage, replications, only_without, cost_s, without_s } = relief.clone();
    Relieved { limit: kind, stage, replications, only_without, cost_s, without_s }
}

fn one(replication: &Replication) -> One {
    let stages = &replication.stages;
    One {
        ready_ns: stages.iter().map(|times| times.ready.map(Time::as_nanos)).collect(),
        first_ready_ns: stages.iter().map(|times| times.first_ready.map(Time::as_nanos)).collect(),
        flaps: stages.iter().map(|times| times.flaps).collect(),
        not_ready_peak: stages.iter().map(|times| times.not_ready_peak).collect(),
        node_hours: replication.node_hours.clone(),
        node_hours_in_all: replication.node_hours_in_all,
        scale_down_ns: replication.scale_down.map(Time::as_nanos),
        volumes_lost: replication.volumes_lost,
        events: replication.events,
        limits: replication.limits.iter().map(hit).collect(),
        waiting_for: replication.waiting_for.clone(),
    }
}

fn hit(hit: &LimitHit) -> Hit {
    let LimitHit { kind, message, first, last, count } = hit.clone();
    Hit { limit: kind, message, first_ns: first.as_nanos(), last_ns: last.as_nanos(), count }
}

fn case_result(case: Case) -> Result<CaseResult, String> {
    let stages = case.stages.len();
    let tier = [Tier::Supported, Tier::OnRequest, Tier::OutOfSupport].into_iter().find(|tier| tier.word() == case.tier);
    if stages == 0 || case.desired.len() != stages || case.replications.is_empty() || case.curve_step_ns == 0 {
        return Err("a case lacks stages, replications, or the step of its curves".to_owned());
    }
    let record = empty_record(&case);
    Ok(CaseResult {
        set: case.set,
        target_nodes: case.target_nodes,
        initial_nodes: case.initial_nodes,
        price_per_hour: case.price_per_hour_usd,
        tier: tier.ok_or_else(|| format!("{:?} is no support tier", case.tier))?,
        support: case.support,
        stages: case.stages,
        desired: case.desired,
        curve_step: Span::from_nanos(case.curve_step_ns),
        replications: case.replications.into_iter().map(|one| replication(one, stages)).collect::<Result<_, _>>()?,
        reliefs: case.reliefs.into_iter().map(relief).collect(),
        record,
    })
}

fn relief(relieved: Relieved) -> Relief {
    let Relieved { limit, stage, replications, only_without, cost_s, without_s } = relieved;
    Relief { kind: limit, stage, replications, only_without, cost_s, without_s }
}

fn replication(one: One, stages: usize) -> Result<Replication, String> {
    let lengths = [one.ready_ns.len(), one.first_ready_ns.len(), one.flaps.len(), one.not_ready_peak.len()];
    if lengths != [stages; 4] || one.node_hours.len() != stages {
        return Err("a replication has another number of stages than its case".to_owned());
    }
    let times = |stage: usize| StageTimes {
        first_ready: one.first_ready_ns[stage].map(Time::from_nanos),
        ready: one.ready_ns[stage].map(Time::from_nanos),
        flaps: one.flaps[stage],
        not_ready_peak: one.not_ready_peak[stage],
    };
    Ok(Replication {
        stages: (0..stages).map(times).collect(),
        curves: vec![],
        limits: one.limits.iter().map(limit_hit).collect(),
        node_hours: one.node_hours,
        node_hours_in_all: one.node_hours_in_all,
        scale_down: one.scale_down_ns.map(Time::from_nanos),
        volumes_lost: one.volumes_lost,
        events: one.events,
        waiting_for: one.waiting_for,
    })
}

fn limit_hit(hit: &Hit) -> LimitHit {
    LimitHit {
        kind: hit.limit.clone(),
        message: hit.message.clone(),
        first: Time::from_nanos(hit.first_ns),
        last: Time::from_nanos(hit.last_ns),
        count: hit.count,
    }
}

/// A record that says nothing but which stages there are.
fn empty_record(case: &Case) -> Record {
    let stages = case.stages.iter().zip(&case.desired);
    Record {
        stages: stages.map(|(name, desired)| Stage { name: name.clone(), desired: *desired }).collect(),
        nodes: vec![],
        transitions: vec![],
        waits: vec![],
        resources: vec![],
        limits: vec![],
        scale_down: None,
        volumes_lost: 0,
        held: Held::default(),
        members: 0,
        end: End { ready: true, at: Time::ZERO, events: 0, reason: StopReason::Exhausted, waiting_for: vec![] },
    }
}
