//! Control plane and autoscaler against closed forms: every time is a constant unless it is what is looked at.

use crate::limits_scale_down::shrinking;
use crate::simulated::minutes;
use scaleup::model::record::{Cause, Record, ReplicaId, Subject, Wait};
use scaleup::model::{Plan, Simulator};
use scaleup::scenario::{Setting, load};
use scaleup::time::Time;
use std::path::Path;

/// Replication 0 with its waits.
fn run(scenario: &str, settings: &[&str]) -> Record {
    let settings: Vec<Setting> = settings.iter().map(|text| Setting::new("--set", *text)).collect();
    let loaded = load(Path::new(scenario), &settings).unwrap_or_else(|problems| panic!("{problems}"));
    Simulator::new().run(&Plan::new(&loaded.scenario), 1, 0, true)
}

/// Waits with a cause for a resource, in the order of their ends.
fn waits<'r>(record: &'r Record, cause: Cause, resource: &str) -> Vec<&'r Wait> {
    let mine = |wait: &&Wait| wait.cause == cause && record.resources[wait.resource] == resource;
    let mut waits: Vec<&Wait> = record.waits.iter().filter(mine).collect();
    waits.sort_by_key(|wait| wait.to);
    waits
}

/// The instants at which the controllers' requests for some pods reached the API server: their first waits for it.
fn created(record: &Record, of: impl Fn(Subject) -> bool) -> Vec<f64> {
    let mut first = std::collections::BTreeMap::new();
    for wait in waits(record, Cause::Service, "api-server").into_iter().filter(|wait| of(wait.subject)) {
        first.entry(wait.subject).or_insert(wait.from.as_secs_f64());
    }
    let mut instants: Vec<f64> = first.into_values().collect();
    instants.sort_by(f64::total_cmp);
    instants
}

fn assert_close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-6, "{found} instead of {expected}");
}

const ONE_A_SECOND: [&str; 5] = [
    "cluster.target_nodes=300",
    "control_plane.controller_qps=1",
    "control_plane.controller_burst=1",
    "control_plane.write=1s",
    "control_plane.watch=0s",
];

#[test]
fn a_controller_of_one_request_a_second_creates_300_replicas_in_300_s() {
    // Batches double, and each begins when the last request of the one before is answered after 1 s: no second is lost.
    let record = run("ekf", &ONE_A_SECOND);
    let replicas = created(&record, |subject| matches!(subject, Subject::Replica(_)));
    assert_eq!(replicas.len(), 300);
    assert_close(replicas[299] + 1.0, 300.0);
    // Meanwhile the DaemonSet controller creates pods, with a client of its own.
    let others = created(&record, |subject| matches!(subject, Subject::DaemonSetPod(..)));
    assert!(others.iter().filter(|at| **at < 299.0).count() > 100, "{} pods", others.len());
    assert!(others.windows(2).all(|pair| pair[1] - pair[0] > 1.0 - 1e-6), "its client has the same rate");
}

/// The instants at which nodes were asked for, each once with how many.
fn requests(record: &Record) -> Vec<(f64, usize)> {
    let mut asked: Vec<Time> = record.nodes.iter().filter_map(|node| node.requested).collect();
    asked.sort_unstable();
    asked.chunk_by(|a, b| a == b).map(|same| (same[0].as_secs_f64(), same.len())).collect()
}

const FAST_CREATION: [&str; 5] = [
    "control_plane.controller_qps=10000",
    "control_plane.controller_burst=10000",
    "scheduler.pods_per_s=10000",
    "autoscaler.decision=2s",
    "autoscaler.young_pod_age=5s",
];

#[test]
fn loops_of_ten_seconds_and_decisions_of_two_ask_for_ten_nodes_every_twelve() {
    let plain = ["cluster.target_nodes=300", "autoscaler.max_nodes_per_scale_up=10"];
    let no_estimate = ["autoscaler.decision_per_pod=0s", "autoscaler.decision_per_group=0s"];
    let asked = requests(&run("ekf", &[&plain[..], &no_estimate, &FAST_CREATION].concat()));
    assert_eq!(asked.iter().map(|(_, nodes)| *nodes).collect::<Vec<_>>(), [vec![10; 29], vec![7]].concat());
    for pair in asked.windows(2) {
        assert_close(pair[1].0 - pair[0].0, 12.0);
    }
    assert_close(asked[29].0 - asked[0].0, 348.0);
}

