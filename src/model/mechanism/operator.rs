//! A storage system's operator: its workers take joins and leaves in turn, and send their transactions to etcd.
//!
//! While it restarts nothing goes on; what was under way goes on afterwards.
//!
//! Keys: `daemonset.*.join.workers`, `.operator`, `.transactions`.
//! Upstream: none is public: what the document tells of the Rok Operator, and numbers that are assumed or fitted.

use crate::model::state::{
    Cause, DaemonSetId, DaemonSetResource, Draw, Event, MembershipChange, PodId, PodOwner, Sim, Standing, World,
};

impl World<'_> {
    pub(crate) fn wait_for_operator(&mut self, set: DaemonSetId, pod: PodId, sim: &mut Sim) {
        if let Some(next) = self.membership(set).operator.arrive(pod) {
            self.start_next(set, Some(next), None, sim);
        }
    }

    /// A worker of the operator takes the next pod that still wants something, after it has done with another.
    pub(crate) fn start_next(
        &mut self,
        set: DaemonSetId,
        mut next: Option<PodId>,
        after: Option<PodId>,
        sim: &mut Sim,
    ) {
        while let Some(pod) = next {
            let state = &self.pods[pod];
            if state.standing == Standing::Leaving {
                self.begin_job(set, pod, Draw::LeaveTransactions, Draw::LeaveOperator, sim);
                return;
            }
            if !state.ended {
                self.pod_is_next(pod, after);
                self.start_join(set, pod, sim);
                return;
            }
            next = self.membership(set).operator.leave();
        }
    }

    /// The operator does its own work for a join or leave, and then its transactions.
    pub(crate) fn begin_job(
        &mut self,
        set: DaemonSetId,
        pod: PodId,
        transactions: Draw,
        operator: Draw,
        sim: &mut Sim,
    ) {
        let (owner, join) = (self.stream_owner(pod), self.join_params(set));
        let job =
            MembershipChange { transactions_left: join.transactions, stream: self.draws.stream(owner, transactions) };
        self.schedule_drawn(owner, operator, &join.operator, Event::JoinWorked(pod), sim);
        self.pods[pod].job = Some(self.joins.begin(job));
    }

    /// `JoinWorked`: the transactions follow, one after the other.
    pub(crate) fn on_join_worked(&mut self, pod: PodId, sim: &mut Sim) {
        let set = self.joining_set(pod);
        if let Some(until) = self.membership(set).away_until(sim.now()) {
            sim.schedule_at(until, Event::JoinWorked(pod));
            return;
        }
        if !self.pods[pod].ended {
            self.pod_waits_at(pod, sim.now(), Cause::Service, set, DaemonSetResource::Etcd);
        }
        self.next_transaction(set, pod, sim);
    }

    /// `JoinAnswered`: one transaction is done.
    pub(crate) fn on_join_answered(&mut self, pod: PodId, sim: &mut Sim) {
        let set = self.joining_set(pod);
        match self.membership(set).away_until(sim.now()) {
            Some(until) => sim.schedule_at(until, Event::JoinAnswered(pod)),
            None => self.next_transaction(set, pod, sim),
        }
    }

    pub(crate) fn joining_set(&self, pod: PodId) -> DaemonSetId {
        match self.pods[pod].owner {
            PodOwner::DaemonSet(set) => set,
            PodOwner::Workload(_) => unreachable!("replicas do not join"),
        }
    }

    fn next_transaction(&mut self, set: DaemonSetId, pod: PodId, sim: &mut Sim) {
        let (gone, leaving) = (self.pods[pod].ended, self.pods[pod].standing == Standing::Leaving);
        if gone && !leaving {
            // Its node has died: there is nothing to be added any more.
            self.end_job(set, pod, sim);
            return;
        }
        let job = self.job(pod);
        if job.transactions_left > 0 {
            job.transactions_left -= 1;
            let etcd = self.membership(set).etcd;
            self.submit(etcd, pod, sim);
            return;
        }
        if leaving {
            self.finish_leave(set, pod, sim);
        } else {
            self.add_member(set, pod, sim);
        }
    }

    /// The pod's join or leave is over, and the worker takes the next one.
    pub(crate) fn end_job(&mut self, set: DaemonSetId, pod: PodId, sim: &mut Sim) {
        self.joins.free.extend(self.pods[pod].job.take());
        let next = self.membership(set).operator.leave();
        self.start_next(set, next, Some(pod), sim);
    }

    /// The pod's join or leave.
    pub(crate) fn job(&mut self, pod: PodId) -> &mut MembershipChange {
        let place = self.pods[pod].job.expect("the join is under way");
        self.joins.job(place)
    }
}
