//! What a scale-up still waits for at its end whose goal was never ready.

use super::{Step, steps};
use crate::experiment::path::Chains;
use crate::model::params::Scenario;
use crate::model::record::{LimitHit, Record, StageKind, Subject, Unready, goal};
use serde::{Deserialize, Serialize};

/// A scale-up whose goal was never ready.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Never {
    /// Its replication.
    pub replication: u32,
    /// In how many replications that was so.
    pub replications: u32,
    /// The most nodes that were Ready at once.
    pub nodes_up: u32,
    /// The nodes that were to be Ready.
    pub desired: u32,
    /// What it still waited for, most numerous first.
    pub waiting_for: Vec<Unready>,
    /// The way of one that is still missing, up to the end; empty if nothing that was asked for is there yet.
    pub missing: Vec<Step>,
    /// The limits that were hit.
    pub limits: Vec<LimitHit>,
}

impl Never {
    /// Of the record of replication `number`, the first of `replications`; waits must have been recorded.
    pub(super) fn of(record: &Record, number: u32, replications: u32, scenario: &Scenario) -> Self {
        let missing = missing(record)
            .map_or_else(Vec::new, |subject| steps(&Chains::of(record).path(subject, record.end.at), record, scenario));
        Self {
            replication: number,
            replications,
            nodes_up: record.most_nodes_ready(),
            desired: record.stages[0].desired,
            waiting_for: record.end.waiting_for.clone(),
            missing,
            limits: record.limits.clone(),
        }
    }
}

/// One of the goal's that still waits when the run ends: the one that has waited for the same thing longest, since it
/// would be served first.
fn missing(record: &Record) -> Option<Subject> {
    let goal = goal(&record.stages)?;
    let is_of_goal = |subject: Subject| match record.stages[goal].kind {
        StageKind::Workload => matches!(subject, Subject::Replica(_)),
        StageKind::DaemonSet => matches!(subject, Subject::DaemonSetPod(..)),
        StageKind::Nodes | StageKind::ScaleDown => matches!(subject, Subject::Node(_)),
    };
    let open = record.waits.iter().filter(|wait| wait.to >= record.end.at && is_of_goal(wait.subject));
    open.min_by_key(|wait| (wait.from, wait.subject)).map(|wait| wait.subject)
}
