//! What the simulated world is made of: ids, the plan, events, and the plain state of nodes, pods and mechanisms.

pub(crate) mod addresses;
pub(crate) mod autoscaler;
pub(crate) mod backoff;
pub(crate) mod bookkeeping;
pub(crate) mod clients;
pub(crate) mod cloud;
pub(crate) mod demand;
pub(crate) mod disk;
pub(crate) mod drain;
pub(crate) mod draws;
pub(crate) mod etcd;
pub(crate) mod event;
pub(crate) mod failing;
pub(crate) mod ids;
pub(crate) mod images;
pub(crate) mod membership;
pub(crate) mod node;
pub(crate) mod placing;
pub(crate) mod plan;
pub(crate) mod pod;
pub mod record;
pub(crate) mod resources;
pub(crate) mod scale_down;
pub(crate) mod stages;
pub(crate) mod unpacking;
pub(crate) mod unready;
pub(crate) mod volume;
pub(crate) mod wait;
pub(crate) mod wait_log;
pub(crate) mod wakeup;
pub(crate) mod world;
pub(crate) mod zone;

pub(crate) use addresses::{AddressPool, Growth};
pub(crate) use backoff::Backoff;
pub(crate) use drain::{DrainState, DrainStep};
pub(crate) use draws::{Draw, StreamOwner};
pub(crate) use event::{Event, Sim};
pub(crate) use ids::{
    DaemonSetId, EtcdId, FaultId, GroupId, ImageId, NodeId, PodId, RegistryId, ReplicaId, ResourceId, ServerId,
    StageId, ZoneId,
};
pub(crate) use images::{Downloads, ImageTransfer, Pull};
pub(crate) use membership::{Membership, MembershipChange};
pub(crate) use node::{Admission, Node, NodeState};
pub(crate) use plan::{NODES_STAGE, Plan, group_names};
pub(crate) use pod::{Pod, PodOwner, Standing};
pub(crate) use record::{Cause, Decision, End, Held, Origin, Record, Stage, StageKind, Subject};
pub(crate) use resources::{DaemonSetResource, Resources};
pub(crate) use scale_down::Master;
pub(crate) use unpacking::Unpacking;
pub(crate) use unready::{EarlyEnd, Phase, Unready};
pub(crate) use volume::{Attacher, Mount, Server, VolumeState};
pub(crate) use wakeup::Wakeup;
pub(crate) use world::{Bounds, World};
