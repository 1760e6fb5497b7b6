//! Charts for documents: SVG and PNG, the same on every machine.
//!
//! Each chart is a pure function to a [`Picture`], a list of shapes; [`Chart::svg`] and [`Chart::png`] draw it. To add
//! a chart, write one file: begin a [`Frame`](frame::Frame), ask [`axis`] for numbers and [`theme::looks`] for colours,
//! put lines and bands into the picture, and let [`labels`] write beside them. Shapes of one stage are a *group* that a
//! page can hide, and a *hint* says what is at a place where a page shows values under the pointer.

pub mod axis;
mod bars;
mod bottleneck;
mod cases;
mod chance;
mod chance_plot;
mod comparison;
mod cost;
mod critical_path;
mod curves;
mod deadline;
mod differences;
mod distribution;
mod documented;
pub mod fit;
mod flaps;
pub mod font;
pub mod frame;
mod grid;
mod heat_map;
pub mod labels;
mod limit_marks;
mod lines;
mod lines_of_values;
mod marks;
mod never;
pub mod picture;
#[cfg(feature = "cli")]
mod png;
pub mod predicted;
mod queues;
mod ready_times;
mod resource_colours;
mod row_chart;
mod rows;
pub mod svg;
pub mod theme;
mod timeline;
mod tornado;
mod waited;
mod wording;

use crate::report::study::Study;

pub use cases::short_name;
pub use deadline::cases as shown_whole;
use picture::Picture;
pub use ready_times::THIN_MAX;

/// Of more cases than this, only the fastest, the slowest and the scenario as it stands get charts of their own.
pub const CASES_MAX: usize = 3;

/// A chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// Its name, for a file: letters, digits and dashes.
    pub name: String,
    /// The files with its data.
    pub data: &'static str,
    /// What it consists of.
    pub picture: Picture,
}

impl Chart {
    /// It as an SVG document.
    pub fn svg(&self) -> String {
        svg::document(&self.picture)
    }

    /// It as a PNG file, twice as large as the SVG document.
    #[cfg(feature = "cli")]
    pub fn png(&self) -> Vec<u8> {
        png::png(&self.picture)
    }

    /// What it shows, in one sentence, for those who cannot see it.
    pub fn alt(&self) -> &str {
        &self.picture.alt
    }
}

/// A kind of chart: adding one is a file and a line in [`TOGETHER`] or [`OF_CASE`].
struct ChartKind<F> {
    /// Its name; charts of single cases have a suffix.
    name: &'static str,
    /// The files with its data.
    data: &'static str,
    /// How it is drawn, if there is something to show.
    draw: F,
}

type OfStudy = fn(&Study) -> Option<Picture>;
type OfCase = fn(&Study, usize) -> Option<Picture>;

const fn kind<F: Copy>(name: &'static str, data: &'static str, draw: F) -> ChartKind<F> {
    ChartKind { name, data, draw }
}

/// Every chart of all cases together, in the order in which they are shown.
const TOGETHER: [ChartKind<OfStudy>; 9] = [
    kind("comparison", "comparison.csv", comparison::picture),
    kind("sensitivity", "sensitivity.csv", tornado::picture),
    kind("heat-map", "times.csv", heat_map::picture),
    kind("time-to-ready", "times.csv, documented.csv", ready_times::picture),
    kind("waited", "path.csv", waited::picture),
    kind("overheads", "overheads.csv, times.csv", bars::picture),
    kind("deadline", "deadline.csv", deadline::picture),
    kind("chance", "deadline.csv, times.csv", chance::picture),
    kind("cost", "costs.csv, times.csv", cost::picture),
];

/// Every chart of one case, by its number, in the order in which they are shown.
const OF_CASE: [ChartKind<OfCase>; 7] = [
    kind("critical-path", "path.csv", critical_path::picture),
    kind("bottleneck", "curve.csv, resources.csv", bottleneck::picture),
    kind("queues", "resources.csv", queues::picture),
    kind("readiness", "curve.csv", curves::picture),
    kind("distribution", "deadline.csv, stages.csv", distribution::picture),
    kind("timeline", "nodes.csv", timeline::picture),
    kind("flaps", "counts.csv", flaps::picture),
];

impl<F> ChartKind<F> {
    fn chart(&self, suffix: &str, picture: Option<Picture>) -> Option<Chart> {
        Some(Chart { name: format!("{}{suffix}", self.name), data: self.data, picture: picture? })
    }
}

/// The name of every chart, without what tells those of single cases apart.
pub fn names() -> impl Iterator<Item = &'static str> {
    TOGETHER.iter().map(|kind| kind.name).chain(OF_CASE.iter().map(|kind| kind.name))
}

/// Whether a file of this name is a chart.
pub fn is_file(name: &str) -> bool {
    let stem = name.strip_suffix(".svg").or_else(|| name.strip_suffix(".png"));
    let is_of = |stem: &str, kind| stem.strip_prefix(kind).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    stem.is_some_and(|stem| names().any(|kind| is_of(stem, kind)))
}

/// Every chart of a study: those of all cases together, then those of each case that has its own.
pub fn all(study: &Study) -> Vec<Chart> {
    let mut charts = together(study);
    for number in &study.charted {
        charts.extend(of_case(study, *number));
    }
    charts
}

/// The charts of all cases together.
pub fn together(study: &Study) -> Vec<Chart> {
    TOGETHER.iter().filter_map(|kind| kind.chart("", (kind.draw)(study))).collect()
}

/// The charts of one case.
pub fn of_case(study: &Study, number: usize) -> Vec<Chart> {
    let suffix = suffix(study, number);
    OF_CASE.iter().filter_map(|kind| kind.chart(&suffix, (kind.draw)(study, number))).collect()
}

/// What tells a case's charts apart: nothing if it is alone, its size if that is enough, else its number.
pub fn suffix(study: &Study, number: usize) -> String {
    let cases = &study.results.cases;
    let nodes = cases[number].target_nodes;
    let alike = cases.iter().filter(|case| case.target_nodes == nodes).count();
    match (cases.len(), alike) {
        (1, _) => String::new(),
        (_, 1) => format!("-{nodes}-nodes"),
        _ => format!("-case-{number}"),
    }
}
