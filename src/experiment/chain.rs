//! Which stage each stage followed, and so between which stages overheads are counted.

use crate::experiment::results::CaseResult;
use crate::model::record::StageKind;
use crate::stats::mean;

impl CaseResult {
    /// The place of the stage that a stage followed: of those that it waits for the one that was ready last on average.
    /// One that waits for none stands on its own.
    pub fn followed(&self, stage: usize) -> Option<usize> {
        let waits_for = |name: &String| self.stages.iter().position(|known| known.name == *name);
        let ready = |place: &usize| {
            let seconds: Vec<f64> = self.ready_s(*place).into_iter().flatten().collect();
            // What never became ready was waited for to the end.
            mean(&seconds).unwrap_or(f64::INFINITY)
        };
        let before = self.stages.get(stage)?.after.iter().filter_map(waits_for);
        before.max_by(|a, b| ready(a).total_cmp(&ready(b)))
    }

    /// The stages up to the goal, each the one that the next one followed.
    pub fn chain(&self) -> Vec<usize> {
        let mut chain: Vec<usize> = Vec::new();
        let mut next = self.goal();
        while let Some(stage) = next.filter(|stage| !chain.contains(stage)) {
            chain.insert(0, stage);
            next = self.followed(stage);
        }
        chain
    }

    /// The places of the stages between which overheads are counted: each stage and the one that it followed, then the
    /// workload after the reference, or else after the nodes.
    pub fn overheads(&self) -> Vec<(usize, usize)> {
        let mut pairs: Vec<(usize, usize)> =
            (0..self.stages.len()).filter_map(|to| Some((self.followed(to)?, to))).collect();
        let of = |kind| self.stages.iter().position(|stage| stage.kind == kind);
        let from = self.stages.iter().position(|stage| stage.reference).or_else(|| of(StageKind::Nodes));
        if let (Some(from), Some(workload)) = (from, of(StageKind::Workload))
            && !pairs.contains(&(from, workload))
        {
            pairs.push((from, workload));
        }
        pairs
    }
}
