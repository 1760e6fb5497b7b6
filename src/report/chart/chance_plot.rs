//! Chances to be ready within a time as steps over an axis of time, with a deadline.

use crate::report::chances::{self, Chance};
use crate::report::words::{duration, percent};

use super::axis::{self, Scale};
use super::font;
use super::frame::Plot;
use super::lines;
use super::picture::{Anchor, Picture, Point, at};
use super::theme::{BAND, Colour, DEADLINE, INK, LABEL, PAPER, SMALL, STROKE};
use super::wording;

/// A chance over time.
pub struct ChanceCurve<'a> {
    /// What is ready or not.
    pub name: &'a str,
    /// How many scale-ups tell.
    pub replications: usize,
    /// The chance at each time at which it changes.
    pub chances: Vec<Chance>,
    /// The colour of its line.
    pub colour: Colour,
}

impl ChanceCurve<'_> {
    /// The chance to be ready within any time.
    pub fn within(&self, seconds: f64) -> f64 {
        chances::at(&self.chances, seconds, self.replications).probability
    }
}

/// A plot whose axes are drawn.
pub struct ChancePlot {
    plot: Plot,
    x: Scale,
    y: Scale,
    ends: (f64, f64),
}

impl ChancePlot {
    /// One that shows all changes of these curves, and the deadline.
    pub fn new(picture: &mut Picture, plot: Plot, curves: &[ChanceCurve<'_>], deadline: Option<f64>) -> Self {
        let changes = curves.iter().flat_map(|curve| &curve.chances).map(|chance| chance.within_s);
        let times: Vec<f64> = changes.chain(deadline).collect();
        let (low, high) = (times.iter().copied().reduce(f64::min), times.iter().copied().reduce(f64::max));
        let times = axis::times_between(low.unwrap_or(0.0), high.unwrap_or(0.0), 6);
        let (x, ends) = (times.across(&plot), times.ends);
        let y = axis::vertical(picture, &plot, &axis::share_ticks());
        axis::horizontal(picture, &plot, &x, &times.ticks, &wording::since(times.ends.0));
        Self { plot, x, y, ends }
    }

    /// The place of a chance.
    pub fn place(&self, seconds: f64, probability: f64) -> Point {
        at(self.x.place(seconds), self.y.place(probability))
    }

    /// The steps of a curve, or of one end of its intervals, from one end of the axis to the other.
    fn steps(&self, curve: &ChanceCurve<'_>, of: fn(&Chance) -> f64) -> Vec<Point> {
        let (begin, end) = self.ends;
        let first = chances::at(&curve.chances, f64::NEG_INFINITY, curve.replications);
        let last = curve.chances.last().unwrap_or(&first);
        let mut points = vec![self.place(begin, of(&first))];
        points.extend(curve.chances.iter().map(|chance| self.place(chance.within_s, of(chance))));
        points.push(self.place(end, of(last)));
        lines::steps(&points)
    }

    /// What is known about a chance: its interval at every time.
    pub fn band(&self, picture: &mut Picture, curve: &ChanceCurve<'_>) {
        let low = self.steps(curve, |chance| chance.interval.low);
        let high = self.steps(curve, |chance| chance.interval.high);
        picture.band(&low, &high, curve.colour, BAND);
    }

    /// A chance and what it says.
    pub fn curve(&self, picture: &mut Picture, curve: &ChanceCurve<'_>) {
        picture.line(self.steps(curve, |chance| chance.probability), curve.colour, STROKE);
        for chance in curve.chances.iter().step_by(curve.chances.len().div_ceil(40).max(1)) {
            let (share, within) = (percent(chance.probability), duration(chance.within_s));
            let (low, high) = (percent(chance.interval.low), percent(chance.interval.high));
            let text = format!("{} ready within {within} in {share} of scale-ups (95 %: {low} to {high})", curve.name);
            picture.hint(self.place(chance.within_s, chance.probability), text);
        }
    }

    /// The deadline as an upright line.
    pub fn deadline(&self, picture: &mut Picture, seconds: f64) {
        let x = self.x.place(seconds);
        picture.line([at(x, self.plot.top), at(x, self.plot.bottom)], DEADLINE, 1.6);
    }

    /// The words of the deadline, with the chance to meet it if there is one curve, at the foot of its line: right of
    /// it, or left where there is no room.
    pub fn label_deadline(&self, picture: &mut Picture, seconds: f64, chance: Option<f64>) {
        let chance = chance.map_or(String::new(), |chance| format!(": {}", percent(chance)));
        let text = format!("deadline {}{chance}", duration(seconds));
        let (x, y) = (self.x.place(seconds), self.plot.bottom - 10.0);
        let width = font::width(&text, SMALL);
        let fits = x + 8.0 + width < self.plot.right;
        let (anchor, left) = if fits { (Anchor::Start, x + 6.0) } else { (Anchor::End, x - 6.0 - width) };
        picture.rectangle(at(left - 3.0, y - LABEL), at(left + width + 3.0, y + 5.0), PAPER, 0.9);
        picture.text(at(if fits { left } else { x - 6.0 }, y), anchor, SMALL, INK, text);
    }
}
