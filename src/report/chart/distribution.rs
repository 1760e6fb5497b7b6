//! When one case is ready, as fifty dots: each is one of fifty scale-ups that are equally likely, so that chances can
//! be counted. With the deadline, and in words how many are in time.

use crate::report::study::Study;
use crate::report::words::{duration, plural};
use crate::stats::Arrivals;
use crate::time::Span;

use super::axis;
use super::font;
use super::frame::Frame;
use super::picture::{Anchor, Picture, at};
use super::theme::{self, Colour, DEADLINE, FAINT_INK, INK, SMALL};
use super::wording;

/// How many dots there are; each is 2 % of scale-ups.
const DOTS: usize = 50;
/// The radius of a dot, at most, and the room that it takes.
const RADIUS: f64 = 7.5;
const AROUND: f64 = 1.08;
/// The height of the tallest pile.
const HIGH: f64 = 190.0;
/// The percentiles that are marked.
const PERCENTILES: [(f64, &str); 2] = [(0.5, "half"), (0.95, "95 %")];

/// The chart; absent if nothing became ready, or there is a single scale-up.
pub fn picture(study: &Study, number: usize) -> Option<Picture> {
    let (case, summary) = (&study.results.cases[number], &study.cases[number]);
    let (place, goal) = (case.goal()?, summary.goal()?);
    let ready = case.ready_s(place);
    let arrivals = Arrivals::of(&ready).filter(|_| ready.len() > 1)?;
    let dots: Vec<f64> = (0..DOTS).filter_map(|dot| arrivals.quantile((dot as f64 + 0.5) / DOTS as f64)).collect();
    let (first, last) = (*dots.first()?, *dots.last()?);
    let deadline = study.deadline.map(Span::as_secs_f64);
    let in_time = deadline.map(|deadline| dots.iter().filter(|dot| **dot <= deadline).count());
    let name = &summary.name;
    let title = if let (Some(in_time), Some(deadline)) = (in_time, study.deadline) {
        format!("{name}: {in_time} of {DOTS} scale-ups are ready within {deadline}")
    } else {
        let p95 = arrivals.quantile(0.95).map_or("never".to_owned(), duration);
        format!("{name}: half are ready within {}, 95 % within {p95}", duration(arrivals.quantile(0.5)?))
    };
    let mut frame = Frame::new(0, &title);
    let all = plural(ready.len() as u64, "simulated scale-up");
    frame.note(&format!(
        "{}: when {} is ready; each dot is one of {DOTS} equally likely scale-ups, from {all}",
        study.results.scenario, goal.stage
    ));
    if goal.never > 0 {
        frame.note(&format!("{} of {all} never were: they have no dot", goal.never));
    }
    frame.set_plot_height(HIGH + 34.0);
    let plot = frame.plot(4.0, 4.0);
    let ends = (first.min(deadline.unwrap_or(first)), last.max(deadline.unwrap_or(last)));
    let times = axis::times_between(ends.0, ends.1, 6);
    let x = times.across(&plot);
    axis::horizontal(&mut frame.picture, &plot, &x, &times.ticks, &wording::since(times.ends.0));
    let look = theme::looks(&case.stages)[place];
    let places: Vec<f64> = dots.iter().map(|dot| x.place(*dot)).collect();
    let late = |dot: f64| deadline.is_some_and(|deadline| dot > deadline);
    let (radius, piles) = piles(&places);
    for (dot, (across, height)) in dots.iter().zip(&piles) {
        let colour = if late(*dot) { DEADLINE } else { look.colour };
        let centre = at(*across, plot.bottom - radius * AROUND * (2.0 * *height as f64 + 1.0));
        frame.picture.dot(centre, radius, colour);
        let text = format!("{} ready after about {}", goal.stage, duration(*dot));
        frame.picture.hint(centre, text);
    }
    let percentiles: Vec<(f64, &str, Colour)> = PERCENTILES
        .iter()
        .filter_map(|(share, name)| Some((arrivals.quantile(*share)?, *name, FAINT_INK)))
        .chain(deadline.map(|deadline| (deadline, "deadline", DEADLINE)))
        .collect();
    let mut texts = Vec::new();
    for (seconds, name, colour) in percentiles {
        let text = format!("{name} {}", duration(seconds));
        let across = x.place(seconds);
        frame.picture.line([at(across, plot.top + 24.0), at(across, plot.bottom)], colour, 1.4);
        texts.push((across, text, colour));
    }
    write(&mut frame.picture, plot.top, (plot.left, plot.right), texts);
    let told = PERCENTILES.iter().filter_map(|(share, name)| Some((name, arrivals.quantile(*share)?)));
    let told: Vec<String> = told.map(|(name, seconds)| format!("{name} within {}", duration(seconds))).collect();
    let in_time = in_time.map_or(String::new(), |in_time| format!("; {in_time} of {DOTS} in time"));
    Some(frame.finish(format!("When {} of {name} is ready, as {DOTS} dots: {}{in_time}.", goal.stage, told.join(", "))))
}

