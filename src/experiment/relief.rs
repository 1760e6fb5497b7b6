//! What a limit costs: the same scale-ups are simulated once more without it.

use crate::experiment::results::{CaseResult, LimitCost, StageTimes};
use crate::experiment::run::{Case, Settings, ThreadsError, run_cases};
use crate::model::params::{PerSecond, Scenario};
use crate::stats::mean;
use crate::time::Time;
use std::num::NonZeroU32;

/// More scale-ups than this say little more about a limit's cost.
const REPLICATIONS_MAX: u32 = 20;
/// A rate that nothing here reaches.
const ANY_RATE: f64 = 1e9;

/// Finds what each limit that was hit costs, for the limits that can be lifted.
///
/// # Errors
/// When threads cannot be started.
pub fn relieve(case: &Case, result: &CaseResult, settings: Settings) -> Result<Vec<LimitCost>, ThreadsError> {
    let mut kinds: Vec<&str> = Vec::new();
    for hit in result.replications.iter().flat_map(|replication| &replication.limits) {
        if !kinds.contains(&hit.kind.as_str()) {
            kinds.push(&hit.kind);
        }
    }
    let settings = Settings { replications: settings.replications.min(REPLICATIONS_MAX), ..settings };
    let mut reliefs = Vec::new();
    for kind in kinds {
        if let Some(mut scenario) = lifted(&case.scenario, kind) {
            // Only readiness is compared.
            scenario.workload.run_time = None;
            let without = run_cases(&[Case { scenario, followed: 0, ..case.clone() }], settings, &|| ())?;
            reliefs.push(compare(kind, result, &without[0]));
        }
    }
    Ok(reliefs)
}

/// The scenario without a limit; `None` for what is no limit of the scenario's.
fn lifted(scenario: &Scenario, kind: &str) -> Option<Scenario> {
    let mut scenario = scenario.clone();
    match kind {
        "vcpu-quota" => scenario.cloud.vcpu_quota = None,
        "zone-capacity" => scenario.zone.entries_mut().for_each(|zone| zone.capacity = None),
        "free-addresses" | "pod-addresses" => {
            scenario.zone.entries_mut().for_each(|zone| (zone.free_addresses, zone.subnet) = (None, None));
        }
        "registry-pulls" => scenario.registry.entries_mut().for_each(|registry| {
            (registry.plan, registry.pulls_per_window) = (None, None);
        }),
        "kubelet-pulls" => scenario.kubelet.pull_qps = PerSecond(ANY_RATE),
        "launch-rate" => {
            let cloud = &mut scenario.cloud;
            (cloud.launch_calls_per_s, cloud.launch_instances_per_s) = (PerSecond(ANY_RATE), PerSecond(ANY_RATE));
            (cloud.launch_calls_burst, cloud.launch_instances_burst) = (NonZeroU32::MAX, NonZeroU32::MAX);
        }
        "network-calls" => {
            (scenario.cni.calls_per_s, scenario.cni.calls_burst) = (PerSecond(ANY_RATE), NonZeroU32::MAX);
        }
        "fault" => scenario.fault.clear(),
        _ => return None,
    }
    Some(scenario)
}

fn compare(kind: &str, with: &CaseResult, without: &CaseResult) -> LimitCost {
    let goal = without.goal().expect("there is a stage for nodes at least");
    let ready = |times: &StageTimes| times.ready.map(Time::as_secs_f64);
    let pairs: Vec<(Option<f64>, f64)> = with
        .replications
        .iter()
        .zip(&without.replications)
        .filter_map(|(with, without)| Some((ready(&with.stages[goal]), ready(&without.stages[goal])?)))
        .collect();
    let costs: Vec<f64> = pairs.iter().filter_map(|(with, without)| Some((*with)? - without)).collect();
    let all: Vec<f64> = pairs.iter().map(|(_, without)| *without).collect();
    LimitCost {
        kind: kind.to_owned(),
        stage: without.stages[goal].name.clone(),
        replications: without.replications.len() as u32,
        only_without: (pairs.len() - costs.len()) as u32,
        cost_s: mean(&costs),
        without_s: mean(&all),
    }
}
