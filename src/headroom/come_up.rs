//! How many nodes come up in the end.

use super::account::{addresses_of_a_node, shares};
use super::new_nodes;
use crate::model::params::{Cloud, Zone};
use crate::model::state::plan::Plan;

/// Nodes that are there in the end, the initial ones counted: what quota, capacity and addresses leave room for within
/// `run.horizon`, where nothing fails. With addresses for pods, those that have the addresses of all their pods.
pub fn come_up(plan: &Plan) -> u32 {
    let mut zones = shares(plan).into_iter().map(|share| room_in_zone(plan, share.zone));
    let rooms = zones.try_fold(0_u32, |sum, room| sum.checked_add(room?));
    let new = new_nodes(plan).min(room_in_quota(plan)).min(rooms.unwrap_or(u32::MAX));
    let initial = plan.scenario.cluster.initial_nodes;
    (initial + new).min(plan.scenario.cluster.target_nodes.max(initial))
}

/// New nodes that the quota allows in the end.
fn room_in_quota(plan: &Plan) -> u32 {
    let Cloud { vcpu_quota, vcpu_quota_raise, vcpus_in_use, .. } = &plan.scenario.cloud;
    let Some(quota) = vcpu_quota else { return u32::MAX };
    let raised = vcpu_quota_raise.as_ref().filter(|raise| raise.at < plan.scenario.run.horizon);
    let quota = raised.map_or(*quota, |raise| raise.to);
    let nodes = quota.saturating_sub(*vcpus_in_use) / plan.scenario.node.vcpus.get();
    nodes.saturating_sub(plan.scenario.cluster.initial_nodes)
}

/// New nodes that a zone has room for in the end; `None`: any number.
fn room_in_zone(plan: &Plan, zone: &Zone) -> Option<u32> {
    let now = zone.capacity_for(&plan.scenario.node.instance_type).filter(|_| zone.capacity_per_s.is_none());
    let later = zone.capacity_later.as_ref().filter(|later| later.at < plan.scenario.run.horizon);
    let capacity = now.map(|now| now.saturating_add(later.map_or(0, |later| later.add)));
    let addresses = zone.addresses_at_start().map(|free| free / addresses_of_a_node(plan));
    capacity.into_iter().chain(addresses).min()
}
