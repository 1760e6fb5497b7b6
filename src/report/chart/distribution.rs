//! The distribution of the time of one case: the share of scale-ups that were ready within each time.
//!
//! Must not know: other cases, and any family of distributions: it draws what was simulated.

use crate::experiment::results::CaseResult;
use crate::report::chances::{self, Chance};
use crate::report::study::Study;
use crate::report::summary::StageSummary;
use crate::report::words::{duration, plural};
use crate::stats::Arrivals;

use super::axis::{self, Scale};
use super::curves::LONG_TITLE;
use super::frame::{self, Frame, Plot};
use super::labels::{self, Label};
use super::picture::{Anchor, Picture, at};
use super::theme::{self, DEADLINE, FAINT_INK, HEIGHT, INK, LABEL, SMALL, STROKE};

/// The percentiles that are marked.
const PERCENTILES: [(f64, &str); 4] = [(0.5, "p50"), (0.9, "p90"), (0.95, "p95"), (0.99, "p99")];

/// The chart; absent if nothing became ready, or there is a single scale-up.
pub fn picture(study: &Study, number: usize) -> Option<Picture> {
    let case = &study.results.cases[number];
    let (stage, chances) = chances::chances(case);
    let (first, last) = (chances.first()?, chances.last()?);
    let all = case.replications.len();
    if all < 2 {
        return None;
    }
    let goal = study.cases[number].goal()?;
    let look = theme::looks(&case.stages)[case.goal()?];
    let mut frame = Frame::new(HEIGHT, &format!("Distribution of the time to ready, {}", study.cases[number].name));
    frame.note(&format!("{}: {stage}, {}", study.results.scenario, plural(all as u64, "simulated scale-up")));
    frame.note(&share_note(goal, all));
    let deadline = study.deadline.map(crate::time::Span::as_secs_f64);
    let percentiles = percentiles(case, goal);
    let texts: Vec<String> =
        percentiles.iter().map(|(name, _, seconds)| format!("{name} {}", duration(*seconds))).collect();
    let plot = frame.plot(48.0, labels::room(texts.iter().map(String::as_str), 160.0));
    let low = deadline.map_or(first.within_s, |deadline| deadline.min(first.within_s));
    let high = deadline.map_or(last.within_s, |deadline| deadline.max(last.within_s));
    let (ends, ticks) = axis::times_between(low, high, 6);
    let (x, y) = scales(&plot, ends);
    axis::vertical(&mut frame.picture, &plot, &y, &axis::share_ticks().ticks);
    axis::horizontal(&mut frame.picture, &plot, &x, &ticks, LONG_TITLE);
    for (share, (_, _, seconds)) in percentiles.iter().map(|(_, share, _)| *share).zip(&percentiles) {
        let place = at(x.place(*seconds), y.place(share));
        frame.picture.line([place, at(plot.right, place.y)], FAINT_INK, 0.8);
    }
    draw(&mut frame.picture, (&x, &y), &chances, (ends, stage, look.colour));
    for (name, share, seconds) in &percentiles {
        let place = at(x.place(*seconds), y.place(*share));
        look.mark(&mut frame.picture, place);
        frame.picture.hint(place, format!("{name}: {}", duration(*seconds)));
    }
    if let Some(deadline) = deadline {
        deadline_line(&mut frame.picture, (&plot, &x), deadline, chances::at(&chances, deadline, all).probability);
    }
    let labels = percentiles.iter().zip(texts).map(|((_, share, _), text)| Label {
        y: y.place(*share),
        text,
        colour: look.colour,
    });
    labels::draw(&mut frame.picture, plot.right, (plot.top, plot.bottom), &labels.collect::<Vec<_>>());
    let told: Vec<String> =
        percentiles.iter().map(|(name, _, seconds)| format!("{name} {}", duration(*seconds))).collect();
    Some(frame.finish(format!(
        "Share of scale-ups with {stage} ready within each time, {}: {}.",
        study.cases[number].name,
        told.join(", ")
    )))
}

