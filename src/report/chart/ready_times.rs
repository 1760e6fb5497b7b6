//! Time to ready against one number that the cases differ in, usually the cluster's size: a line per stage.
//!
//! Must not know: sweeps over more than one number (`rows`).

use crate::experiment::results::{CaseResult, Results};
use crate::report::study::Study;
use crate::report::summary::{self, CaseSummary, StageSummary};
use crate::report::words::{self, duration, plural};

use super::axis::{self, Scale, Tick};
use super::documented;
use super::frame::{Frame, Plot};
use super::labels::{self, Label};
use super::picture::{Picture, Point, at};
use super::theme::{self, BAND, HEIGHT, Look, MARK, STROKE};

/// Sizes further apart than this are drawn on a logarithmic scale.
const WIDE_RANGE: f64 = 40.0;

/// A value of the axis, the number of its case, and the case.
type Point3<'a> = (f64, usize, &'a CaseSummary);

/// The chart; absent if the cases do not differ in exactly one number.
pub fn picture(study: &Study) -> Option<Picture> {
    let results = &study.results;
    let (key, values) = numbers(results)?;
    let mut cases: Vec<Point3<'_>> =
        values.into_iter().zip(&study.cases).enumerate().map(|(number, (value, case))| (value, number, case)).collect();
    cases.sort_by(|a, b| a.0.total_cmp(&b.0));
    let marks = documented::marks(study);
    let nodes = plural(u64::from(results.cases[0].target_nodes), "node");
    let what = key.map_or("cluster size".to_owned(), |key| format!("{}, {nodes}", last_part(key).replace('_', " ")));
    let mut frame = Frame::new(HEIGHT, &format!("Time to ready against {what}"));
    frame.note(&format!("{}: {}", results.scenario, explanation(results)));
    if let Some(note) = never_note(&cases) {
        frame.note(&note);
    }
    if !marks.is_empty() {
        frame.note(
            "Bars beside the points: documented, counted from the simulated baseline, with its tolerance or range",
        );
    }
    let latest = marks.iter().map(documented::Mark::latest).fold(longest(&cases), f64::max);
    let ticks = axis::time_ticks(latest, 7);
    frame.note(&format!("{} from creating the workload until all are Ready to stay", capital(ticks.unit)));
    let stages = summary::stage_names(results);
    let lines: Vec<Line> =
        stages.iter().zip(theme::looks(&stages)).map(|(stage, look)| Line::of(stage, look, &cases)).collect();
    let names: Vec<String> = lines.iter().map(|line| line.name(&cases)).collect();
    let plot = frame.plot(34.0, labels::room(names.iter().map(String::as_str), 220.0));
    let y = Scale::linear((0.0, ticks.end), (plot.bottom, plot.top));
    let x = horizontal_scale(&cases, &plot);
    axis::vertical(&mut frame.picture, &plot, &y, &ticks.ticks);
    let title = key.map_or("Cluster size (nodes)".to_owned(), str::to_owned);
    let title = if x.is_logarithmic() { format!("{title}, logarithmic") } else { title };
    axis::horizontal(&mut frame.picture, &plot, &x, &case_ticks(&cases), &title);
    for line in &lines {
        frame.picture.group(line.stage);
        line.band(&mut frame.picture, &x, &y);
    }
    for line in &lines {
        frame.picture.group(line.stage);
        for (value, number, _) in &cases {
            let at = (*number, line.stage);
            for mark in &marks {
                mark.draw(&mut frame.picture, at, x.place(*value), &y, line.look);
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

/// What the lines and bands are.
pub fn explanation(results: &Results) -> String {
    match results.replications {
        1 => "one simulated scale-up of each case".to_owned(),
        many => format!(
            "mean of {} with its 95 % interval; bands hold 90 % of them",
            plural(u64::from(many), "simulated scale-up")
        ),
    }
}

/// What hollow marks and missing points mean, if there are any.
fn never_note(cases: &[Point3<'_>]) -> Option<String> {
    let mut stages = cases.iter().flat_map(|(_, _, case)| &case.stages).filter(|stage| stage.never > 0).peekable();
    stages.peek()?;
    let absent = stages.any(|stage| stage.ready.is_none());
    let hollow = "Hollow marks: never ready in some scale-ups, which are left out";
    Some(if absent { format!("{hollow}; no mark: in all of them") } else { hollow.to_owned() })
}

/// The latest time that the chart shows, in seconds.
fn longest(cases: &[Point3<'_>]) -> f64 {
    let stages = cases.iter().flat_map(|(_, _, case)| &case.stages);
    stages.filter_map(latest).fold(0.0, f64::max)
}

/// The latest time that a chart shows of a stage, in seconds.
pub fn latest(stage: &StageSummary) -> Option<f64> {
    let (_, high) = stage.ready_band?;
    let interval = stage.ready.as_ref()?.ci95_high.unwrap_or(0.0);
    Some(high.max(interval))
}

fn horizontal_scale(cases: &[Point3<'_>], plot: &Plot) -> Scale {
    let (first, last) = (cases[0].0, cases[cases.len() - 1].0);
    let pixels = (plot.left + 14.0, plot.right - 8.0);
    if first > 0.0 && last / first > WIDE_RANGE {
        Scale::logarithmic((first, last), pixels)
    } else {
        Scale::linear((first, last), pixels)
    }
}

fn case_ticks(cases: &[Point3<'_>]) -> Vec<Tick> {
    cases.iter().map(|(value, ..)| Tick { value: *value, label: axis::label(*value) }).collect()
}

/// A stage in all cases in which it became ready.
struct Line<'a> {
    stage: &'a str,
    look: Look,
    points: Vec<(f64, &'a StageSummary)>,
}

impl<'a> Line<'a> {
    fn of(stage: &'a str, look: Look, cases: &'a [Point3<'a>]) -> Self {
        let points = cases.iter().filter_map(|(value, _, case)| {
            let summary = case.stages.iter().find(|summary| summary.stage == *stage)?;
            summary.ready.is_some().then_some((*value, summary))
        });
        Self { stage, look, points: points.collect() }
    }

    /// Its name, and where it ends if that is before the last case.
    fn name(&self, cases: &[Point3<'_>]) -> String {
        match (self.points.last(), cases.last()) {
            (Some((end, _)), Some((last, ..))) if end < last => format!("{}, up to {}", self.stage, axis::label(*end)),
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
            whisker(picture, *low, *high, self.look);
        }
        for (mean, (_, stage)) in means.iter().zip(&self.points) {
            if stage.never > 0 {
                self.look.hollow_mark(picture, *mean);
            } else {
                self.look.mark(picture, *mean);
            }
            picture.hint(*mean, told(stage));
        }
    }
}

/// `workload: 24m 10s ± 3.7s, 90 % between 23m 40s and 24m 40s`.
pub fn told(stage: &StageSummary) -> String {
    let Some(ready) = &stage.ready else { return format!("{}: never ready", stage.stage) };
    let interval = ready.ci95_high.map_or(String::new(), |high| format!(" ± {}", duration(high - ready.mean)));
    let band = stage.ready_band.filter(|_| ready.n > 1);
    let band =
        band.map_or(String::new(), |(low, high)| format!(", 90 % between {} and {}", duration(low), duration(high)));
    format!("{}: {}{interval}{band}", stage.stage, duration(ready.mean))
}

/// An interval as an upright line with ends, where the mark would not hide it.
fn whisker(picture: &mut Picture, low: Point, high: Point, look: Look) {
    if low.y - high.y > 2.0 * MARK {
        picture.line([low, high], look.colour, 1.2);
        for end in [low, high] {
            picture.line([at(end.x - MARK, end.y), at(end.x + MARK, end.y)], look.colour, 1.2);
        }
    }
}

fn label(picture: &mut Picture, plot: &Plot, y: &Scale, lines: &[Line], names: Vec<String>) {
    let labels = lines.iter().zip(names).filter_map(|(line, text)| {
        let (_, last) = line.points.last()?;
        let mean = last.ready.as_ref()?.mean;
        Some(Label { y: y.place(mean), text, colour: line.look.colour })
    });
    labels::draw(picture, plot.right, (plot.top, plot.bottom), &labels.collect::<Vec<_>>());
}

fn alt(results: &Results, cases: &[Point3<'_>]) -> String {
    let told = cases.iter().filter_map(|(_, _, case)| {
        let goal = case.goal()?;
        let ready = goal.ready.as_ref().map_or("never".to_owned(), |ready| format!("after {}", duration(ready.mean)));
        Some(format!("{}: {} ready {ready}", case.name, goal.stage))
    });
    format!("Time to ready of {}: {}.", results.scenario, told.collect::<Vec<_>>().join("; "))
}

/// A word with a capital letter.
pub fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

fn last_part(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}
