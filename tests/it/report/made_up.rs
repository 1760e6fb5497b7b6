//! Results with made-up numbers: plausible, spread without chance, and quick to make.

use scaleup::experiment::results::{
    CaseResult, Count, Detail, FORMAT_VERSION, Replication, Results, StageTimes, Waits,
};
use scaleup::headroom::support::Tier;
use scaleup::model::params::Support;
use scaleup::model::record::{
    Cause, DaemonSetPlace, LimitHit, NodeId, NodeRecord, ReplicaId, ResourceId, Stage, StageKind, Subject, Wait, ZoneId,
};
use scaleup::time::{Span, Time};

/// The stages of the documented case.
pub const STAGES: [&str; 5] = ["nodes", "baseline", "rok", "rok-csi", "workload"];

/// A case to be made up.
pub struct Sketch {
    /// Its number of nodes.
    pub nodes: u32,
    /// Its number of replications.
    pub replications: u32,
    /// The stages' names; the third one flaps.
    pub stages: Vec<String>,
    /// Seconds until each stage is ready, before spreading.
    pub ready_s: Vec<f64>,
    /// The keys that the sweep changed.
    pub set: Vec<(String, String)>,
}

impl Sketch {
    /// The documented case with `nodes` nodes.
    pub fn documented(nodes: u32) -> Self {
        let size = f64::from(nodes) / 100.0;
        Self {
            nodes,
            replications: 100,
            stages: STAGES.map(str::to_owned).to_vec(),
            ready_s: vec![
                180.0 + 55.0 * size,
                190.0 + 55.0 * size,
                250.0 + 200.0 * size,
                370.0 + 215.0 * size,
                660.0 + 220.0 * size,
            ],
            set: vec![("cluster.target_nodes".to_owned(), nodes.to_string())],
        }
    }

    /// The made-up case.
    pub fn case(&self) -> CaseResult {
        let nodes = self.nodes;
        let tier = Tier::of(&support(), nodes);
        CaseResult {
            name: format!("0-{nodes}-nodes"),
            scenario: "ekf".to_owned(),
            description: String::new(),
            scenario_hash: format!("{nodes:016x}"),
            scenario_toml: None,
            set: self.set.clone(),
            target_nodes: nodes,
            initial_nodes: nodes.min(3),
            price_per_hour_usd: 0.9,
            tier: Some(tier),
            support: tier.message(&support(), nodes),
            stages: chain(&self.stages, nodes),
            curve_step: self.step(),
            measures: vec![],
            replications: (0..self.replications).map(|replication| self.replication(replication)).collect(),
            reliefs: vec![],
            why: None,
            detail: Some(self.detail()),
            waits: Waits { list: waits(), resources: vec!["autoscaler".to_owned(), "etcd, \"gp2\"".to_owned()] },
        }
    }

    fn step(&self) -> Span {
        Span::from_nanos(Span::from_secs_f64(self.ready_s.last().copied().unwrap_or(1.0)).as_nanos() / 250)
    }

    fn ready(&self, replication: u32, stage: usize) -> Time {
        let spread = 1.0 + 0.06 * (spread(replication, stage as u32) - 0.5);
        Time::from_secs_f64(self.ready_s[stage] * spread)
    }

    fn replication(&self, replication: u32) -> Replication {
        let stages = (0..self.stages.len()).map(|stage| {
            let ready = self.ready(replication, stage);
            let flapping = stage == 2;
            StageTimes {
                first_ready: Some(Time::from_nanos(
                    ready.as_nanos() / if flapping { 16 } else { 1 } * if flapping { 15 } else { 1 },
                )),
                ready: Some(ready),
                flaps: if flapping { self.nodes + replication % 10 } else { 0 },
                not_ready_peak: if flapping { 10 + replication % 7 } else { 0 },
            }
        });
        Replication {
            number: replication,
            stages: stages.collect(),
            curves: (0..self.stages.len()).map(|stage| self.curve(replication, stage)).collect(),
            limits: if self.nodes > 200 { vec![quota()] } else { vec![] },
            node_hours: (0..self.stages.len()).map(|stage| Some(self.node_hours(replication, stage))).collect(),
            events: 20 * u64::from(self.nodes) + u64::from(replication),
            ..Replication::default()
        }
    }

    fn node_hours(&self, replication: u32, stage: usize) -> f64 {
        f64::from(self.nodes) * self.ready(replication, stage).as_secs_f64() / 7_200.0
    }

    /// A ramp from the initial nodes to all, ending at readiness; the third stage sags now and then.
    fn curve(&self, replication: u32, stage: usize) -> Vec<u32> {
        let ready = self.ready(replication, stage).as_nanos();
        let step = self.step().as_nanos().max(1);
        let begin = ready / 3;
        (0..=ready / step + 1)
            .map(|point| {
                let at = point * step;
                if at >= ready {
                    return self.nodes;
                }
                let share = at.saturating_sub(begin) as f64 / (ready - begin) as f64;
                let sag = if stage == 2 && point % 17 > 13 { 0.12 * share } else { 0.0 };
                let added = f64::from(self.nodes - self.nodes.min(3)) * (share - sag).max(0.0);
                self.nodes.min(3) + added.floor() as u32
            })
            .collect()
    }

    fn detail(&self) -> Detail {
        let counts = (0..self.stages.len()).map(|stage| if stage == 2 { self.counts() } else { vec![] });
        Detail {
            causes: vec![],
            asked: self.nodes,
            nodes: (0..self.nodes).map(|node| self.node(node)).collect(),
            counts: counts.collect(),
        }
    }

