//! One replication, from the Deployment's creation to the end.

use crate::engine::{self, Limits, Outcome, StopReason};
use crate::model::state::{
    Bounds, End, Event, Held, Node, NodeState, Owner, Phase, Plan, Pod, Record, Sim, Stage, StageKind, VolumeState,
    World, group_names,
};
use crate::time::Time;
use std::collections::BTreeMap;

/// Simulates replications; keeps its memory between them.
#[derive(Default)]
pub struct Simulator {
    sim: engine::Scheduler<Event>,
    bounds: Bounds,
}

impl Simulator {
    /// A simulator without any history.
    pub fn new() -> Self {
        Self::default()
    }

    /// A simulator that ends what grows beyond other bounds than the usual ones.
    pub fn within(bounds: Bounds) -> Self {
        Self { bounds, ..Self::default() }
    }

    /// Simulates replication number `replication` of `plan` and returns what happened.
    ///
    /// The result depends on the arguments only. Waits are recorded if `record_waits` is set; everything else
    /// always is.
    ///
    /// # Panics
    /// Never: nobody stops it.
    pub fn run(&mut self, plan: &Plan, seed: u64, replication: u64, record_waits: bool) -> Record {
        self.run_unless(plan, seed, replication, record_waits, &|| false).expect("nobody stops it")
    }

    /// As [`run`](Self::run), unless it is stopped meanwhile, for which `stopped` is asked now and then.
    pub fn run_unless(
        &mut self,
        plan: &Plan,
        seed: u64,
        replication: u64,
        record_waits: bool,
        stopped: &dyn Fn() -> bool,
    ) -> Option<Record> {
        self.sim.reset();
        let mut world = World::new(plan, seed, replication, record_waits, self.bounds);
        world.begin(&mut self.sim);
        let run = &plan.scenario().run;
        let limits = Limits { horizon: Time::ZERO + run.horizon, max_events: run.max_events as u64 };
        let (outcome, early) = run_within_bounds(&mut world, &mut self.sim, limits, stopped)?;
        Some(finish(world, outcome, early))
    }
}

/// As [`engine::run`], and ends where too much would have to be remembered or something is repeated without end, with
/// the reason; `None` where it was stopped.
fn run_within_bounds(
    world: &mut World<'_>,
    sim: &mut Sim,
    limits: Limits,
    stopped: &dyn Fn() -> bool,
) -> Option<(Outcome, Option<String>)> {
    let mut events = 0;
    loop {
        let begun = sim.now();
        let next = world.bounds.events_at_one_instant.min(limits.max_events - events);
        let outcome = engine::run(world, sim, Limits { max_events: next, ..limits });
        events += outcome.events;
        let outcome = Outcome { events, ..outcome };
        if outcome.reason != StopReason::EventLimit {
            let early = if outcome.reason == StopReason::Stopped { world.too_large() } else { None };
            return Some((outcome, early));
        }
        let early = if events == limits.max_events {
            Some(format!("run.max_events: {events} events were handled, and more were to come"))
        } else if outcome.at == begun {
            Some(world.repeated(begun))
        } else {
            world.too_large()
        };
        if early.is_some() {
            return Some((outcome, early));
        }
        if stopped() {
            return None;
        }
    }
}

