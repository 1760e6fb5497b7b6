//! Charts for documents: SVG and PNG, the same on every machine.
//!
//! Must not know: files, printing, and how a page places a chart.
//!
//! Each chart is a pure function to a [`Picture`], a list of shapes; [`Chart::svg`] and [`Chart::png`] draw it. To add a
//! chart, write one file: begin a [`Frame`](frame::Frame), ask [`axis`] for numbers and [`theme::looks`] for colours,
//! put lines and bands into the picture, and let [`labels`] write beside them. Shapes of one stage are a *group* that a
//! page can hide, and a *hint* says what is at a place where a page shows values under the pointer.

pub mod axis;
mod bars;
mod cases;
mod chance_plot;
mod comparison;
mod cost;
mod curves;
mod deadline;
mod distribution;
mod documented;
mod flaps;
pub mod font;
pub mod frame;
pub mod labels;
mod marks;
pub mod picture;
#[cfg(feature = "cli")]
mod png;
mod ready_times;
mod row_chart;
mod rows;
pub mod svg;
pub mod theme;
mod timeline;
mod tornado;
mod wording;

use crate::report::study::Study;

use picture::Picture;

/// More cases than this get no charts of their own.
pub const CASES_MAX: usize = 12;

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

/// A kind of chart: adding one is a file and a line in [`ALL`].
struct Kind {
    /// Its name; charts of single cases have a suffix.
    name: &'static str,
    /// The files with its data.
    data: &'static str,
    draw: Draw,
}

/// What a chart shows, and how it is drawn if there is something to show.
enum Draw {
    /// All cases together.
    Study(fn(&Study) -> Option<Picture>),
    /// One case, by its number.
    Case(fn(&Study, usize) -> Option<Picture>),
}

const fn of_study(name: &'static str, data: &'static str, draw: fn(&Study) -> Option<Picture>) -> Kind {
    Kind { name, data, draw: Draw::Study(draw) }
}

const fn of_one(name: &'static str, data: &'static str, draw: fn(&Study, usize) -> Option<Picture>) -> Kind {
    Kind { name, data, draw: Draw::Case(draw) }
}

/// Every chart, in the order in which they are shown.
const ALL: [Kind; 10] = [
    of_study("time-to-ready", "times.csv, documented.csv", |study| Some(times(study))),
    of_study("overheads", "overheads.csv, times.csv", bars::picture),
    of_study("deadline", "deadline.csv", deadline::picture),
    of_study("cost", "costs.csv, times.csv", cost::picture),
    of_study("sensitivity", "sensitivity.csv", tornado::picture),
    of_study("comparison", "comparison.csv", comparison::picture),
    of_one("readiness", "curve.csv", curves::picture),
    of_one("distribution", "deadline.csv, stages.csv", distribution::picture),
    of_one("timeline", "nodes.csv", timeline::picture),
    of_one("flaps", "counts.csv", flaps::picture),
];

/// Whether a file of this name is a chart.
pub fn is_file(name: &str) -> bool {
    let stem = name.strip_suffix(".svg").or_else(|| name.strip_suffix(".png"));
    let is_of = |stem: &str, chart: &Kind| {
        stem.strip_prefix(chart.name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    stem.is_some_and(|stem| ALL.iter().any(|chart| is_of(stem, chart)))
}

/// Every chart of a study: those of all cases together, then those of each of the first [`CASES_MAX`] cases.
pub fn all(study: &Study) -> Vec<Chart> {
    let mut charts = together(study);
    for number in 0..study.cases.len().min(CASES_MAX) {
        charts.extend(of_case(study, number));
    }
    charts
}

/// The charts of all cases together.
pub fn together(study: &Study) -> Vec<Chart> {
    drawn("", |draw| if let Draw::Study(draw) = draw { draw(study) } else { None })
}

/// The charts of one case.
pub fn of_case(study: &Study, number: usize) -> Vec<Chart> {
    drawn(&suffix(study, number), |draw| if let Draw::Case(draw) = draw { draw(study, number) } else { None })
}

fn drawn(suffix: &str, picture: impl Fn(&Draw) -> Option<Picture>) -> Vec<Chart> {
    let chart = |kind: &Kind| {
        let picture = picture(&kind.draw)?;
        Some(Chart { name: format!("{}{suffix}", kind.name), data: kind.data, picture })
    };
    ALL.iter().filter_map(chart).collect()
}

/// Time until each stage is ready against the cluster's size, or whatever else the cases differ in.
fn times(study: &Study) -> Picture {
    ready_times::picture(study).unwrap_or_else(|| rows::picture(study))
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
