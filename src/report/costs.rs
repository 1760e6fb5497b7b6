//! What a case costs until each of its stages, and in all.

use crate::experiment::results::{CaseResult, Replication};
use crate::model::record::StageKind;
use crate::stats::Summary;
use crate::time::Time;

/// What was paid until a stage was ready.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    /// The stage; with `scale-down` the whole cycle.
    pub until: String,
    /// Node-hours, over the replications in which the stage became ready.
    pub node_hours: Option<Summary>,
    /// US dollars, over the same replications.
    pub dollars: Option<Summary>,
}

/// How the cluster shrank.
#[derive(Clone, Debug, PartialEq)]
pub struct ScaleDown {
    /// Seconds until the Deployment was deleted, over the replications in which it was.
    pub begins: Option<Summary>,
    /// Volumes that were lost, over all replications.
    pub volumes_lost: Option<Summary>,
}

/// What was paid until each stage was ready, in the order of stages.
pub fn costs(case: &CaseResult) -> Vec<Cost> {
    (0..case.stages.len()).map(|stage| cost(case, stage)).collect()
}

fn cost(case: &CaseResult, stage: usize) -> Cost {
    let of = |replication: &Replication| replication.node_hours.get(stage).copied().flatten();
    let hours: Vec<f64> = case.replications.iter().filter_map(of).collect();
    let dollars: Vec<f64> = hours.iter().map(|hours| hours * case.price_per_hour_usd).collect();
    Cost { until: case.stages[stage].name.clone(), node_hours: Summary::of(&hours), dollars: Summary::of(&dollars) }
}

/// How the cluster shrank, if the workload ends.
pub fn scale_down(case: &CaseResult) -> Option<ScaleDown> {
    case.stages.iter().find(|stage| stage.kind == StageKind::ScaleDown)?;
    let begins = case.replications.iter().filter_map(|replication| replication.scale_down);
    let lost = case.replications.iter().map(|replication| f64::from(replication.volumes_lost));
    Some(ScaleDown {
        begins: Summary::of(&begins.map(Time::as_secs_f64).collect::<Vec<f64>>()),
        volumes_lost: Summary::of(&lost.collect::<Vec<f64>>()),
    })
}
