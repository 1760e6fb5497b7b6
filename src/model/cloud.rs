//! The cloud: node groups that launch instances in calls, within rates, quotas, capacity and addresses.

use crate::engine::TokenBucket;
use crate::model::draws::{For, Whose};
use crate::model::event::Event;
use crate::model::ids::{NodeId, ZoneId};
use crate::model::node::NodeState;
use crate::model::params::Scenario;
use crate::model::record::Cause;
use crate::model::resources::Resources;
use crate::model::world::{Sim, World};
use crate::time::Time;
use std::collections::VecDeque;

/// The account's state.
#[derive(Debug)]
pub(crate) struct Cloud {
    calls: TokenBucket,
    instances: TokenBucket,
    vcpus_used: u64,
    groups: Vec<Group>,
}

/// One zone's node group, its subnet and the zone's capacity.
#[derive(Debug)]
pub(crate) struct Group {
    /// Nodes that are wanted and not launched.
    pub(crate) wanted: VecDeque<NodeId>,
    /// A launch was refused since the autoscaler last looked.
    pub(crate) failed: bool,
    capacity: Option<u32>,
    free_addresses: Option<u32>,
    call_scheduled: bool,
    calls: u32,
}

/// Why a launch is refused, and what the cloud says.
struct Refusal {
    kind: &'static str,
    message: String,
}

impl Cloud {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let cloud = &scenario.cloud;
        Self {
            calls: TokenBucket::new(cloud.launch_calls_per_s.0, u64::from(cloud.launch_calls_burst.get())),
            instances: TokenBucket::new(cloud.launch_instances_per_s.0, u64::from(cloud.launch_instances_burst.get())),
            vcpus_used: u64::from(scenario.cluster.initial_nodes) * u64::from(scenario.node.vcpus.get()),
            groups: scenario
                .zone
                .iter()
                .map(|(_, zone)| Group {
                    wanted: VecDeque::new(),
                    failed: false,
                    capacity: zone.capacity,
                    free_addresses: zone.free_addresses,
                    call_scheduled: false,
                    calls: 0,
                })
                .collect(),
        }
    }

    pub(crate) fn group_mut(&mut self, zone: ZoneId) -> &mut Group {
        &mut self.groups[zone.index()]
    }
}

