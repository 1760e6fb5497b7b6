//! How many nodes come up in the end.

use super::account::{ZoneShare, addresses_of_a_node, growth_of_an_initial_node, shares};
use super::{Headroom, boot_time, launch_time, new_nodes};
use crate::model::Simulator;
use crate::model::params::{Cloud, Zone};
use crate::model::record::{LimitHit, Record};
use crate::model::state::plan::Plan;
use crate::time::{Span, Time};

/// What `run` takes where no seed is given.
const USUAL_SEED: u64 = 1;

/// How many nodes there are in the end, the initial ones counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComeUp {
    /// Nodes that are Ready.
    pub nodes: u32,
    /// Those of them whose subnet has the addresses of all their pods.
    pub with_addresses: u32,
}

/// What quota, capacity and addresses leave room for within `run.horizon`, where nothing fails.
///
/// An instance needs one address to be launched, and pods of those that boot take the rest. Where they may empty a
/// subnet while launches go on, who is first cannot be told by arithmetic: the nodes are those of the first scale-up
/// that `run` simulates with its usual seed, without the scenario's faults.
pub fn come_up(plan: &Plan) -> ComeUp {
    let simulated = simulated(plan).map(|record| record.most_nodes_ready());
    let nodes = simulated.unwrap_or_else(|| in_all(plan, launched_in_the_end));
    ComeUp { nodes, with_addresses: in_all(plan, served).min(nodes) }
}

/// Whether a zone's free addresses could be too few for the pods of all new nodes, wherever these are launched.
fn pods_may_empty_a_subnet(plan: &Plan) -> bool {
    let is_short = |share: &ZoneShare<'_>| {
        share.zone.addresses_at_start().is_some_and(|free| served(plan, share, free) < new_nodes(plan))
    };
    addresses_of_a_node(plan) > 1 && shares(plan).iter().any(is_short)
}

/// Limits that stop nodes bind when that scale-up meets them, where it is simulated.
pub(super) fn time_as_simulated(plan: &Plan, found: &mut [Headroom]) {
    let Some(record) = simulated(plan) else { return };
    let is_first = |(place, hit): &(usize, &LimitHit)| record.limits[..*place].iter().all(|one| one.kind != hit.kind);
    for (_, hit) in record.limits.iter().enumerate().filter(is_first) {
        let at = hit.first.since(Time::ZERO);
        let same = found.iter_mut().filter(|one| one.limit == hit.kind && one.at.is_some());
        let mut same: Vec<&mut Headroom> = same.collect();
        let first = same.iter().filter_map(|one| one.at).min();
        for one in &mut same {
            let later = one.at.zip(first).map_or(Span::ZERO, |(at, first)| at.saturating_sub(first));
            one.happens_at(plan, Span::from_secs(at.as_secs_f64().round() as u64) + later);
        }
    }
}

/// A scale-up without faults, where arithmetic does not tell who gets the addresses.
fn simulated(plan: &Plan) -> Option<Record> {
    if !pods_may_empty_a_subnet(plan) {
        return None;
    }
    let mut scenario = plan.scenario.clone();
    scenario.fault.clear();
    scenario.workload.run_time = None;
    Some(Simulator::new().run(&Plan::new(&scenario), USUAL_SEED, 0, false))
}

/// Whether all zones together have room for the new nodes.
pub(super) fn zones_have_room(plan: &Plan) -> bool {
    room_in_zones(plan, launched_in_the_end).is_none_or(|room| room >= new_nodes(plan))
}

/// How many of a zone's new nodes its free addresses let be launched.
fn launched_in_the_end(plan: &Plan, share: &ZoneShare<'_>, free: u32) -> u32 {
    launched(plan, share, free).max(served(plan, share, free))
}

/// How many of a zone's new nodes get the addresses of all their pods; the initial nodes' replicas come first.
fn served(plan: &Plan, share: &ZoneShare<'_>, free: u32) -> u32 {
    free.saturating_sub(share.initial * growth_of_an_initial_node(plan)) / addresses_of_a_node(plan)
}

/// How many of a zone's new nodes are launched before its subnet is empty.
fn launched(plan: &Plan, share: &ZoneShare<'_>, free: u32) -> u32 {
    let zones = plan.open_zones().len() as u32;
    let asked = |nth: u32| launch_time(plan, nth.saturating_mul(zones));
    let boot = boot_time(plan);
    let booted = |at: Span| most(share.wanted, |nth| asked(nth) + boot <= at);
    let for_pods = u64::from(addresses_of_a_node(plan) - 1);
    let room = u64::from(free.saturating_sub(share.initial * growth_of_an_initial_node(plan)));
    // With nothing for pods a zone takes over what others have no room for.
    if for_pods == 0 {
        return u32::try_from(room).unwrap_or(u32::MAX);
    }
    most(share.wanted, |nth| u64::from(nth) + for_pods * u64::from(booted(asked(nth))) <= room)
}

/// The greatest number up to `limit` that something holds for, which holds for all below it.
fn most(limit: u32, holds: impl Fn(u32) -> bool) -> u32 {
    let (mut least, mut greatest) = (0, limit);
    while least < greatest {
        let middle = greatest - (greatest - least) / 2;
        if holds(middle) { least = middle } else { greatest = middle - 1 }
    }
    least
}

/// How many new nodes a zone's free addresses allow.
type ByAddresses = fn(&Plan, &ZoneShare<'_>, u32) -> u32;

/// Nodes in the end.
fn in_all(plan: &Plan, by_addresses: ByAddresses) -> u32 {
    let rooms = room_in_zones(plan, by_addresses).unwrap_or(u32::MAX);
    let new = new_nodes(plan).min(room_in_quota(plan)).min(rooms);
    let initial = plan.scenario.cluster.initial_nodes;
    (initial + new).min(plan.scenario.cluster.target_nodes.max(initial))
}

/// New nodes that all zones have room for in the end; `None`: any number.
fn room_in_zones(plan: &Plan, by_addresses: ByAddresses) -> Option<u32> {
    let shares = shares(plan);
    let mut rooms = shares.iter().map(|share| {
        let addresses = share.zone.addresses_at_start().map(|free| by_addresses(plan, share, free));
        room_in_zone(plan, share.zone).into_iter().chain(addresses).min()
    });
    rooms.try_fold(0_u32, |sum, room| Some(sum.saturating_add(room?)))
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

/// New nodes that a zone has capacity for in the end; `None`: any number.
fn room_in_zone(plan: &Plan, zone: &Zone) -> Option<u32> {
    let now = zone.capacity_for(&plan.scenario.node.instance_type).filter(|_| zone.capacity_per_s.is_none())?;
    let later = zone.capacity_later.as_ref().filter(|later| later.at < plan.scenario.run.horizon);
    Some(now.saturating_add(later.map_or(0, |later| later.add)))
}
