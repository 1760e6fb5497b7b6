//! What each shared resource can do at once, from the values of a scenario: so that what it does can be told as a part
//! of that.

use crate::experiment::usage::Load;
use crate::model::params::Scenario;

/// What a resource can do at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Capacity {
    /// So many are served at once, by whichever is free: where somebody waits, all are taken.
    Pool(u32),
    /// So many are served at once, each by its own.
    Servers(u32),
    /// Data moves over a link, of which each transfer takes at most this part.
    Link(f64),
    /// So many tokens come in a second: while somebody waits, they are spent as they come.
    Rate,
}

impl Capacity {
    /// Of the resource of this name; `None` where there is nothing to be used up, or that is not known.
    pub fn of(resource: &str, scenario: &Scenario) -> Option<Self> {
        let volume = || Some(scenario.volume.find(scenario.workload.volume.as_deref()?)?.1);
        let network = scenario.node.network.0;
        match resource {
            "controller-manager" | "scheduler-bindings" | "launch-rate" | "network-calls" => return Some(Self::Rate),
            "scheduler" => return Some(Self::Pool(1)),
            "cloud-controller" => return Some(Self::Pool(scenario.control_plane.concurrent_node_syncs.get())),
            "volume-server" => {
                let volume = volume()?;
                return Some(Self::Servers(volume.servers.get() * volume.mounts_per_server.get()));
            }
            "volume-bandwidth" => {
                let volume = volume()?;
                let each = volume.server_bandwidth.0.min(network) / volume.server_bandwidth.0;
                return Some(Self::Link(each / f64::from(volume.servers.get())));
            }
            "csi-attacher" => return Some(Self::Pool(volume()?.attach.as_ref()?.workers.get())),
            _ => {}
        }
        if let Some(registry) = resource.strip_prefix("registry ") {
            let (_, registry) = scenario.registry.find(registry)?;
            let bandwidth = registry.bandwidth?.0;
            return Some(Self::Link(registry.pull_bandwidth.0.min(network).min(bandwidth) / bandwidth));
        }
        let (_, set) = scenario.daemonset.find(resource.strip_suffix("-operator")?)?;
        Some(Self::Pool(set.join.as_ref()?.workers.get()))
    }

    /// The part of it that is used under a load, from 0 to 1.
    pub fn used(self, load: &Load) -> f64 {
        let used = match self {
            // A worker that waits for others is taken, too.
            Self::Pool(_) if load.waiting > 0 => 1.0,
            Self::Pool(servers) | Self::Servers(servers) => f64::from(load.served) / f64::from(servers),
            Self::Link(each) => f64::from(load.moving) * each,
            Self::Rate => f64::from(u8::from(load.waiting > 0)),
        };
        used.min(1.0)
    }
}
