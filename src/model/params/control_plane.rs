//! The control plane and the kubelets.

use super::field::{BytesPerSecond, PerSecond, section};
use crate::random::Distribution;
use crate::time::Span;
use std::num::NonZeroU32;

section! {
    /// The controller manager and its requests to the API server.
    pub struct ControlPlane {
        /// Requests per second that the controller manager may send; ReplicaSet and DaemonSet controllers share them.
        controller_qps: PerSecond = "20.0" from "kube-controller-manager, --kube-api-qps",
        /// Requests that the controller manager may send at once.
        controller_burst: NonZeroU32 = "30" from "kube-controller-manager, --kube-api-burst",
        /// The most pods that the ReplicaSet controller creates in one sync; batches start at 1 and double.
        replicaset_burst: NonZeroU32 = "500" from "kube-controller-manager, ReplicaSet controller BurstReplicas",
        /// How long the API server takes to answer a write.
        write: Distribution,
        /// From an object's change to the controllers and kubelets that watch it.
        watch: Distribution,
        /// A node that is not heard of for so long becomes NotReady, and its pods with it.
        node_monitor_grace: Span = "\"40s\"" from "kube-controller-manager, --node-monitor-grace-period",
        /// So long after that its pods are evicted and replaced, and the node is given up.
        pod_eviction_after: Span = "\"5m\"" from "Kubernetes, DefaultTolerationSeconds: 300 s",
    }
}

section! {
    /// The kube-scheduler.
    pub struct Scheduler {
        /// Pods that it can place per second, one after the other.
        pods_per_s: PerSecond,
        /// Bindings per second that it may send to the API server.
        bind_qps: PerSecond = "50.0" from "kube-scheduler configuration, clientConnection.qps",
        /// Bindings that it may send at once.
        bind_burst: NonZeroU32 = "100" from "kube-scheduler configuration, clientConnection.burst",
    }
}

section! {
    /// Every node's kubelet and container runtime.
    pub struct Kubelet {
        /// From the kubelet's start to its Node object in the API server.
        registration: Distribution,
        /// From working pod networking to the node's Ready condition.
        ready_update: Distribution,
        /// Setting up a pod's sandbox, its network included.
        sandbox: Distribution,
        /// Image pulls per second that the kubelet starts.
        pull_qps: PerSecond = "5.0" from "kubelet, registryPullQPS",
        /// Image pulls that the kubelet starts at once.
        pull_burst: NonZeroU32 = "10" from "kubelet, registryBurst",
        /// Image pulls at the same time on one node; 1 is serial.
        parallel_pulls: NonZeroU32,
        /// Unpacked bytes written per second while an image is unpacked.
        unpack: BytesPerSecond,
        /// Wait after the first refused image pull.
        pull_backoff_initial: Span = "\"10s\"" from "kubelet, image pull back-off",
        /// The longest wait after a refused image pull; each refusal doubles it up to here.
        pull_backoff_max: Span = "\"5m\"" from "kubelet, image pull back-off",
        /// Wait after the first failed mount.
        mount_backoff_initial: Span = "\"500ms\"" from "kubelet, exponentialbackoff.go",
        /// The longest wait after a failed mount; each failure doubles it up to here.
        mount_backoff_max: Span = "\"122s\"" from "kubelet, exponentialbackoff.go: 2 min 2 s",
    }
}
