//! How well something is known: precision, deadlines, percentiles.

use crate::cli::{bytes_below, folder, scaleup};
use serde_json::Value;

const SMALL: [&str; 4] = ["run", "--set", "cluster.target_nodes=15", "--json"];

fn run(more: &[&str]) -> (Option<i32>, Value) {
    let folder = folder();
    let output = scaleup(&[&SMALL[..], more].concat(), folder.path());
    (output.status.code(), serde_json::from_slice(&output.stdout).expect("one JSON document"))
}

fn text(more: &[&str]) -> (Option<i32>, String) {
    let folder = folder();
    let output = scaleup(&[&SMALL[..3], more].concat(), folder.path());
    (output.status.code(), String::from_utf8(output.stdout).expect("text"))
}

#[test]
fn it_goes_on_in_rounds_until_every_stage_is_known_well_enough() {
    let (code, document) = run(&["--replications", "30", "--precision", "0.5%"]);
    assert_eq!(code, Some(0));
    let replications = document["cases"][0]["replications"].as_u64().expect("a number");
    assert!(replications > 30 && (replications - 30) % 50 == 0, "{replications}");
    assert_eq!(document["cases"][0]["precision"]["resolved"], true);
    for stage in document["cases"][0]["stages"].as_array().expect("stages") {
        let of = |field: &str| stage["ready_s"][field].as_f64().expect("a number");
        let ratio = (of("ci95_high") - of("mean")) / of("mean");
        assert!(ratio / (1.0 - ratio) <= 0.005_01, "{stage}");
    }
    // One round less was not enough, or it would have stopped there.
    let fewer = (replications - 50).to_string();
    let (code, before) = run(&["--replications", "30", "--precision", "0.5%", "--max-replications", &fewer]);
    assert_eq!((code, &before["cases"][0]["precision"]["resolved"]), (Some(4), &false.into()));
}

#[test]
fn the_number_of_replications_does_not_depend_on_threads() {
    let folder = folder();
    let run = |threads: &str, out: &str| {
        let precise = ["--replications", "30", "--precision", "3%", "--threads", threads, "--out", out];
        let output = scaleup(&[&SMALL[..3], &precise].concat(), folder.path());
        assert!(output.status.success(), "{output:?}");
        bytes_below(&folder.path().join(out))
    };
    let one = run("1", "a");
    for (threads, out) in [("2", "b"), ("3", "c")] {
        assert_eq!(one, run(threads, out));
    }
}

#[test]
fn a_maximum_that_is_too_small_is_told_with_what_would_do() {
    let (code, text) = text(&["--replications", "30", "--precision", "0.5%", "--max-replications", "40"]);
    assert_eq!(code, Some(4));
    let line = text.lines().find(|line| line.starts_with("Not resolved: ")).expect("it says so");
    assert!(line.starts_with("Not resolved: 15 nodes: the mean of "), "{line}");
    assert!(line.contains(" % only, not 0.5 %, after 40 scale-ups; about ") && line.ends_with(" would do."), "{line}");
    assert!(text.contains("ekf: 40 simulated scale-ups, seed 1, "), "{text}");
}

#[test]
fn a_sweep_gives_each_case_as_many_replications_as_it_needs() {
    let folder = folder();
    let arguments = ["sweep", "--vary", "cluster.target_nodes=4,40", "--replications", "30", "--precision", "0.5%"];
    let output = scaleup(&[&arguments[..], &["--json"]].concat(), folder.path());
    assert!(output.status.success(), "{output:?}");
    let document: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    let counts: Vec<u64> =
        document["cases"].as_array().expect("cases").iter().filter_map(|case| case["replications"].as_u64()).collect();
    assert!(counts.len() == 2 && counts[0] != counts[1], "{counts:?}");
    let stages = std::fs::read_to_string(folder.path().join("output/ekf/stages.csv")).expect("stages.csv");
    assert_eq!(stages.lines().count() as u64, 1 + 5 * counts.iter().sum::<u64>());
}

