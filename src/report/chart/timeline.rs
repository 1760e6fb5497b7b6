//! The nodes of one replication as rows, and what each waited for as coloured spans; where that is not known, its
//! phases.

use std::collections::BTreeSet;

use crate::experiment::causes::{NodeCauses, ROWS_MAX};
use crate::experiment::results::CaseResult;
use crate::model::record::{Cause, NodeRecord, StageKind};
use crate::report::explained::cause_word;
use crate::report::study::Study;
use crate::report::summary;
use crate::report::words::{self, duration, plural};
use crate::time::Time;

use super::axis::{self, Scale};
use super::font;
use super::frame::{Frame, Plot};
use super::limit_marks;
use super::picture::{Anchor, Picture, Point, at};
use super::theme::{self, Colour, FAINT_INK, HEIGHT, Look, SMALL};
use super::wording;

/// With more nodes, rows touch each other and have no names.
const NAMED_MAX: usize = 16;
/// With more nodes, only so many are drawn.
const DRAWN_MAX: usize = 150;
/// From the request of a node until it is Ready, from light to dark.
const MACHINE: [(&str, Colour); 4] = [
    ("wait for launch", (222, 222, 222)),
    ("launch", (190, 190, 190)),
    ("boot", (150, 150, 150)),
    ("join the cluster", (96, 96, 96)),
];

/// Thinner pieces are not drawn.
const THINNEST: f64 = 0.4;

/// A phase of every node.
struct NodePhase<'a> {
    name: &'a str,
    colour: Colour,
}

/// A node's row.
struct NodeRow<'a> {
    node: &'a NodeRecord,
    /// When each phase ended, if it did.
    ended: Vec<Option<Time>>,
    /// Where the span of each phase begins and ends, in seconds; one after the other, in the order in which they ended.
    spans: Vec<(f64, f64)>,
}

/// The rows in their plot.
struct Rows<'a> {
    nodes: Vec<NodeRow<'a>>,
    plot: Plot,
    x: Scale,
    /// The height of a row.
    step: f64,
}

/// The chart; absent if the nodes are not known.
pub fn picture(study: &Study, number: usize) -> Option<Picture> {
    let case = &study.results.cases[number];
    let phases = phases(case);
    let detail = case.detail.as_ref()?;
    // Requests that came to nothing would be rows without a span, over hours.
    let nodes: Vec<&NodeRecord> = detail.nodes.iter().filter(|node| node.lived()).collect();
    let (all, requested) = (nodes.len(), detail.asked as usize);
    let by_cause = !detail.causes.is_empty();
    let stride = all.div_ceil(if by_cause { ROWS_MAX } else { DRAWN_MAX }).max(1);
    let rows: Vec<NodeRow<'_>> = nodes.into_iter().step_by(stride).map(|node| row(node, case)).collect();
    let seconds = rows.iter().map(NodeRow::end).reduce(f64::max)? * 1.02;
    let summary = &study.cases[number];
    let mut frame = Frame::new(height(rows.len()), &finding(&summary.name, &phases, &rows));
    frame.note(&format!("{}, replication 0, {}", study.results.scenario, plural(all as u64, "node")));
    frame.note(if by_cause {
        "What the machine waited for, then the pods on it, in the order in which they were Ready for good"
    } else {
        "A span ends when that is done, or Ready on the node for the last time, and begins where another ended"
    });
    if let Some(note) = limit_marks::note(summary) {
        frame.note(&note);
    }
    note_what_is_left_out(&mut frame, requested.saturating_sub(all), stride);
    let causes = causes(&detail.causes);
    if by_cause {
        frame.legend_of_areas(causes.iter().map(|cause| (Look::plain(theme::of_cause(*cause)), cause_word(*cause))));
    } else {
        frame.legend_of_areas(phases.iter().map(|phase| (Look::plain(phase.colour), phase.name)));
    }
    let named = rows.len() <= NAMED_MAX;
    if !named {
        frame.note("Nodes, in the order of their requests");
    }
    let plot = frame.plot(if named { 66.0 } else { 42.0 }, 6.0);
    let ticks = axis::elapsed(seconds);
    let x = ticks.across(&plot);
    let picture = &mut frame.picture;
    axis::vertical_lines(picture, &plot, &x, &ticks.ticks);
    axis::horizontal(picture, &plot, &x, &ticks.ticks, wording::SINCE_CREATION);
    let rows = Rows { step: (plot.bottom - plot.top) / rows.len() as f64, nodes: rows, plot, x };
    rows.names(picture, all);
    for cause in causes {
        picture.group(cause_word(cause));
        rows.pieces(picture, &detail.causes, cause);
    }
    for (place, phase) in phases.iter().enumerate().filter(|_| !by_cause) {
        picture.group(phase.name);
        rows.spans(picture, place, phase.colour);
    }
    picture.group("");
    limit_marks::draw(picture, &plot, &x, summary, seconds);
    rows.hints(picture, &phases);
    picture.by_row = true;
    let alt = format!(
        "Spans of {} over time in one scale-up, {}: {}.",
        plural(all as u64, "node"),
        summary.name,
        phases.iter().map(|phase| phase.name).collect::<Vec<_>>().join(", ")
    );
    Some(frame.finish(alt))
}

