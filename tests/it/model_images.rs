//! Pulls that share a node's network, to the millisecond.

use crate::model_cases::run;
use scaleup::model::record::{Cause, Record, Subject};

/// Replicas on nodes that have all other images; nothing but the network takes time.
const ONLY_THE_NETWORK: &[&str] = &[
    "cluster.target_nodes=3",
    "node.network=20MB/s",
    "kubelet.unpack=1000000GB/s",
    "kubelet.pull_qps=1e6",
    "image.kale.size=1300MB",
    "image.istio-proxy.size=100MB",
    "registry.gcr.request=0s",
    "registry.gcr.pull_bandwidth=",
    "registry.docker-hub.request=0s",
    "registry.docker-hub.pull_bandwidth=",
];

/// From each replica's sandbox until its containers start.
fn pulling_s(settings: &[&str]) -> Vec<f64> {
    let record = run(&[ONLY_THE_NETWORK, settings].concat());
    (0..3).map(|replica| ended(&record, replica, "container-start") - ended(&record, replica, "kubelet")).collect()
}

/// When a replica's last wait for `resource` began, or for the kubelet ended.
fn ended(record: &Record, replica: u32, resource: &str) -> f64 {
    let mut mine = record.waits.iter().filter(|wait| wait.subject == Subject::Replica(replica));
    let wait = mine
        .rfind(|wait| wait.cause == Cause::Service && record.resources[usize::from(wait.resource)] == resource)
        .expect("it waited for it");
    if resource == "kubelet" { wait.to.as_secs_f64() } else { wait.from.as_secs_f64() }
}

fn all_take(pulling_s: &[f64], seconds: f64) {
    assert!(pulling_s.iter().all(|pulling| (pulling - seconds).abs() < 1e-3), "{pulling_s:?}, not {seconds}");
}

#[test]
fn one_pull_takes_its_size_over_the_network() {
    all_take(&pulling_s(&["workload.sidecar_image="]), 65.0);
}

#[test]
fn each_nodes_pull_has_a_delay_of_its_own() {
    let request = "registry.gcr.request={ uniform = { low = '1s', high = '100s' } }";
    let pulling_s = pulling_s(&["workload.sidecar_image=", request]);
    assert!(pulling_s.iter().all(|pulling| (66.0..165.0).contains(pulling)), "{pulling_s:?}");
    let apart = |a: usize, b: usize| (pulling_s[a] - pulling_s[b]).abs() > 1e-3;
    assert!(apart(0, 1) && apart(1, 2) && apart(2, 0), "{pulling_s:?}");
}

#[test]
fn two_pulls_share_the_network_and_the_larger_takes_all_of_it_when_the_smaller_is_done() {
    // Half the network each until 100 MB are there; 1,400 MB in all.
    all_take(&pulling_s(&[]), 70.0);
    all_take(&pulling_s(&["kubelet.parallel_pulls=1"]), 70.0);
}

#[test]
fn a_pull_takes_no_more_than_its_registry_gives_to_one() {
    all_take(&pulling_s(&["workload.sidecar_image=", "registry.gcr.pull_bandwidth=13MB/s"]), 100.0);
}

#[test]
fn the_pulls_of_three_nodes_share_a_registry() {
    // 3 x 1,300 MB at 30 MB/s take 130 s; each node has room for 20, and they do not start together.
    let pulling = pulling_s(&["workload.sidecar_image=", "registry.gcr.bandwidth=30MB/s"]);
    assert!(pulling.iter().all(|pulling| (120.0..130.0).contains(pulling)), "{pulling:?}");
}

#[test]
fn unpacking_comes_after_the_transfer() {
    all_take(
        &pulling_s(&["workload.sidecar_image=", "kubelet.unpack=100MB/s", "image.kale.unpacked=4GB"]),
        65.0 + 40.0,
    );
}

#[test]
fn the_kubelet_starts_pulls_at_its_rate() {
    // The sidecar's pull takes the burst; the other one comes ten seconds later.
    all_take(&pulling_s(&["kubelet.pull_qps=0.1", "kubelet.pull_burst=1"]), 10.0 + 65.0);
}
