//! What a launch may meet besides rates: the account's vCPU quota, a zone's capacity, a subnet without an address.
//!
//! A refused launch is answered in the cloud's own words. A node group that spans several zones launches in the zone
//! with the fewest of its instances, and tries the others where that one has no room.
//!
//! An instance needs one address to be launched; `cni` takes those of its pods later.
//!
//! Keys: `cloud.vcpu_quota`, `.vcpus_in_use`, `zone.*.capacity`, `.capacity_of`, `.capacity_later`, `.capacity_per_s`,
//!  `zone.*.free_addresses`, `.subnet`, `.in_use`, `node.vcpus`.
//! Upstream: the messages of EC2 Auto Scaling, as the document quotes them.

use crate::model::params::{Cloud, Scenario};
use crate::model::state::{AddressPool, GroupId, NodeId, World, ZoneId};
use crate::time::Time;

/// Why a launch is refused, and what the cloud says.
pub(crate) struct Refusal {
    pub(crate) kind: &'static str,
    pub(crate) message: String,
}

/// The account's vCPU quota at `now`.
pub(crate) fn vcpu_quota(cloud: &Cloud, now: Time) -> Option<u32> {
    let raised = cloud.vcpu_quota_raise.as_ref().filter(|raise| Time::ZERO + raise.at <= now);
    cloud.vcpu_quota.map(|quota| raised.map_or(quota, |raise| raise.to))
}

impl World<'_> {
    /// Takes room for up to `asked` instances of a group: the zone of each, and why there are not more or not where
    /// they were wanted.
    pub(crate) fn take_capacity(&mut self, group: GroupId, asked: u32, now: Time) -> (Vec<ZoneId>, Vec<Refusal>) {
        let (mut granted, mut refusals) = (Vec::new(), Vec::new());
        let mut open: Vec<ZoneId> = self.plan.zones_of(group).collect();
        for zone in &mut self.cloud.zones {
            zone.arrive(now);
        }
        while granted.len() < asked as usize {
            // The first of those with the fewest instances.
            let Some(&zone) = open.iter().min_by_key(|&&zone| self.cloud.zones[zone].instances) else { break };
            if let Some(refusal) = self.over_quota(now) {
                refusals.push(refusal);
                break;
            }
            if let Some(refusal) = self.no_room_in(zone, now) {
                refusals.push(refusal);
                open.retain(|&other| other != zone);
                continue;
            }
            self.cloud.vcpus_used += u64::from(self.plan.scenario.node.vcpus.get());
            self.cloud.zones[zone].take();
            granted.push(zone);
        }
        (granted, refusals)
    }

    fn over_quota(&self, now: Time) -> Option<Refusal> {
        let scenario = &self.plan.scenario;
        let quota = vcpu_quota(&scenario.cloud, now)?;
        let with_one_more =
            u64::from(scenario.cloud.vcpus_in_use) + self.cloud.vcpus_used + u64::from(scenario.node.vcpus.get());
        (with_one_more > u64::from(quota)).then(|| Refusal { kind: "vcpu-quota", message: vcpu_limit_exceeded(quota) })
    }

    fn no_room_in(&self, zone: ZoneId, now: Time) -> Option<Refusal> {
        let state = &self.cloud.zones[zone];
        if !state.has_capacity(now) {
            let others = self.plan.zone_ids().filter(|&other| self.cloud.zones[other].has_capacity(now));
            let name = |zone: ZoneId| self.plan.scenario.zone.at(zone.index()).0;
            let message = insufficient_capacity(&self.plan.scenario, name(zone), &others.map(name).collect::<Vec<_>>());
            return Some(Refusal { kind: "zone-capacity", message });
        }
        let none = state.free_addresses == Some(0);
        none.then(|| Refusal { kind: "free-addresses", message: INSUFFICIENT_ADDRESSES.to_owned() })
    }

    /// What a node's instance held is free again.
    pub(crate) fn cloud_returns(&mut self, node: NodeId) {
        let rules = &self.plan.pool_rules;
        let state = &mut self.nodes[node];
        let growing = state.growth.take().map_or(0, |growth| rules.taken_by(growth));
        let held = std::mem::replace(&mut state.pool, AddressPool::launched()).held(rules) + growing;
        self.cloud.vcpus_used -= u64::from(self.plan.scenario.node.vcpus.get());
        self.cloud.zones[state.zone].give_back(held);
    }
}

/// What the cloud says where a subnet is full, as the document quotes it.
pub(crate) const INSUFFICIENT_ADDRESSES: &str = "Amazon AutoScaling was unable to launch instances because there are not enough free addresses in the subnet associated with your AutoScaling group(s).";

/// What the cloud says above the vCPU quota, as the document quotes it.
pub(crate) fn vcpu_limit_exceeded(quota: u32) -> String {
    format!(
        "Could not launch On-Demand Instances. VcpuLimitExceeded - You have requested more vCPU capacity than your current vCPU limit of {quota} allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit. Launching EC2 instance failed."
    )
}

/// What the cloud says where a zone has no capacity, as the document quotes it; `others` are the zones that have some.
pub(crate) fn insufficient_capacity(scenario: &Scenario, zone: &str, others: &[&str]) -> String {
    let instance = &scenario.node.instance_type;
    let choosing = if others.is_empty() { String::new() } else { format!(" or choosing {}", others.join(", ")) };
    format!(
        "Could not launch On-Demand Instances. InsufficientInstanceCapacity - We currently do not have sufficient {instance} capacity in the Availability Zone you requested ({zone}). Our system will be working on provisioning additional capacity. You can currently get {instance} capacity by not specifying an Availability Zone in your request{choosing}. Launching EC2 instance failed."
    )
}
