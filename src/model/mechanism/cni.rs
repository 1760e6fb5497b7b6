//! The Amazon VPC CNI: addresses of the subnet for pods.
//!
//! An instance is launched with one address. When the CNI's pod starts it fills the first interface; from then on it
//! looks every few seconds whether enough addresses are free for pods to come, and adds an interface, or a block. Each
//! step is a call to EC2, within the account's buckets. Where the subnet cannot give all addresses of an interface the
//! CNI asks for one, and where it has none, or none for a new interface, it waits. The node is Ready all the same, and
//! pods without an address are tried again by the kubelet.
//!
//! An address that a pod gives back can be used at once (upstream after 30 s), nothing is given back to the subnet
//! before the instance ends, and a call beyond a bucket waits in line (upstream it is repeated with a back-off).
//!
//! Keys: `[cni]`, `node.interfaces`, `node.interface_addresses`, `zone.*.free_addresses`, `kubelet.sync_retry`.
//! Upstream: amazon-vpc-cni-k8s `pkg/ipamd/ipamd.go`: `handlePreScaling`, `increaseDatastorePool`, `tryAssignIPs`,
//! `tryAllocateENI`; its pages on ENI, IP and prefix targets.

use crate::model::state::{
    Backoff, Cause, Draw, Event, Growth, NodeId, Phase, PodId, PodOwner, Resources, Sim, StreamOwner, World,
};
use crate::time::{Span, Time};

/// What the CNI logs where a subnet is full.
pub(crate) const FULL_SUBNET: &str = "Unable to attach IPs/Prefixes for the ENI, subnet doesn't seem to have enough IPs/Prefixes. Consider using new subnet or carve a reserved range using create-subnet-cidr-reservation";

/// What the kubelet reports of a pod without an address.
const NO_ADDRESS: &str = "Failed to create pod sandbox: plugin type=\"aws-cni\" name=\"aws-cni\" failed (add): add cmd: failed to assign an IP address to container";

