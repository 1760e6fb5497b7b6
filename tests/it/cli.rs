//! The program as a person runs it.

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

pub fn scaleup(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_scaleup"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .expect("the program starts")
}

pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

pub fn bytes_below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).expect("readable") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below").display().to_string();
                files.push((name, std::fs::read(&path).expect("readable")));
            }
        }
    }
    files.sort();
    files
}

const SMALL: [&str; 4] = ["--set", "cluster.target_nodes=20", "--replications", "8"];

#[test]
fn one_thread_and_two_write_the_same_bytes() {
    let folder = folder();
    let run = |threads: &str, out: &str| {
        let arguments = [&["run", "--threads", threads, "--out", out][..], &SMALL].concat();
        let output = scaleup(&arguments, folder.path());
        assert!(output.status.success(), "{output:?}");
        (String::from_utf8(output.stdout).expect("text").replace(out, "OUT"), bytes_below(&folder.path().join(out)))
    };
    let one = run("1", "results-a");
    assert_eq!(one, run("2", "results-b"));
    assert_eq!(one, run("2", "results-c"));
    let names: Vec<&str> = one.1.iter().map(|(name, _)| name.as_str()).collect();
    for expected in ["results.json", "stages.csv", "curve.csv", "nodes.csv", "waits.csv", "charts/time-to-ready.svg"] {
        assert!(names.contains(&expected), "{expected} is missing in {names:?}");
    }
}

#[test]
fn results_go_to_a_folder_of_the_scenarios_name_unless_told_otherwise() {
    let folder = folder();
    let output = scaleup(&[&["run"][..], &SMALL].concat(), folder.path());
    assert!(output.status.success(), "{output:?}");
    assert!(folder.path().join("output/ekf/results.json").is_file());
    let first = String::from_utf8(output.stdout).expect("text").lines().next().map(str::to_owned);
    assert!(first.is_some_and(|line| line.starts_with("20 nodes: workload ready after ")));
}

fn summary_fields(summary: &Value) {
    for field in ["mean", "ci95_low", "ci95_high", "sd", "p50", "p90", "p99", "min", "max"] {
        assert!(summary[field].is_number(), "{field} in {summary}");
    }
}

fn case_fields(case: &Value) {
    assert!(case["target_nodes"].is_u64());
    let names: Vec<&str> =
        case["stages"].as_array().expect("stages").iter().filter_map(|s| s["stage"].as_str()).collect();
    assert_eq!(names, ["nodes", "baseline", "rok", "rok-csi", "workload"]);
    for stage in case["stages"].as_array().expect("stages") {
        summary_fields(&stage["ready_s"]);
        summary_fields(&stage["first_ready_s"]);
    }
    let pairs: Vec<(&str, &str)> = case["overheads"]
        .as_array()
        .expect("overheads")
        .iter()
        .map(|o| {
            summary_fields(&o["seconds"]);
            (o["from"].as_str().expect("from"), o["to"].as_str().expect("to"))
        })
        .collect();
    let chain = [("nodes", "baseline"), ("baseline", "rok"), ("rok", "rok-csi"), ("rok-csi", "workload")];
    assert_eq!(pairs, [&chain[..], &[("baseline", "workload")]].concat());
    for flaps in case["flaps"].as_array().expect("flaps") {
        assert!(flaps["stage"].is_string());
        summary_fields(&flaps["transitions"]);
        summary_fields(&flaps["not_ready_peak"]);
    }
    assert!(case["support"]["tier"].is_string() && case["support"]["message"].is_string());
    assert!(case["limits"].is_array());
    assert!(case["events"].as_u64().expect("events") > 0);
}

#[test]
fn json_of_a_run_has_the_promised_fields() {
    let folder = folder();
    let output = scaleup(&[&["run", "--json", "--seed", "7"][..], &SMALL].concat(), folder.path());
    let document: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    assert!(document["format_version"].is_u64());
    assert_eq!(document["command"], "run");
    assert_eq!(document["seed"], 7);
    assert_eq!(document["replications"], 8);
    case_fields(&document["cases"][0]);
}

#[test]
fn json_of_a_sweep_has_the_promised_fields_in_each_case() {
    let folder = folder();
    let vary = ["--vary", "cluster.target_nodes=5,10", "--vary", "disk.rok-etcd.kind=gp2,io1"];
    let output = scaleup(&[&["sweep", "--json", "--replications", "3"][..], &vary].concat(), folder.path());
    let document: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    assert_eq!(document["command"], "sweep");
    let cases = document["cases"].as_array().expect("cases");
    assert_eq!(cases.len(), 4);
    for case in cases {
        case_fields(case);
    }
    assert_eq!(cases[1]["set"]["cluster.target_nodes"], 5);
    assert_eq!(cases[1]["set"]["disk.rok-etcd.kind"], "io1");
}

#[test]
fn a_scale_up_that_cannot_finish_ends_and_says_why() {
    let folder = folder();
    let set = ["--set", "cloud.vcpu_quota=160", "--set", "run.horizon=2h"];
    let output = scaleup(&[&["run"][..], &SMALL, &set].concat(), folder.path());
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let told = "20 nodes: workload was ready in none of 8 scale-ups; 10 of 20 nodes came up\n";
    assert_eq!(String::from_utf8_lossy(&output.stderr), told);
    assert!(folder.path().join("output/ekf/results.json").is_file(), "all output is written");
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.lines().next().expect("a line").contains("never became ready"), "{text}");
    assert!(
        text.contains("VcpuLimitExceeded - You have requested more vCPU capacity than your current vCPU limit of 160")
    );
    assert!(text.contains("replicas are unschedulable: no node has room"), "{text}");
}

#[test]
fn wrong_input_has_exit_code_2_and_writes_nothing() {
    let folder = folder();
    for arguments in [
        &["run", "--set", "clutser.target_nodes=3"][..],
        &["run", "no-such-file.toml"],
        &["sweep", "--vary", "cluster.target_nodes"],
        &["run", "--replications", "0"],
        &["frobnicate"],
    ] {
        let output = scaleup(arguments, folder.path());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {output:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{output:?}");
    }
    assert!(bytes_below(folder.path()).is_empty());
}

#[test]
fn problems_have_colours_where_they_are_asked_for() {
    let said = |variable: &str, value: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scaleup"));
        command.args(["check", "--set", "clutser.target_nodes=3"]).env_remove("NO_COLOR").env(variable, value);
        String::from_utf8(command.output().expect("the program starts").stderr).expect("text")
    };
    assert!(said("CLICOLOR_FORCE", "1").contains("\u{1b}["));
    assert!(!said("NO_COLOR", "1").contains('\u{1b}'));
}