    fn node(&self, node: u32) -> NodeRecord {
        let at = |share: f64| Some(Time::from_secs_f64(self.ready_s[0] * share * (0.5 + 0.5 * spread(node, 9))));
        let added = node >= 3;
        NodeRecord {
            number: NodeId(node),
            zone: ZoneId((node % 3) as u16),
            requested: at(0.2).filter(|_| added),
            launched: at(0.3).filter(|_| added),
            running: at(0.5).filter(|_| added),
            booted: at(0.8).filter(|_| added),
            registered: at(0.9).filter(|_| added),
            ready: if added { at(1.0) } else { Some(Time::ZERO) },
            daemonsets: (1..self.stages.len().saturating_sub(1)).map(|_| at(1.1)).collect(),
            workload: at(2.0),
            failed: None,
            ..NodeRecord::default()
        }
    }

    /// Each pod of the third stage becomes Ready; every other one is `NotReady` for a while later on.
    fn counts(&self) -> Vec<Count> {
        let mut changes: Vec<(Time, [i64; 3])> = Vec::new();
        for subject in 0..self.nodes {
            let share = if subject < 3 { 0.0 } else { 0.35 + 0.6 * f64::from(subject) / f64::from(self.nodes) };
            let mut add = |share: f64, by| changes.push((Time::from_secs_f64(self.ready_s[2] * share), by));
            add(share, [1, 0, 1]);
            if subject % 2 == 0 {
                let down = 0.4 + 0.5 * spread(subject, 4).max(share - 0.35);
                add(down.max(share), [-1, 1, 0]);
                add((down + 0.03).max(share) + 0.001, [1, -1, 0]);
            }
        }
        changes.sort_by_key(|change| change.0);
        let mut now = [0_i64; 3];
        let count = |(at, by): (Time, [i64; 3])| {
            now.iter_mut().zip(by).for_each(|(now, by)| *now += by);
            let [ready, not_ready, joined] = now.map(|count| u32::try_from(count).expect("it is never below zero"));
            Count { at, ready, not_ready, joined }
        };
        changes.into_iter().map(count).collect()
    }
}

/// Stages that wait for each other in this order; overheads count from the first `DaemonSet`.
fn chain(names: &[String], desired: u32) -> Vec<Stage> {
    let mut stages: Vec<Stage> = names.iter().map(|name| stage(name, desired)).collect();
    for place in 1..stages.len() {
        stages[place].after = vec![names[place - 1].clone()];
    }
    stages
        .iter_mut()
        .filter(|stage| stage.kind == StageKind::DaemonSet)
        .take(1)
        .for_each(|stage| stage.reference = true);
    stages
}

/// A stage by its name.
pub fn stage(name: &str, desired: u32) -> Stage {
    let reserved = [StageKind::Nodes, StageKind::Workload, StageKind::ScaleDown];
    let kind = reserved.into_iter().find(|kind| kind.name() == Some(name)).unwrap_or(StageKind::DaemonSet);
    Stage { kind, name: name.to_owned(), desired, after: vec![], reference: false }
}

/// The results of a command over these cases.
pub fn results(command: &str, sketches: &[Sketch]) -> Results {
    Results {
        command: command.to_owned(),
        scenario: "ekf".to_owned(),
        description: "The documented scale-up".to_owned(),
        seed: 1,
        replications: sketches[0].replications,
        format_version: FORMAT_VERSION,
        varied: varied(sketches),
        cases_asked: sketches.len() as u32,
        cases: sketches.iter().map(Sketch::case).collect(),
        ..Results::default()
    }
}

/// The keys that cases change; the base has the first value.
fn varied(sketches: &[Sketch]) -> Vec<(String, String)> {
    let mut varied: Vec<(String, String)> = Vec::new();
    for (key, value) in sketches.iter().flat_map(|sketch| &sketch.set) {
        if varied.iter().all(|(known, _)| known != key) {
            varied.push((key.clone(), value.clone()));
        }
    }
    varied
}

/// The sweep of the documented sizes.
pub fn documented() -> Results {
    results("sweep", &[100, 200, 300].map(Sketch::documented))
}

/// A number in [0, 1) that looks like chance and is none.
fn spread(a: u32, b: u32) -> f64 {
    let mixed = (a.wrapping_add(1)).wrapping_mul(2_654_435_761) ^ (b.wrapping_add(7)).wrapping_mul(0x9E37_79B9);
    f64::from(mixed.wrapping_mul(0x85EB_CA6B) >> 8) / f64::from(1 << 24)
}

fn support() -> Support {
    Support { supported_nodes: 100, on_request_nodes: 200, contact: "https://support.arrikto.com".to_owned() }
}

fn quota() -> LimitHit {
    let at = Time::from_secs_f64(130.25);
    let message =
        "VcpuLimitExceeded - You have requested more vCPU capacity than your current vCPU limit of 4096 allows";
    LimitHit { kind: "vcpu-quota".to_owned(), message: message.to_owned(), first: at, last: at, count: 4 }
}

fn waits() -> Vec<Wait> {
    let at = Time::from_secs_f64;
    let wait = |subject, cause, resource, blocker, from, to| Wait {
        subject,
        cause,
        resource: ResourceId(resource),
        blocker,
        from: at(from),
        to: at(to),
    };
    vec![
        wait(Subject::Node(NodeId(3)), Cause::Poll, 0, None, 0.0, 10.000_25),
        wait(
            Subject::DaemonSetPod(DaemonSetPlace(2), NodeId(3)),
            Cause::Queue,
            1,
            Some(Subject::Node(NodeId(7))),
            200.0,
            260.5,
        ),
        wait(
            Subject::Replica(ReplicaId(5)),
            Cause::Dependency,
            0,
            Some(Subject::DaemonSetPod(DaemonSetPlace(2), NodeId(3))),
            260.5,
            300.0,
        ),
    ]
}
