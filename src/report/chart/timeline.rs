//! The nodes of one replication as rows, and the phases of each as coloured spans.
//!
//! Must not know: other replications, and pods.

use crate::experiment::results::CaseResult;
use crate::model::record::{NodeRecord, StageKind};
use crate::report::study::Study;
use crate::report::summary;
use crate::report::words::{self, duration, plural};
use crate::time::Time;

use super::axis::{self, Scale};
use super::curves::{title, until};
use super::font;
use super::frame::{Frame, Plot};
use super::picture::{Anchor, Picture, Point, at};
use super::theme::{self, Colour, FAINT_INK, HEIGHT, Look, SMALL};

/// With more nodes, rows touch each other and have no names.
const NAMED_MAX: usize = 24;
/// With more nodes, only so many are drawn.
const DRAWN_MAX: usize = 1_000;
/// From the request of a node until it is Ready, from light to dark.
const MACHINE: [(&str, Colour); 4] = [
    ("wait for launch", (222, 222, 222)),
    ("launch", (190, 190, 190)),
    ("boot", (150, 150, 150)),
    ("join the cluster", (96, 96, 96)),
];

/// When a phase ended for a node.
type End<'a> = dyn Fn(&NodeRecord) -> Option<Time> + 'a;

/// A phase: its name, its colour, and when it ended for a node.
struct Phase<'a> {
    name: &'a str,
    colour: Colour,
    end: Box<End<'a>>,
}

/// A node's row: its number, where its first phase begins, and where each phase ends, in seconds.
struct Row<'a> {
    number: usize,
    node: &'a NodeRecord,
    begin: f64,
    ends: Vec<f64>,
}

/// The chart; absent if the nodes are not known.
pub fn picture(study: &Study, number: usize) -> Option<Picture> {
    let case = &study.results.cases[number];
    let phases = phases(case);
    let detail = case.detail.as_ref()?;
    // Requests that came to nothing would be rows without a span, over hours.
    let nodes: Vec<&NodeRecord> = detail.nodes.iter().filter(|node| node.lived()).collect();
    let (all, requested) = (nodes.len(), detail.asked as usize);
    let stride = all.div_ceil(DRAWN_MAX).max(1);
    let rows: Vec<Row<'_>> =
        nodes.into_iter().step_by(stride).map(|node| row(node.number as usize, node, &phases)).collect();
    let seconds = rows.iter().filter_map(|row| row.ends.last().copied()).reduce(f64::max)? * 1.02;
    let mut frame =
        Frame::new(height(rows.len()), &format!("What each node went through, {}", study.cases[number].name));
    frame.note(&format!(
        "{}, replication 0: {}, in the order of their requests",
        study.results.scenario,
        plural(all as u64, "node")
    ));
    frame.note("Each span ends when that is done or Ready on the node for the last time");
    if requested > all {
        let more = plural((requested - all) as u64, "request");
        frame.note(&format!("{more} for a node that came to nothing, not drawn"));
    }
    if stride > 1 {
        frame.note(&format!("One of {stride} nodes is drawn; all are in nodes.csv"));
    }
    let entries: Vec<(Look, &str)> = phases.iter().map(|phase| (Look::plain(phase.colour), phase.name)).collect();
    frame.legend_of_areas(&entries);
    let plot = frame.plot(if rows.len() > NAMED_MAX { 52.0 } else { 74.0 }, 6.0);
    let ticks = axis::time_ticks(seconds, 9);
    let x = Scale::linear((0.0, seconds.max(f64::MIN_POSITIVE)), (plot.left, plot.right));
    let shown = until(&ticks, seconds);
    axis::vertical_lines(&mut frame.picture, &plot, &x, &shown);
    axis::horizontal(&mut frame.picture, &plot, &x, &shown, &title(ticks.unit));
    names(&mut frame.picture, &plot, &rows, all);
    for (place, phase) in phases.iter().enumerate() {
        frame.picture.group(phase.name);
        spans(&mut frame.picture, (&plot, &x), &rows, place, phase.colour);
    }
    frame.picture.group("");
    hints(&mut frame.picture, (&plot, &x), &rows, &phases);
    frame.picture.by_row = true;
    let alt = format!(
        "Spans of {} over time in one scale-up, {}: {}.",
        plural(all as u64, "node"),
        study.cases[number].name,
        phases.iter().map(|phase| phase.name).collect::<Vec<_>>().join(", ")
    );
    Some(frame.finish(alt))
}

/// As high as usual, or higher for many nodes.
fn height(rows: usize) -> u32 {
    HEIGHT + (rows as u32).saturating_sub(300) / 3
}

