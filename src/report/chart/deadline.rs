//! How likely each case is ready within a time, with what is known about that chance.

use crate::report::chances;
use crate::report::study::Study;
use crate::report::words::{self, percent};
use crate::time::Span;

use super::CASES_MAX;
use super::cases::{self, short_name};
use super::chance_plot::{ChanceCurve, ChancePlot};
use super::picture::Picture;
use super::theme::{self, Look};
use super::wording;

/// With more cases their bands would hide one another; `deadline.csv` has the intervals.
const BANDS_MAX: usize = 6;

/// The chart; absent if nothing became ready, or there is a single scale-up of each case.
pub fn picture(study: &Study) -> Option<Picture> {
    let curves = curves(study);
    if curves.iter().all(|curve| curve.chances.is_empty() || curve.replications < 2) {
        return None;
    }
    let has_bands = curves.len() <= BANDS_MAX;
    let note = format!(
        "share of simulated scale-ups with {} ready within each time{}",
        study.cases[0].goal()?.stage,
        if has_bands { "; bands: its 95 % interval" } else { "" }
    );
    let mut frame =
        cases::frame(study, "How likely everything is ready in time", ", ", &note, CASES_MAX, "deadline.csv");
    let deadline = study.deadline.map(Span::as_secs_f64);
    if study.cases.len() > 1 {
        let name = |(number, curve): (usize, &ChanceCurve<'_>)| {
            let name = short_name(&study.results, &study.results.cases[number]);
            let chance = deadline.map_or(String::new(), |deadline| format!(": {}", percent(curve.within(deadline))));
            (Look::plain(curve.colour), name + &chance)
        };
        frame.legend(curves.iter().enumerate().map(name));
    }
    let plot = frame.plot(48.0, 6.0);
    let picture = &mut frame.picture;
    let chances = ChancePlot::new(picture, plot, &curves, deadline);
    for curve in curves.iter().filter(|_| has_bands) {
        picture.group(curve.name);
        chances.band(picture, curve);
    }
    for curve in &curves {
        picture.group(curve.name);
        chances.curve(picture, curve);
    }
    picture.group("");
    if let Some(deadline) = deadline {
        chances.deadline(picture, deadline);
        if let [curve] = &curves[..] {
            chances.label_deadline(picture, deadline, curve.within(deadline));
        }
    }
    let told = curves.iter().map(|curve| {
        let half = curve.chances.iter().find(|chance| chance.probability >= 0.5);
        let half = half.map_or("never".to_owned(), |chance| words::duration(chance.within_s));
        format!("{}: half of them within {half}", curve.name)
    });
    Some(frame.finish(format!("Chance to be ready within a time; {}.", wording::list(told))))
}

fn curves(study: &Study) -> Vec<ChanceCurve<'_>> {
    let shown = study.cases.len().min(CASES_MAX);
    let curve = |number: usize| {
        let case = &study.results.cases[number];
        ChanceCurve {
            name: &study.cases[number].name,
            replications: case.replications.len(),
            chances: chances::chances(case).1,
            colour: theme::in_order(number, shown),
        }
    };
    (0..shown).map(curve).collect()
}
