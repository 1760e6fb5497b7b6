//! The subnet addresses that a node holds for its pods, and what the CNI adds to them.

use crate::model::params::{Scenario, fit};

/// Addresses of a block that prefix delegation gives.
const PREFIX: u32 = 16;

/// What the CNI's settings and the instance type make of a node's addresses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PoolRules {
    /// Whether pods have addresses of the subnet.
    enabled: bool,
    /// Addresses of one unit: an address or a block.
    unit: u32,
    /// Units that one interface holds beside its own address.
    per_interface: u32,
    interfaces: u32,
    /// While fewer addresses are free the CNI adds some.
    warm: u32,
    /// Units that are added at once.
    at_once: u32,
    max_pods: u32,
}

/// The addresses of one node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AddressPool {
    interfaces: u32,
    units: u32,
    /// Addresses that pods have.
    assigned: u32,
}

/// What the CNI adds next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Growth {
    /// So many units on an interface that is there.
    Assign(u32),
    /// One more interface, with so many units.
    Interface(u32),
}

impl PoolRules {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let (node, cni) = (&scenario.node, &scenario.cni);
        let per_interface = node.interface_addresses.get() - 1;
        let (unit, warm, at_once) = if cni.prefix_delegation {
            (PREFIX, PREFIX.saturating_mul(cni.warm_prefixes.get()), 1)
        } else {
            (1, per_interface.saturating_mul(cni.warm_interfaces.get()), per_interface)
        };
        Self {
            enabled: cni.pod_addresses,
            unit,
            per_interface,
            interfaces: node.interfaces.get(),
            warm,
            at_once,
            max_pods: node.max_pods.get(),
        }
    }

    pub(crate) const fn enabled(&self) -> bool {
        self.enabled
    }

    /// Addresses of the subnet that `growth` takes.
    pub(crate) const fn taken_by(&self, growth: Growth) -> u32 {
        match growth {
            Growth::Assign(units) => units * self.unit,
            Growth::Interface(units) => 1 + units * self.unit,
        }
    }

    /// What a node with so many pods that need an address holds when nothing is short.
    pub(crate) fn with_pods(&self, pods: u32) -> AddressPool {
        let mut pool = AddressPool { assigned: pods, ..AddressPool::launched() };
        while let Some(growth) = pool.next(self) {
            pool.hold(growth);
        }
        pool
    }
}

impl AddressPool {
    /// A new instance has the address of its first interface.
    pub(crate) const fn launched() -> Self {
        Self { interfaces: 1, units: 0, assigned: 0 }
    }

    /// Addresses of the subnet that the node holds.
    pub(crate) const fn held(&self, rules: &PoolRules) -> u32 {
        self.interfaces + self.units * rules.unit
    }

    const fn free(&self, rules: &PoolRules) -> u32 {
        (self.units * rules.unit).saturating_sub(self.assigned)
    }

    /// What the CNI adds now, if too few addresses are free.
    pub(crate) fn next(&self, rules: &PoolRules) -> Option<Growth> {
        let enough = self.free(rules) >= rules.warm || self.units * rules.unit >= rules.max_pods;
        if !rules.enabled || enough {
            return None;
        }
        let room = self.interfaces * rules.per_interface - self.units;
        if room > 0 {
            Some(Growth::Assign(room.min(rules.at_once)))
        } else {
            (self.interfaces < rules.interfaces).then_some(Growth::Interface(rules.at_once))
        }
    }

    pub(crate) const fn interfaces(&self) -> u32 {
        self.interfaces
    }

    pub(crate) const fn hold(&mut self, growth: Growth) {
        match growth {
            Growth::Assign(units) => self.units += units,
            Growth::Interface(units) => {
                self.interfaces += 1;
                self.units += units;
            }
        }
    }

    /// A pod takes an address, if one is free.
    pub(crate) const fn assign(&mut self, rules: &PoolRules) -> bool {
        let free = !rules.enabled || self.free(rules) > 0;
        if free {
            self.assigned += 1;
        }
        free
    }

    /// A pod that had an address has ended.
    pub(crate) const fn release(&mut self) {
        self.assigned -= 1;
    }
}

/// Pods of a full node that need an address: the replicas, and the DaemonSets' pods without the node's network.
pub(crate) fn pods_with_address(scenario: &Scenario) -> u32 {
    let sets = scenario.daemonset.iter().filter(|(_, set)| set.enabled && !set.host_network).count() as u32;
    sets + fit::replicas_per_node(scenario)
}

#[cfg(test)]
mod tests {
    use super::*;

    const M5D_4XLARGE: PoolRules =
        PoolRules { enabled: true, unit: 1, per_interface: 29, interfaces: 8, warm: 29, at_once: 29, max_pods: 234 };

    #[test]
    fn a_node_holds_what_the_cni_documents() {
        // eni-and-ip-target.md, WARM_ENI_TARGET = 1: one interface without pods, a second one with the first pod, a
        // third one with the 30th.
        let held = [0, 1, 29, 30, 232].map(|pods| M5D_4XLARGE.with_pods(pods).held(&M5D_4XLARGE));
        assert_eq!(held, [30, 60, 60, 90, 240]);
    }

    #[test]
    fn prefixes_come_one_at_a_time() {
        // prefix-and-ip-target.md, WARM_PREFIX_TARGET = 1: a block without pods, two with 1 to 16, three with 17.
        let rules = PoolRules { unit: PREFIX, warm: PREFIX, at_once: 1, ..M5D_4XLARGE };
        let held = [0, 1, 16, 17].map(|pods| rules.with_pods(pods).held(&rules));
        assert_eq!(held, [17, 33, 33, 49]);
    }

    #[test]
    fn a_new_instance_has_one_address_and_none_for_pods() {
        let mut pool = AddressPool::launched();
        assert_eq!((pool.held(&M5D_4XLARGE), pool.assign(&M5D_4XLARGE)), (1, false));
        assert_eq!(pool.next(&M5D_4XLARGE), Some(Growth::Assign(29)));
        pool.hold(Growth::Assign(1));
        assert!(pool.assign(&M5D_4XLARGE) && !pool.assign(&M5D_4XLARGE), "one address is one pod's");
        assert_eq!(pool.next(&M5D_4XLARGE), Some(Growth::Assign(28)));
        pool.release();
        assert!(pool.assign(&M5D_4XLARGE));
        assert_eq!(M5D_4XLARGE.taken_by(Growth::Interface(29)), 30);
    }

    #[test]
    fn an_overlay_takes_one_address_a_node() {
        let rules = PoolRules { enabled: false, ..M5D_4XLARGE };
        let mut pool = rules.with_pods(50);
        assert_eq!((pool.held(&rules), pool.assign(&rules)), (1, true));
    }
}
