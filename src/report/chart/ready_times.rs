//! Time to ready against one number that the cases differ in, usually the cluster's size: a line per stage.

use crate::experiment::results::Results;
use crate::report::study::Study;
use crate::report::summary::{self, CaseSummary, StageSummary};
use crate::report::words::duration;
use crate::time::Span;

use super::axis::{self, Scale, Tick};
use super::cases;
use super::documented;
use super::frame::Plot;
use super::grid::Grid;
use super::labels::{self, Label};
use super::lines_of_values;
use super::marks;
use super::picture::{Picture, Point, at};
use super::rows;
use super::theme::{self, DEADLINE, Look};
use super::wording;

/// Sizes further apart than this are drawn on a logarithmic scale.
const WIDE_RANGE: f64 = 40.0;
/// So many scale-ups are drawn as lines of their own.
pub const THIN_MAX: usize = 30;
/// What a thin line has of its stage's colour.
pub const THIN: f64 = 0.3;

/// A case and its place on the axis.
struct SizeTimes<'a> {
    value: f64,
    label: String,
    number: usize,
    summary: &'a CaseSummary,
}

/// The chart of sizes; of a line for each value where the cases differ in two keys or more; else of rows.
pub fn picture(study: &Study) -> Option<Picture> {
    let Some(grid) = Grid::of(study) else { return rows::picture(study) };
    match (&grid.axes[..], grid.along()) {
        ([_], Some(_)) => Some(sizes(study, &grid)),
        ([], _) | ([_], None) => rows::picture(study),
        (_, Some(along)) => lines_of_values::picture(study, &grid, along),
        (_, None) => None,
    }
}

fn sizes(study: &Study, grid: &Grid<'_>) -> Picture {
    let results = &study.results;
    let axis = &grid.axes[0];
    let numbers = axis.numbers.as_deref().unwrap_or_default();
    let row = grid.rows(0).remove(0).1;
    let cases: Vec<SizeTimes<'_>> = row
        .iter()
        .zip(numbers)
        .enumerate()
        .map(|(place, (number, value))| SizeTimes {
            value: *value,
            label: axis.named(place),
            number: *number,
            summary: &study.cases[*number],
        })
        .collect();
    let documented = documented::marks(study);
    let mut frame = cases::frame(study, &finding(&cases), &wording::explanation(results));
    if let Some(note) = never_note(&cases) {
        frame.note(&note);
    }
    if !documented.is_empty() {
        frame.note("Bars beside the points: documented, from the simulated baseline on, with tolerance or range");
    }
    frame.note(wording::UNTIL_READY);
    let stages = summary::stage_names(results);
    let lines: Vec<Line> =
        stages.iter().zip(theme::looks(&stages)).map(|(stage, look)| Line::of(stage, look, &cases)).collect();
    let names: Vec<String> = lines.iter().map(|line| line.name(&cases)).collect();
    let deadline = study.deadline.map(Span::as_secs_f64);
    let latest = cases.iter().flat_map(|case| &case.summary.stages).filter_map(marks::latest);
    let latest = latest.chain(documented.iter().map(documented::DocumentedMark::latest)).chain(deadline);
    let ticks = axis::time_ticks(latest.fold(0.0, f64::max), 7);
    let plot = frame.plot(46.0, labels::room(names.iter().map(String::as_str), 190.0));
    let x = scale(numbers, &plot);
    let y = axis::vertical(&mut frame.picture, &plot, &ticks);
    let title = axis.title() + if x.is_logarithmic() { ", logarithmic" } else { "" };
    axis::horizontal(&mut frame.picture, &plot, &x, &ticks_of(numbers), &title);
    for line in &lines {
        frame.picture.group(line.stage);
        line.scale_ups(&mut frame.picture, study, &cases, (&x, &y));
    }
    for line in &lines {
        frame.picture.group(line.stage);
        for case in &cases {
            for mark in documented.iter().filter(|mark| mark.is_of(case.number, line.stage)) {
                mark.draw(&mut frame.picture, x.place(case.value), &y, line.look);
            }
        }
        line.draw(&mut frame.picture, &x, &y);
    }
    frame.picture.group("");
    if let Some(deadline) = deadline {
        deadline_across(&mut frame.picture, &plot, &y, deadline);
    }
    label(&mut frame.picture, &plot, &y, &lines, names);
    frame.finish(alt(results, &cases))
}

/// The deadline as a line across a plot whose vertical axis is time.
pub fn deadline_across(picture: &mut Picture, plot: &Plot, y: &Scale, seconds: f64) {
    let height = y.place(seconds);
    picture.line([at(plot.left, height), at(plot.right, height)], DEADLINE, 1.6);
    wording::on_paper(picture, at(plot.left + 6.0, height - 9.0), &format!("deadline {}", duration(seconds)), DEADLINE);
}

