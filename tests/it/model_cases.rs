//! Variants of the documented scenario, simulated.

use proptest::prelude::*;
use scaleup::experiment::results::{Replication, StageTimes};
use scaleup::experiment::{Case, observe};
use scaleup::model::params::Scenario;
use scaleup::model::record::Record;
use scaleup::model::{Plan, Simulator};
use scaleup::scenario::{Loaded, Setting, load};
use scaleup::time::Time;
use std::path::Path;

const SCENARIO: &str = "scenarios/ekf.toml";
pub const SEED: u64 = 1;

/// Zones without limits of their own, as most tests mean them.
const FREE_ZONES: [&str; 2] = ["zone.us-east-1a.capacity=none", "zone.us-east-1a.capacity_later=none"];

/// The documented scenario with settings; they must be fine.
pub fn scenario(settings: &[&str]) -> Scenario {
    loaded(settings).scenario
}

fn loaded(settings: &[&str]) -> Loaded {
    let asked: Vec<Setting> = FREE_ZONES.iter().chain(settings).map(|text| Setting::new("--set", *text)).collect();
    match load(Path::new(SCENARIO), &asked) {
        Ok(loaded) => loaded,
        Err(problems) => panic!("{problems}"),
    }
}

pub fn plan(settings: &[&str]) -> Plan {
    Plan::new(&scenario(settings))
}

pub fn case(settings: &[&str]) -> Case {
    Case::new(Vec::new(), &loaded(settings))
}

/// Replication 0 with its waits.
pub fn run(settings: &[&str]) -> Record {
    run_plan(&plan(settings), 0)
}

pub fn run_plan(plan: &Plan, replication: u64) -> Record {
    Simulator::new().run(plan, SEED, replication, true)
}

/// The numbers of the first `replications`.
pub fn replications(settings: &[&str], replications: u32) -> Vec<Replication> {
    let plan = plan(settings);
    let mut simulator = Simulator::new();
    let step = plan.scenario().run.curve_step;
    (0..replications).map(|number| observe(&simulator.run(&plan, SEED, number.into(), false), step, number)).collect()
}

pub fn stage(plan: &Plan, name: &str) -> usize {
    plan.stages().iter().position(|stage| stage.name == name).unwrap_or_else(|| panic!("no stage {name}"))
}

/// What [`mean_ready_s`] averages: one instant of a stage, which must exist in every replication.
fn seconds(times: &StageTimes) -> f64 {
    times.ready.expect("the stage is ready").as_secs_f64()
}

/// The mean time at which each stage is ready.
pub fn mean_ready_s(settings: &[&str], number: u32) -> Vec<f64> {
    let all = replications(settings, number);
    let stages = all[0].stages.len();
    (0..stages).map(|stage| all.iter().map(|one| seconds(&one.stages[stage])).sum::<f64>() / all.len() as f64).collect()
}

/// When a stage of one record was ready for good.
pub fn ready_at(record: &Record, name: &str) -> Time {
    let place = record.stages.iter().position(|stage| stage.name == name).expect("the stage exists");
    observe(record, scaleup::time::Span::from_secs(5), 0).stages[place].ready.expect("the stage is ready")
}

