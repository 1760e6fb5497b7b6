//! Which limits a scale-up will meet, by arithmetic. One scale-up is simulated where pods take the addresses that nodes
//! need: see [`come_up()`].
//!
//! Times are those of the launches' average pace, so they are estimates; needs and limits are exact.

mod account;
mod come_up;
mod pulls;
mod storage;
pub mod support;

pub use come_up::{ComeUp, come_up};

use crate::headroom::support::Tier;
use crate::model::params::{NodeGroups, Support};
use crate::model::state::plan::Plan;
use crate::time::Span;

/// What will become of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitVerdict {
    /// There is enough.
    Fits,
    /// The scenario states no limit: the need is what to ask for.
    NotStated,
    /// It goes on, but worse than it could.
    Advice,
    /// It takes longer, and finishes by itself.
    Delays,
    /// It stops the scale-up, or breaks a promise.
    Binds,
}

/// One limit: what is needed, what is there, and what that means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headroom {
    /// A short name, such as `vcpu-quota`.
    pub limit: String,
    /// The scenario key that holds it.
    pub key: String,
    /// How much is needed.
    pub need: u64,
    /// How much there is; absent where the scenario states no limit.
    pub have: Option<u64>,
    /// What is counted: `vCPUs`, `pulls per address`.
    pub unit: &'static str,
    /// What will become of it.
    pub verdict: LimitVerdict,
    /// The node, initial ones counted, that is the first one not to come up or to come late; absent where it stops
    /// other things than nodes.
    pub node: Option<u32>,
    /// About when it will bind, from the Deployment's creation.
    pub at: Option<Span>,
    /// When it will bind, in words.
    pub when: Option<String>,
    /// What the planner will see then, in the words of the cloud or registry.
    pub message: Option<String>,
    /// What to do, with its number.
    pub remedy: Option<String>,
    /// The new node at which it binds, and what `when` says after that.
    count: Option<u32>,
    then: Option<String>,
}

impl LimitVerdict {
    /// The word used in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fits => "fits",
            Self::NotStated => "not-stated",
            Self::Advice => "advice",
            Self::Delays => "delays",
            Self::Binds => "binds",
        }
    }
}

impl Headroom {
    fn new(limit: &str, key: impl Into<String>, unit: &'static str, need: u64, have: Option<u64>) -> Self {
        let verdict = match have {
            None => LimitVerdict::NotStated,
            Some(have) if have < need => LimitVerdict::Binds,
            Some(_) => LimitVerdict::Fits,
        };
        let (limit, key) = (limit.to_owned(), key.into());
        let (node, at, when, message, remedy, count, then) = (None, None, None, None, None, None, None);
        Self { limit, key, need, have, unit, verdict, node, at, when, message, remedy, count, then }
    }

    /// It binds at a new node, the `count`-th one.
    fn binds_at(&mut self, plan: &Plan, count: u32) {
        self.binds_after(plan, count, Span::ZERO);
    }

    /// The same, so long after the node's launch was asked for.
    fn binds_after(&mut self, plan: &Plan, count: u32, after: Span) {
        let count = count.min(new_nodes(plan));
        self.node = Some(plan.scenario.cluster.initial_nodes + count);
        self.count = Some(count);
        self.happens_at(plan, launch_time(plan, count) + after);
    }

    /// What binds at a node does so at this time.
    fn happens_at(&mut self, plan: &Plan, at: Span) {
        let Some(count) = self.count else { return };
        let then = self.then.as_ref().map_or(String::new(), |then| format!("; {then}"));
        self.at = Some(at);
        self.when = Some(at_node(plan, count, at) + &then);
    }

    fn lacks(&self) -> bool {
        self.verdict == LimitVerdict::Binds
    }
}

/// Every limit of a scenario, in the order in which a scale-up meets them.
pub fn headroom(plan: &Plan) -> Vec<Headroom> {
    let mut found: Vec<Headroom> = plan.scenario.support.iter().map(|tiers| support(plan, tiers)).collect();
    found.extend([account::max_nodes(plan), account::vcpu_quota(plan)]);
    found.extend(account::fewer_nodes(plan));
    found.extend(account::zone_capacity(plan));
    found.extend(account::free_addresses(plan));
    come_up::time_as_simulated(plan, &mut found);
    found.push(account::launch_rate(plan));
    found.extend(pulls::pulls(plan));
    found.extend(storage::etcd_disks(plan));
    found.extend(storage::scale_in_protection(plan));
    found
}

