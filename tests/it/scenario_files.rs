//! Scenario files: reading, extending, settings.

use scaleup::model::params::Replicas;
use scaleup::random::Distribution;
use scaleup::scenario::{Loaded, Problems, Setting, load};
use scaleup::time::Span;
use std::fs;
use std::path::Path;

pub(crate) const SMALL: &str = "tests/it/fixtures/small.toml";

pub(crate) fn settings(texts: &[&str]) -> Vec<Setting> {
    texts.iter().map(|text| Setting::new("--set", *text)).collect()
}

pub(crate) fn small(texts: &[&str]) -> Result<Loaded, Problems> {
    load(Path::new(SMALL), &settings(texts))
}

pub(crate) fn fine(loaded: Result<Loaded, Problems>) -> Loaded {
    loaded.unwrap_or_else(|problems| panic!("{problems}"))
}

/// Loads a scenario that extends the small one by `text`.
pub(crate) fn child(text: &str, texts: &[&str]) -> Result<Loaded, Problems> {
    let folder = tempfile::tempdir().expect("a folder for the child");
    let parent = fs::canonicalize(SMALL).expect("the small scenario is there");
    let path = folder.path().join("child.toml");
    fs::write(&path, format!("extends = '{}'\n{text}", parent.display())).expect("the child can be written");
    load(&path, &settings(texts))
}

fn constant(seconds: f64) -> Distribution {
    Distribution::constant(seconds).expect("a fine constant")
}

#[test]
fn a_complete_scenario_is_read() {
    let scenario = fine(small(&[])).scenario;
    assert_eq!(scenario.cluster.target_nodes, 10);
    assert_eq!(scenario.zone.names().collect::<Vec<_>>(), ["us-east-1a", "us-east-1b"]);
    assert_eq!(scenario.zone.at(1).1.capacity, Some(500));
    assert_eq!(scenario.workload.replicas, Replicas::Fill);
    assert_eq!(scenario.autoscaler.scan_interval, Span::from_secs(10), "a default");
    let launch = Distribution::lognormal(15.0, 25.0).and_then(|law| law.truncated(None, Some(120.0)));
    assert_eq!(Ok(scenario.cloud.launch), launch);
}

#[test]
fn a_child_changes_keys_and_replaces_values_as_a_whole() {
    let text = r#"
        name = "child"
        [cloud]
        launch = { lognormal = { p50 = "20s", p95 = "30s" } }
        [zone.us-east-1c]
        [daemonset.agent]
        start = "3s"
    "#;
    let (parent, child) = (fine(small(&[])).scenario, fine(child(text, &[])).scenario);
    assert_eq!(Ok(child.cloud.launch), Distribution::lognormal(20.0, 30.0), "the parent's `max` is gone");
    assert_eq!(child.cloud.boot, parent.cloud.boot);
    assert_eq!(child.zone.names().collect::<Vec<_>>(), ["us-east-1a", "us-east-1b", "us-east-1c"]);
    let (_, agent) = child.daemonset.find("agent").expect("it is the parent's");
    assert_eq!(agent.start, constant(3.0));
    assert_eq!(agent.readiness, parent.daemonset.at(0).1.readiness);
    assert_eq!(child.name, "child");
}

#[test]
fn none_takes_optional_keys_and_named_tables_out() {
    let text = "zone.us-east-1b = \"none\"\ndaemonset.agent.readiness = \"none\"\n";
    let scenario = fine(child(text, &[])).scenario;
    assert_eq!(scenario.zone.len(), 1);
    assert_eq!(scenario.daemonset.at(0).1.readiness, None);
    let scenario = fine(small(&["zone.us-east-1b.capacity=none", "daemonset.agent=none"])).scenario;
    assert_eq!(scenario.zone.at(1).1.capacity, None);
    assert!(scenario.daemonset.is_empty());
    let again = ["daemonset.agent.readiness=none", "daemonset.agent.readiness.period=7s"];
    let scenario = fine(small(&again)).scenario;
    let readiness = scenario.daemonset.at(0).1.readiness.clone().expect("it is there again");
    assert_eq!(readiness.period, Span::from_secs(7));
    assert_eq!(readiness.initial_delay, Span::ZERO, "nothing is left of what was taken out");
}

#[test]
fn an_empty_setting_is_as_if_the_key_was_never_written() {
    let scenario = fine(small(&["daemonset.agent.readiness.period=", "zone.us-east-1b="])).scenario;
    let readiness = scenario.daemonset.at(0).1.readiness.clone().expect("the table is still there");
    assert_eq!(readiness.period, Span::from_secs(10), "the default");
    assert_eq!(scenario.zone.len(), 1);
    let problems = small(&["cloud.boot="]).expect_err("it has no default");
    assert_eq!(problems.iter().next().map(|p| p.problem), Some("[cloud] lacks `boot`"));
}

