//! Disks, etcd and shared volumes.

use super::field::{Bytes, BytesPerSecond, PerSecond, Share, choice, section};
use crate::random::Distribution;
use crate::time::Span;
use std::num::NonZeroU32;

section! {
    /// A kind of network disk: its operations per second and how long a synchronous write takes.
    pub struct VolumeType {
        /// Operations per second for each GiB of the disk's size. Leave out: they do not depend on the size.
        iops_per_gib: Option<f64>,
        /// The least operations per second, whatever the size.
        min_iops: f64,
        /// The most operations per second, whatever the size.
        max_iops: f64,
        /// Operations per second while credits last. Leave out: no bursts.
        burst_iops: Option<f64>,
        /// Operations above the baseline that a full credit bucket pays for.
        burst_credits: Option<f64>,
        /// How long a synchronous write takes when the disk is not throttled.
        sync_write: Distribution,
    }
}

section! {
    /// A network disk.
    pub struct Disk {
        /// What it is: a name under `volume_type`.
        kind: String,
        /// Its size.
        size: Bytes,
        /// Operations per second that were ordered, where the kind does not derive them from the size.
        iops: Option<f64>,
        /// How full its credit bucket is at the start.
        initial_credits: Share = "1.0" from "AWS: a volume starts with a full bucket, and refills when idle",
    }
}

section! {
    /// An etcd cluster that keeps a storage system's membership.
    pub struct Etcd {
        /// Where its log is written: a name under `disk`.
        disk: String,
        /// Disk operations of one commit.
        operations_per_commit: NonZeroU32,
        /// A request's way to etcd and back, without the disk.
        request: Distribution,
        /// What each request costs etcd besides the disk.
        apply: Span,
        /// Requests per second that each member sends all the time: leases, heartbeats, status.
        background_per_member: f64,
        /// etcd's work to tell one member of a change and to answer what it reads then; once for changes that members
        /// read together.
        notify_per_member: Span,
    }
}

choice! {
    /// What a volume's server does with a mount that it is at work on when the caller gives up.
    pub enum OnCancel {
        /// It stops, and what was done is lost.
        Stop = "stop",
        /// It goes on to the end. The next call finds the volume mounted; one that comes too early fails.
        Finish = "finish",
    }
}

section! {
    /// A volume that many pods mount and write to.
    pub struct Volume {
        /// The DaemonSet that serves its CSI driver on each node.
        driver: String,
        /// Attaching it to a node before it can be mounted. Leave out: the driver needs no attachment.
        attach: Option<Attach>,
        /// Servers that export it; mounts and writes are spread over them.
        servers: NonZeroU32,
        /// Mounts that one server works on at the same time.
        mounts_per_server: NonZeroU32,
        /// How long a server works on one mount.
        mount: Distribution,
        /// What a server does with a mount that it is at work on when the kubelet gives up (`kubelet.csi_timeout`): it
        /// stops, and the next call starts anew; or it finishes, the next call finds the volume mounted, and one that
        /// comes too early fails. A mount that waits in line is dropped in both cases.
        on_cancel: OnCancel = "\"finish\"" from "k8s.io/mount-utils: Mount takes no context, so a mount goes on when its call is given up",
        /// Write bandwidth of one server, shared by its writers.
        server_bandwidth: BytesPerSecond,
    }
}

section! {
    /// The external attacher of a CSI driver.
    pub struct Attach {
        /// Attachments that it works on at the same time.
        workers: NonZeroU32 = "10" from "kubernetes-csi/external-attacher, --worker-threads",
        /// API requests per second that it may send.
        qps: PerSecond = "5.0" from "kubernetes-csi/external-attacher, --kube-api-qps",
        /// API requests that it may send at once.
        burst: NonZeroU32 = "10" from "kubernetes-csi/external-attacher, --kube-api-burst",
        /// API writes of one attachment that succeeds; one that fails costs a single one.
        writes: NonZeroU32 = "3" from "VolumeAttachment finalizer, status and detach annotation",
        /// The driver's own work for one attachment.
        attach: Distribution,
        /// Wait after the first failed attachment.
        retry_initial: Span = "\"1s\"" from "kubernetes-csi/external-attacher, --retry-interval-start",
        /// The longest wait after a failed attachment; each failure doubles it up to here.
        retry_max: Span = "\"5m\"" from "kubernetes-csi/external-attacher, --retry-interval-max",
    }
}
