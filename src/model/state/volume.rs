//! The workload's volume: its servers and its attacher.

use crate::engine::{EventKey, Servers, SharedLink, TokenBucket};
use crate::model::params;
use crate::model::state::ids::PodId;
use crate::model::state::wakeup::Wakeup;
use std::collections::BTreeMap;

/// The workload's volume.
#[derive(Debug)]
pub(crate) struct VolumeState {
    pub(crate) servers: Vec<Server>,
    pub(crate) attacher: Option<Attacher>,
    /// By replica, from its first call until it is mounted.
    pub(crate) mounts: BTreeMap<PodId, Mount>,
}

/// A replica's mount: the kubelet's calls, and what the server does for them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mount {
    /// Calls that the kubelet has given up.
    pub(crate) given_up: u32,
    /// While the kubelet waits for an answer: when it gives up.
    pub(crate) deadline: Option<EventKey>,
    /// While a server is at work on it: when that is done.
    pub(crate) work: Option<EventKey>,
    /// A server has done the work for a call that was given up.
    pub(crate) done: bool,
}

/// One server that exports the volume.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) mounts: Servers<PodId>,
    pub(crate) writes: SharedLink<PodId>,
    pub(crate) wakeup: Option<Wakeup>,
}

/// The external attacher.
#[derive(Debug)]
pub(crate) struct Attacher {
    pub(crate) line: Servers<PodId>,
    pub(crate) requests: TokenBucket,
}

impl VolumeState {
    /// Mounts that the servers are at work on, or that wait for them.
    pub(crate) fn mounts_at_servers(&self) -> u32 {
        self.servers.iter().map(|server| server.mounts.busy() + server.mounts.waiting() as u32).sum()
    }

    pub(crate) fn new(volume: &params::Volume) -> Self {
        let server = || Server {
            mounts: Servers::new(volume.mounts_per_server.get()),
            writes: SharedLink::new(volume.server_bandwidth.0),
            wakeup: None,
        };
        Self {
            mounts: BTreeMap::new(),
            servers: (0..volume.servers.get()).map(|_| server()).collect(),
            attacher: volume.attach.as_ref().map(|attach| Attacher {
                line: Servers::new(attach.workers.get()),
                requests: TokenBucket::new(attach.qps.0, u64::from(attach.burst.get())),
            }),
        }
    }
}