fn support(plan: &Plan, support: &Support) -> Headroom {
    let nodes = plan.desired_nodes;
    let have = support.on_request_nodes;
    let mut found = Headroom::new("support", "cluster.target_nodes", "nodes", u64::from(nodes), Some(u64::from(have)));
    let tier = Tier::of(support, nodes);
    found.verdict = match tier {
        Tier::Supported => return Headroom { have: Some(u64::from(support.supported_nodes)), ..found },
        Tier::OnRequest => LimitVerdict::Advice,
        Tier::OutOfSupport => LimitVerdict::Binds,
    };
    found.message = Some(tier.message(support, nodes));
    found.remedy = Some(match tier {
        Tier::OutOfSupport => format!(
            "stay at {} nodes, or plan without support: {} nodes and more are out of support",
            thousands(u64::from(have)),
            thousands(u64::from(have) + 1)
        ),
        _ => format!("submit a support ticket at {} before scaling", support.contact),
    });
    found
}

/// Nodes that have to be launched.
fn new_nodes(plan: &Plan) -> u32 {
    plan.desired_nodes - plan.scenario.cluster.initial_nodes
}

fn groups(plan: &Plan) -> u32 {
    match plan.scenario.cloud.node_groups {
        NodeGroups::PerZone => plan.open_zones().len() as u32,
        NodeGroups::One => 1,
    }
}

/// About when the launch of the `count`-th new node is asked for: after its first replica's creation and the
/// autoscaler's loop and decision, or at the node groups' average pace.
fn launch_time(plan: &Plan, count: u32) -> Span {
    let (cloud, autoscaler) = (&plan.scenario.cloud, &plan.scenario.autoscaler);
    let calls_before = count.saturating_sub(1) / (groups(plan) * cloud.launch_batch.get());
    let first = autoscaler.scan_interval.as_secs_f64() / 2.0 + autoscaler.decision.mean() + cloud.scaling_delay.mean();
    let pace = f64::from(calls_before) * cloud.launch_interval.mean();
    Span::from_secs_f64((first + pace.max(created_s(plan, count))).round())
}

/// Seconds until the first replica is created for which there is no room before the `count`-th new node; with waves
/// that depends on how long each takes.
fn created_s(plan: &Plan, count: u32) -> f64 {
    let control_plane = &plan.scenario.control_plane;
    if plan.scenario.workload.wave.is_some() {
        return 0.0;
    }
    let before = plan.scenario.cluster.initial_nodes.saturating_add(count.saturating_sub(1));
    let replicas = u64::from(before) * u64::from(plan.replicas_per_node) + 1;
    let late = replicas.saturating_sub(u64::from(control_plane.controller_burst.get()));
    late as f64 / control_plane.controller_qps.0
}

/// About how long after the request for its launch a node takes addresses for its pods.
fn boot_time(plan: &Plan) -> Span {
    let (cloud, kubelet) = (&plan.scenario.cloud, &plan.scenario.kubelet);
    let network = plan.network_daemonset.map_or(0.0, |set| plan.daemonset(set).params.start.mean());
    let machine = cloud.launch.mean() + cloud.boot.mean() + kubelet.registration.mean();
    Span::from_secs_f64((machine + network).round())
}

/// `at node 73 of 300, about 1m 20s after the Deployment's creation`.
fn at_node(plan: &Plan, count: u32, at: Span) -> String {
    let node = plan.scenario.cluster.initial_nodes + count.min(new_nodes(plan));
    let (node, all) = (thousands(u64::from(node)), thousands(u64::from(plan.desired_nodes)));
    format!("at node {node} of {all}, about {at} after the Deployment's creation")
}

/// A whole number with its thousands apart.
fn thousands(number: u64) -> String {
    match number / 1000 {
        0 => number.to_string(),
        more => format!("{},{:03}", thousands(more), number % 1000),
    }
}
