//! The workload's volume: its servers and its attacher.

use crate::engine::{Servers, SharedLink, TokenBucket};
use crate::model::params;
use crate::model::state::ids::PodId;
use crate::model::state::wakeup::Wakeup;

/// The workload's volume.
#[derive(Debug)]
pub(crate) struct VolumeState {
    pub(crate) servers: Vec<Server>,
    pub(crate) attacher: Option<Attacher>,
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
    pub(crate) fn new(volume: &params::Volume) -> Self {
        let server = || Server {
            mounts: Servers::new(volume.mounts_per_server.get()),
            writes: SharedLink::new(volume.server_bandwidth.0),
            wakeup: None,
        };
        Self {
            servers: (0..volume.servers.get()).map(|_| server()).collect(),
            attacher: volume.attach.as_ref().map(|attach| Attacher {
                line: Servers::new(attach.workers.get()),
                requests: TokenBucket::new(attach.qps.0, u64::from(attach.burst.get())),
            }),
        }
    }
}
