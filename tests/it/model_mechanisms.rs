//! Each mechanism matters, in the direction and about as much as it should: the documented scenario at 100 nodes.

use crate::model_cases::{mean_ready_s, plan, replications, run, stage};
use scaleup::experiment::results::Replication;
use scaleup::time::Time;

const HUNDRED: &str = "cluster.target_nodes=100";
const TEN: u32 = 10;

/// The mean instants of a variant.
struct Means {
    baseline: f64,
    rok: f64,
    rok_csi: f64,
    workload: f64,
}

fn means(settings: &[&str]) -> Means {
    let settings: Vec<&str> = [HUNDRED].iter().chain(settings).copied().collect();
    match mean_ready_s(&settings, TEN)[..] {
        [_, baseline, rok, rok_csi, workload] => Means { baseline, rok, rok_csi, workload },
        ref other => panic!("five stages, not {other:?}"),
    }
}

fn documented(settings: &[&str]) -> Vec<Replication> {
    let settings: Vec<&str> = [HUNDRED].iter().chain(settings).copied().collect();
    replications(&settings, TEN)
}

fn flaps(all: &[Replication], name: &str) -> u32 {
    let place = stage(&plan(&[HUNDRED]), name);
    all.iter().map(|one| one.stages[place].flaps).sum()
}

#[test]
fn without_contention_members_follow_the_lightweight_daemonset() {
    let free = means(&[
        "daemonset.rok.join.workers=1000",
        "daemonset.rok.join.operator=0s",
        "daemonset.rok.join.transactions=0",
        "daemonset.rok.join.reconfigure=0s",
        "daemonset.rok.join.reconfigure_per_member=0s",
    ]);
    assert!(free.rok - free.baseline < 120.0, "{} s", free.rok - free.baseline);
    // The slowest of a hundred starts, p95 4.8 s, then a poll of 5 s and a probe of 10 s at most.
    assert!(free.rok_csi - free.rok < 25.0, "{} s", free.rok_csi - free.rok);
    let shipped = means(&[]);
    assert!((free.baseline - shipped.baseline).abs() < 1.0, "the baseline does not join");
    assert!(shipped.rok - free.rok > 60.0, "contention takes {} s", shipped.rok - free.rok);
}

#[test]
fn one_join_at_a_time_is_clearly_slower() {
    let at_a_time = |workers: &str| means(&["daemonset.rok.join.operator=3500ms", workers]);
    let (one, three) = (at_a_time("daemonset.rok.join.workers=1"), at_a_time("daemonset.rok.join.workers=3"));
    assert!(one.rok > three.rok + 240.0, "{} {}", one.rok, three.rok);
    assert!(one.workload > three.workload + 240.0);
}

#[test]
fn each_member_more_costs_every_join_more() {
    let joins = |nodes: &str| {
        let settings = [nodes, "daemonset.rok.join.workers=1", "daemonset.rok.join.reconfigure_per_member=50ms"];
        mean_ready_s(&settings, 3)[2]
    };
    let (hundred, two, three) =
        (joins("cluster.target_nodes=100"), joins("cluster.target_nodes=200"), joins("cluster.target_nodes=300"));
    assert!(three - two > two - hundred + 200.0, "{hundred} {two} {three}");
}

#[test]
fn a_slower_disk_under_etcd_makes_members_later_and_nothing_before_them() {
    let (fast, gp2) = (means(&["disk.rok-etcd.kind=io1"]), means(&[]));
    let slow = means(&["volume_type.gp2.sync_write={ lognormal = { p50 = '40ms', p95 = '90ms' } }"]);
    assert!(fast.rok < gp2.rok && gp2.rok + 60.0 < slow.rok, "{} {} {}", fast.rok, gp2.rok, slow.rok);
    assert!((fast.baseline - slow.baseline).abs() < 1.0);
}

#[test]
fn a_disk_without_burst_credits_is_slower() {
    let small = ["disk.rok-etcd.size=10GiB", "volume_type.gp2.min_iops=20"];
    let empty = [&small[..], &["disk.rok-etcd.initial_credits=0"]].concat();
    let (full, empty) = (means(&small), means(&empty));
    assert!(empty.rok > full.rok + 30.0, "{} {}", empty.rok, full.rok);
}

