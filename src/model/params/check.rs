//! What must hold between a scenario's values.

use super::faults::faults;
use super::size::size;
use super::{DaemonSet, Named, Scenario, Section, Zone};
use crate::model::state::record::StageKind;

/// Something wrong with a scenario: where, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The key, dotted: `daemonset.rok.join.etcd`.
    pub key: String,
    /// What is wrong.
    pub problem: String,
    /// What to write instead.
    pub remedy: String,
}

/// Every reference that leads nowhere and every combination that cannot be, in the order of the keys.
pub fn check(scenario: &Scenario) -> Vec<Complaint> {
    let mut found = check_names(scenario);
    numbers(scenario, &mut found);
    capacity(scenario, &mut found);
    faults(scenario, &mut found);
    size(scenario, &mut found);
    found
}

/// What of it depends on no number, so that it holds also where numbers are missing.
pub(crate) fn check_names(scenario: &Scenario) -> Vec<Complaint> {
    let mut found = Vec::new();
    names(scenario, &mut found);
    counts(scenario, &mut found);
    references(scenario, &mut found);
    dependencies(scenario, &mut found);
    found
}

pub(crate) fn complain(
    found: &mut Vec<Complaint>,
    key: impl Into<String>,
    problem: impl Into<String>,
    remedy: impl Into<String>,
) {
    found.push(Complaint { key: key.into(), problem: problem.into(), remedy: remedy.into() });
}

fn names(scenario: &Scenario, found: &mut Vec<Complaint>) {
    let fine = !scenario.name.is_empty()
        && scenario.name.len() <= 100
        && scenario.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !fine {
        let what = format!("\"{}\" cannot name a results folder", scenario.name);
        complain(found, "name", what, "use 1 to 100 letters, digits and hyphens");
    }
    if scenario.zone.is_empty() {
        let what = "there is no zone, so no node can be launched";
        complain(found, "zone", what, "add a table such as [zone.us-east-1a]");
    } else if scenario.zone.iter().all(|(_, zone)| !zone.node_group) {
        let what = "no zone has a node group, so no node can be launched";
        complain(found, "zone", what, "set node_group = true in at least one zone");
    }
    for reserved in StageKind::NAMES.into_iter().filter(|name| scenario.daemonset.find(name).is_some()) {
        let what = format!("\"{reserved}\" is a stage of its own");
        complain(found, format!("daemonset.{reserved}"), what, "give the DaemonSet another name");
    }
}

/// The most images, and the most DaemonSets: every node keeps one bit of each in a word.
const ENTRIES_MAX: usize = 64;

fn counts(scenario: &Scenario, found: &mut Vec<Complaint>) {
    for (table, entries) in [("image", scenario.image.len()), ("daemonset", scenario.daemonset.len())] {
        if entries > ENTRIES_MAX {
            let what = format!("there are {entries} tables [{table}.NAME], and a scenario can have {ENTRIES_MAX}");
            complain(found, table, what, "take out those that nothing needs");
        }
    }
}

/// A name that an entry can have, made of what was written: of an image's address its last part without the tag.
fn label(name: &str) -> String {
    let last = name.rsplit('/').next().unwrap_or_default().split([':', '@']).next().unwrap_or_default();
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let label: String = last.chars().map(letter).take(63).collect();
    let label = label.trim_matches('-');
    if label.is_empty() { "my-own".to_owned() } else { label.to_owned() }
}

/// A reference from `key` to an entry called `name` of `table`.
pub(super) fn refer<T: Section>(found: &mut Vec<Complaint>, key: String, table: &str, entries: &Named<T>, name: &str) {
    if entries.find(name).is_none() {
        let known: Vec<&str> = entries.names().collect();
        let called = label(name);
        let add = if called == name {
            format!("add a table [{table}.{name}]")
        } else {
            format!("write \"{called}\" and add a table [{table}.{called}]")
        };
        let remedy = if known.is_empty() { add } else { format!("use one of {}, or {add}", known.join(", ")) };
        complain(found, key, format!("there is no {table} called \"{name}\""), remedy);
    }
}

