//! The control plane and the kubelets.

use super::field::{Bytes, BytesPerSecond, PerSecond, section};
use crate::random::Distribution;
use crate::time::Span;
use std::num::NonZeroU32;

section! {
    /// The controllers and their requests to the API server.
    pub struct ControlPlane {
        /// Requests per second that each controller may send: the ReplicaSet controller, the DaemonSet controller and
        /// the garbage collector have a client of their own each.
        controller_qps: PerSecond = "20.0" from "kube-controller-manager, --kube-api-qps: the client builder copies it for each controller",
        /// Requests that each controller may send at once.
        controller_burst: NonZeroU32 = "30" from "kube-controller-manager, --kube-api-burst",
        /// The most pods that the ReplicaSet controller creates in one sync; batches start at 1 and double.
        replicaset_burst: NonZeroU32 = "500" from "kube-controller-manager, ReplicaSet controller BurstReplicas",
        /// How long the API server takes to answer a write.
        write: Distribution,
        /// From an object's change to the controllers and kubelets that watch it.
        watch: Distribution,
        /// Whether a cloud controller manager initialises new nodes: until then they have the taint
        /// node.cloudprovider.kubernetes.io/uninitialized, which replicas and most DaemonSets do not tolerate.
        cloud_controller: bool = "true" from "EKS since 1.26 (amazon-eks-ami issue 1446); false before, when kubelets did it themselves",
        /// Nodes that the cloud controller manager initialises at the same time.
        concurrent_node_syncs: NonZeroU32 = "1" from "cloud-controller-manager, --concurrent-node-syncs",
        /// How long it takes to initialise one node.
        node_sync: Distribution = "\"200ms\"" from "assumed: a call to EC2 and two writes; kubernetes issue 75285 reports 2 to 4 s on OpenStack",
        /// A node that is not heard of for so long becomes NotReady, and its pods with it.
        node_monitor_grace: Span = "\"40s\"" from "kube-controller-manager, --node-monitor-grace-period",
        /// How often the cloud is asked whether the instance of a NotReady node still exists; if not, the Node object
        /// is deleted.
        node_monitor_period: Span = "\"5s\"" from "cloud-controller-manager, --node-monitor-period",
        /// How often pods without a node are looked for.
        pod_gc_period: Span = "\"20s\"" from "kube-controller-manager, podgc gcCheckPeriod",
        /// So long after pods without a node were found they are deleted, and replaced.
        pod_gc_quarantine: Span = "\"40s\"" from "kube-controller-manager, podgc quarantineTime",
        /// The pods of a NotReady node whose instance exists are evicted and replaced after so long, and the node is
        /// given up.
        pod_eviction_after: Span = "\"5m\"" from "Kubernetes, DefaultTolerationSeconds: 300 s",
    }
}

section! {
    /// The kube-scheduler.
    pub struct KubeScheduler {
        /// Pods that it can place per second, one after the other.
        pods_per_s: PerSecond,
        /// Bindings per second that it may send to the API server.
        bind_qps: PerSecond = "50.0" from "kube-scheduler configuration, clientConnection.qps",
        /// Bindings that it may send at once.
        bind_burst: NonZeroU32 = "100" from "kube-scheduler configuration, clientConnection.burst",
        /// How long a pod that found no room is left alone the first time.
        pod_backoff_initial: Span = "\"1s\"" from "kube-scheduler configuration, podInitialBackoffSeconds",
        /// The longest time a pod that found no room is left alone; each attempt doubles it up to here.
        pod_backoff_max: Span = "\"10s\"" from "kube-scheduler configuration, podMaxBackoffSeconds",
    }
}

section! {
    /// Every node's kubelet and container runtime.
    pub struct Kubelet {
        /// From the kubelet's start to its Node object in the API server.
        registration: Distribution,
        /// From working pod networking to the node's Ready condition.
        ready_update: Distribution,
        /// Between two looks at whether a pod can have a network, while the node has none; each is up to half longer.
        network_retry: Span = "\"1s\"" from "kubelet, pod_workers.go backOffOnTransientErrorPeriod",
        /// Setting up a pod's sandbox, its network included.
        sandbox: Distribution,
        /// Image pulls per second that the kubelet lets through. One beyond fails, and its back-off begins.
        pull_qps: PerSecond = "5.0" from "kubelet, registryPullQPS",
        /// Image pulls that the kubelet lets through at once.
        pull_burst: NonZeroU32 = "10" from "kubelet, registryBurst",
        /// Image pulls at the same time on one node; 1 is serial.
        parallel_pulls: NonZeroU32,
        /// Layers of an image that are fetched at the same time.
        parallel_layers: NonZeroU32 = "3" from "containerd, max_concurrent_downloads",
        /// Unpacked bytes written per second while the page cache takes them.
        unpack: BytesPerSecond = "\"140MB/s\"" from "measured: 7.4 s for 1.18 GB and 16.3 s for 2.77 GB of zeros (converged-computing/container-chonks @ fa067497), 20 to 27 s for pulls of 0.91 GB that unpack to some 2.7 GB (converged-computing/performance-study @ 6f3df687)",
        /// Unpacked bytes of an image that the page cache takes before its unpacking slows down to the disk's pace.
        unpack_cache: Bytes = "\"5GB\"" from "measured: with unpack_beyond_cache, 45.0 s for 6.84 GB, 85.7 s for 10.9 GB, 149 s for 19.0 GB (converged-computing/container-chonks @ fa067497, GKE n1-standard-16)",
        /// Unpacked bytes written per second beyond the page cache.
        unpack_beyond_cache: BytesPerSecond = "\"115MB/s\"" from "measured: with unpack_cache, 45.0 s for 6.84 GB, 85.7 s for 10.9 GB, 149 s for 19.0 GB (converged-computing/container-chonks @ fa067497, GKE n1-standard-16)",
        /// What unpacking a layer takes besides writing it: its snapshot and its mount.
        unpack_layer: Span = "\"30ms\"" from "measured: 125 layers instead of 9 take 3 to 4 s more (converged-computing/container-chonks @ fa067497)",
        /// Wait after the first failed image pull.
        pull_backoff_initial: Span = "\"10s\"" from "kubelet, image pull back-off",
        /// The longest wait after a failed image pull; each failure doubles it up to here.
        pull_backoff_max: Span = "\"5m\"" from "kubelet, image pull back-off",
        /// A call of a CSI driver that is not answered by then is cancelled, and counts as a failed mount.
        csi_timeout: Span = "\"2m\"" from "kubelet, pkg/volume/csi/csi_plugin.go, csiTimeout",
        /// From a failed start of a pod to the next: the one that finds an image's back-off over pulls again, and one
        /// whose sandbox found no address in the subnet asks again.
        sync_retry: Distribution = "{ uniform = { low = \"10s\", high = \"15s\" } }" from "kubelet pkg/kubelet/pod_workers.go: backOffPeriod of 10 s, jitter factor 0.5",
        /// Wait after the first failed mount.
        mount_backoff_initial: Span = "\"500ms\"" from "kubelet, exponentialbackoff.go",
        /// The longest wait after a failed mount; each failure doubles it up to here.
        mount_backoff_max: Span = "\"122s\"" from "kubelet, exponentialbackoff.go: 2 min 2 s",
    }
}
