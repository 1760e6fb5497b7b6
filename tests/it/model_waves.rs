//! Scale-up in waves: the next replicas are asked for when all so far are Ready.

use crate::model_cases::{plan, run, stage};
use scaleup::report::unready;
use scaleup::time::Time;

const SMALL: &str = "cluster.target_nodes=30";

/// The instants at which the number of Ready replicas first reached 10, 20 and 30.
fn reached(settings: &[&str]) -> Vec<Time> {
    let workload = stage(&plan(settings), "workload");
    let record = run(settings);
    let (mut ready, mut reached) = (0, Vec::new());
    for transition in record.transitions.iter().filter(|one| one.stage.index() == workload) {
        ready = if transition.ready { ready + 1 } else { ready - 1 };
        if ready == 10 * (reached.len() + 1) {
            reached.push(transition.at);
        }
    }
    reached
}

#[test]
fn a_wave_is_asked_for_when_the_one_before_is_ready() {
    let settings = [SMALL, "workload.wave=10"];
    let reached = reached(&settings);
    assert_eq!(reached.len(), 3);
    let record = run(&settings);
    assert!(record.end.ready);
    let mut requested: Vec<Time> = record.nodes.iter().filter_map(|node| node.requested).collect();
    requested.sort();
    // Three nodes were there: the first wave needs seven more, the others ten each.
    assert_eq!(requested.len(), 27);
    assert!(requested[6] < reached[0] && requested[7] > reached[0]);
    assert!(requested[16] < reached[1] && requested[17] > reached[1]);
    assert!(requested[26] < reached[2]);
}

#[test]
fn one_wave_of_all_is_the_same_as_no_waves() {
    let all_at_once = run(&[SMALL]);
    for wave in ["workload.wave=30", "workload.wave=1000"] {
        assert_eq!(all_at_once, run(&[SMALL, wave]), "{wave}");
    }
    assert_ne!(all_at_once, run(&[SMALL, "workload.wave=29"]));
}

#[test]
fn waves_end_with_the_deployment_and_need_no_replicas() {
    let record = run(&[SMALL, "workload.wave=8", "workload.run_time=5m"]);
    assert!(record.end.ready && record.scale_down.is_some(), "{:?}", record.end);
    assert!(run(&[SMALL, "workload.wave=8", "workload.replicas=0"]).end.ready);
}

#[test]
fn what_is_not_asked_for_yet_is_waited_for() {
    let record = run(&[SMALL, "workload.wave=10", "cloud.vcpu_quota=64", "run.horizon=1h"]);
    assert!(!record.end.ready);
    let waiting = unready::lines(&record.end.waiting_for).join("; ");
    assert!(waiting.contains("20 replicas are not created yet"), "{waiting}");
    assert!(waiting.contains("6 replicas are unschedulable: no node has room"), "{waiting}");
}
