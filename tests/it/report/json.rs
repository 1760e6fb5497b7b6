use scaleup::experiment::results::Results;
use scaleup::report::json::{self, rounded, text};
use serde_json::{Value, json};

use super::charts::study;
use super::made_up::{Sketch, documented, results};

fn document(results: &Results) -> Value {
    json::document(&study(results.clone()))
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

const FIGURES: [&str; 12] =
    ["mean", "ci95_low", "ci95_high", "sd", "p50", "p90", "p99", "min", "max", "p50_ci95", "p90_ci95", "p99_ci95"];
const ENVELOPE: [&str; 8] =
    ["format_version", "version", "command", "scenario", "scenario_hash", "seed", "replications", "cases"];
const CASE: [&str; 21] = [
    "case",
    "name",
    "label",
    "scenario",
    "description",
    "scenario_hash",
    "set",
    "target_nodes",
    "replications",
    "stages",
    "overheads",
    "flaps",
    "outcomes",
    "support",
    "followed",
    "binds",
    "path",
    "limits",
    "cost",
    "unfinished",
    "events",
];

/// The only case of a document.
fn only_case(results: &Results) -> Value {
    document(results)["cases"][0].clone()
}

#[test]
fn every_command_has_its_cases_in_one_envelope() {
    let whole = document(&results("run", &[Sketch::documented(300)]));
    assert_eq!(keys(&whole), ENVELOPE);
    let case = &whole["cases"][0];
    assert_eq!(keys(case), CASE);
    let promised = ["stage", "ready_s", "first_ready_s", "desired", "never"];
    assert!(promised.iter().all(|field| case["stages"][0].get(field).is_some()), "{}", case["stages"][0]);
    assert_eq!(keys(&case["stages"][0]["ready_s"]), FIGURES);
    assert_eq!(keys(&case["overheads"][4]["seconds"]), FIGURES);
    assert_eq!(keys(&case["flaps"][1]), ["stage", "transitions", "not_ready_peak"]);
    assert_eq!(case["support"]["tier"], "out-of-support");
    assert_eq!(keys(&case["limits"][0])[..5], ["kind", "message", "first_s", "replications", "count"]);
    assert_eq!(case["limits"][0]["first_s"], 130.25);
    assert_eq!(case["events"], 604_950);
}

#[test]
fn overheads_are_those_of_consecutive_stages_and_of_the_workload_over_the_first_daemonset() {
    let document = only_case(&results("run", &[Sketch::documented(100)]));
    let pairs: Vec<String> = document["overheads"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|overhead| format!("{} {}", overhead["from"].as_str().unwrap(), overhead["to"].as_str().unwrap()))
        .collect();
    assert_eq!(pairs, ["nodes baseline", "baseline rok", "rok rok-csi", "rok-csi workload", "baseline workload"]);
}

#[test]
fn an_overhead_is_listed_once_where_there_are_few_daemonsets() {
    for stages in [vec!["nodes", "workload"], vec!["nodes", "cilium", "workload"]] {
        let sketch = Sketch {
            stages: stages.iter().map(|&stage| stage.to_owned()).collect(),
            ready_s: vec![60.0, 70.0, 80.0][..stages.len()].to_vec(),
            ..Sketch::documented(10)
        };
        let document = only_case(&results("run", &[sketch]));
        assert_eq!(document["overheads"].as_array().expect("a list").len(), stages.len() - 1);
        assert_eq!(document["flaps"].as_array().expect("a list").len(), stages.len() - 2);
    }
}

#[test]
fn a_sweep_has_each_case_beside_what_it_changed() {
    let document = document(&documented());
    assert_eq!((keys(&document), keys(&document["cases"][2])), (ENVELOPE.to_vec(), CASE.to_vec()));
    assert_eq!(document["cases"][2]["set"], json!({ "cluster.target_nodes": 300 }));
}

#[test]
fn what_is_unknown_is_null() {
    let mut results = results("run", &[Sketch { replications: 1, ..Sketch::documented(100) }]);
    results.cases[0].replications[0].stages[4].ready = None;
    let document = only_case(&results);
    assert_eq!(document["stages"][0]["ready_s"]["sd"], Value::Null);
    assert!(document["stages"][0]["ready_s"]["mean"].is_number());
    assert_eq!((&document["stages"][0]["never"], &document["stages"][4]["never"]), (&json!(0), &json!(1)));
    assert_eq!(document["unfinished"]["replications"], 1);
    assert!(document["stages"][4]["ready_s"].as_object().expect("an object").values().all(Value::is_null));
    assert!(document["overheads"][4]["seconds"].as_object().expect("an object").values().all(Value::is_null));
}

#[test]
fn numbers_have_three_decimals_and_text_is_stable() {
    assert_eq!(rounded(12.345_678), json!(12.346));
    assert_eq!(rounded(-0.000_01).to_string(), "0.0");
    assert_eq!(rounded(f64::NAN), Value::Null);
    let text = text(&document(&documented()));
    assert!(text.ends_with("}\n"));
    let parsed: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(parsed, document(&documented()));
}
