//! The critical path of one scale-up as a waterfall: a row for each thing that is waited for, in the order in which the
//! path comes to it, and a bar for each wait.

use crate::experiment::explain::Step;
use crate::model::record::Cause;
use crate::report::explained::{cause_word, what};
use crate::report::study::Study;
use crate::report::words::duration;
use crate::time::Time;

use super::axis;
use super::frame::Frame;
use super::picture::{Picture, at};
use super::row_chart::{Room, RowChart};
use super::theme::{self, Look};
use super::wording;

/// Rows that hold less of the path than this are left out.
const SHARE_MIN: f64 = 0.002;
/// Half the height of a bar.
const HALF: f64 = 9.0;

/// What is waited for, and its bars.
struct StepRow<'a> {
    name: String,
    steps: Vec<&'a Step>,
}

impl StepRow<'_> {
    fn seconds(&self) -> f64 {
        self.steps.iter().map(|step| (step.to - step.from).as_secs_f64()).sum()
    }
}

/// The chart of a case; `None` where it was not explained, or the goal was never ready.
pub fn picture(study: &Study, number: usize) -> Option<Picture> {
    let case = &study.explained(number)?;
    let (number, steps) = case.why.told.as_ref()?;
    let goal = &case.why.stages.last()?.stage;
    let whole = steps.last()?.to.since(Time::ZERO).as_secs_f64();
    let mut rows = rows(steps);
    rows.retain(|row| row.seconds() >= SHARE_MIN * whole);
    let longest = rows.iter().max_by(|a, b| a.seconds().total_cmp(&b.seconds()))?;
    let title = format!("{}: {} takes {} of {}", case.name, longest.name, duration(longest.seconds()), duration(whole));
    let mut frame = Frame::new(0, &title);
    frame.note(&format!(
        "The critical path of {goal} in replication {number}, a typical one: what it waits for from the Deployment's \
         creation on, in the order in which the path comes to it. Waits of less than {} % are left out.",
        SHARE_MIN * 100.0
    ));
    let mut causes: Vec<Cause> = rows.iter().map(|row| row.steps[0].cause).collect();
    causes.sort_unstable();
    causes.dedup();
    frame.legend_of_areas(causes.iter().map(|cause| (Look::plain(theme::of_cause(*cause)), cause_word(*cause))));
    let ticks = axis::elapsed(whole);
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let mut chart = RowChart::new(frame, &names, Room::TIMES, &ticks, wording::SINCE_CREATION);
    for (place, row) in rows.iter().enumerate() {
        let (y, colour) = (chart.y(place), theme::of_cause(row.steps[0].cause));
        for run in runs(&row.steps) {
            let [from, to] = [run.0, run.1].map(|time| chart.x.place(time.since(Time::ZERO).as_secs_f64()));
            // The thinnest bar can still be seen.
            chart.frame.picture.rectangle(at(from, y - HALF), at(to.max(from + 1.0), y + HALF), colour, 1.0);
        }
        let told = format!("{}: {}", row.name, duration(row.seconds()));
        let middle = chart.x.place(row.steps[0].from.since(Time::ZERO).as_secs_f64());
        chart.frame.picture.hint(at(middle, y), told);
        chart.ending(place, &duration(row.seconds()));
    }
    let told = rows.iter().map(|row| format!("{} {}", row.name, duration(row.seconds())));
    let alt = format!("Critical path of {goal}, {}: {}.", case.name, wording::list(told));
    Some(chart.frame.finish(alt))
}

fn rows(steps: &[Step]) -> Vec<StepRow<'_>> {
    let mut rows: Vec<StepRow<'_>> = Vec::new();
    for step in steps {
        let name = match step.resource.as_str() {
            "container-start" | "readiness-probe" => {
                format!("{} of {}", what(&step.resource, step.cause), step.whose)
            }
            resource => what(resource, step.cause),
        };
        match rows.iter_mut().find(|row| row.name == name) {
            Some(row) => row.steps.push(step),
            None => rows.push(StepRow { name, steps: vec![step] }),
        }
    }
    rows
}

/// From when to when, of steps that follow one another without a gap together.
fn runs(steps: &[&Step]) -> Vec<(Time, Time)> {
    let together = steps.chunk_by(|a, b| a.to == b.from);
    together.map(|run| (run[0].from, run[run.len() - 1].to)).collect()
}
