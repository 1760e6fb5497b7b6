//! What can happen. Each variant says who schedules it and who handles it.

use crate::model::state::ids::{EtcdId, FaultId, GroupId, ImageId, NodeId, PodId, ServerId};

/// An event of the simulated world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// The ReplicaSet controller creates its next batch. From itself; `demand`.
    ReplicaBatch,
    /// A pod exists in the API server. From the controllers; `placing`.
    PodCreated(PodId),
    /// The scheduler has decided about the pod at the head of its line. From itself; `placing`.
    PodPlaced(PodId),
    /// The scheduler looks for replicas whose back-off is over. From itself; `placing`.
    BackoffFlush,
    /// A pod's binding has reached its node's kubelet. From the scheduler; `pods`.
    PodBound(PodId),

    /// The Cluster Autoscaler looks at the cluster. From itself or from an unschedulable pod; `autoscaler`.
    AutoscalerLoop,
    /// The Cluster Autoscaler has decided what to ask for. From its loop; `autoscaler`.
    AutoscalerDecided,
    /// A node group makes its next launch call. From the autoscaler and itself; `cloud`.
    GroupLaunch(GroupId),
    /// The cloud has granted an instance. From the launch call; `cloud`.
    NodeLaunched(NodeId),
    /// The machine runs. From the launch; `cloud`.
    NodeRunning(NodeId),
    /// The kubelet has started. From the boot; `node`.
    NodeBooted(NodeId),
    /// The Node object exists. From the kubelet; `node`.
    NodeRegistered(NodeId),
    /// The DaemonSet controller has noticed the Node object. From the registration; `node`.
    NodeNoticed(NodeId),
    /// The node is Ready. From the kubelet; `node`.
    NodeReady(NodeId),
    /// The cloud controller manager has initialised a node. From itself; `cloud_controller`.
    NodeSynced(NodeId),
    /// Controllers and scheduler have noticed that a node is initialised. From the cloud controller;
    /// `cloud_controller`.
    NodeUntainted(NodeId),

    /// The CNI looks at a node's free addresses. From itself or from a pod that took one; `cni`.
    PoolLook(NodeId),
    /// EC2 has let the CNI's call through. From the look; `cni`.
    PoolCallGranted(NodeId),
    /// Addresses for pods can be used. From the call; `cni`.
    PoolGrown(NodeId),

    /// The kubelet tries to set up the pod's sandbox once more. From the node's network; `pods`.
    SandboxRetry(PodId),
    /// The pod's sandbox exists. From the kubelet; `pods`.
    SandboxReady(PodId),
    /// The registry begins to send an image. From the pull; `images`.
    PullTransfer(NodeId, ImageId),
    /// A transfer of an image may be complete. From the links; `images`.
    PullMayBeComplete,
    /// An image is unpacked. From the end of its transfer; `images`.
    ImageUnpacked(NodeId, ImageId),
    /// A failed pull is tried again. From the failure; `images`.
    PullRetry(NodeId, ImageId),

    /// A waiting pod looks for what it requires. From itself or from a required pod's readiness; `pods`.
    RequiresPoll(PodId),
    /// The pod's containers have started. From the kubelet; `pods`.
    PodStarted(PodId),
    /// A readiness probe. From itself, from the members' work, or from a required pod's readiness; `readiness`.
    Probe(PodId),

    /// The operator has done its own work for a join. From the operator; `join`.
    JoinWorked(PodId),
    /// etcd's answer has reached the operator. From etcd's commit; `join`.
    JoinAnswered(PodId),
    /// etcd is done with a commit for which others waited. From those; `etcd`.
    EtcdCommitFinished(EtcdId),
    /// A new member has synchronised. From the join; `join`.
    JoinSynced(PodId),

    /// A CSI driver is listed in the node's CSINode object. From its pod's start; `volume`.
    DriverRegistered(PodId),
    /// The attacher tries to attach the volume to a replica's node once more. From a failure; `attach`.
    AttachTry(PodId),
    /// The attacher has saved why an attachment failed. From the attacher; `attach`.
    AttachFailed(PodId),
    /// The volume is attached. From the attacher; `attach`.
    Attached(PodId),
    /// The kubelet tries to mount a replica's volume. From the kubelet; `volume`.
    MountTry(PodId),
    /// The kubelet gives up a mount that has not been answered. From the call; `volume`.
    MountDeadline(PodId),
    /// A replica's volume is mounted. From the volume's server; `volume`.
    Mounted(PodId),
    /// A first write may be complete. From a volume server's link; `volume`.
    FirstWriteMayBeComplete(ServerId),

    /// The workload is done: its Deployment is deleted. From the last replica's readiness; `scale_down`.
    WorkloadDone,
    /// A replica has ended. From the Deployment's deletion; `scale_down`.
    ReplicaEnded(PodId),
    /// Somebody has deleted the master pod, so that its node can be removed. From the autoscaler; `scale_down`.
    MasterMoved,
    /// A step of a node's drain is done. From the drain; `drain`.
    DrainStep(NodeId),
    /// A drain's pods have refused their eviction for too long. From the drain's begin; `drain`.
    EvictionTimedOut(NodeId),
    /// The cloud ends an instance that is being drained, finished or not. From the drain's begin; `drain`.
    ForcedTermination(NodeId),
    /// An instance has ended. From the termination call; `drain`.
    NodeTerminated(NodeId),
    /// The control plane has not heard of a node for too long. From the node's loss; `loss`.
    LossNoticed(NodeId),
    /// The cloud controller asks whether a NotReady node's instance exists. From the loss; `loss`.
    InstanceMissed(NodeId),
    /// The pods of a lost node are evicted. From the control plane; `loss`.
    LostPodsEvicted(NodeId),
    /// A fault begins. From the scenario; `faults`.
    FaultBegins(FaultId),
    /// A fault is over. From its begin; `faults`.
    FaultEnds(FaultId),
}

/// The kernel, as the handlers see it.
pub(crate) type Sim = crate::engine::Scheduler<Event>;
