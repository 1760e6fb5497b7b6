//! How likely each case is ready within a time, with what is known about that chance.
//!
//! Must not know: how a chance is estimated (`report/chances.rs`).

use crate::report::chances::{self, Chance};
use crate::report::study::Study;
use crate::report::words;

use super::CASES_MAX;
use super::axis::{self, Scale};
use super::curves::LONG_TITLE;
use super::distribution::{deadline_line, draw, percent, scales};
use super::frame::{self, Frame};
use super::picture::{Picture, at};
use super::rows::common;
use super::theme::{self, BAND, Colour, HEIGHT, Look};

/// With more cases their bands would hide one another; `deadline.csv` has the intervals.
const BANDS_MAX: usize = 6;

/// The chart; absent if nothing became ready, or there is a single scale-up of each case.
pub fn picture(study: &Study) -> Option<Picture> {
    let shown = study.cases.len().min(CASES_MAX);
    let cases = &study.results.cases[..shown];
    let curves: Vec<(&str, Vec<Chance>)> = cases.iter().map(chances::chances).collect();
    let times: Vec<f64> = curves.iter().flat_map(|(_, chances)| chances).map(|chance| chance.within_s).collect();
    let deadline = study.deadline.map(crate::time::Span::as_secs_f64);
    let low = times.iter().copied().chain(deadline).reduce(f64::min)?;
    let high = times.iter().copied().chain(deadline).reduce(f64::max)?;
    if times.is_empty() || cases.iter().all(|case| case.replications.len() < 2) {
        return None;
    }
    let single = study.cases.len() == 1;
    let of = if single { format!(", {}", study.cases[0].name) } else { String::new() };
    let mut frame = Frame::new(HEIGHT, &format!("How likely everything is ready in time{of}"));
    let bands = if shown <= BANDS_MAX { "; bands: its 95 % interval" } else { "" };
    frame.note(&format!(
        "{}: share of simulated scale-ups with {} ready within each time{bands}",
        study.results.scenario, curves[0].0
    ));
    if let Some(common) = common(&study.results).filter(|_| !single) {
        frame.note(&common);
    }
    if study.cases.len() > shown {
        let more = words::count((study.cases.len() - shown) as u64);
        frame.note(&format!("The first {shown} cases; {more} more are in deadline.csv"));
    }
    let colours: Vec<Colour> = (0..shown).map(|number| theme::in_order(number, shown)).collect();
    let names: Vec<String> = names(study, deadline, &curves);
    if !single {
        let entries: Vec<_> =
            colours.iter().map(|colour| Look::plain(*colour)).zip(names.iter().map(String::as_str)).collect();
        frame.legend(&entries);
    }
    let plot = frame.plot(48.0, 6.0);
    let (ends, ticks) = axis::times_between(low, high, 6);
    let (x, y) = scales(&plot, ends);
    axis::vertical(&mut frame.picture, &plot, &y, &axis::share_ticks().ticks);
    axis::horizontal(&mut frame.picture, &plot, &x, &ticks, LONG_TITLE);
    for ((number, (_, chances)), colour) in curves.iter().enumerate().zip(&colours).filter(|_| shown <= BANDS_MAX) {
        frame.picture.group(&study.cases[number].name);
        band(&mut frame.picture, (&x, &y), chances, cases[number].replications.len(), ends, *colour);
    }
    for ((number, (_, chances)), colour) in curves.iter().enumerate().zip(&colours) {
        let name = &study.cases[number].name;
        frame.picture.group(name);
        draw(&mut frame.picture, (&x, &y), chances, (ends, name, *colour));
    }
    frame.picture.group("");
    if let Some(deadline) = deadline {
        let chance = chances::at(&curves[0].1, deadline, cases[0].replications.len());
        if single {
            deadline_line(&mut frame.picture, (&plot, &x), deadline, chance.probability);
        } else {
            let place = x.place(deadline);
            frame.picture.line([at(place, plot.top), at(place, plot.bottom)], theme::DEADLINE, 1.6);
        }
    }
    Some(frame.finish(alt(study, &curves)))
}

/// The names of the cases, with the chance to meet the deadline where there is one.
fn names(study: &Study, deadline: Option<f64>, curves: &[(&str, Vec<Chance>)]) -> Vec<String> {
    let named = study.results.cases.iter().zip(curves).map(|(case, (_, chances))| {
        let name = super::rows::short_name(&study.results, case);
        let name = if name.is_empty() { words::case(case) } else { name };
        let chance = deadline.map(|deadline| chances::at(chances, deadline, case.replications.len()).probability);
        chance.map_or(name.clone(), |chance| format!("{name}: {}", percent(chance)))
    });
    named.collect()
}

/// What is known about a chance: Wilson's interval at every time.
fn band(
    picture: &mut Picture,
    (x, y): (&Scale, &Scale),
    chances: &[Chance],
    replications: usize,
    (begin, end): (f64, f64),
    colour: Colour,
) {
    let start = chances::at(chances, begin.min(0.0) - 1.0, replications);
    let start = Chance { within_s: begin, ..start };
    let all: Vec<Chance> = std::iter::once(start).chain(chances.iter().copied()).collect();
    let side = |of: fn(&Chance) -> f64| {
        let mut points: Vec<_> = all.iter().map(|chance| at(x.place(chance.within_s), y.place(of(chance)))).collect();
        points.extend(points.last().map(|last| at(x.place(end), last.y)));
        frame::steps(&points)
    };
    picture.band(&side(|chance| chance.interval.low), &side(|chance| chance.interval.high), colour, BAND);
}

fn alt(study: &Study, curves: &[(&str, Vec<Chance>)]) -> String {
    let told = study.cases.iter().zip(curves).map(|(case, (_, chances))| {
        let half = chances.iter().find(|chance| chance.probability >= 0.5);
        let half = half.map_or("never".to_owned(), |chance| words::duration(chance.within_s));
        format!("{}: half of them within {half}", case.name)
    });
    format!("Chance to be ready within a time; {}.", told.collect::<Vec<_>>().join("; "))
}
