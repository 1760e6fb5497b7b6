//! Unusual clusters: nothing to add, one node, five thousand, many small replicas, and what can be left out.

use crate::model_cases::{plan, ready_at, run, run_plan, stage};
use crate::model_checks;
use scaleup::model::Simulator;
use scaleup::model::record::{Cause, Record, Subject};
use scaleup::scenario::{Setting, load};
use scaleup::time::{Span, Time};
use std::path::Path;

const SMALL: &str = "cluster.target_nodes=25";

/// Runs a variant of a small scale-up that becomes ready, and checks everything about it.
fn ready(settings: &[&str]) -> Record {
    let settings: Vec<&str> = [SMALL].iter().chain(settings).copied().collect();
    let plan = plan(&settings);
    let record = run_plan(&plan, 0);
    model_checks::all_hold(&plan, &record);
    assert!(record.end.ready, "{settings:?}: {:?}", record.end);
    record
}

fn added(record: &Record) -> usize {
    record.nodes.iter().filter(|node| node.requested.is_some()).count()
}

#[test]
fn with_nothing_to_add_only_the_workload_is_waited_for() {
    let record = ready(&["cluster.target_nodes=3"]);
    assert_eq!((added(&record), record.members), (0, 3));
    assert_eq!(ready_at(&record, "rok-csi"), Time::ZERO);
    assert!(ready_at(&record, "workload") > Time::from_secs_f64(30.0));
}

#[test]
fn one_node_can_be_added() {
    let record = ready(&["cluster.target_nodes=4"]);
    assert_eq!((added(&record), record.members), (1, 4));
}

#[test]
fn a_cluster_can_start_without_nodes() {
    let record = ready(&["cluster.initial_nodes=0"]);
    assert_eq!((added(&record), record.members), (25, 25));
}

#[test]
fn nothing_at_all_is_ready_at_once() {
    let record = ready(&["cluster.initial_nodes=0", "cluster.target_nodes=0"]);
    assert_eq!((record.end.events, record.end.at), (0, Time::ZERO));
}

#[test]
fn without_replicas_nothing_happens() {
    let record = ready(&["workload.replicas=0"]);
    assert_eq!((added(&record), record.end.events), (0, 0));
    assert_eq!(ready_at(&record, "workload"), Time::ZERO);
}

#[test]
fn replicas_that_fit_on_the_initial_nodes_add_none() {
    let record = ready(&["workload.replicas=3"]);
    assert_eq!((added(&record), record.stages[0].desired), (0, 3));
}

#[test]
fn small_replicas_share_nodes() {
    // 15 vCPUs are free on a node: three replicas of 4.
    let small = ["workload.vcpus=4", "workload.memory=4GiB", "workload.replicas=40"];
    let record = ready(&small);
    assert_eq!((added(&record), record.stages[0].desired), (11, 14));
    assert!(record.nodes.iter().all(|node| node.workload.is_some()), "every node was needed");
}

#[test]
fn five_thousand_nodes_become_ready() {
    let plan = plan(&[
        "cluster.target_nodes=5000",
        "cloud.launch_instances_per_s=50",
        "cloud.launch_calls_per_s=50",
        "cloud.launch_interval=1s",
        "cloud.launch_batch=50",
        "autoscaler.max_nodes_per_scale_up=5000",
        "daemonset.rok.join.workers=200",
        "daemonset.rok.join.transactions=1",
        "daemonset.rok.join.reconfigure=1ms",
        "daemonset.rok.join.reconfigure_per_member=0s",
        "volume.shared.servers=50",
    ]);
    let record = Simulator::new().run(&plan, 1, 0, false);
    assert!(record.end.ready, "{:?}", record.end);
    assert_eq!((added(&record), record.members), (4997, 5000));
    model_checks::nothing_is_lost(&plan, &record);
    model_checks::nodes_pass_their_milestones_in_order(&plan, &record);
    model_checks::stages_follow_their_causes(&plan, &record);
}

