//! Targets that a scenario has for itself: what they measure, and `validate` of a folder of such scenarios.

use crate::cli::{folder, scaleup};
use crate::docs;
use scaleup::scenario::{Measure, load, load_targets};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Six nodes whose times are constants, ten seconds from launch to the kubelet's start and four more to the Node
/// object; pods are created one a second.
const CONSTANT: &str = r#"
extends = "small.toml"
cluster.target_nodes = 9
cloud = { launch = "3s", boot = "7s" }
kubelet.registration = "4s"
control_plane = { controller_qps = 1.0, controller_burst = 1 }
"#;

/// A target's text, with what it measures and demands.
fn target(name: &str, what: &str) -> String {
    format!("[target.{name}]\nstatement = \"so\"\nsource = \"a book\"\nreading = \"as it stands\"\n{what}\n")
}

/// A folder `m` of two scenarios with targets and one without.
fn prepared(more: &str) -> tempfile::TempDir {
    let folder = folder();
    let m = folder.path().join("m");
    fs::create_dir(&m).expect("it can be made");
    fs::copy("tests/it/fixtures/small.toml", m.join("small.toml")).expect("it can be copied");
    let launched =
        "each = \"node\"\nfrom = \"launched\"\nto = \"registered\"\nquantile = 0.5\nmeasured = \"14s\"\nrow = \"M10\"";
    let counted =
        "each = \"replica\"\nto = \"created\"\nat = [\"1500ms\", \"4500ms\"]\ncount = [2, 5]\nrow = [\"M2\", \"M3\"]";
    let one = format!("name = \"one\"{CONSTANT}{}{}{more}", target("launch", launched), target("created", counted));
    fs::write(m.join("one.toml"), one).expect("it can be written");
    let two = format!("name = \"two\"\nextends = \"one.toml\"\n{}", target("all", "to = \"nodes\"\nat_most = \"1h\""));
    fs::write(m.join("two.toml"), two).expect("it can be written");
    folder
}

fn validate(folder: &Path, more: &[&str]) -> (Output, String) {
    let output = scaleup(&[&["validate", "m", "--replications", "3"], more].concat(), folder);
    let text = String::from_utf8(output.stdout.clone()).expect("text");
    (output, text)
}

/// The same on a page that is wide enough for its table.
fn on_a_wide_page(folder: &Path) -> (Output, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scaleup"));
    command.args(["validate", "m", "--replications", "3"]).current_dir(folder).env("COLUMNS", "200");
    let output = command.env("NO_COLOR", "1").output().expect("the program starts");
    let text = String::from_utf8(output.stdout.clone()).expect("text");
    (output, text)
}

#[test]
fn a_folder_of_scenarios_is_held_against_what_was_measured() {
    let folder = prepared("");
    let (output, text) = on_a_wide_page(folder.path());
    assert_eq!(output.status.code(), Some(0), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.starts_with("m: 4 of 4 predictions are near enough to what was measured\n"), "{text}");
    let rows: Vec<Vec<&str>> = text
        .lines()
        .filter(|line| line.starts_with("| M") || line.starts_with("| all"))
        .map(|line| line.split('|').map(str::trim).filter(|cell| !cell.is_empty()).collect())
        .collect();
    // 3 s + 7 s + 4 s; the first pod after 30 ms, then one a second.
    let expected = [
        ["M2", "one", "replicas created at 1.5s", "9", "2", "2.0 ± 0.0", "1.00", "pass"],
        ["M3", "one", "replicas created at 4.5s", "9", "5", "5.0 ± 0.0", "1.00", "pass"],
        ["M10", "one", "node launched to registered, p50", "9", "14.0s", "14.0s ± 0.0s", "1.00", "pass"],
    ];
    assert_eq!(rows[..3], expected, "{text}");
    assert!(text.contains("- M2, M3, M10, all: a book\n"), "{text}");
    let notes = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(notes.contains("note: m/small.toml has no [target.NAME], and is left out"), "{notes}");
}

#[test]
fn what_is_not_near_enough_is_named_and_the_exit_code_says_so() {
    let measured = "each = \"node\"\nfrom = \"launched\"\nto = \"booted\"\nquantile = 1.0\nmeasured = \"8s\"\nfactor = 1.2\nrow = \"M11\"";
    let short =
        "each = \"node\"\nfrom = \"booted\"\nto = \"registered\"\nquantile = 1.0\nmeasured = \"3s\"\nrow = \"M4\"";
    let folder = prepared(&(target("boot", measured) + &target("short", short)));
    let (output, text) = on_a_wide_page(folder.path());
    assert_eq!(output.status.code(), Some(3), "{text}");
    assert!(text.starts_with("m: 5 of 6 predictions are near enough to what was measured; not M11\n"), "{text}");
    let row = |name: &str| text.lines().find(|line| line.starts_with(name)).expect("a row").to_owned();
    assert!(row("| M11").contains(" 1.25 | "), "{text}");
    assert!(row("| M4").contains(" +1.0s | "), "{text}");
}

