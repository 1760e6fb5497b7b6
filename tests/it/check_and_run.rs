//! What `check` says by arithmetic is what `run` finds: how many nodes come up, and what stops them first.

use proptest::prelude::*;
use scaleup::experiment::observe;
use scaleup::headroom::{Headroom, LimitVerdict, come_up, headroom};
use scaleup::model::record::{LimitHit, Record};
use scaleup::model::{Plan, Simulator};
use scaleup::scenario::{BUILT_IN, Setting, load};
use scaleup::time::Span;
use std::path::Path;

/// What can keep nodes from coming up.
const STOPS: [&str; 3] = ["vcpu-quota", "zone-capacity", "free-addresses"];

fn plan(scenario: &Path, settings: &[String]) -> Plan {
    let settings: Vec<Setting> = settings.iter().map(|text| Setting::new("--set", text.as_str())).collect();
    Plan::new(&load(scenario, &settings).unwrap_or_else(|problems| panic!("{problems}")).scenario)
}

/// The first limit that stops nodes, by arithmetic.
fn first(limits: &[Headroom]) -> Option<&Headroom> {
    let stops = |limit: &&Headroom| limit.verdict == LimitVerdict::Binds && limit.node.is_some();
    limits.iter().filter(stops).min_by_key(|limit| limit.at)
}

/// Panics where the two disagree.
fn assert_agreement(what: &str, plan: &Plan, record: &Record) {
    let (expected, limits) = (come_up(plan), headroom(plan));
    let up = observe(record, plan.scenario().run.curve_step, 0).nodes_up;
    assert_eq!(expected.nodes, up, "{what}: nodes that come up; {:?}", record.limits);
    let hits: Vec<&LimitHit> = record.limits.iter().filter(|hit| STOPS.contains(&hit.kind.as_str())).collect();
    let told = |kind: &str| {
        let verdicts = limits.iter().filter(|one| one.limit == kind).map(|one| one.verdict);
        verdicts.into_iter().any(|verdict| matches!(verdict, LimitVerdict::Binds | LimitVerdict::Delays))
    };
    // Where a zone is full, its nodes are asked for in others, which may be full then.
    let a_zone = told("zone-capacity") || told("free-addresses");
    for hit in &hits {
        assert!(told(&hit.kind) || a_zone && hit.kind != "vcpu-quota", "{what}: {} was hit; {limits:?}", hit.kind);
    }
    if expected.with_addresses == plan.nodes() {
        return;
    }
    let Some(first) = first(&limits) else { panic!("{what}: nothing stops nodes, and {up} of {} came", plan.nodes()) };
    // A zone that is full while others have room only delays.
    let stops = |kind: &str| limits.iter().any(|one| one.limit == kind && one.verdict == LimitVerdict::Binds);
    let earliest = hits.iter().filter(|hit| stops(&hit.kind)).min_by_key(|hit| hit.first);
    let Some(earliest) = earliest else { panic!("{what}: no limit was hit that stops nodes") };
    // What binds in the same launch call, of any group: each has a delay of its own.
    let cloud = &plan.scenario().cloud;
    let call = Span::from_secs_f64(cloud.launch_interval.mean() + 2.0 * cloud.scaling_delay.mean());
    let same_call = first.at.map_or(Span::ZERO, |at| at + call);
    let in_the_call = limits.iter().filter(|one| one.verdict == LimitVerdict::Binds && one.at <= Some(same_call));
    let simulated = hits.iter().find(|hit| hit.kind == first.limit);
    assert!(
        in_the_call.into_iter().any(|one| one.limit == earliest.kind)
            || simulated.is_some_and(|hit| hit.first <= earliest.first + call),
        "{what}: first {} and not {hits:?}",
        first.limit
    );
}

#[test]
fn they_agree_on_every_scenario_that_comes_with_the_program() {
    for (name, _) in BUILT_IN.descriptions() {
        let plan = plan(Path::new(&name), &["workload.run_time=none".to_owned()]);
        assert_agreement(&name, &plan, &Simulator::new().run(&plan, 1, 0, false));
    }
    for file in std::fs::read_dir("scenarios/measured").expect("the folder is there") {
        let file = file.expect("readable").path();
        let plan = plan(&file, &[]);
        assert_agreement(&file.display().to_string(), &plan, &Simulator::new().run(&plan, 1, 0, false));
    }
}

fn limit(key: &'static str, most: u32) -> impl Strategy<Value = Option<String>> {
    proptest::option::of((0..most).prop_map(move |value| format!("{key}={value}")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn they_agree_with_random_limits(
        target in 4..40_u32,
        limits in (
            limit("cloud.vcpu_quota", 700),
            limit("cloud.vcpus_in_use", 200),
            limit("zone.us-east-1a.capacity", 15),
            limit("zone.us-east-1b.capacity", 15),
            limit("zone.us-east-1c.free_addresses", 15),
        ),
        one_group in any::<bool>(),
        seed in 0..1000_u64,
    ) {
        let groups = if one_group { "one" } else { "per-zone" };
        let fixed = [format!("cluster.target_nodes={target}"), format!("cloud.node_groups={groups}")];
        let given = [limits.0, limits.1, limits.2, limits.3, limits.4].into_iter().flatten();
        let settings: Vec<String> = fixed.into_iter().chain(["cni.pod_addresses=false".to_owned()]).chain(given).collect();
        let plan = plan(Path::new("eks"), &settings);
        assert_agreement(&format!("{settings:?}, seed {seed}"), &plan, &Simulator::new().run(&plan, seed, 0, false));
    }

    /// Pods of the first nodes empty subnets while others are launched.
    #[test]
    fn they_agree_where_pods_take_addresses_of_several_subnets(
        target in 4..80_u32,
        free in (100..1500_u32, limit("zone.us-east-1b.free_addresses", 1500)),
        capacity in limit("zone.us-east-1c.capacity", 20),
        quota in limit("cloud.vcpu_quota", 1400),
        one_group in any::<bool>(),
    ) {
        let groups = if one_group { "one" } else { "per-zone" };
        let fixed = [
            format!("cluster.target_nodes={target}"),
            format!("cloud.node_groups={groups}"),
            format!("zone.us-east-1a.free_addresses={}", free.0),
        ];
        let settings: Vec<String> = fixed.into_iter().chain(free.1).chain(capacity).chain(quota).collect();
        let plan = plan(Path::new("eks"), &settings);
        assert_agreement(&format!("{settings:?}"), &plan, &Simulator::new().run(&plan, 1, 0, false));
    }

    #[test]
    fn they_agree_where_pods_take_addresses_of_one_subnet(
        target in 4..60_u32,
        free in 100..2000_u32,
        quota in limit("cloud.vcpu_quota", 1000),
        seed in 0..1000_u64,
    ) {
        let fixed = [
            format!("cluster.target_nodes={target}"),
            format!("zone.us-east-1a.free_addresses={free}"),
            "zone.us-east-1b=none".to_owned(),
            "zone.us-east-1c=none".to_owned(),
        ];
        let settings: Vec<String> = fixed.into_iter().chain(quota).collect();
        let plan = plan(Path::new("eks"), &settings);
        assert_agreement(&format!("{settings:?}, seed {seed}"), &plan, &Simulator::new().run(&plan, seed, 0, false));
    }
}