#[test]
fn a_decision_takes_longer_with_pods_and_groups() {
    let asked =
        |more: &[&str]| requests(&run("ekf", &[&["cluster.target_nodes=100"], &FAST_CREATION[..], more].concat()));
    let quick = asked(&["autoscaler.decision_per_pod=0s", "autoscaler.decision_per_group=0s"]);
    let slow = asked(&["autoscaler.decision_per_pod=10ms", "autoscaler.decision_per_group=1s"]);
    assert_eq!((quick[0].1, slow[0].1), (97, 97));
    // 97 pods of 10 ms and a second, for each of three groups.
    assert_close(slow[0].0 - quick[0].0, 3.0 * (0.97 + 1.0));
    let one = ["autoscaler.decision_per_pod=10ms", "autoscaler.decision_per_group=1s", "cloud.node_groups=one"];
    assert_close(asked(&one)[0].0 - quick[0].0, 0.97 + 1.0);
}

#[test]
fn the_default_decision_keeps_what_was_measured_for_5000_pods_and_385_nodes() {
    // kubernetes/autoscaler 5769: p99 below 21.8 s, one group.
    let pods =
        "{ replicas = 5000, vcpus = 1.1, memory = \"1GiB\", image = \"app\", start = \"1s\", first_write = \"0B\" }";
    let workload = format!("workload={pods}");
    let settings = ["cloud.node_groups=one", "cluster.target_nodes=500", "cluster.initial_nodes=0", &workload];
    let asked = |more: &[&str]| requests(&run("eks", &[&settings[..], &FAST_CREATION, more].concat()))[0];
    let (with, without) = (asked(&[]), asked(&["autoscaler.decision_per_pod=0s", "autoscaler.decision_per_group=0s"]));
    assert_eq!(without.1, 5000_usize.div_ceil(14));
    // After 10 s no more nodes are tried: 3 ms for each of the 14 pods that fill one.
    assert_eq!(with.1, 239);
    assert_close(with.0 - without.0, 239.0 * 14.0 * 0.003 + 0.1);
}

#[test]
fn an_estimate_that_takes_too_long_leaves_the_rest_to_the_next_loop() {
    let estimate = ["cluster.target_nodes=100", "autoscaler.decision_per_pod=30ms", "autoscaler.decision_per_group=0s"];
    let asked = |time: &str| {
        let cut = format!("autoscaler.max_nodegroup_binpacking_duration={time}");
        requests(&run("ekf", &[&estimate[..], &FAST_CREATION, &[&cut]].concat()))
    };
    let (whole, cut) = (asked("1h"), asked("1s"));
    assert_eq!(whole.iter().map(|(_, nodes)| *nodes).collect::<Vec<_>>(), [97]);
    // The first node that is not reached within a second of 30 ms each is the 35th, in three groups at once.
    assert_eq!(cut.iter().map(|(_, nodes)| *nodes).collect::<Vec<_>>(), [34, 34, 29]);
    assert_close(whole[0].0 - cut[0].0, 3.0 * (97.0 - 34.0) * 0.03);
    // A pause, a decision of 2 s, and estimates of the pods that still have no room; those that have take time too.
    assert_close(cut[1].0 - cut[0].0, 10.0 + 2.0 + 3.0 * (34.0 + 34.0) * 0.03);
    assert_close(cut[2].0 - cut[1].0, 10.0 + 2.0 + 3.0 * 97.0 * 0.03);
}

/// Five nodes that become Ready four seconds apart, one replica each.
const APART: [&str; 14] = [
    "cluster.initial_nodes=0",
    "cluster.target_nodes=5",
    "cloud.node_groups=one",
    "cloud.launch_batch=1",
    "cloud.launch_interval=4s",
    "cloud.launch=10s",
    "cloud.boot=60s",
    "kubelet.registration=3s",
    "kubelet.ready_update=1s",
    "node.network_daemonset=",
    "control_plane.write=0s",
    "control_plane.watch=0s",
    "scheduler.pods_per_s=100",
    "autoscaler.decision=2s",
];