#[test]
fn a_deadline_is_met_missed_or_not_decided() {
    let (code, text) = text(&["--replications", "80", "--deadline", "1h"]);
    assert_eq!(code, Some(0), "{text}");
    let first = "15 nodes: deadline met: workload ready within 1h 00m 00s in 100 % of scale-ups (95 %: 95.4 % to 100 %); \
                 supported\n\n15 nodes: workload ready after ";
    assert!(text.starts_with(first), "{text}");
    assert!(text.contains("| stage    | ready within 1h 00m 00s | "), "{text}");

    let (code, document) = run(&["--replications", "20", "--deadline", "2m"]);
    assert_eq!((code, &document["cases"][0]["deadline"]["verdict"]), (Some(3), &"missed".into()));
    assert_eq!(document["cases"][0]["deadline"]["stages"][4]["probability"], 0.0);
    assert_eq!(document["cases"][0]["deadline"]["stages"][4]["probability_ci95"]["high"], 0.161);

    let (code, document) = run(&["--replications", "20", "--deadline", "1h"]);
    assert_eq!((code, &document["cases"][0]["deadline"]["verdict"]), (Some(4), &"not-decided".into()));
    // Too few for an interval of the time by which 95 % are ready.
    assert_eq!(document["cases"][0]["deadline"]["stages"][4]["ready_p95_ci95_high_s"], Value::Null);
}

#[test]
fn too_few_scale_ups_for_the_time_of_95_percent_are_told() {
    let (_, text) = text(&["--replications", "20", "--deadline", "1h"]);
    assert!(
        text.starts_with("15 nodes: deadline not decided, about 73 scale-ups would tell: workload ready "),
        "{text}"
    );
    assert!(text.contains("| too few (needs 72) |"), "{text}");
}

#[test]
fn a_scale_up_that_never_ends_misses_every_deadline() {
    let stuck = ["--set", "cloud.vcpu_quota=160", "--set", "run.horizon=1h", "--replications", "80"];
    let (code, document) = run(&[&stuck[..], &["--deadline", "10h"]].concat());
    assert_eq!(code, Some(3));
    assert_eq!(document["cases"][0]["deadline"]["stages"][4]["ready_p95_s"], Value::Null);
}

#[test]
fn a_percentile_is_shown_only_with_enough_scale_ups_for_its_interval() {
    let (_, few) = text(&["--replications", "40"]);
    assert!(few.contains(" p90 ± 95 % |") && !few.contains(" p99 ±"), "{few}");
    let told = "Left out where 40 scale-ups are too few to bound it with 95 % confidence: p99 (needs 368).";
    assert!(few.contains(told), "{few}");
    let (_, many) = text(&["--replications", "368"]);
    assert!(many.contains(" p99 ± 95 % |") && !many.contains("Left out"), "{many}");
    let (_, document) = run(&["--replications", "40"]);
    let ready = &document["cases"][0]["stages"][4]["ready_s"];
    assert_eq!(ready["p99_ci95"], Value::Null);
    assert!(ready["p90_ci95"]["low"].as_f64() <= ready["p90"].as_f64(), "{ready}");
    assert!(ready["p90"].as_f64() <= ready["p90_ci95"]["high"].as_f64(), "{ready}");
}

#[test]
fn wrong_precisions_and_deadlines_are_refused() {
    let folder = folder();
    for (arguments, told) in [
        (&["run", "--precision", "1"][..], "write a percentage between 0 % and 100 %, such as 1%"),
        (&["run", "--precision", "0%"], "write a percentage between 0 % and 100 %, such as 1%"),
        (&["run", "--deadline", "30"], "write a number and a unit (s, m, h), such as 30m or 1h 30m"),
        (
            &["run", "--precision", "1%", "--max-replications", "50"],
            "error: --max-replications 50 is fewer than the 100 replications before the first look; give more, or lower \
             --replications (at least 30)",
        ),
    ] {
        let output = scaleup(arguments, folder.path());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let stderr = String::from_utf8(output.stderr).expect("text");
        assert!(stderr.contains(told), "{stderr}");
    }
    assert!(bytes_below(folder.path()).is_empty());
}
