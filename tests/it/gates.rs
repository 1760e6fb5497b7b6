//! What decides when replicas may land on a new node: gates, GPUs and what they require, by arithmetic.

use scaleup::model::record::{Record, ReplicaRecord};
use scaleup::model::{Plan, Simulator};
use scaleup::scenario::{Setting, load};
use scaleup::time::{Span, Time};
use std::path::Path;

/// Three nodes and two more, seven replicas on each, and an agent that takes ten minutes to start.
const SLOW_AGENT: [&str; 4] = [
    "cluster.target_nodes=5",
    "daemonset.agent={image='kube-proxy',vcpus=0.1,memory='64MiB',start='10m'}",
    "image.kube-proxy.preloaded=true",
    "kubelet.sandbox=1s",
];

fn run(settings: &[&str], more: &[&str]) -> Record {
    let settings: Vec<Setting> = settings.iter().chain(more).map(|text| Setting::new("--set", *text)).collect();
    let loaded = load(Path::new("eks"), &settings).unwrap_or_else(|problems| panic!("{problems}"));
    Simulator::new().run(&Plan::new(&loaded.scenario).recording_replicas(), 1, 0, false)
}

/// When the agent was Ready first on a new node, and how many replicas had reached a milestone by then.
pub(crate) fn before_the_agent(record: &Record, of: fn(&ReplicaRecord) -> Option<Time>) -> (Time, usize) {
    let new = record.nodes.iter().filter(|node| node.requested.is_some());
    let ready = new.filter_map(|node| node.daemonsets[0]).min().expect("the agent became Ready");
    (ready, record.replicas.iter().filter(|replica| of(replica).is_some_and(|at| at < ready)).count())
}

fn scheduled_before(gate: &str) -> usize {
    let gate = format!("daemonset.agent.gate={gate}");
    before_the_agent(&run(&SLOW_AGENT, &[&gate]), |replica| replica.scheduled).1
}

#[test]
fn a_gate_keeps_replicas_from_new_nodes_until_its_daemonset_is_ready() {
    // The initial nodes hold 3 x 7 replicas, all five 5 x 7.
    assert_eq!(["none", "bootstrap-only", "continuous"].map(scheduled_before), [35, 21, 21]);
}

/// Ten replicas on three nodes whose agents are members of one cluster. A zone dies, its member leaves, and that keeps
/// the others from being Ready for 20 minutes; replicas that were lost would find room on their nodes.
fn last_scheduled(gate: &str) -> Time {
    let gate = format!("daemonset.agent.gate={gate}");
    let record = run(
        &[
            "cluster.target_nodes=3",
            "workload.replicas=10",
            "image.kube-proxy.preloaded=true",
            "daemonset.agent={image='kube-proxy',vcpus=0.1,memory='64MiB',start='1s',readiness={period='5s',failure_threshold=1}}",
            "daemonset.agent.join={etcd='members',workers=1,operator='1s',transactions=1,sync='1s',reconfigure='20m',reconfigure_per_member='0s'}",
            "disk.members={kind='io1',size='10GiB'}",
            "etcd.members={disk='members',operations_per_commit=1,request='1ms',apply='1ms',background_per_member=0.0,notify_per_member='0s'}",
            "fault.loss={kind='zone-outage',target='us-east-1a',at='10m',lasts='11h'}",
            "zone.us-east-1a.capacity=0",
            "zone.us-east-1b.capacity=0",
            "zone.us-east-1c.capacity=0",
        ],
        &[&gate],
    );
    let scheduled = record.replicas.iter().filter_map(|replica| replica.scheduled).max();
    scheduled.expect("replicas were scheduled")
}

#[test]
fn a_continuous_gate_closes_while_its_daemonset_is_not_ready_and_others_stay_open() {
    let minute = |minutes: u64| Time::ZERO + Span::from_secs(60 * minutes);
    for gate in ["none", "bootstrap-only"] {
        let last = last_scheduled(gate);
        assert!((minute(10)..minute(14)).contains(&last), "{gate}: {last}");
    }
    let last = last_scheduled("continuous");
    assert!((minute(30)..minute(34)).contains(&last), "{last}");
}

#[test]
fn a_dry_run_counts_the_replicas_that_started_before_their_daemonset() {
    let record = run(&SLOW_AGENT, &["daemonset.agent.gate=dry-run"]);
    assert_eq!(before_the_agent(&record, |replica| replica.scheduled).1, 35);
    let hit = record.limits.iter().find(|hit| hit.kind == "gate").expect("replicas are on new nodes");
    assert_eq!(hit.count, 14);
    assert_eq!(hit.message, "replicas started before agent was Ready on their node");
}

#[test]
fn nodes_behind_a_gate_are_still_to_come_for_the_autoscaler() {
    // It would ask for more nodes if it took them for full ones.
    let record =
        run(&SLOW_AGENT, &["daemonset.agent.gate=bootstrap-only", "workload.replicas=35", "cluster.target_nodes=50"]);
    assert_eq!(record.nodes.len(), 5);
    assert!(record.end.ready, "{:?}", record.end);
}

#[test]
fn what_a_replica_requires_delays_its_start_and_not_its_place() {
    let requires = ["workload.requires=['agent']", "workload.requires_poll=4s", "cluster.target_nodes=4"];
    let record = run(&SLOW_AGENT, &requires);
    assert_eq!(before_the_agent(&record, |replica| replica.scheduled).1, 28);
    let (ready, started) = before_the_agent(&record, |replica| replica.running);
    assert_eq!(started, 21);
    // Those on the new node look every 4 s.
    let late = record.replicas.iter().filter_map(|replica| replica.running).filter(|at| *at >= ready);
    assert!(late.clone().count() == 7 && late.max().expect("seven").since(ready) < Span::from_secs(4));
}

#[test]
fn gpus_limit_how_many_replicas_a_node_holds_and_come_with_their_device_plugin() {
    let gpus = |node: &str, more: &[&str]| {
        let node = format!("node.instance_type={node}");
        let small =
            ["workload.gpus=1", "workload.vcpus=1", "workload.memory=1GiB", "daemonset.agent.provides_gpus=true"];
        run(&SLOW_AGENT, &[&[node.as_str()], &small[..], more].concat())
    };
    for (node, gpus_of_one) in [("g5.2xlarge", 1), ("g4dn.12xlarge", 4)] {
        let record = gpus(node, &[]);
        assert_eq!(record.replicas.len(), 5 * gpus_of_one, "{node}");
        assert_eq!(before_the_agent(&record, |replica| replica.scheduled).1, 3 * gpus_of_one, "{node}");
        assert!(record.end.ready, "{node}: {:?}", record.end);
    }
    // Without any GPU requested the device plugin holds up nobody: seven vCPUs, seven replicas.
    let none = gpus("g5.2xlarge", &["workload.gpus=0"]);
    assert_eq!(before_the_agent(&none, |replica| replica.scheduled).1, none.replicas.len());
}
