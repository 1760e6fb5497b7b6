//! Everything that `explain` says.

use super::{headroom, path_of, relief_of, resources_of};
use crate::experiment::explain::{Bottleneck, Never};
use crate::experiment::holders::StagePath;
use crate::headroom::Headroom;
use crate::report::explained::Explained;
use crate::report::table::{Table, Unit};
use crate::report::unready;

/// The only row: what the JSON document says.
pub fn explained(cases: &[Explained]) -> Table {
    Table::of("explain", "Why a scale-up takes as long as it does", vec![cases.to_vec()])
        .rows_of("cases", "every case", |cases| self::cases(cases))
        .table()
}

fn cases(cases: &[Explained]) -> Table {
    Table::of("cases", "Every case", cases.to_vec())
        .text("name", "", "its name", |case| case.name.clone())
        .count("target_nodes", "", "the number of nodes asked for", |case| case.target_nodes)
        .count("replications", "", "simulated scale-ups", |case| case.why.replications)
        .rows_of("stages", "the stages up to the goal", stages)
        .rows_of("resources", "what the shared resources had to do, over the first ten scale-ups", resources_of)
        .rows_of("bottlenecks", "the shifting bottleneck of a typical scale-up, in the order of time", |case| {
            bottlenecks(&case.why.bottlenecks)
        })
        .record("never", "the first scale-up whose goal was never ready", |case| {
            Some(never(case.why.never.as_ref()?, &case.limits))
        })
        .table()
}

fn bottlenecks(bottlenecks: &[Bottleneck]) -> Table {
    Table::of("bottlenecks", "The shifting bottleneck", bottlenecks.to_vec())
        .text("resource", "", "the resource that is active for the longest time without a pause", |row| {
            row.resource.clone()
        })
        .number("from_s", "", "from when on", Unit::Seconds, |row| Some(row.from.as_secs_f64()))
        .number("to_s", "", "until when", Unit::Seconds, |row| Some(row.to.as_secs_f64()))
        .table()
}

/// A stage, and with the goal what relief brings to it.
type Told = (StagePath, Option<Explained>);

fn stages(case: &Explained) -> Table {
    let goal = case.why.stages.len().saturating_sub(1);
    let told = |(place, stage): (usize, &StagePath)| (stage.clone(), (place == goal).then(|| case.clone()));
    let relief = |kind: &'static str| move |told: &Told| relief_of(told.1.as_ref(), kind);
    Table::of("stages", "The stages up to the goal", case.why.stages.iter().enumerate().map(told).collect())
        .text("stage", "", "the stage", |told: &Told| told.0.stage.clone())
        .number("ready_mean_s", "", "seconds until it was ready, on average", Unit::Seconds, |told| {
            told.0.mean_ready_s()
        })
        .rows_of("path", "what holds its critical path", |told| path_of(&told.0))
        .rows_of("relief", "of the goal: what relief of a resource by one step brings", relief("step"))
        .rows_of("curve", "of the goal: what more and less relief of the first of them brings", relief("curve"))
        .rows_of("pairs", "of the goal: what relief of two of the first ones brings", relief("pair"))
        .table()
}

fn never(never: &Never, limits: &[Headroom]) -> Table {
    Table::of("never", "A scale-up whose goal was never ready", vec![never.clone()])
        .count("replication", "", "its number", |never| never.replication)
        .count("replications", "", "in how many scale-ups that was so", |never| never.replications)
        .count("nodes_up", "", "the most nodes that were Ready at once", |never| never.nodes_up)
        .count("nodes_desired", "", "the nodes that were to be Ready", |never| never.desired)
        .json("waiting_for", "what it waited for at its end", |never| unready::lines(&never.waiting_for).into())
        .rows_of("limits", "limits that bind, by arithmetic, and their remedies", |_| headroom(&[], &[limits.to_vec()]))
        .table()
}
