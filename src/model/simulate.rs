//! One replication, from the Deployment's creation to the end.

use crate::engine::{self, Limits, Outcome, StopReason};
use crate::model::state::{
    Bounds, EarlyEnd, End, Event, Held, Node, NodeState, Plan, Pod, PodOwner, Record, Sim, Stage, StageId, StageKind,
    Unready, VolumeState, World,
};
use crate::model::unready;
use crate::time::Time;

/// Simulates replications; keeps its memory between them.
#[derive(Debug, Default)]
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
) -> Option<(Outcome, Option<EarlyEnd>)> {
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
            Some(EarlyEnd::Events { handled: events })
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

fn finish(mut world: World<'_>, outcome: Outcome, early: Option<EarlyEnd>) -> Record {
    let stages = stages(&world);
    // What was ready until scale-down began has been ready.
    let at_best = if world.scale_down.begun.is_some() { &world.scale_down.ready_then } else { &world.ready };
    let mut ready =
        stages.iter().zip(at_best).all(|(stage, &ready)| ready >= stage.desired || stage.kind == StageKind::ScaleDown);
    if let Some(stage) = world.plan.scale_down_stage().map(StageId::index) {
        ready &= world.scale_down.begun.is_some() && world.ready[stage] >= stages[stage].desired;
    }
    let mut waiting_for = if ready { Vec::new() } else { unready::at_end(&world, &stages) };
    waiting_for.splice(0..0, early.filter(|_| !ready).map(Unready::Early));
    let members = world.memberships.iter().flatten().map(|membership| membership.members).sum();
    Record {
        stages,
        members,
        scale_down: world.scale_down.begun,
        volumes_lost: world.scale_down.volumes_lost,
        held: held(&world, outcome.at),
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

fn held(world: &World<'_>, now: Time) -> Held {
    let zones = &world.cloud.zones;
    let pods = |of_sets: bool| {
        let counted = |pod: &&Pod| !pod.ended && matches!(pod.owner, PodOwner::DaemonSet(_)) == of_sets;
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
        transferred: world.downloads.transferred(now),
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