fn finish(mut world: World<'_>, outcome: Outcome, early: Option<String>) -> Record {
    let stages = stages(&world);
    // What was ready until scale-down began has been ready.
    let at_best = if world.scale_down.begun.is_some() { &world.scale_down.ready_then } else { &world.ready };
    let mut ready =
        stages.iter().zip(at_best).all(|(stage, &ready)| ready >= stage.desired || stage.kind == StageKind::ScaleDown);
    if let Some(stage) = world.plan.scale_down_stage().map(usize::from) {
        ready &= world.scale_down.begun.is_some() && world.ready[stage] >= stages[stage].desired;
    }
    let mut waiting_for = if ready { Vec::new() } else { waiting_for(&world) };
    waiting_for.splice(0..0, early.filter(|_| !ready));
    let members = world.memberships.iter().flatten().map(|membership| membership.members).sum();
    Record {
        stages,
        members,
        scale_down: world.scale_down.begun,
        volumes_lost: world.scale_down.volumes_lost,
        held: held(&world),
        replicas: world.replica_records,
        decisions: world.autoscaler.history,
        nodes: world.nodes.into_iter().map(|node| node.milestones).collect(),
        transitions: world.transitions,
        origins: world.waits.take_origins(),
        waits: world.waits.finish(outcome.at),
        resources: world.plan.resources.names().to_vec(),
        limits: world.limits,
        end: End { ready, at: outcome.at, events: outcome.events, reason: outcome.reason, waiting_for },
    }
}

fn stages(world: &World<'_>) -> Vec<Stage> {
    let mut stages = world.plan.stages();
    if world.scale_down.begun.is_some() {
        // There may be more nodes than were desired, or fewer.
        stages.iter_mut().filter(|stage| stage.kind == StageKind::ScaleDown).for_each(|stage| {
            stage.desired = world.scale_down.to_go;
        });
    }
    stages
}

fn held(world: &World<'_>) -> Held {
    let zones = &world.cloud.zones;
    let pods = |of_sets: bool| {
        let counted = |pod: &&Pod| !pod.ended && matches!(pod.owner, Owner::DaemonSet(_)) == of_sets;
        world.pods.iter().filter(counted).count() as u32
    };
    let is_ready = |node: &&Node| matches!(node.state, NodeState::Ready | NodeState::Draining);
    Held {
        vcpus: world.cloud.vcpus_used,
        instances: zones.iter().map(|zone| zone.instances).collect(),
        capacity: zones.iter().map(|zone| zone.capacity).collect(),
        free_addresses: zones.iter().map(|zone| zone.free_addresses).collect(),
        addresses: addresses(world),
        ready_nodes: world.nodes.iter().filter(is_ready).count() as u32,
        upcoming_nodes: world.autoscaler.upcoming,
        daemonset_pods: pods(true),
        replica_pods: pods(false),
        transfers: world.downloads.links.in_flight() as u32,
        joins: world.joins.len() as u32,
        mounts: world.volume.as_ref().map_or(0, VolumeState::mounts_at_servers),
        pulls: world.registries.iter().map(|registry| registry.pulls).collect(),
    }
}

/// The addresses that instances hold, by zone.
fn addresses(world: &World<'_>) -> Vec<u32> {
    let rules = &world.plan.pool_rules;
    let mut held = vec![0; world.cloud.zones.len()];
    let with_instance =
        |node: &&Node| !matches!(node.state, NodeState::Requested | NodeState::Gone | NodeState::Failed);
    for node in world.nodes.iter().filter(with_instance) {
        held[node.zone.index()] += node.pool.held(rules) + node.growth.map_or(0, |growth| rules.taken_by(growth));
    }
    held
}

/// What is not ready, most numerous first.
fn waiting_for(world: &World<'_>) -> Vec<String> {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for (number, node) in world.nodes.iter().enumerate() {
        let what = match node.state {
            NodeState::Requested => "nodes are wanted and not launched by the cloud",
            NodeState::Launched => "nodes are launched and not registered",
            NodeState::Registered => "nodes are registered and not Ready",
            NodeState::Ready if world.is_to_go(number as u32) => "nodes wait to be removed",
            NodeState::Draining => "nodes are being drained",
            NodeState::Stopping => "nodes are ending",
            NodeState::Ready if node.gates != 0 => "nodes wait for DaemonSets before they take replicas",
            NodeState::Ready | NodeState::Gone | NodeState::Failed => continue,
        };
        *counts.entry(what.to_owned()).or_default() += 1;
    }
    for pod in world.pods.iter().filter(|pod| !pod.readiness.ready && !pod.ended) {
        let whose = match pod.owner {
            Owner::DaemonSet(set) => format!("{} pods", world.plan.daemonset(set).name),
            Owner::Workload(_) => "replicas".to_owned(),
        };
        *counts.entry(format!("{whose} {}", phase_in_words(pod.phase))).or_default() += 1;
    }
    let missing = world.plan.replicas - world.demand.created;
    if missing > 0 && !world.demand.ended {
        counts.insert("replicas are not created yet".to_owned(), missing);
    }
    not_ready_when_deleted(world, &mut counts);
    degraded_groups(world, &mut counts);
    let mut sorted: Vec<(String, u32)> = counts.into_iter().collect();
    sorted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    sorted.into_iter().map(|(what, count)| format!("{count} {}", agreeing(count, &what))).collect()
}