#[test]
fn more_background_requests_per_member_make_joins_slower() {
    let many = "daemonset.rok.join.transactions=240";
    let (shipped, busy) = (means(&[many]), means(&[many, "etcd.rok-etcd.background_per_member=20"]));
    // A commit that no other join waits for meets one of the members' nearly always, and waits for half of it: 240
    // times in a join, and 24 joins follow one another.
    assert!(busy.rok > shipped.rok + 10.0, "{} {}", busy.rok, shipped.rok);
}

#[test]
fn telling_each_member_of_a_change_takes_etcd_time() {
    let (shipped, chatty) = (means(&[]), means(&["etcd.rok-etcd.notify_per_member=50ms"]));
    assert!(chatty.rok > shipped.rok + 30.0, "{} {}", chatty.rok, shipped.rok);
}

#[test]
fn the_shipped_scenario_flaps_and_ends_ready() {
    let all = documented(&[]);
    assert!(all.iter().all(|one| one.waiting_for.is_empty()));
    assert!(flaps(&all, "rok") > 10, "rok flaps {} times", flaps(&all, "rok"));
    for name in ["nodes", "baseline", "rok-csi", "workload"] {
        assert_eq!(flaps(&all, name), 0, "the probes of {name} never fail");
    }
    let peak = all.iter().map(|one| one.stages[2].not_ready_peak).max();
    assert!(peak > Some(2), "several are NotReady at once: {peak:?}");
}

#[test]
fn patient_probes_take_nearly_all_flaps_away() {
    let (shipped, patient) = (documented(&[]), documented(&["daemonset.rok.readiness.timeout=10s"]));
    let (before, after) = (flaps(&shipped, "rok"), flaps(&patient, "rok"));
    assert!(after * 20 <= before, "{before} flaps, then {after}");
}

#[test]
fn one_failure_is_enough_for_more_flaps_than_three_in_a_row() {
    // Joins that leave members a pause.
    let pause = ["daemonset.rok.join.operator=3500ms", "daemonset.rok.join.reconfigure_per_member=5ms"];
    let after = |failures: &str| documented(&[&pause[..], &["daemonset.rok.join.workers=4", failures]].concat());
    let [three, one] = ["3", "1"].map(|many| after(&format!("daemonset.rok.readiness.failure_threshold={many}")));
    assert!(flaps(&one, "rok") > 2 * flaps(&three, "rok"));
}

#[test]
fn a_single_slow_volume_server_is_a_bottleneck_that_more_servers_relieve() {
    let narrow = ["volume.shared.mount=20s", "volume.shared.mounts_per_server=1"];
    let one = means(&narrow);
    let two = means(&[&narrow[..], &["volume.shared.servers=2"]].concat());
    let slots = means(&[&narrow[..1], &["volume.shared.mounts_per_server=4"]].concat());
    // A hundred mounts of 20 s one after the other.
    assert!(one.workload > 2000.0, "{}", one.workload);
    assert!(two.workload < one.workload * 0.7 && slots.workload < two.workload, "{} {}", two.workload, slots.workload);
    assert!((one.rok_csi - slots.rok_csi).abs() < 1.0, "mounts do not move the driver");
}

#[test]
fn writers_share_a_servers_bandwidth() {
    let slow = ["volume.shared.server_bandwidth=5MB/s", "workload.first_write=100MB"];
    let one = means(&slow);
    assert!(one.workload > 2000.0, "100 writes of 100 MB at 5 MB/s take 2000 s: {}", one.workload);
    let four = means(&[&slow[..], &["volume.shared.servers=4"]].concat());
    assert!(four.workload < one.workload - 1000.0);
}

#[test]
fn a_narrow_registry_is_shared_by_all_nodes() {
    let narrow = means(&["registry.gcr.bandwidth=100MB/s"]);
    // 97 nodes pull 0.9 GB each before Rok and its driver run, and 100 nodes 1.3 GB for a replica.
    let bytes = 97.0 * 0.9e9 + 100.0 * 1.3e9;
    assert!(narrow.workload > bytes / 100e6, "{} {}", narrow.workload, bytes / 100e6);
}

