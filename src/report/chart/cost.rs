//! Cost against time: what each case costs until everything is ready, when that is, and which of them are neither
//! beaten in time nor in cost.

use crate::report::study::Study;
use crate::report::words::duration;

use super::axis;
use super::cases::{self, short_name};
use super::font;
use super::frame::{Frame, Plot};
use super::picture::{Anchor, Picture, Point, at};
use super::theme::{self, GREY, INK, Look, MARK, SMALL, WIDTH};
use super::wording;

/// More points than this have no intervals, which would hide one another.
const INTERVALS_MAX: usize = 40;

/// A case as a point, with the ends of its intervals.
struct CostPoint {
    name: String,
    time_s: f64,
    time_ends: (f64, f64),
    usd: f64,
    usd_ends: (f64, f64),
    /// Whether no other case is as fast and as cheap.
    best: bool,
}

/// The chart; absent unless several cases became ready and have a price.
pub fn picture(study: &Study) -> Option<Picture> {
    let points = points(study);
    if points.len() < 2 || points.iter().all(|point| point.usd <= 0.0) {
        return None;
    }
    let goal = study.cases[0].goal()?.stage.clone();
    let several = study.results.replications > 1;
    let intervals = several && points.len() <= INTERVALS_MAX;
    let note = format!(
        "cost in US dollars of all nodes until {goal} is ready{}{}",
        if several { ", means" } else { "" },
        if intervals { " with 95 % intervals" } else { "" }
    );
    let mut frame = cases::frame(study, &finding(&points), &note);
    let best = points.iter().filter(|point| point.best).count();
    if best < points.len() {
        let on = (Look::plain(theme::FASTER), "nothing is both faster and cheaper");
        frame.legend_of_points([on, (Look::plain(GREY), "something is")]);
    }
    let plot = frame.plot(46.0, 20.0);
    let ends = |of: fn(&CostPoint) -> (f64, f64)| {
        points.iter().map(of).fold((f64::MAX, 0.0_f64), |(low, high), end| (low.min(end.0), high.max(end.1)))
    };
    let ((from, to), (least, most)) = (ends(|point| point.time_ends), ends(|point| point.usd_ends));
    let (times, amounts) = (axis::times_between(from, to, 6), axis::amounts_between(least, most, 6));
    let x = times.across(&plot);
    let y = axis::vertical(&mut frame.picture, &plot, &amounts);
    axis::horizontal(&mut frame.picture, &plot, &x, &times.ticks, &wording::since(times.ends.0));
    let picture = &mut frame.picture;
    let place = |point: &CostPoint| at(x.place(point.time_s), y.place(point.usd));
    let mut frontier: Vec<Point> = points.iter().filter(|point| point.best).map(place).collect();
    frontier.sort_by(|a, b| a.x.total_cmp(&b.x));
    picture.line(frontier, theme::tint(theme::FASTER, 0.45), 1.6);
    for point in &points {
        let colour = if point.best { theme::FASTER } else { GREY };
        let here = place(point);
        if intervals {
            picture.line([at(x.place(point.time_ends.0), here.y), at(x.place(point.time_ends.1), here.y)], colour, 1.2);
            picture.line([at(here.x, y.place(point.usd_ends.0)), at(here.x, y.place(point.usd_ends.1))], colour, 1.2);
        }
        Look::plain(colour).mark(picture, here);
        picture.hint(here, format!("{}: {}", point.name, point.words()));
    }
    let places: Vec<Point> = points.iter().map(place).collect();
    let mut taken = marks(&places);
    for (point, here) in points.iter().zip(&places).filter(|_| intervals) {
        let (from, to) = (x.place(point.time_ends.0), x.place(point.time_ends.1));
        let (low, high) = (y.place(point.usd_ends.0), y.place(point.usd_ends.1));
        taken.extend([(from, here.y - 1.0, to, here.y + 1.0), (here.x - 1.0, high, here.x + 1.0, low)]);
    }
    names(&mut frame, &plot, &points, &places, taken);
    let told = points.iter().filter(|point| point.best).map(|point| format!("{} {}", point.name, point.words()));
    Some(
        frame.finish(format!(
            "Cost until {goal} is ready, where nothing is faster and cheaper: {}.",
            wording::list(told)
        )),
    )
}

/// `15.00 US dollars with 100 nodes to 94.00 with 300 nodes`.
fn finding(points: &[CostPoint]) -> String {
    let cost = |a: &&CostPoint, b: &&CostPoint| a.usd.total_cmp(&b.usd);
    let time = |a: &&CostPoint, b: &&CostPoint| a.time_s.total_cmp(&b.time_s);
    let (Some(cheapest), Some(fastest)) = (points.iter().min_by(cost), points.iter().min_by(time)) else {
        return String::new();
    };
    let tell = |point: &CostPoint| format!("{} ({}, {:.2} USD)", point.name, duration(point.time_s), point.usd);
    if cheapest.name == fastest.name {
        return format!("Fastest and cheapest: {}", tell(fastest));
    }
    format!("Fastest: {}; cheapest: {}", tell(fastest), tell(cheapest))
}

