//! Typed numbers: a node is never mistaken for a pod.
//!
//! Must not know: what the things are that it numbers.

macro_rules! id {
    ($(#[doc = $doc:literal])* $name:ident($inner:ty)) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(pub(crate) $inner);

    };
}

macro_rules! place {
    ($($name:ident)*) => {
        $(impl $name {
            /// Its place in the list of its kind.
            pub(crate) const fn index(self) -> usize {
                self.0 as usize
            }
        })*
    };
}

place! { NodeId PodId SetId ImageId RegistryId ZoneId GroupId }

id! {
    /// A node, numbered in the order of requests; the initial ones first.
    NodeId(u32)
}
id! {
    /// A pod: a DaemonSet's on its node, or a replica.
    PodId(u32)
}
id! {
    /// A replica of the workload.
    ReplicaId(u32)
}
id! {
    /// An enabled DaemonSet, in the order of the plan: what is required comes first.
    SetId(u16)
}
id! {
    /// An image.
    ImageId(u16)
}
id! {
    /// A registry.
    RegistryId(u16)
}
id! {
    /// A zone.
    ZoneId(u16)
}
id! {
    /// A node group: one for each zone in the order of zones, or one for all.
    GroupId(u16)
}
id! {
    /// Something that is waited for, by its place in the list of resources.
    ResourceId(u16)
}
