//! Overheads as stacked bars: how long each stage adds to the one before it, for each case.
//!
//! Must not know: how an overhead is computed.

use crate::model::record::StageKind;
use crate::report::study::Study;
use crate::report::summary::{self, CaseSummary};
use crate::report::words::{self, duration};

use super::axis::{self, Scale};
use super::font;
use super::frame::{Frame, MARGIN, Plot};
use super::picture::{Anchor, Picture, at};
use super::ready_times::capital;
use super::rows::{ROW, ROWS_MAX, TIME, common, short_name};
use super::theme::{self, INK, LABEL, Look, SMALL};

/// A stage's part of a bar, in seconds.
struct Part {
    stage: usize,
    from_s: f64,
    to_s: f64,
}

/// The chart; absent if no case has a stage that became ready.
pub fn picture(study: &Study) -> Option<Picture> {
    let names: Vec<String> = summary::stage_names(&study.results);
    let names: Vec<String> = names.into_iter().filter(|name| StageKind::ScaleDown.name() != Some(name)).collect();
    let looks = theme::looks(&names);
    let shown = study.cases.len().min(ROWS_MAX);
    let bars: Vec<Vec<Part>> = study.cases[..shown].iter().map(|case| parts(case, &names)).collect();
    let seconds = bars.iter().flatten().map(|part| part.to_s).reduce(f64::max)?;
    let single = study.cases.len() == 1;
    let title = if single { format!("Overheads of {}", study.cases[0].name) } else { "Overheads".to_owned() };
    let mut frame = Frame::new(300, &title);
    let of = if study.results.replications == 1 { "" } else { ", mean" };
    frame.note(&format!("{}: how long each stage adds to the one before it{of}", study.results.scenario));
    if let Some(common) = common(&study.results).filter(|_| !single) {
        frame.note(&common);
    }
    if study.cases.len() > shown {
        let more = words::count((study.cases.len() - shown) as u64);
        frame.note(&format!("The first {shown} cases; {more} more are in overheads.csv"));
    }
    frame.legend(&looks.iter().copied().zip(names.iter().map(String::as_str)).collect::<Vec<_>>());
    let rows: Vec<String> = study.results.cases[..shown]
        .iter()
        .map(|case| if single { String::new() } else { short_name(&study.results, case) })
        .collect();
    let widest = rows.iter().map(|row| font::width(row, LABEL)).fold(0.0, f64::max).min(240.0);
    let plot = frame.plot(widest + 8.0, TIME);
    frame.picture.height = (plot.top + ROW * rows.len() as f64 + 48.0).ceil() as u32;
    let plot = frame.plot(widest + 8.0, TIME);
    let ticks = axis::time_ticks(seconds, 8);
    let x = Scale::linear((0.0, ticks.end), (plot.left, plot.right));
    axis::vertical_lines(&mut frame.picture, &plot, &x, &ticks.ticks);
    let title = format!("{} from creating the workload", capital(ticks.unit));
    axis::horizontal(&mut frame.picture, &plot, &x, &ticks.ticks, &title);
    for (number, (name, parts)) in rows.iter().zip(&bars).enumerate() {
        let y = plot.top + ROW * (number as f64 + 0.5);
        row(&mut frame.picture, (&plot, &x), y, name, &study.cases[number]);
        for part in parts {
            let before = part.stage.checked_sub(1).map(|before| names[before].as_str());
            draw(&mut frame.picture, &x, y, part, (&names[part.stage], before, looks[part.stage]));
        }
    }
    Some(frame.finish(alt(study, &bars, &names)))
}

/// The bar of a case: stages that are ready before an earlier one add nothing.
fn parts(case: &CaseSummary, names: &[String]) -> Vec<Part> {
    let mut from_s = 0.0_f64;
    let mut parts = Vec::new();
    for (place, name) in names.iter().enumerate() {
        let stage = case.stages.iter().find(|stage| stage.stage == *name);
        let Some(ready) = stage.and_then(|stage| stage.ready.as_ref()) else { continue };
        let to_s = ready.mean.max(from_s);
        parts.push(Part { stage: place, from_s, to_s });
        from_s = to_s;
    }
    parts
}

/// The name of a row, and the time at its end.
fn row(picture: &mut Picture, (plot, _): (&Plot, &Scale), y: f64, name: &str, case: &CaseSummary) {
    let name = font::fit(name, LABEL, plot.left - 8.0 - MARGIN);
    picture.text(at(plot.left - 8.0, y + 0.36 * LABEL), Anchor::End, LABEL, INK, name);
    let goal = case.goal().and_then(|goal| goal.ready.as_ref());
    let time = goal.map_or("never".to_owned(), |ready| duration(ready.mean));
    picture.text(at(plot.right + 12.0, y + 0.36 * LABEL), Anchor::Start, LABEL, INK, time);
}

fn draw(picture: &mut Picture, x: &Scale, y: f64, part: &Part, (name, before, look): (&str, Option<&str>, Look)) {
    let (left, right) = (x.place(part.from_s), x.place(part.to_s));
    let length = duration(part.to_s - part.from_s);
    picture.group(name);
    picture.rectangle(at(left, y - 9.5), at(right, y + 9.5), look.colour, 1.0);
    if right - left > font::width(&length, SMALL) + 8.0 {
        let ink = theme::ink_on(look.colour);
        picture.text(at(0.5 * (left + right), y + 0.36 * SMALL), Anchor::Middle, SMALL, ink, &*length);
    }
    let after = before.map_or(String::new(), |before| format!(" after {before}"));
    picture.hint(at(0.5 * (left + right), y), format!("{name}: {length}{after}"));
    picture.group("");
}

fn alt(study: &Study, bars: &[Vec<Part>], names: &[String]) -> String {
    let told = study.cases.iter().zip(bars).map(|(case, parts)| {
        let parts = parts.iter().map(|part| format!("{} {}", names[part.stage], duration(part.to_s - part.from_s)));
        format!("{}: {}", case.name, parts.collect::<Vec<_>>().join(", "))
    });
    format!("What each stage of {} adds; {}.", study.results.scenario, told.collect::<Vec<_>>().join("; "))
}
