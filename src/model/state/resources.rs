//! The names of everything that is waited for.

use crate::model::state::ids::{DaemonSetId, GroupId, RegistryId, ResourceId};

/// The list of resources, and where each kind begins in it.
#[derive(Debug)]
pub(crate) struct Resources {
    names: Vec<String>,
    groups: u16,
    registries: u16,
    daemonsets: u16,
}

macro_rules! fixed {
    ($($(#[doc = $doc:literal])* $constant:ident = $index:literal $name:literal;)*) => {
        impl Resources {
            $( $(#[doc = $doc])* pub(crate) const $constant: ResourceId = ResourceId($index); )*
        }
        const FIXED: &[&str] = &[$($name),*];
    };
}

fixed! {
    CONTROLLERS = 0 "controller-manager";
    SCHEDULER = 1 "scheduler";
    BINDING = 2 "scheduler-bindings";
    API_SERVER = 3 "api-server";
    LAUNCH_RATE = 4 "launch-rate";
    MACHINE = 5 "machine";
    KUBELET = 6 "kubelet";
    NODE_NETWORK = 7 "node-network";
    NODE = 8 "free-node";
    PULL_LINE = 9 "image-pull-line";
    UNPACK = 10 "image-unpack";
    CONTAINER = 11 "container-start";
    PROBE = 12 "readiness-probe";
    ATTACHER = 13 "csi-attacher";
    VOLUME_SERVER = 14 "volume-server";
    VOLUME_WRITE = 15 "volume-bandwidth";
    MOUNT_RETRY = 16 "mount-retry";
    RUNNING = 17 "running";
    CLOUD_CONTROLLER = 18 "cloud-controller";
    NETWORK_CALLS = 19 "network-calls";
    POD_ADDRESS = 20 "pod-address";
    AUTOSCALER = 21 "autoscaler";
    REGISTRATION = 22 "csi-registration";
}

/// What is waited for at a DaemonSet.
#[derive(Clone, Copy)]
pub(crate) enum DaemonSetResource {
    /// Its readiness on the node.
    Readiness,
    /// Its operator's workers.
    Operator,
    /// Its cluster's etcd.
    Etcd,
    /// Its members' re-configuration.
    Members,
}

impl Resources {
    /// The resources of these node groups, registries and DaemonSets, each with its etcd where it joins.
    pub(crate) fn new<'n>(
        groups: &[&str],
        registries: impl Iterator<Item = &'n str>,
        daemonsets: impl Iterator<Item = (&'n str, &'n str)>,
    ) -> Self {
        let mut names: Vec<String> = FIXED.iter().map(|&name| name.to_owned()).collect();
        let first_group = names.len() as u16;
        names.extend(groups.iter().map(|group| format!("node-group {group}")));
        let first_registry = names.len() as u16;
        names.extend(registries.map(|registry| format!("registry {registry}")));
        let first_daemonset = names.len() as u16;
        for (name, etcd) in daemonsets {
            names.extend([
                name.to_owned(),
                format!("{name}-operator"),
                format!("etcd {etcd}"),
                format!("{name}-members"),
            ]);
        }
        Self { names, groups: first_group, registries: first_registry, daemonsets: first_daemonset }
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    pub(crate) const fn node_group(&self, group: GroupId) -> ResourceId {
        ResourceId(self.groups + group.0)
    }

    pub(crate) const fn registry(&self, registry: RegistryId) -> ResourceId {
        ResourceId(self.registries + registry.0)
    }

    pub(crate) const fn daemonset(&self, set: DaemonSetId, at: DaemonSetResource) -> ResourceId {
        ResourceId(self.daemonsets + set.0 * 4 + at as u16)
    }
}
