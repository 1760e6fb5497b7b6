//! Members that join a storage cluster: the operator's workers, their transactions, and what a change does to all.
//!
//! The operator adds one member for each pod that asks. Every change of the membership gives each existing member the
//! same work, in the same order, so one account of unfinished work describes them all; a new member synchronises
//! with that work before it counts.

use crate::engine::Servers;
use crate::model::draws::{For, Whose};
use crate::model::event::Event;
use crate::model::ids::{PodId, SetId};
use crate::model::params;
use crate::model::pod::{Owner, Phase, Standing};
use crate::model::record::Cause;
use crate::model::resources::At;
use crate::model::world::{Sim, World};
use crate::random::Stream;
use crate::time::{Span, Time};
use std::collections::{BTreeMap, BTreeSet};

/// The joins under way in all DaemonSets that join.
#[derive(Debug, Default)]
pub(crate) struct Joins {
    jobs: BTreeMap<PodId, Job>,
}

/// One join or leave that a worker is on.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) transactions_left: u32,
    pub(crate) stream: Stream,
}

impl Joins {
    pub(crate) fn begin(&mut self, pod: PodId, job: Job) {
        self.jobs.insert(pod, job);
    }

    pub(crate) fn end(&mut self, pod: PodId) {
        self.jobs.remove(&pod);
    }

    pub(crate) fn is_under_way(&self, pod: PodId) -> bool {
        self.jobs.contains_key(&pod)
    }

    /// How many joins and leaves are under way.
    pub(crate) fn len(&self) -> usize {
        self.jobs.len()
    }

    /// The random numbers of the transactions of one join.
    pub(crate) fn transaction_stream(&mut self, pod: PodId) -> &mut Stream {
        &mut self.jobs.get_mut(&pod).expect("the join is under way").stream
    }
}

/// The members of one storage cluster.
#[derive(Debug)]
pub(crate) struct Membership {
    pub(crate) members: u32,
    /// The place of its etcd.
    pub(crate) etcd: u16,
    pub(crate) operator: Servers<PodId>,
    /// The operator is away until then.
    stalled_until: Time,
    /// When every existing member is done with the changes so far.
    busy_until: Time,
    /// Probes before then fail; they are scheduled already.
    failing_until: Time,
    /// Ready members that no failing probe is known of, by the place of their probes within the period.
    resting: BTreeSet<(u64, PodId)>,
}

impl Membership {
    pub(crate) fn new(join: &params::Join, etcd: u16, members: u32) -> Self {
        Self {
            members,
            etcd,
            operator: Servers::new(join.workers.get()),
            stalled_until: Time::ZERO,
            busy_until: Time::ZERO,
            failing_until: Time::ZERO,
            resting: BTreeSet::new(),
        }
    }

    /// The operator is away until then.
    pub(crate) fn stall(&mut self, until: Time) {
        self.stalled_until = self.stalled_until.max(until);
    }

    pub(crate) const fn stalled_until(&self) -> Time {
        self.stalled_until
    }
}

