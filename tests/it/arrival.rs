//! How nodes arrive: groups launch at once, and what makes nodes late has a name.

use super::simulated::{Simulated, simulate};
use scaleup::model::record::NodeRecord;
use scaleup::time::{Span, Time};

/// When the nodes that were asked for reached a milestone, in order, in seconds.
fn seconds(run: &Simulated, of: impl Fn(&NodeRecord) -> Option<Time>) -> Vec<f64> {
    let asked = run.record.nodes.iter().filter(|node| node.requested.is_some());
    let mut instants: Vec<f64> = asked.filter_map(of).map(Time::as_secs_f64).collect();
    instants.sort_by(f64::total_cmp);
    instants
}

/// One group, asked once: all replicas are there before the autoscaler looks.
const ONE_GROUP: [&str; 8] = [
    "cloud.node_groups=one",
    "cloud.launch=10s",
    "cloud.boot=60s",
    "workload.vcpus=14",
    "control_plane.controller_burst=1000",
    "scheduler.pods_per_s=1000",
    "autoscaler.young_pod_age=9s",
    "cluster.target_nodes=259",
];

#[test]
fn one_group_launches_256_instances_in_18_calls_within_3_s() {
    // Measured: 15 in each reservation, all within 3 s. 18 calls have 17 pauses of 150 ms.
    let run = simulate("eks", &ONE_GROUP);
    let launched = seconds(&run, |node| node.launched);
    assert_eq!(launched.len(), 256);
    let calls = launched.chunk_by(|a, b| (a - b).abs() < 1e-9);
    let sizes: Vec<usize> = calls.map(<[f64]>::len).collect();
    assert_eq!(sizes, [vec![15; 17], vec![1]].concat());
    assert!((launched[255] - launched[0] - 17.0 * 0.15).abs() < 1e-6, "{} to {}", launched[0], launched[255]);
}

#[test]
fn constants_of_launch_and_boot_are_kept_by_every_node() {
    let run = simulate("eks", &[&ONE_GROUP[..], &["kubelet.registration=3s"]].concat());
    for node in run.record.nodes.iter().filter(|node| node.requested.is_some()) {
        let between = |from: Option<Time>, to: Option<Time>| to.expect("it came").since(from.expect("it came"));
        assert_eq!(between(node.launched, node.running), Span::from_secs(10));
        assert_eq!(between(node.running, node.booted), Span::from_secs(60));
        assert_eq!(between(node.booted, node.registered), Span::from_secs(3));
    }
}

#[test]
fn the_instance_bucket_paces_what_it_does_not_hold() {
    let bucket = ["cloud.launch_instances_burst=1", "cloud.launch_instances_per_s=0.5", "cluster.target_nodes=103"];
    let run = simulate("eks", &[&ONE_GROUP[..7], &bucket].concat());
    let launched = seconds(&run, |node| node.launched);
    // A call is granted when the bucket has let all its instances through: the first 15 with the last of them.
    assert_eq!(launched.len(), 100);
    assert!((launched[99] - launched[0] - 2.0 * 85.0).abs() < 1.0, "{}", launched[99] - launched[0]);
}

#[test]
fn capacity_that_trickles_back_is_taken_as_it_comes() {
    let zone = ["cluster.target_nodes=63", "zone.us-east-1b=none", "zone.us-east-1c=none", "cloud.launch_retry=10s"];
    let trickle = ["zone.us-east-1a.capacity=20", "zone.us-east-1a.capacity_per_s=0.1", "autoscaler.early_abort=false"];
    let run = simulate("eks", &[&zone[..], &trickle].concat());
    let launched = seconds(&run, |node| node.launched);
    assert_eq!(launched.len(), 60);
    for (place, &at) in launched.iter().enumerate() {
        assert!(place as f64 <= 20.0 + 0.1 * at, "instance {place} at {at} s before it was there");
    }
    // 40 more instances take 400 s, and the group looks every 10 s.
    assert!((400.0..=411.0).contains(&launched[59]), "{}", launched[59]);
}

#[test]
fn capacity_of_one_type_does_not_bind_another() {
    let scarce = ["cluster.target_nodes=33", "zone.us-east-1a.capacity=0", "zone.us-east-1a.capacity_of=m5d.4xlarge"];
    assert!(simulate("eks", &scarce).record.limits.is_empty());
    let same = [&scarce[..], &["node.instance_type=m5d.4xlarge"]].concat();
    assert_eq!(simulate("eks", &same).limit("zone-capacity").kind, "zone-capacity");
}

#[test]
fn the_family_of_the_machine_image_sets_how_nodes_come_up() {
    let ready = |family: &str| {
        let run = simulate("eks", &["cluster.target_nodes=63", &format!("node.ami_family={family}")]);
        run.ready_min("nodes").expect("all come")
    };
    let (al2, al2023, bottlerocket) = (ready("al2"), ready("al2023"), ready("bottlerocket"));
    assert!(bottlerocket < al2 && al2 < al2023, "{bottlerocket} {al2} {al2023}");
}
