//! Every trouble that the document describes, and its remedies: the message, the time, and how it ends.

use super::simulated::{Simulated, minutes, simulate};
use scaleup::report::unready;
use std::ops::Range;

const VCPU: &str = "Could not launch On-Demand Instances. VcpuLimitExceeded - You have requested more vCPU capacity than your current vCPU limit of 1152 allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit. Launching EC2 instance failed.";
const CAPACITY: &str = "Could not launch On-Demand Instances. InsufficientInstanceCapacity - We currently do not have sufficient m5d.4xlarge capacity in the Availability Zone you requested (us-east-1a). Our system will be working on provisioning additional capacity. You can currently get m5d.4xlarge capacity by not specifying an Availability Zone in your request or choosing us-east-1b, us-east-1c. Launching EC2 instance failed.";
const ADDRESSES: &str = "Unable to attach IPs/Prefixes for the ENI, subnet doesn't seem to have enough IPs/Prefixes. Consider using new subnet or carve a reserved range using create-subnet-cidr-reservation";
const PULLS: &str = "image \"docker.io/istio/proxyv2:1.9.6\": rpc error: code = Unknown desc = Error response from daemon: toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit";

/// The workload ends, so that the cluster shrinks again.
const CYCLE: &str = "workload.run_time=30m";

/// Nothing is left of the scale-up but the initial nodes.
fn assert_returned(run: &Simulated) {
    assert!(run.record.end.ready, "{:?}", run.record.end);
    assert_eq!((run.record.held.ready_nodes, run.record.held.vcpus, run.record.members), (3, 48, 3));
    assert!(run.ready_min("scale-down") > run.ready_min("workload"));
}

/// The scale-up ends at its horizon with that many Ready nodes.
fn assert_stuck(run: &Simulated, ready: u32, waiting_for: &[&str]) {
    assert_eq!(run.ready_min("workload"), None);
    assert_eq!(run.ready_min("scale-down"), None);
    assert_eq!(run.record.held.ready_nodes, ready);
    assert!((719.0..=720.0).contains(&minutes(run.record.end.at)), "{:?}", run.record.end);
    for words in waiting_for {
        let waits = unready::lines(&run.record.end.waiting_for);
        assert!(waits.iter().any(|line| line.contains(words)), "{words} is not in {waits:?}");
    }
}

fn assert_within(minutes: Option<f64>, range: Range<f64>) {
    assert!(minutes.is_some_and(|minutes| range.contains(&minutes)), "{minutes:?} is not in {range:?}");
}

fn assert_nothing_hit(run: &Simulated, kind: &str) {
    assert!(run.record.limits.iter().all(|hit| hit.kind != kind), "{:?}", run.record.limits);
}

#[test]
fn vcpu_limit() {
    let run = simulate("vcpu-limit", &[CYCLE]);
    assert_eq!(run.limit("vcpu-quota").message, VCPU);
    assert_within(Some(minutes(run.limit("vcpu-quota").first)), 0.2..6.0);
    assert_stuck(&run, 72, &["228 replicas are unschedulable", "node groups are Degraded: vcpu-quota (us-east-1a"]);
    let raised = simulate("vcpu-limit-raised", &[CYCLE]);
    assert_eq!(raised.limit("vcpu-quota").message, VCPU);
    assert_within(raised.ready_min("nodes"), 42.0..85.0);
    assert_returned(&raised);
}

#[test]
fn zone_capacity() {
    let run = simulate("zone-capacity", &[CYCLE]);
    assert_eq!(run.limit("zone-capacity").message, CAPACITY);
    assert_stuck(
        &run,
        153,
        &["147 replicas are unschedulable", "1 node group is Degraded: zone-capacity (us-east-1a)"],
    );
    let second = simulate("zone-capacity-second-group", &[CYCLE]);
    assert!(second.limit("zone-capacity").message.contains("(us-east-1a)"));
    assert_eq!(
        second.record.nodes.iter().filter(|node| node.zone.0 == 2).count(),
        0,
        "there is no group in us-east-1c"
    );
    assert_returned(&second);
    let wait = simulate("zone-capacity-wait", &[CYCLE]);
    assert_within(wait.ready_min("nodes"), 60.0..110.0);
    assert_returned(&wait);
}

#[test]
fn address_exhaustion() {
    let run = simulate("address-exhaustion", &[CYCLE]);
    assert_eq!(run.limit("free-addresses").message, ADDRESSES);
    assert!(run.limit("pod-addresses").message.ends_with("failed to assign an IP address to container"));
    assert_stuck(&run, 300, &["for an address of the subnet"]);
    let larger = simulate("address-exhaustion-larger-subnets", &[CYCLE]);
    assert_nothing_hit(&larger, "free-addresses");
    assert_returned(&larger);
    assert_eq!(larger.record.held.free_addresses, [Some(16_319); 3]);
}

#[test]
fn docker_hub() {
    let run = simulate("docker-hub", &[CYCLE]);
    assert_eq!(run.limit("registry-pulls").message, PULLS);
    // 297 pulls are three windows of 100; the last one opens twelve hours after the first pull.
    assert_within(run.ready_min("workload"), 720.0..750.0);
    assert_returned(&run);
    for remedy in ["docker-hub-paid", "docker-hub-private-registry"] {
        let run = simulate(remedy, &[CYCLE]);
        assert_nothing_hit(&run, "registry-pulls");
        assert_within(run.ready_min("workload"), 10.0..40.0);
        assert_returned(&run);
    }
}

#[test]
fn out_of_support() {
    use scaleup::headroom::support::Tier;
    let tier = |name: &str| {
        let loaded = scaleup::scenario::load(name.as_ref(), &[]).unwrap_or_else(|problems| panic!("{problems}"));
        let scenario = loaded.scenario;
        let nodes = scenario.cluster.target_nodes;
        let support = scenario.support.as_ref().expect("the document states tiers");
        let tier = Tier::of(support, nodes);
        (tier, tier.message(support, nodes))
    };
    assert_eq!(
        tier("out-of-support"),
        (
            Tier::OutOfSupport,
            "201 nodes: out of support (above 200); help is best effort, ask https://support.arrikto.com first"
                .to_owned()
        )
    );
    assert_eq!(tier("supported"), (Tier::Supported, "100 nodes: supported (up to 100)".to_owned()));
    assert_returned(&simulate("out-of-support", &[CYCLE]));
    assert_returned(&simulate("supported", &[CYCLE]));
}

#[test]
fn no_scale_in_protection() {
    let run = simulate("no-scale-in-protection", &[]);
    let hit = run.limit("volumes-lost");
    assert_eq!(
        hit.message,
        "an instance was terminated 15m 00s after its drain had begun, because the group has no scale-in protection: a volume that was not unpinned is lost"
    );
    assert_eq!(u64::from(run.record.volumes_lost), hit.count);
    assert!(run.record.volumes_lost > 10, "{}", run.record.volumes_lost);
    assert_returned(&run);
    let protected = simulate("scale-in-protection", &[]);
    assert_nothing_hit(&protected, "volumes-lost");
    assert_eq!(protected.record.volumes_lost, 0);
    assert!(protected.ready_min("scale-down") > run.ready_min("scale-down"), "safety takes time");
    assert_returned(&protected);
}
