//! The control plane and the kubelets.

use super::field::{BytesPerSecond, PerSecond, section};
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
    pub struct Scheduler {
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
        /// Wait after a sandbox that could not be set up, as where the subnet has no address; each is up to half longer.
        sandbox_retry: Span = "\"10s\"" from "kubelet, kubelet.go backOffPeriod",
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
        /// A call of a CSI driver that is not answered by then is cancelled, and counts as a failed mount.
        csi_timeout: Span = "\"2m\"" from "kubelet, pkg/volume/csi/csi_plugin.go, csiTimeout",
        /// Wait after the first failed mount.
        mount_backoff_initial: Span = "\"500ms\"" from "kubelet, exponentialbackoff.go",
        /// The longest wait after a failed mount; each failure doubles it up to here.
        mount_backoff_max: Span = "\"122s\"" from "kubelet, exponentialbackoff.go: 2 min 2 s",
    }
}
