//! The account and its zones: quota, capacity, addresses, launch rate.

use super::come_up::zones_have_room;
use super::{Headroom, LimitVerdict, boot_time, new_nodes, thousands};
use crate::model::mechanism::cni::FULL_SUBNET;
use crate::model::mechanism::limits::{INSUFFICIENT_ADDRESSES, insufficient_capacity, vcpu_limit_exceeded};
use crate::model::params::{NodeGroups, RESERVED_ADDRESSES, Zone};
use crate::model::state::addresses::pods_with_address;
use crate::model::state::plan::Plan;
use crate::time::Span;

/// The most nodes that the autoscaler makes.
pub(super) fn max_nodes(plan: &Plan) -> Headroom {
    let most = plan.scenario.cluster.target_nodes;
    let (need, have) = (u64::from(plan.desired_nodes), u64::from(most));
    let mut found = Headroom::new("max-nodes", "cluster.target_nodes", "nodes", need, Some(have));
    if found.lacks() {
        let new = most - plan.scenario.cluster.initial_nodes;
        found.binds_at(plan, new + 1);
        found.message = Some("pod didn't trigger scale-up: max cluster size reached".to_owned());
        found.remedy = Some(format!("allow {} nodes, or ask for fewer replicas", thousands(need)));
    }
    found
}

/// Replicas that fill fewer nodes than are asked for, although `cluster.target_nodes` is only the most there may be.
pub(super) fn fewer_nodes(plan: &Plan) -> Option<Headroom> {
    let (asked, filled) = (plan.scenario.cluster.target_nodes, plan.desired_nodes);
    let mut found = Headroom::new("replicas", "workload.replicas", "nodes", u64::from(asked), Some(u64::from(filled)));
    found.verdict = LimitVerdict::Advice;
    found.when = Some(format!(
        "{} replicas fill {} nodes, {} on each",
        thousands(u64::from(plan.replicas)),
        thousands(u64::from(filled)),
        plan.replicas_per_node
    ));
    found.remedy = Some("to fill all nodes set workload.replicas = \"fill\"".to_owned());
    (filled < asked).then_some(found)
}

/// The quota for running on-demand instances.
pub(super) fn vcpu_quota(plan: &Plan) -> Headroom {
    let (cloud, vcpus) = (&plan.scenario.cloud, plan.scenario.node.vcpus.get());
    let need = u64::from(plan.desired_nodes) * u64::from(vcpus) + u64::from(cloud.vcpus_in_use);
    let mut found = Headroom::new("vcpu-quota", "cloud.vcpu_quota", "vCPUs", need, cloud.vcpu_quota.map(u64::from));
    let ask = format!("ask for {} vCPUs", thousands(need));
    let Some(quota) = cloud.vcpu_quota.filter(|_| found.lacks()) else {
        found.remedy = found.have.is_none().then(|| format!("make sure that the account has them, or {ask}"));
        return found;
    };
    let fit = (quota.saturating_sub(cloud.vcpus_in_use) / vcpus).saturating_sub(plan.scenario.cluster.initial_nodes);
    found.binds_at(plan, fit + 1);
    found.message = Some(vcpu_limit_exceeded(quota));
    found.remedy = Some(ask);
    if let Some(raise) = cloud.vcpu_quota_raise.as_ref().filter(|raise| u64::from(raise.to) >= need) {
        found.verdict = LimitVerdict::Delays;
        found.remedy = Some(format!("ask for {} vCPUs before, not {} after", thousands(need), raise.at));
    }
    found
}

/// How many new nodes a zone is to take, and how many it can.
pub(super) struct ZoneShare<'p> {
    name: &'p str,
    pub(super) zone: &'p Zone,
    /// New nodes.
    pub(super) wanted: u32,
    /// Initial nodes.
    pub(super) initial: u32,
    /// Which of the zones it is.
    place: u32,
}

