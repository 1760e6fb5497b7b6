//! Flapping of one stage's pods in one replication: how many were Ready, and how many no longer.

use crate::experiment::results::{CaseResult, Results};
use crate::model::record::Transition;
use crate::report::summary;
use crate::report::words::{self, plural};
use crate::time::Time;

use super::axis::{self, Scale};
use super::curves::{title, until};
use super::frame::{self, Frame, Plot};
use super::picture::{Anchor, Picture, Point, at};
use super::theme::{self, BAND, Colour, FAINT_INK, HEIGHT, INK, LABEL, SMALL};

/// The height of the lower panel, and what is between the two.
const LOWER: f64 = 92.0;
const BETWEEN: f64 = 34.0;

/// How many pods were Ready, and how many had been and were not, from an instant on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Count {
    at: Time,
    ready: u32,
    not_ready: u32,
}

/// The chart of the stage of a case whose pods became `NotReady` most often in replication 0; absent if none did.
pub fn picture(results: &Results, case: &CaseResult) -> Option<Picture> {
    let stage = most_flapping(case)?;
    let counts = counts(&case.record.transitions, stage);
    let name = &case.stages[stage];
    let flaps =
        case.record.transitions.iter().filter(|change| usize::from(change.stage) == stage && !change.ready).count();
    let peak = counts.iter().map(|count| count.not_ready).max()?;
    let mut frame = Frame::new(HEIGHT, &format!("{name}: Ready pods in one scale-up, {}", words::case(case)));
    let times = plural(flaps as u64, "time");
    frame.note(&format!(
        "{}, replication 0: Ready pods became NotReady {times}, at most {} at once",
        results.scenario,
        words::count(u64::from(peak))
    ));
    let lower = frame.plot(52.0, 6.0);
    let upper = Plot { top: lower.top + LABEL, bottom: lower.bottom - LOWER - BETWEEN, ..lower };
    let lower = Plot { top: lower.bottom - LOWER, ..lower };
    let seconds = counts.last()?.at.as_secs_f64() * 1.02;
    let ticks = axis::time_ticks(seconds, 9);
    let x = Scale::linear((0.0, seconds), (upper.left, upper.right));
    let colour = theme::looks(&case.stages)[stage].colour;
    let desired = case.desired.get(stage).copied().unwrap_or(0);
    let ready =
        Panel { plot: upper, title: "Ready", colour, filled: false, largest: desired.max(highest(&counts)), most: 5 };
    ready.draw(&mut frame.picture, &x, seconds, &counts, |count| count.ready);
    let title_below = "NotReady after having been Ready";
    let not_ready = Panel { plot: lower, title: title_below, colour, filled: true, largest: peak, most: 3 };
    not_ready.draw(&mut frame.picture, &x, seconds, &counts, |count| count.not_ready);
    axis::horizontal(&mut frame.picture, &lower, &x, &until(&ticks, seconds), &title(ticks.unit));
    Some(frame.finish(format!(
        "Ready pods of {name} over time in one scale-up of {}: {times} a Ready pod became NotReady, at most {peak} at once.",
        words::case(case)
    )))
}

/// The `DaemonSet` stage with the most changes to `NotReady` in the record.
fn most_flapping(case: &CaseResult) -> Option<usize> {
    let mut flaps = vec![0_u64; case.stages.len()];
    for change in case.record.transitions.iter().filter(|change| !change.ready) {
        if let Some(flaps) = flaps.get_mut(usize::from(change.stage)) {
            *flaps += 1;
        }
    }
    // The first of several with as many.
    let stages = summary::daemonsets(&case.stages).filter(|stage| flaps[*stage] > 0);
    stages.reduce(|most, stage| if flaps[stage] > flaps[most] { stage } else { most })
}

fn highest(counts: &[Count]) -> u32 {
    counts.iter().map(|count| count.ready).max().unwrap_or(0)
}