fn points(study: &Study) -> Vec<CostPoint> {
    let point = |number: usize| {
        let case = &study.cases[number];
        let (goal, result) = (case.goal()?, &study.results.cases[number]);
        let cost = case.costs.iter().find(|cost| cost.until == goal.stage)?.dollars.as_ref()?;
        let time = goal.ready.as_ref()?;
        let ends = |mean: f64, low: Option<f64>, high: Option<f64>| (low.unwrap_or(mean), high.unwrap_or(mean));
        Some(CostPoint {
            name: short_name(&study.results, result),
            time_s: time.mean,
            time_ends: ends(time.mean, time.ci95_low, time.ci95_high),
            usd: cost.mean,
            usd_ends: ends(cost.mean, cost.ci95_low, cost.ci95_high),
            best: false,
        })
    };
    let mut points: Vec<CostPoint> = (0..study.cases.len()).filter_map(point).collect();
    let all: Vec<(f64, f64)> = points.iter().map(|point| (point.time_s, point.usd)).collect();
    for point in &mut points {
        let beats = |(time, usd): &(f64, f64)| {
            *time <= point.time_s && *usd <= point.usd && (*time < point.time_s || *usd < point.usd)
        };
        point.best = !all.iter().any(beats);
    }
    points
}

impl CostPoint {
    fn words(&self) -> String {
        format!("{:.2} US dollars after {}", self.usd, duration(self.time_s))
    }
}

/// What is taken: left, top, right, bottom.
type TakenRoom = (f64, f64, f64, f64);

/// What the marks of points take.
fn marks(places: &[Point]) -> Vec<TakenRoom> {
    places.iter().map(|place| (place.x - 5.0, place.y - 5.0, place.x + 5.0, place.y + 5.0)).collect()
}

/// The name of each point where nothing else is, those on the frontier first.
fn names(frame: &mut Frame, plot: &Plot, points: &[CostPoint], places: &[Point], mut taken: Vec<TakenRoom>) {
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.sort_by_key(|number| !points[*number].best);
    for number in order {
        let name = &points[number].name;
        let half = 0.5 * font::width(name, SMALL) + 1.0;
        let free = |middle: &Point| {
            let (left, top, right, bottom) = (middle.x - half, middle.y - 8.0, middle.x + half, middle.y + 8.0);
            let inside = left > plot.left && right < f64::from(WIDTH) - 2.0 && top > plot.top && bottom < plot.bottom;
            inside
                && taken.iter().all(|other| left >= other.2 || right <= other.0 || top >= other.3 || bottom <= other.1)
        };
        let Some(middle) = around(places[number], half).find(free) else { continue };
        taken.push((middle.x - half, middle.y - 8.0, middle.x + half, middle.y + 8.0));
        frame.picture.label(middle, Anchor::Middle, SMALL, INK, &**name);
    }
}

/// Places around a point for a text of this half width, the nearest first.
fn around(place: Point, half: f64) -> impl Iterator<Item = Point> {
    (0..2).flat_map(move |ring| {
        let (beside, above) = (half + MARK + 5.0, 15.0 + 16.0 * f64::from(ring));
        let far = 18.0 * f64::from(ring);
        [(beside, far), (-beside, far), (0.0, -above), (0.0, above), (0.7 * half, -above), (-0.7 * half, -above)]
            .into_iter()
            .chain([(0.7 * half, above), (-0.7 * half, above), (beside, -far), (-beside, -far)])
            .map(move |(right, down)| at(place.x + right, place.y + down))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::picture::Element;

    const PLOT: Plot = Plot { left: 60.0, right: 500.0, top: 40.0, bottom: 340.0 };

    /// The names of points at these places, as they are written: their middles and half widths.
    fn written(places: &[Point]) -> Vec<(Point, f64)> {
        let point = |number: usize| CostPoint {
            name: format!("case {number}"),
            time_s: 60.0,
            time_ends: (60.0, 60.0),
            usd: 1.0,
            usd_ends: (1.0, 1.0),
            best: false,
        };
        let points: Vec<CostPoint> = (0..places.len()).map(point).collect();
        let mut frame = Frame::new(400, "");
        names(&mut frame, &PLOT, &points, places, marks(places));
        let text = |shape: &Element| match shape {
            Element::Text(text) if !text.content.is_empty() => {
                let half = 0.5 * font::width(&text.content, text.size);
                Some((at(text.at.x, text.at.y - 0.36 * text.size), half))
            }
            _ => None,
        };
        frame.picture.shapes.iter().filter_map(text).collect()
    }

    #[test]
    fn a_name_stands_beside_its_point_where_there_is_room() {
        let places = [at(100.0, 60.0), at(300.0, 100.0), at(200.0, 200.0), at(495.0, 300.0)];
        let written = written(&places);
        assert_eq!(written.len(), places.len());
        for ((middle, half), place) in written.iter().zip(places).take(3) {
            assert!((middle.y - place.y).abs() < 1e-9, "{middle:?} at {place:?}");
            let gap = middle.x - half - place.x;
            assert!((5.0..MARK + 8.0).contains(&gap), "{gap} px right of {place:?}");
        }
        assert!(written[3].0.x + written[3].1 < f64::from(WIDTH), "the last one ends within the picture");
    }

    #[test]
    fn names_keep_off_points_and_off_each_other() {
        let places: Vec<Point> =
            (0..20).map(|n| at(250.0 + 14.0 * f64::from(n % 5), 150.0 + 14.0 * f64::from(n / 5))).collect();
        let written = written(&places);
        assert!(written.len() > 3, "some have room: {}", written.len());
        for (number, (middle, half)) in written.iter().enumerate() {
            let free =
                |place: &Point| (place.x - middle.x).abs() >= half + 5.0 || (place.y - middle.y).abs() >= 8.0 + 5.0;
            assert!(places.iter().all(free), "{middle:?} is on a point");
            let apart = |(other, its): &(Point, f64)| {
                (other.x - middle.x).abs() >= half + its || (other.y - middle.y).abs() >= 16.0
            };
            assert!(written[..number].iter().all(apart), "{middle:?} is on another");
        }
    }
}
