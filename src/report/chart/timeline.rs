//! The nodes of one replication as rows, and the phases of each as coloured spans.

use crate::experiment::results::CaseResult;
use crate::model::record::{NodeRecord, StageKind};
use crate::report::study::Study;
use crate::report::summary;
use crate::report::words::{self, duration, plural};
use crate::time::Time;

use super::axis::{self, Scale};
use super::font;
use super::frame::{Frame, Plot};
use super::picture::{Anchor, Picture, Point, at};
use super::theme::{self, Colour, FAINT_INK, HEIGHT, Look, SMALL};
use super::wording;

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

/// A phase of every node.
struct Phase<'a> {
    name: &'a str,
    colour: Colour,
}

/// A node's row.
struct NodeRow<'a> {
    node: &'a NodeRecord,
    /// When each phase ended, if it did.
    ended: Vec<Option<Time>>,
    /// Where the spans of the phases begin and end, in seconds: one more than there are phases.
    edges: Vec<f64>,
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
    let stride = all.div_ceil(DRAWN_MAX).max(1);
    let rows: Vec<NodeRow<'_>> = nodes.into_iter().step_by(stride).map(|node| row(node, case)).collect();
    let seconds = rows.iter().map(NodeRow::end).reduce(f64::max)? * 1.02;
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
    frame.legend_of_areas(phases.iter().map(|phase| (Look::plain(phase.colour), phase.name)));
    let plot = frame.plot(if rows.len() > NAMED_MAX { 52.0 } else { 74.0 }, 6.0);
    let ticks = axis::elapsed(seconds);
    let x = ticks.across(&plot);
    let picture = &mut frame.picture;
    axis::vertical_lines(picture, &plot, &x, &ticks.ticks);
    axis::horizontal(picture, &plot, &x, &ticks.ticks, &wording::since_creation(ticks.unit));
    let rows = Rows { step: (plot.bottom - plot.top) / rows.len() as f64, nodes: rows, plot, x };
    rows.names(picture, all);
    for (place, phase) in phases.iter().enumerate() {
        picture.group(phase.name);
        rows.spans(picture, place, phase.colour);
    }
    picture.group("");
    rows.hints(picture, &phases);
    picture.by_row = true;
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
    let workload = case.stages.iter().position(|stage| stage.kind == StageKind::Workload);
    let stages = summary::daemonsets(&case.stages).chain(workload);
    let stages = stages.map(|place| (case.stages[place].name.as_str(), looks[place].colour));
    MACHINE.into_iter().chain(stages).map(|(name, colour)| Phase { name, colour }).collect()
}

/// When each phase ended for a node; that of the workload comes last, and not every case has it.
fn ended(node: &NodeRecord, daemonsets: usize) -> Vec<Option<Time>> {
    let machine = [node.launched, node.running, node.booted, node.ready];
    let daemonsets = (0..daemonsets).map(|place| node.daemonsets.get(place).copied().flatten());
    machine.into_iter().chain(daemonsets).chain([node.workload]).collect()
}

/// The row of a node: a phase that ended before the one before it, or never, has no length.
fn row<'a>(node: &'a NodeRecord, case: &CaseResult) -> NodeRow<'a> {
    let ended = ended(node, summary::daemonsets(&case.stages).count());
    let mut edges = vec![node.requested.map_or(0.0, Time::as_secs_f64)];
    for end in &ended {
        let last = edges[edges.len() - 1];
        edges.push(end.map_or(last, |end| end.as_secs_f64().max(last)));
    }
    NodeRow { node, ended, edges }
}

impl NodeRow<'_> {
    /// Where its last span ends.
    fn end(&self) -> f64 {
        self.edges[self.edges.len() - 1]
    }
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
        let [begin, end] = [phase, phase + 1].map(|edge| move |row: &NodeRow<'_>| self.x.place(row.edges[edge]));
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

    /// What each row says.
    fn hints(&self, picture: &mut Picture, phases: &[Phase<'_>]) {
        for (place, row) in self.nodes.iter().enumerate() {
            let phases = phases.iter().map(|phase| phase.name).zip(row.ended.iter().copied());
            let times =
                [("requested", row.node.requested)].into_iter().chain(phases).chain([("failed", row.node.failed)]);
            let told = times.filter_map(|(name, at)| Some(format!("{name} {}", duration(at?.as_secs_f64()))));
            let told: Vec<String> = told.collect();
            let text = format!("node {}: {}", words::count(row.node.number.into()), told.join(", "));
            picture.hint(at(self.x.place(row.end()), self.middle(place)), text);
        }
    }
}
