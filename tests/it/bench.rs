//! `scaleup bench`, as a person runs it. How fast it is says nothing here: only that the figures are there and belong
//! together.

use serde_json::Value;
use std::process::{Command, Output};

const SHORT: [&str; 6] = ["bench", "--seconds", "0.05", "--set", "cluster.target_nodes=4", "--threads"];

fn bench(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_scaleup")).args(arguments).output().expect("the program starts")
}

/// A rate is a median between the slowest and the fastest round.
fn median(rates: &Value) -> f64 {
    let [lowest, median, highest] = ["lowest", "median", "highest"].map(|name| rates[name].as_f64().expect("a rate"));
    assert!(0.0 < lowest && lowest <= median && median <= highest, "{rates}");
    median
}

#[test]
fn json_has_every_figure_with_machine_and_version() {
    let output = bench(&[&SHORT[..], &["2", "--json"]].concat());
    let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    assert_eq!(document["format_version"], 2);
    assert_eq!(document["command"], "bench");
    assert_eq!(document["version"], env!("CARGO_PKG_VERSION"));
    let machine = &document["machine"];
    assert!(machine["cores"].as_u64().expect("a number") > 0);
    assert!(!machine["os"].as_str().expect("a name").is_empty());
    assert_eq!(machine["architecture"], std::env::consts::ARCH);
    assert!(machine["cpu"].is_string() || machine["cpu"].is_null());
    let hold = document["hold"].as_array().expect("sizes");
    let pending: Vec<u64> = hold.iter().filter_map(|size| size["pending"].as_u64()).collect();
    assert_eq!(pending, [100, 1_000, 10_000, 100_000, 1_000_000]);
    // A thousand events a second would be a figure of something else.
    assert!(hold.iter().all(|size| median(&size["events_per_s"]) > 1e3), "{document}");
    assert!(median(&document["phold"]["events_per_s"]) > 1e3);
    assert_eq!(document["scenario"], "ekf");
    assert_eq!(document["nodes"], 4);
    // Each node brings some dozens of events.
    assert!(document["events_per_replication"].as_f64().expect("a number") > 50.0);
    let replications = document["replications"].as_array().expect("threads");
    let threads: Vec<u64> = replications.iter().filter_map(|on| on["threads"].as_u64()).collect();
    assert_eq!(threads, [1, 2]);
    for on in replications {
        median(&on["replications_per_s"]);
    }
}

#[test]
fn the_text_begins_with_the_answer_and_ends_with_the_place() {
    let output = bench(&[&SHORT[..], &["1"]].concat());
    let text = String::from_utf8(output.stdout).expect("text");
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[0].starts_with("ekf, 4 nodes: ") && lines[0].contains(" scale-ups per second on 1 thread; "),
        "{text}"
    );
    assert!(lines[1].starts_with("Kernel: ") && lines[1].ends_with(" on hold with 100 pending"), "{text}");
    let row = |name: &str| lines.iter().any(|line| line.starts_with(&format!("| {name} ")));
    assert!(row("hold, 1,000,000 pending events") && row("PHOLD, 1,000 entities"), "{text}");
    assert!(row("ekf, 4 nodes, 1 thread") && !text.contains("2 threads"), "{text}");
    let version = format!("with scaleup {}", env!("CARGO_PKG_VERSION"));
    assert!(lines.iter().any(|line| line.starts_with("Measured on ") && line.contains(&version)), "{text}");
}

#[test]
fn a_length_that_cannot_be_measured_is_refused() {
    for (seconds, why) in [
        ("0", "it must be more than 0 and at most 3600"),
        ("-1", "it must be more than 0 and at most 3600"),
        ("nan", "it must be more than 0 and at most 3600"),
        ("3601", "it must be more than 0 and at most 3600"),
        ("long", "write a number of seconds, such as 10"),
    ] {
        let output = bench(&["bench", &format!("--seconds={seconds}")]);
        let stderr = String::from_utf8(output.stderr).expect("text");
        assert_eq!(output.status.code(), Some(2));
        assert!(
            stderr.starts_with(&format!("error: invalid value '{seconds}' for '--seconds <N>': {why}\n")),
            "{stderr}"
        );
    }
}
