//! One replication, from the Deployment's creation to the end.

use crate::engine::{self, Limits, Outcome};
use crate::model::event::Event;
use crate::model::node::NodeState;
use crate::model::plan::Plan;
use crate::model::pod::{Owner, Phase};
use crate::model::record::{End, Record, Stage};
use crate::model::world::World;
use crate::time::Time;
use std::collections::BTreeMap;

/// Simulates replications; keeps its memory between them.
#[derive(Default)]
pub struct Simulator {
    sim: engine::Scheduler<Event>,
}

impl Simulator {
    /// A simulator without any history.
    pub fn new() -> Self {
        Self::default()
    }

    /// Simulates replication number `replication` of `plan` and returns what happened.
    ///
    /// The result depends on the arguments only. Waits are recorded if `record_waits` is set; everything else
    /// always is.
    pub fn run(&mut self, plan: &Plan, seed: u64, replication: u64, record_waits: bool) -> Record {
        self.sim.reset();
        let mut world = World::new(plan, seed, replication, record_waits, &mut self.sim);
        let run = &plan.scenario().run;
        let limits = Limits { horizon: Time::ZERO + run.horizon, max_events: run.max_events as u64 };
        let outcome = engine::run(&mut world, &mut self.sim, limits);
        finish(world, outcome)
    }
}

fn finish(world: World<'_>, outcome: Outcome) -> Record {
    let plan = world.plan;
    let stages: Vec<Stage> = plan
        .stages()
        .into_iter()
        .enumerate()
        .map(|(place, name)| {
            let desired = if place == usize::from(plan.workload_stage()) { plan.replicas } else { plan.desired_nodes };
            Stage { name, desired }
        })
        .collect();
    let ready = stages.iter().zip(&world.ready).all(|(stage, &ready)| ready >= stage.desired);
    let waiting_for = if ready { Vec::new() } else { waiting_for(&world) };
    let members = world.memberships.iter().flatten().map(|membership| membership.members).sum();
    Record {
        stages,
        members,
        nodes: world.nodes.into_iter().map(|node| node.milestones).collect(),
        transitions: world.transitions,
        waits: world.waits.finish(outcome.at),
        resources: plan.resources.names().to_vec(),
        limits: world.limits,
        end: End { ready, at: outcome.at, events: outcome.events, reason: outcome.reason, waiting_for },
    }
}

/// What is not ready, most numerous first.
fn waiting_for(world: &World<'_>) -> Vec<String> {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for node in &world.nodes {
        let what = match node.state {
            NodeState::Requested => "nodes are wanted and not launched by the cloud",
            NodeState::Launched => "nodes are launched and not registered",
            NodeState::Registered => "nodes are registered and not Ready",
            NodeState::Ready | NodeState::Failed => continue,
        };
        *counts.entry(what.to_owned()).or_default() += 1;
    }
    for pod in world.pods.iter().filter(|pod| !pod.readiness.ready) {
        let whose = match pod.owner {
            Owner::Set(set) => format!("{} pods", world.plan.set(set).name),
            Owner::Workload(_) => "replicas".to_owned(),
        };
        *counts.entry(format!("{whose} {}", phase_in_words(pod.phase))).or_default() += 1;
    }
    let missing = world.plan.replicas - world.demand.created();
    if missing > 0 {
        counts.insert("replicas are not created yet".to_owned(), missing);
    }
    let mut sorted: Vec<(String, u32)> = counts.into_iter().collect();
    sorted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    sorted.into_iter().map(|(what, count)| format!("{count} {what}")).collect()
}

const fn phase_in_words(phase: Phase) -> &'static str {
    match phase {
        Phase::Creating => "are being created",
        Phase::Scheduling => "are being scheduled",
        Phase::Unschedulable => "are unschedulable: no node has room",
        Phase::WaitingForNetwork => "wait for their node's network",
        Phase::Attaching => "wait for their volume to be attached",
        Phase::Mounting => "wait for their volume to be mounted",
        Phase::Sandbox => "wait for their sandbox",
        Phase::Pulling => "wait for their images",
        Phase::WaitingForRequired => "wait for the DaemonSets that they require",
        Phase::Starting => "are starting",
        Phase::Joining => "are joining their cluster",
        Phase::Writing => "are writing to their volume for the first time",
        Phase::Running => "run and are not Ready",
    }
}
