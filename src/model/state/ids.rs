//! Typed numbers: a node is never mistaken for a pod.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Index, IndexMut};

macro_rules! ids {
    ($($(#[doc = $doc:literal])* $name:ident($inner:ty);)*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub $inner);

        impl $name {
            /// Its place in the list of its kind.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<T> Index<$name> for Vec<T> {
            type Output = T;

            fn index(&self, id: $name) -> &T {
                &self.as_slice()[id.index()]
            }
        }

        impl<T> IndexMut<$name> for Vec<T> {
            fn index_mut(&mut self, id: $name) -> &mut T {
                &mut self.as_mut_slice()[id.index()]
            }
        }
    )*};
}

ids! {
    /// A node, numbered in the order of requests; the initial ones first.
    NodeId(u32);
    /// A pod: a DaemonSet's on its node, or a replica.
    PodId(u32);
    /// A replica of the workload, in the order of creation.
    ReplicaId(u32);
    /// An enabled DaemonSet, in the order of the plan: what is required comes first.
    DaemonSetId(u16);
    /// A DaemonSet, by its place in the scenario.
    DaemonSetPlace(u16);
    /// A stage, by its place in [`Record::stages`](crate::model::record::Record::stages).
    StageId(u16);
    /// Something that is waited for, by its place in [`Record::resources`](crate::model::record::Record::resources).
    ResourceId(u16);
    /// An image.
    ImageId(u16);
    /// A registry.
    RegistryId(u16);
    /// An etcd cluster, by its place in the scenario.
    EtcdId(u16);
    /// A fault, by its place in the scenario.
    FaultId(u16);
    /// A server of the workload's volume.
    ServerId(u32);
    /// A zone.
    ZoneId(u16);
    /// A node group: one for each zone in the order of zones, or one for all.
    GroupId(u16);
}
