//! The cloud: node groups that launch instances in calls, within rates; `limits` says what else they may meet.
//!
//! Keys: `cloud.launch*`, `cloud.scaling_delay`, `cloud.boot`.
//! Upstream: Amazon EC2 developer guide, API throttling: buckets for requests and for instances.

use crate::model::state::{Cause, Draw, Event, GroupId, NodeId, NodeState, Resources, Sim, StreamOwner, World, ZoneId};
use crate::time::Time;

impl World<'_> {
    /// A group's desired size was raised: its first launch call follows.
    pub(crate) fn start_group(&mut self, group: GroupId, sim: &mut Sim) {
        let state = &mut self.cloud.groups[group];
        if state.call_scheduled || state.wanted.is_empty() {
            return;
        }
        state.call_scheduled = true;
        let owner = StreamOwner::group(self.plan, group, state.calls);
        let law = &self.plan.scenario.cloud.scaling_delay;
        self.schedule_drawn(owner, Draw::ScalingDelay, law, Event::GroupLaunch(group), sim);
    }

    /// `GroupLaunch`: asks the cloud for the next batch of the nodes that are wanted.
    pub(crate) fn on_group_launch(&mut self, group: GroupId, sim: &mut Sim) {
        let cloud = &self.plan.scenario.cloud;
        let state = &mut self.cloud.groups[group];
        state.call_scheduled = false;
        state.calls += 1;
        let attempt = state.calls;
        // Nodes are given up in the order of their requests, so those that are not wanted any more come first.
        while state.wanted.front().is_some_and(|node| self.nodes[*node].state == NodeState::Failed) {
            state.wanted.pop_front();
        }
        let asked = (state.wanted.len() as u32).min(cloud.launch_batch.get());
        if asked == 0 {
            return;
        }
        let (granted, refusals) = self.take_capacity(group, asked, sim.now());
        let all = granted.len() == asked as usize;
        let start = self.launch(group, &granted, sim);
        let state = &mut self.cloud.groups[group];
        state.failed |= !refusals.is_empty();
        state.degraded = refusals.last().filter(|_| !all).map(|refusal| refusal.kind);
        for refusal in refusals {
            self.hit_limit(refusal.kind, refusal.message, sim.now());
        }
        let owner = StreamOwner::group(self.plan, group, attempt);
        let next = if all {
            start + self.draws.span(owner, Draw::LaunchInterval, &cloud.launch_interval)
        } else {
            self.wanted_nodes_meet_a_limit(group, sim);
            start + self.draws.span(owner, Draw::LaunchRetry, &cloud.launch_retry)
        };
        let state = &mut self.cloud.groups[group];
        if !state.wanted.is_empty() {
            state.call_scheduled = true;
            sim.schedule_at(next, Event::GroupLaunch(group));
        }
    }

    fn wanted_nodes_meet_a_limit(&mut self, group: GroupId, sim: &Sim) {
        if !self.waits.is_enabled() {
            return;
        }
        let resource = self.plan.resources.node_group(group);
        for node in self.cloud.groups[group].wanted.clone() {
            self.node_waits(node, sim, Cause::Limit, resource);
        }
    }

    /// Launches the group's next wanted nodes in `zones`; answers when the cloud's rate limits have let them through.
    fn launch(&mut self, group: GroupId, zones: &[ZoneId], sim: &mut Sim) -> Time {
        let now = sim.now();
        if zones.is_empty() {
            return now;
        }
        let granted = self.cloud.calls.reserve(now, 1).max(self.cloud.instances.reserve(now, zones.len() as u64));
        if granted > now {
            self.hit_limit("launch-rate", "RequestLimitExceeded - Request limit exceeded.".to_owned(), now);
        }
        for &zone in zones {
            let node = self.cloud.groups[group].wanted.pop_front().expect("no more than are wanted");
            let state = &mut self.nodes[node];
            state.state = NodeState::Launched;
            state.zone = zone;
            state.launches += 1;
            state.milestones.zone = zone;
            self.node_waits(node, sim, Cause::Limit, Resources::LAUNCH_RATE);
            sim.schedule_at(granted, Event::NodeLaunched(node));
        }
        granted
    }

    /// `NodeLaunched`: the machine is being started.
    pub(crate) fn on_node_launched(&mut self, node: NodeId, sim: &mut Sim) {
        self.nodes[node].milestones.launched = Some(sim.now());
        self.node_waits(node, sim, Cause::Boot, Resources::MACHINE);
        let law = &self.plan.scenario.cloud.launch;
        self.schedule_drawn(StreamOwner::node(node), Draw::Launch, law, Event::NodeRunning(node), sim);
    }

    /// `NodeRunning`: the machine boots.
    pub(crate) fn on_node_running(&mut self, node: NodeId, sim: &mut Sim) {
        if self.fails_to_boot(node, sim) {
            return;
        }
        self.nodes[node].milestones.running = Some(sim.now());
        self.schedule_drawn(
            StreamOwner::node(node),
            Draw::Boot,
            &self.plan.scenario.cloud.boot,
            Event::NodeBooted(node),
            sim,
        );
    }
}