#[test]
fn three_hundred_nodes_keep_every_promise() {
    let plan = plan(&[]);
    let record = run_plan(&plan, 0);
    model_checks::all_hold(&plan, &record);
    assert!(record.end.ready && record.members == 300);
}

#[test]
fn daemonsets_need_no_probes() {
    let record = ready(&["daemonset.rok-csi.readiness=", "workload.readiness="]);
    let probes = record.waits.iter().filter(|wait| wait.cause == Cause::Probe);
    let not_rok = probes.filter(|wait| !matches!(wait.subject, Subject::DaemonSetPod(..)));
    assert_eq!(not_rok.count(), 0);
}

#[test]
fn a_chain_of_requirements_becomes_ready_one_after_the_other() {
    let record = ready(&[
        "daemonset.baseline.requires=['rok-csi']",
        "daemonset.rok.requires=['rok-kmod']",
        "daemonset.rok-kmod.requires=['rok-disk-manager']",
        "daemonset.rok-kmod.stage=true",
        "daemonset.rok-disk-manager.stage=true",
        // A pod that flaps is last Ready after those that need it.
        "daemonset.rok.join=none",
    ]);
    let names: Vec<&str> = record.stages.iter().map(|stage| stage.name.as_str()).collect();
    assert_eq!(names, ["nodes", "rok-disk-manager", "rok-kmod", "rok", "rok-csi", "baseline", "workload"]);
    for node in record.nodes.iter().filter(|node| node.requested.is_some()) {
        assert!(node.daemonsets.is_sorted() && node.daemonsets[0].is_some(), "{node:?}");
    }
}

#[test]
fn a_daemonset_that_is_switched_off_leaves_no_trace() {
    let record = ready(&["daemonset.baseline.enabled=false"]);
    assert!(record.stages.iter().all(|stage| stage.name != "baseline"));
    assert!(record.resources.iter().all(|name| name != "baseline"));
}

#[test]
fn serial_pulls_are_never_at_the_same_time() {
    let record = ready(&["kubelet.parallel_pulls=1"]);
    let mut transfers: Vec<_> = record
        .waits
        .iter()
        .filter(|wait| wait.cause == Cause::Transfer && record.resources[wait.resource] == "registry gcr")
        .filter_map(|wait| match wait.subject {
            Subject::DaemonSetPod(_, node) => Some((node, wait.from, wait.to)),
            _ => None,
        })
        .collect();
    transfers.sort_unstable();
    assert!(transfers.len() > 60);
    assert!(transfers.windows(2).all(|pair| pair[0].0 != pair[1].0 || pair[0].2 <= pair[1].1), "{transfers:?}");
}

#[test]
fn parallel_pulls_overlap_and_are_sooner_done() {
    // Without long back-offs of mounts: with them to come sooner can mean to wait longer.
    let ready = |pulls: &str| ready(&["kubelet.mount_backoff_max=1s", pulls]);
    let (serial, parallel) = (ready("kubelet.parallel_pulls=1"), ready("kubelet.parallel_pulls=10"));
    assert!(ready_at(&parallel, "baseline") < ready_at(&serial, "baseline"));
}

#[test]
fn a_volume_can_need_an_attachment() {
    let record =
        ready(&["volume.shared.attach.attach=2s", "volume.shared.attach.qps=1", "volume.shared.attach.burst=3"]);
    let attached: Vec<(Time, Time)> = record
        .waits
        .iter()
        .filter(|wait| wait.cause == Cause::Service && record.resources[wait.resource] == "csi-attacher")
        .map(|wait| (wait.from, wait.to))
        .collect();
    assert_eq!(attached.len(), 25);
    assert!(attached.iter().all(|(from, to)| *to - *from == Span::from_secs(2)));
    // Three writes each at one per second: one attachment every three seconds after the first.
    let mut begun: Vec<Time> = attached.iter().map(|(from, _)| *from).collect();
    begun.sort_unstable();
    assert!(begun.windows(2).all(|pair| pair[1] - pair[0] >= Span::from_secs(3)), "{begun:?}");
}

