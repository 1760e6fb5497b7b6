//! The simulated world: all state of one replication, and which handler each event goes to.

use crate::engine::{self, TokenBucket};
use crate::model::mechanism::autoscaler::Autoscaler;
use crate::model::mechanism::cloud::Cloud;
use crate::model::mechanism::demand::Demand;
use crate::model::mechanism::etcd::EtcdState;
use crate::model::mechanism::images::RegistryState;
use crate::model::mechanism::join::{Joins, Membership};
use crate::model::mechanism::node::{Node, NodeState};
use crate::model::mechanism::placing::Placing;
use crate::model::mechanism::scale_down::ScaleDown;
use crate::model::mechanism::volume::VolumeState;
use crate::model::state::disk::DiskState;
use crate::model::state::draws::{Draws, For, Whose};
use crate::model::state::event::Event;
use crate::model::state::ids::NodeId;
use crate::model::state::plan::{NODES_STAGE, Plan};
use crate::model::state::pod::{Phase, Pod, Standing};
use crate::model::state::record::{LimitHit, Transition};
use crate::model::state::wait_log::WaitLog;
use crate::random::Distribution;
use crate::time::Time;

/// The kernel, as the handlers see it.
pub(crate) type Sim = engine::Scheduler<Event>;

/// Nodes that one replication asks for, those that fail included, at most; in tests few, so that it is reached.
const NODES_EVER_MAX: usize = if cfg!(test) { 1_000 } else { 4_000_000 };
/// So many events at one instant, one after the other, are repeated without end.
pub(crate) const REPEATED: u64 = if cfg!(test) { 10_000 } else { 500_000 };
/// Mebibytes of what one replication remembers of the past, at most.
const REMEMBERED_MAX_MIB: usize = if cfg!(test) { 3 } else { 4096 };

/// All state of one replication.
pub(crate) struct World<'p> {
    pub(crate) plan: &'p Plan,
    pub(crate) draws: Draws,
    pub(crate) waits: WaitLog,
    pub(crate) transitions: Vec<Transition>,
    pub(crate) limits: Vec<LimitHit>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) pods: Vec<Pod>,
    /// The controller manager's API client.
    pub(crate) controllers: TokenBucket,
    pub(crate) demand: Demand,
    pub(crate) placing: Placing,
    pub(crate) autoscaler: Autoscaler,
    pub(crate) cloud: Cloud,
    pub(crate) registries: Vec<RegistryState>,
    /// By DaemonSet; only those that join have one.
    pub(crate) memberships: Vec<Option<Membership>>,
    pub(crate) joins: Joins,
    pub(crate) etcds: Vec<EtcdState>,
    pub(crate) volume: Option<VolumeState>,
    pub(crate) scale_down: ScaleDown,
    /// How many are Ready now, by stage.
    pub(crate) ready: Vec<u32>,
}

impl<'p> World<'p> {
    /// The world at the start: the initial nodes are Ready, the Deployment has just been created.
    pub(crate) fn new(plan: &'p Plan, seed: u64, replication: u64, record_waits: bool, sim: &mut Sim) -> Self {
        let scenario = &plan.scenario;
        let control = &scenario.control_plane;
        let mut world = Self {
            plan,
            draws: Draws::new(seed, replication),
            waits: WaitLog::new(record_waits),
            transitions: Vec::new(),
            limits: Vec::new(),
            nodes: Vec::with_capacity(plan.desired_nodes as usize),
            pods: Vec::with_capacity(plan.desired_nodes as usize * plan.sets.len() + plan.replicas as usize),
            controllers: TokenBucket::new(control.controller_qps.0, u64::from(control.controller_burst.get())),
            demand: Demand::default(),
            placing: Placing::new(&scenario.scheduler),
            autoscaler: Autoscaler::new(&scenario.autoscaler, plan.group_stream.len()),
            cloud: Cloud::new(scenario, plan.group_stream.len()),
            registries: scenario.registry.iter().map(|(_, registry)| RegistryState::new(registry)).collect(),
            memberships: memberships(plan),
            joins: Joins::default(),
            etcds: etcds(plan),
            volume: plan.volume.map(|(index, _)| VolumeState::new(scenario.volume.at(index).1)),
            scale_down: ScaleDown::default(),
            ready: vec![0; plan.stages().len()],
        };
        world.count_members();
        world.add_initial_nodes(sim);
        world.start_autoscaler();
        world.ask_for_more(sim);
        world.schedule_faults(sim);
        world
    }

    /// What this replication remembers more of than a scale-up that makes sense, and what to change: nodes that failed
    /// and were asked for again without end, or Ready pods that flap without end.
    pub(crate) fn too_large(&self) -> Option<String> {
        if self.nodes.len() > NODES_EVER_MAX {
            return Some(format!(
                "run.horizon: {NODES_EVER_MAX} nodes were asked for before it, since those that fail are asked for again; make \
                 it shorter, or see what makes nodes fail: limits, [fault], autoscaler.max_node_provision_time"
            ));
        }
        let bytes = self.transitions.len() * size_of::<Transition>() + self.waits.bytes();
        // A list that grows is copied into one of twice its length: for a moment there is three times as much.
        ((3 * bytes) >> 20 >= REMEMBERED_MAX_MIB).then(|| {
            format!(
                "run.horizon: waits and flaps before it would take {REMEMBERED_MAX_MIB} MiB of memory; make it shorter, or see what is \
                 retried or flaps without end"
            )
        })
    }