/// Says which nodes have no row.
fn note_what_is_left_out(frame: &mut Frame, came_to_nothing: usize, stride: usize) {
    if came_to_nothing > 0 {
        let more = plural(came_to_nothing as u64, "request");
        frame.note(&format!("{more} for a node that came to nothing, not drawn"));
    }
    if stride > 1 {
        frame.note(&format!("One of {stride} nodes is drawn; all are in nodes.csv"));
    }
}

/// The causes that any row has, in the order of their declaration.
fn causes(rows: &[NodeCauses]) -> Vec<Cause> {
    let all = rows.iter().flat_map(|row| &row.pieces).map(|(cause, _)| *cause);
    all.collect::<BTreeSet<_>>().into_iter().collect()
}

/// As high as usual, or higher for many nodes.
fn height(rows: usize) -> u32 {
    HEIGHT + 60 + (rows as u32).saturating_sub(100) / 3
}

fn phases(case: &CaseResult) -> Vec<NodePhase<'_>> {
    let looks = theme::looks(&case.stages);
    let workload = case.stages.iter().position(|stage| stage.kind == StageKind::Workload);
    let stages = summary::daemonsets(&case.stages).chain(workload);
    let stages = stages.map(|place| (case.stages[place].name.as_str(), looks[place].colour));
    MACHINE.into_iter().chain(stages).map(|(name, colour)| NodePhase { name, colour }).collect()
}

/// When each phase ended for a node; that of the workload comes last, and not every case has it.
fn ended(node: &NodeRecord, daemonsets: usize) -> Vec<Option<Time>> {
    let machine = [node.launched, node.running, node.booted, node.ready];
    let daemonsets = (0..daemonsets).map(|place| node.daemonsets.get(place).copied().flatten());
    machine.into_iter().chain(daemonsets).chain([node.workload]).collect()
}

/// The row of a node: a phase that never ended has no length.
fn row<'a>(node: &'a NodeRecord, case: &CaseResult) -> NodeRow<'a> {
    let ended = ended(node, summary::daemonsets(&case.stages).count());
    let mut begin = node.requested.map_or(0.0, Time::as_secs_f64);
    let mut spans = vec![(begin, begin); ended.len()];
    let mut order: Vec<usize> = (0..ended.len()).filter(|phase| ended[*phase].is_some()).collect();
    // What the machine went through comes first; then, what is done first: a replica can run before a member of the
    // storage system is Ready for the last time.
    order.sort_by_key(|phase| if *phase < MACHINE.len() { (None, *phase) } else { (ended[*phase], *phase) });
    for phase in order {
        let end = ended[phase].map_or(begin, |end| end.as_secs_f64().max(begin));
        spans[phase] = (begin, end);
        begin = end;
    }
    NodeRow { node, ended, spans }
}

impl NodeRow<'_> {
    /// Where its last span ends.
    fn end(&self) -> f64 {
        self.spans.iter().map(|span| span.1).fold(0.0, f64::max)
    }
}

/// `300 nodes: on a node, most time goes to rok, 8m 20s on average`.
fn finding(name: &str, phases: &[NodePhase<'_>], rows: &[NodeRow<'_>]) -> String {
    let mean = |phase: usize| {
        let of_rows = rows.iter().map(|row| row.spans[phase].1 - row.spans[phase].0);
        of_rows.sum::<f64>() / rows.len() as f64
    };
    let longest = (0..phases.len()).map(|phase| (phase, mean(phase))).max_by(|a, b| a.1.total_cmp(&b.1));
    longest.map_or_else(
        || name.to_owned(),
        |(phase, seconds)| {
            format!("{name}: on a node, most time goes to {}, {} on average", phases[phase].name, duration(seconds))
        },
    )
}

