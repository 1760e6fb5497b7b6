//! Charts for documents: SVG and PNG, the same on every machine.
//!
//! Each chart is a pure function to a [`Picture`], a list of shapes; [`Chart::of`] draws it. To add a
//! chart, write one file: begin a [`Frame`](frame::Frame), ask [`axis`] for numbers and [`theme::looks`] for colours,
//! put lines and bands into the picture, and let [`labels`] write beside them.

pub mod axis;
mod curves;
mod flaps;
pub mod font;
pub mod frame;
pub mod labels;
pub mod picture;
mod ready_times;
mod render;
mod rows;
pub mod theme;

use crate::experiment::results::{CaseResult, Results};

use picture::Picture;

/// A chart, drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// Its name, for a file: letters, digits and dashes.
    pub name: String,
    /// What it shows, in one sentence, for those who cannot see it.
    pub alt: String,
    /// It as an SVG document.
    pub svg: String,
    /// It as a PNG file, twice as large as the SVG document.
    pub png: Vec<u8>,
}

impl Chart {
    /// Draws a picture.
    pub fn of(name: impl Into<String>, picture: &Picture) -> Self {
        Self { name: name.into(), alt: picture.alt.clone(), svg: render::svg(picture), png: render::png(picture) }
    }
}

/// Every chart of these results: time to ready, then for each case its readiness curves and, if pods flapped, those.
pub fn all(results: &Results) -> Vec<Chart> {
    let mut charts = vec![time_to_ready(results)];
    for (number, case) in results.cases.iter().enumerate() {
        let suffix = suffix(results, number);
        charts.push(Chart::of(format!("readiness{suffix}"), &curves::picture(results, case)));
        charts.extend(flaps::picture(results, case).map(|picture| Chart::of(format!("flaps{suffix}"), &picture)));
    }
    charts
}

/// Time until each stage is ready against the cluster's size, or whatever else the cases differ in.
pub fn time_to_ready(results: &Results) -> Chart {
    let picture = ready_times::picture(results).unwrap_or_else(|| rows::picture(results));
    Chart::of("time-to-ready", &picture)
}

/// How many of each stage of a case were Ready over time: median and 90 % of the replications.
pub fn readiness(results: &Results, case: &CaseResult) -> Chart {
    Chart::of("readiness", &curves::picture(results, case))
}

/// Pods that became `NotReady` in replication 0 of a case, of the stage that did so most; absent if none did.
pub fn flapping(results: &Results, case: &CaseResult) -> Option<Chart> {
    flaps::picture(results, case).map(|picture| Chart::of("flaps", &picture))
}

/// What tells a case's charts apart: nothing if it is alone, its size if that is enough, else its number.
fn suffix(results: &Results, number: usize) -> String {
    let nodes = results.cases[number].target_nodes;
    let alike = results.cases.iter().filter(|case| case.target_nodes == nodes).count();
    match (results.cases.len(), alike) {
        (1, _) => String::new(),
        (_, 1) => format!("-{nodes}-nodes"),
        _ => format!("-case-{number}"),
    }
}
