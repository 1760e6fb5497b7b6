//! Cost against time: what each case of a sweep costs until everything is ready, and when that is.

use crate::report::study::Study;
use crate::report::summary::CaseSummary;
use crate::report::words::duration;

use super::CASES_MAX;
use super::axis;
use super::cases::{self, short_name};
use super::font;
use super::frame::Plot;
use super::picture::{Anchor, Picture, Point, at};
use super::theme::{self, Colour, INK, Look, MARK, SMALL};
use super::wording;

/// A case as a point.
struct CostPoint {
    name: String,
    colour: Colour,
    number: usize,
    time_s: f64,
    usd: f64,
}

/// The chart; absent unless several cases became ready and have a price.
pub fn picture(study: &Study) -> Option<Picture> {
    let points = points(study);
    if points.len() < 2 || points.iter().all(|point| point.usd <= 0.0) {
        return None;
    }
    let goal = study.cases[0].goal()?.stage.clone();
    let of = if study.results.replications == 1 { "" } else { ", means" };
    let note = format!("cost of all nodes until {goal} is ready, and when that is{of}");
    let mut frame = cases::frame(study, "Cost against time", "", &note, CASES_MAX, "costs.csv and times.csv");
    frame.legend(
        points.iter().map(|point| (Look::plain(point.colour), format!("{}: {}", point.number + 1, point.name))),
    );
    frame.note("US dollars");
    let plot = frame.plot(48.0, 10.0);
    let times = axis::time_ticks(points.iter().map(|point| point.time_s).fold(0.0, f64::max), 8);
    let amounts = axis::amount_ticks(points.iter().map(|point| point.usd).fold(0.0, f64::max), 6);
    let x = times.across(&plot);
    let y = axis::vertical(&mut frame.picture, &plot, &amounts);
    axis::horizontal(&mut frame.picture, &plot, &x, &times.ticks, &wording::since_creation(times.unit));
    let places: Vec<Point> = points.iter().map(|point| at(x.place(point.time_s), y.place(point.usd))).collect();
    for (point, place) in points.iter().zip(&places) {
        Look::plain(point.colour).mark(&mut frame.picture, *place);
        frame.picture.hint(*place, format!("{}: {}", point.name, point.words()));
    }
    numbers(&mut frame.picture, &plot, &points, &places);
    let told = points.iter().map(|point| format!("{} {}", point.name, point.words()));
    Some(frame.finish(format!("Cost until {goal} is ready: {}.", wording::list(told))))
}

fn points(study: &Study) -> Vec<CostPoint> {
    let shown = study.cases.len().min(CASES_MAX);
    let point = |number: usize| {
        let case: &CaseSummary = &study.cases[number];
        let goal = case.goal()?;
        let cost = case.costs.iter().find(|cost| cost.until == goal.stage)?.dollars.as_ref()?;
        Some(CostPoint {
            name: short_name(&study.results, &study.results.cases[number]),
            colour: theme::in_order(number, shown),
            number,
            time_s: goal.ready.as_ref()?.mean,
            usd: cost.mean,
        })
    };
    (0..shown).filter_map(point).collect()
}

impl CostPoint {
    fn words(&self) -> String {
        format!("{:.2} US dollars after {}", self.usd, duration(self.time_s))
    }
}

/// The number of each point where nothing else is.
fn numbers(picture: &mut Picture, plot: &Plot, cases: &[CostPoint], places: &[Point]) {
    let mut taken: Vec<(f64, f64, f64, f64)> =
        places.iter().map(|place| (place.x - 5.0, place.y - 5.0, place.x + 5.0, place.y + 5.0)).collect();
    for (case, place) in cases.iter().zip(places) {
        let text = (case.number + 1).to_string();
        let half = 0.5 * font::width(&text, SMALL) + 1.0;
        let free = |middle: &Point| {
            let (left, top, right, bottom) = (middle.x - half, middle.y - 7.0, middle.x + half, middle.y + 7.0);
            let inside = left > plot.left && right < plot.right + 8.0 && top > plot.top - 14.0 && bottom < plot.bottom;
            inside
                && taken.iter().all(|other| left >= other.2 || right <= other.0 || top >= other.3 || bottom <= other.1)
        };
        let Some(middle) = around(*place).find(free) else { continue };
        taken.push((middle.x - half, middle.y - 7.0, middle.x + half, middle.y + 7.0));
        picture.label(middle, Anchor::Middle, SMALL, INK, text);
    }
}

/// Places around a point, the nearest first.
fn around(place: Point) -> impl Iterator<Item = Point> {
    const DIRECTIONS: [(f64, f64); 8] =
        [(0.0, -1.0), (1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.8, -0.8), (-0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)];
    (1..5).flat_map(move |ring| {
        let distance = MARK + 9.0 + 14.0 * f64::from(ring - 1);
        DIRECTIONS.map(move |(right, down)| at(place.x + right * distance, place.y + down * distance))
    })
}
