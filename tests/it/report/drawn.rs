//! Charts keep their bytes.
//!
//! `golden/charts` holds each kind of chart once or more, of the made-up studies that `charts.rs` draws:
//! `UPDATE_GOLDEN=1 cargo test --test it drawn` writes them anew; look at them.

use std::collections::BTreeSet;

use scaleup::report::{chart, exports};

use super::charts::gallery;
use super::text::assert_golden;

/// Studies with the charts that are kept of each; with no name, all.
const KEPT: [(&str, &[&str]); 10] = [
    ("few-nodes", &[]),
    ("documented-marks", &["time-to-ready"]),
    ("late-marks", &["time-to-ready"]),
    ("workers", &["time-to-ready", "cost"]),
    ("one-effect", &["sensitivity"]),
    ("comparison", &["comparison"]),
    ("deadline-two-axes", &["heat-map", "time-to-ready", "chance", "deadline"]),
    ("never-one", &["time-to-ready"]),
    ("waited", &["waited"]),
    ("explained", &["critical-path", "bottleneck", "queues", "timeline"]),
];

#[test]
fn every_chart_is_drawn_as_it_was() {
    let mut kept = BTreeSet::new();
    for (name, study) in gallery() {
        let Some((_, names)) = KEPT.iter().find(|(kept, _)| *kept == name) else { continue };
        for chart in chart::all(&study).iter().filter(|one| names.is_empty() || names.contains(&one.name.as_str())) {
            let file = format!("{name}-{}.svg", chart.name);
            assert_golden(&format!("charts/{file}"), &chart.svg());
            kept.insert(file);
        }
    }
    for chart in chart::names() {
        assert!(kept.iter().any(|file| file.ends_with(&format!("-{chart}.svg"))), "no {chart} is kept");
    }
    let folder = std::fs::read_dir("tests/it/report/golden/charts").expect("a folder");
    let there: BTreeSet<String> =
        folder.map(|entry| entry.expect("readable").file_name().into_string().expect("text")).collect();
    assert_eq!(there, kept, "files that no study has");
}

#[test]
fn every_chart_names_files_that_there_are() {
    for (name, study) in gallery() {
        for chart in chart::all(&study) {
            assert!(chart.data.split(", ").all(exports::is_name), "{name}: {}: {}", chart.name, chart.data);
        }
    }
}
