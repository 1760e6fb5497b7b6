//! Readiness: probes, flapping, and what depends on a pod's readiness.
//!
//! A pod's readiness is that of its own probe: what it requires delays its start and nothing later, unless its probe
//! asks for that too (`checks_required`). The probe of a member of a storage cluster succeeds if the work that the
//! member still has to do is shorter than the probe's timeout. Probes come on a fixed grid of instants
//! for each pod, and those within the initial delay, which counts from the container's start, are left out; only those
//! are simulated whose outcome can change something.
//!
//! Keys: `daemonset.*.readiness`, `workload.readiness`.
//! Upstream: kubelet `pkg/kubelet/prober/worker.go`; Kubernetes `SetDefaults_Probe`.

use crate::model::params::Probe;
use crate::model::state::{
    Cause, DaemonSetId, DaemonSetResource, Draw, Event, NodeId, Phase, PodId, PodOwner, Resources, Sim, World,
};
use crate::time::{Span, Time};
use smallvec::SmallVec;

/// The first instant at or after `from` on the grid of `first` and whole `period`s later.
pub(crate) fn on_grid(first: Time, period: Span, from: Time) -> Time {
    let late = from.since(first);
    first + period * late.as_nanos().div_ceil(period.as_nanos())
}

impl World<'_> {
    fn probe_of(&self, pod: PodId) -> Option<&Probe> {
        match self.pods[pod].owner {
            PodOwner::DaemonSet(set) => self.plan.daemonset(set).params.readiness.as_ref(),
            PodOwner::Workload(_) => self.plan.scenario.workload.readiness.as_ref(),
        }
    }

    /// The pod works; what is left is to be seen as Ready.
    pub(crate) fn run_pod(&mut self, pod: PodId, sim: &mut Sim) {
        self.pods[pod].phase = Phase::Running;
        if self.probe_of(pod).is_none() {
            self.become_ready(pod, sim);
            return;
        }
        self.pod_waits_from(pod, sim.now(), Cause::Probe, Resources::PROBE);
        self.schedule_probe(pod, sim.now(), sim);
    }

    /// The pod's container starts now: the kubelet's probes come on a grid from here on, and count when the initial
    /// delay is over.
    pub(crate) fn start_probing(&mut self, pod: PodId, started: Time) {
        let Some(probe) = self.probe_of(pod) else { return };
        let phase = self.draws.phase(self.stream_owner(pod), Draw::ProbePhase, probe.period);
        let first = on_grid(started + phase, probe.period, started + probe.initial_delay);
        self.pods[pod].readiness.first_probe = first;
    }

    /// The pod waits for a DaemonSet's pod on its node to be Ready.
    pub(crate) fn waits_for_daemonset(&mut self, pod: PodId, set: DaemonSetId, sim: &Sim) {
        let blocker = Some(self.plan.pod_subject(set, self.pods[pod].placed_on()));
        self.pod_waits_for(
            pod,
            sim.now(),
            Cause::Dependency,
            self.plan.resources.daemonset(set, DaemonSetResource::Readiness),
            blocker,
        );
    }

    /// Schedules the pod's next probe at or after `from`, unless one is scheduled.
    pub(crate) fn schedule_probe(&mut self, pod: PodId, from: Time, sim: &mut Sim) {
        let period = self.probe_of(pod).expect("only pods with a probe are probed").period;
        let readiness = &mut self.pods[pod].readiness;
        if readiness.next_probe.is_none() {
            let at = on_grid(readiness.first_probe, period, from);
            readiness.next_probe = Some(at);
            sim.schedule_at(at, Event::Probe(pod));
        }
    }

    /// `Probe`: counts successes and failures.
    pub(crate) fn on_probe(&mut self, pod: PodId, sim: &mut Sim) {
        let state = &mut self.pods[pod];
        // One of a pod that became NotReady for another reason does not count.
        if state.readiness.next_probe != Some(sim.now()) {
            return;
        }
        state.readiness.next_probe = None;
        let probe = self.probe_of(pod).expect("only pods with a probe are probed");
        let (timeout, failures, successes) = (probe.timeout, probe.failure_threshold, probe.success_threshold);
        let missing = if probe.checks_required { self.missing_requirement(pod) } else { None };
        let overdue = self.members_busy_beyond(pod, sim.now() + timeout);
        let next = sim.now() + Span::from_nanos(1);
        let readiness = &mut self.pods[pod].readiness;
        if missing.is_none() && overdue.is_none() {
            readiness.failures = 0;
            readiness.successes += 1;
            if readiness.ready {
                self.suspend_probes(pod);
            } else if readiness.successes >= successes.get() {
                self.become_ready(pod, sim);
            } else {
                self.schedule_probe(pod, next, sim);
            }
            return;
        }
        readiness.successes = 0;
        readiness.failures += 1;
        if readiness.ready && readiness.failures >= failures.get() {
            self.become_not_ready(pod, sim);
        }
        let still_ready = self.pods[pod].readiness.ready;
        match (missing, overdue) {
            // The probes in between fail too, and change nothing while the pod is NotReady anyway.
            (None, Some(until)) => {
                self.schedule_probe(pod, if still_ready { next } else { next.max(until) }, sim);
                if !still_ready {
                    self.waits_for_members(pod, until, sim.now());
                }
            }
            (Some(_), _) if still_ready => self.schedule_probe(pod, next, sim),
            // What it requires wakes it up.
            (Some(set), _) => self.waits_for_daemonset(pod, set, sim),
            (None, None) => unreachable!("a probe that met nothing has succeeded"),
        }
    }

    /// The pod's probes fail `until` then, for the work that the last change of the membership left to the members;
    /// what follows is the wait for the next probe.
    fn waits_for_members(&mut self, pod: PodId, until: Time, now: Time) {
        if let PodOwner::DaemonSet(set) = self.pods[pod].owner {
            let resource = self.plan.resources.daemonset(set, DaemonSetResource::Members);
            let changer = self.memberships[set].as_ref().and_then(|membership| membership.changed_by);
            let changer = changer.map(|changer| self.subject(changer));
            self.pod_waits_for(pod, now, Cause::Dependency, resource, changer);
            self.pod_waits_from(pod, until.max(now), Cause::Probe, Resources::PROBE);
        }
    }

    fn become_ready(&mut self, pod: PodId, sim: &mut Sim) {
        let readiness = &mut self.pods[pod].readiness;
        (readiness.ready, readiness.failures) = (true, 0);
        let first_time = !std::mem::replace(&mut readiness.was_ready, true);
        self.pod_waits_from(pod, sim.now(), Cause::Ready, Resources::RUNNING);
        self.note_readiness(pod, true, sim.now());
        self.suspend_probes(pod);
        if matches!(self.pods[pod].owner, PodOwner::Workload(_)) {
            self.start_next_wave_if_ready(pod, sim);
            self.schedule_workload_end(sim);
        }
        if let PodOwner::DaemonSet(set) = self.pods[pod].owner {
            let node = self.pods[pod].placed_on();
            if first_time {
                self.first_ready(set, pod, sim);
            }
            self.open_gate(node, set, sim);
            self.wake_dependents(node, set, sim);
        }
    }

    /// A DaemonSet's pod is Ready for the first time.
    fn first_ready(&mut self, set: DaemonSetId, pod: PodId, sim: &mut Sim) {
        if self.plan.network_daemonset == Some(set) {
            self.network_ready(self.pods[pod].placed_on(), sim);
        }
    }

    fn become_not_ready(&mut self, pod: PodId, sim: &mut Sim) {
        let readiness = &mut self.pods[pod].readiness;
        (readiness.ready, readiness.successes, readiness.next_probe) = (false, 0, None);
        self.note_readiness(pod, false, sim.now());
        self.resume_probes(pod);
        self.pod_waits_from(pod, sim.now(), Cause::Probe, Resources::PROBE);
        if let PodOwner::DaemonSet(set) = self.pods[pod].owner {
            let node = self.pods[pod].placed_on();
            self.close_gate(node, set);
            for dependent in self.dependents(node, set) {
                if self.pods[dependent].readiness.ready && self.checks_required(dependent) {
                    self.resume_probes(dependent);
                    self.schedule_probe(dependent, sim.now(), sim);
                }
            }
        }
    }

    /// Whether the pod's own probe fails while what it requires is NotReady.
    fn checks_required(&self, pod: PodId) -> bool {
        self.probe_of(pod).is_some_and(|probe| probe.checks_required)
    }

    /// The pods on `node` that require `set`'s pod there.
    fn dependents(&self, node: NodeId, set: DaemonSetId) -> SmallVec<[PodId; 4]> {
        let (state, plan) = (&self.nodes[node], self.plan.daemonset(set));
        let replicas = state.replicas.iter().filter(|_| plan.serves_workload).copied();
        plan.dependents.iter().filter_map(|&dependent| state.pod_of(dependent)).chain(replicas).collect()
    }

    /// Pods that wait for `set` on `node` notice that it is Ready.
    fn wake_dependents(&mut self, node: NodeId, set: DaemonSetId, sim: &mut Sim) {
        for pod in self.dependents(node, set) {
            let state = &self.pods[pod];
            match state.phase {
                Phase::WaitingForRequired => match self.missing_requirement(pod) {
                    None => self.poll_requires(pod, sim),
                    Some(missing) => self.waits_for_daemonset(pod, missing, sim),
                },
                Phase::Running if !state.readiness.ready && self.checks_required(pod) => {
                    self.pod_waits_from(pod, sim.now(), Cause::Probe, Resources::PROBE);
                    self.schedule_probe(pod, sim.now(), sim);
                }
                _ => {}
            }
        }
    }
}
