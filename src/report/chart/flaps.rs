//! Flapping of one stage's pods in one replication: how many were no longer Ready, and how fast others joined.

use crate::experiment::results::Count;
use crate::report::study::Study;
use crate::report::words::{self, plural};

use super::axis::{self, Scale};
use super::frame::{Frame, Plot};
use super::lines;
use super::picture::{Anchor, Picture, Point, at};
use super::theme::{self, BAND, Colour, FAINT_INK, HEIGHT, INK, LABEL, SMALL};
use super::wording;

/// The height of the lower panel, and what is between the two.
const LOWER: f64 = 110.0;
const BETWEEN: f64 = 40.0;

/// The chart of the stage of a case whose pods became `NotReady` most often in replication 0; absent if none did.
pub fn picture(study: &Study, number: usize) -> Option<Picture> {
    let case = &study.results.cases[number];
    // Pods of nodes that are removed become NotReady too, which is no flapping.
    let ends = case.replications.first()?.scale_down;
    let counts: Vec<Vec<Count>> = study.counts[number]
        .iter()
        .map(|counts| counts.iter().filter(|count| ends.is_none_or(|ends| count.at < ends)).copied().collect())
        .collect();
    let stage = most_flapping(&counts)?;
    let counts = &counts[stage];
    let (name, size) = (&case.stages[stage].name, &study.cases[number].name);
    let peak = counts.iter().map(|count| count.not_ready).max()?;
    // More often than the counts tell, where several changed at once.
    let times = plural(case.replications[0].stages[stage].flaps.into(), "time");
    let title =
        format!("{size}: while {name} pods join, up to {} others are NotReady at once", words::count(peak.into()));
    let mut frame = Frame::new(HEIGHT + 40, &title);
    frame.note(&format!("{}, replication 0: Ready pods became NotReady {times}", study.results.scenario));
    let lower = frame.plot(52.0, 6.0);
    let upper = Plot { top: lower.top + LABEL, bottom: lower.bottom - LOWER - BETWEEN, ..lower };
    let lower = Plot { top: lower.bottom - LOWER, ..lower };
    let seconds = (counts.last()?.at.as_secs_f64() * 1.02).max(f64::MIN_POSITIVE);
    let ticks = axis::elapsed(seconds);
    let x = ticks.across(&upper);
    let colour = theme::looks(&case.stages)[stage].colour;
    not_ready(&mut frame.picture, &upper, &x, seconds, counts, (name, colour));
    joins(&mut frame.picture, &lower, &x, seconds, counts, colour);
    axis::horizontal(&mut frame.picture, &lower, &x, &ticks.ticks, wording::SINCE_CREATION);
    let alt = format!(
        "Pods of {name} that were NotReady over time in one scale-up of {size}, and how many joined per minute: {times} a \
         Ready pod became NotReady, at most {peak} at once."
    );
    Some(frame.finish(alt))
}

/// How often a Ready pod became `NotReady`, as far as the counts tell.
fn flaps(counts: &[Count]) -> u32 {
    // What is Ready and what is not add up to what joined, so only a change from one to the other is seen.
    counts.windows(2).map(|pair| pair[1].not_ready.saturating_sub(pair[0].not_ready)).sum()
}

/// The stage with the most changes to `NotReady`.
fn most_flapping(stages: &[Vec<Count>]) -> Option<usize> {
    let flaps = |stage: usize| flaps(&stages[stage]);
    // The first of several with as many.
    let flapping = (0..stages.len()).filter(|stage| flaps(*stage) > 0);
    flapping.reduce(|most, stage| if flaps(stage) > flaps(most) { stage } else { most })
}