#[test]
fn predictions_are_kept_as_table_and_chart() {
    let folder = prepared("");
    let (output, text) = validate(folder.path(), &["--out", "out"]);
    assert!(output.status.success());
    let read = |name: &str| fs::read_to_string(folder.path().join("out").join(name)).expect("it is kept");
    assert_eq!(read("predicted.txt"), text);
    let table = read("predicted.csv");
    assert!(table.starts_with("row,scenario,target,measure,nodes,unit,measured,predicted,ci95_low,"), "{table}");
    assert_eq!(table.lines().count(), 5);
    assert!(table.contains("M10,one,launch,\"node launched to registered, p50\",9,s,14,14,14,14,1,0"), "{table}");
    let chart = read("predicted.svg");
    assert!(chart.contains(">M10</text>") && chart.contains("4 of 4 predictions") && chart.contains("zero"), "{chart}");
    let (output, text) = validate(folder.path(), &["--json"]);
    assert!(output.status.success());
    let document: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!((&document["scenario"], &document["passes"]), (&"m".into(), &true.into()));
    assert_eq!(document["points"].as_array().map(Vec::len), Some(4));
}

#[test]
fn one_scenario_with_targets_of_its_own_is_held_against_them() {
    let folder = prepared("");
    let output = scaleup(&["validate", "m/one.toml", "--replications", "3"], folder.path());
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.starts_with("m/one.toml: 3 of 3 predictions are near enough"), "{text}");
}

#[test]
fn targets_hold_for_the_size_of_their_scenario_and_are_not_inherited() {
    let folder = prepared("");
    let loaded =
        |name: &str| load(&folder.path().join("m").join(name), &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let targets = loaded("one.toml").targets().expect("it has some");
    assert_eq!(targets.sizes(), [9]);
    assert_eq!(targets.measures().len(), 3);
    let of_two = loaded("two.toml").targets().expect("it has one");
    assert_eq!(of_two.list.iter().map(|target| target.name.as_str()).collect::<Vec<_>>(), ["all"]);
    assert_eq!(of_two.list[0].measure, Measure::Stages { from: None, to: "nodes".to_owned() });
    assert!(loaded("small.toml").targets().is_none());
}

#[test]
fn a_milestone_of_nodes_that_no_stage_has_is_an_error() {
    let wrong = "each = \"node\"\nto = \"registred\"\nquantile = 1.0\nmeasured = \"8s\"";
    let folder = prepared(&target("typo", wrong));
    let (output, _) = validate(folder.path(), &[]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2));
    assert!(told.contains("target typo speaks of the stage `registred`, which the scenario does not have"), "{told}");
}

/// Each wrong thing of a target's measure, and what is said about it.
#[test]
fn what_does_not_go_together_in_a_target_is_told() {
    let folder = folder();
    let path = folder.path().join("targets.toml");
    let told = |what: &str| -> Vec<String> {
        fs::write(&path, target("a", &format!("nodes = 10\n{what}"))).expect("it can be written");
        let problems = load_targets(&path).expect_err("something is wrong");
        problems.iter().map(|problem| problem.problem.to_owned()).collect()
    };
    let cases = [
        ("to = \"nodes\"\nquantile = 0.5\nmeasured = \"1s\"", "target.a.quantile: it needs `each`"),
        ("each = \"node\"\nto = \"ready\"\nmeasured = \"1s\"", "target.a.each: it needs `quantile`"),
        ("each = \"node\"\nto = \"ready\"\nquantile = 1.0\ncount = 5", "target.a.count: it needs `at`"),
        (
            "each = \"node\"\nto = \"ready\"\nat = \"1m\"\ncount = 5\nfrom = \"booted\"",
            "target.a.from: it does not go with `at`",
        ),
        (
            "each = \"replica\"\nto = \"registered\"\nat = \"1m\"\ncount = 5",
            "target.a.to: a replica has no milestone `registered`",
        ),
        (
            "each = \"replica\"\nto = \"ready\"\nat = [\"1m\", \"2m\"]\ncount = 5",
            "target.a.count: 1 for 2 instants of `at`",
        ),
        (
            "each = \"node\"\nto = \"ready\"\nquantile = 1.0\nfrom_first = true\nmeasured = \"1s\"",
            "target.a.from_first: it needs `from`",
        ),
        ("to = \"nodes\"\nmeasured = \"1s\"\nfactor = 0.7", "target.a.factor: it must be at least 1"),
        ("to = \"nodes\"\nmeasured = \"1s\"\nat_most = \"2s\"", "target.a: a target demands one thing"),
        (
            "each = \"pod\"\nto = \"ready\"\nquantile = 1.0\nmeasured = \"1s\"",
            "target.a.each: \"pod\" is not one of the words that can stand here",
        ),
    ];
    for (what, expected) in cases {
        let told = told(what);
        assert!(told.iter().any(|problem| problem == expected), "{what}: {told:?}");
    }
    fs::write(&path, target("a", "to = \"nodes\"\nmeasured = \"1s\"")).expect("it can be written");
    let problems = load_targets(&path).expect_err("a file has no size of its own");
    assert_eq!(
        problems.iter().next().map(|first| first.problem.to_owned()),
        Some("target.a.nodes: there is no size".to_owned())
    );
}

