//! Runs that cannot finish end by themselves, say so, and say why.

use crate::model_cases::{SEED, plan};
use crate::model_checks;
use scaleup::engine::StopReason;
use scaleup::model::record::{Cause, Record, Unready};
use scaleup::model::{Bounds, Plan, Simulator};
use scaleup::report::unready;
use scaleup::scenario::{Setting, load};
use scaleup::time::{Span, Time};

const TWELVE_HOURS: Time = Time::from_nanos(12 * 3600 * 1_000_000_000);

/// A scale-up to 30 nodes that does not become ready.
fn stuck(settings: &[&str]) -> Record {
    let settings: Vec<&str> =
        ["cluster.target_nodes=30", "autoscaler.early_abort=true"].iter().chain(settings).copied().collect();
    let plan = plan(&settings);
    let record = Simulator::new().run(&plan, SEED, 0, true);
    model_checks::all_hold(&plan, &record);
    assert!(!record.end.ready && !record.end.waiting_for.is_empty(), "{:?}", record.end);
    record
}

fn kinds(record: &Record) -> Vec<&str> {
    record.limits.iter().map(|limit| limit.kind.as_str()).collect()
}

fn ready_nodes(record: &Record) -> usize {
    record.nodes.iter().filter(|node| node.ready.is_some()).count()
}

fn waits_for(record: &Record, what: &str) {
    assert!(
        unready::lines(&record.end.waiting_for).iter().any(|line| line == what),
        "{what}: {:?}",
        record.end.waiting_for
    );
}

#[test]
fn a_vcpu_quota_for_ten_nodes_leaves_twenty_replicas_without_one() {
    let record = stuck(&["cloud.vcpu_quota=165"]);
    assert_eq!((ready_nodes(&record), record.end.reason, record.end.at), (10, StopReason::Horizon, TWELVE_HOURS));
    assert_eq!(unready::in_words(&record.end.waiting_for[0]), "20 replicas are unschedulable: no node has room");
    let quota = record.limits.iter().find(|limit| limit.kind == "vcpu-quota").expect("the quota is hit");
    assert!(quota.message.contains("your current vCPU limit of 165 allows"), "{}", quota.message);
    assert!(quota.first < quota.last && quota.count > 10, "{quota:?}");
}

#[test]
fn without_capacity_in_one_zone_the_others_take_its_nodes() {
    let plan = plan(&["cluster.target_nodes=30", "zone.us-east-1b.capacity=0"]);
    let record = Simulator::new().run(&plan, SEED, 0, true);
    model_checks::all_hold(&plan, &record);
    assert!(record.end.ready, "{:?}", record.end);
    let in_zone = |zone: u16| record.nodes.iter().filter(|node| node.zone.0 == zone && node.ready.is_some()).count();
    assert_eq!((in_zone(1), in_zone(0) + in_zone(2)), (1, 29), "the initial node stays");
    let capacity = record.limits.iter().find(|limit| limit.kind == "zone-capacity").expect("capacity is hit");
    assert!(capacity.message.contains("in the Availability Zone you requested (us-east-1b)"), "{}", capacity.message);
    assert!(capacity.message.contains("or choosing us-east-1a, us-east-1c."), "{}", capacity.message);
    let failed = record.nodes.iter().filter(|node| node.failed.is_some());
    assert!(failed.clone().all(|node| node.zone.0 == 1 && node.launched.is_none()) && failed.count() > 5);
}

#[test]
fn without_capacity_in_any_zone_nothing_is_launched() {
    let record = stuck(&["zone.us-east-1a.capacity=0", "zone.us-east-1b.capacity=0", "zone.us-east-1c.capacity=0"]);
    assert_eq!((ready_nodes(&record), record.end.reason), (3, StopReason::Horizon));
    waits_for(&record, "27 replicas are unschedulable: no node has room");
    let message = &record.limits.iter().find(|limit| limit.kind == "zone-capacity").expect("it is hit").message;
    assert!(message.contains("capacity by not specifying an Availability Zone in your request."), "{message}");
}

#[test]
fn a_failed_group_is_left_alone_for_longer_each_time_up_to_half_an_hour() {
    let record = stuck(&["zone.us-east-1a.capacity=0", "zone.us-east-1b.capacity=0", "zone.us-east-1c.capacity=0"]);
    let mut asked: Vec<f64> = record.nodes.iter().filter_map(|node| node.requested).map(Time::as_secs_f64).collect();
    asked.dedup();
    let mut pauses: Vec<f64> = asked.windows(2).map(|pair| pair[1] - pair[0]).filter(|pause| *pause > 60.0).collect();
    let first = pauses.remove(0);
    assert!((300.0..540.0).contains(&first), "five minutes after the failure is noticed: {first}");
    for (place, pause) in pauses.iter().enumerate() {
        let backoff = if place == 0 {
            600.0
        } else if place == 1 {
            1200.0
        } else {
            1800.0
        };
        assert!((backoff..backoff + 300.0).contains(pause), "pause {place}: {pauses:?}");
    }
    assert!(pauses.len() > 10);
}

