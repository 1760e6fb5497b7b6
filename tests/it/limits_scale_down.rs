//! The way back to the initial nodes.

use super::simulated::{Simulated, minutes, simulate};
use scaleup::model::record::NodeRecord;

/// A small storage cluster that shrinks: quick to simulate, easy to count.
pub fn shrinking(nodes: u32, settings: &[&str]) -> Simulated {
    let nodes = format!("cluster.target_nodes={nodes}");
    let common = [nodes.as_str(), "workload.run_time=30m", "daemonset.rok.drain.volumes=1"];
    let drain = ["daemonset.rok.drain.unpin=20s", "daemonset.rok.drain.guard=2s"];
    simulate("ekf", &[&common[..], &drain, settings].concat())
}

fn ended(run: &Simulated) -> Vec<&NodeRecord> {
    run.record.nodes.iter().filter(|node| node.terminated.is_some()).collect()
}

#[test]
fn without_a_run_time_nothing_shrinks_and_the_stages_are_those_of_readiness() {
    let run = simulate("ekf", &["cluster.target_nodes=20", "workload.run_time=none"]);
    let stages: Vec<&str> = run.record.stages.iter().map(|stage| stage.name.as_str()).collect();
    assert_eq!(stages, ["nodes", "baseline", "rok", "rok-csi", "workload"]);
    assert_eq!((run.record.scale_down, ended(&run).len()), (None, 0));
}

#[test]
fn the_cluster_returns_to_its_initial_nodes_and_all_that_was_taken_is_returned() {
    let run =
        shrinking(30, &["cloud.vcpu_quota=480", "zone.us-east-1a.capacity=100", "zone.us-east-1b.free_addresses=3000"]);
    assert!(run.record.end.ready, "{:?}", run.record.end);
    assert_eq!(ended(&run).len(), 27);
    let held = &run.record.held;
    assert_eq!((held.vcpus, held.ready_nodes, held.upcoming_nodes), (48, 3, 0));
    assert_eq!(held.instances, [1, 1, 1]);
    assert_eq!((held.capacity[0], held.free_addresses[1]), (Some(100), Some(3000)));
    assert_eq!((held.daemonset_pods, held.replica_pods, held.transfers, held.joins), (21, 0, 0, 0));
    assert_eq!(run.record.members, 3);
    assert!(run.record.nodes[..3].iter().all(|node| node.terminated.is_none()), "the oldest nodes stay");
}

#[test]
fn readiness_counts_until_scale_down_begins_and_is_not_changed_by_it() {
    let staying = simulate("ekf", &["cluster.target_nodes=30", "workload.run_time=none"]);
    let run = shrinking(30, &[]);
    for stage in ["nodes", "baseline", "rok", "rok-csi", "workload"] {
        assert_eq!(run.ready_min(stage), staying.ready_min(stage), "{stage}");
    }
    let flaps = |run: &Simulated| run.numbers.stages[..5].iter().map(|times| times.flaps).collect::<Vec<_>>();
    assert_eq!(flaps(&run), flaps(&staying));
    let deleted = minutes(run.record.scale_down.expect("it shrinks"));
    assert!((deleted - run.ready_min("workload").expect("it works") - 30.0).abs() < 1e-9);
}

#[test]
fn nodes_go_after_ten_unneeded_minutes_and_one_at_a_time_if_they_must_be_drained() {
    let run = shrinking(30, &[]);
    let deleted = minutes(run.record.scale_down.expect("it shrinks"));
    let mut begun: Vec<f64> = ended(&run).iter().map(|node| minutes(node.removal.expect("it was removed"))).collect();
    begun.sort_by(f64::total_cmp);
    assert!((10.0..11.0).contains(&(begun[0] - deleted)), "{} {}", begun[0], deleted);
    let drains = |run: &Simulated| {
        let mut spans: Vec<_> = ended(run).iter().map(|n| (n.removal.unwrap(), n.drained.unwrap())).collect();
        spans.sort();
        spans.windows(2).filter(|pair| pair[1].0 < pair[0].1).count()
    };
    assert_eq!(drains(&run), 0, "no two drains overlap");
    let parallel = shrinking(30, &["autoscaler.max_drain_parallelism=10"]);
    assert!(drains(&parallel) > 10);
    let without = simulate("ekf", &["cluster.target_nodes=30", "workload.run_time=30m", "daemonset.rok.drain=none"]);
    let (one, ten, empty) =
        (run.ready_min("scale-down"), parallel.ready_min("scale-down"), without.ready_min("scale-down"));
    assert!(one > ten && ten > empty, "{one:?} {ten:?} {empty:?}");
}