impl World<'_> {
    pub(crate) fn zone_name(&self, zone: ZoneId) -> &str {
        self.plan.scenario.zone.at(zone.index()).0
    }

    /// A group's desired size was raised: its first launch call follows.
    pub(crate) fn start_group(&mut self, zone: ZoneId, sim: &mut Sim) {
        let group = self.cloud.group_mut(zone);
        if group.call_scheduled || group.wanted.is_empty() {
            return;
        }
        group.call_scheduled = true;
        let whose = Whose::zone(self.plan, zone, self.cloud.groups[zone.index()].calls);
        let delay = self.draws.span(whose, For::ScalingDelay, &self.plan.scenario.cloud.scaling_delay);
        sim.schedule_after(delay, Event::GroupLaunch(zone));
    }

    /// `GroupLaunch`: asks the cloud for the next batch of the nodes that are wanted.
    pub(crate) fn on_group_launch(&mut self, zone: ZoneId, sim: &mut Sim) {
        let cloud = &self.plan.scenario.cloud;
        let group = &mut self.cloud.groups[zone.index()];
        group.call_scheduled = false;
        group.calls += 1;
        let attempt = group.calls;
        // Nodes are given up in the order of their requests, so those that are not wanted any more come first.
        while group.wanted.front().is_some_and(|node| self.nodes[node.index()].state == NodeState::Failed) {
            group.wanted.pop_front();
        }
        let asked = (group.wanted.len() as u32).min(cloud.launch_batch.get());
        if asked == 0 {
            return;
        }
        let (granted, refusal) = self.allowed(zone, asked);
        let start = self.launch(zone, granted, sim);
        let whose = Whose::zone(self.plan, zone, attempt);
        let next = match refusal {
            None => start + self.draws.span(whose, For::LaunchInterval, &cloud.launch_interval),
            Some(Refusal { kind, message }) => {
                self.cloud.group_mut(zone).failed = true;
                self.hit_limit(kind, message, sim.now());
                let resource = self.plan.resources.node_group(zone);
                for node in self.cloud.groups[zone.index()].wanted.clone() {
                    self.node_waits(node, sim, Cause::Limit, resource);
                }
                start + self.draws.span(whose, For::LaunchRetry, &cloud.launch_retry)
            }
        };
        let group = self.cloud.group_mut(zone);
        if !group.wanted.is_empty() {
            group.call_scheduled = true;
            sim.schedule_at(next, Event::GroupLaunch(zone));
        }
    }

    /// Launches `count` of the group's wanted nodes; answers when the cloud's rate limits have let them through.
    fn launch(&mut self, zone: ZoneId, count: u32, sim: &mut Sim) -> Time {
        let now = sim.now();
        if count == 0 {
            return now;
        }
        let granted = self.cloud.calls.reserve(now, 1).max(self.cloud.instances.reserve(now, u64::from(count)));
        if granted > now {
            self.hit_limit("launch-rate", "RequestLimitExceeded - Request limit exceeded.".to_owned(), now);
        }
        let node_type = &self.plan.scenario.node;
        self.cloud.vcpus_used += u64::from(count) * u64::from(node_type.vcpus.get());
        let group = self.cloud.group_mut(zone);
        if let Some(capacity) = &mut group.capacity {
            *capacity -= count;
        }
        if let Some(free) = &mut group.free_addresses {
            *free -= count * node_type.addresses.get();
        }
        for _ in 0..count {
            let node = self.cloud.group_mut(zone).wanted.pop_front().expect("no more than are wanted");
            self.nodes[node.index()].state = NodeState::Launched;
            self.node_waits(node, sim, Cause::Limit, Resources::LAUNCH_RATE);
            sim.schedule_at(granted, Event::NodeLaunched(node));
        }
        granted
    }

    /// How many of `asked` instances the quota, the zone and the subnet allow, and why not all.
    fn allowed(&self, zone: ZoneId, asked: u32) -> (u32, Option<Refusal>) {
        let scenario = &self.plan.scenario;
        let group = &self.cloud.groups[zone.index()];
        let by_quota = scenario.cloud.vcpu_quota.map_or(u32::MAX, |quota| {
            (u64::from(quota).saturating_sub(self.cloud.vcpus_used) / u64::from(scenario.node.vcpus.get())) as u32
        });
        let by_capacity = group.capacity.unwrap_or(u32::MAX);
        let by_addresses = group.free_addresses.map_or(u32::MAX, |free| free / scenario.node.addresses.get());
        let granted = asked.min(by_quota).min(by_capacity).min(by_addresses);
        if granted == asked {
            return (granted, None);
        }
        let refusal = if granted == by_quota {
            Refusal { kind: "vcpu-quota", message: vcpu_limit_exceeded(scenario) }
        } else if granted == by_capacity {
            Refusal { kind: "zone-capacity", message: self.insufficient_capacity(zone) }
        } else {
            Refusal { kind: "free-addresses", message: INSUFFICIENT_ADDRESSES.to_owned() }
        };
        (granted, Some(refusal))
    }

    fn insufficient_capacity(&self, zone: ZoneId) -> String {
        let others: Vec<&str> = self
            .plan
            .zone_ids()
            .filter(|other| *other != zone && self.cloud.groups[other.index()].capacity != Some(0))
            .map(|other| self.zone_name(other))
            .collect();
        let advice = if others.is_empty() {
            "not specifying an Availability Zone in your request".to_owned()
        } else {
            format!("not specifying an Availability Zone in your request or choosing {}", others.join(", "))
        };
        let (name, instance) = (self.zone_name(zone), &self.plan.scenario.node.instance_type);
        format!(
            "Could not launch On-Demand Instances. InsufficientInstanceCapacity - We currently do not have sufficient {instance} capacity in the Availability Zone you requested ({name}). Our system will be working on provisioning additional capacity. You can currently get {instance} capacity by {advice}. Launching EC2 instance failed."
        )
    }

    /// What a launched node held is free again.
    pub(crate) fn cloud_returns(&mut self, zone: ZoneId) {
        let node_type = &self.plan.scenario.node;
        self.cloud.vcpus_used -= u64::from(node_type.vcpus.get());
        let group = self.cloud.group_mut(zone);
        if let Some(capacity) = &mut group.capacity {
            *capacity += 1;
        }
        if let Some(free) = &mut group.free_addresses {
            *free += node_type.addresses.get();
        }
    }

    /// `NodeLaunched`: the machine is being started.
    pub(crate) fn on_node_launched(&mut self, node: NodeId, sim: &mut Sim) {
        if self.nodes[node.index()].state == NodeState::Failed {
            return;
        }
        self.nodes[node.index()].milestones.launched = Some(sim.now());
        self.node_waits(node, sim, Cause::Boot, Resources::MACHINE);
        let delay = self.draws.span(Whose::node(node), For::Launch, &self.plan.scenario.cloud.launch);
        sim.schedule_after(delay, Event::NodeRunning(node));
    }

    /// `NodeRunning`: the machine boots.
    pub(crate) fn on_node_running(&mut self, node: NodeId, sim: &mut Sim) {
        if self.nodes[node.index()].state == NodeState::Failed {
            return;
        }
        self.nodes[node.index()].milestones.running = Some(sim.now());
        let delay = self.draws.span(Whose::node(node), For::Boot, &self.plan.scenario.cloud.boot);
        sim.schedule_after(delay, Event::NodeBooted(node));
    }
}

const INSUFFICIENT_ADDRESSES: &str = "Amazon AutoScaling was unable to launch instances because there are not enough free addresses in the subnet associated with your AutoScaling group(s).";

fn vcpu_limit_exceeded(scenario: &Scenario) -> String {
    let quota = scenario.cloud.vcpu_quota.unwrap_or(0);
    format!(
        "Could not launch On-Demand Instances. VcpuLimitExceeded - You have requested more vCPU capacity than your current vCPU limit of {quota} allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit. Launching EC2 instance failed."
    )
}
