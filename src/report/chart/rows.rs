//! Time to ready of one case, or of cases that differ in more than one number: a row for each.
//!
//! Must not know: the one number that makes an axis (`ready_times`).

use crate::experiment::results::{CaseResult, Results};
use crate::report::study::Study;
use crate::report::summary::{self, CaseSummary, StageSummary};
use crate::report::words::{self, duration};

use super::axis::{self, Scale};
use super::font;
use super::frame::{Frame, Plot};
use super::picture::{Anchor, Picture, at};
use super::ready_times::{capital, explanation, latest, told};
use super::theme::{self, BAND, INK, LABEL, Look, MARK};

/// The height of a row.
pub const ROW: f64 = 28.0;
/// More rows than this are left out.
pub const ROWS_MAX: usize = 60;
/// The room for the time at the end of a row.
pub const TIME: f64 = 92.0;

/// A row of the chart: its name, and the stages with their looks.
struct Row<'a> {
    name: String,
    stages: Vec<(Look, &'a StageSummary)>,
}

/// The chart: a row for each stage of the only case, or else a row for each case with all its stages.
pub fn picture(study: &Study) -> Picture {
    let (results, cases) = (&study.results, &study.cases);
    let names = summary::stage_names(results);
    let looks = theme::looks(&names);
    let rows =
        if let [case] = &cases[..] { stage_rows(case, &looks) } else { case_rows(results, cases, &names, &looks) };
    let left_out = rows.len().saturating_sub(ROWS_MAX);
    let rows = &rows[..rows.len().min(ROWS_MAX)];
    let single = cases.len() == 1;
    let title = if single { format!("Time to ready of {}", cases[0].name) } else { "Time to ready".to_owned() };
    let height = 200.0 + ROW * rows.len() as f64;
    let mut frame = Frame::new(height as u32, &title);
    frame.note(&format!("{}: {}", results.scenario, explanation(results)));
    if let Some(common) = common(results).filter(|_| !single) {
        frame.note(&common);
    }
    if left_out > 0 {
        frame.note(&format!("The first {ROWS_MAX} cases; {} more are in times.csv", words::count(left_out as u64)));
    }
    if !single {
        let entries: Vec<_> = looks.iter().copied().zip(names.iter().map(String::as_str)).collect();
        frame.legend(&entries);
    }
    let seconds = rows.iter().flat_map(|row| &row.stages).filter_map(|(_, stage)| latest(stage)).fold(0.0, f64::max);
    let ticks = axis::time_ticks(seconds, 8);
    let widest = rows.iter().map(|row| font::width(&row.name, LABEL)).fold(0.0, f64::max).min(240.0);
    let plot = frame.plot(widest + 8.0, TIME);
    frame.picture.height = (plot.top + ROW * rows.len() as f64 + 48.0).ceil() as u32;
    let plot = frame.plot(widest + 8.0, TIME);
    let x = Scale::linear((0.0, ticks.end), (plot.left, plot.right));
    axis::vertical_lines(&mut frame.picture, &plot, &x, &ticks.ticks);
    let title = format!("{} from creating the workload until all are Ready to stay", capital(ticks.unit));
    axis::horizontal(&mut frame.picture, &plot, &x, &ticks.ticks, &title);
    for (number, row) in rows.iter().enumerate() {
        draw(&mut frame.picture, &plot, &x, plot.top + ROW * (number as f64 + 0.5), row);
    }
    frame.finish(alt(results, rows))
}

fn stage_rows<'a>(case: &'a CaseSummary, looks: &[Look]) -> Vec<Row<'a>> {
    let rows = case.stages.iter().zip(looks);
    rows.map(|(stage, look)| Row { name: stage.stage.clone(), stages: vec![(*look, stage)] }).collect()
}