    /// Why events are repeated without end at one instant.
    pub(crate) fn repeated(&self, now: Time) -> String {
        let cloud = &self.plan.scenario.cloud;
        let pauses = [
            ("cloud.launch_retry", &cloud.launch_retry),
            ("cloud.launch_interval", &cloud.launch_interval),
            ("cloud.scaling_delay", &cloud.scaling_delay),
            ("cloud.launch", &cloud.launch),
            ("cloud.boot", &cloud.boot),
        ];
        let none: Vec<&str> =
            pauses.iter().filter(|(_, pause)| pause.max_value() <= 0.0).map(|(key, _)| *key).collect();
        let remedy = if none.is_empty() {
            "see which times of the scenario are 0s".to_owned()
        } else {
            format!("make one of these longer than nothing: {}", none.join(", "))
        };
        format!("something is repeated without a pause: more than {REPEATED} events after {now}; {remedy}")
    }

    fn add_initial_nodes(&mut self, sim: &mut Sim) {
        let zones = self.plan.open_zones();
        for number in 0..self.plan.scenario.cluster.initial_nodes {
            let zone = zones[number as usize % zones.len()];
            let node = self.add_node(zone);
            self.autoscaler.existing(self.plan.group_of(zone));
            self.cloud.zones[zone].instances += 1;
            self.nodes[node].state = NodeState::Ready;
            self.nodes[node].milestones.ready = Some(Time::ZERO);
            self.transition(NODES_STAGE, node.0, true, Time::ZERO);
            self.add_daemonset_pods(node);
            self.run_initial_pods(node);
            self.offer_node(node, sim);
        }
    }

    /// On an initial node every DaemonSet runs and is Ready, its image is there, its driver registered.
    fn run_initial_pods(&mut self, node: NodeId) {
        for set in self.plan.set_ids() {
            let plan = self.plan.set(set);
            self.nodes[node].images.add(plan.image);
            if plan.set.csi.is_some() {
                self.nodes[node].drivers |= 1 << set.0;
            }
            let pod = self.nodes[node].pod_of(set).expect("just added");
            let whose = Whose::daemonset_pod(self.plan, set, node);
            let phase = plan.set.readiness.as_ref().map(|probe| self.draws.phase(whose, For::ProbePhase, probe.period));
            let state = &mut self.pods[pod];
            state.phase = Phase::Running;
            state.readiness.ready = true;
            state.readiness.was_ready = true;
            if plan.set.join.is_some() {
                state.standing = Standing::Member;
            }
            state.readiness.first_probe = Time::ZERO + phase.unwrap_or_default();
            if let Some(stage) = plan.stage {
                self.nodes[node].milestones.daemonsets[usize::from(stage) - 1] = Some(Time::ZERO);
                self.transition(stage, node.0, true, Time::ZERO);
            }
            self.rest(pod);
        }
    }

    /// Schedules `event` after a length of time that is drawn for `whose`.
    #[inline]
    pub(crate) fn schedule_drawn(&self, whose: Whose, purpose: For, law: &Distribution, event: Event, sim: &mut Sim) {
        sim.schedule_after(self.draws.span(whose, purpose, law), event);
    }

    /// Something became Ready or NotReady.
    pub(crate) fn transition(&mut self, stage: u16, subject: u32, ready: bool, at: Time) {
        let count = &mut self.ready[usize::from(stage)];
        *count = if ready { *count + 1 } else { *count - 1 };
        self.transitions.push(Transition { at, stage, subject, ready });
    }

    /// A limit was hit.
    pub(crate) fn hit_limit(&mut self, kind: &str, message: String, at: Time) {
        match self.limits.iter_mut().find(|hit| hit.kind == kind && hit.message == message) {
            Some(hit) => {
                hit.last = at;
                hit.count += 1;
            }
            None => self.limits.push(LimitHit { kind: kind.to_owned(), message, first: at, last: at, count: 1 }),
        }
    }
}

