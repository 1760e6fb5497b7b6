//! Overheads as stacked bars: how much later each stage is ready than the one before it in time, up to the goal.

use crate::report::steps::{self, StageStep};
use crate::report::study::Study;
use crate::report::summary;

use super::axis;
use super::cases::{self, short_name};
use super::font;
use super::labels;
use super::picture::{Anchor, Picture, at};
use super::row_chart::{Room, RowChart};
use super::theme::{self, INK, Look, SMALL};
use super::wording;

/// More bars than this are not shown.
const BARS_MAX: usize = 12;
/// Parts of less than this share of the longest bar have no words.
const SHARE_MIN: f64 = 0.015;
/// Half the height of a bar.
const HALF: f64 = 9.0;

/// The chart; absent if the goal was ready in no case.
pub fn picture(study: &Study) -> Option<Picture> {
    let names: Vec<String> = summary::stage_names(&study.results);
    let looks = theme::looks(&names);
    let chosen = cases::chosen(study, BARS_MAX);
    let bars: Vec<(usize, Vec<StageStep<'_>>)> =
        chosen.iter().map(|number| (*number, steps::steps(&study.cases[*number]))).collect();
    let seconds = bars.iter().flat_map(|(_, parts)| parts).map(|part| part.to_s).reduce(f64::max)?;
    let of = if study.results.replications == 1 { "" } else { ", mean" };
    let note = format!("how much later each stage is ready than the one before it in time{of}");
    let mut frame = cases::frame(study, &finding(study, &bars)?, &note);
    cases::left_out(&mut frame, study.cases.len(), chosen.len(), "times.csv");
    if let Some(later) = later(study, &chosen) {
        frame.note(&later);
    }
    let drawn = |name: &String| bars.iter().flat_map(|(_, parts)| parts).any(|part| part.stage == name);
    frame.legend_of_areas(looks.iter().copied().zip(&names).filter(|(_, name)| drawn(name)));
    let row_names: Vec<String> = match &bars[..] {
        [_] => vec![String::new()],
        _ => chosen.iter().map(|number| short_name(&study.results, &study.results.cases[*number])).collect(),
    };
    let ticks = axis::time_ticks(seconds, 7);
    let room = Room { below: 22.0, ..Room::TIMES };
    let mut chart = RowChart::new(frame, &row_names, room, &ticks, wording::SINCE_CREATION);
    let look = |stage: &str| names.iter().position(|name| name == stage).map_or(looks[0], |place| looks[place]);
    for (row, (number, parts)) in bars.iter().enumerate() {
        chart.ending(row, &wording::ready(study.cases[*number].goal()));
        draw(&mut chart, row, parts, (seconds, &look));
    }
    let told = bars.iter().map(|(number, parts)| {
        let parts: Vec<String> = parts.iter().map(|part| format!("{} {}", part.stage, part.length())).collect();
        format!("{}: {}", study.cases[*number].name, parts.join(", "))
    });
    let alt = format!("What each stage of {} adds; {}.", study.results.scenario, wording::list(told));
    Some(chart.frame.finish(alt))
}

/// `Most time goes to rok: 8m 20s of 21m 31s with 300 nodes`.
fn finding(study: &Study, bars: &[(usize, Vec<StageStep<'_>>)]) -> Option<String> {
    let told = |(_, steps): &&(usize, Vec<StageStep<'_>>)| !steps.is_empty();
    let unchanged = bars.iter().filter(told).find(|(number, _)| Some(*number) == study.unchanged());
    let (number, _) = unchanged.or_else(|| bars.iter().rev().find(told))?;
    let with = match &study.cases[..] {
        [only] => only.name.clone(),
        _ => short_name(&study.results, &study.results.cases[*number]),
    };
    Some(wording::capital(&format!("{} with {with}", steps::longest(&study.cases[*number])?)))
}

/// Stages that are ready only after the goal, which does not wait for them.
fn later(study: &Study, chosen: &[usize]) -> Option<String> {
    let mut later: Vec<&str> = Vec::new();
    for stage in chosen.iter().flat_map(|number| steps::later(&study.cases[*number])) {
        if !later.contains(&stage) {
            later.push(stage);
        }
    }
    let goal = &study.cases[0].goal()?.stage;
    (!later.is_empty()).then(|| format!("Ready after {goal}, which does not wait for it: {}", later.join(", ")))
}

/// The parts, and their lengths below them.
fn draw(chart: &mut RowChart, row: usize, parts: &[StageStep<'_>], (longest, look): (f64, &dyn Fn(&str) -> Look)) {
    let (x, y) = (chart.x, chart.y(row));
    let ends = (x.place(0.0) + 24.0, f64::from(chart.frame.picture.width) - 40.0);
    let picture = &mut chart.frame.picture;
    for part in parts {
        let (left, right) = (x.place(part.from_s), x.place(part.to_s));
        picture.group(part.stage);
        picture.rectangle(at(left, y - HALF), at(right, y + HALF), look(part.stage).colour, 1.0);
        let after = part.before.map_or(String::new(), |before| format!(" after {before}"));
        picture.hint(at(0.5 * (left + right), y), format!("{}: {}{after}", part.stage, part.length()));
    }
    picture.group("");
    let told: Vec<&StageStep<'_>> = parts.iter().filter(|part| part.seconds() >= SHARE_MIN * longest).collect();
    let middle = |part: &StageStep<'_>| 0.5 * (x.place(part.from_s) + x.place(part.to_s));
    let wanted: Vec<f64> = told.iter().map(|part| middle(part)).collect();
    let gap = told.iter().map(|part| font::width(&part.length(), SMALL)).fold(0.0, f64::max) + 8.0;
    for (part, place) in told.iter().zip(labels::spread(&wanted, gap, ends.0, ends.1)) {
        picture.line([at(middle(part), y + HALF), at(place, y + HALF + 6.0)], look(part.stage).colour, 1.4);
        picture.label(at(place, y + HALF + 14.0), Anchor::Middle, SMALL, INK, part.length());
    }
}
