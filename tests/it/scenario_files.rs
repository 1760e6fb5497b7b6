//! Scenario files: reading, extending, settings.

use scaleup::scenario::{Loaded, Problems, Setting, load};
use std::path::Path;

const SMALL: &str = "tests/it/fixtures/small.toml";

fn small(settings: &[&str]) -> Result<Loaded, Problems> {
    let settings: Vec<Setting> = settings.iter().map(|text| Setting::new("--set", *text)).collect();
    load(Path::new(SMALL), &settings)
}

#[test]
fn a_complete_scenario_is_read() {
    let loaded = small(&[]).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(loaded.scenario.cluster.target_nodes, 10);
}

#[test]
fn every_problem_of_every_source_is_shown_at_once() {
    let problems = small(&["cloud.boot=30", "daemonset.agnt.start=3s", "workload.imag=app"]).unwrap_err();
    let lines: Vec<String> =
        problems.iter().map(|p| format!("{}:{}:{} {}", p.source, p.line, p.column, p.problem)).collect();
    assert_eq!(
        lines,
        [
            "--set:1:12 cloud.boot: a bare number where a length of time is meant",
            "--set:1:11 [daemonset.agnt] lacks `image`, `vcpus`, `memory`",
            "--set:1:10 [workload] has no key `imag`",
        ]
    );
}