impl Rows<'_> {
    fn middle(&self, place: usize) -> f64 {
        self.plot.top + self.step * (place as f64 + 0.5)
    }

    /// The numbers of nodes beside their rows.
    fn names(&self, picture: &mut Picture, all: usize) {
        let right = self.plot.left - 8.0;
        if self.nodes.len() <= NAMED_MAX {
            let size = SMALL.min(self.step);
            for (place, row) in self.nodes.iter().enumerate() {
                let name = font::fit(&format!("node {}", row.node.number), size, right - 8.0);
                picture.label(at(right, self.middle(place)), Anchor::End, size, FAINT_INK, name);
            }
            return;
        }
        let y = Scale::linear((0.0, all as f64), (self.plot.top, self.plot.bottom));
        for tick in axis::count_ticks(all as f64, 6).ticks.iter().filter(|tick| tick.value < all as f64) {
            let place = y.place(tick.value);
            picture.line([at(self.plot.left - 4.0, place), at(self.plot.left, place)], FAINT_INK, 1.0);
            picture.label(at(right, place), Anchor::End, SMALL, FAINT_INK, &*tick.label);
        }
    }

    /// The spans of one phase: an area for each row with a name, or one for many rows.
    fn spans(&self, picture: &mut Picture, phase: usize, colour: Colour) {
        let begin = |row: &NodeRow<'_>| self.x.place(row.spans[phase].0);
        let end = |row: &NodeRow<'_>| self.x.place(row.spans[phase].1);
        let has_length = |row: &NodeRow<'_>| end(row) > begin(row);
        let is_named = self.nodes.len() <= NAMED_MAX;
        let gap = if is_named { (0.1 * self.step).min(1.5) } else { 0.0 };
        let mut first = 0;
        for run in self.nodes.chunk_by(|a, b| !is_named && has_length(a) == has_length(b)) {
            if has_length(&run[0]) {
                let top = |place: usize| self.plot.top + self.step * (first + place) as f64;
                let side = |of: &dyn Fn(&NodeRow<'_>) -> f64| -> Vec<Point> {
                    let rows = run.iter().enumerate();
                    rows.flat_map(|(place, row)| [top(place) + gap, top(place + 1) - gap].map(|y| at(of(row), y)))
                        .collect()
                };
                picture.band(&side(&begin), &side(&end), colour, 1.0);
            }
            first += run.len();
        }
    }

    /// What all rows wait for because of one cause.
    fn pieces(&self, picture: &mut Picture, of: &[NodeCauses], cause: Cause) {
        let gap = if self.nodes.len() <= NAMED_MAX { (0.1 * self.step).min(1.5) } else { 0.0 };
        let mut bars = Vec::new();
        for (place, row) in self.nodes.iter().enumerate() {
            let Some(causes) = of.iter().find(|causes| causes.node == row.node.number) else { continue };
            let top = self.plot.top + self.step * place as f64;
            let mut from = self.x.place(causes.from.as_secs_f64());
            for (why, until) in &causes.pieces {
                let to = self.x.place(until.as_secs_f64());
                if *why == cause && to - from >= THINNEST {
                    bars.push((at(from, top + gap), at(to, top + self.step - gap)));
                }
                from = to;
            }
        }
        picture.bars(bars, theme::of_cause(cause));
    }

    /// What each row says.
    fn hints(&self, picture: &mut Picture, phases: &[NodePhase<'_>]) {
        for (place, row) in self.nodes.iter().enumerate() {
            let phases = phases.iter().map(|phase| phase.name).zip(row.ended.iter().copied());
            let times =
                [("requested", row.node.requested)].into_iter().chain(phases).chain([("failed", row.node.failed)]);
            let told = times.filter_map(|(name, at)| Some(format!("{name} {}", duration(at?.as_secs_f64()))));
            let told: Vec<String> = told.collect();
            let text = format!("node {}: {}", words::count(row.node.number.0.into()), told.join(", "));
            picture.hint(at(self.x.place(row.end()), self.middle(place)), text);
        }
    }
}