/// The radius of dots, and each dot's place across and in its pile: as large as they fit.
fn piles(places: &[f64]) -> (f64, Vec<(f64, usize)>) {
    let mut radius = RADIUS;
    loop {
        let piled = pile(places, radius);
        let highest = piled.iter().map(|(_, height)| height + 1).max().unwrap_or(0);
        if highest as f64 * 2.0 * radius * AROUND <= HIGH || radius < 1.0 {
            return (radius, piled);
        }
        radius *= 0.92;
    }
}

/// Dots nearer than their width stand on one another, in the middle of those that do.
fn pile(places: &[f64], radius: f64) -> Vec<(f64, usize)> {
    let mut piled = Vec::new();
    let mut rest = places;
    while let Some(first) = rest.first() {
        let many = rest.iter().take_while(|place| **place < first + 2.0 * radius * AROUND).count();
        let middle = 0.5 * (first + rest[many - 1]);
        piled.extend((0..many).map(|height| (middle, height)));
        rest = &rest[many..];
    }
    // Middles may be nearer than the dots are wide.
    let mut across = f64::NEG_INFINITY;
    for (middle, height) in &mut piled {
        if *height == 0 {
            across = middle.max(across + 2.0 * radius * AROUND);
        }
        *middle = across;
    }
    piled
}

/// Words above their lines, the nearest to where they belong without covering one another.
fn write(picture: &mut Picture, top: f64, (left, right): (f64, f64), mut texts: Vec<(f64, String, Colour)>) {
    texts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let widths: Vec<f64> = texts.iter().map(|(_, text, _)| font::width(text, SMALL)).collect();
    let gap = widths.iter().copied().fold(0.0, f64::max) + 10.0;
    let wanted: Vec<f64> = texts.iter().map(|(across, ..)| *across).collect();
    let places = super::labels::spread(&wanted, gap, left + 0.5 * gap, right - 0.5 * gap);
    for ((across, text, colour), place) in texts.iter().zip(places) {
        picture.line([at(place, top + 14.0), at(*across, top + 24.0)], *colour, 1.2);
        let ink = if *colour == DEADLINE { DEADLINE } else { INK };
        picture.label(at(place, top + 6.0), Anchor::Middle, SMALL, ink, &**text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_dots_stand_on_one_another_and_far_ones_do_not() {
        let piled = pile(&[10.0, 11.0, 40.0], 5.0);
        assert_eq!(piled.iter().map(|(_, height)| *height).collect::<Vec<_>>(), [0, 1, 0]);
        assert!((piled[0].0 - 10.5).abs() < 1e-9 && (piled[2].0 - 40.0).abs() < 1e-9, "{piled:?}");
    }

    #[test]
    fn dots_become_smaller_until_the_pile_is_low_enough() {
        let (radius, piled) = piles(&[100.0; DOTS]);
        assert!(radius < RADIUS && piled.len() == DOTS);
        assert!(DOTS as f64 * 2.0 * radius * AROUND <= HIGH);
    }
}