/// The counts from each instant at which they change.
fn counts(transitions: &[Transition], stage: usize) -> Vec<Count> {
    let changes: Vec<&Transition> = transitions.iter().filter(|change| usize::from(change.stage) == stage).collect();
    let pods = changes.iter().map(|change| change.subject as usize + 1).max().unwrap_or(0);
    let mut was_ready = vec![false; pods];
    let mut counts = vec![Count { at: Time::ZERO, ready: 0, not_ready: 0 }];
    for change in changes {
        let last = counts[counts.len() - 1];
        let before = std::mem::replace(&mut was_ready[change.subject as usize], true);
        let next = match (change.ready, before) {
            (true, false) => Count { ready: last.ready + 1, ..last },
            (true, true) => Count { ready: last.ready + 1, not_ready: last.not_ready.saturating_sub(1), ..last },
            (false, _) => Count { ready: last.ready.saturating_sub(1), not_ready: last.not_ready + 1, ..last },
        };
        let next = Count { at: change.at, ..next };
        match counts.last_mut() {
            Some(last) if last.at == change.at => *last = next,
            _ => counts.push(next),
        }
    }
    counts
}

/// One of the two panels.
struct Panel {
    plot: Plot,
    title: &'static str,
    colour: Colour,
    filled: bool,
    largest: u32,
    most: usize,
}

impl Panel {
    fn draw(&self, picture: &mut Picture, x: &Scale, until_s: f64, counts: &[Count], of: impl Fn(&Count) -> u32) {
        let Plot { left, right, top, bottom } = self.plot;
        let ticks = axis::count_ticks(f64::from(self.largest), self.most);
        let y = Scale::linear((0.0, ticks.end), (bottom, top));
        axis::vertical(picture, &self.plot, &y, &ticks.ticks);
        picture.line([at(left, bottom), at(right, bottom)], FAINT_INK, 1.0);
        picture.text(at(left, top - 6.0), Anchor::Start, SMALL, INK, self.title);
        let mut points: Vec<Point> =
            counts.iter().map(|count| at(x.place(count.at.as_secs_f64()), y.place(f64::from(of(count))))).collect();
        points.extend(points.last().map(|last| at(x.place(until_s), last.y)));
        let line = frame::steps(&thinned(&points));
        if self.filled {
            let ground: Vec<Point> = line.iter().map(|point| at(point.x, bottom)).collect();
            picture.band(&ground, &line, self.colour, 2.0 * BAND);
        }
        picture.line(line, self.colour, 1.4);
    }
}

/// The same steps with at most four points per half pixel: the first, the lowest, the highest and the last.
fn thinned(points: &[Point]) -> Vec<Point> {
    let column = |point: &Point| (2.0 * point.x).floor() as i64;
    let mut thin = Vec::new();
    for group in points.chunk_by(|a, b| column(a) == column(b)) {
        if group.len() <= 4 {
            thin.extend_from_slice(group);
            continue;
        }
        let extreme = |better: fn(f64, f64) -> bool| {
            (0..group.len()).reduce(|best, next| if better(group[next].y, group[best].y) { next } else { best })
        };
        let mut kept = vec![0, group.len() - 1];
        kept.extend(extreme(|a, b| a < b));
        kept.extend(extreme(|a, b| a > b));
        kept.sort_unstable();
        kept.dedup();
        thin.extend(kept.into_iter().map(|place| group[place]));
    }
    thin
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(seconds: u64, subject: u32, ready: bool) -> Transition {
        Transition { at: Time::from_nanos(seconds * 1_000_000_000), stage: 1, subject, ready }
    }

    #[test]
    fn a_pod_counts_as_not_ready_only_after_it_was_ready() {
        let elsewhere = Transition { stage: 0, ..change(2, 5, true) };
        let changes = [
            change(0, 0, true),
            change(1, 1, true),
            elsewhere,
            change(3, 0, false),
            change(4, 0, true),
            change(4, 1, false),
        ];
        let counted: Vec<_> = counts(&changes, 1).iter().map(|count| (count.ready, count.not_ready)).collect();
        assert_eq!(counted, [(1, 0), (2, 0), (1, 1), (1, 1)]);
    }

    #[test]
    fn thinning_keeps_the_extremes_of_every_half_pixel() {
        let points: Vec<Point> = [5.0, 7.0, 1.0, 9.0, 3.0, 4.0].into_iter().map(|y| at(0.1, y)).collect();
        let kept: Vec<u32> = thinned(&points).iter().map(|point| point.y as u32).collect();
        assert_eq!(kept, [5, 1, 9, 4]);
        assert_eq!(thinned(&points[..4]).len(), 4);
    }
}
