//! Faults: each one costs what it must, and the cluster gets over it.

use super::simulated::{Simulated, minutes, simulate};

fn ekf(settings: &[&str]) -> Simulated {
    simulate("ekf", &[&["cluster.target_nodes=40", "workload.run_time=none"], settings].concat())
}

#[test]
fn a_node_that_never_registers_is_replaced_after_fifteen_minutes() {
    let run = ekf(&["fault.stuck={ kind = \"never-registers\", probability = 0.1 }"]);
    let failed: Vec<f64> =
        run.record.nodes.iter().filter_map(|node| Some(minutes(node.failed?) - minutes(node.requested?))).collect();
    assert!(!failed.is_empty());
    assert!(failed.iter().all(|after| (15.0..15.5).contains(after)), "{failed:?}");
    assert!(run.limit("provision-timeout").message.ends_with("timed out: a node did not register within 15m 00s"));
    assert!(run.limit("fault").message.starts_with("stuck: an instance booted and its kubelet never registered"));
    assert!(run.record.end.ready && run.ready_min("nodes").unwrap() > 15.0);
    assert_eq!(run.record.held.vcpus, 640, "what was given up is not held");
}

#[test]
fn an_instance_that_fails_to_boot_is_launched_again() {
    let healthy = ekf(&[]);
    let run = ekf(&["fault.boot={ kind = \"boot-failure\", probability = 0.3 }"]);
    assert!(run.limit("fault").count > 5);
    assert!(run.record.end.ready);
    assert!(run.ready_min("nodes") > healthy.ready_min("nodes"));
    assert_eq!((run.record.nodes.len(), run.record.held.vcpus), (40, 640));
}

#[test]
fn a_zone_that_fails_for_an_hour_is_replaced_by_the_others() {
    let run = ekf(&["fault.zone={ kind = \"zone-outage\", target = \"us-east-1a\", at = \"4m\", lasts = \"1h\" }"]);
    assert!(run.record.end.ready, "{:?}", run.record.end.waiting_for);
    assert_eq!(run.record.held.ready_nodes, 40);
    assert_eq!(run.record.held.instances[0], 0, "{:?}", run.record.held);
    assert_eq!(run.record.members, 40, "dead members have left, new ones have joined");
    let healthy = ekf(&[]).ready_min("workload").unwrap();
    assert!(run.ready_min("workload").unwrap() > healthy + 5.0);
}

#[test]
fn a_cluster_that_lost_a_zone_after_it_was_ready_becomes_ready_again() {
    let run = ekf(&["fault.zone={ kind = \"zone-outage\", target = \"us-east-1b\", at = \"2h\", lasts = \"5m\" }"]);
    let workload = run.numbers.stages.last().unwrap();
    assert!(minutes(workload.first_ready.unwrap()) < 60.0 && minutes(workload.ready.unwrap()) > 125.0);
    assert!(run.record.end.ready);
    assert_eq!((run.record.held.daemonset_pods, run.record.held.replica_pods), (280, 40));
}

#[test]
fn an_operators_restart_an_etcd_stall_and_a_slow_registry_delay_what_depends_on_them() {
    let ready = |settings: &[&str], stage: &str| {
        let run = ekf(settings);
        assert!(run.record.end.ready);
        run.ready_min(stage).unwrap()
    };
    let healthy = ready(&[], "rok");
    for fault in [
        "fault.master={ kind = \"operator-restart\", target = \"rok\", at = \"3m\", lasts = \"10m\" }",
        "fault.etcd={ kind = \"etcd-stall\", target = \"rok-etcd\", at = \"3m\", lasts = \"10m\" }",
        "fault.slow={ kind = \"slow-registry\", target = \"gcr\", at = \"1m\", lasts = \"30m\", left = 0.02 }",
    ] {
        let late = ready(&[fault], "rok") - healthy;
        assert!(late > 1.0, "{fault}: {late}");
        let never_struck = fault.replace("at = \"", "at = \"50");
        assert!((ready(&[&never_struck], "rok") - healthy).abs() < 1e-9, "{never_struck}");
    }
}

#[test]
fn a_registry_at_half_its_speed_is_one_with_half_the_bandwidth() {
    let ready = |settings: &[&str]| {
        let settings = [&["image.app.layers=1"], settings].concat();
        simulate("tests/it/fixtures/small.toml", &settings).ready_min("workload").unwrap()
    };
    let slow =
        "fault.slow={ kind = \"slow-registry\", target = \"docker-hub\", at = \"1s\", lasts = \"5h\", left = 0.5 }";
    let half = ready(&["registry.docker-hub.pull_bandwidth=30MB/s"]);
    assert!((ready(&[slow]) - half).abs() < 1e-9, "{half}");
    // 1.3 GB at 60 MB/s take 22 s.
    let later = 60.0 * (ready(&[slow]) - ready(&[]));
    assert!((20.0..25.0).contains(&later), "{later}");
}
