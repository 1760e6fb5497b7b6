//! Time to ready of one case, or of cases that differ in more than one number: a row for each.

use crate::model::record::StageKind;
use crate::report::study::Study;
use crate::report::summary::{self, CaseSummary, StageSummary};
use crate::report::words::duration;
use crate::time::Span;

use super::axis;
use super::cases::{self, short_name};
use super::marks;
use super::never;
use super::picture::{Picture, at};
use super::row_chart::{Room, RowChart};
use super::theme::{self, BAND, Look};
use super::wording;

/// More cases than this are not shown.
const CASES_MAX: usize = 20;

/// A row of the chart: its name, and the stages with their looks.
struct CaseBar<'a> {
    name: String,
    stages: Vec<(Look, &'a StageSummary)>,
}

/// The chart: a row for each stage of the only case, or else a row for each case with all its stages. What came up
/// where the only case was never ready.
pub fn picture(study: &Study) -> Option<Picture> {
    let names = summary::stage_names(&study.results);
    let looks = theme::looks(&names);
    let chosen = cases::chosen(study, CASES_MAX);
    let rows = rows(study, &chosen, &names, &looks);
    if let [case] = &study.cases[..]
        && case.goal()?.ready.is_none()
    {
        return never::picture(study);
    }
    let stages = rows.iter().flat_map(|row| &row.stages);
    let seconds = stages.filter_map(|(_, stage)| marks::latest(stage)).reduce(f64::max)?;
    let risk = if study.results.replications > 1 { ", and where 90 % of them are" } else { "" };
    let note = format!("{}{risk}", wording::points(&study.results));
    let mut frame = cases::frame(study, &finding(study), &note);
    cases::left_out(&mut frame, study.cases.len(), chosen.len(), "times.csv");
    let deadline = study.deadline.map(Span::as_secs_f64);
    if let Some(deadline) = study.deadline {
        frame.note(&format!("Red line: the deadline, {deadline}"));
    }
    if study.cases.len() > 1 {
        frame.legend_of_points(looks.iter().copied().zip(&names));
    }
    let ticks = axis::time_ticks(deadline.map_or(seconds, |deadline| seconds.max(deadline)), 7);
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let mut chart = RowChart::new(frame, &names, Room::TIMES, &ticks, wording::UNTIL_READY);
    for (number, row) in rows.iter().enumerate() {
        draw(&mut chart, number, row);
    }
    if let Some(deadline) = deadline {
        chart.deadline(deadline);
    }
    let told = rows.iter().map(|row| format!("{} {}", row.name, row.time()));
    let alt = format!("Time to ready of {}: {}.", study.results.scenario, wording::list(told));
    Some(chart.frame.finish(alt))
}

/// `Workload ready after 21m 31s, in 90 % of scale-ups between 20m 56s and 22m 19s`.
fn finding(study: &Study) -> String {
    let case = |number: usize| -> (&CaseSummary, String) {
        (&study.cases[number], short_name(&study.results, &study.results.cases[number]))
    };
    let goal = study.cases[0].goal().map_or(String::new(), |goal| wording::capital(&goal.stage));
    if let [only] = &study.cases[..] {
        let band = only.goal().and_then(|goal| goal.ready_band).filter(|_| study.results.replications > 1);
        let band = band.map_or(String::new(), |(low, high)| {
            format!(", in 90 % of scale-ups between {} and {}", duration(low), duration(high))
        });
        return format!("{}: {} ready after {}{band}", only.name, goal, wording::ready(only.goal()));
    }
    let ranked = study.ranked();
    let [best, worst] = [ranked[0], ranked[ranked.len() - 1]].map(case);
    let time = |case: &CaseSummary| wording::ready(case.goal());
    format!("{goal} ready: {} with {}, {} with {}", time(best.0), best.1, time(worst.0), worst.1)
}

fn rows<'a>(study: &'a Study, chosen: &[usize], names: &[String], looks: &[Look]) -> Vec<CaseBar<'a>> {
    let look = |stage: &StageSummary| Some(looks[names.iter().position(|name| *name == stage.stage)?]);
    let stages = |stages: &'a [StageSummary]| stages.iter().filter_map(|stage| Some((look(stage)?, stage))).collect();
    if let [case] = &study.cases[..] {
        // The end of a scale-down would leave no room for the scale-up.
        let rows = case.stages.chunks(1).filter(|stage| stage[0].kind != StageKind::ScaleDown);
        return rows.map(|stage| CaseBar { name: stage[0].stage.clone(), stages: stages(stage) }).collect();
    }
    let row = |number: &usize| CaseBar {
        name: short_name(&study.results, &study.results.cases[*number]),
        stages: stages(&study.cases[*number].stages),
    };
    chosen.iter().map(row).collect()
}

impl CaseBar<'_> {
    /// When the last of its stages is ready.
    fn time(&self) -> String {
        wording::ready(self.stages.last().map(|(_, stage)| *stage))
    }
}

fn draw(chart: &mut RowChart, number: usize, row: &CaseBar) {
    chart.ending(number, &row.time());
    let (x, y) = (chart.x, chart.y(number));
    let picture = &mut chart.frame.picture;
    // Stages that are ready at the same time stand above one another.
    let (apart, half) = if row.stages.len() > 1 { (5.0, 4.5) } else { (0.0, 8.0) };
    let middle = |place: usize| if place.is_multiple_of(2) { y - apart } else { y + apart };
    for (place, (look, stage)) in row.stages.iter().enumerate() {
        picture.group(&stage.stage);
        if let Some((low, high)) = stage.ready_band {
            let (top, bottom) = (middle(place) - half, middle(place) + half);
            picture.rectangle(at(x.place(low), top), at(x.place(high), bottom), look.colour, 1.7 * BAND);
        }
    }
    for (place, (look, stage)) in row.stages.iter().enumerate() {
        picture.group(&stage.stage);
        let Some(ready) = &stage.ready else { continue };
        marks::mean(picture, at(x.place(ready.mean), middle(place)), *look, stage);
    }
    picture.group("");
}
