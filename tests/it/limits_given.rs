//! Subnets as sizes, and quotas of which something is in use, against the simulation.

use crate::simulated::simulate;
use scaleup::headroom::headroom;
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