#[test]
fn the_back_off_of_replicas_without_room_doubles_with_their_attempts() {
    let record = run("ekf", &APART);
    let mut ready: Vec<f64> = record.nodes.iter().map(|node| node.ready.expect("Ready").as_secs_f64()).collect();
    ready.sort_by(f64::total_cmp);
    for pair in ready.windows(2) {
        assert_close(pair[1] - pair[0], 4.0);
    }
    // A replica is left alone until its back-off is over and the scheduler has looked, once a second.
    let backed_off: Vec<(f64, f64)> = waits(&record, Cause::Backoff, "scheduler")
        .iter()
        .filter(|wait| matches!(wait.subject, Subject::Replica(_)))
        .map(|wait| (wait.from.as_secs_f64(), wait.to.as_secs_f64()))
        .collect();
    // The first node moves all five, whose first back-off of 1 s is long over: the first has it, four try in vain. At
    // the second node, 4 s later, 2 s are over: three are left. At the third they are in their back-off of 4 s. At the
    // fourth, and at the fifth, the others are in that of 8 s. One for each node waits for nothing else.
    assert_eq!(backed_off.len(), 3, "{backed_off:?} {ready:?}");
    for ((from, to), (node, ended)) in backed_off.iter().zip([(2, 0.02..1.07), (3, 4.02..6.2), (4, 0.02..2.2)]) {
        assert_close(*from, ready[node]);
        assert!(ended.contains(&(to - from)), "{backed_off:?} {ready:?}");
    }
    // The scheduler's looks are whole seconds apart.
    let phase = backed_off[0].1.fract();
    assert!(backed_off.iter().all(|(_, to)| (to.fract() - phase).abs() < 1e-6), "{backed_off:?}");
}

#[test]
fn pods_that_wait_for_the_network_are_tried_again_within_one_and_a_half_seconds() {
    let record = run("ekf", &["cluster.target_nodes=60"]);
    let tries = waits(&record, Cause::Backoff, "node-network");
    let lengths: Vec<f64> = tries.iter().map(|wait| (wait.to - wait.from).as_secs_f64()).collect();
    assert!(lengths.len() > 100, "{}", lengths.len());
    assert!(lengths.iter().all(|length| *length <= 1.5), "{lengths:?}");
    // Uniform over periods of 1 to 1.5 s: a little above 0.6 s on average.
    let mean = lengths.iter().sum::<f64>() / lengths.len() as f64;
    assert!((0.5..0.75).contains(&mean), "{mean}");
}

const INITIALISED: [&str; 4] = [
    "cluster.target_nodes=60",
    "control_plane.cloud_controller=true",
    "control_plane.node_sync=3s",
    "control_plane.watch=0s",
];

/// When the other DaemonSets' pods could be created on each node: its taint was gone.
fn untainted(record: &Record) -> Vec<f64> {
    let ends = waits(record, Cause::Service, "cloud-controller").into_iter().map(|wait| wait.to.as_secs_f64());
    let mut instants: Vec<f64> = ends.collect();
    instants.dedup();
    instants
}

#[test]
fn the_cloud_controller_initialises_one_node_after_the_other() {
    let record = run("ekf", &INITIALISED);
    let instants = untainted(&record);
    assert_eq!(instants.len(), 57);
    let registered = record.nodes.iter().filter_map(|node| node.registered).min().expect("nodes come").as_secs_f64();
    assert!(instants[0] >= registered + 3.0 - 1e-6, "{} {registered}", instants[0]);
    assert!(instants.windows(2).all(|pair| pair[1] - pair[0] > 3.0 - 1e-6), "{instants:?}");
    assert!(instants[56] - instants[0] < 57.0 * 3.0, "nodes come faster than that");
    // Nodes are Ready long before, and no replica is there before.
    let placed = record.nodes[3..].iter().filter_map(|node| node.workload).min().expect("replicas run");
    assert!(record.nodes.iter().all(|node| node.ready < Some(placed)) && placed.as_secs_f64() > instants[0]);
    let two = run("ekf", &[&INITIALISED[..], &["control_plane.concurrent_node_syncs=10"]].concat());
    assert!(untainted(&two).last() < instants.last());
    assert!(record.end.ready && two.end.ready);
}

