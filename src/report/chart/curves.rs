//! Readiness curves of one case: how many of each stage were Ready over time, in the median and in single scale-ups.

use crate::experiment::results::CaseResult;
use crate::model::record::Stage;
use crate::report::study::Study;
use crate::report::summary::CaseSummary;
use crate::report::words::{self, plural};
use crate::stats::Band;
use crate::time::Time;

use super::axis::{self, Scale};
use super::frame::Frame;
use super::limit_marks;
use super::lines;
use super::never;
use super::picture::{Picture, Point, at};
use super::ready_times::THIN;
use super::theme::{self, HEIGHT, Look};
use super::wording;

/// The most places on a curve whose values a page shows.
const HINTS: usize = 50;
/// So many scale-ups are drawn as thin lines.
const THIN_MAX: usize = 15;
/// How far a thin line may be from its points, in pixels.
const NEAR: f64 = 0.8;

/// A stage's band over time.
struct StageCurve<'a> {
    name: &'a str,
    look: Look,
    desired: u32,
    /// How many of them are 1 on the vertical axis.
    unit: f64,
    bands: &'a [Band],
    /// How many were Ready at each step, in some replications.
    scale_ups: Vec<&'a [u32]>,
}

/// The chart of a case; absent if its curves are not known.
pub fn picture(study: &Study, number: usize) -> Option<Picture> {
    let (results, case) = (&study.results, &study.results.cases[number]);
    let counted = case.stages.iter().all(|stage| stage.desired == case.stages[0].desired);
    let curves = curves(case, &study.bands[number], counted);
    if curves.iter().all(|curve| curve.bands.is_empty()) {
        return None;
    }
    let summary = &study.cases[number];
    let name = &summary.name;
    let mut frame = Frame::new(HEIGHT, &finding(case, summary));
    let what = if counted { "How many are Ready" } else { "Share of those wanted that are Ready" };
    let which = match case.replications.len() {
        1 => "one simulated scale-up".to_owned(),
        many => format!("median of {}; each thin line is one of them", plural(many as u64, "simulated scale-up")),
    };
    frame.note(&format!("{}: {which}", results.scenario));
    if let Some(note) = limit_marks::note(summary) {
        frame.note(&note);
    }
    frame.note(what);
    frame.legend(curves.iter().map(|curve| (curve.look, curve.name)));
    let plot = frame.plot(if counted { 52.0 } else { 46.0 }, 6.0);
    let counts = if counted { axis::count_ticks(curves[0].desired.into(), 6) } else { axis::share_ticks() };
    let y = axis::vertical(&mut frame.picture, &plot, &counts);
    let until_s = shown_s(case, &curves);
    let times = axis::elapsed(until_s);
    let x = times.across(&plot);
    axis::horizontal(&mut frame.picture, &plot, &x, &times.ticks, wording::SINCE_CREATION);
    let pen = Pen { x, y, step_s: case.curve_step.as_secs_f64(), until_s };
    for curve in &curves {
        frame.picture.group(curve.name);
        pen.scale_ups(&mut frame.picture, curve);
    }
    // The thin line of nodes comes last, above what is Ready with them.
    for curve in curves.iter().rev() {
        frame.picture.group(curve.name);
        pen.median(&mut frame.picture, curve);
        pen.hints(&mut frame.picture, curve);
    }
    frame.picture.group("");
    limit_marks::draw(&mut frame.picture, &plot, &x, summary, until_s);
    let names: Vec<&str> = curves.iter().map(|curve| curve.name).collect();
    let alt = format!("How many of {} were Ready over time, {name}, {}.", names.join(", "), results.scenario);
    Some(frame.finish(alt))
}

/// `300 nodes: nodes ready after 5m 36s, workload after 21m 31s`, or how many came up.
fn finding(case: &CaseResult, summary: &CaseSummary) -> String {
    let name = &summary.name;
    let Some((nodes, goal)) = summary.stages.first().zip(summary.goal()) else { return name.clone() };
    if goal.ready.is_none() {
        return never::finding(case, summary).unwrap_or_else(|| name.clone());
    }
    let ready = wording::ready(Some(goal));
    if nodes.stage == goal.stage {
        return format!("{name}: {} ready after {ready}", goal.stage);
    }
    format!("{name}: {} ready after {}, {} after {ready}", nodes.stage, wording::ready(Some(nodes)), goal.stage)
}

