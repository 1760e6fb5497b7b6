//! `check`: limits by arithmetic, which the simulation confirms.

use super::simulated::simulate;
use scaleup::model::Plan;
use scaleup::model::headroom::{Headroom, Verdict, headroom};
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
    assert_eq!((quota.need, quota.have, quota.verdict), (4_800, Some(1_152), Verdict::Binds));
    assert_eq!(quota.remedy.as_deref(), Some("ask for 4,800 vCPUs"));
    let when = quota.when.as_deref().expect("it binds some time");
    assert!(when.starts_with("at node 73 of 300, about "), "{when}");
    assert_eq!(quota.message, Some(simulate("vcpu-limit", &[]).limit("vcpu-quota").message.clone()));
    assert_eq!(find(&check("vcpu-limit-raised", &[]), "vcpu-quota").verdict, Verdict::Delays);
    assert_eq!(find(&check("ekf", &[]), "vcpu-quota").verdict, Verdict::NotStated);
}

#[test]
fn subnets_pulls_and_zones_are_answered_with_their_remedies() {
    let remedy = |scenario: &str, settings: &[&str], limit: &str| {
        let limits = check(scenario, settings);
        let found = find(&limits, limit);
        assert!(matches!(found.verdict, Verdict::Binds | Verdict::Advice), "{found:?}");
        found.remedy.clone().expect("what binds has a remedy")
    };
    assert_eq!(
        remedy("address-exhaustion", &[], "free-addresses"),
        "free 1,909 addresses, or give this zone a /19 subnet"
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

#[test]
fn what_binds_by_arithmetic_is_hit_by_the_simulation_and_what_fits_is_not() {
    for scenario in ["vcpu-limit", "zone-capacity", "address-exhaustion", "docker-hub", "docker-hub-paid", "supported"]
    {
        let run = simulate(scenario, &["workload.run_time=none"]);
        for found in check(scenario, &[]) {
            let hit = run.record.limits.iter().find(|hit| hit.kind == found.limit);
            match found.verdict {
                Verdict::Binds if found.limit != "support" => {
                    assert_eq!(hit.map(|hit| &hit.message), found.message.as_ref(), "{scenario}: {}", found.limit);
                }
                Verdict::Fits => assert_eq!(hit, None, "{scenario}: {}", found.limit),
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
    assert!(answer.starts_with("300 nodes: these bind: support, vcpu-quota\n"), "{answer}");
    assert!(answer.contains("needs 4,800 vCPUs, has 1,152"), "{answer}");
}

#[test]
fn json_has_every_limit_with_need_have_and_verdict() {
    let output = binary(&["check", "docker-hub", "--json"]);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!((&document["command"], &document["target_nodes"]), (&"check".into(), &300.into()));
    let limits = document["limits"].as_array().expect("a list");
    let pulls = limits.iter().find(|limit| limit["limit"] == "registry-pulls").expect("it is checked");
    assert_eq!((&pulls["need"], &pulls["have"], &pulls["verdict"]), (&297.into(), &100.into(), &"binds".into()));
}