fn case_rows<'a>(results: &Results, cases: &'a [CaseSummary], names: &[String], looks: &[Look]) -> Vec<Row<'a>> {
    let rows = results.cases.iter().zip(cases).map(|(result, case)| {
        let stages = case.stages.iter().filter_map(|stage| {
            let place = names.iter().position(|name| *name == stage.stage)?;
            Some((looks[place], stage))
        });
        Row { name: short_name(results, result), stages: stages.collect() }
    });
    rows.collect()
}

/// What the cases have in common, to be said once: their size, and the only key in which they differ.
pub fn common(results: &Results) -> Option<String> {
    let mut parts = Vec::new();
    if let Some(nodes) = same_nodes(results) {
        parts.push(words::plural(u64::from(nodes), "node"));
    }
    parts.extend(only_key(results).map(|key| format!("rows: {key}")));
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn same_nodes(results: &Results) -> Option<u32> {
    let nodes = results.cases.first()?.target_nodes;
    results.cases.iter().all(|case| case.target_nodes == nodes).then_some(nodes)
}

fn only_key(results: &Results) -> Option<&str> {
    let mut keys = results.cases.iter().flat_map(words::axes).map(|(key, _)| key);
    let first = keys.next()?;
    keys.all(|key| key == first).then_some(first)
}

/// The name of a case without what all have in common.
pub fn short_name(results: &Results, case: &CaseResult) -> String {
    let mut parts = Vec::new();
    if same_nodes(results).is_none() {
        parts.push(words::plural(u64::from(case.target_nodes), "node"));
    }
    let only = only_key(results).is_some();
    if case.set.is_empty() && parts.is_empty() {
        parts.push("no change".to_owned());
    }
    parts.extend(words::axes(case).map(|(key, value)| {
        let value = value.trim_matches('"');
        if only { value.to_owned() } else { format!("{} {value}", key.rsplit('.').next().unwrap_or(key)) }
    }));
    parts.join(", ")
}

fn draw(picture: &mut Picture, plot: &Plot, x: &Scale, y: f64, row: &Row) {
    let name = font::fit(&row.name, LABEL, plot.left - 8.0 - super::frame::MARGIN);
    picture.text(at(plot.left - 8.0, y + 0.36 * LABEL), Anchor::End, LABEL, INK, name);
    for (look, stage) in &row.stages {
        picture.group(&stage.stage);
        if let Some((low, high)) = stage.ready_band {
            let (low, high) = (at(x.place(low), y - 8.0), at(x.place(high), y + 8.0));
            picture.rectangle(low, high, look.colour, 1.7 * BAND);
        }
    }
    for (look, stage) in &row.stages {
        picture.group(&stage.stage);
        let Some(ready) = &stage.ready else { continue };
        if let (Some(low), Some(high)) = (ready.ci95_low, ready.ci95_high) {
            let (low, high) = (x.place(low.max(0.0)), x.place(high));
            if high - low > 2.0 * MARK {
                picture.line([at(low, y), at(high, y)], look.colour, 1.2);
                for end in [low, high] {
                    picture.line([at(end, y - MARK), at(end, y + MARK)], look.colour, 1.2);
                }
            }
        }
        let place = at(x.place(ready.mean), y);
        if stage.never > 0 {
            look.hollow_mark(picture, place);
        } else {
            look.mark(picture, place);
        }
        picture.hint(place, told(stage));
    }
    picture.group("");
    let time = row.stages.last().map_or(String::new(), |(_, stage)| time(stage));
    picture.text(at(plot.right + 12.0, y + 0.36 * LABEL), Anchor::Start, LABEL, INK, time);
}

fn time(stage: &StageSummary) -> String {
    stage.ready.as_ref().map_or("never".to_owned(), |ready| duration(ready.mean))
}

fn alt(results: &Results, rows: &[Row]) -> String {
    let told = rows.iter().filter_map(|row| Some(format!("{} {}", row.name, time(row.stages.last()?.1))));
    format!("Time to ready of {}: {}.", results.scenario, told.collect::<Vec<_>>().join("; "))
}