#[test]
fn without_a_cloud_controller_no_node_waits_for_it() {
    let record = run("ekf", &["cluster.target_nodes=10"]);
    assert!(record.waits.iter().all(|wait| record.resources[wait.resource] != "cloud-controller"));
    let eks = run("eks", &["cluster.target_nodes=10"]);
    assert!(!untainted(&eks).is_empty(), "EKS has one today");
}

/// How long after the loss each lost node was gone, and the first replica that was created in place of another.
fn after_the_loss(more: &str) -> (Vec<f64>, f64) {
    let fault =
        format!("fault.zone={{ kind = \"zone-outage\", target = \"us-east-1b\", at = \"2h\", lasts = \"5m\"{more} }}");
    let record = run("ekf", &["cluster.target_nodes=40", &fault]);
    assert!(record.end.ready);
    let lost = record.nodes.iter().filter_map(|node| Some((node.terminated? - node.failed?).as_secs_f64())).collect();
    let replaced = record.waits.iter().filter(|wait| matches!(wait.subject, Subject::Replica(ReplicaId(40..))));
    let first = replaced.map(|wait| wait.from.as_secs_f64()).fold(f64::INFINITY, f64::min);
    (lost, first - 7200.0)
}

#[test]
fn nodes_of_dead_instances_are_deleted_soon_and_unreachable_ones_wait_for_their_tolerations() {
    let (lost, replaced) = after_the_loss("");
    // 40 s until NotReady, up to 5 s until the cloud is asked; pods without a node are found within 20 s, and deleted
    // 40 s later.
    assert!(lost.len() >= 13 && lost.iter().all(|after| (40.0..=45.0).contains(after)), "{lost:?}");
    assert!((lost[0] + 40.0..=lost[0] + 60.1).contains(&replaced), "{replaced} {lost:?}");
    let (lost, replaced) = after_the_loss(", unreachable = true");
    assert!(lost.iter().all(|after| (after - 340.0).abs() < 1e-6), "{lost:?}");
    assert!((340.0..340.1).contains(&replaced), "{replaced}");
}

#[test]
fn a_drain_that_a_guard_blocks_longer_than_two_minutes_is_given_up_and_goes_on_later() {
    // A volume takes 50 s: two of three are unpinned before the drain is given up, the third one by the next drain.
    let slow = ["daemonset.rok.drain.volumes=3", "daemonset.rok.drain.unpin=50s"];
    let patient = shrinking(8, &slow);
    let run = shrinking(8, &[&slow[..], &["autoscaler.max_pod_eviction_time=2m"]].concat());
    assert!(patient.record.limits.iter().all(|hit| hit.kind != "drain-timeout"));
    let hit = run.limit("drain-timeout");
    assert_eq!(hit.message, "failed to drain the node, aborting ScaleDown: pods remain after 2m 00s");
    assert_eq!(hit.count, 5, "once for each of the new nodes");
    assert!(run.record.end.ready && run.record.members == 3);
    // A drain that is taken up again has one volume left, not three.
    let drained = |run: &crate::simulated::Simulated| -> Vec<f64> {
        let nodes = run.record.nodes.iter();
        nodes.filter_map(|node| Some(minutes(node.drained?) - minutes(node.removal?))).collect()
    };
    let (short, long) = (drained(&run), drained(&patient));
    assert_eq!((short.len(), long.len()), (5, 5));
    assert!(short.iter().all(|one| *one < 1.5) && long.iter().all(|one| *one > 2.5), "{short:?} {long:?}");
    // One drain at a time, and each failure holds all others up for 3 min: five failures of 2 min and 3 min.
    let first = run.record.scale_down.expect("it shrinks");
    let last = run.record.nodes.iter().filter_map(|node| node.drained).max().expect("nodes go");
    assert!(minutes(last) - minutes(first) > 10.0 + 5.0 * (2.0 + 3.0), "{last:?} {first:?}");
}
