//! What relief of a resource brings, and everything that `explain` says.

use crate::experiment::explain::Relief;
use crate::report::explained::{Explained, plain, what};
use crate::report::table::{Table, Unit};

/// A row for every resource that was relieved, the largest gain first.
pub fn relief(cases: &[Explained]) -> Table {
    let rows: Vec<(usize, Relief)> = cases
        .iter()
        .enumerate()
        .flat_map(|(number, case)| case.why.reliefs.iter().map(move |relief| (number, relief.clone())))
        .collect();
    Table::of("relief", "What relief of one resource brings, simulated again with the same random numbers", rows)
        .case(|row| row.0)
        .text("case_name", "", "the case", |row| cases[row.0].name.clone())
        .text("", "change", "", |row| change(&row.1))
        .text("resource", "", "the resource", |row| row.1.resource.clone())
        .text("key", "", "the key that was changed", |row| row.1.lever.key.clone())
        .text("from", "", "its value in the scenario", |row| plain(&row.1.lever.from).to_owned())
        .text("to", "", "its value with the change", |row| plain(&row.1.lever.to).to_owned())
        .estimate("gain_s", "sooner by", "seconds that the goal is ready sooner", Unit::Seconds, |row| {
            row.1.gain.as_ref().map(|gain| (gain.mean, gain.interval))
        })
        .maybe_text("next", "then binds", "what holds the path longest after that", |row| {
            row.1.next.as_ref().map(|next| what(&next.resource, next.cause))
        })
        .table()
        .or_say("Nothing that holds much of the path has a key that relieves it.")
}

/// `volume.shared.servers = 2`; a distribution is only said to be half as long.
fn change(relief: &Relief) -> String {
    let value = plain(&relief.lever.to);
    if value.starts_with('{') {
        format!("{}, half as long", relief.lever.key)
    } else {
        format!("{} = {value}", relief.lever.key)
    }
}

/// What the JSON document says.
pub fn explained(cases: &[Explained]) -> Table {
    let stages = |case: &Explained| {
        let single = |stage| Explained {
            why: crate::experiment::explain::Explanation { stages: vec![stage], ..case.why.clone() },
            ..case.clone()
        };
        let rows: Vec<Explained> = case.why.stages.iter().cloned().map(single).collect();
        Table::of("stages", "The stages up to the goal", rows)
            .text("stage", "", "the stage", |row| row.why.stages[0].stage.clone())
            .number("ready_mean_s", "", "seconds until it was ready, on average", Unit::Seconds, |row| {
                row.why.stages[0].mean_ready_s()
            })
            .rows_of("path", "what holds its critical path", |row| super::path(std::slice::from_ref(row)))
            .table()
    };
    Table::of("explain", "Why a scale-up takes as long as it does", vec![cases.to_vec()])
        .rows_of("cases", "every case", |cases| {
            Table::of("cases", "Every case", cases.clone())
                .text("name", "", "its name", |case| case.name.clone())
                .count("target_nodes", "", "the number of nodes asked for", |case| case.target_nodes)
                .count("replications", "", "simulated scale-ups", |case| case.why.replications)
                .rows_of("stages", "the stages up to the goal", stages)
                .rows_of("relief", "what relief of a resource brings to the goal", |case| {
                    relief(std::slice::from_ref(case))
                })
                .json("waiting_for", "what the first scale-up that was not ready waited for", |case| {
                    case.why.waiting_for.clone().into()
                })
                .table()
        })
        .table()
}