impl World<'_> {
    /// Whether the pod or node that the event is about has ended meanwhile, and nobody else waits for the event.
    #[inline]
    fn is_moot(&self, event: Event) -> bool {
        match event {
            Event::PodCreated(pod)
            | Event::PodBound(pod)
            | Event::SandboxReady(pod)
            | Event::RequiresPoll(pod)
            | Event::PodStarted(pod)
            | Event::Probe(pod)
            | Event::DriverRegistered(pod)
            | Event::AttachTry(pod)
            | Event::MountTry(pod)
            | Event::ReplicaEnded(pod) => self.pods[pod].gone,
            Event::NodeLaunched(node)
            | Event::NodeNoticed(node)
            | Event::NodeReady(node)
            | Event::PullStart(node, _)
            | Event::PullTransfer(node, _)
            | Event::ImageUnpacked(node, _)
            | Event::PullRetry(node, _) => self.nodes[node].is_gone(),
            Event::NodeRunning(node) | Event::NodeBooted(node) | Event::NodeRegistered(node) => {
                self.nodes[node].is_gone() || self.nodes[node].stuck
            }
            Event::ForcedTermination(node) => self.nodes[node].state != NodeState::Draining,
            Event::ReplicaBatch => self.demand.ended,
            _ => false,
        }
    }
}

fn memberships(plan: &Plan) -> Vec<Option<Membership>> {
    let initial = plan.scenario.cluster.initial_nodes;
    let membership = |join: &crate::model::params::Join| {
        let (etcd, _) = plan.scenario.etcd.find(&join.etcd).expect("references are checked");
        Membership::new(join, etcd as u16, initial)
    };
    plan.sets.iter().map(|set| set.set.join.as_ref().map(membership)).collect()
}

fn etcds(plan: &Plan) -> Vec<EtcdState> {
    let scenario = &plan.scenario;
    let state = |name: &str| {
        let (_, disk) = scenario.disk.find(name).expect("references are checked");
        let (_, kind) = scenario.volume_type.find(&disk.kind).expect("references are checked");
        EtcdState::new(DiskState::new(disk, kind))
    };
    scenario.etcd.iter().map(|(_, etcd)| state(&etcd.disk)).collect()
}

impl engine::Model for World<'_> {
    type Event = Event;

    fn handle(&mut self, event: Event, sim: &mut Sim) {
        if self.is_moot(event) {
            return;
        }
        match event {
            Event::ReplicaBatch => self.on_replica_batch(sim),
            Event::PodCreated(pod) => self.on_pod_created(pod, sim),
            Event::PodPlaced(pod) => self.on_pod_placed(pod, sim),
            Event::PodBound(pod) => self.on_pod_bound(pod, sim),
            Event::AutoscalerLoop => self.on_autoscaler_loop(sim),
            Event::AutoscalerDecided => self.on_autoscaler_decided(sim),
            Event::GroupLaunch(group) => self.on_group_launch(group, sim),
            Event::NodeLaunched(node) => self.on_node_launched(node, sim),
            Event::NodeRunning(node) => self.on_node_running(node, sim),
            Event::NodeBooted(node) => self.on_node_booted(node, sim),
            Event::NodeRegistered(node) => self.on_node_registered(node, sim),
            Event::NodeNoticed(node) => self.on_node_noticed(node, sim),
            Event::NodeReady(node) => self.on_node_ready(node, sim),
            Event::SandboxReady(pod) => self.on_sandbox_ready(pod, sim),
            Event::PullStart(node, image) => self.on_pull_start(node, image, sim),
            Event::PullTransfer(node, image) => self.on_pull_transfer(node, image, sim),
            Event::RegistryLink(registry) => self.on_registry_link(registry, sim),
            Event::ImageUnpacked(node, image) => self.on_image_unpacked(node, image, sim),
            Event::PullRetry(node, image) => self.on_pull_retry(node, image, sim),
            Event::RequiresPoll(pod) => self.on_requires_poll(pod, sim),
            Event::PodStarted(pod) => self.on_pod_started(pod, sim),
            Event::Probe(pod) => self.on_probe(pod, sim),
            Event::JoinWorked(pod) => self.on_join_worked(pod, sim),
            Event::JoinAnswered(pod) => self.on_join_answered(pod, sim),
            Event::EtcdFree(etcd) => self.start_commit(etcd, sim),
            Event::JoinSynced(pod) => self.on_join_synced(pod, sim),
            Event::DriverRegistered(pod) => self.on_driver_registered(pod, sim),
            Event::AttachTry(pod) => self.on_attach_try(pod, sim),
            Event::Attached(pod) => self.on_attached(pod, sim),
            Event::MountTry(pod) => self.on_mount_try(pod, sim),
            Event::Mounted(pod) => self.on_mounted(pod, sim),
            Event::VolumeLink(server) => self.on_volume_link(server, sim),
            Event::WorkloadDone => self.on_workload_done(sim),
            Event::ReplicaEnded(pod) => self.on_replica_ended(pod, sim),
            Event::MasterMoved => self.on_master_moved(sim),
            Event::DrainStep(node) => self.on_drain_step(node, sim),
            Event::ForcedTermination(node) => self.on_forced_termination(node, sim),
            Event::NodeTerminated(node) => self.on_node_terminated(node, sim),
            Event::LossNoticed(node) => self.on_loss_noticed(node, sim),
            Event::LossFinal(node) => self.on_loss_final(node, sim),
            Event::FaultBegins(fault) => self.on_fault_begins(fault, sim),
            Event::FaultEnds(fault) => self.on_fault_ends(fault, sim),
        }
    }
}