#[test]
fn launches_come_no_faster_than_their_rate() {
    let plan_settings = [HUNDRED, "cloud.launch_instances_per_s=0.5", "cloud.launch_instances_burst=10"];
    let record = run(&plan_settings);
    let mut launched: Vec<f64> = record.nodes.iter().filter_map(|node| node.launched).map(Time::as_secs_f64).collect();
    launched.sort_unstable_by(f64::total_cmp);
    for (first, at) in launched.iter().enumerate() {
        let later = launched[first..].iter().take_while(|other| **other <= at + 20.0).count();
        // Batches of five may come a bucket early.
        assert!(later <= 10 + 10 + 5, "{later} launches within 20 s");
    }
    assert!(launched[96] - launched[0] > (97.0 - 15.0) / 0.5 - 20.0, "{launched:?}");
    assert!(record.limits.iter().any(|limit| limit.kind == "launch-rate"), "{:?}", record.limits);
}

#[test]
fn the_autoscaler_asks_for_exactly_what_is_missing() {
    for settings in [
        &[HUNDRED][..],
        &[HUNDRED, "autoscaler.max_nodes_per_scale_up=7"],
        &[HUNDRED, "autoscaler.young_pod_age=0s", "control_plane.controller_qps=3"],
        &[HUNDRED, "workload.vcpus=3", "workload.memory=1GiB", "workload.replicas=201"],
        &[HUNDRED, "scheduler.pods_per_s=2"],
        &[HUNDRED, "autoscaler.scan_interval=1s", "autoscaler.decision=0s"],
    ] {
        let record = run(settings);
        assert!(record.end.ready);
        assert_eq!(record.nodes.len(), record.stages[0].desired as usize, "{settings:?}");
    }
}

#[test]
fn a_bounded_step_asks_for_no_more_nodes_in_one_loop() {
    let record = run(&[HUNDRED, "autoscaler.max_nodes_per_scale_up=7"]);
    let mut asked: Vec<Time> = record.nodes.iter().filter_map(|node| node.requested).collect();
    asked.sort_unstable();
    let steps: Vec<&[Time]> = asked.chunk_by(|a, b| a == b).collect();
    assert_eq!(steps.len(), 97_usize.div_ceil(7));
    assert!(steps.iter().all(|step| step.len() <= 7));
    assert!(steps.windows(2).all(|pair| (pair[1][0] - pair[0][0]).as_secs_f64() >= 10.0), "a loop pauses ten seconds");
}

#[test]
fn replicas_are_created_in_batches_that_double_and_pods_at_the_controllers_rate() {
    let record = run(&[HUNDRED, "control_plane.write=100ms", "control_plane.controller_qps=1e6"]);
    let created = |record: &scaleup::model::record::Record| -> Vec<f64> {
        let mut first = vec![f64::INFINITY; 100];
        for wait in &record.waits {
            if let scaleup::model::record::Subject::Replica(replica) = wait.subject {
                let at = &mut first[replica];
                *at = at.min(wait.from.as_secs_f64());
            }
        }
        first
    };
    let first = created(&record);
    let batches: Vec<usize> = first.chunk_by(|a, b| (a - b).abs() < 1e-6).map(<[f64]>::len).collect();
    assert_eq!(batches, [1, 2, 4, 8, 16, 32, 37]);
    let burst = created(&run(&[HUNDRED, "control_plane.write=100ms", "control_plane.replicaset_burst=10"]));
    let batches: Vec<usize> = burst.chunk_by(|a, b| (a - b).abs() < 1e-6).map(<[f64]>::len).collect();
    assert_eq!(batches[..8], [1, 2, 4, 3, 1, 2, 4, 3]);
}

#[test]
fn each_request_costs_etcd_time() {
    let (shipped, busy) = (means(&[]), means(&["etcd.rok-etcd.apply=20ms"]));
    assert!(busy.rok > shipped.rok + 30.0, "{} {}", busy.rok, shipped.rok);
}
