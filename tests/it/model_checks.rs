//! What must hold in every record of every scenario.

use scaleup::experiment::observe;
use scaleup::experiment::path::critical_paths;
use scaleup::model::Plan;
use scaleup::model::params::Scenario;
use scaleup::model::record::{Cause, DaemonSetPlace, NodeId, NodeRecord, Record, ReplicaId, StageId, Subject, Wait};
use scaleup::report::unready;
use scaleup::time::{Span, Time};
use std::collections::{BTreeMap, BTreeSet};

/// Everything below.
pub fn all_hold(plan: &Plan, record: &Record) {
    transitions_alternate_and_stay_within_what_is_desired(record);
    nodes_pass_their_milestones_in_order(plan, record);
    nothing_is_lost(plan, record);
    pulled_bytes_are_conserved(plan.scenario(), record);
    limits_are_kept(plan, record);
    stages_follow_their_causes(plan, record);
    waits_tile_lives(plan, record);
    a_replicas_sidecar_is_pulled_before_its_main_image(plan, record);
    critical_paths_tile_the_time(record);
}

pub fn transitions_alternate_and_stay_within_what_is_desired(record: &Record) {
    assert!(record.transitions.is_sorted_by_key(|transition| transition.at), "transitions are in the order of time");
    let mut ready: BTreeMap<(StageId, Subject), bool> = BTreeMap::new();
    for transition in &record.transitions {
        let before = ready.insert((transition.stage, transition.subject), transition.ready);
        assert_eq!(before.unwrap_or(false), !transition.ready, "{transition:?} changes something");
        assert!(transition.at <= record.end.at, "{transition:?} comes after the end");
    }
    for (place, stage) in record.stages.iter().enumerate() {
        let now = ready.iter().filter(|((of, _), ready)| of.index() == place && **ready).count();
        assert!(now <= stage.desired as usize, "{now} of {stage:?} are Ready");
    }
}

/// Each milestone that was reached, in the order in which they must come.
fn machine(node: &NodeRecord) -> [Option<Time>; 6] {
    [node.requested, node.launched, node.running, node.booted, node.registered, node.ready]
}

pub fn nodes_pass_their_milestones_in_order(plan: &Plan, record: &Record) {
    let initial = plan.scenario().cluster.initial_nodes as usize;
    for (number, node) in record.nodes.iter().enumerate() {
        let reached = machine(node);
        if number < initial {
            assert_eq!(reached, [None, None, None, None, None, Some(Time::ZERO)], "node {number} was there");
        } else {
            assert!(node.requested.is_some(), "node {number} was asked for");
            let first_missing = reached.iter().position(Option::is_none).unwrap_or(6);
            assert!(reached[first_missing..].iter().all(Option::is_none), "node {number} skips nothing: {node:?}");
            assert!(reached[..first_missing].is_sorted(), "node {number}: {node:?}");
        }
        let pods = node.daemonsets.iter().chain([&node.workload]).flatten();
        assert!(node.registered.is_some() || number < initial || pods.clone().next().is_none(), "{node:?}");
        assert!(pods.clone().all(|pod| Some(*pod) >= node.registered), "pods follow their node {number}: {node:?}");
        assert!(node.failed.is_none() || node.registered.is_none(), "a failed node never registered: {node:?}");
        assert!(node.failed.is_none_or(|failed| Some(failed) >= reached.iter().flatten().max().copied()), "{node:?}");
    }
}

/// How many of `what` the run still waits for, in the words of its report.
fn waiting(record: &Record, what: &str) -> u32 {
    let lines = unready::lines(&record.end.waiting_for);
    let counts = lines.iter().filter_map(|line| line.split_once(' '));
    let one = what.trim_end_matches("s ").to_owned() + " ";
    let of = |rest: &str| (rest.starts_with(what) || rest.starts_with(&one)) && !rest.starts_with("node group");
    counts.filter(|(_, rest)| of(rest)).map(|(count, _)| count.parse::<u32>().expect("a count")).sum()
}

fn ready_now(record: &Record, stage: usize) -> u32 {
    let of_stage = record.transitions.iter().filter(|transition| transition.stage.index() == stage);
    of_stage.fold(0, |count, transition| if transition.ready { count + 1 } else { count - 1 })
}

