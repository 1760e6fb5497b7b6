//! Readiness curves of one case: how many of each stage were Ready over time.
//!
//! Must not know: other cases.

use crate::experiment::results::CaseResult;
use crate::report::study::Study;
use crate::report::words::{self, plural};
use crate::stats::Band;
use crate::time::Time;

use super::axis::{self, Scale, Ticks};
use super::frame::Frame;
use super::picture::{Picture, Point, at};
use super::theme::{self, BAND, HEIGHT, Look, STROKE};

/// The most places on a curve whose values a page shows.
const HINTS: usize = 100;

/// A stage's band over time.
struct Curve<'a> {
    name: &'a str,
    look: Look,
    desired: u32,
    bands: &'a [Band],
}

/// The chart of a case; absent if its curves are not known.
pub fn picture(study: &Study, number: usize) -> Option<Picture> {
    let (results, case) = (&study.results, &study.results.cases[number]);
    let curves = curves(case, &study.bands[number]);
    if curves.iter().all(|curve| curve.bands.is_empty()) {
        return None;
    }
    let name = &study.cases[number].name;
    let mut frame = Frame::new(HEIGHT, &format!("Readiness over time, {name}"));
    let counted = curves.iter().all(|curve| curve.desired == curves[0].desired);
    let what = if counted { "How many are Ready" } else { "Share of those wanted that are Ready" };
    let which = match case.replications.len() {
        1 => "one simulated scale-up".to_owned(),
        many => format!("median of {}; bands hold 90 % of them", plural(many as u64, "simulated scale-up")),
    };
    frame.note(&format!("{}: {which}", results.scenario));
    frame.note(what);
    frame.legend(&curves.iter().map(|curve| (curve.look, curve.name)).collect::<Vec<_>>());
    let plot = frame.plot(if counted { 52.0 } else { 44.0 }, 6.0);
    let largest = if counted { curves.first().map_or(1, |curve| curve.desired) } else { 1 };
    let counts = if counted { axis::count_ticks(f64::from(largest), 6) } else { axis::share_ticks() };
    let y = Scale::linear((0.0, counts.end), (plot.bottom, plot.top));
    let seconds = shown_s(case, &curves);
    let times = axis::time_ticks(seconds, 9);
    let x = Scale::linear((0.0, seconds.max(f64::MIN_POSITIVE)), (plot.left, plot.right));
    axis::vertical(&mut frame.picture, &plot, &y, &counts.ticks);
    axis::horizontal(&mut frame.picture, &plot, &x, &until(&times, seconds), &title(times.unit));
    let pen = Pen { x, y, step_s: case.curve_step.as_secs_f64(), until_s: seconds, counted };
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

fn curves<'a>(case: &'a CaseResult, bands: &'a [Vec<Band>]) -> Vec<Curve<'a>> {
    let looks = theme::looks(&case.stages);
    let stages = case.stages.iter().zip(looks).zip(bands);
    stages.map(|((stage, look), bands)| Curve { name: &stage.name, look, desired: stage.desired, bands }).collect()
}

/// How many seconds are shown: until nothing changes any more, or all are ready, and a little.
fn shown_s(case: &CaseResult, curves: &[Curve]) -> f64 {
    let times = case.replications.iter().flat_map(|replication| &replication.stages);
    let ready = times.filter_map(|times| times.ready).max().map_or(0.0, Time::as_secs_f64);
    (case.curve_step.as_secs_f64() * settled(curves) as f64).max(1.02 * ready)
}

/// The number of steps after which nothing changes any more, and a little.
fn settled(curves: &[Curve]) -> usize {
    let last_change =
        |curve: &Curve| curve.bands.windows(2).rposition(|pair| pair[0] != pair[1]).map_or(0, |at| at + 1);
    let steps = curves.iter().map(last_change).max().unwrap_or(0);
    (steps + steps / 50 + 1).max(2)
}

/// The title of an axis of time whose numbers carry their units.
pub const LONG_TITLE: &str = "Time since creating the workload";

/// The title of an axis of time.
pub fn title(unit: &str) -> String {
    format!("Time since creating the workload ({unit})")
}

/// The numbers of an axis that ends at `seconds`.
pub fn until(ticks: &Ticks, seconds: f64) -> Vec<axis::Tick> {
    ticks.ticks.iter().filter(|tick| tick.value <= seconds * 1.000_001).cloned().collect()
}

struct Pen {
    x: Scale,
    y: Scale,
    step_s: f64,
    until_s: f64,
    counted: bool,
}

impl Pen {
    fn band(&self, picture: &mut Picture, curve: &Curve) {
        let low = self.points(curve, |bands| bands.iter().map(|band| band.p05).fold(f64::INFINITY, f64::min));
        let high = self.points(curve, |bands| bands.iter().map(|band| band.p95).fold(0.0, f64::max));
        picture.band(&low, &high, curve.look.colour, BAND);
    }

    fn median(&self, picture: &mut Picture, curve: &Curve) {
        let points = self.points(curve, |bands| bands[bands.len() - 1].median);
        picture.line(points, curve.look.colour, STROKE);
    }

    /// What the curve says, at most [`HINTS`] times.
    fn hints(&self, picture: &mut Picture, curve: &Curve) {
        let stride = curve.bands.len().div_ceil(HINTS).max(1);
        let full = if self.counted { 1.0 } else { f64::from(curve.desired.max(1)) };
        for (step, band) in curve.bands.iter().enumerate().step_by(stride) {
            let seconds = step as f64 * self.step_s;
            if seconds > self.until_s {
                break;
            }
            let count = |value: f64| words::mean_count(value);
            let text = format!(
                "{} after {}: {} of {} Ready (90 % between {} and {})",
                curve.name,
                words::duration(seconds),
                count(band.median),
                words::count(curve.desired.into()),
                count(band.p05),
                count(band.p95)
            );
            picture.hint(at(self.x.place(seconds), self.y.place(band.median / full)), text);
        }
    }

    /// The curve with at most two points per pixel: each stands for the steps since the one before.
    fn points(&self, curve: &Curve, value: impl Fn(&[Band]) -> f64) -> Vec<Point> {
        let pixels = (self.x.place(self.until_s) - self.x.place(0.0)).max(1.0);
        let stride = (self.until_s / self.step_s / (2.0 * pixels)).ceil().max(1.0) as usize;
        let full = if self.counted { 1.0 } else { f64::from(curve.desired.max(1)) };
        let place = |seconds: f64, count: f64| at(self.x.place(seconds.min(self.until_s)), self.y.place(count / full));
        let mut points = Vec::new();
        let mut end = 0;
        for bands in curve.bands.chunks(stride) {
            end += bands.len();
            points.push(place((end - 1) as f64 * self.step_s, value(bands)));
        }
        if let Some(last) = curve.bands.last() {
            points.push(place(self.until_s, value(std::slice::from_ref(last))));
        }
        without_straight_points(&points)
    }
}

/// The same line without points between two others of the same height.
pub fn without_straight_points(points: &[Point]) -> Vec<Point> {
    let straight = |number: usize| {
        let [before, here, after] = [number - 1, number, number + 1].map(|number| points[number].y);
        (before - here).abs() < 0.01 && (here - after).abs() < 0.01
    };
    let inner = 1..points.len().saturating_sub(1);
    (0..points.len())
        .filter(|number| !inner.contains(number) || !straight(*number))
        .map(|number| points[number])
        .collect()
}