/// What several do, said of one where it is one.
fn agreeing(count: u32, what: &str) -> String {
    const NOUNS: [(&str, &str); 4] =
        [("node groups ", "node group "), ("nodes ", "node "), ("pods ", "pod "), ("replicas ", "replica ")];
    const VERBS: [(&str, &str); 3] = [(" are ", " is "), (" wait ", " waits "), (" run and are ", " runs and is ")];
    let one = |words: String, pairs: &[(&str, &str)]| {
        let pair = pairs.iter().rev().find(|(many, _)| words.contains(many));
        pair.map_or(words.clone(), |(many, one)| words.replacen(many, one, 1))
    };
    if count == 1 { one(one(what.to_owned(), &NOUNS), &VERBS) } else { what.to_owned() }
}

/// What was not Ready when the Deployment was deleted, and so never was again.
fn not_ready_when_deleted(world: &World<'_>, counts: &mut BTreeMap<String, u32>) {
    for (stage, &ready) in stages(world).into_iter().zip(&world.scale_down.ready_then) {
        if stage.kind != StageKind::ScaleDown && ready < stage.desired {
            let what = format!("of stage {} were not Ready when the Deployment was deleted", stage.name);
            counts.insert(what, stage.desired - ready);
        }
    }
}

/// The node groups whose last launch was refused.
fn degraded_groups(world: &World<'_>, counts: &mut BTreeMap<String, u32>) {
    let mut by_kind: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, group) in group_names(&world.plan.scenario).into_iter().zip(&world.cloud.groups) {
        if let Some(kind) = group.degraded {
            by_kind.entry(kind).or_default().push(name);
        }
    }
    for (kind, names) in by_kind {
        counts.insert(format!("node groups are Degraded: {kind} ({})", names.join(", ")), names.len() as u32);
    }
}

const fn phase_in_words(phase: Phase) -> &'static str {
    match phase {
        Phase::Creating => "are being created",
        Phase::Scheduling => "are being scheduled",
        Phase::Unschedulable => "are unschedulable: no node has room",
        Phase::WaitingForNetwork => "wait for the network of a node",
        Phase::WaitingForAddress => "wait for an address of the subnet",
        Phase::Attaching => "wait for a volume to be attached",
        Phase::Mounting => "wait for a volume to be mounted",
        Phase::Sandbox => "wait for a sandbox",
        Phase::Pulling => "wait for images",
        Phase::WaitingForRequired => "wait for required DaemonSets",
        Phase::Starting => "are starting",
        Phase::Joining => "are joining the storage cluster",
        Phase::Writing => "are writing to a volume for the first time",
        Phase::Running => "run and are not Ready",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_waits_for_is_said_of_one() {
        assert_eq!(agreeing(2, "nodes are being drained"), "nodes are being drained");
        assert_eq!(agreeing(1, "nodes are being drained"), "node is being drained");
        assert_eq!(agreeing(1, "nodes wait to be removed"), "node waits to be removed");
        assert_eq!(agreeing(1, "rok pods run and are not Ready"), "rok pod runs and is not Ready");
        assert_eq!(agreeing(1, "node groups are Degraded: x (a)"), "node group is Degraded: x (a)");
    }
}
