//! Quota, capacity, addresses, and what the autoscaler makes of refused launches.

use super::simulated::{Simulated, minutes, simulate};
use scaleup::report::unready;

fn ekf(settings: &[&str]) -> Simulated {
    // Later settings hold: a test may turn these off.
    let first = ["autoscaler.early_abort=true", "zone.us-east-1a.capacity=none", "zone.us-east-1a.capacity_later=none"];
    simulate("ekf", &[&first[..], settings].concat())
}

fn nodes_ready(run: &Simulated) -> usize {
    run.record.nodes.iter().filter(|node| node.ready.is_some()).count()
}

#[test]
fn launches_beyond_the_vcpu_quota_are_refused_in_the_clouds_words_with_its_number() {
    let run = ekf(&["cluster.target_nodes=100", "cloud.vcpu_quota=1152"]);
    let hit = run.limit("vcpu-quota");
    assert_eq!(
        hit.message,
        "Could not launch On-Demand Instances. VcpuLimitExceeded - You have requested more vCPU capacity than your current vCPU limit of 1152 allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit. Launching EC2 instance failed."
    );
    // 1,152 vCPUs are 72 nodes of 16, the three that exist included.
    assert_eq!(nodes_ready(&run), 72);
    assert_eq!(run.ready_min("workload"), None);
    assert!((719.0..=720.0).contains(&minutes(run.record.end.at)), "it tries again until the horizon");
    assert!(
        unready::in_words(&run.record.end.waiting_for[0]).starts_with("28 replicas are unschedulable"),
        "{:?}",
        run.record.end.waiting_for
    );
}

#[test]
fn a_raised_quota_lets_the_scale_up_finish_after_the_back_off() {
    let raise = "cloud.vcpu_quota_raise={ at = \"40m\", to = 1600 }";
    let run = ekf(&["cluster.target_nodes=100", "cloud.vcpu_quota=1152", raise]);
    let ready = run.ready_min("nodes").expect("all nodes come");
    assert!((40.0..75.0).contains(&ready), "{ready}");
    assert_eq!(run.limit("vcpu-quota").message.matches("limit of 1152").count(), 1);
    assert!(run.record.end.ready);
}

#[test]
fn back_offs_double_from_5_to_30_minutes() {
    let run = ekf(&["cluster.target_nodes=100", "cloud.vcpu_quota=1152", "run.horizon=4h"]);
    // Each decision asks for the 28 missing nodes again: the gaps between decisions are back-off plus detection.
    let mut asked: Vec<f64> = run.record.nodes.iter().filter_map(|node| node.requested).map(minutes).collect();
    asked.dedup();
    let gaps: Vec<f64> = asked.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > 3.0).collect();
    for (gap, backoff) in gaps.iter().zip([5.0, 10.0, 20.0, 30.0, 30.0]) {
        assert!((backoff..backoff + 5.0).contains(gap), "{gaps:?}");
    }
    assert!(gaps.len() >= 5, "{gaps:?}");
}

#[test]
fn a_refused_launch_is_noticed_when_the_instances_are_read_again() {
    let failed_min = |interval: &str| {
        let interval = format!("autoscaler.instance_refresh_interval={interval}");
        let run = ekf(&["cluster.target_nodes=40", "zone.us-east-1a.capacity=5", &interval]);
        let failed = run.record.nodes.iter().filter_map(|node| node.failed).min();
        minutes(failed.expect("the zone is full"))
    };
    let (soon, late) = (failed_min("2m"), failed_min("13m"));
    assert!(soon < 6.0 && (13.0..13.5).contains(&late), "{soon} {late}");
}

#[test]
fn every_decision_takes_its_own_time() {
    let decision = "autoscaler.decision={ uniform = { low = \"1s\", high = \"9s\" } }";
    let run = ekf(&["cluster.target_nodes=9", "autoscaler.max_nodes_per_scale_up=1", decision]);
    let asked: Vec<f64> = run.record.nodes.iter().filter_map(|node| node.requested).map(minutes).collect();
    let gaps: Vec<f64> = asked.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(gaps.len(), 5, "{asked:?}");
    let all_alike = gaps.iter().all(|gap| (gap - gaps[0]).abs() < 1e-6);
    assert!(!all_alike, "{gaps:?}");
}