fn phases(case: &CaseResult) -> Vec<Phase<'_>> {
    let looks = theme::looks(&case.stages);
    let [wait, launch, boot, join] = MACHINE;
    let machine = |(name, colour): (&'static str, Colour), end: fn(&NodeRecord) -> Option<Time>| Phase {
        name,
        colour,
        end: Box::new(end),
    };
    let mut phases = vec![
        machine(wait, |node| node.launched),
        machine(launch, |node| node.running),
        machine(boot, |node| node.booted),
        machine(join, |node| node.ready),
    ];
    for (place, stage) in summary::daemonsets(&case.stages).enumerate() {
        let end = move |node: &NodeRecord| node.daemonsets.get(place).copied().flatten();
        phases.push(Phase { name: &case.stages[stage].name, colour: looks[stage].colour, end: Box::new(end) });
    }
    if let Some(stage) = case.stages.iter().position(|stage| stage.kind == StageKind::Workload) {
        let end = |node: &NodeRecord| node.workload;
        phases.push(Phase { name: &case.stages[stage].name, colour: looks[stage].colour, end: Box::new(end) });
    }
    phases
}

/// The row of a node: a phase that ended before the one before it, or never, has no length.
fn row<'a>(number: usize, node: &'a NodeRecord, phases: &[Phase<'_>]) -> Row<'a> {
    let begin = node.requested.map_or(0.0, Time::as_secs_f64);
    let mut last = begin;
    let ends = phases.iter().map(|phase| {
        last = (phase.end)(node).map_or(last, |end| end.as_secs_f64().max(last));
        last
    });
    Row { number, node, begin, ends: ends.collect() }
}

/// The numbers of nodes beside their rows.
fn names(picture: &mut Picture, plot: &Plot, rows: &[Row<'_>], all: usize) {
    let step = (plot.bottom - plot.top) / rows.len() as f64;
    if rows.len() <= NAMED_MAX {
        for (place, row) in rows.iter().enumerate() {
            let y = plot.top + step * (place as f64 + 0.5) + 0.36 * SMALL.min(step);
            let name = font::fit(&format!("node {}", row.number), SMALL.min(step), plot.left - 16.0);
            picture.text(at(plot.left - 8.0, y), Anchor::End, SMALL.min(step), FAINT_INK, name);
        }
        return;
    }
    let y = Scale::linear((0.0, all as f64), (plot.top, plot.bottom));
    for tick in axis::count_ticks(all as f64, 6).ticks.iter().filter(|tick| tick.value < all as f64) {
        let place = y.place(tick.value);
        picture.line([at(plot.left - 4.0, place), at(plot.left, place)], FAINT_INK, 1.0);
        picture.text(at(plot.left - 8.0, place + 0.36 * SMALL), Anchor::End, SMALL, FAINT_INK, &*tick.label);
    }
}

/// The spans of one phase: a rectangle for each row, or one area for many.
fn spans(picture: &mut Picture, (plot, x): (&Plot, &Scale), rows: &[Row<'_>], place: usize, colour: Colour) {
    let step = (plot.bottom - plot.top) / rows.len() as f64;
    let ends = |row: &Row<'_>| {
        let from = if place == 0 { row.begin } else { row.ends[place - 1] };
        (x.place(from), x.place(row.ends[place]))
    };
    if rows.len() <= NAMED_MAX {
        let half = 0.5 * step - (0.1 * step).min(1.5);
        for (number, row) in rows.iter().enumerate() {
            let (from, to) = ends(row);
            let y = plot.top + step * (number as f64 + 0.5);
            if to > from {
                picture.rectangle(at(from, y - half), at(to, y + half), colour, 1.0);
            }
        }
        return;
    }
    // Runs of rows in which the phase has a length, each as one area.
    let mut first = 0;
    for run in rows.chunk_by(|a, b| (ends(a).1 > ends(a).0) == (ends(b).1 > ends(b).0)) {
        let top = |number: usize| plot.top + step * (first + number) as f64;
        if ends(&run[0]).1 > ends(&run[0]).0 {
            let side = |of: fn((f64, f64)) -> f64| -> Vec<Point> {
                let corners = run.iter().enumerate();
                corners.flat_map(|(number, row)| [top(number), top(number + 1)].map(|y| at(of(ends(row)), y))).collect()
            };
            picture.band(&side(|ends| ends.0), &side(|ends| ends.1), colour, 1.0);
        }
        first += run.len();
    }
}

/// What each row says.
fn hints(picture: &mut Picture, (plot, x): (&Plot, &Scale), rows: &[Row<'_>], phases: &[Phase<'_>]) {
    let step = (plot.bottom - plot.top) / rows.len() as f64;
    for (place, row) in rows.iter().enumerate() {
        let told = phases.iter().filter_map(|phase| {
            let end = (phase.end)(row.node)?;
            Some(format!("{} {}", phase.name, duration(end.as_secs_f64())))
        });
        let failed = row.node.failed.map(|at| format!("failed {}", duration(at.as_secs_f64())));
        let requested = row.node.requested.map(|at| format!("requested {}", duration(at.as_secs_f64())));
        let told: Vec<String> = requested.into_iter().chain(told).chain(failed).collect();
        let y = plot.top + step * (place as f64 + 0.5);
        let text = format!("node {}: {}", words::count(row.number as u64), told.join(", "));
        picture.hint(at(x.place(row.ends.last().copied().unwrap_or(0.0)), y), text);
    }
}
