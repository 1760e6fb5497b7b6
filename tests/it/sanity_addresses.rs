//! Addresses of subnets and the CNI's calls, against arithmetic.

use crate::model_cases::run;
use crate::simulated::simulate;
use scaleup::report::unready;
use scaleup::time::Time;

const FULL: &str = "Unable to attach IPs/Prefixes for the ENI, subnet doesn't seem to have enough IPs/Prefixes. Consider using new subnet or carve a reserved range using create-subnet-cidr-reservation";
const NO_ADDRESS: &str = "Failed to create pod sandbox: plugin type=\"aws-cni\" name=\"aws-cni\" failed (add): add cmd: failed to assign an IP address to container";
const AUTO_SCALING: &str = "Amazon AutoScaling was unable to launch instances because there are not enough free addresses in the subnet associated with your AutoScaling group(s).";

/// A limit of addresses that each zone has.
fn each_zone(free: u32) -> [String; 3] {
    ["a", "b", "c"].map(|zone| format!("zone.us-east-1{zone}.free_addresses={free}"))
}

#[test]
fn an_instance_needs_one_address_and_its_pods_wait_for_theirs() {
    // Three new nodes in each zone take an address each, and five are left for the pods of all three.
    let few = each_zone(8);
    let run = simulate("ekf", &[&["cluster.target_nodes=12"], &few.each_ref().map(String::as_str)[..]].concat());
    assert_eq!(run.record.held.ready_nodes, 12, "a node is Ready without addresses for pods");
    assert_eq!(run.limit("free-addresses").message, FULL);
    assert_eq!(run.limit("pod-addresses").message, NO_ADDRESS);
    assert!(!run.record.end.ready);
    let waiting = unready::lines(&run.record.end.waiting_for);
    assert!(waiting.iter().any(|line| line.contains("for an address of the subnet")), "{waiting:?}");
    // 36 pods of four on each new node want an address, and 15 have one.
    let without: u32 = waiting
        .iter()
        .filter(|line| line.contains("for an address"))
        .map(|line| line.split(' ').next().and_then(|count| count.parse::<u32>().ok()).expect("a count"))
        .sum();
    assert!((1..=21).contains(&without), "{waiting:?}");
    assert_eq!(run.record.held.free_addresses, [Some(0); 3]);
}

#[test]
fn a_subnet_without_an_address_refuses_launches() {
    let none = each_zone(0);
    let settings = ["cluster.target_nodes=12", "run.horizon=1h"];
    let run = simulate("ekf", &[&settings[..], &none.each_ref().map(String::as_str)].concat());
    assert_eq!(run.limit("free-addresses").message, AUTO_SCALING);
    assert_eq!(run.record.held.ready_nodes, 3);
}

#[test]
fn a_node_with_pods_holds_two_interfaces_or_two_blocks_or_its_own_address() {
    let held = |setting: &str| {
        let run = simulate("ekf", &["cluster.target_nodes=12", setting]);
        assert!(run.record.end.ready);
        run.record.held.addresses.iter().sum::<u32>()
    };
    // Two interfaces of 30; the first interface's address and two blocks of 16.
    assert_eq!(held("cni.prefix_delegation=false"), 12 * 60);
    assert_eq!(held("cni.prefix_delegation=true"), 12 * 33);
    assert_eq!(held("cni.pod_addresses=false"), 12);
}

/// When the new nodes became Ready, in seconds.
fn ready(settings: &[&str]) -> Vec<f64> {
    let settings = [&["cluster.target_nodes=43", "kubelet.ready_update=1s"], settings].concat();
    let record = run(&settings);
    assert!(record.end.ready);
    let mut ready: Vec<f64> = record.nodes[3..].iter().filter_map(|node| node.ready).map(Time::as_secs_f64).collect();
    ready.sort_by(f64::total_cmp);
    ready
}

#[test]
fn nodes_become_ready_no_faster_than_their_network_calls_are_let_through() {
    let slow = ready(&["cni.calls_per_s=0.5", "cni.calls_burst=1"]);
    assert!(slow.windows(2).all(|pair| pair[1] - pair[0] > 2.0 - 1e-6), "{slow:?}");
    let free = ready(&[]);
    assert!(free.windows(2).any(|pair| pair[1] - pair[0] < 1.0));
    assert!(slow[39] > free[39] + 20.0, "{} {}", slow[39], free[39]);
}