impl ZoneShare<'_> {
    /// The first new node for which there is no room here, with room for so many: zones take turns.
    fn first_beyond(&self, plan: &Plan, room: u32) -> u32 {
        let all = self.initial.saturating_add(room).saturating_mul(plan.open_zones().len() as u32);
        all.saturating_add(self.place + 1) - plan.scenario.cluster.initial_nodes
    }
}

/// The zones' shares: the node groups or the cloud keep the zones equal.
pub(super) fn shares(plan: &Plan) -> Vec<ZoneShare<'_>> {
    let zones = plan.open_zones().len() as u32;
    let part = |all: u32, place: u32| all / zones + u32::from(place < all % zones);
    plan.scenario
        .zone
        .iter()
        .filter(|(_, zone)| zone.node_group)
        .enumerate()
        .map(|(place, (name, zone))| {
            let place = place as u32;
            let initial = part(plan.scenario.cluster.initial_nodes, place);
            ZoneShare { name, zone, wanted: part(plan.desired_nodes, place).saturating_sub(initial), initial, place }
        })
        .collect()
}

/// How long until other zones are tried: at once in one group, after a failed launch is noticed between groups.
fn fall_back(plan: &Plan) -> String {
    let autoscaler = &plan.scenario.autoscaler;
    let noticed = autoscaler.group_refresh_interval + autoscaler.instance_refresh_interval;
    match plan.scenario.cloud.node_groups {
        NodeGroups::One => "the group falls back to other zones at once".to_owned(),
        NodeGroups::PerZone if autoscaler.early_abort => {
            format!("the autoscaler turns to other zones up to {noticed} later")
        }
        NodeGroups::PerZone => {
            format!("the autoscaler turns to other zones after {}", autoscaler.max_node_provision_time)
        }
    }
}

/// The zones' capacity.
pub(super) fn zone_capacity(plan: &Plan) -> Vec<Headroom> {
    let room = |zone: &Zone| zone.capacity_for(&plan.scenario.node.instance_type);
    let enough = zones_have_room(plan);
    let one = |share: &ZoneShare<'_>| {
        let (need, have) = (u64::from(share.wanted), room(share.zone).map(u64::from));
        let key = format!("zone.{}.capacity", share.name);
        let mut found = Headroom::new("zone-capacity", key, "instances", need, have);
        if let Some(capacity) = room(share.zone).filter(|_| found.lacks()) {
            let with_room = |zone: &Zone| room(zone).is_none_or(|room| room > 0);
            let others = plan.scenario.zone.iter().filter(|(name, zone)| *name != share.name && with_room(zone));
            let others: Vec<&str> = others.map(|(name, _)| name).collect();
            found.verdict = if enough { LimitVerdict::Delays } else { LimitVerdict::Binds };
            found.then = (plan.open_zones().len() > 1).then(|| fall_back(plan));
            found.binds_at(plan, share.first_beyond(plan, capacity));
            found.message = Some(insufficient_capacity(&plan.scenario, share.name, &others));
            let lacking = thousands(u64::from(share.wanted - capacity));
            found.remedy = Some(format!(
                "ask for {lacking} more instances here, or add a node group in another Availability Zone"
            ));
        }
        found
    };
    stated(shares(plan).iter().map(one))
}

/// The addresses that a full node takes.
pub(super) fn addresses_of_a_node(plan: &Plan) -> u32 {
    plan.pool_rules.with_pods(pods_with_address(&plan.scenario)).held(&plan.pool_rules)
}

/// The addresses that an initial node takes when its replicas come.
pub(super) fn growth_of_an_initial_node(plan: &Plan) -> u32 {
    let without = pods_with_address(&plan.scenario) - plan.replicas_per_node;
    addresses_of_a_node(plan) - plan.pool_rules.with_pods(without).held(&plan.pool_rules)
}