fn curves<'a>(case: &'a CaseResult, bands: &'a [Vec<Band>], counted: bool) -> Vec<StageCurve<'a>> {
    let stages = case.stages.iter().zip(theme::looks(&case.stages)).zip(bands);
    let curve = |((stage, look), bands): ((&'a Stage, Look), &'a Vec<Band>)| {
        let unit = if counted { 1.0 } else { f64::from(stage.desired.max(1)) };
        StageCurve { name: &stage.name, look, desired: stage.desired, unit, bands, scale_ups: vec![] }
    };
    let mut curves: Vec<StageCurve<'a>> = stages.map(curve).collect();
    let several = case.replications.len() > 1;
    for one in case.replications.iter().take(THIN_MAX).filter(|_| several) {
        curves.iter_mut().zip(&one.curves).for_each(|(curve, counts)| curve.scale_ups.push(counts));
    }
    curves
}

/// How many seconds are shown: until nothing changes any more, or all are ready, and a little.
fn shown_s(case: &CaseResult, curves: &[StageCurve]) -> f64 {
    let times = case.replications.iter().flat_map(|replication| &replication.stages);
    let ready = times.filter_map(|times| times.ready).max().map_or(0.0, Time::as_secs_f64);
    (case.curve_step.as_secs_f64() * settled(curves) as f64).max(1.02 * ready)
}

/// The number of steps after which nothing changes any more, and a little.
fn settled(curves: &[StageCurve]) -> usize {
    let last_change =
        |curve: &StageCurve| curve.bands.windows(2).rposition(|pair| pair[0] != pair[1]).map_or(0, |at| at + 1);
    let steps = curves.iter().map(last_change).max().unwrap_or(0);
    (steps + steps / 50 + 1).max(2)
}

struct Pen {
    x: Scale,
    y: Scale,
    step_s: f64,
    until_s: f64,
}

impl Pen {
    /// Single scale-ups as thin lines.
    fn scale_ups(&self, picture: &mut Picture, curve: &StageCurve) {
        for counts in &curve.scale_ups {
            let steps = counts.iter().enumerate().map(|(step, count)| (step, f64::from(*count)));
            let mut points: Vec<Point> = steps.map(|(step, count)| self.place(step, count / curve.unit)).collect();
            points.extend(points.last().map(|last| at(self.x.place(self.until_s), last.y)));
            let line = lines::simplified(&lines::thinned(&points), NEAR);
            picture.line(line, theme::tint(curve.look.colour, THIN), 0.8);
        }
    }

    fn place(&self, step: usize, value: f64) -> Point {
        at(self.x.place((step as f64 * self.step_s).min(self.until_s)), self.y.place(value))
    }

    fn median(&self, picture: &mut Picture, curve: &StageCurve) {
        picture.line(self.points(curve, |band| band.median), curve.look.colour, curve.look.stroke());
    }

    /// What the curve says, at most [`HINTS`] times.
    fn hints(&self, picture: &mut Picture, curve: &StageCurve) {
        let stride = curve.bands.len().div_ceil(HINTS).max(1);
        for (step, band) in curve.bands.iter().enumerate().step_by(stride) {
            let seconds = step as f64 * self.step_s;
            if seconds > self.until_s {
                break;
            }
            let text = format!(
                "{} after {}: {} of {} Ready (90 % between {} and {})",
                curve.name,
                words::duration(seconds),
                words::mean_count(band.median),
                words::count(curve.desired.into()),
                words::mean_count(band.p05),
                words::mean_count(band.p95)
            );
            picture.hint(at(self.x.place(seconds), self.y.place(band.median / curve.unit)), text);
        }
    }

    /// The curve up to the end of the axis.
    fn points(&self, curve: &StageCurve, value: fn(&Band) -> f64) -> Vec<Point> {
        let bands = curve.bands.iter().enumerate();
        let mut points: Vec<Point> = bands.map(|(step, band)| self.place(step, value(band) / curve.unit)).collect();
        points.extend(points.last().map(|last| at(self.x.place(self.until_s), last.y)));
        lines::simplified(&lines::thinned(&points), 0.25)
    }
}