/// One of the ways in which a random scenario differs from the documented one.
fn any_of(key: &'static str, values: &'static [&'static str]) -> BoxedStrategy<Option<String>> {
    let changed = proptest::sample::select(values).prop_map(move |value| Some(format!("{key}={value}")));
    // What ends a run early hides the rest.
    let unchanged = if key.starts_with("run.") { 19 } else { 4 };
    prop_oneof![unchanged => Just(None), 1 => changed].boxed()
}

/// The changes that random scenarios are made of; any combination is a valid scenario.
const CHOICES: &[(&str, &[&str])] = &[
    ("cluster.initial_nodes", &["0", "1", "5"]),
    ("cloud.launch_batch", &["1", "3", "50"]),
    ("cloud.launch_instances_per_s", &["0.1", "50"]),
    ("cloud.launch_instances_burst", &["1", "3"]),
    ("cloud.launch_calls_per_s", &["0.05", "10"]),
    ("cloud.boot", &["0s", "20s", "{ exponential = { mean = '60s' } }", "{ weibull = { scale = '70s', shape = 2 } }"]),
    ("cni.calls_per_s", &["0.2", "100"]),
    ("cni.calls_burst", &["1"]),
    ("cni.prefix_delegation", &["true"]),
    ("cni.pod_addresses", &["false"]),
    ("node.interface_addresses", &["3", "15"]),
    ("cloud.egress", &["nat-gateway-per-zone", "address-per-node"]),
    ("cloud.vcpu_quota", &["100", "240"]),
    ("zone.us-east-1a.capacity", &["0", "2", "7"]),
    ("zone.us-east-1b.free_addresses", &["59", "200"]),
    ("zone.us-east-1d.capacity", &["1"]),
    ("autoscaler.balance_zones", &["false"]),
    ("autoscaler.decision_per_pod", &["0s", "1s"]),
    ("autoscaler.decision_per_group", &["5s"]),
    ("autoscaler.max_nodegroup_binpacking_duration", &["0s", "20ms"]),
    ("autoscaler.max_nodes_per_scale_up", &["1", "4"]),
    ("autoscaler.max_node_provision_time", &["70s", "2m"]),
    ("control_plane.controller_qps", &["2", "500"]),
    ("control_plane.cloud_controller", &["true"]),
    ("control_plane.concurrent_node_syncs", &["3"]),
    ("control_plane.node_sync", &["0s", "4s"]),
    ("control_plane.replicaset_burst", &["1", "3"]),
    ("scheduler.pods_per_s", &["1", "1000"]),
    ("scheduler.bind_qps", &["1"]),
    ("scheduler.pod_backoff_initial", &["1ms", "9s"]),
    ("scheduler.pod_backoff_max", &["2m"]),
    ("kubelet.network_retry", &["20s"]),
    ("kubelet.sync_retry", &["1s"]),
    ("kubelet.parallel_pulls", &["1", "2"]),
    ("kubelet.pull_qps", &["0.1"]),
    ("kubelet.pull_burst", &["1", "3"]),
    ("kubelet.parallel_layers", &["1", "100"]),
    ("kubelet.unpack_cache", &["0B", "500MB"]),
    ("kubelet.unpack_layer", &["0s", "2s"]),
    ("cloud.nat_bandwidth", &["300MB/s"]),
    ("node.network_daemonset", &[""]),
    ("registry.docker-hub.pulls_per_window", &["1", "10"]),
    ("registry.docker-hub.window", &["3m", "20m"]),
    ("registry.docker-hub.window_kind", &["sliding"]),
    ("registry.gcr.bandwidth", &["200MB/s", ""]),
    ("registry.gcr.behind_nat", &["false"]),
    ("image.kale.layers", &["1", "60"]),
    ("image.kale.unpacked", &["", "0B", "9GB"]),
    ("daemonset.baseline.enabled", &["false"]),
    ("daemonset.baseline.requires", &["['rok']", "['rok-csi','kube-proxy']"]),
    ("daemonset.kube-proxy.readiness.period", &["3s"]),
    ("daemonset.rok.readiness.period", &["3s", "30s"]),
    ("daemonset.rok.readiness.failure_threshold", &["1", "2"]),
    ("daemonset.rok.readiness.success_threshold", &["2", "5"]),
    ("daemonset.rok.readiness.initial_delay", &["25s"]),
    ("daemonset.rok.join.workers", &["1", "20"]),
    ("daemonset.rok.join.transactions", &["0", "1"]),
    ("daemonset.rok.join.reconfigure", &["0s", "4s"]),
    ("daemonset.rok.join.changes", &["every"]),
    ("daemonset.rok-csi.readiness", &[""]),
    ("daemonset.baseline.readiness.checks_required", &["true"]),
    ("daemonset.rok-csi.csi.registration", &["0s", "3m"]),
    ("kubelet.csi_timeout", &["3s", "20s"]),
    ("disk.rok-etcd.initial_credits", &["0"]),
    ("disk.rok-etcd.kind", &["io1", "gp3"]),
    ("volume.shared.servers", &["2", "7"]),
    ("volume.shared.mounts_per_server", &["1"]),
    ("volume.shared.on_cancel", &["finish"]),
    ("volume.shared.mount", &["15s"]),
    ("volume.shared.attach.attach", &["1s"]),
    ("workload.replicas", &["0", "1", "7", "31"]),
    ("workload.wave", &["1", "4"]),
    ("workload.vcpus", &["4", "1"]),
    ("workload.memory", &["2GiB"]),
    ("workload.volume", &[""]),
    ("workload.sidecar_image", &["", "kale"]),
    ("workload.readiness", &[""]),
    ("run.horizon", &["3m", "1h"]),
    ("run.max_events", &["500"]),
];

/// Settings of a random valid scenario of at most 25 nodes.
pub fn settings() -> impl Strategy<Value = Vec<String>> {
    let size = (5..25_u32).prop_map(|nodes| format!("cluster.target_nodes={nodes}"));
    let choices: Vec<_> = CHOICES.iter().map(|&(key, values)| any_of(key, values)).collect();
    (size, choices).prop_map(|(size, choices)| {
        let base = [size, "run.horizon=3h".to_owned()];
        base.into_iter().chain(choices.into_iter().flatten()).collect()
    })
}
