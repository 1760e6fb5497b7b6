//! Stages by what waits for what, and flaps of pods that should come back.

use crate::report::made_up::{Sketch, results};
use scaleup::experiment::results::CaseResult;
use scaleup::experiment::{Case, Settings, run_cases};
use scaleup::model::Plan;
use scaleup::report::chart;
use scaleup::report::study::Study;
use scaleup::report::summary::CaseSummary;
use scaleup::scenario::{Loaded, Setting, load};
use std::path::Path;

/// A planner's own cluster: Cilium, the GPU operator, Fluent Bit, and pods that wait for the device plugin.
const OWN: &str = r#"
    extends = ["eks", "addons/cilium", "addons/gpu-operator", "addons/fluent-bit"]
    name = "own"
    cluster.target_nodes = 12
    workload.requires = ["nvidia-device-plugin"]
"#;

fn result(text: &str) -> CaseResult {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("own.toml");
    std::fs::write(&file, text).expect("it can be written");
    let loaded = load(&file, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    simulated(&loaded, 5)
}

fn simulated(loaded: &Loaded, replications: u32) -> CaseResult {
    let settings = Settings { seed: 1, replications, threads: None };
    run_cases(&[Case::new(Vec::new(), loaded)], settings, &|| ()).expect("threads").remove(0)
}

fn overheads(case: &CaseResult) -> Vec<(String, f64)> {
    let seconds = |overhead: &scaleup::report::summary::Overhead| overhead.seconds.as_ref().map_or(f64::NAN, |s| s.min);
    let overheads = CaseSummary::of(case).overheads;
    overheads.iter().map(|one| (format!("{} after {}", one.to, one.from), seconds(one))).collect()
}

#[test]
fn overheads_follow_what_waits_for_what_and_are_never_negative() {
    let overheads = overheads(&result(OWN));
    let names: Vec<&str> = overheads.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "nodes after cilium",
            "nvidia-driver after nodes",
            "nvidia-toolkit after nvidia-driver",
            "nvidia-device-plugin after nvidia-toolkit",
            "nvidia-validator after nvidia-device-plugin",
            "fluent-bit after nodes",
            "workload after nvidia-device-plugin",
            "workload after nodes",
        ]
    );
    assert!(overheads.iter().all(|(_, least)| *least >= 0.0), "{overheads:?}");
}

#[test]
fn what_the_workload_does_not_wait_for_is_no_part_of_its_chain() {
    let chain = |text: &str| {
        let case = result(text);
        case.chain().into_iter().map(|stage| case.stages[stage].name.clone()).collect::<Vec<_>>()
    };
    let plugin = ["cilium", "nodes", "nvidia-driver", "nvidia-toolkit", "nvidia-device-plugin", "workload"];
    assert_eq!(chain(OWN), plugin);
    assert_eq!(chain(&OWN.replace("workload.requires", "# workload.requires")), ["cilium", "nodes", "workload"]);
}

#[test]
fn the_documented_case_is_one_chain_with_the_baseline_first() {
    let loaded = load(Path::new("ekf"), &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let stages = Plan::new(&loaded.scenario).stages();
    let after: Vec<(&str, String)> = stages.iter().map(|stage| (stage.name.as_str(), stage.after.join(" "))).collect();
    let expected = [
        ("nodes", ""),
        ("baseline", "nodes"),
        ("rok", "nodes baseline"),
        ("rok-csi", "nodes baseline rok"),
        ("workload", "nodes rok-csi"),
    ];
    assert_eq!(after, expected.map(|(stage, after)| (stage, after.to_owned())));
}

/// `9m 14s` or `13.9s` in seconds.
fn seconds(text: &str) -> f64 {
    let part = |part: &str| -> f64 {
        let units = [("ms", 1e-3), ("h", 3600.0), ("m", 60.0), ("s", 1.0)];
        let (number, unit) = units.iter().find_map(|(unit, s)| Some((part.strip_suffix(unit)?, *s))).expect("a unit");
        number.parse::<f64>().expect("a number") * unit
    };
    text.split(' ').map(part).sum()
}

#[test]
fn a_bar_ends_where_its_label_says_and_other_stages_are_named() {
    // A validator that is ready long after the workload, which did not wait for it.
    let mut made_up = results(
        "run",
        &[Sketch {
            stages: ["nodes", "agent", "validator", "workload"].map(str::to_owned).to_vec(),
            ready_s: vec![100.0, 160.0, 610.0, 554.0],
            ..Sketch::documented(100)
        }],
    );
    made_up.cases[0].stages[3].after = vec!["nodes".to_owned(), "agent".to_owned()];
    made_up.cases[0].stages[2].after = vec!["agent".to_owned()];
    let case = CaseSummary::of(&made_up.cases[0]);
    let label = case.goal().and_then(|goal| goal.ready.as_ref()).expect("it is ready").mean;
    let study = Study::of(made_up).expect("nothing is documented");
    let bars = chart::together(&study).into_iter().find(|chart| chart.name == "overheads").expect("it is drawn");
    let told = bars.alt().rsplit_once(": ").expect("the parts").1.trim_end_matches('.');
    let parts: Vec<(&str, &str)> = told.split(", ").map(|part| part.split_once(' ').expect("a length")).collect();
    assert_eq!(parts.iter().map(|part| part.0).collect::<Vec<_>>(), ["nodes", "agent", "workload"]);
    let sum: f64 = parts.iter().map(|part| seconds(part.1)).sum();
    assert!((sum - label).abs() < 1.5, "{told}; {label}");
    let note = "Ready after workload, which does not wait for it: validator";
    assert!(bars.svg().contains(note), "{}", bars.svg());
}

#[test]
fn pods_of_nodes_that_are_removed_do_not_flap() {
    let settings = ["cluster.target_nodes=40", "workload.run_time=5m"].map(|text| Setting::new("--set", text));
    let loaded = load(Path::new("ekf-cycle"), &settings).unwrap_or_else(|problems| panic!("{problems}"));
    let case = simulated(&loaded, 1);
    let rok = case.stages.iter().position(|stage| stage.name == "rok").expect("it is a stage");
    let counts = case.detail.expect("replication 0 is kept").counts;
    let last = counts[rok].last().copied().expect("pods came and went");
    assert_eq!((last.ready, last.not_ready, last.joined), (3, 0, 40));
    // No probe of it fails, so only removed nodes made its pods NotReady.
    assert!(counts[rok - 1].iter().all(|count| count.not_ready == 0), "{:?}", counts[rok - 1]);
}
