//! Time to ready against one number that the cases differ in, usually the cluster's size: a line per stage.

use crate::experiment::results::{CaseResult, Results};
use crate::report::study::Study;
use crate::report::summary::{self, CaseSummary, StageSummary};
use crate::report::words::{self, plural};

use super::axis::{self, Scale, Tick};
use super::documented;
use super::frame::{Frame, Plot};
use super::labels::{self, Label};
use super::marks;
use super::picture::{Picture, Point, at};
use super::rows;
use super::theme::{self, BAND, HEIGHT, Look, STROKE};
use super::wording;

/// Sizes further apart than this are drawn on a logarithmic scale.
const WIDE_RANGE: f64 = 40.0;

/// A case and its place on the axis.
struct SizeTimes<'a> {
    value: f64,
    number: usize,
    summary: &'a CaseSummary,
}

/// The chart, or that of rows if the cases do not differ in exactly one number.
pub fn picture(study: &Study) -> Option<Picture> {
    let results = &study.results;
    let first = results.cases.first()?;
    let Some((key, values)) = numbers(results) else { return Some(rows::picture(study)) };
    let cases = values.into_iter().zip(&study.cases).enumerate();
    let mut cases: Vec<SizeTimes<'_>> =
        cases.map(|(number, (value, summary))| SizeTimes { value, number, summary }).collect();
    cases.sort_by(|a, b| a.value.total_cmp(&b.value));
    let documented = documented::marks(study);
    let nodes = plural(u64::from(first.target_nodes), "node");
    let what =
        key.map_or("cluster size".to_owned(), |key| format!("{}, {nodes}", wording::last_part(key).replace('_', " ")));
    let mut frame = Frame::new(HEIGHT, &format!("Time to ready against {what}"));
    frame.note(&format!("{}: {}", results.scenario, wording::explanation(results)));
    if let Some(note) = never_note(&cases) {
        frame.note(&note);
    }
    if !documented.is_empty() {
        frame.note(
            "Bars beside the points: documented, counted from the simulated baseline, with its tolerance or range",
        );
    }
    let stages = cases.iter().flat_map(|case| &case.summary.stages);
    let latest = stages.filter_map(marks::latest).chain(documented.iter().map(documented::DocumentedMark::latest));
    let ticks = axis::time_ticks(latest.fold(0.0, f64::max), 7);
    frame.note(&wording::until_ready(ticks.unit));
    let stages = summary::stage_names(results);
    let lines: Vec<Line> =
        stages.iter().zip(theme::looks(&stages)).map(|(stage, look)| Line::of(stage, look, &cases)).collect();
    let names: Vec<String> = lines.iter().map(|line| line.name(&cases)).collect();
    let plot = frame.plot(34.0, labels::room(names.iter().map(String::as_str), 220.0));
    let x = horizontal_scale(&cases, &plot);
    let y = axis::vertical(&mut frame.picture, &plot, &ticks);
    let title = key.map_or("Cluster size (nodes)".to_owned(), str::to_owned);
    let title = if x.is_logarithmic() { format!("{title}, logarithmic") } else { title };
    axis::horizontal(&mut frame.picture, &plot, &x, &case_ticks(&cases), &title);
    for line in &lines {
        frame.picture.group(line.stage);
        line.band(&mut frame.picture, &x, &y);
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
    label(&mut frame.picture, &plot, &y, &lines, names);
    Some(frame.finish(alt(results, &cases)))
}

/// The key in which the cases differ, if it is not the cluster's size, and its number in each.
fn numbers(results: &Results) -> Option<(Option<&str>, Vec<f64>)> {
    let cases = &results.cases;
    let key = cases.iter().flat_map(words::axes).map(|(key, _)| key).next();
    let value = |case: &CaseResult| match key {
        None => Some(f64::from(case.target_nodes)),
        Some(key) => match words::axes(case).collect::<Vec<_>>()[..] {
            [(only, text)] if only == key && case.target_nodes == cases[0].target_nodes => text.parse().ok(),
            _ => None,
        },
    };
    let values = cases.iter().map(value).collect::<Option<Vec<f64>>>()?;
    let mut sorted = values.clone();
    sorted.sort_by(f64::total_cmp);
    let distinct = sorted.windows(2).all(|pair| pair[0] < pair[1]);
    (values.len() > 1 && distinct && sorted.iter().all(|value| value.is_finite())).then_some((key, values))
}

/// What hollow marks and missing points mean, if there are any.
fn never_note(cases: &[SizeTimes<'_>]) -> Option<String> {
    let mut stages = cases.iter().flat_map(|case| &case.summary.stages).filter(|stage| stage.never > 0).peekable();
    stages.peek()?;
    let absent = stages.any(|stage| stage.ready.is_none());
    let hollow = "Hollow marks: never ready in some scale-ups, which are left out";
    Some(if absent { format!("{hollow}; no mark: in all of them") } else { hollow.to_owned() })
}

fn horizontal_scale(cases: &[SizeTimes<'_>], plot: &Plot) -> Scale {
    let (first, last) = (cases[0].value, cases[cases.len() - 1].value);
    let pixels = (plot.left + 14.0, plot.right - 8.0);
    if first > 0.0 && last / first > WIDE_RANGE {
        Scale::logarithmic((first, last), pixels)
    } else {
        Scale::linear((first, last), pixels)
    }
}

fn case_ticks(cases: &[SizeTimes<'_>]) -> Vec<Tick> {
    cases.iter().map(|case| Tick { value: case.value, label: axis::label(case.value) }).collect()
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
            (Some((end, _)), Some(last)) if *end < last.value => format!("{}, up to {}", self.stage, axis::label(*end)),
            _ => self.stage.to_owned(),
        }
    }

    fn points(&self, x: &Scale, y: &Scale, seconds: impl Fn(&StageSummary) -> Option<f64>) -> Vec<Point> {
        let points = self.points.iter();
        points.filter_map(|(value, stage)| Some(at(x.place(*value), y.place(seconds(stage)?)))).collect()
    }

    fn band(&self, picture: &mut Picture, x: &Scale, y: &Scale) {
        let low = self.points(x, y, |stage| stage.ready_band.map(|band| band.0));
        let high = self.points(x, y, |stage| stage.ready_band.map(|band| band.1));
        picture.band(&low, &high, self.look.colour, BAND);
    }

    fn draw(&self, picture: &mut Picture, x: &Scale, y: &Scale) {
        let means = self.points(x, y, |stage| stage.ready.as_ref().map(|ready| ready.mean));
        picture.line(means.iter().copied(), self.look.colour, STROKE);
        let low = self.points(x, y, |stage| stage.ready.as_ref()?.ci95_low.map(|low| low.max(0.0)));
        let high = self.points(x, y, |stage| stage.ready.as_ref()?.ci95_high);
        for (low, high) in low.iter().zip(&high) {
            marks::interval(picture, *low, *high, self.look.colour, 1.2);
        }
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
