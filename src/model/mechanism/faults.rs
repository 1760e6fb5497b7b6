//! Faults that a scenario asks for: when they strike, and what they strike.
//!
//! Keys: `[fault.NAME]`.
//! Upstream: none: faults are what a scenario asks for.

use crate::model::params::{Fault, FaultKind};
use crate::model::state::{Draw, Event, FaultId, NodeId, NodeState, RegistryId, Sim, StreamOwner, World, ZoneId};
use crate::time::{Span, Time};

impl World<'_> {
    /// Faults that come at a time of their own.
    pub(crate) fn schedule_faults(&mut self, sim: &mut Sim) {
        for (place, (_, fault)) in self.plan.scenario.fault.iter().enumerate() {
            if let Some(at) = fault.at
                && !matches!(fault.kind, FaultKind::NeverRegisters | FaultKind::BootFailure)
            {
                sim.schedule_at(Time::ZERO + at, Event::FaultBegins(FaultId(place as u16)));
            }
        }
    }

    /// `FaultBegins`.
    pub(crate) fn on_fault_begins(&mut self, fault: FaultId, sim: &mut Sim) {
        let plan = self.plan;
        let (name, params) = plan.scenario.fault.at(fault.index());
        let target = params.target.as_deref().unwrap_or_default();
        let owner = StreamOwner::fault(plan, fault, 0, 0);
        let lasts = params.lasts.as_ref().map(|law| self.draws.span(owner, Draw::FaultLasts, law));
        let until = lasts.map_or(Time::MAX, |lasts| sim.now() + lasts);
        self.hit_limit("fault", fault_message(name, params, lasts), sim.now());
        match params.kind {
            FaultKind::ZoneOutage => self.zone_fails(target, params.unreachable, until, sim),
            FaultKind::OperatorRestart => self.operator_stalls(target, until),
            FaultKind::EtcdStall => {
                let (etcd, _) = plan.scenario.etcd.find(target).expect("references are checked");
                self.etcds[etcd].stall(until);
            }
            FaultKind::SlowRegistry => {
                self.slow_registry(self.registry_called(target), params.left.0, sim);
                if let Some(lasts) = lasts {
                    sim.schedule_after(lasts, Event::FaultEnds(fault));
                }
            }
            FaultKind::NeverRegisters | FaultKind::BootFailure => {}
        }
    }

    /// `FaultEnds`: only a slow registry has to be told.
    pub(crate) fn on_fault_ends(&mut self, fault: FaultId, sim: &mut Sim) {
        let (_, params) = self.plan.scenario.fault.at(fault.index());
        self.slow_registry(self.registry_called(params.target.as_deref().unwrap_or_default()), 1.0, sim);
    }

    fn registry_called(&self, name: &str) -> RegistryId {
        RegistryId(self.plan.scenario.registry.find(name).expect("references are checked").0 as u16)
    }

    fn zone_fails(&mut self, name: &str, unreachable: bool, until: Time, sim: &mut Sim) {
        let zone = ZoneId(self.plan.scenario.zone.find(name).expect("references are checked").0 as u16);
        self.cloud.zones[zone].out_until = until;
        for node in (0..self.nodes.len() as u32).map(NodeId) {
            if self.nodes[node].zone == zone {
                self.nodes[node].unreachable = unreachable;
                self.lose_machine(node, sim);
            }
        }
    }

    fn operator_stalls(&mut self, name: &str, until: Time) {
        let set = self
            .plan
            .daemonset_ids()
            .find(|set| self.plan.daemonset(*set).name == name)
            .expect("references are checked");
        self.membership(set).stall(until);
    }

    /// Whether a fault of this kind strikes a launch of the node; if so it is recorded.
    fn strikes(&mut self, kind: FaultKind, node: NodeId, now: Time) -> bool {
        let plan = self.plan;
        let launch = self.nodes[node].launches;
        for (place, (name, fault)) in plan.scenario.fault.iter().enumerate().filter(|(_, (_, f))| f.kind == kind) {
            let owner = StreamOwner::fault(plan, FaultId(place as u16), node.0, launch);
            let chance = fault.probability.map_or(0.0, |share| share.0);
            if self.draws.stream(owner, Draw::FaultStrikes).uniform() < chance {
                self.hit_limit("fault", fault_message(name, fault, None), now);
                return true;
            }
        }
        false
    }

    /// Whether the node's kubelet will never register.
    pub(crate) fn never_registers(&mut self, node: NodeId, now: Time) -> bool {
        let stuck = self.strikes(FaultKind::NeverRegisters, node, now);
        self.nodes[node].stuck |= stuck;
        stuck
    }

    /// Whether the instance ends before it has booted; then its group launches another.
    pub(crate) fn fails_to_boot(&mut self, node: NodeId, sim: &mut Sim) -> bool {
        if !self.strikes(FaultKind::BootFailure, node, sim.now()) {
            return false;
        }
        let zone = self.nodes[node].zone;
        let group = self.plan.group_of(zone);
        self.cloud_returns(node);
        self.nodes[node].state = NodeState::Requested;
        self.cloud.groups[group].wanted.push_front(node);
        self.start_group(group, sim);
        true
    }
}

fn fault_message(name: &str, fault: &Fault, lasts: Option<Span>) -> String {
    let target = fault.target.as_deref().unwrap_or_default();
    let long = lasts.map_or_else(|| "from then on".to_owned(), |lasts| format!("for {lasts}"));
    let what = match fault.kind {
        FaultKind::NeverRegisters => "an instance booted and its kubelet never registered".to_owned(),
        FaultKind::BootFailure => "an instance ended while it booted, and its node group launches another".to_owned(),
        FaultKind::ZoneOutage => {
            let what = if fault.unreachable { "cannot be reached" } else { "died" };
            format!("the machines in zone {target} {what}, and none can be launched {long}")
        }
        FaultKind::OperatorRestart => format!("the operator of {target} restarts: no join or leave goes on {long}"),
        FaultKind::EtcdStall => format!("etcd {target} has no leader and commits nothing {long}"),
        FaultKind::SlowRegistry => {
            format!("registry {target} has only {} % of its bandwidth {long}", fault.left.0 * 100.0)
        }
    };
    format!("{name}: {what}")
}
