//! Time to ready of one case, or of cases that differ in more than one number: a row for each.

use crate::report::study::Study;
use crate::report::summary::{self, StageSummary};

use super::axis;
use super::cases::{self, short_name};
use super::marks;
use super::picture::{Picture, at};
use super::row_chart::{ROWS_MAX, Room, RowChart};
use super::theme::{self, BAND, Look};
use super::wording;

/// A row of the chart: its name, and the stages with their looks.
struct CaseBar<'a> {
    name: String,
    stages: Vec<(Look, &'a StageSummary)>,
}

/// The chart: a row for each stage of the only case, or else a row for each case with all its stages.
pub fn picture(study: &Study) -> Picture {
    let names = summary::stage_names(&study.results);
    let looks = theme::looks(&names);
    let rows = rows(study, &names, &looks);
    let explanation = wording::explanation(&study.results);
    let mut frame = cases::frame(study, "Time to ready", " of ", &explanation, ROWS_MAX, "times.csv");
    if study.cases.len() > 1 {
        frame.legend(looks.iter().copied().zip(&names));
    }
    let stages = rows.iter().flat_map(|row| &row.stages);
    let seconds = stages.filter_map(|(_, stage)| marks::latest(stage)).fold(0.0, f64::max);
    let ticks = axis::time_ticks(seconds, 8);
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let mut chart = RowChart::new(frame, &names, Room::TIMES, &ticks, &wording::until_ready(ticks.unit));
    for (number, row) in rows.iter().enumerate() {
        draw(&mut chart, number, row);
    }
    let told = rows.iter().map(|row| format!("{} {}", row.name, row.time()));
    let alt = format!("Time to ready of {}: {}.", study.results.scenario, wording::list(told));
    chart.frame.finish(alt)
}

fn rows<'a>(study: &'a Study, names: &[String], looks: &[Look]) -> Vec<CaseBar<'a>> {
    let look = |stage: &StageSummary| Some(looks[names.iter().position(|name| *name == stage.stage)?]);
    let stages = |stages: &'a [StageSummary]| stages.iter().filter_map(|stage| Some((look(stage)?, stage))).collect();
    let rows: Vec<CaseBar<'a>> = if let [case] = &study.cases[..] {
        let rows = case.stages.chunks(1);
        rows.map(|stage| CaseBar { name: stage[0].stage.clone(), stages: stages(stage) }).collect()
    } else {
        let rows = study.results.cases.iter().zip(&study.cases).take(ROWS_MAX);
        rows.map(|(result, case)| CaseBar { name: short_name(&study.results, result), stages: stages(&case.stages) })
            .collect()
    };
    rows
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
    for (look, stage) in &row.stages {
        picture.group(&stage.stage);
        if let Some((low, high)) = stage.ready_band {
            picture.rectangle(at(x.place(low), y - 8.0), at(x.place(high), y + 8.0), look.colour, 1.7 * BAND);
        }
    }
    for (look, stage) in &row.stages {
        picture.group(&stage.stage);
        let Some(ready) = &stage.ready else { continue };
        let place = |seconds: f64| at(x.place(seconds), y);
        if let (Some(low), Some(high)) = (ready.ci95_low, ready.ci95_high) {
            marks::interval(picture, place(low.max(0.0)), place(high), look.colour, 1.2);
        }
        marks::mean(picture, place(ready.mean), *look, stage);
    }
    picture.group("");
}