fn share_note(goal: &StageSummary, all: usize) -> String {
    if goal.never == 0 {
        return "Share of scale-ups that are ready within each time; marks are percentiles".to_owned();
    }
    format!(
        "Share of scale-ups that are ready within each time; {} of {all} never were, and count as later than all others",
        goal.never
    )
}

/// Percentiles over all scale-ups, where those that never became ready are later than all others.
fn percentiles(case: &CaseResult, goal: &StageSummary) -> Vec<(&'static str, f64, f64)> {
    let place = case.stages.iter().position(|stage| stage.name == goal.stage);
    let Some(arrivals) = place.and_then(|place| Arrivals::of(&case.ready_s(place))) else { return vec![] };
    // What so few scale-ups cannot bound is not marked, as in the tables.
    let bounded = PERCENTILES.into_iter().filter(|(share, _)| arrivals.quantile_interval(*share, 0.95).is_some());
    bounded.filter_map(|(share, name)| Some((name, share, arrivals.quantile(share)?))).collect()
}

/// Scales of time and of shares.
pub fn scales(plot: &Plot, ends: (f64, f64)) -> (Scale, Scale) {
    (Scale::linear(ends, (plot.left, plot.right)), Scale::linear((0.0, 1.0), (plot.bottom, plot.top)))
}

/// The steps of a chance from one end of the axis to the other.
pub fn draw(
    picture: &mut Picture,
    (x, y): (&Scale, &Scale),
    chances: &[Chance],
    ((begin, end), name, colour): ((f64, f64), &str, theme::Colour),
) {
    let mut points = vec![at(x.place(begin), y.place(0.0))];
    points.extend(chances.iter().map(|chance| at(x.place(chance.within_s), y.place(chance.probability))));
    points.extend(points.last().map(|last| at(x.place(end), last.y)));
    picture.line(frame::steps(&points), colour, STROKE);
    for chance in chances.iter().step_by(chances.len().div_ceil(100).max(1)) {
        let (share, within) = (percent(chance.probability), duration(chance.within_s));
        let (low, high) = (percent(chance.interval.low), percent(chance.interval.high));
        let text = format!("{name} ready within {within} in {share} of scale-ups (95 %: {low} to {high})");
        picture.hint(at(x.place(chance.within_s), y.place(chance.probability)), text);
    }
}

/// The deadline as an upright line with its words at the foot.
pub fn deadline_line(picture: &mut Picture, (plot, x): (&Plot, &Scale), seconds: f64, probability: f64) {
    let place = x.place(seconds);
    picture.line([at(place, plot.top), at(place, plot.bottom)], DEADLINE, 1.6);
    let text = format!("deadline {}: {}", duration(seconds), percent(probability));
    label_beside(picture, plot, place, plot.bottom - 10.0, &text);
}

/// A text right of a place, or left where there is no room, on paper.
pub fn label_beside(picture: &mut Picture, plot: &Plot, x: f64, y: f64, text: &str) {
    let width = super::font::width(text, SMALL);
    let (anchor, x) = if x + 8.0 + width < plot.right { (Anchor::Start, x + 6.0) } else { (Anchor::End, x - 6.0) };
    let left = if anchor == Anchor::Start { x } else { x - width };
    picture.rectangle(at(left - 3.0, y - LABEL), at(left + width + 3.0, y + 5.0), theme::PAPER, 0.9);
    picture.text(at(x, y), anchor, SMALL, INK, text);
}

/// A share in percent, where only what is whole is 0 or 100.
pub fn percent(share: f64) -> String {
    let whole = (share * 100.0).round();
    let whole = if share > 0.0 { whole.max(1.0) } else { whole };
    let whole = if share < 1.0 { whole.min(99.0) } else { whole };
    format!("{whole} %")
}
