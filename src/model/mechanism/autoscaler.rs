//! The Cluster Autoscaler: a loop that compares unschedulable replicas with the nodes that are on their way.
//!
//! The loop runs on a fixed grid of instants. While nothing is unschedulable and no node is on its way it would do
//! nothing, so it is not simulated; the next unschedulable pod finds the grid where it would have been.
//!
//! A decision estimates for each node group that may grow how many nodes the pending pods need, pod by pod: it takes
//! longer the more there are of both. An estimate ends before it would add a node too many, or one too late; the pods
//! that it did not reach are left to the next loop.
//!
//! Keys: `[autoscaler]`, `cluster.target_nodes`, `cloud.node_groups`.
//! Upstream: Cluster Autoscaler `core/static_autoscaler.go`, `clusterstate/clusterstate.go`, `utils/backoff`,
//! `core/scaleup/orchestrator`, `estimator/binpacking_estimator.go` and `estimator/static_threshold.go` for the length
//! of a decision and its end;
//! for AWS `auto_scaling_groups.go`, which notices launches that failed.

use crate::model::params;
use crate::model::state::{
    Cause, Decision, Draw, Event, GroupId, NodeId, NodeState, Origin, PodId, Resources, Sim, StreamOwner, Subject,
    World, group_names,
};
use crate::time::{Span, Time};