impl World<'_> {
    /// The CNI's pod has started: it fills the first interface before it answers probes.
    pub(crate) fn prepare_network(&mut self, pod: PodId, sim: &mut Sim) {
        let node = self.pods[pod].placed_on();
        self.nodes[node].pool_busy = true;
        let Some(growth) = self.nodes[node].pool.next(&self.plan.pool_rules) else {
            self.on_pool_grown(node, sim);
            return;
        };
        let granted = self.call_ec2(growth, sim);
        if granted > sim.now() {
            self.pod_waits_from(pod, sim.now(), Cause::Limit, Resources::NETWORK_CALLS);
        }
        sim.schedule_at(granted, Event::PoolCallGranted(node));
    }

    /// When EC2 lets the calls through that `growth` takes. A new interface is created, attached and modified: these
    /// calls have buckets alike, so one of them stands for all.
    fn call_ec2(&mut self, growth: Growth, sim: &Sim) -> Time {
        let bucket = match growth {
            Growth::Assign(_) => &mut self.cloud.assign_calls,
            Growth::Interface(_) => &mut self.cloud.interface_calls,
        };
        let granted = bucket.reserve(sim.now(), 1);
        if granted > sim.now() {
            self.hit_limit("network-calls", "RequestLimitExceeded - Request limit exceeded.".to_owned(), sim.now());
        }
        granted
    }

    /// `PoolLook`: asks for more addresses if too few are free.
    pub(crate) fn on_pool_look(&mut self, node: NodeId, sim: &mut Sim) {
        match self.nodes[node].pool.next(&self.plan.pool_rules) {
            None => self.nodes[node].pool_busy = false,
            Some(growth) => {
                let granted = self.call_ec2(growth, sim);
                sim.schedule_at(granted, Event::PoolCallGranted(node));
            }
        }
    }

    /// `PoolCallGranted`: the subnet gives the addresses, one if it has not all, or none.
    pub(crate) fn on_pool_call_granted(&mut self, node: NodeId, sim: &mut Sim) {
        let rules = &self.plan.pool_rules;
        let wanted = self.nodes[node].pool.next(rules);
        let zone = &mut self.cloud.zones[self.nodes[node].zone];
        let one = wanted.filter(|growth| matches!(growth, Growth::Assign(_))).map(|_| Growth::Assign(1));
        let growth = wanted.into_iter().chain(one).find(|growth| zone.take_addresses(rules.taken_by(*growth)));
        if growth != wanted {
            self.hit_limit("free-addresses", FULL_SUBNET.to_owned(), sim.now());
        }
        self.nodes[node].growth = growth;
        let owner = StreamOwner::node_interface(node, self.nodes[node].pool.interfaces());
        match growth {
            Some(Growth::Interface(_)) => {
                let law = &self.plan.scenario.cni.attach;
                self.schedule_drawn(owner, Draw::InterfaceAttach, law, Event::PoolGrown(node), sim);
            }
            _ => self.on_pool_grown(node, sim),
        }
    }

    /// `PoolGrown`: pods that waited for an address get one; the next look follows, later where the subnet is full.
    pub(crate) fn on_pool_grown(&mut self, node: NodeId, sim: &mut Sim) {
        let growth = self.nodes[node].growth.take();
        if let Some(growth) = growth {
            self.nodes[node].pool.hold(growth);
        }
        self.serve_waiting_pods(node, sim);
        if self.nodes[node].pool.next(&self.plan.pool_rules).is_none() {
            self.nodes[node].pool_busy = false;
        } else if growth.is_some() {
            self.schedule_look(node, sim);
        } else {
            sim.schedule_after(self.plan.scenario.cni.full_subnet_wait, Event::PoolLook(node));
        }
        self.network_is_prepared(node, sim);
    }

    /// The CNI's pod goes on if it waited for its first addresses, whether it got some or not.
    fn network_is_prepared(&mut self, node: NodeId, sim: &mut Sim) {
        let pod = self.plan.network_daemonset.and_then(|set| self.nodes[node].pod_of(set));
        if let Some(pod) = pod.filter(|&pod| self.pods[pod].phase == Phase::Starting && !self.pods[pod].ended) {
            self.run_pod(pod, sim);
        }
    }

    /// The CNI looks at the node's addresses at its next turn, unless it is at it.
    fn look_at_pool(&mut self, node: NodeId, sim: &mut Sim) {
        if !self.nodes[node].pool_busy && self.nodes[node].pool.next(&self.plan.pool_rules).is_some() {
            self.nodes[node].pool_busy = true;
            self.schedule_look(node, sim);
        }
    }

    fn schedule_look(&self, node: NodeId, sim: &mut Sim) {
        let interval = self.plan.scenario.cni.pool_interval;
        let phase = self.draws.phase(StreamOwner::node(node), Draw::PoolPhase, interval);
        let after = sim.now() + Span::from_nanos(1);
        let next = Backoff::new(Time::ZERO + phase, interval, interval).next_from(after);
        sim.schedule_at(next, Event::PoolLook(node));
    }

    /// Whether the pod has the address that it needs; if none is free it waits for one.
    pub(crate) fn take_address(&mut self, pod: PodId, sim: &mut Sim) -> bool {
        let node = self.pods[pod].placed_on();
        if self.pods[pod].has_address || !self.needs_address(pod) {
            return true;
        }
        let has_address = self.nodes[node].pool.assign(&self.plan.pool_rules);
        self.pods[pod].has_address = has_address;
        if !has_address {
            self.hit_limit("pod-addresses", NO_ADDRESS.to_owned(), sim.now());
            self.nodes[node].without_address.push(pod);
            self.pods[pod].phase = Phase::WaitingForAddress;
            let law = &self.plan.scenario.kubelet.sync_retry;
            let retry = self.draws.span(self.stream_owner(pod), Draw::SandboxRetry, law);
            self.pods[pod].attempts = Some(Backoff::new(sim.now(), retry, retry));
            self.pod_waits_from(pod, sim.now(), Cause::Limit, Resources::POD_ADDRESS);
        }
        self.look_at_pool(node, sim);
        has_address
    }

    /// Whether the pod has a network of its own.
    pub(crate) fn needs_address(&self, pod: PodId) -> bool {
        self.plan.pool_rules.enabled()
            && match self.pods[pod].owner {
                PodOwner::DaemonSet(set) => !self.plan.daemonset(set).params.host_network,
                PodOwner::Workload(_) => true,
            }
    }

    /// Free addresses go to the pods that have waited longest: the kubelet finds out when it tries again.
    fn serve_waiting_pods(&mut self, node: NodeId, sim: &mut Sim) {
        while let Some(&pod) = self.nodes[node].without_address.first() {
            if !self.pods[pod].ended {
                if !self.nodes[node].pool.assign(&self.plan.pool_rules) {
                    return;
                }
                self.pods[pod].has_address = true;
                self.retry_sandbox(pod, Resources::POD_ADDRESS, sim);
            }
            self.nodes[node].without_address.remove(0);
        }
    }

    /// The pod has ended: another one can have its address.
    pub(crate) fn release_address(&mut self, pod: PodId, sim: &mut Sim) {
        if std::mem::replace(&mut self.pods[pod].has_address, false) {
            let node = self.pods[pod].placed_on();
            self.nodes[node].pool.release();
            if !self.nodes[node].is_gone() {
                self.serve_waiting_pods(node, sim);
            }
        }
    }
}
