//! Cost against time: what each case of a sweep costs until everything is ready, and when that is.
//!
//! Must not know: what a node costs, and which case is the better one.

use crate::report::study::Study;
use crate::report::summary::CaseSummary;
use crate::report::words::{self, duration};

use super::CASES_MAX;
use super::axis::{self, Scale};
use super::font;
use super::frame::{Frame, Plot};
use super::picture::{Anchor, Picture, Point, at};
use super::rows::{common, short_name};
use super::theme::{self, Colour, HEIGHT, INK, Look, MARK, SMALL};

/// A case as a point.
struct Case {
    name: String,
    colour: Colour,
    number: usize,
    time_s: f64,
    usd: f64,
}

/// The chart; absent unless several cases became ready and have a price.
pub fn picture(study: &Study) -> Option<Picture> {
    let cases = cases(study);
    if cases.len() < 2 || cases.iter().all(|case| case.usd <= 0.0) {
        return None;
    }
    let goal = study.cases[0].goal()?.stage.clone();
    let mut frame = Frame::new(HEIGHT, "Cost against time");
    let of = if study.results.replications == 1 { "" } else { ", means" };
    frame.note(&format!("{}: cost of all nodes until {goal} is ready, and when that is{of}", study.results.scenario));
    if let Some(common) = common(&study.results) {
        frame.note(&common);
    }
    if study.cases.len() > CASES_MAX {
        let more = words::count((study.cases.len() - CASES_MAX) as u64);
        frame.note(&format!("The first {CASES_MAX} cases; {more} more are in costs.csv and times.csv"));
    }
    let names: Vec<String> = cases.iter().map(|case| format!("{}: {}", case.number + 1, case.name)).collect();
    let looks = cases.iter().map(|case| Look::plain(case.colour));
    frame.legend(&looks.zip(names.iter().map(String::as_str)).collect::<Vec<_>>());
    frame.note("US dollars");
    let plot = frame.plot(48.0, 10.0);
    let times = axis::time_ticks(cases.iter().map(|case| case.time_s).fold(0.0, f64::max), 8);
    let amounts = axis::amount_ticks(cases.iter().map(|case| case.usd).fold(0.0, f64::max), 6);
    let x = Scale::linear((0.0, times.end), (plot.left, plot.right));
    let y = Scale::linear((0.0, amounts.end), (plot.bottom, plot.top));
    axis::vertical(&mut frame.picture, &plot, &y, &amounts.ticks);
    axis::horizontal(&mut frame.picture, &plot, &x, &times.ticks, &super::curves::title(times.unit));
    points(&mut frame.picture, &plot, (&x, &y), &cases);
    let told =
        cases.iter().map(|case| format!("{} {:.2} US dollars after {}", case.name, case.usd, duration(case.time_s)));
    Some(frame.finish(format!("Cost until {goal} is ready: {}.", told.collect::<Vec<_>>().join("; "))))
}

fn cases(study: &Study) -> Vec<Case> {
    let shown = study.cases.len().min(CASES_MAX);
    let point = |number: usize| {
        let case: &CaseSummary = &study.cases[number];
        let goal = case.goal()?;
        let cost = case.costs.iter().find(|cost| cost.until == goal.stage)?.dollars.as_ref()?;
        let name = short_name(&study.results, &study.results.cases[number]);
        Some(Case {
            name: if name.is_empty() { case.name.clone() } else { name },
            colour: theme::in_order(number, shown),
            number,
            time_s: goal.ready.as_ref()?.mean,
            usd: cost.mean,
        })
    };
    (0..shown).filter_map(point).collect()
}

/// The points, each with its number where nothing else is.
fn points(picture: &mut Picture, plot: &Plot, (x, y): (&Scale, &Scale), cases: &[Case]) {
    let places: Vec<Point> = cases.iter().map(|case| at(x.place(case.time_s), y.place(case.usd))).collect();
    let mut taken: Vec<(f64, f64, f64, f64)> =
        places.iter().map(|place| (place.x - 5.0, place.y - 5.0, place.x + 5.0, place.y + 5.0)).collect();
    for (case, place) in cases.iter().zip(&places) {
        Look::plain(case.colour).mark(picture, *place);
        picture.hint(*place, format!("{}: {:.2} US dollars after {}", case.name, case.usd, duration(case.time_s)));
    }
    for (case, place) in cases.iter().zip(&places) {
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
        picture.text(at(middle.x, middle.y + 0.36 * SMALL), Anchor::Middle, SMALL, INK, text);
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
