//! What is not ready when a scale-up ends.

use crate::model::state::unready::{NodeStanding, Unready};
use crate::model::state::{NodeId, NodeState, PodOwner, Stage, StageKind, World, group_names};
use std::collections::BTreeMap;

/// What is not ready, most numerous first.
pub(super) fn at_end(world: &World<'_>, stages: &[Stage]) -> Vec<Unready> {
    let mut found = nodes(world);
    found.extend(pods(world));
    let missing = world.plan.replicas - world.demand.created;
    if missing > 0 && !world.demand.ended {
        found.push(Unready::NotCreated { count: missing });
    }
    found.extend(when_deleted(world, stages));
    found.extend(degraded_groups(world));
    found.sort_by_key(|one| std::cmp::Reverse(one.count()));
    found
}

fn nodes(world: &World<'_>) -> Vec<Unready> {
    let mut counts: BTreeMap<NodeStanding, u32> = BTreeMap::new();
    for (number, node) in world.nodes.iter().enumerate() {
        let standing = match node.state {
            NodeState::Requested => NodeStanding::Requested,
            NodeState::Launched => NodeStanding::Launched,
            NodeState::Registered => NodeStanding::Registered,
            NodeState::Ready if world.is_to_go(NodeId(number as u32)) => NodeStanding::ToGo,
            NodeState::Draining => NodeStanding::Draining,
            NodeState::Stopping => NodeStanding::Ending,
            NodeState::Ready if node.gates != 0 => NodeStanding::Gated,
            NodeState::Ready | NodeState::Gone | NodeState::Failed => continue,
        };
        *counts.entry(standing).or_default() += 1;
    }
    counts.into_iter().map(|(standing, count)| Unready::Nodes { count, standing }).collect()
}

fn pods(world: &World<'_>) -> Vec<Unready> {
    let mut counts = BTreeMap::new();
    for pod in world.pods.iter().filter(|pod| !pod.readiness.ready && !pod.ended) {
        let daemonset = match pod.owner {
            PodOwner::DaemonSet(set) => Some(world.plan.daemonset(set).name.clone()),
            PodOwner::Workload(_) => None,
        };
        *counts.entry((daemonset, pod.phase)).or_default() += 1;
    }
    counts.into_iter().map(|((daemonset, phase), count)| Unready::Pods { count, daemonset, phase }).collect()
}

/// What was not Ready when the Deployment was deleted, and so never was again.
fn when_deleted(world: &World<'_>, stages: &[Stage]) -> Vec<Unready> {
    let behind = stages.iter().zip(&world.scale_down.ready_then);
    let behind = behind.filter(|(stage, ready)| stage.kind != StageKind::ScaleDown && **ready < stage.desired);
    behind
        .map(|(stage, ready)| Unready::WhenDeleted { count: stage.desired - ready, stage: stage.name.clone() })
        .collect()
}

/// The node groups whose last launch was refused.
fn degraded_groups(world: &World<'_>) -> Vec<Unready> {
    let mut by_kind: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (name, group) in group_names(&world.plan.scenario).into_iter().zip(&world.cloud.groups) {
        if let Some(kind) = group.degraded {
            by_kind.entry(kind).or_default().push(name.to_owned());
        }
    }
    by_kind.into_iter().map(|(kind, groups)| Unready::Degraded { kind: kind.to_owned(), groups }).collect()
}
