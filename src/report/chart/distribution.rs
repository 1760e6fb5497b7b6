//! The distribution of the time of one case: the share of scale-ups that were ready within each time.

use crate::report::chances;
use crate::report::study::Study;
use crate::report::summary::StageSummary;
use crate::report::words::{duration, plural};
use crate::stats::Arrivals;
use crate::time::Span;

use super::chance_plot::{ChanceCurve, ChancePlot};
use super::frame::Frame;
use super::labels::{self, Label};
use super::picture::{Picture, at};
use super::theme::{self, FAINT_INK, HEIGHT};

/// The percentiles that are marked.
const PERCENTILES: [(f64, &str); 4] = [(0.5, "p50"), (0.9, "p90"), (0.95, "p95"), (0.99, "p99")];

/// A percentile that is marked.
struct MarkedPercentile {
    share: f64,
    name: &'static str,
    seconds: f64,
}

/// The chart; absent if nothing became ready, or there is a single scale-up.
pub fn picture(study: &Study, number: usize) -> Option<Picture> {
    let (case, summary) = (&study.results.cases[number], &study.cases[number]);
    let (stage, chances) = chances::chances(case);
    let replications = case.replications.len();
    if chances.is_empty() || replications < 2 {
        return None;
    }
    let (place, goal) = (case.goal()?, summary.goal()?);
    let look = theme::looks(&case.stages)[place];
    let mut frame = Frame::new(HEIGHT, &format!("Distribution of the time to ready, {}", summary.name));
    let all = plural(replications as u64, "simulated scale-up");
    frame.note(&format!("{}: {stage}, {all}", study.results.scenario));
    frame.note(&share_note(goal, replications));
    let percentiles = percentiles(&case.ready_s(place));
    let texts: Vec<String> =
        percentiles.iter().map(|marked| format!("{} {}", marked.name, duration(marked.seconds))).collect();
    let plot = frame.plot(48.0, labels::room(texts.iter().map(String::as_str), 160.0));
    let deadline = study.deadline.map(Span::as_secs_f64);
    let curves = [ChanceCurve { name: stage, replications, chances, colour: look.colour }];
    let [curve] = &curves;
    let picture = &mut frame.picture;
    let chances = ChancePlot::new(picture, plot, &curves, deadline);
    for marked in &percentiles {
        let place = chances.place(marked.seconds, marked.share);
        picture.line([place, at(plot.right, place.y)], FAINT_INK, 0.8);
    }
    chances.curve(picture, curve);
    let mut labels = Vec::new();
    for (marked, text) in percentiles.iter().zip(&texts) {
        let place = chances.place(marked.seconds, marked.share);
        look.mark(picture, place);
        picture.hint(place, format!("{}: {}", marked.name, duration(marked.seconds)));
        labels.push(Label { y: place.y, text: text.clone(), colour: look.colour });
    }
    if let Some(deadline) = deadline {
        chances.deadline(picture, deadline);
        chances.label_deadline(picture, deadline, curve.within(deadline));
    }
    labels::draw(picture, &plot, &labels);
    let alt =
        format!("Share of scale-ups with {stage} ready within each time, {}: {}.", summary.name, texts.join(", "));
    Some(frame.finish(alt))
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
fn percentiles(ready_s: &[Option<f64>]) -> Vec<MarkedPercentile> {
    let Some(arrivals) = Arrivals::of(ready_s) else { return vec![] };
    // What so few scale-ups cannot bound is not marked, as in the tables.
    let bounded = PERCENTILES.into_iter().filter(|(share, _)| arrivals.quantile_interval(*share, 0.95).is_some());
    bounded
        .filter_map(|(share, name)| Some(MarkedPercentile { share, name, seconds: arrivals.quantile(share)? }))
        .collect()
}
