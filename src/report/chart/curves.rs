//! Readiness curves of one case: how many of each stage were Ready over time.

use crate::experiment::results::CaseResult;
use crate::model::record::Stage;
use crate::report::study::Study;
use crate::report::words::{self, plural};
use crate::stats::Band;
use crate::time::Time;

use super::axis::{self, Scale};
use super::frame::Frame;
use super::lines;
use super::picture::{Picture, Point, at};
use super::theme::{self, BAND, HEIGHT, Look, STROKE};
use super::wording;

/// The most places on a curve whose values a page shows.
const HINTS: usize = 100;

/// A stage's band over time.
struct StageCurve<'a> {
    name: &'a str,
    look: Look,
    desired: u32,
    /// How many of them are 1 on the vertical axis.
    unit: f64,
    bands: &'a [Band],
}

/// The chart of a case; absent if its curves are not known.
pub fn picture(study: &Study, number: usize) -> Option<Picture> {
    let (results, case) = (&study.results, &study.results.cases[number]);
    let counted = case.stages.iter().all(|stage| stage.desired == case.stages[0].desired);
    let curves = curves(case, &study.bands[number], counted);
    if curves.iter().all(|curve| curve.bands.is_empty()) {
        return None;
    }
    let name = &study.cases[number].name;
    let mut frame = Frame::new(HEIGHT, &format!("Readiness over time, {name}"));
    let what = if counted { "How many are Ready" } else { "Share of those wanted that are Ready" };
    let which = match case.replications.len() {
        1 => "one simulated scale-up".to_owned(),
        many => format!("median of {}; bands hold 90 % of them", plural(many as u64, "simulated scale-up")),
    };
    frame.note(&format!("{}: {which}", results.scenario));
    frame.note(what);
    frame.legend(curves.iter().map(|curve| (curve.look, curve.name)));
    let plot = frame.plot(if counted { 52.0 } else { 44.0 }, 6.0);
    let counts = if counted { axis::count_ticks(curves[0].desired.into(), 6) } else { axis::share_ticks() };
    let y = axis::vertical(&mut frame.picture, &plot, &counts);
    let until_s = shown_s(case, &curves);
    let times = axis::elapsed(until_s);
    let x = times.across(&plot);
    axis::horizontal(&mut frame.picture, &plot, &x, &times.ticks, &wording::since_creation(times.unit));
    let pen = Pen { x, y, step_s: case.curve_step.as_secs_f64(), until_s };
    for curve in &curves {
        frame.picture.group(curve.name);
        pen.band(&mut frame.picture, curve);
    }
    for curve in &curves {
        frame.picture.group(curve.name);
        pen.median(&mut frame.picture, curve);
        pen.hints(&mut frame.picture, curve);
    }
    frame.picture.group("");
    let names: Vec<&str> = curves.iter().map(|curve| curve.name).collect();
    let alt = format!("How many of {} were Ready over time, {name}, {}.", names.join(", "), results.scenario);
    Some(frame.finish(alt))
}

fn curves<'a>(case: &'a CaseResult, bands: &'a [Vec<Band>], counted: bool) -> Vec<StageCurve<'a>> {
    let stages = case.stages.iter().zip(theme::looks(&case.stages)).zip(bands);
    let curve = |((stage, look), bands): ((&'a Stage, Look), &'a Vec<Band>)| {
        let unit = if counted { 1.0 } else { f64::from(stage.desired.max(1)) };
        StageCurve { name: &stage.name, look, desired: stage.desired, unit, bands }
    };
    stages.map(curve).collect()
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
    fn band(&self, picture: &mut Picture, curve: &StageCurve) {
        let low = self.points(curve, |band| band.p05);
        let high = self.points(curve, |band| band.p95);
        picture.band(&low, &high, curve.look.colour, BAND);
    }

    fn median(&self, picture: &mut Picture, curve: &StageCurve) {
        picture.line(self.points(curve, |band| band.median), curve.look.colour, STROKE);
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
        let place = |seconds: f64, band: &Band| {
            at(self.x.place(seconds.min(self.until_s)), self.y.place(value(band) / curve.unit))
        };
        let bands = curve.bands.iter().enumerate();
        let mut points: Vec<Point> = bands.map(|(step, band)| place(step as f64 * self.step_s, band)).collect();
        points.extend(curve.bands.last().map(|last| place(self.until_s, last)));
        lines::without_straight_points(&lines::thinned(&points))
    }
}