/// The subnets' addresses: what the CNI takes for a full node. With fewer, instances are launched as long as there is
/// one for each, and pods of the last ones wait for theirs.
pub(super) fn free_addresses(plan: &Plan) -> Vec<Headroom> {
    let each = addresses_of_a_node(plan);
    let one = |share: &ZoneShare<'_>| {
        let initial = share.initial * growth_of_an_initial_node(plan);
        let need = u64::from(share.wanted) * u64::from(each) + u64::from(initial);
        let key = if share.zone.subnet.is_some() { "subnet" } else { "free_addresses" };
        let key = format!("zone.{}.{key}", share.name);
        let have = share.zone.addresses_at_start().map(u64::from);
        let mut found = Headroom::new("free-addresses", key, "addresses", need, have);
        if let Some(free) = share.zone.addresses_at_start().filter(|_| found.lacks()) {
            let room = free.saturating_sub(initial);
            let refused = room < share.wanted;
            let (room, after) = if refused { (room, Span::ZERO) } else { (room / each, boot_time(plan)) };
            found.binds_after(plan, share.first_beyond(plan, room), after);
            let message = if refused { INSUFFICIENT_ADDRESSES } else { FULL_SUBNET };
            found.message = Some(message.to_owned());
            if each == 1 && zones_have_room(plan) {
                found.verdict = LimitVerdict::Delays;
            }
            let whole = (u64::from(share.wanted) + u64::from(share.initial)) * u64::from(each);
            found.remedy = Some(format!(
                "free {} addresses, or give this zone a /{} subnet",
                thousands(need - u64::from(free)),
                prefix_for(whole)
            ));
        }
        found
    };
    stated(shares(plan).iter().map(one))
}

/// Limits that a scenario states; where it states none for any zone, one line says what is needed.
fn stated(all: impl Iterator<Item = Headroom>) -> Vec<Headroom> {
    let all: Vec<Headroom> = all.collect();
    if all.iter().any(|found| found.have.is_some()) {
        return all.into_iter().filter(|found| found.have.is_some()).collect();
    }
    let most = all.into_iter().max_by_key(|found| found.need);
    let in_words = |found: Headroom| {
        let remedy = match found.unit {
            "addresses" => {
                format!("make sure that each zone has them free: a /{} subnet of its own", prefix_for(found.need))
            }
            _ => "make sure that each zone has them, for instance by a capacity reservation".to_owned(),
        };
        Headroom { remedy: Some(remedy), ..found }
    };
    most.map(in_words).into_iter().collect()
}

/// The smallest subnet with so many usable addresses.
fn prefix_for(addresses: u64) -> u32 {
    32 - (addresses + u64::from(RESERVED_ADDRESSES)).max(1).next_power_of_two().trailing_zeros()
}

/// The rate at which the cloud lets instances be launched.
pub(super) fn launch_rate(plan: &Plan) -> Headroom {
    let cloud = &plan.scenario.cloud;
    let (need, burst) = (u64::from(new_nodes(plan)), u64::from(cloud.launch_instances_burst.get()));
    let mut found =
        Headroom::new("launch-rate", "cloud.launch_instances_burst", "instances at once", need, Some(burst));
    if found.lacks() {
        let wait = Span::from_secs_f64(((need - burst) as f64 / cloud.launch_instances_per_s.0).round());
        found.verdict = LimitVerdict::Delays;
        found.then = Some(format!("the launches take at least {wait}"));
        found.binds_at(plan, burst as u32 + 1);
        found.node = None;
        found.message = Some("RequestLimitExceeded - Request limit exceeded.".to_owned());
        found.remedy = Some(format!("ask the cloud's support for {} instances at once", thousands(need)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subnets_are_as_large_as_they_must_be() {
        // 300 nodes of 60 addresses: a /18 has 16,379 usable ones and is too small for all, a /19 fits a third.
        assert_eq!([18_000, 16_379, 16_380, 6_000, 251, 252].map(prefix_for), [17, 18, 17, 19, 24, 23]);
    }
}