/// Nodes asked for are Ready, failed or on their way; pods are Ready or waiting; members are nodes.
pub fn nothing_is_lost(plan: &Plan, record: &Record) {
    let scenario = plan.scenario();
    let failed = record.nodes.iter().filter(|node| node.failed.is_some()).count() as u32;
    let ready = record.nodes.iter().filter(|node| node.ready.is_some()).count() as u32;
    let registered = record.nodes.iter().filter(|node| node.registered.is_some()).count() as u32;
    assert_eq!(ready_now(record, 0), ready);
    assert_eq!(record.end.ready, record.end.waiting_for.is_empty(), "{:?}", record.end);
    let on_the_way = record.nodes.len() as u32 - ready - failed;
    assert!(ready + on_the_way <= record.stages[0].desired, "no more nodes than needed");
    if record.end.ready {
        assert_eq!((on_the_way, ready), (0, record.stages[0].desired));
    } else {
        assert_eq!(on_the_way, waiting(record, "nodes "), "{:?}", record.end);
    }
    let pods = scenario.cluster.initial_nodes + registered;
    for (place, stage) in record.stages.iter().enumerate().skip(1) {
        let last = place + 1 == record.stages.len();
        let (exist, noun) =
            if last { (stage.desired, "replicas ".to_owned()) } else { (pods, format!("{} pods ", stage.name)) };
        assert_eq!(exist, ready_now(record, place) + waiting(record, &noun), "{} at {:?}", stage.name, record.end);
    }
    members_are_nodes(plan, record, pods);
}

/// What the links carried, by their rates over time, is what the completed transfers are large, and what came of those
/// that a node's end cut short; no link carried more than it can.
pub fn pulled_bytes_are_conserved(scenario: &Scenario, record: &Record) {
    let transferred = &record.held.transferred;
    let bytes_of = |from: Option<&str>| -> u64 {
        let images = scenario.image.iter().zip(&transferred.images);
        let counted = images.filter(|((_, image), _)| from.is_none_or(|registry| image.registry == registry));
        counted.map(|((_, image), completed)| image.size.0 * completed).sum()
    };
    // A transfer ends with the nanosecond that it needs a part of: some two bytes at the rate of a node's network.
    let rounding = 1 + transferred.images.iter().sum::<u64>() * 2;
    let largest = scenario.image.iter().map(|(_, image)| image.size.0).max().unwrap_or(0);
    let under_way = u64::from(record.held.transfers) * largest;
    let ended = bytes_of(None) + transferred.cut_short;
    let possible = ended.saturating_sub(rounding)..=ended + under_way + rounding;
    assert!(possible.contains(&transferred.bytes), "{possible:?} {transferred:?}");

    let arrived: u64 = record.held.pulls.iter().map(|pulls| pulls.arrived).sum();
    assert!(transferred.images.iter().sum::<u64>() >= arrived, "nothing is unpacked that was not transferred");
    let registries = scenario.registry.iter().map(|(_, registry)| registry.bandwidth);
    let capacities = registries.chain(std::iter::repeat(Some(scenario.cloud.nat_bandwidth)));
    for (capacity, bytes) in capacities.zip(&transferred.over_links) {
        let most = capacity.map_or(0.0, |capacity| capacity.0 * record.end.at.as_secs_f64());
        assert!(*bytes as f64 <= most + rounding as f64, "{bytes} bytes of at most {most}: {transferred:?}");
    }
    for ((name, registry), bytes) in scenario.registry.iter().zip(&transferred.over_links) {
        if registry.bandwidth.is_some() && record.held.transfers == 0 && transferred.cut_short == 0 {
            assert!(bytes.abs_diff(bytes_of(Some(name))) <= rounding, "{name}: {transferred:?}");
        }
    }
}

fn members_are_nodes(plan: &Plan, record: &Record, pods: u32) {
    let joining = plan.scenario().daemonset.iter().filter(|(_, set)| set.enabled && set.join.is_some()).count() as u32;
    assert!(record.members <= pods * joining);
    assert!(record.members >= plan.scenario().cluster.initial_nodes * joining);
    if record.end.ready {
        assert_eq!(record.members, record.stages[0].desired * joining);
    }
}

/// How many launched instances there are at most at any time, of those that `count` picks.
fn most_at_once(record: &Record, count: impl Fn(&NodeRecord) -> bool) -> u32 {
    let mut changes: Vec<(Time, bool)> = Vec::new();
    for node in record.nodes.iter().filter(|node| count(node)) {
        changes.extend(node.launched.map(|at| (at, true)));
        changes.extend(node.launched.and(node.failed).map(|at| (at, false)));
    }
    // At the same instant what is given back comes first.
    changes.sort_unstable();
    let mut now = 0_u32;
    changes.into_iter().fold(0, |most, (_, more)| {
        now = if more { now + 1 } else { now - 1 };
        most.max(now)
    })
}

