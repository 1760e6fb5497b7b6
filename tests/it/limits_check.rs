//! `check`: limits by arithmetic, which the simulation confirms.

use super::simulated::simulate;
use scaleup::headroom::{Headroom, LimitVerdict, headroom};
use scaleup::model::Plan;
use scaleup::scenario::{Setting, load};
use std::path::Path;
use std::process::{Command, Output};

fn check(scenario: &str, settings: &[&str]) -> Vec<Headroom> {
    let settings: Vec<Setting> = settings.iter().map(|text| Setting::new("--set", *text)).collect();
    let loaded = load(Path::new(scenario), &settings).unwrap_or_else(|problems| panic!("{problems}"));
    headroom(&Plan::new(&loaded.scenario))
}

fn find<'h>(limits: &'h [Headroom], limit: &str) -> &'h Headroom {
    limits.iter().find(|found| found.limit == limit).expect("the limit is checked")
}

fn binary(arguments: &[&str]) -> Output {
    let run = Command::new(env!("CARGO_BIN_EXE_scaleup")).args(arguments).output();
    run.expect("the program can be started")
}

#[test]
fn the_quota_is_answered_with_the_number_to_ask_for() {
    let limits = check("vcpu-limit", &[]);
    let quota = find(&limits, "vcpu-quota");
    assert_eq!((quota.need, quota.have, quota.verdict), (4_800, Some(1_152), LimitVerdict::Binds));
    assert_eq!(quota.remedy.as_deref(), Some("ask for 4,800 vCPUs"));
    let when = quota.when.as_deref().expect("it binds some time");
    assert!(when.starts_with("at node 73 of 300, about "), "{when}");
    assert_eq!(quota.message, Some(simulate("vcpu-limit", &[]).limit("vcpu-quota").message.clone()));
    assert_eq!(find(&check("vcpu-limit-raised", &[]), "vcpu-quota").verdict, LimitVerdict::Delays);
    assert_eq!(find(&check("ekf", &[]), "vcpu-quota").verdict, LimitVerdict::NotStated);
}

#[test]
fn subnets_pulls_and_zones_are_answered_with_their_remedies() {
    let remedy = |scenario: &str, settings: &[&str], limit: &str| {
        let limits = check(scenario, settings);
        let found = find(&limits, limit);
        assert!(matches!(found.verdict, LimitVerdict::Binds | LimitVerdict::Advice), "{found:?}");
        found.remedy.clone().expect("what binds has a remedy")
    };
    assert_eq!(
        remedy("address-exhaustion", &[], "free-addresses"),
        "free 3,957 addresses, or give this zone a /19 subnet"
    );
    assert_eq!(
        remedy("docker-hub", &[], "registry-pulls"),
        "2 more NAT gateways, or a paid plan, or a private registry"
    );
    assert_eq!(
        remedy("zone-capacity", &[], "zone-capacity"),
        "ask for 147 more instances here, or add a node group in another Availability Zone"
    );
    assert_eq!(remedy("ekf", &[], "etcd-disk"), "io1 above 100 nodes");
    assert!(remedy("out-of-support", &[], "support").ends_with("201 nodes and more are out of support"));
    assert!(remedy("no-scale-in-protection", &[], "scale-in-protection").starts_with("set scale-in protection"));
    assert!(remedy("ekf", &["cluster.target_nodes=150"], "support").starts_with("submit a support ticket"));
}

/// The first launches are asked for 28 s after the Deployment's creation: half a loop, the decision, the group's delay.
const PACE: [&str; 6] = [
    "autoscaler.scan_interval=10s",
    "autoscaler.decision=3s",
    "cloud.scaling_delay=20s",
    "cloud.launch_batch=5",
    "cloud.launch_interval=30s",
    "autoscaler.early_abort=true",
];

#[test]
fn a_limit_binds_when_the_launches_have_come_so_far_at_their_pace() {
    let when = |scenario: &str, settings: &[&str], limit: &str| {
        let limits = check(scenario, &[&PACE[..], settings].concat());
        find(&limits, limit).when.clone().expect("it binds some time")
    };
    let after = |node: u32, time: &str| format!("at node {node} of 300, about {time} after the Deployment's creation");
    // The 70th new node is in the fifth call of each of three groups, and in the 14th of one.
    assert_eq!(when("vcpu-limit", &[], "vcpu-quota"), after(73, "2m 28s"));
    assert_eq!(when("vcpu-limit", &["cloud.node_groups=one"], "vcpu-quota"), after(73, "6m 58s"));
    // A zone takes every third node: it is full with the 31st, and where it has addresses for 33, with the 100th.
    let turns = "; the autoscaler turns to other zones up to 3m 00s later";
    assert_eq!(
        when("ekf", &["zone.us-east-1a.capacity=10", "zone.us-east-1a.capacity_later=none"], "zone-capacity"),
        after(34, "1m 28s") + turns
    );
    // Pods find no address any more when the simulation says so.
    let hit = simulate("address-exhaustion", &PACE).limit("free-addresses").first.as_secs_f64().round() as u64;
    assert_eq!(
        when("address-exhaustion", &[], "free-addresses"),
        after(103, &format!("{}m {:02}s", hit / 60, hit % 60))
    );
    assert_eq!(when("zone-capacity", &[], "zone-capacity"), after(154, "15m 28s"), "no other zone to turn to");
}