/// The upper panel.
fn not_ready(
    picture: &mut Picture,
    plot: &Plot,
    x: &Scale,
    until_s: f64,
    counts: &[Count],
    (name, colour): (&str, Colour),
) {
    let largest = counts.iter().map(|count| count.not_ready).max().unwrap_or(0);
    let y = panel(picture, plot, "NotReady after having been Ready (pods)", f64::from(largest), 5);
    let mut points: Vec<Point> =
        counts.iter().map(|count| at(x.place(count.at.as_secs_f64()), y.place(f64::from(count.not_ready)))).collect();
    points.extend(points.last().map(|last| at(x.place(until_s), last.y)));
    let line = lines::steps(&lines::thinned(&points));
    let ground: Vec<Point> = line.iter().map(|point| at(point.x, plot.bottom)).collect();
    picture.band(&ground, &line, colour, 2.0 * BAND);
    picture.line(line, colour, 1.4);
    for count in counts.iter().step_by(counts.len().div_ceil(150).max(1)) {
        let seconds = count.at.as_secs_f64();
        let text = format!(
            "{name} after {}: {} NotReady, {} Ready",
            words::duration(seconds),
            words::count(count.not_ready.into()),
            words::count(count.ready.into())
        );
        picture.hint(at(x.place(seconds), y.place(f64::from(count.not_ready))), text);
    }
}

/// The lower panel.
fn joins(picture: &mut Picture, plot: &Plot, x: &Scale, until_s: f64, counts: &[Count], colour: Colour) {
    let width_s = bin(until_s);
    let bins = (until_s / width_s).ceil().max(1.0) as usize;
    let mut joined = vec![0_u32; bins];
    for pair in counts.windows(2) {
        let place = (pair[1].at.as_secs_f64() / width_s) as usize;
        joined[place.min(bins - 1)] += pair[1].joined - pair[0].joined;
    }
    let rate = |count: u32| f64::from(count) * 60.0 / width_s;
    let largest = joined.iter().map(|count| rate(*count)).fold(0.0, f64::max);
    let y = panel(picture, plot, "Ready for the first time (pods per minute)", largest, 3);
    for (number, count) in joined.iter().enumerate().filter(|(_, count)| **count > 0) {
        let (from, to) = (number as f64 * width_s, ((number + 1) as f64 * width_s).min(until_s));
        let top = y.place(rate(*count));
        picture.rectangle(at(x.place(from) + 0.4, top), at(x.place(to) - 0.4, plot.bottom), colour, 0.85);
        let text = format!(
            "{} to {}: {} joined, {} per minute",
            words::duration(from),
            words::duration(to),
            words::count((*count).into()),
            words::mean_count(rate(*count))
        );
        picture.hint(at(x.place(0.5 * (from + to)), top), text);
    }
}

/// The length of the intervals in which joins are counted: a minute, or less in a short run, or more in a long one.
fn bin(seconds: f64) -> f64 {
    const LENGTHS: [f64; 8] = [1e-3, 1e-2, 0.1, 1.0, 5.0, 10.0, 30.0, 60.0];
    let short = LENGTHS.into_iter().find(|length| seconds / length <= 30.0);
    short.unwrap_or_else(|| 60.0 * (seconds / 60.0 / 120.0).ceil().max(1.0))
}

/// The axes and title of a panel, and its scale.
fn panel(picture: &mut Picture, plot: &Plot, title: &str, largest: f64, most: usize) -> Scale {
    let ticks = axis::count_ticks(largest, most);
    let y = axis::vertical(picture, plot, &ticks);
    picture.line([at(plot.left, plot.bottom), at(plot.right, plot.bottom)], FAINT_INK, 1.0);
    picture.text(at(plot.left, plot.top - 9.0), Anchor::Start, SMALL, INK, title);
    y
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_are_counted_by_the_minute_unless_that_says_little_or_too_much() {
        let widths = [0.02, 20.0, 900.0, 1_440.0, 4_000.0, 100_000.0].map(bin);
        assert_eq!(format!("{widths:?}"), "[0.001, 1.0, 30.0, 60.0, 60.0, 840.0]");
    }
}