/// `Workload ready after 10m 17s with 100 nodes, 21m 31s with 300 nodes`.
fn finding(cases: &[SizeTimes<'_>]) -> String {
    let (first, last) = (&cases[0], &cases[cases.len() - 1]);
    let stage = last.summary.goal().map_or(String::new(), |goal| wording::capital(&goal.stage));
    let time = |case: &SizeTimes<'_>| match case.summary.goal().and_then(|goal| goal.ready.as_ref()) {
        Some(ready) => duration(ready.mean),
        None => "never".to_owned(),
    };
    format!("{stage} ready: {} with {}, {} with {}", time(first), first.label, time(last), last.label)
}

/// What hollow marks and missing points mean, if there are any.
fn never_note(cases: &[SizeTimes<'_>]) -> Option<String> {
    let mut stages = cases.iter().flat_map(|case| &case.summary.stages).filter(|stage| stage.never > 0).peekable();
    stages.peek()?;
    let absent = stages.any(|stage| stage.ready.is_none());
    let hollow = "Hollow marks: never ready in some scale-ups, which are left out";
    Some(if absent { format!("{hollow}; no mark: in all of them") } else { hollow.to_owned() })
}

/// A horizontal scale of numbers, logarithmic where they are far apart.
pub fn scale(numbers: &[f64], plot: &Plot) -> Scale {
    let (first, last) = (numbers[0], numbers[numbers.len() - 1]);
    let pixels = (plot.left + 16.0, plot.right - 8.0);
    if first > 0.0 && last / first > WIDE_RANGE {
        Scale::logarithmic((first, last), pixels)
    } else {
        Scale::linear((first, last), pixels)
    }
}

/// The numbers themselves, on an axis.
pub fn ticks_of(numbers: &[f64]) -> Vec<Tick> {
    numbers.iter().map(|number| Tick { value: *number, label: axis::label(*number) }).collect()
}

/// A stage in all cases in which it became ready.
struct Line<'a> {
    stage: &'a str,
    look: Look,
    points: Vec<(f64, &'a StageSummary)>,
}

impl<'a> Line<'a> {
    fn of(stage: &'a str, look: Look, cases: &'a [SizeTimes<'a>]) -> Self {
        let points = cases.iter().filter_map(|case| {
            let summary = case.summary.stages.iter().find(|summary| summary.stage == *stage)?;
            summary.ready.is_some().then_some((case.value, summary))
        });
        Self { stage, look, points: points.collect() }
    }

    /// Its name, and where it ends if that is before the last case.
    fn name(&self, cases: &[SizeTimes<'_>]) -> String {
        match (self.points.last(), cases.last()) {
            (Some((end, _)), Some(last)) if *end < last.value => format!("{}, to {}", self.stage, axis::label(*end)),
            _ => self.stage.to_owned(),
        }
    }

    /// A thin line for each of the first scale-ups, from case to case.
    fn scale_ups(&self, picture: &mut Picture, study: &Study, cases: &[SizeTimes<'_>], (x, y): (&Scale, &Scale)) {
        let times: Vec<(f64, Vec<Option<f64>>)> = cases
            .iter()
            .filter_map(|case| {
                let result = &study.results.cases[case.number];
                let place = result.stages.iter().position(|stage| stage.name == self.stage)?;
                Some((case.value, result.ready_s(place)))
            })
            .collect();
        let all = times.iter().map(|(_, ready)| ready.len()).min().unwrap_or(0);
        for number in (0..all.min(THIN_MAX)).filter(|_| all > 1) {
            let points = times.iter().filter_map(|(value, ready)| Some(at(x.place(*value), y.place(ready[number]?))));
            picture.line(points, theme::tint(self.look.colour, THIN), 0.8);
        }
    }

    fn draw(&self, picture: &mut Picture, x: &Scale, y: &Scale) {
        let mean = |(value, stage): &(f64, &StageSummary)| -> Option<Point> {
            Some(at(x.place(*value), y.place(stage.ready.as_ref()?.mean)))
        };
        let means: Vec<Point> = self.points.iter().filter_map(mean).collect();
        picture.line(means.iter().copied(), self.look.colour, self.look.stroke());
        for (mean, (_, stage)) in means.iter().zip(&self.points) {
            marks::mean(picture, *mean, self.look, stage);
        }
    }
}

fn label(picture: &mut Picture, plot: &Plot, y: &Scale, lines: &[Line], names: Vec<String>) {
    let labels = lines.iter().zip(names).filter_map(|(line, text)| {
        let (_, last) = line.points.last()?;
        let mean = last.ready.as_ref()?.mean;
        Some(Label { y: y.place(mean), text, colour: line.look.colour })
    });
    labels::draw(picture, plot, &labels.collect::<Vec<_>>());
}

fn alt(results: &Results, cases: &[SizeTimes<'_>]) -> String {
    let told = cases.iter().filter_map(|case| {
        let goal = case.summary.goal()?;
        let after = if goal.ready.is_some() { "after " } else { "" };
        Some(format!("{}: {} ready {after}{}", case.summary.name, goal.stage, wording::ready(Some(goal))))
    });
    format!("Time to ready of {}: {}.", results.scenario, wording::list(told))
}
