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
pub mod picture;
mod ready_times;
mod render;
mod rows;
pub mod theme;
mod timeline;
mod tornado;

use crate::report::study::Study;

use picture::Picture;

/// More cases than this get no charts of their own.
pub const CASES_MAX: usize = 12;

/// A chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// Its name, for a file: letters, digits and dashes.
    pub name: String,
    /// What it consists of.
    pub picture: Picture,
}

impl Chart {
    /// It as an SVG document.
    pub fn svg(&self) -> String {
        render::svg(&self.picture)
    }

    /// It as a PNG file, twice as large as the SVG document.
    #[cfg(feature = "cli")]
    pub fn png(&self) -> Vec<u8> {
        render::png(&self.picture)
    }

    /// What it shows, in one sentence, for those who cannot see it.
    pub fn alt(&self) -> &str {
        &self.picture.alt
    }
}

/// The names of all charts, and what those of a single case begin with.
const NAMES: [&str; 10] = [
    "time-to-ready",
    "overheads",
    "deadline",
    "cost",
    "sensitivity",
    "comparison",
    "readiness",
    "distribution",
    "timeline",
    "flaps",
];

/// Whether a file of this name is a chart.
pub fn is_file(name: &str) -> bool {
    let stem = name.strip_suffix(".svg").or_else(|| name.strip_suffix(".png"));
    let is_of =
        |stem: &str, chart: &str| stem.strip_prefix(chart).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    stem.is_some_and(|stem| NAMES.iter().any(|chart| is_of(stem, chart)))
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
    let mut charts = vec![time_to_ready(study)];
    let mut add = |name: &str, picture: Option<Picture>| {
        charts.extend(picture.map(|picture| Chart { name: name.to_owned(), picture }));
    };
    add("overheads", bars::picture(study));
    add("deadline", deadline::picture(study));
    add("cost", cost::picture(study));
    add("sensitivity", tornado::picture(study));
    add("comparison", comparison::picture(study));
    charts
}

/// The charts of one case: readiness, distribution, node timeline, flaps.
pub fn of_case(study: &Study, number: usize) -> Vec<Chart> {
    let suffix = suffix(study, number);
    let pictures = [
        ("readiness", curves::picture(study, number)),
        ("distribution", distribution::picture(study, number)),
        ("timeline", timeline::picture(study, number)),
        ("flaps", flaps::picture(study, number)),
    ];
    let drawn = pictures.into_iter().filter_map(|(name, picture)| {
        let name = format!("{name}{suffix}");
        picture.map(|picture| Chart { name, picture })
    });
    drawn.collect()
}

/// Time until each stage is ready against the cluster's size, or whatever else the cases differ in.
pub fn time_to_ready(study: &Study) -> Chart {
    let picture = ready_times::picture(study).unwrap_or_else(|| rows::picture(study));
    Chart { name: "time-to-ready".to_owned(), picture }
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