#[test]
fn each_zone_needs_its_share_of_the_new_nodes_and_no_zone_more_than_one_above_another() {
    let each = ["zone.us-east-1a.capacity=40", "zone.us-east-1b.capacity=40", "zone.us-east-1c.capacity=40"];
    for (nodes, shares) in [(100, [33, 32, 32]), (101, [33, 33, 32]), (102, [33, 33, 33])] {
        let nodes = format!("cluster.target_nodes={nodes}");
        let limits = check("ekf", &[&each[..], &[nodes.as_str()]].concat());
        let zones = limits.iter().filter(|found| found.limit == "zone-capacity");
        assert_eq!(zones.map(|found| found.need).collect::<Vec<_>>(), shares, "{nodes}");
    }
}

#[test]
fn addresses_bind_where_all_zones_together_have_too_few() {
    let verdict = |each: u32| {
        let free = ["a", "b", "c"].map(|zone| format!("zone.us-east-1{zone}.free_addresses={each}"));
        let limits = check("ekf", &[&["cluster.target_nodes=100"], &free.each_ref().map(String::as_str)[..]].concat());
        find(&limits, "free-addresses").verdict
    };
    // 97 new nodes take 60 addresses each: 33 nodes in one zone, 32 in the others.
    assert_eq!([1_919, 1_920, 1_980].map(verdict), [LimitVerdict::Binds, LimitVerdict::Binds, LimitVerdict::Fits]);
}

#[test]
fn launches_beyond_the_burst_take_their_number_over_the_rate() {
    let rate = ["cluster.target_nodes=103", "cloud.launch_instances_burst=50", "cloud.launch_instances_per_s=2"];
    let limits = check("ekf", &rate);
    let when = find(&limits, "launch-rate").when.as_deref().expect("50 launches wait").to_owned();
    assert!(when.contains("the launches take at least 25"), "{when}");
}

#[test]
fn a_node_pulls_every_image_of_a_registry() {
    let need = |settings: &[&str]| find(&check("docker-hub", settings), "registry-pulls").need;
    assert_eq!(need(&[]), 297);
    assert_eq!(need(&["image.kale.registry=docker-hub"]), 2 * 297);
}

#[test]
fn what_binds_by_arithmetic_is_hit_by_the_simulation_and_what_fits_is_not() {
    for scenario in ["vcpu-limit", "zone-capacity", "address-exhaustion", "docker-hub", "docker-hub-paid", "supported"]
    {
        let run = simulate(scenario, &["workload.run_time=none"]);
        for found in check(scenario, &[]) {
            let hit = run.record.limits.iter().find(|hit| hit.kind == found.limit);
            match found.verdict {
                LimitVerdict::Binds if found.limit != "support" => {
                    assert_eq!(hit.map(|hit| &hit.message), found.message.as_ref(), "{scenario}: {}", found.limit);
                }
                LimitVerdict::Fits => assert_eq!(hit, None, "{scenario}: {}", found.limit),
                _ => {}
            }
        }
    }
}

#[test]
fn strict_answers_with_exit_code_3_and_only_then() {
    let strict = binary(&["check", "vcpu-limit", "--strict"]);
    assert_eq!(strict.status.code(), Some(3));
    assert_eq!(binary(&["check", "vcpu-limit"]).status.code(), Some(0));
    assert_eq!(binary(&["check", "supported", "--strict"]).status.code(), Some(0));
    let answer = String::from_utf8_lossy(&strict.stdout).into_owned();
    assert!(answer.starts_with("No: 72 of 300 nodes come up; first vcpu-quota, at node 73 of 300, about "), "{answer}");
    assert!(answer.contains("needs 4,800 vCPUs, has 1,152"), "{answer}");
}

#[test]
fn json_has_every_limit_with_need_have_and_verdict() {
    let output = binary(&["check", "docker-hub", "--json"]);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!((&document["command"], &document["cases"][0]["target_nodes"]), (&"check".into(), &300.into()));
    let limits = document["cases"][0]["limits"].as_array().expect("a list");
    let pulls = limits.iter().find(|limit| limit["limit"] == "registry-pulls").expect("it is checked");
    assert_eq!((&pulls["need"], &pulls["have"], &pulls["verdict"]), (&297.into(), &100.into(), &"binds".into()));
}

#[test]
fn what_several_daemonsets_take_to_drain_adds_up() {
    let csi = "daemonset.rok-csi.drain={ volumes = 3, unpin = \"20s\", guard = \"7s\" }";
    let need = |more: &[&str]| {
        let settings = ["cloud.scale_in_protection=false", "workload.run_time=1h"];
        find(&check("ekf", &[&settings, more].concat()), "scale-in-protection").need
    };
    assert_eq!(need(&[csi]), need(&[]) + 67);
}