impl World<'_> {
    fn autoscaler_params(&self) -> &params::Autoscaler {
        &self.plan.scenario.autoscaler
    }

    /// The loop's phase is arbitrary.
    pub(crate) fn start_autoscaler(&mut self) {
        let interval = self.autoscaler_params().scan_interval;
        let phase = self.draws.phase(StreamOwner::autoscaler(0), Draw::LoopPhase, interval);
        self.autoscaler.next_loop = Time::ZERO + phase;
    }

    /// There may be work for the loop.
    pub(crate) fn wake_autoscaler(&mut self, sim: &mut Sim) {
        if self.autoscaler.loop_scheduled {
            return;
        }
        let interval = self.autoscaler_params().scan_interval;
        let late = sim.now().since(self.autoscaler.next_loop);
        if !late.is_zero() {
            self.autoscaler.next_loop += interval * late.as_nanos().div_ceil(interval.as_nanos());
        }
        self.autoscaler.loop_scheduled = true;
        sim.schedule_at(self.autoscaler.next_loop, Event::AutoscalerLoop);
    }

    /// `AutoscalerLoop`: gives up what takes too long, then asks for the nodes that are missing.
    pub(crate) fn on_autoscaler_loop(&mut self, sim: &mut Sim) {
        let now = sim.now();
        self.autoscaler.loop_scheduled = false;
        self.autoscaler.next_loop = now + self.autoscaler_params().scan_interval;
        self.give_up_overdue(now);
        self.notice_failed_launches(now);
        let missing = self.missing_nodes(now);
        self.distribute(missing, now);
        if self.autoscaler.decision.iter().any(|&nodes| nodes > 0) {
            self.autoscaler.decisions += 1;
            let owner = StreamOwner::autoscaler(self.autoscaler.decisions);
            let decided =
                self.draws.span(owner, Draw::Decision, &self.autoscaler_params().decision) + self.estimate(now);
            // The loop is busy until it has decided; the pause comes after.
            self.autoscaler.next_loop += decided;
            self.autoscaler.loop_scheduled = true;
            self.autoscaler.history.push(Decision { begun: now, made: now + decided });
            sim.schedule_after(decided, Event::AutoscalerDecided);
            return;
        }
        self.remove_unneeded_nodes(sim);
        if self.loop_can_change_something() {
            self.wake_autoscaler(sim);
        }
    }

    /// How long the estimates of one decision take.
    fn estimate(&self, now: Time) -> Span {
        let params = self.autoscaler_params();
        let groups = self.open_groups(now).len() as u64;
        let without_room = self.pods_without_room();
        let reached = u64::from(without_room).min(u64::from(self.most_estimated()) * u64::from(self.pods_per_node()));
        let pods = u64::from(self.placing.pending_count - without_room) + reached;
        (params.decision_per_pod * pods + params.decision_per_group) * groups
    }

    /// The most nodes that one estimate comes to: it stops where the next pod needs another node and there are as many
    /// as a loop may add, or its time is up.
    fn most_estimated(&self) -> u32 {
        let params = self.autoscaler_params();
        let per_node = params.decision_per_pod * u64::from(self.pods_per_node());
        let in_time = params.max_nodegroup_binpacking_duration.as_nanos().div_ceil(per_node.as_nanos().max(1)).max(1);
        params.max_nodes_per_scale_up.get().min(u32::try_from(in_time).unwrap_or(u32::MAX))
    }

    fn pods_per_node(&self) -> u32 {
        self.plan.replicas_per_node.max(1)
    }

    /// Pending pods that fit neither on nodes that are there nor on those on their way.
    fn pods_without_room(&self) -> u32 {
        let room = self.autoscaler.upcoming.saturating_mul(self.pods_per_node()).saturating_add(self.open_slots());
        self.placing.pending_count.saturating_sub(room)
    }

    /// The node groups that may grow.
    fn open_groups(&self, now: Time) -> Vec<usize> {
        (0..self.autoscaler.groups.len())
            .filter(|&group| self.autoscaler.groups[group].backed_off_until <= now)
            .filter(|&group| self.plan.zones_of(GroupId(group as u16)).next().is_some())
            .collect()
    }

    /// Whether a later loop may find something to do: nodes on their way, pods without room while there may be more
    /// nodes, or nodes to be removed.
    fn loop_can_change_something(&self) -> bool {
        let most = self.plan.scenario.cluster.target_nodes;
        let may_grow = self.autoscaler.existing_or_upcoming() < most;
        self.autoscaler.upcoming > 0 || (may_grow && self.placing.pending_count > 0) || self.scale_down.is_under_way()
    }

    /// Nodes that the unschedulable replicas need beyond those on their way, within the limits of one loop.
    fn missing_nodes(&mut self, now: Time) -> u32 {
        let params = &self.plan.scenario.autoscaler;
        let Some(oldest) = self.oldest_pending() else { return 0 };
        if now.since(oldest) < params.young_pod_age {
            return 0;
        }
        let wanted = self.pods_without_room().div_ceil(self.pods_per_node());
        let most = self.plan.scenario.cluster.target_nodes;
        let room = most.saturating_sub(self.autoscaler.existing_or_upcoming());
        if wanted > room {
            let message =
                format!("pod didn't trigger scale-up: max cluster size reached (cluster.target_nodes = {most})");
            self.hit_limit("max-nodes", message, now);
        }
        let missing = wanted.min(room).min(self.most_estimated());
        self.note_needs(missing);
        missing
    }

    /// Which replica each of the `missing` nodes is for: the first that finds no place on those before it. Where a node
    /// did not come after that replica had begun to wait, the need is as old as that.
    fn note_needs(&mut self, missing: u32) {
        self.autoscaler.needs.clear();
        if missing == 0 || !self.waits.is_enabled() {
            return;
        }
        let per_node = self.pods_per_node() as usize;
        let covered = self.autoscaler.upcoming as usize * per_node + self.open_slots() as usize;
        let without_room = |pod: PodId| self.pods[pod].node.is_none() && !self.pods[pod].ended;
        let pending: Vec<(PodId, Time)> =
            self.placing.pending.iter().copied().filter(|&(pod, _)| without_room(pod)).collect();
        let failed = self.autoscaler.last_failed;
        for place in 0..missing as usize {
            let Some(&(pod, since)) = pending.get((covered + place * per_node).min(pending.len() - 1)) else { return };
            let need = match failed {
                Some((node, at)) if at > since => (Subject::Node(node), at),
                _ => (self.subject(pod), since),
            };
            self.autoscaler.needs.push_back(need);
        }
    }

    /// Spreads `missing` nodes over the groups that are not backed off, the smallest first.
    fn distribute(&mut self, missing: u32, now: Time) {
        self.autoscaler.decision.fill(0);
        let open = self.open_groups(now);
        if open.is_empty() || missing == 0 {
            return;
        }
        if self.autoscaler_params().balance_zones {
            for _ in 0..missing {
                let smallest = open
                    .iter()
                    .min_by_key(|&&group| self.autoscaler.groups[group].size + self.autoscaler.decision[group]);
                self.autoscaler.decision[*smallest.expect("a group is open")] += 1;
            }
        } else {
            let mut stream = self.draws.stream(StreamOwner::autoscaler(self.autoscaler.decisions), Draw::Expander);
            self.autoscaler.decision[open[stream.below(open.len() as u64) as usize]] = missing;
        }
    }

    /// `AutoscalerDecided`: the groups' desired sizes are raised.
    pub(crate) fn on_autoscaler_decided(&mut self, sim: &mut Sim) {
        self.autoscaler.loop_scheduled = false;
        if self.too_large().is_some() {
            sim.stop();
            return;
        }
        // Group by group in turn, so that a node's number says little about its zone.
        let most = self.autoscaler.decision.iter().copied().max().unwrap_or(0);
        if most > 0 {
            self.autoscaler.last_added = Some(sim.now());
        }
        for round in 0..most {
            for group in self.plan.group_ids() {
                if round < self.autoscaler.decision[group] {
                    self.request_node(group, sim);
                }
            }
        }
        for group in self.plan.group_ids() {
            if self.autoscaler.decision[group] > 0 {
                self.start_group(group, sim);
            }
        }
        self.wake_autoscaler(sim);
    }

    /// The need for the node that is asked for, if needs are noted.
    fn note_origin(&mut self, node: NodeId, now: Time) {
        if let Some((by, since)) = self.autoscaler.needs.pop_front() {
            let begun = self.autoscaler.history.last().map_or(now, |decision| decision.begun);
            let (subject, resource) = (Subject::Node(node), Resources::AUTOSCALER);
            self.waits.originate(Origin { subject, by: Some(by), resource, since, begun });
        }
    }

    fn request_node(&mut self, group: GroupId, sim: &Sim) {
        // Where the group spans several zones, the launch decides in which of them.
        let zone = self.plan.zones_of(group).next().expect("a group has a zone");
        let node = self.add_node(zone);
        self.nodes[node].milestones.requested = Some(sim.now());
        self.note_origin(node, sim.now());
        self.node_waits(node, sim, Cause::Queue, self.plan.resources.node_group(group));
        self.autoscaler.groups[group].size += 1;
        self.autoscaler.upcoming += 1;
        self.autoscaler.unregistered.push_back(node);
        self.cloud.groups[group].wanted.push_back(node);
    }

    /// Nodes that did not register in time are given up, and their groups left alone for a while.
    fn give_up_overdue(&mut self, now: Time) {
        let patience = self.autoscaler_params().max_node_provision_time;
        while let Some(&node) = self.autoscaler.unregistered.front() {
            let state = &self.nodes[node];
            let requested = state.milestones.requested.expect("it was asked for");
            if state.state < NodeState::Registered && now.since(requested) < patience {
                break;
            }
            self.autoscaler.unregistered.pop_front();
            if state.state < NodeState::Registered {
                let group = self.plan.group_of(state.zone);
                let name = group_names(&self.plan.scenario)[group];
                let message = format!("node group {name} timed out: a node did not register within {patience}");
                self.hit_limit("provision-timeout", message, now);
                self.fail_node(node, now);
                self.autoscaler.groups[group].back_off(now, &self.plan.scenario.autoscaler);
            }
        }
    }

    /// The autoscaler learns of failed launches through two caches, one after the other, and takes back what was not
    /// launched: one failure cancels all that the group still waits for.
    fn notice_failed_launches(&mut self, now: Time) {
        let params = &self.plan.scenario.autoscaler;
        if !params.early_abort {
            return;
        }
        if now.since(self.autoscaler.groups_seen) >= params.group_refresh_interval {
            self.autoscaler.groups_seen = now;
            for group in self.plan.group_ids() {
                let failed = std::mem::take(&mut self.cloud.groups[group].failed);
                self.autoscaler.groups[group].failure_seen |= failed;
            }
        }
        if now.since(self.autoscaler.instances_seen) < params.instance_refresh_interval {
            return;
        }
        self.autoscaler.instances_seen = now;
        for group in self.plan.group_ids() {
            if !std::mem::take(&mut self.autoscaler.groups[group].failure_seen) {
                continue;
            }
            for node in std::mem::take(&mut self.cloud.groups[group].wanted) {
                self.fail_node(node, now);
            }
            self.autoscaler.groups[group].back_off(now, params);
        }
    }

    /// A node that will not come.
    fn fail_node(&mut self, node: NodeId, now: Time) {
        let state = &mut self.nodes[node];
        if state.is_gone() {
            return;
        }
        let launched = state.state == NodeState::Launched;
        state.state = NodeState::Failed;
        state.milestones.failed = Some(now);
        self.autoscaler.last_failed = Some((node, now));
        let (zone, entry) = (state.zone, state.entry);
        self.waits.end(entry, now);
        self.autoscaler.upcoming -= 1;
        self.autoscaler.groups[self.plan.group_of(zone)].size -= 1;
        if launched {
            self.cloud_returns(node);
        }
        self.note_returned(node, now);
    }
}
