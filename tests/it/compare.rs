//! Scenarios compared with the same random numbers.

use crate::cli::{bytes_below, folder, scaleup};
use crate::model_cases::case;
use scaleup::experiment::results::CaseResult;
use scaleup::experiment::{Case, Comparison, Progress, Series, WorkerPool};
use scaleup::model::record::NodeRecord;
use scaleup::model::{Plan, Simulator};
use serde_json::Value;

fn results(case: &Case, seed: u64, replications: u32) -> CaseResult {
    let mut series = [Series::new(case)];
    let watch = Progress { done: &|| (), stopped: &|| false };
    let workers = WorkerPool::new(None, seed).expect("threads start");
    assert!(workers.extend(&mut series.iter_mut().collect::<Vec<_>>(), replications, watch));
    let [series] = series;
    series.finish()
}

fn document(arguments: &[&str]) -> Value {
    let folder = folder();
    let output = scaleup(&[arguments, &["--json"]].concat(), folder.path());
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

const SMALL: [&str; 4] = ["--set", "cluster.target_nodes=15", "--replications", "8"];

#[test]
fn a_scenario_does_not_differ_from_itself() {
    let document = document(&[&["compare", "ekf", "ekf"][..], &SMALL].concat());
    let differences = document["differences"].as_array().expect("differences");
    assert_eq!(differences.len(), 5);
    for found in differences {
        assert_eq!((&found["a"], &found["b"]), (&"ekf".into(), &"ekf (2)".into()));
        for end in ["mean", "ci95_low", "ci95_high"] {
            assert_eq!(found["seconds"][end], 0.0, "{found}");
        }
        assert_eq!(found["probability_b_faster"], 0.5);
        assert_eq!(found["resolved"], false);
    }
}

#[test]
fn what_the_workload_does_later_leaves_every_earlier_milestone_bit_for_bit_unchanged() {
    let later = "workload.start={ lognormal = { p50 = '110s', p95 = '177s' } }";
    let [base, changed] = [&["cluster.target_nodes=40"][..], &["cluster.target_nodes=40", later]].map(case);
    let plans = [&base, &changed].map(|case| Plan::new(&case.scenario));
    for replication in 0..6 {
        let [a, b] = plans.each_ref().map(|plan| Simulator::new().run(plan, 1, replication, false));
        let before = |nodes: &[NodeRecord]| -> Vec<NodeRecord> {
            nodes.iter().map(|node| NodeRecord { workload: None, ..node.clone() }).collect()
        };
        assert_eq!(before(&a.nodes), before(&b.nodes));
        assert_ne!(a.nodes, b.nodes);
    }
    let names = vec!["base".to_owned(), "changed".to_owned()];
    let comparison = Comparison::of(names, [&base, &changed].map(|case| results(case, 1, 6)).into());
    for found in &comparison.differences {
        let paired = found.paired.as_ref().expect("all are ready");
        if found.stage == "workload" {
            assert!(paired.mean > 5.0 && paired.resolved, "{found:?}");
        } else {
            assert_eq!((paired.mean, paired.sd), (0.0, Some(0.0)), "{found:?}");
        }
    }
}

#[test]
fn of_pure_noise_95_of_100_intervals_cover_nothing() {
    let case = case(&["cluster.target_nodes=8"]);
    // Other seeds are other random numbers for the same scenario: whatever differs is noise.
    let covers = |seed: u64| {
        let names = vec!["a".to_owned(), "b".to_owned()];
        let comparison = Comparison::of(names, vec![results(&case, seed, 20), results(&case, 1_000 + seed, 20)]);
        let found = comparison.against_first(1).expect("a difference").paired.expect("all are ready");
        found.interval.expect("an interval").contains(0.0)
    };
    let covered = (0..100).filter(|&seed| covers(seed)).count();
    assert!((91..=99).contains(&covered), "{covered} of 100");
}

#[test]
fn pairing_needs_fewer_replications_than_other_random_numbers() {
    let variants = [&["cluster.target_nodes=30"][..], &["cluster.target_nodes=30", "disk.rok-etcd.kind=io1"]];
    let cases = variants.map(|settings| results(&case(settings), 1, 40));
    let comparison = Comparison::of(vec!["gp2".to_owned(), "io1".to_owned()], cases.into());
    let found = comparison.between(0, 1, "rok").expect("a difference").paired.expect("all are ready");
    assert!(found.variance_ratio.expect("it varies") > 3.0, "{found:?}");
    assert!(found.resolved && found.mean < 0.0, "{found:?}");
}

#[test]
fn the_sides_of_a_comparison_are_named_and_told_from_each_other() {
    let side =
        ["--versus", "--set", "volume.shared.servers=3", "--versus", "plain-eks", "--set", "workload.replicas=90"];
    let arguments = [&["compare", "ekf"][..], &SMALL, &side].concat();
    let document = document(&arguments);
    let names: Vec<&str> =
        document["cases"].as_array().expect("scenarios").iter().filter_map(|one| one["scenario"].as_str()).collect();
    assert_eq!(names, ["ekf", "volume.shared.servers=3", "plain-eks workload.replicas=90"]);
    assert_eq!(document["settings"], serde_json::json!(["cluster.target_nodes=15"]));
    assert_eq!(document["cases"][2]["target_nodes"], 15);
    let pairs: Vec<String> = document["differences"]
        .as_array()
        .expect("differences")
        .iter()
        .map(|found| format!("{} {} {}", found["a"], found["b"], found["stage"]).replace('"', ""))
        .collect();
    // Only what both have is compared.
    assert_eq!(pairs[5..7], ["nodes", "workload"].map(|stage| format!("ekf plain-eks workload.replicas=90 {stage}")));
    assert_eq!(pairs.len(), 5 + 2 + 2);
    assert_eq!(document["best"]["scenario"], "plain-eks workload.replicas=90");
}

#[test]
fn one_thread_and_two_compare_to_the_same_bytes() {
    let folder = folder();
    let compare = |threads: &str, out: &str| {
        let side = ["--versus", "--set", "daemonset.rok.join.workers=2", "--threads", threads, "--out", out];
        let arguments = [&["compare", "ekf", "--set", "cluster.target_nodes=15"][..], &side].concat();
        let precise = ["--precision", "25%", "--replications", "30", "--max-replications", "90"];
        let output = scaleup(&[&arguments[..], &precise].concat(), folder.path());
        assert!(matches!(output.status.code(), Some(0 | 4)), "{output:?}");
        (String::from_utf8(output.stdout).expect("text").replace(out, "OUT"), bytes_below(&folder.path().join(out)))
    };
    let one = compare("1", "results-a");
    assert_eq!(one, compare("2", "results-b"));
    let names: Vec<&str> = one.1.iter().map(|(name, _)| name.as_str()).collect();
    for expected in ["comparison.csv", "results.json", "stages.csv", "summary.txt"] {
        assert!(names.contains(&expected), "{expected} is missing in {names:?}");
    }
}

#[test]
fn the_precision_of_a_comparison_is_that_of_the_difference() {
    let folder = folder();
    let compare = |set: &str, more: &[&str]| {
        let arguments = ["compare", "ekf", "--set", "cluster.target_nodes=15", "--versus", "--set", set];
        let output = scaleup(&[&arguments[..], &["--replications", "30"], more].concat(), folder.path());
        (output.status.code(), String::from_utf8(output.stdout).expect("text"))
    };
    // The stages vary by more than that between scale-ups; the difference does not.
    let (code, text) = compare("workload.termination=6s", &["--precision", "0.1%"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("\nPrecision reached: every difference to ekf is known within 0.1 %.\n"), "{text}");
    let (code, text) = compare("scheduler.pods_per_s=90", &["--precision", "0.1%", "--max-replications", "50"]);
    assert_eq!(code, Some(4), "{text}");
    assert!(text.contains("\nNot resolved: the difference of scheduler.pods_per_s=90 to ekf is "), "{text}");
    assert!(text.contains("after 50 scale-ups"), "{text}");
}

#[test]
fn a_comparison_of_one_is_refused() {
    let folder = folder();
    let output = scaleup(&["compare", "ekf"], folder.path());
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(output.stderr).expect("text"),
        "error: a comparison needs two sides: name another scenario, or write --versus --set KEY=VALUE\n"
    );
    assert!(bytes_below(folder.path()).is_empty());
}

#[test]
fn sides_of_one_name_are_told_apart_by_their_files() {
    let folder = folder();
    for name in ["a.toml", "b.toml"] {
        std::fs::copy("tests/it/fixtures/small.toml", folder.path().join(name)).expect("it can be copied");
    }
    let compare = ["compare", "a.toml", "b.toml", "a.toml", "--replications", "2", "--json"];
    let output = scaleup(&compare, folder.path());
    let document: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    let names = ["a", "b"].map(|side| {
        document["differences"]
            .as_array()
            .expect("differences")
            .iter()
            .map(|one| one[side].as_str().expect("a name"))
            .collect::<std::collections::BTreeSet<_>>()
    });
    assert_eq!(names[0].union(&names[1]).copied().collect::<Vec<_>>(), ["b.toml", "small", "small (2)"]);
}