#[test]
fn settings_hold_every_kind_of_value() {
    let loaded = fine(small(&[
        "cluster.target_nodes=42",
        "node.price_per_hour=1",
        "autoscaler.balance_zones=false",
        "autoscaler.scan_interval=1m 30s",
        "image.app.size = 2.5GB",
        "cloud.egress=address-per-node",
        "registry.docker-hub.bandwidth='5Gbit/s'",
        "support.contact=nobody at all",
        "workload.replicas=12",
        "workload.start={gamma={mean=\"60s\",sd=\"15s\"},min=\"10s\"}",
        "daemonset.extra={image=\"agent\",vcpus=0.1,memory=\"1MiB\",start=\"1s\",requires=[\"agent\"]}",
        "cloud.boot.lognormal.p95=70s",
        "\"name\"=a-b",
    ]));
    let scenario = loaded.scenario;
    assert_eq!(scenario.cluster.target_nodes, 42);
    assert!((scenario.node.price_per_hour - 1.0).abs() < f64::EPSILON);
    assert!(!scenario.autoscaler.balance_zones);
    assert_eq!(scenario.autoscaler.scan_interval, Span::from_secs(90));
    assert_eq!(scenario.image.find("app").map(|(_, image)| image.size.0), Some(2_500_000_000));
    assert_eq!(scenario.registry.at(0).1.bandwidth.map(|rate| rate.0), Some(625e6));
    assert_eq!(scenario.support.expect("it is there").contact, "nobody at all");
    assert_eq!(scenario.workload.replicas, Replicas::Count(12));
    let start = Distribution::gamma(60.0, 15.0).and_then(|law| law.truncated(Some(10.0), None));
    assert_eq!(Ok(scenario.workload.start), start);
    assert_eq!(scenario.daemonset.find("extra").map(|(_, set)| set.requires.clone()), Some(vec!["agent".to_owned()]));
    assert_eq!(Ok(scenario.cloud.boot), Distribution::lognormal(40.0, 70.0), "one parameter changed");
    assert_eq!(scenario.name, "a-b");
}

#[test]
fn the_last_setting_wins_over_earlier_ones_and_files() {
    let loaded = fine(child("cluster.target_nodes = 20", &["cluster.target_nodes=30", "cluster.target_nodes=40"]));
    assert_eq!(loaded.scenario.cluster.target_nodes, 40);
    let again = fine(loaded.document.with(&settings(&["cluster.target_nodes=50"])));
    assert_eq!(again.scenario.cluster.target_nodes, 50, "though the file is gone by now");
    assert_eq!(again.scenario.cloud, loaded.scenario.cloud);
}

#[test]
fn what_is_extended_is_sought_beside_the_child_and_then_among_the_built_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("child.toml");
    fs::write(&path, "extends = \"ekf.toml\"\nname = \"mine\"\n").expect("it can be written");
    let scenario = fine(load(&path, &[])).scenario;
    assert_eq!(scenario.name, "mine");
    assert!(scenario.daemonset.find("rok").is_some(), "the built-in scenario has Rok");
    fs::copy(SMALL, folder.path().join("ekf.toml")).expect("it can be copied");
    assert_eq!(fine(load(&path, &[])).scenario.daemonset.len(), 1, "the file beside the child has only an agent");
    assert_eq!(fine(load(Path::new("ekf"), &[])).scenario.name, "ekf");
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

#[test]
fn a_list_has_at_most_256_entries() {
    let requires = |count: usize| format!("daemonset.agent.requires={:?}", vec!["agent"; count]);
    let told = |count: usize| small(&[&requires(count)]).expect_err("it requires itself").to_string();
    assert!(!told(256).contains("a list of more than 256 entries"), "{}", told(256));
    assert!(told(257).contains("a list of more than 256 entries"), "{}", told(257));
}

#[test]
fn of_a_list_of_files_later_ones_hold_and_what_several_extend_lies_below_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("it can be written");
    fs::copy(SMALL, folder.path().join("base.toml")).expect("it can be copied");
    write("first.toml", "extends = \"base.toml\"\nname = \"first\"\n[cluster]\ntarget_nodes = 11\n");
    write("second.toml", "extends = \"base.toml\"\nname = \"second\"\n[cluster]\ntarget_nodes = 12\n");
    write("part.toml", "[scheduler]\npods_per_s = 7.0\n");
    write("child.toml", "extends = [\"first.toml\", \"second.toml\", \"part.toml\"]\n");
    let loaded = fine(load(&folder.path().join("child.toml"), &[]));
    assert_eq!(loaded.scenario.name, "second", "the later one, though both extend the base");
    assert_eq!(loaded.scenario.cluster.target_nodes, 12);
    assert!((loaded.scenario.scheduler.pods_per_s.0 - 7.0).abs() < f64::EPSILON);
    write("part2.toml", "[scheduler]\npods_per_s = 8.0\n");
    write("child.toml", "extends = [\"base.toml\", \"part.toml\", \"part2.toml\"]\n");
    let problems = load(&folder.path().join("child.toml"), &[]).unwrap_err();
    let told = problems.iter().next().expect("both set the same");
    assert!(told.problem.ends_with("part2.toml both set scheduler.pods_per_s"), "{}", told.problem);
    assert_eq!(told.line, 2);
    write("child.toml", "extends = [\"base.toml\", 7]\n");
    let problems = load(&folder.path().join("child.toml"), &[]).unwrap_err();
    let told: Vec<String> = problems.iter().map(|problem| problem.problem.to_owned()).collect();
    assert_eq!(told, ["a whole number where a file's name is meant"]);
}
