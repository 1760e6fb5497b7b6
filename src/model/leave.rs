//! Members that leave a storage cluster: the same operator, as many transactions as for a join, and a change for all.
//!
//! Must not know: when a node is to go.

use crate::model::draws::{For, Whose};
use crate::model::event::Event;
use crate::model::ids::{PodId, SetId};
use crate::model::join::Job;
use crate::model::pod::Standing;
use crate::model::world::{Sim, World};

impl World<'_> {
    /// A member's node is to be removed, or has gone: the operator takes its entry out.
    pub(crate) fn ask_to_leave(&mut self, set: SetId, pod: PodId, sim: &mut Sim) {
        // A join that is still synchronising comes to its end first.
        let before = std::mem::replace(&mut self.pods[pod.index()].standing, Standing::Leaving);
        if before == Standing::Leaving || self.pods[pod.index()].job.is_some() {
            return;
        }
        self.wait_for_operator(set, pod, sim);
    }

    pub(crate) fn wait_for_operator(&mut self, set: SetId, pod: PodId, sim: &mut Sim) {
        if let Some(next) = self.membership(set).operator.arrive(pod) {
            self.start_next(set, Some(next), sim);
        }
    }

    /// A worker of the operator takes the next pod that still wants something.
    pub(crate) fn start_next(&mut self, set: SetId, mut next: Option<PodId>, sim: &mut Sim) {
        while let Some(pod) = next {
            let state = &self.pods[pod.index()];
            if state.standing == Standing::Leaving {
                self.start_leave(set, pod, sim);
                return;
            }
            if !state.gone {
                self.start_join(set, pod, sim);
                return;
            }
            next = self.membership(set).operator.leave();
        }
    }

    fn start_leave(&mut self, set: SetId, pod: PodId, sim: &mut Sim) {
        let whose = self.whose(pod);
        let stream = self.draws.stream(whose, For::LeaveTransactions);
        let transactions_left = self.join_params(set).transactions;
        self.begin_job(pod, Job { transactions_left, stream });
        let work = self.draws.span(whose, For::LeaveOperator, &self.join_params(set).operator);
        sim.schedule_after(work, Event::JoinWorked(pod));
    }

    /// The entry is taken out: every member that remains re-configures itself.
    pub(crate) fn finish_leave(&mut self, set: SetId, pod: PodId, sim: &mut Sim) {
        self.stop_resting(pod);
        self.end_job(pod);
        self.pods[pod.index()].standing = Standing::Outside;
        let members = self.membership(set).members;
        self.membership_becomes(set, members - 1);
        let whose: Whose = self.whose(pod);
        self.reconfigure_members(set, whose, For::LeaveReconfigure, sim);
        let next = self.membership(set).operator.leave();
        self.start_next(set, next, sim);
        let node = self.pods[pod.index()].placed_on();
        self.on_drain_step(node, sim);
    }
}
