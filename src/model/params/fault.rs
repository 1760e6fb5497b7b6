//! Things that go wrong.

use super::field::{Share, choice, section};
use crate::random::Distribution;
use crate::time::Span;

choice! {
    /// A kind of fault.
    pub enum FaultKind {
        /// An instance boots and its kubelet never registers: a matter of `probability` for each node.
        NeverRegisters = "never-registers",
        /// An instance ends while it boots, and its node group launches another: a matter of `probability` for each
        /// launch.
        BootFailure = "boot-failure",
        /// The machines in zone `target` die and none can be launched, from `at` on, for `lasts`.
        ZoneOutage = "zone-outage",
        /// The operator of DaemonSet `target`, or its master, restarts: no join or leave goes on from `at` on, for
        /// `lasts`.
        OperatorRestart = "operator-restart",
        /// etcd `target` has no leader: it commits nothing from `at` on, for `lasts`.
        EtcdStall = "etcd-stall",
        /// Registry `target` has only `left` of its bandwidth from `at` on, for `lasts`.
        SlowRegistry = "slow-registry",
    }
}

section! {
    /// Something that goes wrong.
    pub struct Fault {
        /// What goes wrong.
        kind: FaultKind,
        /// How likely it is, from 0 to 1, for each node or launch; for `never-registers` and `boot-failure`.
        probability: Option<Share>,
        /// When it begins, after the Deployment's creation; for all other kinds.
        at: Option<Span>,
        /// How long it lasts; for the kinds with `at`. Leave out: to the end, where that makes sense (`zone-outage`,
        /// `slow-registry`).
        lasts: Option<Distribution>,
        /// What it strikes: the name of a zone, DaemonSet, etcd or registry; for the kinds with `at`.
        target: Option<String>,
        /// Whether the machines of a `zone-outage` go on existing and only cannot be reached: then their pods are
        /// replaced much later.
        unreachable: bool = "false" from "assumed: the cloud ends instances whose hosts have failed",
        /// The part of its bandwidth that a slow registry is left with.
        left: Share = "0.1" from "assumed: a tenth",
    }
}
