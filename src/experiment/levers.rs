//! The step that would relieve each resource: which key, and whether twice or half as much helps.

use crate::model::params::Scenario;
use crate::model::record::Cause;
use crate::scenario::{Document, Setting};
use serde::{Deserialize, Serialize};

/// A change of one key that relieves a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lever {
    /// The key.
    pub key: String,
    /// Its value in the scenario, in TOML.
    pub from: String,
    /// Its value with the change, in TOML.
    pub to: String,
    kind: LeverKind,
}

/// What a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum LeverKind {
    /// A number of servers or workers, a rate or a bandwidth: twice as much is half the time.
    Rate,
    /// A time.
    Time,
    /// The time until somebody looks or tries again, which cannot be next to nothing.
    Interval,
}

/// With 100 % less, a resource takes this part of its time.
const NEXT_TO_NOTHING: f64 = 1e-3;

/// Twice as many servers, workers or requests per second, or twice the bandwidth.
const TWICE: f64 = 2.0;
/// Half the time or interval.
const HALF: f64 = 0.5;

/// Of resources that are named in one word: why it is waited for where that matters, the key, and the factor.
const FIXED: &[(&str, Option<Cause>, &str, f64)] = &[
    ("controller-manager", None, "control_plane.controller_qps", TWICE),
    ("scheduler", None, "scheduler.pods_per_s", TWICE),
    ("scheduler-bindings", None, "scheduler.bind_qps", TWICE),
    ("api-server", None, "control_plane.write", HALF),
    ("autoscaler", Some(Cause::Poll), "autoscaler.scan_interval", HALF),
    ("autoscaler", Some(Cause::Service), "autoscaler.decision", HALF),
    ("launch-rate", None, "cloud.launch_instances_per_s", TWICE),
    ("machine", None, "cloud.boot", HALF),
    ("kubelet", None, "kubelet.sandbox", HALF),
    ("node-network", None, "kubelet.network_retry", HALF),
    ("image-pull-line", None, "kubelet.parallel_pulls", TWICE),
    ("image-unpack", None, "kubelet.unpack", TWICE),
    ("mount-retry", None, "kubelet.mount_backoff_max", HALF),
    ("cloud-controller", None, "control_plane.concurrent_node_syncs", TWICE),
    ("network-calls", None, "cni.calls_per_s", TWICE),
    ("pod-address", None, "kubelet.sync_retry", HALF),
];

/// What of a volume relieves a resource; the volume's name stands between.
const VOLUME: &[(&str, Option<Cause>, &str)] = &[
    ("volume-server", None, "servers"),
    ("volume-bandwidth", None, "server_bandwidth"),
    ("csi-attacher", Some(Cause::Limit), "attach.qps"),
    ("csi-attacher", None, "attach.workers"),
];

/// The key that relieves `resource`, and the factor; `None` where nothing does.
fn key(resource: &str, cause: Cause, scenario: &Scenario) -> Option<(String, f64)> {
    let fits = |why: Option<Cause>| why.is_none_or(|why| why == cause);
    if let Some((.., key, factor)) = FIXED.iter().find(|(name, why, ..)| *name == resource && fits(*why)) {
        return Some(((*key).to_owned(), *factor));
    }
    let volume = scenario.workload.volume.as_deref();
    if let Some((.., key)) = VOLUME.iter().find(|(name, why, _)| *name == resource && fits(*why)) {
        return Some((format!("volume.{}.{key}", volume?), TWICE));
    }
    if resource == "csi-registration" {
        let (_, volume) = scenario.volume.find(volume?)?;
        return Some((format!("daemonset.{}.csi.registration", volume.driver), HALF));
    }
    if resource.starts_with("node-group ") {
        return (cause == Cause::Queue).then(|| ("cloud.scaling_delay".to_owned(), HALF));
    }
    if let Some(registry) = resource.strip_prefix("registry ") {
        return match cause {
            Cause::Transfer | Cause::Sharing => Some((format!("registry.{registry}.bandwidth"), TWICE)),
            Cause::Service => Some((format!("registry.{registry}.request"), HALF)),
            _ => None,
        };
    }
    if let Some(etcd) = resource.strip_prefix("etcd ") {
        let (_, etcd) = scenario.etcd.find(etcd)?;
        let (_, disk) = scenario.disk.find(&etcd.disk)?;
        return Some((format!("volume_type.{}.sync_write", disk.kind), HALF));
    }
    own_key(resource, cause, scenario)
}

/// The same for what is a `DaemonSet`'s or the workload's own: `rok-operator`, `container-start of rok`.
fn own_key(resource: &str, cause: Cause, scenario: &Scenario) -> Option<(String, f64)> {
    let known = |name: &str| scenario.daemonset.find(name).is_some();
    if let Some(set) = resource.strip_suffix("-operator").filter(|set| known(set)) {
        return Some((format!("daemonset.{set}.join.workers"), TWICE));
    }
    if let Some(set) = resource.strip_suffix("-members").filter(|set| known(set)) {
        return Some((format!("daemonset.{set}.join.{}", most_of_members(set, scenario)?), HALF));
    }
    let (what, whose) = resource.split_once(" of ")?;
    let table = if known(whose) { format!("daemonset.{whose}") } else { "workload".to_owned() };
    match (what, cause) {
        ("container-start", Cause::Poll) => Some((format!("{table}.requires_poll"), HALF)),
        ("container-start", _) => Some((format!("{table}.start"), HALF)),
        ("readiness-probe", _) => Some((format!("{table}.readiness.period"), HALF)),
        _ => None,
    }
}

/// What most of the members' work for one join is, in the largest cluster: their own, or the new one's with them.
fn most_of_members(set: &str, scenario: &Scenario) -> Option<&'static str> {
    let (_, set) = scenario.daemonset.find(set)?;
    let join = set.join.as_ref()?;
    let for_others = join.reconfigure_per_member.as_secs_f64() * f64::from(scenario.cluster.target_nodes);
    let parts =
        [("reconfigure_per_member", for_others), ("reconfigure", join.reconfigure.mean()), ("sync", join.sync.mean())];
    parts.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(key, _)| key)
}

/// The step that relieves a resource that is waited for because of `cause`, with the values of a scenario; `None` where
/// there is none, or the scenario does not have the key.
pub fn lever(resource: &str, cause: Cause, scenario: &Scenario, document: &Document) -> Option<Lever> {
    let (key, factor) = key(resource, cause, scenario)?;
    let (from, to) = document.times(&key, factor)?;
    let kind = match cause {
        _ if factor > 1.0 => LeverKind::Rate,
        Cause::Poll | Cause::Probe | Cause::Backoff => LeverKind::Interval,
        _ => LeverKind::Time,
    };
    Some(Lever { key, from, to, kind })
}

impl Lever {
    /// The same key, so that the resource takes so much less of its time, from 0 to 1; with 1 next to nothing, and
    /// `None` for an interval. A whole number that is too small for it stays as it is.
    pub fn less(&self, part: f64, document: &Document) -> Option<Self> {
        if part >= 1.0 && self.kind == LeverKind::Interval {
            return None;
        }
        let time = (1.0 - part).max(NEXT_TO_NOTHING);
        let factor = if self.kind == LeverKind::Rate { 1.0 / time } else { time };
        let to = document.times(&self.key, factor).map_or_else(|| self.from.clone(), |(_, to)| to);
        Some(Self { to, ..self.clone() })
    }

    /// As a setting.
    pub fn setting(&self) -> Setting {
        Setting::of("relief", &self.key, &self.to)
    }
}
