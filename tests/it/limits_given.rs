//! Subnets as sizes, and quotas of which something is in use, against the simulation.

use crate::simulated::simulate;
use scaleup::headroom::{ComeUp, Headroom, LimitVerdict, come_up, headroom};
use scaleup::model::Plan;
use scaleup::scenario::{Setting, load};
use std::path::Path;

/// How many nodes were launched, with a horizon that ends it.
fn launched(settings: &[&str]) -> usize {
    let simulated = simulate("eks", &[&["cluster.target_nodes=100", "run.horizon=30m"], settings].concat());
    simulated.record.nodes.iter().filter(|node| node.requested.is_none() || node.launched.is_some()).count()
}

#[test]
fn what_other_instances_use_of_the_quota_is_not_there() {
    // Nodes of 16 vCPUs.
    assert_eq!(launched(&["cloud.vcpu_quota=800"]), 50);
    assert_eq!(launched(&["cloud.vcpu_quota=800", "cloud.vcpus_in_use=160"]), 40);
    let settings = ["cluster.target_nodes=100", "cloud.vcpu_quota=800", "cloud.vcpus_in_use=160"];
    let settings: Vec<Setting> = settings.iter().map(|text| Setting::new("--set", *text)).collect();
    let limits = headroom(&Plan::new(&load(Path::new("eks"), &settings).expect("it is fine").scenario));
    let quota = limits.iter().find(|limit| limit.limit == "vcpu-quota").expect("it is checked");
    assert_eq!((quota.need, quota.have), (100 * 16 + 160, Some(800)));
    assert!(quota.when.as_deref().is_some_and(|when| when.starts_with("at node 41 of 100")), "{:?}", quota.when);
}

#[test]
fn a_subnet_of_a_size_is_as_many_free_addresses() {
    let free = |settings: &[&str]| simulate("eks", settings).record.held.free_addresses[0];
    let nodes = "cluster.target_nodes=20";
    assert_eq!(free(&[nodes, "zone.us-east-1a.subnet=/22"]), free(&[nodes, "zone.us-east-1a.free_addresses=1019"]));
    let in_use = ["zone.us-east-1a.subnet=10.0.4.0/22", "zone.us-east-1a.in_use=19", nodes];
    assert_eq!(free(&in_use), free(&[nodes, "zone.us-east-1a.free_addresses=1000"]));
}

/// How many nodes come up by arithmetic, and the limits.
fn check(scenario: &str, settings: &[&str]) -> (ComeUp, Vec<Headroom>) {
    let settings: Vec<Setting> = settings.iter().map(|text| Setting::new("--set", *text)).collect();
    let loaded = load(Path::new(scenario), &settings).unwrap_or_else(|problems| panic!("{problems}"));
    let plan = Plan::new(&loaded.scenario);
    (come_up(&plan), headroom(&plan))
}

#[test]
fn a_quota_of_2000_vcpus_and_subnets_of_22_bits_are_answered_with_how_many_nodes_come_up() {
    let fill = ["cluster.target_nodes=300", "cloud.vcpu_quota=2000", "cni.pod_addresses=false"];
    // 2,000 / 16, and with 60 addresses for a full node 1,019 / 60 in each of three zones beside the initial ones.
    assert_eq!(check("eks", &fill).0, ComeUp { nodes: 125, with_addresses: 125 });
    let subnets = ["a", "b", "c"].map(|zone| format!("zone.us-east-1{zone}.subnet=/22"));
    let subnets: Vec<&str> = subnets.iter().map(String::as_str).chain(["cluster.target_nodes=300"]).collect();
    let (nodes, limits) = check("eks", &subnets);
    let each = limits.iter().find(|limit| limit.limit == "free-addresses").expect("it is checked").need / 99;
    assert_eq!(u64::from(nodes.with_addresses), 3 + 3 * (1019 / each));
    // Launches go on while the first nodes' pods take addresses.
    assert_eq!(nodes.nodes, simulate("eks", &subnets).record.held.ready_nodes);
}

#[test]
fn replicas_that_fill_fewer_nodes_than_asked_for_are_said() {
    let (_, limits) = check("plain-eks", &["cluster.target_nodes=300"]);
    let found = limits.iter().find(|limit| limit.limit == "replicas").expect("700 replicas fill 100 nodes");
    assert_eq!((found.need, found.have, found.verdict), (300, Some(100), LimitVerdict::Advice));
    assert!(check("plain-eks", &[]).1.iter().all(|limit| limit.limit != "replicas"));
}

#[test]
fn pulls_are_always_listed() {
    let (_, limits) = check("plain-eks", &["image.app.registry=docker-hub"]);
    let found = limits.iter().find(|limit| limit.key == "registry.docker-hub.plan").expect("nodes pull from it");
    assert_eq!((found.need, found.verdict), (97, LimitVerdict::NotStated));
}
