//! Overheads as stacked bars: how long each stage adds to the one that it followed, up to the goal, for each case. The
//! goal did not wait for other stages; their readiness is marked.

use crate::model::record::StageKind;
use crate::report::study::Study;
use crate::report::summary::{self, CaseSummary};
use crate::report::words::duration;

use super::axis;
use super::cases::{self, short_name};
use super::font;
use super::picture::{Anchor, Picture, at};
use super::row_chart::{ROWS_MAX, Room, RowChart};
use super::theme::{self, Look, SMALL};
use super::wording::{self, capital};

/// A stage's part of a bar, in seconds.
struct Part<'a> {
    name: &'a str,
    look: Look,
    /// The stage before it in the order of causes.
    before: Option<&'a str>,
    from_s: f64,
    to_s: f64,
}

impl Part<'_> {
    fn length(&self) -> String {
        duration(self.to_s - self.from_s)
    }
}

/// The chart; absent if no case has a stage that became ready.
pub fn picture(study: &Study) -> Option<Picture> {
    let mut names: Vec<String> = summary::stage_names(&study.results);
    names.retain(|name| StageKind::ScaleDown.name() != Some(name));
    let looks = theme::looks(&names);
    let shown = &study.cases[..study.cases.len().min(ROWS_MAX)];
    let bars: Vec<Vec<Part<'_>>> = shown.iter().map(|case| parts(case, &names, &looks)).collect();
    let marks: Vec<Vec<(&str, Look, f64)>> = shown.iter().map(|case| beside(case, &names, &looks)).collect();
    let ends = bars.iter().flatten().map(|part| part.to_s).chain(marks.iter().flatten().map(|mark| mark.2));
    let seconds = ends.reduce(f64::max)?;
    let of = if study.results.replications == 1 { "" } else { ", mean" };
    let note = format!("how long each stage adds to the one that it waited for{of}");
    let mut frame = cases::frame(study, "Overheads", " of ", &note, ROWS_MAX, "overheads.csv");
    if marks.iter().any(|marks| !marks.is_empty()) {
        frame.note("Marks: when other stages were ready, which the last one of the bar did not wait for");
    }
    frame.legend_of_areas(looks.iter().copied().zip(&names));
    let cases = study.results.cases.iter().take(shown.len());
    let rows: Vec<String> = match shown {
        [_] => vec![String::new()],
        _ => cases.map(|case| short_name(&study.results, case)).collect(),
    };
    let ticks = axis::time_ticks(seconds, 8);
    let title = format!("{} from creating the workload", capital(ticks.unit));
    let mut chart = RowChart::new(frame, &rows, Room::TIMES, &ticks, &title);
    for (row, (case, parts)) in shown.iter().zip(&bars).enumerate() {
        chart.ending(row, &wording::ready(case.goal()));
        for part in parts {
            draw(&mut chart, row, part);
        }
        for (name, look, ready_s) in &marks[row] {
            let place = at(chart.x.place(*ready_s), chart.y(row));
            let picture = &mut chart.frame.picture;
            picture.group(name);
            look.hollow_mark(picture, place);
            picture.hint(place, format!("{name}: ready after {}", duration(*ready_s)));
            picture.group("");
        }
    }
    let told = shown.iter().zip(bars.iter().zip(&marks)).map(|(case, (parts, marks))| {
        let parts: Vec<String> = parts.iter().map(|part| format!("{} {}", part.name, part.length())).collect();
        let mut beside: Vec<String> =
            marks.iter().map(|(name, _, ready_s)| format!("{name} ready after {}", duration(*ready_s))).collect();
        beside.insert(0, parts.join(", "));
        format!("{}: {}", case.name, beside.join(", beside it "))
    });
    let alt = format!("What each stage of {} adds; {}.", study.results.scenario, wording::list(told));
    Some(chart.frame.finish(alt))
}

/// The bar of a case, which ends where its goal is ready; a stage that was ready to stay only after a later one adds
/// nothing to what that one waited for.
fn parts<'a>(case: &CaseSummary, names: &'a [String], looks: &[Look]) -> Vec<Part<'a>> {
    let mut parts: Vec<Part<'a>> = Vec::new();
    for &stage in case.chain.iter().rev() {
        let stage = &case.stages[stage];
        let place = names.iter().position(|name| *name == stage.stage);
        let (Some(place), Some(ready)) = (place, &stage.ready) else { continue };
        let name = names[place].as_str();
        let to_s = parts.last().map_or(ready.mean, |next| ready.mean.min(next.to_s));
        if let Some(next) = parts.last_mut() {
            (next.before, next.from_s) = (Some(name), to_s);
        }
        parts.push(Part { name, look: looks[place], before: None, from_s: 0.0, to_s });
    }
    parts.reverse();
    parts
}

/// The stages that the goal did not wait for, and when they were ready, in seconds.
fn beside<'a>(case: &'a CaseSummary, names: &[String], looks: &[Look]) -> Vec<(&'a str, Look, f64)> {
    let stages = case.stages.iter().enumerate().filter(|(place, _)| !case.chain.contains(place));
    let beside = stages.filter_map(|(_, stage)| {
        let place = names.iter().position(|name| *name == stage.stage)?;
        Some((stage.stage.as_str(), looks[place], stage.ready.as_ref()?.mean))
    });
    beside.collect()
}

fn draw(chart: &mut RowChart, row: usize, part: &Part<'_>) {
    let (left, right, y) = (chart.x.place(part.from_s), chart.x.place(part.to_s), chart.y(row));
    let (length, middle) = (part.length(), at(0.5 * (left + right), y));
    let picture = &mut chart.frame.picture;
    picture.group(part.name);
    picture.rectangle(at(left, y - 9.5), at(right, y + 9.5), part.look.colour, 1.0);
    if right - left > font::width(&length, SMALL) + 8.0 {
        picture.label(middle, Anchor::Middle, SMALL, theme::ink_on(part.look.colour), &*length);
    }
    let after = part.before.map_or(String::new(), |before| format!(" after {before}"));
    picture.hint(middle, format!("{}: {length}{after}", part.name));
    picture.group("");
}
