//! Typed numbers: a node is never mistaken for a pod.

use std::ops::{Index, IndexMut};

macro_rules! ids {
    ($($(#[doc = $doc:literal])* $name:ident($inner:ty);)*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(pub(crate) $inner);

        impl $name {
            /// Its place in the list of its kind.
            pub(crate) const fn index(self) -> usize {
                self.0 as usize
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

/// A replica of the workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReplicaId(pub(crate) u32);

/// Something that is waited for, by its place in the list of resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ResourceId(pub(crate) u16);

ids! {
    /// A node, numbered in the order of requests; the initial ones first.
    NodeId(u32);
    /// A pod: a DaemonSet's on its node, or a replica.
    PodId(u32);
    /// An enabled DaemonSet, in the order of the plan: what is required comes first.
    DaemonSetId(u16);
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
