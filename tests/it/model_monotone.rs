//! What relieves a bottleneck never makes a stage later on average, under common random numbers.
//!
//! Strictly it need not hold in each replication, nor to the second: other draws belong to an etcd commit when joins
//! come in another order, members that join sooner disturb more probes of others, mount attempts come on a coarse
//! grid, and shared bandwidth is split among others. So means over ten replications are compared, with a tolerance.

use crate::model_cases::mean_ready_s;

const REPLICATIONS: u32 = 10;
/// Of the mean, and in seconds: one probe period.
const TOLERANCE: (f64, f64) = (0.01, 10.0);

/// The mean instants of the stages of a small scale-up.
fn means(changes: &[&str]) -> Vec<f64> {
    let settings: Vec<&str> = ["cluster.target_nodes=40"].iter().chain(changes).copied().collect();
    mean_ready_s(&settings, REPLICATIONS)
}

/// Each variant relieves what the one before it held up, and from the first to the last it matters.
fn never_later(variants: &[Vec<&str>]) {
    let all: Vec<Vec<f64>> = variants.iter().map(|variant| means(variant)).collect();
    for (variants, pair) in variants.windows(2).zip(all.windows(2)) {
        for (stage, (slow_s, fast_s)) in pair[0].iter().zip(&pair[1]).enumerate() {
            let allowed = slow_s * (1.0 + TOLERANCE.0) + TOLERANCE.1;
            assert!(*fast_s <= allowed, "stage {stage} of {variants:?}: {slow_s} s, then {fast_s} s");
        }
    }
    let workload: Vec<f64> = all.iter().filter_map(|stages| stages.last().copied()).collect();
    assert!(workload[workload.len() - 1] < workload[0] - 1.0, "{variants:?}: {workload:?}");
}

fn ladder(key: &str, values: &[&str]) {
    let settings: Vec<String> = values.iter().map(|value| format!("{key}={value}")).collect();
    // Without long back-offs of mounts: with them to come sooner can mean to wait longer.
    let patient = "kubelet.mount_backoff_max=1s";
    let variants: Vec<Vec<&str>> = settings.iter().map(|setting| vec![patient, setting.as_str()]).collect();
    never_later(&variants);
}

#[test]
fn fewer_nodes_are_never_later() {
    ladder("cluster.target_nodes", &["120", "60", "30", "10", "4"]);
}

#[test]
fn a_shorter_boot_is_never_later() {
    ladder("cloud.boot", &["5m", "2m", "30s"]);
}

#[test]
fn a_faster_cloud_is_never_later() {
    let calls_of_five = ["60s", "20s", "1s"].map(|pause| format!("cloud.launch_interval={pause}"));
    never_later(
        &calls_of_five
            .iter()
            .map(|pause| vec!["cloud.launch_batch=5", "kubelet.mount_backoff_max=1s", pause.as_str()])
            .collect::<Vec<_>>(),
    );
    ladder("cloud.launch_instances_burst", &["1", "1000"]);
}

#[test]
fn a_wider_registry_is_never_later() {
    ladder("registry.gcr.bandwidth", &["50MB/s", "200MB/s", "1GB/s"]);
}

#[test]
fn smaller_images_are_never_later() {
    ladder("image.rok.size", &["20GB", "5GB", "500MB"]);
    ladder("image.kale.size", &["20GB", "5GB", "1GB"]);
}

#[test]
fn more_workers_of_the_operator_are_never_later() {
    ladder("daemonset.rok.join.workers", &["1", "2", "4"]);
}

#[test]
fn a_faster_operator_is_never_later() {
    ladder("daemonset.rok.join.operator", &["60s", "20s", "5s"]);
}

#[test]
fn fewer_transactions_are_never_later() {
    ladder("daemonset.rok.join.transactions", &["600", "200", "60", "0"]);
}

#[test]
fn less_work_for_the_members_is_never_later() {
    ladder("daemonset.rok.join.reconfigure", &["30s", "10s", "3s"]);
}

#[test]
fn more_volume_servers_are_never_later() {
    let servers = ["volume.shared.servers=1", "volume.shared.servers=2", "volume.shared.servers=5"];
    never_later(&servers.map(|servers| vec!["volume.shared.mount=30s", servers]));
}

#[test]
fn more_mounts_at_the_same_time_are_never_later() {
    let slots = ["volume.shared.mounts_per_server=1", "volume.shared.mounts_per_server=3"];
    never_later(&slots.map(|slots| vec!["volume.shared.mount=30s", slots]));
}

#[test]
fn a_quicker_start_is_never_later() {
    ladder("workload.start", &["10m", "2m", "1s"]);
    ladder("daemonset.rok.start", &["5m", "1m", "1s"]);
}

#[test]
fn a_quicker_controller_is_never_later() {
    ladder("control_plane.controller_qps", &["0.5", "5", "500"]);
}
