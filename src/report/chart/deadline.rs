//! How likely each case is ready within a time, with what is known about that chance.

use crate::report::chances;
use crate::report::study::Study;
use crate::report::words::{self, percent};
use crate::time::Span;

use super::cases::{self, short_name};
use super::chance_plot::{ChanceCurve, ChancePlot};
use super::picture::Picture;
use super::theme::{self, Look};
use super::wording;

/// More curves than this would hide one another.
const CURVES_MAX: usize = 5;
/// More bands than this too; `deadline.csv` has the intervals.
const BANDS_MAX: usize = 3;

/// The cases whose scale-ups it shows, all of each.
pub fn cases(study: &Study) -> Vec<usize> {
    cases::chosen(study, CURVES_MAX)
}

/// The chart; absent if nothing became ready, or there is a single scale-up of each case.
pub fn picture(study: &Study) -> Option<Picture> {
    let chosen = cases(study);
    let curves = curves(study, &chosen);
    if curves.iter().all(|curve| curve.chances.is_empty() || curve.replications < 2) {
        return None;
    }
    let has_bands = curves.len() <= BANDS_MAX;
    let note = format!(
        "share of simulated scale-ups with {} ready within each time{}",
        study.cases[0].goal()?.stage,
        if has_bands { "; bands: its 95 % interval" } else { "" }
    );
    let mut frame = cases::frame(study, &finding(study, &curves), &note);
    cases::left_out(&mut frame, study.cases.len(), chosen.len(), "deadline.csv");
    let deadline = study.deadline.map(Span::as_secs_f64);
    if study.cases.len() > 1 {
        let name = |(number, curve): (&usize, &ChanceCurve<'_>)| {
            let name = short_name(&study.results, &study.results.cases[*number]);
            let chance = deadline.map_or(String::new(), |deadline| format!(": {}", percent(curve.within(deadline))));
            (curve.colour, name + &chance)
        };
        frame.legend_of_areas(chosen.iter().zip(&curves).map(name).map(|(colour, name)| (Look::plain(colour), name)));
    }
    let plot = frame.plot(46.0, 6.0);
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
        let chance = if let [curve] = &curves[..] { Some(curve.within(deadline)) } else { None };
        chances.label_deadline(picture, deadline, chance);
    }
    let told = curves.iter().map(|curve| format!("{}: half of them within {}", curve.name, within(curve, 0.5)));
    Some(frame.finish(format!("Chance to be ready within a time; {}.", wording::list(told))))
}

/// `95 % of scale-ups are ready within 12m 06s (100 nodes) to 22m 19s (300 nodes)`, or in how many the deadline is met.
fn finding(study: &Study, curves: &[ChanceCurve<'_>]) -> String {
    if let ([curve], Some(deadline)) = (curves, study.deadline) {
        let share = percent(curve.within(deadline.as_secs_f64()));
        return format!("{share} of scale-ups with {} are ready within {deadline}", curve.name);
    }
    let short = |curve: &ChanceCurve<'_>| {
        let number = study.cases.iter().position(|case| case.name == curve.name).unwrap_or(0);
        short_name(&study.results, &study.results.cases[number])
    };
    if let [curve] = curves {
        return format!("95 % of scale-ups with {} are ready within {}", curve.name, within(curve, 0.95));
    }
    let first = |a: &&ChanceCurve<'_>, b: &&ChanceCurve<'_>| {
        let at = |curve: &ChanceCurve<'_>| {
            curve
                .chances
                .iter()
                .find(|chance| chance.probability >= 0.95)
                .map_or(f64::INFINITY, |chance| chance.within_s)
        };
        at(a).total_cmp(&at(b))
    };
    let ends = curves.iter().min_by(first).zip(curves.iter().max_by(first));
    ends.map_or(String::new(), |(best, worst)| {
        let told = [best, worst].map(|curve| format!("{} with {}", within(curve, 0.95), short(curve)));
        format!("95 % of scale-ups are ready within {}", told.join(", "))
    })
}

/// The time within which so large a share is ready, in words.
fn within(curve: &ChanceCurve<'_>, share: f64) -> String {
    let chance = curve.chances.iter().find(|chance| chance.probability >= share);
    chance.map_or("never".to_owned(), |chance| words::duration(chance.within_s))
}

fn curves<'a>(study: &'a Study, chosen: &[usize]) -> Vec<ChanceCurve<'a>> {
    let curve = |(place, number): (usize, &usize)| {
        let case = &study.results.cases[*number];
        ChanceCurve {
            name: &study.cases[*number].name,
            replications: case.replications.len(),
            chances: chances::chances(case).1,
            colour: theme::apart(place),
        }
    };
    chosen.iter().enumerate().map(curve).collect()
}
