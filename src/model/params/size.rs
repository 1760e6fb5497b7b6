//! What fits into memory and time: a slip of the finger must be refused, not simulated for years.

use super::check::{Complaint, complain};
use super::{Replicas, Scenario};
use crate::model::params::fit;
use crate::time::Span;

/// Nodes of a cluster, at most: some 2 GB of memory for each thread.
pub(super) const NODES_MAX: u64 = 1_000_000;
/// Pods of a cluster, DaemonSets' included, at most: some 2 GB of memory for each thread.
const PODS_MAX: u64 = 5_000_000;
/// Servers of a volume, at most.
const SERVERS_MAX: u32 = 10_000;
/// Layers of an image, at most; container runtimes stop at some hundred.
const LAYERS_MAX: u32 = 1_000;
/// Points of one readiness curve, at most: every scale-up keeps one curve for each stage.
const POINTS_MAX: u64 = 100_000;
/// What repeats must not do so more often: a day has 86 million of these.
const PAUSE_MIN: Span = Span::from_millis(1);

pub(super) fn size(scenario: &Scenario, found: &mut Vec<Complaint>) {
    cluster(scenario, found);
    servers_and_layers(scenario, found);
    curves(scenario, found);
    pauses(scenario, found);
    back_offs(scenario, found);
}

fn cluster(scenario: &Scenario, found: &mut Vec<Complaint>) {
    let sizes = &scenario.cluster;
    for (key, nodes) in [("cluster.initial_nodes", sizes.initial_nodes), ("cluster.target_nodes", sizes.target_nodes)] {
        if u64::from(nodes) > NODES_MAX {
            let what = format!("a cluster of {nodes} nodes is too large to simulate");
            complain(found, key, what, format!("ask for at most {NODES_MAX} nodes"));
        }
    }
    let target = u64::from(sizes.target_nodes.max(sizes.initial_nodes));
    let per_node = u64::from(fit::replicas_per_node(scenario));
    let (replicas, nodes) = match scenario.workload.replicas {
        Replicas::Fill => (target * per_node, target),
        Replicas::Count(count) => {
            let needed = u64::from(count).div_ceil(per_node.max(1)).max(u64::from(sizes.initial_nodes));
            (u64::from(count), needed.min(target))
        }
    };
    let sets = scenario.daemonset.iter().filter(|(_, set)| set.enabled).count() as u64;
    let pods = replicas.saturating_add(nodes * sets);
    if pods > PODS_MAX && nodes <= NODES_MAX {
        let what = format!(
            "{nodes} nodes with {sets} DaemonSets' pods each, and {replicas} replicas, are {pods} pods: too many to simulate"
        );
        let remedy = format!("ask for fewer nodes or replicas: at most {PODS_MAX} pods in all");
        complain(found, "workload.replicas", what, remedy);
    }
}

fn servers_and_layers(scenario: &Scenario, found: &mut Vec<Complaint>) {
    let mut at_most = |key: String, count: u32, most: u32, what: String| {
        if count > most {
            complain(found, key, format!("{what} to simulate"), format!("write at most {most}"));
        }
    };
    for (name, volume) in scenario.volume.iter() {
        let servers = volume.servers.get();
        let what = format!("{servers} servers of one volume are too many");
        at_most(format!("volume.{name}.servers"), servers, SERVERS_MAX, what);
    }
    for (name, image) in scenario.image.iter() {
        let layers = image.layers.get();
        let what = format!("an image of {layers} layers is too large");
        at_most(format!("image.{name}.layers"), layers, LAYERS_MAX, what);
    }
}

fn curves(scenario: &Scenario, found: &mut Vec<Complaint>) {
    let run = &scenario.run;
    if run.horizon.is_zero() {
        complain(found, "run.horizon", "it must be longer than nothing", "write a length of time such as \"12h\"");
    }
    let step = run.curve_step.as_nanos();
    // A step of nothing has a complaint of its own.
    if step > 0 && run.horizon.as_nanos() / step > POINTS_MAX {
        let points = run.horizon.as_nanos() / step;
        let least = run.horizon.as_nanos().div_ceil(POINTS_MAX).div_ceil(1_000_000);
        complain(
            found,
            "run.curve_step",
            format!("a readiness curve up to run.horizon would have {points} points, and it can have {POINTS_MAX}"),
            format!("make run.curve_step at least \"{least}ms\", or run.horizon shorter"),
        );
    }
}