/// The vCPU quota, the zones' capacities and the subnets' addresses.
pub fn limits_are_kept(plan: &Plan, record: &Record) {
    let scenario = plan.scenario();
    if let Some(quota) = scenario.cloud.vcpu_quota {
        let vcpus = scenario.node.vcpus.get();
        let launched = most_at_once(record, |_| true);
        assert!(launched == 0 || (scenario.cluster.initial_nodes + launched) * vcpus <= quota);
    }
    for (place, (name, zone)) in scenario.zone.iter().enumerate() {
        let launched = most_at_once(record, |node| node.zone.index() == place);
        assert!(zone.capacity.is_none_or(|capacity| launched <= capacity), "{name} has room for {launched}");
        assert!(zone.free_addresses.is_none_or(|free| launched <= free), "{name}");
    }
    let target = scenario.cluster.target_nodes as usize;
    assert!(record.nodes.iter().filter(|node| node.failed.is_none()).count() <= target);
}

/// All nodes come before all pods of a DaemonSet, what is required before what requires it, the workload last.
pub fn stages_follow_their_causes(plan: &Plan, record: &Record) {
    let times = observe(record, Span::from_secs(5), 0).stages;
    for stage in &times {
        assert!(stage.first_ready <= stage.ready || stage.ready.is_none(), "{stage:?}");
    }
    let place = |name: &str| record.stages.iter().position(|stage| stage.name == name);
    let before = |cause: usize, effect: usize| {
        for (cause, effect) in
            [(times[cause].ready, times[effect].ready), (times[cause].first_ready, times[effect].first_ready)]
        {
            assert!(effect.is_none() || cause.is_some_and(|cause| Some(cause) <= effect), "{cause:?} {effect:?}");
        }
    };
    let scenario = plan.scenario();
    for (name, set) in scenario.daemonset.iter() {
        let Some(effect) = place(name) else { continue };
        let waits_for_node = !set.host_network && scenario.node.network_daemonset.is_some();
        if waits_for_node {
            before(0, effect);
        }
        for cause in set.requires.iter().filter_map(|required| place(required)) {
            pods_follow_what_they_require(record, cause, effect);
        }
    }
    let driver = scenario.workload.volume.as_ref().and_then(|name| scenario.volume.find(name));
    let Some((_, set)) = driver.and_then(|(_, volume)| scenario.daemonset.find(&volume.driver)) else { return };
    for cause in set.requires.iter().filter_map(|required| place(required)) {
        for (node, ready) in first_readiness(record, cause) {
            let workload = record.nodes[node as usize].workload;
            assert!(workload.is_none_or(|workload| workload > ready), "replicas of node {node} use the driver");
        }
    }
}

/// When each subject of a stage was Ready for the first time.
fn first_readiness(record: &Record, stage: usize) -> BTreeMap<u32, Time> {
    let ready = record.transitions.iter().filter(|t| t.stage.index() == stage && t.ready);
    ready.rev().map(|transition| (transition.subject.number(), transition.at)).collect()
}

/// A pod is Ready only after what it requires on its node was Ready once; that may have lapsed since.
fn pods_follow_what_they_require(record: &Record, cause: usize, effect: usize) {
    let causes = first_readiness(record, cause);
    for (node, ready) in first_readiness(record, effect) {
        assert!(causes.get(&node).is_some_and(|cause| *cause <= ready), "node {node}: {cause} comes before {effect}");
    }
}

/// As far as waits tell the images apart: by their registries.
pub fn a_replicas_sidecar_is_pulled_before_its_main_image(plan: &Plan, record: &Record) {
    let scenario = plan.scenario();
    let registry = |image: &str| format!("registry {}", scenario.image.find(image).expect("it is checked").1.registry);
    let Some(sidecar) = scenario.workload.sidecar_image.as_deref().map(registry) else { return };
    let main = registry(&scenario.workload.image);
    if sidecar == main {
        return;
    }
    let mut waits: Vec<&Wait> = record.waits.iter().collect();
    waits.sort_by_key(|wait| std::cmp::Reverse(wait.from));
    let mut pulls_sidecar_later: BTreeSet<ReplicaId> = BTreeSet::new();
    for wait in waits {
        let Subject::Replica(replica) = wait.subject else { continue };
        let name = &record.resources[wait.resource];
        if *name == sidecar {
            pulls_sidecar_later.insert(replica);
        }
        assert!(*name != main || !pulls_sidecar_later.contains(&replica), "{wait:?} comes before the sidecar's");
    }
}