#[test]
fn no_node_goes_before_the_autoscaler_has_not_added_one_for_long_enough() {
    let soon = ["workload.run_time=1m", "autoscaler.scale_down_unneeded_time=1m"];
    let first = |delay: &str| {
        let delay = format!("autoscaler.scale_down_delay_after_add={delay}");
        let run = shrinking(12, &[&soon[..], &[delay.as_str()]].concat());
        let added = run.record.nodes.iter().filter_map(|node| node.requested).max().expect("nodes were added");
        let removal = ended(&run).iter().filter_map(|node| node.removal).min().expect("nodes go");
        minutes(removal) - minutes(added)
    };
    let (at_once, later) = (first("0s"), first("2h"));
    assert!(at_once < 60.0 && (120.0..121.0).contains(&later), "{at_once} {later}");
}

#[test]
fn a_scale_down_that_has_not_begun_has_all_new_nodes_before_it() {
    let run = shrinking(30, &["run.horizon=5m"]);
    let stage = run.record.stages.last().expect("there are stages");
    assert_eq!((run.record.scale_down, stage.name.as_str(), stage.desired), (None, "scale-down", 27));
}

#[test]
fn every_leaving_member_is_a_change_of_the_membership_and_the_guard_comes_last() {
    let operator = "daemonset.rok.join.operator=3500ms";
    let slow = shrinking(12, &[operator, "daemonset.rok.drain.guard=5m"]);
    let fast = shrinking(12, &[operator]);
    let length = |run: &Simulated| {
        let node = ended(run)[0];
        minutes(node.drained.unwrap()) - minutes(node.removal.unwrap())
    };
    assert!((4.9..5.1).contains(&(length(&slow) - length(&fast))), "{} {}", length(&slow), length(&fast));
    // 5 s taint, 20 s unpinning, 2 s guard; the rest is the member's leave: the operator's work and its transactions.
    assert!((0.5..1.5).contains(&length(&fast)), "{}", length(&fast));
    assert_eq!((slow.record.members, fast.record.members), (3, 3));
}

#[test]
fn the_node_with_the_master_pod_waits_for_somebody_to_delete_it() {
    let run = shrinking(12, &["daemonset.rok.drain.master_by_hand=20m"]);
    let last = ended(&run).into_iter().max_by_key(|node| node.removal).expect("nodes go");
    assert_eq!(last, &run.record.nodes[3], "the first new node holds the master");
    assert!(run.limit("master-pod").message.contains("safe-to-evict: false"));
    let noticed = minutes(run.limit("master-pod").first);
    let waited = minutes(last.removal.unwrap()) - noticed;
    assert!((19.999..20.5).contains(&waited), "{waited}");
    assert!(run.record.end.ready);
}

#[test]
fn without_scale_in_protection_a_drain_that_outlives_fifteen_minutes_loses_its_volumes() {
    let settings = ["daemonset.rok.drain.volumes=4", "daemonset.rok.drain.unpin=6m"];
    let unprotected = shrinking(8, &[&settings[..], &["cloud.scale_in_protection=false"]].concat());
    let protected = shrinking(8, &settings);
    // Two of four volumes are unpinned within 15 minutes, on each of five nodes.
    assert_eq!((unprotected.record.volumes_lost, protected.record.volumes_lost), (10, 0));
    let hit = unprotected.limit("volumes-lost");
    assert_eq!(hit.count, 10);
    assert_eq!(
        hit.message,
        "an instance was terminated 15m 00s after its drain had begun, because the group has no scale-in protection: a volume that was not unpinned is lost"
    );
    let longest = |run: &Simulated| {
        ended(run).iter().map(|n| minutes(n.terminated.unwrap()) - minutes(n.removal.unwrap())).fold(0.0, f64::max)
    };
    assert!((15.0..16.5).contains(&longest(&unprotected)) && longest(&protected) > 24.0);
    assert_eq!((unprotected.record.members, protected.record.members), (3, 3), "dead members leave too");
}

#[test]
fn a_shrinking_storage_cluster_flaps_too() {
    let run = shrinking(30, &["autoscaler.max_drain_parallelism=10", "daemonset.rok.join.reconfigure=40s"]);
    let begun = run.record.scale_down.unwrap();
    let rok = run.record.stages.iter().position(|stage| stage.name == "rok").unwrap() as u16;
    let again = run.record.transitions.iter().filter(|t| t.stage.0 == rok && t.at > begun && t.ready).count();
    assert!(again > 0, "some members become NotReady and Ready again while others leave");
}
