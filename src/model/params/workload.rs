//! The Deployment that triggers the scale-up.

use super::daemonset::Probe;
use super::field::{Bytes, COUNT_MAX, field, section};
use crate::random::Distribution;
use crate::time::Span;
use std::num::NonZeroU32;

/// How many replicas the Deployment has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replicas {
    /// As many as `cluster.target_nodes` nodes hold.
    Fill,
    /// This many.
    Count(u32),
}

field!(Replicas, Shape::WordOrInteger { words: &["fill"], min: 0, max: COUNT_MAX },
    Datum::Word(_) => Some(Self::Fill), Datum::Integer(count) => u32::try_from(count).ok().map(Self::Count); Self::Fill);

section! {
    /// The Deployment that triggers the scale-up.
    pub struct Workload {
        /// Its replicas: a number, or `"fill"` for as many as `cluster.target_nodes` nodes hold.
        replicas: Replicas,
        /// Replicas that the Deployment is scaled up by at a time, the next ones when all so far are Ready: scale-up in
        /// waves. Leave out: all at once.
        wave: Option<NonZeroU32>,
        /// vCPUs that each replica requests.
        vcpus: f64,
        /// Memory that each replica requests.
        memory: Bytes,
        /// GPUs that each replica requests.
        gpus: u32 = "0" from "Kubernetes: a pod that requests none gets none",
        /// DaemonSets that must be Ready on the same node before a replica's containers start. The driver of its volume
        /// needs not be named: the mount waits for it.
        requires: Vec<String> = "[]" from "assumed: no dependency unless said",
        /// How often a replica looks whether what it requires is there.
        requires_poll: Span = "\"5s\"" from "assumed: a waiting init container's usual pause",
        /// Its container image: a name under `image`.
        image: String,
        /// The image of a sidecar that is injected into each replica: a name under `image`. Leave out: no sidecar.
        sidecar_image: Option<String>,
        /// The volume that each replica mounts: a name under `volume`. Leave out: none.
        volume: Option<String>,
        /// From its containers' start until a replica does its first write.
        start: Distribution,
        /// What each replica writes to the volume before it answers its probe.
        first_write: Bytes,
        /// Its readiness probe. Leave out: Ready as soon as it has started and written.
        readiness: Option<Probe>,
        /// From the first instant at which all replicas are Ready to the Deployment's deletion; the cluster shrinks
        /// then. Leave out: the Deployment stays.
        run_time: Option<Distribution>,
        /// From a replica's deletion until its containers have stopped.
        termination: Distribution = "\"5s\"" from "assumed: a notebook server ends soon after SIGTERM; Kubernetes kills after 30 s",
    }
}