#[test]
fn too_few_addresses_keep_nodes_away() {
    let few: Vec<String> =
        ["a", "b", "c"].iter().map(|zone| format!("zone.us-east-1{zone}.free_addresses=5")).collect();
    let few: Vec<&str> = few.iter().map(String::as_str).collect();
    let record = stuck(&few);
    // Five addresses are five instances, in each zone.
    assert_eq!(ready_nodes(&record), 3 + 15);
    waits_for(&record, "12 replicas are unschedulable: no node has room");
    let addresses = record.limits.iter().find(|limit| limit.kind == "free-addresses").expect("they are used up");
    assert!(addresses.message.contains("not enough free addresses in the subnet"), "{}", addresses.message);
}

#[test]
fn one_pull_in_six_hours_behind_one_address_starves_the_replicas() {
    let record = stuck(&["registry.docker-hub.pulls_per_window=1"]);
    assert_eq!(record.end.at, TWELVE_HOURS);
    // One pull at first, one more after six hours.
    waits_for(&record, "28 replicas wait for images");
    let refused = record.limits.iter().find(|limit| limit.kind == "registry-pulls").expect("pulls are refused");
    assert!(refused.message.starts_with("image \"docker.io/istio/proxyv2:1.9.6\": "), "{}", refused.message);
    assert!(refused.message.ends_with("https://www.docker.com/increase-rate-limit"), "{}", refused.message);
    let backing_off = record
        .waits
        .iter()
        .filter(|wait| wait.cause == Cause::Backoff && record.resources[wait.resource] == "registry docker-hub");
    assert!(backing_off.count() > 28 * 12 * 6, "every replica tries every five minutes");
}

#[test]
fn an_address_per_node_gives_each_its_own_pulls() {
    let plan =
        plan(&["cluster.target_nodes=30", "registry.docker-hub.pulls_per_window=1", "cloud.egress=address-per-node"]);
    let record = Simulator::new().run(&plan, SEED, 0, false);
    assert!(record.end.ready && !kinds(&record).contains(&"registry-pulls"), "{:?}", record.limits);
}

#[test]
fn a_gateway_per_zone_triples_the_pulls() {
    let settings = ["registry.docker-hub.pulls_per_window=2", "run.horizon=3h", "cloud.egress=nat-gateway-per-zone"];
    waits_for(&stuck(&settings), "24 replicas wait for images");
    waits_for(&stuck(&settings[..2]), "28 replicas wait for images");
}

#[test]
fn replicas_beyond_the_largest_cluster_stay_unschedulable() {
    let record = stuck(&["workload.replicas=35"]);
    assert_eq!((ready_nodes(&record), record.nodes.len()), (30, 30));
    assert_eq!(record.stages[0].desired, 35);
    waits_for(&record, "5 replicas are unschedulable: no node has room");
    let limit = record.limits.iter().find(|limit| limit.kind == "max-nodes").expect("the limit is hit");
    assert!(limit.message.contains("max cluster size reached (cluster.target_nodes = 30)"), "{}", limit.message);
}

#[test]
fn a_short_horizon_says_how_far_it_got() {
    let record = stuck(&["run.horizon=150s"]);
    assert_eq!((record.end.reason, record.end.at), (StopReason::Horizon, Time::ZERO + Span::from_secs(150)));
    assert!(record.end.waiting_for.len() > 3, "{:?}", record.end.waiting_for);
}

#[test]
fn the_end_before_anything_was_created_counts_the_replicas_that_are_missing() {
    let record = stuck(&["run.horizon=1ns"]);
    assert_eq!(unready::lines(&record.end.waiting_for), ["30 replicas are not created yet"]);
}

#[test]
fn an_event_limit_ends_a_run_and_says_so() {
    let record = stuck(&["run.max_events=700"]);
    assert_eq!((record.end.reason, record.end.events), (StopReason::EventLimit, 700));
}