fn references(scenario: &Scenario, found: &mut Vec<Complaint>) {
    let s = scenario;
    if let Some(name) = &s.node.network_daemonset {
        refer_running(found, "node.network_daemonset".into(), &s.daemonset, name);
    }
    for (name, image) in s.image.iter() {
        refer(found, format!("image.{name}.registry"), "registry", &s.registry, &image.registry);
    }
    for (name, set) in s.daemonset.iter().filter(|(_, set)| set.enabled) {
        refer(found, format!("daemonset.{name}.image"), "image", &s.image, &set.image);
        if let Some(join) = &set.join {
            refer(found, format!("daemonset.{name}.join.etcd"), "etcd", &s.etcd, &join.etcd);
        }
        for required in &set.requires {
            refer_running(found, format!("daemonset.{name}.requires"), &s.daemonset, required);
        }
    }
    for (name, disk) in s.disk.iter() {
        refer(found, format!("disk.{name}.kind"), "volume_type", &s.volume_type, &disk.kind);
    }
    for (name, etcd) in s.etcd.iter() {
        refer(found, format!("etcd.{name}.disk"), "disk", &s.disk, &etcd.disk);
    }
    refer(found, "workload.image".into(), "image", &s.image, &s.workload.image);
    if let Some(name) = &s.workload.sidecar_image {
        refer(found, "workload.sidecar_image".into(), "image", &s.image, name);
    }
    for required in &s.workload.requires {
        refer_running(found, "workload.requires".into(), &s.daemonset, required);
    }
    gpu_provider(s, found);
    if let Some(name) = &s.workload.volume {
        refer(found, "workload.volume".into(), "volume", &s.volume, name);
        if let Some((_, volume)) = s.volume.find(name) {
            refer_driver(found, format!("volume.{name}.driver"), s, &volume.driver);
        }
    }
}

/// A reference to a DaemonSet that must run.
pub(super) fn refer_running(found: &mut Vec<Complaint>, key: String, sets: &Named<DaemonSet>, name: &str) {
    match sets.find(name) {
        None => refer(found, key, "daemonset", sets, name),
        Some((_, set)) if !set.enabled => {
            let remedy = format!("set daemonset.{name}.enabled = true, or do not refer to it");
            complain(found, key, format!("DaemonSet \"{name}\" is switched off"), remedy);
        }
        Some(_) => {}
    }
}

/// GPUs that are requested must appear.
fn gpu_provider(scenario: &Scenario, found: &mut Vec<Complaint>) {
    let provided = scenario.daemonset.iter().any(|(_, set)| set.enabled && set.provides_gpus);
    if scenario.workload.gpus > 0 && !provided {
        let what = "replicas request GPUs, and no DaemonSet provides them on the nodes";
        let remedy = "extend \"addons/nvidia-device-plugin\" too, or set provides_gpus = true for a DaemonSet";
        complain(found, "workload.gpus", what, remedy);
    }
}

fn refer_driver(found: &mut Vec<Complaint>, key: String, scenario: &Scenario, name: &str) {
    refer_running(found, key.clone(), &scenario.daemonset, name);
    if scenario.daemonset.find(name).is_some_and(|(_, set)| set.csi.is_none()) {
        let remedy = format!("add a table [daemonset.{name}.csi], or name the DaemonSet that serves the driver");
        complain(found, key, format!("DaemonSet \"{name}\" serves no CSI driver"), remedy);
    }
}

/// Dependencies between DaemonSets must not go round in a circle.
fn dependencies(scenario: &Scenario, found: &mut Vec<Complaint>) {
    let sets = &scenario.daemonset;
    let mut done = vec![false; sets.len()];
    // Take away what depends on nothing that is left, until nothing more goes.
    while let Some(next) = (0..sets.len()).find(|&i| {
        !done[i] && sets.at(i).1.requires.iter().all(|name| sets.find(name).is_none_or(|(required, _)| done[required]))
    }) {
        done[next] = true;
    }
    let circle: Vec<&str> = sets.names().enumerate().filter(|(i, _)| !done[*i]).map(|(_, name)| name).collect();
    if let Some(first) = circle.first() {
        complain(
            found,
            format!("daemonset.{first}.requires"),
            format!("these DaemonSets wait for each other in a circle, or for one that does: {}", circle.join(", ")),
            "take one of the dependencies out",
        );
    }
    if let Some(name) = &scenario.node.network_daemonset
        && let Some((_, set)) = sets.find(name)
    {
        network_daemonset(found, name, set);
    }
}