impl World<'_> {
    pub(crate) fn membership(&mut self, set: SetId) -> &mut Membership {
        self.memberships[set.index()].as_mut().expect("the DaemonSet joins")
    }

    pub(crate) fn join_params(&self, set: SetId) -> &params::Join {
        self.plan.set(set).set.join.as_ref().expect("the DaemonSet joins")
    }

    /// Members whose membership is kept in `etcd`.
    pub(crate) fn members_of_etcd(&self, etcd: u16) -> u32 {
        self.memberships.iter().flatten().filter(|m| m.etcd == etcd).map(|m| m.members).sum()
    }

    /// A started pod asks the operator for its membership.
    pub(crate) fn ask_to_join(&mut self, set: SetId, pod: PodId, sim: &mut Sim) {
        self.pods[pod.index()].phase = Phase::Joining;
        let resource = self.plan.resources.set(set, At::Operator);
        self.pod_waits_from(pod, sim.now(), Cause::Queue, resource);
        self.wait_for_operator(set, pod, sim);
    }

    pub(crate) fn start_join(&mut self, set: SetId, pod: PodId, sim: &mut Sim) {
        self.pod_waits_from(pod, sim.now(), Cause::Service, self.plan.resources.set(set, At::Operator));
        let whose = self.whose(pod);
        let stream = self.draws.stream(whose, For::Transactions);
        let transactions_left = self.join_params(set).transactions;
        self.joins.begin(pod, Job { transactions_left, stream });
        let work = self.draws.span(whose, For::Operator, &self.join_params(set).operator);
        sim.schedule_after(work, Event::JoinWorked(pod));
    }

    /// `JoinWorked`: the transactions follow, one after the other.
    pub(crate) fn on_join_worked(&mut self, pod: PodId, sim: &mut Sim) {
        let set = self.joining_set(pod);
        if let Some(until) = self.operator_away_until(set, sim.now()) {
            sim.schedule_at(until, Event::JoinWorked(pod));
            return;
        }
        if !self.pods[pod.index()].gone {
            self.pod_waits_from(pod, sim.now(), Cause::Service, self.plan.resources.set(set, At::Etcd));
        }
        self.next_transaction(set, pod, sim);
    }

    /// `JoinAnswered`: one transaction is done.
    pub(crate) fn on_join_answered(&mut self, pod: PodId, sim: &mut Sim) {
        let set = self.joining_set(pod);
        match self.operator_away_until(set, sim.now()) {
            Some(until) => sim.schedule_at(until, Event::JoinAnswered(pod)),
            None => self.next_transaction(set, pod, sim),
        }
    }

    fn joining_set(&self, pod: PodId) -> SetId {
        match self.pods[pod.index()].owner {
            Owner::Set(set) => set,
            Owner::Workload(_) => unreachable!("replicas do not join"),
        }
    }

    fn next_transaction(&mut self, set: SetId, pod: PodId, sim: &mut Sim) {
        let (gone, leaving) = (self.pods[pod.index()].gone, self.pods[pod.index()].standing == Standing::Leaving);
        if gone && !leaving {
            // Its node has died: there is nothing to be added any more.
            self.joins.end(pod);
            let next = self.membership(set).operator.leave();
            self.start_next(set, next, sim);
            return;
        }
        let job = self.joins.jobs.get_mut(&pod).expect("the join is under way");
        if job.transactions_left > 0 {
            job.transactions_left -= 1;
            let etcd = self.membership(set).etcd;
            self.submit(etcd, pod, sim);
            return;
        }
        if leaving {
            self.finish_leave(set, pod, sim);
            return;
        }
        self.change_membership(set, pod, sim);
        // The new member synchronises with members that are busy with the change.
        self.pod_waits_from(pod, sim.now(), Cause::Service, self.plan.resources.set(set, At::Members));
        let sync = self.draws.span(self.whose(pod), For::Sync, &self.join_params(set).sync);
        let ready = self.membership(set).busy_until.max(sim.now()) + sync;
        sim.schedule_at(ready, Event::JoinSynced(pod));
    }

    /// The new entry is committed: every existing member re-configures itself.
    fn change_membership(&mut self, set: SetId, pod: PodId, sim: &mut Sim) {
        let whose = self.whose(pod);
        self.reconfigure_members(set, whose, For::Reconfigure, sim);
        self.membership(set).members += 1;
        self.pods[pod.index()].standing = Standing::Member;
    }

    /// The membership has changed: all members that were in it have work to do.
    pub(crate) fn reconfigure_members(&mut self, set: SetId, whose: Whose, purpose: For, sim: &mut Sim) {
        let draws = self.draws;
        let join = self.join_params(set);
        let own = draws.span(whose, purpose, &join.reconfigure);
        let per_member = join.reconfigure_per_member;
        let membership = self.membership(set);
        let (etcd, members) = (membership.etcd, membership.members);
        let work = own + per_member * u64::from(members);
        membership.busy_until = membership.busy_until.max(sim.now()) + work;
        self.notify_members(etcd, members, sim.now());
        self.wake_failing_members(set, sim);
    }

    /// `JoinSynced`: the pod is a member, and the worker takes the next join.
    pub(crate) fn on_join_synced(&mut self, pod: PodId, sim: &mut Sim) {
        let set = self.joining_set(pod);
        self.joins.end(pod);
        if !self.pods[pod.index()].gone {
            self.run_pod(pod, sim);
        }
        let next = self.membership(set).operator.leave();
        self.start_next(set, next, sim);
        if self.pods[pod.index()].standing == Standing::Leaving {
            self.wait_for_operator(set, pod, sim);
        }
    }

    /// If a member could not answer a probe by `by`: when it can.
    pub(crate) fn members_busy_beyond(&self, pod: PodId, by: Time) -> Option<Time> {
        let Owner::Set(set) = self.pods[pod.index()].owner else { return None };
        let busy_until = self.memberships[set.index()].as_ref()?.busy_until;
        let timeout = self.plan.set(set).set.readiness.as_ref()?.timeout;
        (busy_until > by).then(|| Time::ZERO + busy_until.since(Time::ZERO + timeout))
    }

    /// A Ready member's probes succeed until further notice, so they are not simulated.
    pub(crate) fn rest(&mut self, pod: PodId) {
        if let Some((set, place)) = self.resting_place(pod) {
            self.membership(set).resting.insert((place, pod));
        }
    }

    /// The member's probes are simulated.
    pub(crate) fn stop_resting(&mut self, pod: PodId) {
        if let Some((set, place)) = self.resting_place(pod) {
            self.membership(set).resting.remove(&(place, pod));
        }
    }

    fn resting_place(&self, pod: PodId) -> Option<(SetId, u64)> {
        let Owner::Set(set) = self.pods[pod.index()].owner else { return None };
        self.memberships[set.index()].as_ref()?;
        let period = self.plan.set(set).set.readiness.as_ref()?.period.as_nanos();
        Some((set, self.pods[pod.index()].readiness.first_probe.as_nanos() % period))
    }

    /// The members have more to do: probes that will fail because of it are simulated.
    fn wake_failing_members(&mut self, set: SetId, sim: &mut Sim) {
        let probe = self.plan.set(set).set.readiness.as_ref().expect("members are probed");
        let (period, timeout) = (probe.period, probe.timeout);
        let membership = self.membership(set);
        let until = Time::ZERO + membership.busy_until.since(Time::ZERO + timeout);
        let from = membership.failing_until.max(sim.now());
        if until <= from {
            return;
        }
        membership.failing_until = until;
        for pod in membership.take_probed_within(from, until.since(from), period) {
            self.schedule_probe(pod, from, sim);
        }
    }
}

impl Membership {
    /// Takes the resting members that are probed in the `length` after `from` (its end not included).
    fn take_probed_within(&mut self, from: Time, length: Span, period: Span) -> Vec<PodId> {
        let period = period.as_nanos();
        let (begin, length) = (from.as_nanos() % period, length.as_nanos());
        let mut taken: Vec<(u64, PodId)> = if length >= period {
            self.resting.iter().copied().collect()
        } else {
            let least = PodId(0);
            let end = begin + length;
            let wrapped = end.saturating_sub(period);
            let first = self.resting.range((begin, least)..(end.min(period), least));
            first.chain(self.resting.range((0, least)..(wrapped, least))).copied().collect()
        };
        for place in &taken {
            self.resting.remove(place);
        }
        // In the order of their probes.
        taken.sort_unstable_by_key(|&(place, pod)| ((place + period - begin) % period, pod));
        taken.into_iter().map(|(_, pod)| pod).collect()
    }
}
