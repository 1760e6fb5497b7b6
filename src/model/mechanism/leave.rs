//! Members that leave a storage cluster: the same operator, as many transactions as for a join, and a change for all.
//!
//! Keys: those of `operator` and `join`.
//! Upstream: none is public: EKF's scale-in guide.

use crate::model::state::{DaemonSetId, Draw, PodId, Sim, Standing, World};

impl World<'_> {
    /// A member's node is to be removed, or has gone: the operator takes its entry out.
    pub(crate) fn ask_to_leave(&mut self, set: DaemonSetId, pod: PodId, sim: &mut Sim) {
        // A join that is still synchronising comes to its end first.
        let before = std::mem::replace(&mut self.pods[pod].standing, Standing::Leaving);
        if before == Standing::Leaving || self.pods[pod].job.is_some() {
            return;
        }
        self.wait_for_operator(set, pod, sim);
    }

    /// The entry is taken out: every member that remains re-configures itself.
    pub(crate) fn finish_leave(&mut self, set: DaemonSetId, pod: PodId, sim: &mut Sim) {
        self.resume_probes(pod);
        self.pods[pod].standing = Standing::Outside;
        self.membership(set).members -= 1;
        self.count_members();
        self.reconfigure_members(set, pod, Draw::LeaveReconfigure, sim);
        self.end_job(set, pod, sim);
        let node = self.pods[pod].placed_on();
        self.drain_on(node, sim);
    }
}