fn network_daemonset(found: &mut Vec<Complaint>, name: &str, set: &DaemonSet) {
    if !set.host_network {
        let key = format!("daemonset.{name}.host_network");
        let what = format!("\"{name}\" sets up pod networking, so it cannot wait for it");
        complain(found, &key, what, format!("set {key} = true"));
    }
    if !set.requires.is_empty() || set.join.is_some() {
        complain(
            found,
            format!("daemonset.{name}"),
            format!(
                "\"{name}\" sets up pod networking, so it can neither require another DaemonSet nor join a cluster"
            ),
            "take `requires` and `join` out",
        );
    }
}

fn numbers(scenario: &Scenario, found: &mut Vec<Complaint>) {
    let s = scenario;
    for (key, probe) in s.probes() {
        if probe.timeout > probe.period {
            let what = "a probe cannot time out later than the next one starts";
            complain(found, format!("{key}.timeout"), what, "make the timeout at most the period");
        }
    }
    for (name, set) in s.daemonset.iter() {
        if set.join.is_some() && set.readiness.is_none() {
            complain(
                found,
                format!("daemonset.{name}.join"),
                "a DaemonSet that joins a cluster needs a readiness probe: its readiness depends on the members' work",
                format!("add a table [daemonset.{name}.readiness]"),
            );
        }
    }
    if s.cni.pod_addresses && s.node.interface_addresses.get() < 2 {
        let what = "a network interface with one address has none for pods";
        complain(found, "node.interface_addresses", what, "write at least 2, or set cni.pod_addresses = false");
    }
    for (name, zone) in s.zone.iter() {
        subnet(found, name, zone);
    }
    if s.support.as_ref().is_some_and(|support| support.on_request_nodes < support.supported_nodes) {
        let what = "fewer nodes are supported on request than without";
        complain(found, "support.on_request_nodes", what, "make it at least support.supported_nodes");
    }
}

fn subnet(found: &mut Vec<Complaint>, name: &str, zone: &Zone) {
    let usable = zone.usable_addresses();
    if zone.subnet.is_some() && usable.is_none() {
        let remedy = "write a prefix length from /16 to /28, such as \"/22\"";
        complain(found, format!("zone.{name}.subnet"), "this is no size of a subnet", remedy);
    }
    if zone.subnet.is_some() && zone.free_addresses.is_some() {
        let what = "the subnet's free addresses are said twice";
        complain(found, format!("zone.{name}.free_addresses"), what, "take it out, or take `subnet` and `in_use` out");
    }
    if usable.is_some_and(|usable| usable < zone.in_use) {
        let what = format!("the subnet has {} addresses", usable.unwrap_or_default());
        complain(found, format!("zone.{name}.in_use"), what, "write fewer, or a larger subnet");
    }
}

/// Bytes for people: "48 GiB".
fn gibibytes(bytes: u64) -> String {
    let gib = bytes as f64 / f64::from(1 << 30);
    format!("{} GiB", (gib * 100.0).round() / 100.0)
}

/// One replica must fit on an empty node.
fn capacity(scenario: &Scenario, found: &mut Vec<Complaint>) {
    let gpus = |count: u64| if scenario.workload.gpus > 0 { format!(", {count} GPU") } else { String::new() };
    if crate::model::params::fit::replicas_per_node(scenario) == 0 {
        let free = crate::model::params::fit::free_on_empty_node(scenario);
        complain(
            found,
            "workload.vcpus",
            format!(
                "no replica fits on a node: it requests {} vCPUs, {}{}, and the DaemonSets leave {} vCPUs, {}{} and {} pods",
                scenario.workload.vcpus,
                gibibytes(scenario.workload.memory.0),
                gpus(u64::from(scenario.workload.gpus)),
                free.millicores as f64 / 1000.0,
                gibibytes(free.memory),
                gpus(free.gpus),
                free.pods
            ),
            "request less, or take a larger instance type",
        );
    }
    if scenario.cluster.target_nodes < scenario.cluster.initial_nodes {
        let what = format!("fewer nodes than the {} that exist at the start", scenario.cluster.initial_nodes);
        complain(found, "cluster.target_nodes", what, "ask for at least cluster.initial_nodes");
    }
}