#[test]
fn an_attacher_works_on_as_many_attachments_as_it_has_workers() {
    let slow = ["volume.shared.attach.attach=30s", "volume.shared.attach.qps=1000", "volume.shared.attach.workers=2"];
    let record = ready(&slow);
    let mut changes: Vec<(Time, i32)> = record
        .waits
        .iter()
        .filter(|wait| wait.cause == Cause::Service && record.resources[wait.resource] == "csi-attacher")
        .flat_map(|wait| [(wait.from, 1), (wait.to, -1)])
        .collect();
    changes.sort_unstable();
    let mut now = 0;
    let most = changes.iter().fold(0, |most, (_, change)| {
        now += change;
        most.max(now)
    });
    assert_eq!(most, 2);
}

#[test]
fn pod_networking_can_come_with_the_node() {
    let record = ready(&["node.network_daemonset="]);
    let plan = plan(&[SMALL]);
    let with = run(&[SMALL]);
    assert_eq!(stage(&plan, "nodes"), 0);
    assert!(ready_at(&record, "nodes") < ready_at(&with, "nodes"));
}

#[test]
fn without_balance_one_zone_gets_a_whole_scale_up() {
    let record = ready(&["autoscaler.balance_zones=false", "control_plane.controller_qps=10000"]);
    let with = ready(&[]);
    let zones = |record: &Record| -> Vec<usize> {
        (0..3).map(|zone| record.nodes.iter().filter(|node| node.zone.0 == zone).count()).collect()
    };
    assert!(zones(&with).iter().all(|nodes| (8..=9).contains(nodes)), "{:?}", zones(&with));
    assert!(zones(&record).iter().any(|nodes| *nodes >= 18), "{:?}", zones(&record));
}

#[test]
fn two_successes_take_one_period_longer_than_one() {
    let record = ready(&["daemonset.rok.readiness.success_threshold=2"]);
    let one = ready(&[]);
    let later = record.nodes.iter().zip(&one.nodes).skip(3).filter(|(two, one)| two.daemonsets[1] > one.daemonsets[1]);
    assert!(later.count() > 18);
}

#[test]
fn a_replica_can_use_one_image_twice() {
    ready(&["workload.sidecar_image=kale"]);
}

#[test]
fn an_image_of_the_machine_is_never_pulled() {
    let record = ready(&["image.kale.preloaded=true", "image.istio-proxy.preloaded=true"]);
    let pulls = record.waits.iter().filter(|wait| matches!(wait.subject, Subject::Replica(_)));
    let mut resources = pulls.map(|wait| record.resources[wait.resource].as_str());
    assert!(resources.all(|name| !name.starts_with("registry") && !name.starts_with("image")));
}

/// Settings for images and DaemonSets beside those of the documented scenario, which has nine images and seven
/// DaemonSets.
fn extra(images: usize, sets: usize) -> Vec<String> {
    let image = |name: usize| {
        let keys = ["registry=gcr", "repository=extra", "size=1MB", "unpacked=2MB"];
        keys.map(|key| format!("image.extra-{name}.{key}"))
    };
    let set = |name: usize| {
        let image = format!("image=extra-{}", name % images);
        let keys = [image.as_str(), "vcpus=0", "memory=1MiB", "start=1s", "stage=false"];
        keys.map(|key| format!("daemonset.extra-{name}.{key}"))
    };
    (0..images).flat_map(image).chain((0..sets).flat_map(set)).collect()
}

#[test]
fn sixty_four_images_and_daemonsets_work_and_one_more_is_refused() {
    let most = extra(64 - 9, 64 - 7);
    let most: Vec<&str> = most.iter().map(String::as_str).collect();
    ready(&[&["cluster.target_nodes=5"], &most[..]].concat());
    for (images, sets, refused) in [(56, 57, "65 tables [image.NAME]"), (55, 58, "65 tables [daemonset.NAME]")] {
        let more: Vec<Setting> = extra(images, sets).iter().map(|text| Setting::new("--set", text)).collect();
        let problems = load(Path::new("scenarios/ekf.toml"), &more).unwrap_err();
        assert!(problems.count() == 1 && problems.to_string().contains(refused), "{problems}");
    }
}