const SCENARIOS: &str = "scenarios/measured";
const KEPT: &str = "output/measured";

/// The files of a folder, in order.
fn files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there").flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = entries.collect();
    files.sort();
    files
}

/// What the documentation shows; after a change that is meant to change it:
/// `UPDATE_GOLDEN=1 cargo test --test it measured`.
#[test]
fn the_shipped_measurements_are_predicted_as_the_documentation_shows() {
    let folder = folder();
    fs::create_dir_all(folder.path().join(SCENARIOS)).expect("it can be made");
    for path in files(SCENARIOS) {
        fs::copy(&path, folder.path().join(&path)).expect("it can be copied");
    }
    let output = scaleup(&["validate", SCENARIOS, "--replications", "20", "--out", "out"], folder.path());
    assert!(matches!(output.status.code(), Some(0 | 3)), "{}", String::from_utf8_lossy(&output.stderr));
    for name in ["predicted.csv", "predicted.svg"] {
        let now = fs::read_to_string(folder.path().join("out").join(name)).expect("it is written");
        let kept = Path::new(KEPT).join(name);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::create_dir_all(KEPT).and_then(|()| fs::write(&kept, &now)).expect("it can be written");
        }
        let kept = fs::read_to_string(kept).unwrap_or_default();
        assert!(kept == now, "{name} differs (UPDATE_GOLDEN=1 rewrites it): {}", docs::difference(&kept, &now));
    }
    let text = String::from_utf8(output.stdout).expect("text");
    docs::shows(docs::MEASURED, &text);
    every_row_that_is_not_near_enough_has_a_sentence(&text);
}

/// And no other.
fn every_row_that_is_not_near_enough_has_a_sentence(text: &str) {
    let verdict = text.lines().next().expect("a verdict");
    let failed = verdict.split_once("; not ").map_or(vec![], |(_, rows)| rows.split(", ").collect());
    let page = fs::read_to_string("docs/concepts/validation.md").expect("a page");
    let (_, after) = page.split_once("What is not near enough, and why:").expect("a list");
    let (list, _) = after.split_once("Rows of the collection").expect("the next list");
    let told: Vec<&str> = list.split("- **").skip(1).filter_map(|item| item.split("**").next()).collect();
    let told: Vec<&str> = told.iter().flat_map(|rows| rows.split(", ")).collect();
    assert_eq!(told, failed, "the page tells why of each row that is not near enough");
}

/// The rows of the collection of measurements that a scenario speaks of.
#[test]
fn most_rows_of_the_collection_have_a_scenario() {
    let mut rows = Vec::new();
    for path in files(SCENARIOS) {
        let loaded = load(&path, &[]).unwrap_or_else(|problems| panic!("{problems}"));
        let targets = loaded.targets().unwrap_or_else(|| panic!("{} has no targets", path.display()));
        rows.extend(targets.list.into_iter().map(|target| target.row));
    }
    rows.sort();
    rows.dedup();
    let left_out = ["M1", "M12", "M4"];
    let mut all: Vec<String> = (1..=27).map(|number| format!("M{number}")).collect();
    all.retain(|row| !left_out.contains(&row.as_str()));
    all.sort();
    assert_eq!(rows, all);
    let page = fs::read_to_string("docs/concepts/validation.md").expect("a page");
    assert!(left_out.iter().all(|row| page.contains(&format!("- **{row}**"))), "each is named with its reason");
}
