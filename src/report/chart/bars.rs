//! Overheads as stacked bars: how long each stage adds to the one before it, for each case.

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
    let seconds = bars.iter().flatten().map(|part| part.to_s).reduce(f64::max)?;
    let of = if study.results.replications == 1 { "" } else { ", mean" };
    let note = format!("how long each stage adds to the one before it{of}");
    let mut frame = cases::frame(study, "Overheads", " of ", &note, ROWS_MAX, "overheads.csv");
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
    }
    let told = shown.iter().zip(&bars).map(|(case, parts)| {
        let parts: Vec<String> = parts.iter().map(|part| format!("{} {}", part.name, part.length())).collect();
        format!("{}: {}", case.name, parts.join(", "))
    });
    let alt = format!("What each stage of {} adds; {}.", study.results.scenario, wording::list(told));
    Some(chart.frame.finish(alt))
}

/// The bar of a case: stages that are ready before an earlier one add nothing.
fn parts<'a>(case: &CaseSummary, names: &'a [String], looks: &[Look]) -> Vec<Part<'a>> {
    let mut from_s = 0.0_f64;
    let mut parts = Vec::new();
    for (place, name) in names.iter().enumerate() {
        let stage = case.stages.iter().find(|stage| stage.stage == *name);
        let Some(ready) = stage.and_then(|stage| stage.ready.as_ref()) else { continue };
        let to_s = ready.mean.max(from_s);
        let before = place.checked_sub(1).map(|before| names[before].as_str());
        parts.push(Part { name, look: looks[place], before, from_s, to_s });
        from_s = to_s;
    }
    parts
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