#[test]
fn nodes_that_boot_too_slowly_are_given_up_and_asked_for_again() {
    let record = stuck(&["cloud.boot=20m", "run.horizon=2h"]);
    assert_eq!(ready_nodes(&record), 3);
    let limit = record.limits.iter().find(|limit| limit.kind == "provision-timeout").expect("they time out");
    assert!(limit.message.contains("did not register within 15m"), "{}", limit.message);
    let failed = record.nodes.iter().filter_map(|node| Some(node.failed? - node.requested?));
    let failed: Vec<Span> = failed.collect();
    assert!(failed.len() > 50 && failed.iter().all(|after| *after >= Span::from_secs(900)), "{failed:?}");
    assert!(failed.iter().all(|after| *after < Span::from_secs(930)), "noticed with the next loop: {failed:?}");
}

#[test]
fn the_most_numerous_reason_comes_first() {
    let record = stuck(&["cloud.vcpu_quota=165", "run.horizon=3m"]);
    let counts: Vec<u32> = record.end.waiting_for.iter().map(Unready::count).collect();
    assert!(counts.len() > 3, "{counts:?}");
    assert!(counts.is_sorted_by(|a, b| a >= b), "{:?}", record.end.waiting_for);
}

#[test]
fn nodes_that_were_given_up_return_what_they_held() {
    // Thirty nodes fit into each limit, and no more; all are given up again and again.
    for limit in ["cloud.vcpu_quota=480", "zone.us-east-1a.capacity=9", "zone.us-east-1a.free_addresses=9"] {
        let record = stuck(&["cloud.boot=20m", "run.horizon=2h", limit]);
        assert_eq!(kinds(&record), ["provision-timeout"; 3], "{limit}: {:?}", record.limits);
        let launched = record.nodes.iter().filter(|node| node.launched.is_some()).count();
        assert!(launched >= 4 * 27, "{limit}: {launched} were launched");
    }
}

#[test]
fn a_node_that_was_given_up_is_never_launched() {
    let slow = ["cloud.launch_instances_per_s=0.01", "cloud.launch_instances_burst=1"];
    let record = stuck(&[&slow[..], &["autoscaler.max_node_provision_time=3m", "run.horizon=1h"]].concat());
    let never = record.nodes.iter().filter(|node| node.failed.is_some() && node.launched.is_none());
    assert!(never.count() > 10);
}

#[test]
fn what_is_granted_after_the_end_is_waited_for_until_the_end() {
    let small = ["workload.vcpus=1", "workload.memory=2GiB", "scheduler.bind_qps=1", "run.horizon=3m"];
    let record = stuck(&small);
    let cut = record
        .waits
        .iter()
        .filter(|wait| wait.to == record.end.at && record.resources[wait.resource] == "scheduler-bindings");
    assert!(cut.count() > 5);
}

/// Why a scale-up to 30 nodes never ends where little is allowed, in the words of its first line.
fn ended_because(set: &[&str]) -> String {
    let settings: Vec<Setting> = ["cluster.target_nodes=30", "run.horizon=365d", "run.curve_step=1h"]
        .iter()
        .chain(set)
        .map(|setting| Setting::new("--set", *setting))
        .collect();
    let loaded = load(std::path::Path::new("ekf.toml"), &settings).unwrap_or_else(|problems| panic!("{problems}"));
    let bounds = Bounds { nodes: 1_000, events_at_one_instant: 10_000, remembered_mib: 3 };
    let record = Simulator::within(bounds).run(&Plan::new(&loaded.scenario), 1, 0, true);
    unready::in_words(record.end.waiting_for.first().expect("it did not end ready"))
}

#[test]
fn nodes_that_fail_without_end_end_the_run() {
    assert_eq!(
        ended_because(&["autoscaler.max_node_provision_time=1s"]),
        "run.horizon: 1000 nodes were asked for before it, since those that fail are asked for again; make it shorter, \
         or see what makes nodes fail: limits, [fault], autoscaler.max_node_provision_time"
    );
}

/// With nothing between one refusal and the next, time would stand still for ever.
#[test]
fn events_that_repeat_at_one_instant_end_the_run() {
    assert_eq!(
        ended_because(&["cloud.vcpu_quota=160", "cloud.launch_retry=0s"]),
        "something is repeated without a pause: more than 10000 events after 10.3s; make one of these longer than nothing: \
         cloud.launch_retry"
    );
}

/// The events are counted over all looks at how much is remembered, of which there are several.
#[test]
fn as_many_events_as_allowed_end_the_run() {
    assert_eq!(
        ended_because(&["cluster.target_nodes=200", "run.max_events=23456"]),
        "run.max_events: 23456 events were handled, and more were to come"
    );
}

#[test]
fn attempts_that_are_repeated_without_end_end_the_run() {
    assert_eq!(
        ended_because(&["registry.docker-hub.pulls_per_window=1", "registry.docker-hub.window=365d"]),
        "run.horizon: waits and flaps before it would take 3 MiB of memory; make it shorter, or see what is retried or flaps \
         without end"
    );
}