/// The pauses of everything that looks again and again.
fn pauses(scenario: &Scenario, found: &mut Vec<Complaint>) {
    let s = scenario;
    for (key, probe) in s.probes() {
        long_enough(found, format!("{key}.period"), probe.period);
        long_enough(found, format!("{key}.timeout"), probe.timeout);
    }
    for (name, set) in s.daemonset.iter() {
        long_enough(found, format!("daemonset.{name}.requires_poll"), set.requires_poll);
    }
    long_enough(found, "workload.requires_poll".to_owned(), s.workload.requires_poll);
    for (name, registry) in s.registry.iter() {
        long_enough(found, format!("registry.{name}.window"), registry.window);
    }
    if s.workload.run_time.as_ref().is_some_and(|run_time| run_time.max_value() <= 0.0) {
        // Whatever is Ready at the instant at which the Deployment is deleted has never been of use.
        long_enough(found, "workload.run_time".to_owned(), Span::ZERO);
    }
    for (key, span) in [
        ("kubelet.csi_timeout", s.kubelet.csi_timeout),
        ("autoscaler.scan_interval", s.autoscaler.scan_interval),
        ("autoscaler.group_refresh_interval", s.autoscaler.group_refresh_interval),
        ("autoscaler.instance_refresh_interval", s.autoscaler.instance_refresh_interval),
        ("autoscaler.max_node_provision_time", s.autoscaler.max_node_provision_time),
        ("autoscaler.max_pod_eviction_time", s.autoscaler.max_pod_eviction_time),
        ("control_plane.node_monitor_period", s.control_plane.node_monitor_period),
        ("control_plane.pod_gc_period", s.control_plane.pod_gc_period),
        ("kubelet.network_retry", s.kubelet.network_retry),
        ("cni.pool_interval", s.cni.pool_interval),
        ("cni.full_subnet_wait", s.cni.full_subnet_wait),
        ("run.curve_step", s.run.curve_step),
    ] {
        long_enough(found, key.to_owned(), span);
    }
}

/// Waits that double from a first one up to a longest one.
fn back_offs(scenario: &Scenario, found: &mut Vec<Complaint>) {
    let s = scenario;
    let (autoscaler, kubelet) = (&s.autoscaler, &s.kubelet);
    let mut all = vec![
        ("autoscaler.backoff".to_owned(), autoscaler.backoff_initial, autoscaler.backoff_max),
        ("scheduler.pod_backoff".to_owned(), s.scheduler.pod_backoff_initial, s.scheduler.pod_backoff_max),
        ("kubelet.pull_backoff".to_owned(), kubelet.pull_backoff_initial, kubelet.pull_backoff_max),
        ("kubelet.mount_backoff".to_owned(), kubelet.mount_backoff_initial, kubelet.mount_backoff_max),
    ];
    for (name, volume) in scenario.volume.iter() {
        let attach = volume.attach.iter();
        all.extend(attach.map(|a| (format!("volume.{name}.attach.retry"), a.retry_initial, a.retry_max)));
    }
    for (key, initial, longest) in all {
        long_enough(found, format!("{key}_initial"), initial);
        if longest < initial {
            let what = format!("the longest wait, {longest}, is shorter than the first, {initial}");
            complain(found, format!("{key}_max"), what, format!("make it at least {key}_initial"));
        }
    }
}

fn long_enough(found: &mut Vec<Complaint>, key: String, span: Span) {
    if span.is_zero() {
        complain(found, key, "it must be longer than nothing", "write a length of time such as \"10s\"");
    } else if span < PAUSE_MIN {
        complain(found, key, "shorter than a millisecond", "write at least \"1ms\"");
    }
}
