//! Predicted against measured, both on logarithmic axes, with the band that counts as near enough.

use crate::report::tables::Predicted;
use crate::report::words;

use super::Chart;
use super::axis::{self, Scale, Tick};
use super::font;
use super::frame::Frame;
use super::picture::{Anchor, Picture, Point, at};
use super::theme::{BAND, FAINT_INK, FASTER, GREY, GRID, INK, LABEL, PAPER, SLOWER, SMALL};

/// The factor to both sides of the line of equal values that is shown.
const FACTOR: f64 = 1.3;
/// The height of the plot; about as wide, so that the line of equal values rises by half a right angle.
const SIDE: f64 = 560.0;
/// The radius of a mark, and half the side of a square one.
const RADIUS: f64 = 4.6;
/// From seconds or pods to the ends of the axes, at least.
const LEAST: f64 = 0.5;

/// A point of the chart.
struct Mark {
    name: String,
    measured: f64,
    predicted: f64,
    is_count: bool,
    passes: bool,
    words: String,
}

/// The chart of all points that have a measured and a predicted number above zero; `None` without one.
pub fn chart(points: &[Predicted<'_>]) -> Option<Chart> {
    let marks: Vec<Mark> = points.iter().filter_map(mark).collect();
    let picture = picture(points, &marks)?;
    Some(Chart { name: "predicted".to_owned(), data: "predicted.csv", picture })
}

fn mark(point: &Predicted<'_>) -> Option<Mark> {
    let (measured, predicted) = (point.measured()?, point.mean()?);
    let measure = &point.judged.point.measure;
    let shown = |value: f64| words::value(measure, value);
    let what = words::measure(measure);
    let words = format!("{}: {what}: {} predicted, {} measured", point.name(), shown(predicted), shown(measured));
    let passes = point.judged.passes();
    let is_count = measure.is_count();
    let name = point.name().to_owned();
    (measured > 0.0 && predicted > 0.0).then_some(Mark { name, measured, predicted, is_count, passes, words })
}

fn picture(points: &[Predicted<'_>], marks: &[Mark]) -> Option<Picture> {
    let values = || marks.iter().flat_map(|mark| [mark.measured, mark.predicted]);
    let (low, high) = (values().reduce(f64::min)?, values().reduce(f64::max)?);
    let ends = ((0.7 * low).max(LEAST).min(low), 1.5 * high);
    let near = points.iter().filter(|point| point.judged.passes()).count();
    let title =
        format!("{near} of {} are near enough to what was measured", words::plural(points.len() as u64, "prediction"));
    let mut frame = Frame::new(0, &title);
    frame.note(&format!(
        "Times in seconds (circles) and counts of nodes or replicas (squares), hollow where they are not near enough. The \
         band is a factor of {FACTOR} to both sides; within 1.5 s is near enough too.{}",
        if marks.len() < points.len() { " What is zero has no place on such axes." } else { "" }
    ));
    frame.set_plot_height(SIDE);
    let plot = frame.plot(50.0, 60.0);
    let (x, y) = (Scale::logarithmic(ends, (plot.left, plot.right)), Scale::logarithmic(ends, (plot.bottom, plot.top)));
    let ticks = powers(ends);
    axis::vertical_lines(&mut frame.picture, &plot, &x, &ticks);
    for tick in &ticks {
        let height = y.place(tick.value);
        frame.picture.line([at(plot.left, height), at(plot.right, height)], GRID, 1.0);
        frame.picture.label(at(plot.left - 8.0, height), Anchor::End, SMALL, FAINT_INK, &*tick.label);
    }
    axis::horizontal(&mut frame.picture, &plot, &x, &ticks, "measured, upwards predicted: seconds, or a count");
    let band =
        |factor: f64| ends_of_line(ends, factor).map(|(measured, predicted)| at(x.place(measured), y.place(predicted)));
    frame.picture.band(&band(1.0 / FACTOR), &band(FACTOR), GREY, BAND);
    frame.picture.line(band(1.0), FAINT_INK, 1.2);
    draw_marks(&mut frame.picture, marks, &x, &y);
    let alt = format!("Predicted against measured on logarithmic axes: {title}.");
    Some(frame.finish(alt))
}

/// Both ends of the line of `factor` times what was measured, inside the axes.
fn ends_of_line((low, high): (f64, f64), factor: f64) -> [(f64, f64); 2] {
    let (from, to) = (low.max(low / factor), high.min(high / factor));
    [(from, from * factor), (to, to * factor)]
}

/// Every mark, and its name beside it where there is room.
fn draw_marks(picture: &mut Picture, marks: &[Mark], x: &Scale, y: &Scale) {
    let place = |mark: &Mark| at(x.place(mark.measured), y.place(mark.predicted));
    for mark in marks {
        draw_mark(picture, mark, place(mark));
    }
    let box_of = |mark: &Mark| (place(mark).x - RADIUS, place(mark).y, 2.0 * RADIUS);
    let mut taken: Vec<(f64, f64, f64)> = marks.iter().map(box_of).collect();
    for mark in marks {
        let (width, Point { x, y }) = (font::width(&mark.name, LABEL), place(mark));
        // Right above, right below, left above, left below: the first that covers nothing.
        let places = [(10.0, -8.0), (10.0, 10.0), (-10.0 - width, -8.0), (-10.0 - width, 10.0)];
        let mut places = places.into_iter().map(|(right, down)| (x + right, y + down, width));
        if let Some(free) = places.find(|own| taken.iter().all(|other| !covers(*own, *other))) {
            picture.label(at(free.0, free.1), Anchor::Start, LABEL, INK, mark.name.clone());
            taken.push(free);
        }
    }
}

/// A circle for a time, a square for a count; hollow where it is not near enough.
fn draw_mark(picture: &mut Picture, mark: &Mark, place: Point) {
    let (colour, hole) = if mark.passes { (FASTER, 1.2) } else { (SLOWER, 2.6) };
    if mark.is_count {
        let corner = |by: f64| at(place.x + by, place.y + by);
        picture.rectangle(corner(-RADIUS), corner(RADIUS), colour, 1.0);
    } else {
        picture.dot(place, RADIUS, colour);
    }
    picture.dot(place, hole, PAPER);
    picture.hint(place, mark.words.clone());
}

/// Whether names and marks, each a left end, a middle height and a width, are nearer than they can be read.
fn covers(one: (f64, f64, f64), other: (f64, f64, f64)) -> bool {
    let across = one.0 < other.0 + other.2 + 4.0 && other.0 < one.0 + one.2 + 4.0;
    across && (one.1 - other.1).abs() < LABEL + 2.0
}

/// 1, 2 and 5 times powers of ten between the ends.
fn powers((low, high): (f64, f64)) -> Vec<Tick> {
    let decades = (-2..=6).flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * libm::pow(10.0, f64::from(power))));
    let inside = decades.filter(|value| (low..=high).contains(value));
    inside.map(|value| Tick { value, label: axis::label(value) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_a_factor_end_at_the_axes() {
        assert_eq!(ends_of_line((1.0, 100.0), 1.0), [(1.0, 1.0), (100.0, 100.0)]);
        assert_eq!(ends_of_line((1.0, 100.0), 2.0), [(1.0, 2.0), (50.0, 100.0)]);
        assert_eq!(ends_of_line((1.0, 100.0), 0.5), [(2.0, 1.0), (100.0, 50.0)]);
    }

    #[test]
    fn axes_have_ones_twos_and_fives() {
        let labels: Vec<String> = powers((0.4, 30.0)).into_iter().map(|tick| tick.label).collect();
        assert_eq!(labels, ["0.5", "1", "2", "5", "10", "20"]);
    }
}