/// An entity's waits follow one another from its beginning to its readiness or the end.
pub fn waits_tile_lives(plan: &Plan, record: &Record) {
    let mut lives: BTreeMap<Subject, Vec<Wait>> = BTreeMap::new();
    for wait in &record.waits {
        assert!(wait.from < wait.to && wait.to <= record.end.at, "{wait:?} until {:?}", record.end);
        assert!(wait.resource.index() < record.resources.len());
        assert!(wait.blocker.is_none_or(|blocker| exists(plan, record, blocker)), "{wait:?}");
        lives.entry(wait.subject).or_default().push(*wait);
    }
    for (subject, waits) in &mut lives {
        assert!(exists(plan, record, *subject));
        waits.sort_by_key(|wait| wait.from);
        assert!(waits.windows(2).all(|pair| pair[0].to == pair[1].from), "{subject:?} has gaps: {waits:#?}");
        let (from, to) = (waits[0].from, waits[waits.len() - 1].to);
        match *subject {
            Subject::Node(node) => node_waits(plan, record, &record.nodes[node], from, to),
            Subject::DaemonSetPod(set, node) => daemonset_waits(plan, record, (set, node), from, to),
            Subject::Replica(_) => ends_at_readiness(record, record.stages.len() - 1, *subject, to),
        }
        let ready = waits.iter().filter(|wait| wait.cause == Cause::Ready);
        assert!(ready.clone().all(|wait| !matches!(wait.subject, Subject::Node(_))), "nodes end when Ready");
    }
    every_node_has_waited(plan, record, &lives);
}

/// The critical path of each stage goes from 0 to its readiness without gaps.
fn critical_paths_tile_the_time(record: &Record) {
    let times = observe(record, Span::from_secs(60), 0).stages;
    for (path, times) in critical_paths(record).iter().zip(times) {
        let Some(pieces) = path else { continue };
        assert_eq!(pieces.last().map(|piece| piece.to), times.ready.filter(|ready| *ready > Time::ZERO));
        assert!(pieces.iter().all(|piece| piece.from < piece.to), "{pieces:?}");
        assert!(pieces.first().is_none_or(|piece| piece.from == Time::ZERO), "{pieces:?}");
        assert!(pieces.windows(2).all(|pair| pair[0].to == pair[1].from), "{pieces:?}");
    }
}

fn every_node_has_waited(plan: &Plan, record: &Record, lives: &BTreeMap<Subject, Vec<Wait>>) {
    let initial = plan.scenario().cluster.initial_nodes as usize;
    for (number, node) in record.nodes.iter().enumerate().skip(initial) {
        let has_waited = node.requested < Some(record.end.at) && node.requested < node.failed.or(Some(Time::MAX));
        assert_eq!(lives.contains_key(&Subject::Node(NodeId(number as u32))), has_waited, "{node:?}");
    }
    let desired = record.stages.last().expect("a workload").desired;
    let replicas = lives.keys().filter(|subject| matches!(subject, Subject::Replica(_))).count() as u32;
    assert!(replicas <= desired && (!record.end.ready || replicas == desired), "every replica has waited");
}

fn exists(plan: &Plan, record: &Record, subject: Subject) -> bool {
    let node_exists = |node: NodeId| node.index() < record.nodes.len();
    match subject {
        Subject::Node(node) => node_exists(node),
        Subject::DaemonSetPod(set, node) => set.index() < plan.scenario().daemonset.len() && node_exists(node),
        Subject::Replica(replica) => replica.0 < record.stages.last().expect("a workload").desired,
    }
}

fn node_waits(plan: &Plan, record: &Record, node: &NodeRecord, from: Time, to: Time) {
    assert_eq!(Some(from), node.requested);
    let ready = node.ready.or(node.failed).unwrap_or(record.end.at);
    // A Ready node may wait until it is initialised.
    assert!(to == ready || to > ready && plan.scenario().control_plane.cloud_controller, "{node:?} {to:?}");
}

fn daemonset_waits(plan: &Plan, record: &Record, (set, number): (DaemonSetPlace, NodeId), from: Time, to: Time) {
    let node = &record.nodes[number];
    if number.0 >= plan.scenario().cluster.initial_nodes {
        assert_eq!(Some(from), node.registered, "a DaemonSet's pod waits as soon as its node is registered");
    }
    let (name, _) = plan.scenario().daemonset.at(set.index());
    if let Some(stage) = record.stages.iter().position(|stage| stage.name == name) {
        ends_at_readiness(record, stage, Subject::DaemonSetPod(set, number), to);
    }
}

fn ends_at_readiness(record: &Record, stage: usize, subject: Subject, to: Time) {
    let mut mine = record.transitions.iter().filter(|t| t.stage.index() == stage && t.subject == subject).rev();
    let until = mine.next().filter(|transition| transition.ready).map_or(record.end.at, |transition| transition.at);
    assert_eq!(to, until, "{subject:?} of {} waits until it is Ready", record.stages[stage].name);
}