#[test]
fn before_version_1_24_a_refused_launch_is_only_noticed_by_the_time_out() {
    let settings = ["cluster.target_nodes=100", "zone.us-east-1a.capacity=10", "autoscaler.early_abort=false"];
    let old = ekf(&settings);
    let new = ekf(&settings[..2]);
    let timed_out = minutes(old.limit("provision-timeout").first);
    assert!((15.0..17.0).contains(&timed_out), "{timed_out}");
    assert!(new.record.limits.iter().all(|hit| hit.kind != "provision-timeout"));
    let (old, new) = (old.ready_min("nodes").expect("falls back"), new.ready_min("nodes").expect("falls back"));
    assert!((10.0..16.0).contains(&(old - new)), "{old} {new}");
}

#[test]
fn a_dry_zone_is_answered_with_the_zones_that_have_capacity() {
    let run = ekf(&["cluster.target_nodes=100", "zone.us-east-1a.capacity=10"]);
    assert_eq!(
        run.limit("zone-capacity").message,
        "Could not launch On-Demand Instances. InsufficientInstanceCapacity - We currently do not have sufficient m5d.4xlarge capacity in the Availability Zone you requested (us-east-1a). Our system will be working on provisioning additional capacity. You can currently get m5d.4xlarge capacity by not specifying an Availability Zone in your request or choosing us-east-1b, us-east-1c. Launching EC2 instance failed."
    );
    let in_zone = |zone| run.record.nodes.iter().filter(|node| node.ready.is_some() && node.zone.0 == zone).count();
    assert_eq!([in_zone(0), in_zone(0) + in_zone(1) + in_zone(2)], [11, 100]);
}

#[test]
fn one_group_over_all_zones_falls_back_within_the_same_call() {
    let settings = ["cluster.target_nodes=100", "cloud.node_groups=one"];
    let free = ekf(&settings);
    let dry = ekf(&[&settings[..], &["zone.us-east-1a.capacity=10"]].concat());
    let in_zone = |run: &Simulated, zone| {
        run.record.nodes.iter().filter(|node| node.ready.is_some() && node.zone.0 == zone).count()
    };
    assert_eq!([0, 1, 2].map(|zone| in_zone(&free, zone)), [34, 33, 33]);
    let zones = [0, 1, 2].map(|zone| in_zone(&dry, zone));
    assert_eq!((zones[0], zones[1] + zones[2]), (11, 89));
    assert!(dry.record.end.ready);
}

#[test]
fn capacity_that_arrives_later_is_used() {
    let settings = ["cluster.target_nodes=100", "zone.us-east-1a.capacity=60"];
    let only = "zone.us-east-1b.capacity=0";
    let last = "zone.us-east-1c.capacity=0";
    let later = "zone.us-east-1b.capacity_later={ at = \"1h\", add = 100 }";
    let run = ekf(&[&settings[..], &[only, last, later]].concat());
    let ready = run.ready_min("nodes").expect("capacity comes");
    assert!((60.0..100.0).contains(&ready), "{ready}");
    let never = ekf(&[&settings[..], &[only, last]].concat());
    assert_eq!(never.ready_min("nodes"), None);
}

#[test]
fn a_subnet_without_an_address_for_each_instance_refuses_the_others() {
    let free = ["a", "b", "c"].map(|zone| format!("zone.us-east-1{zone}.free_addresses=25"));
    let settings: Vec<&str> =
        std::iter::once("cluster.target_nodes=100").chain(free.iter().map(String::as_str)).collect();
    let run = ekf(&settings);
    assert_eq!(
        run.limit("free-addresses").message,
        "Amazon AutoScaling was unable to launch instances because there are not enough free addresses in the subnet associated with your AutoScaling group(s)."
    );
    assert_eq!(nodes_ready(&run), 3 + 3 * 25);
}

#[test]
fn above_a_thousand_nodes_the_launch_rate_binds() {
    let run = ekf(&["cluster.target_nodes=1500", "cloud.launch_batch=100", "workload.volume=\"shared\""]);
    assert_eq!(run.limit("launch-rate").message, "RequestLimitExceeded - Request limit exceeded.");
}
