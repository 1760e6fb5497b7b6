//! What holds the critical path of each stage.

use super::Of;
use crate::experiment::holders::{Holder, StagePath};
use crate::report::explained::{Explained, what};
use crate::report::table::{Builder, Table, Unit};

/// What holds less of a path than this is left out for people.
const SHARE_SHOWN: f64 = 0.005;
/// The same where several cases stand below one another, and those of all stages below that.
const SHARE_SHOWN_OF_CASES: f64 = 0.05;
/// The same where the paths of all stages are shown.
const SHARE_SHOWN_OF_ALL: f64 = 0.02;
/// The length of the bar of what holds all of a path.
const BAR: f64 = 30.0;

/// What holds a path, of a stage of a case.
struct PathRow {
    case: usize,
    stage: String,
    is_goal: bool,
    holder: Holder,
}

/// A row for every resource and cause on the path of every stage; people see those of the goal.
pub fn path(cases: &[Explained]) -> Table {
    let stages = cases.iter().enumerate().map(|(number, case)| rows(number, &case.why.stages));
    let table = Table::of("path", "What the goal waits for, along its critical path", stages.flatten().collect())
        .case(|row: &PathRow| row.case)
        .for_people_if(|row| row.is_goal && row.holder.share >= SHARE_SHOWN)
        .text("stage", "", "the stage whose critical path it is", |row| row.stage.clone());
    with_drag(holders(table), "drag").table().or_say("No stage became ready, so nothing has a critical path.")
}

/// The same of one stage.
pub fn path_of(stage: &StagePath) -> Table {
    let table = Table::of("path", "What holds the critical path", rows(0, std::slice::from_ref(stage)));
    with_drag(holders(table), "drag").table()
}

/// With the drag, below this heading.
fn with_drag(table: Builder<PathRow>, heading: &str) -> Builder<PathRow> {
    let meaning = "seconds that the stage would be ready sooner if these took no time and all else stayed as it was, at \
                   most; over the first ten scale-ups, if explain looked into it";
    table.number("drag_s", heading, meaning, Unit::Seconds, |row| row.holder.drag_s)
}

/// The same of a case of a study, over those of its first replications that were followed.
pub fn followed(case: Of<'_>) -> Table {
    let table = Table::of("path", followed_title(case), rows(case.number, &case.summary.paths))
        .case(|row| row.case)
        .for_people_if(|row| row.is_goal && row.holder.share >= SHARE_SHOWN_OF_CASES)
        .text("stage", "", "the stage whose critical path it is", |row| row.stage.clone());
    // Not known unless the case was explained.
    with_drag(holders(table), if case.result.why.is_some() { "drag" } else { "" }).table()
}

/// The same for people, of every stage.
pub fn followed_stages(case: Of<'_>) -> Table {
    let table = Table::of("path", "The same of every stage", rows(case.number, &case.summary.paths))
        .case(|row| row.case)
        .for_people_if(|row| row.holder.share >= SHARE_SHOWN_OF_ALL)
        .text("stage", "stage", "", |row| row.stage.clone());
    holders(table).table()
}

/// The only row: what holds most of the goal's path.
pub fn binds(paths: &[StagePath]) -> Option<Table> {
    let goal = paths.last()?;
    let most = goal.holders.first()?;
    let row = PathRow { case: 0, stage: goal.stage.clone(), is_goal: true, holder: most.clone() };
    Some(holders(Table::of("binds", "What holds most of the goal's critical path", vec![row])).table())
}

fn followed_title(case: Of<'_>) -> String {
    let goal = case.summary.paths.last().map_or("the last stage", |path| &path.stage);
    format!("What {goal} waits for, along its critical path")
}

fn rows(case: usize, stages: &[StagePath]) -> Vec<PathRow> {
    let row = |(place, stage): (usize, &StagePath)| {
        let (is_goal, stage_name) = (place + 1 == stages.len(), stage.stage.clone());
        let row = move |holder: &Holder| PathRow { case, stage: stage_name.clone(), is_goal, holder: holder.clone() };
        stage.holders.iter().map(row).collect::<Vec<_>>()
    };
    stages.iter().enumerate().flat_map(row).collect()
}

/// The columns that all of them have.
fn holders(table: Builder<PathRow>) -> Builder<PathRow> {
    table
        .text("", "waits for", "", |row| what(&row.holder.resource, row.holder.cause))
        .text("resource", "", "what is waited for", |row| row.holder.resource.clone())
        .text("cause", "", "why, as in waits.csv", |row| row.holder.cause.word())
        .estimate("seconds", "time", "seconds of the path; those of a stage sum to its time", Unit::Seconds, |row| {
            Some((row.holder.mean_s, row.holder.interval))
        })
        .number("share", "share", "the part of the stage's time", Unit::Share, |row| Some(row.holder.share))
        .text("", "of the whole", "", |row| "#".repeat((row.holder.share * BAR).round() as usize))
        .number("criticality", "in", "the part of the scale-ups in whose path it is", Unit::Share, |row| {
            Some(row.holder.criticality)
        })
}
