//! `scaleup calibrate`, and `scaleup run` with the ensemble that it writes.

use super::calibrate::{FREE_SIZE, made_with_2_gb, target};
use super::cli::{folder, scaleup};
use super::report::text::assert_golden;
use scaleup::report::words;
use scaleup::scenario::{Setting, load, load_ensemble};
use std::fs;
use std::path::Path;

/// A folder with the small scenario and targets that were made with an image of 2 GB.
fn prepared() -> tempfile::TempDir {
    let folder = folder();
    fs::copy("tests/it/fixtures/small.toml", folder.path().join("small.toml")).expect("it can be copied");
    fs::write(folder.path().join("targets.toml"), made_with_2_gb("4s")).expect("it can be written");
    fs::create_dir(folder.path().join("below")).expect("it can be made");
    folder
}

fn run(words: &[&str], folder: &Path) -> (String, String) {
    let output = scaleup(words, folder);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (text(output.stdout), text(output.stderr))
}

fn calibrate(scenario: &str, more: &[&str], folder: &Path) -> String {
    let fixed = ["calibrate", scenario, "--set", FREE_SIZE, "--targets", "targets.toml", "--replications", "3"];
    run(&[&fixed[..], more].concat(), folder).0
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("one JSON document")
}

#[test]
fn it_gives_programs_its_values_and_points() {
    let folder = prepared();
    let found = json(&calibrate("small.toml", &["--evaluations", "60", "--json"], folder.path()));
    assert_eq!((&found["format_version"], &found["command"]), (&2.into(), &"calibrate".into()));
    let parameter = &found["parameters"][0];
    assert_eq!((&parameter["key"], &parameter["unit"]), (&"image.app.size".into(), &"bytes".into()));
    let fitted = parameter["fitted"].as_f64().expect("a number");
    assert!((fitted / 2e9 - 1.0).abs() < 0.1, "{parameter}");
    assert_eq!((&parameter["allowed_min"], &parameter["allowed_max"]), (&2e8.into(), &8e9.into()));
    let points = found["points"].as_array().expect("points");
    assert_eq!(points.len(), 2);
    for point in points {
        let number = |value: &serde_json::Value| value.as_f64().expect("a number");
        let (mean, about) = (number(&point["simulated"][0]["mean_s"]), number(&point["documented"]["about_s"]));
        assert!((mean - about).abs() < 5.0, "{point}");
    }
}

#[test]
fn it_gives_programs_what_it_predicted() {
    let folder = prepared();
    let found = json(&calibrate("small.toml", &["--evaluations", "45", "--json", "--hold-out", "20"], folder.path()));
    let held = &found["held_out"][0];
    assert_eq!(held["nodes"], 20);
    assert_eq!(held["points"].as_array().map(Vec::len), Some(1));
    assert!(held["points"][0]["straight_line_s"].is_null(), "one other size makes no line");
}

/// What people read, the fitted scenario, and the ensemble.
#[test]
fn its_files_can_be_run() {
    let folder = prepared();
    let files = ["--evaluations", "90", "--out", "fitted.toml", "--ensemble", "ensemble.toml"];
    let text = calibrate("small.toml", &files, folder.path());
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("it was written");
    assert_golden("calibration.txt", &[&text, "\n", &read("fitted.toml"), "\n", &read("ensemble.toml")].concat());
    assert_eq!(load_ensemble(&folder.path().join("ensemble.toml")).expect("an ensemble").calibrated_nodes, (10, 20));

    let ensemble = |words: &[&str]| {
        run(&[&["run"][..], words, &["--ensemble", "ensemble.toml", "--replications", "2"]].concat(), folder.path()).1
    };
    assert_eq!(ensemble(&["small.toml"]), "");
    assert_eq!(ensemble(&["small.toml", "--set", "cluster.target_nodes=20"]), "");
    let sizes = ["run", "small.toml", "--nodes", "10,15,21", "--ensemble", "ensemble.toml", "--replications", "2"];
    assert_golden("ensemble-sizes.txt", &run(&sizes, folder.path()).0);
    let outside = "warning: 21 nodes lie outside the calibrated range, 10 to 20: the mechanisms are extrapolated\n";
    assert_eq!(ensemble(&["small.toml", "--set", "cluster.target_nodes=21"]), outside);
    let other = "warning: the ensemble was calibrated for the scenario small, not for small-fitted\n";
    assert_eq!(ensemble(&["fitted.toml"]), other);
}

/// A target that no size of the image reaches, and two that demand different sizes.
#[test]
fn no_values_fit_all_targets_is_an_answer() {
    let folder = prepared();
    let about = |name: &str, nodes: u32, seconds: u32| {
        target(name, nodes, &format!("about = \"{seconds}s\"\ntolerance = \"5s\""))
    };
    let alone = about("ten", 10, 30) + &about("twenty", 20, 1000);
    let together = about("ten", 10, 50) + &about("twenty", 20, 100);
    let answer = |targets: &str, more: &[&str]| {
        fs::write(folder.path().join("targets.toml"), targets).expect("it can be written");
        let words = ["calibrate", "small.toml", "--set", FREE_SIZE, "--targets", "targets.toml", "--replications", "3"];
        let output = scaleup(&[&words[..], &["--evaluations", "30"], more].concat(), folder.path());
        assert_eq!(output.status.code(), Some(3), "{output:?}");
        String::from_utf8(output.stdout).expect("text")
    };
    assert_golden("no-fit.txt", &[answer(&alone, &[]), answer(&together, &[])].join("\n"));

    let found = json(&answer(&alone, &["--json"]));
    let no_fit = &found["no_fit"];
    assert_eq!((&no_fit["alone"], &no_fit["missed"][0]["target"]), (&true.into(), &"ten".into()), "{no_fit}");
    // With a model that may be off by as much as it says, nothing is ruled out.
    fs::write(folder.path().join("targets.toml"), together).expect("it can be written");
    calibrate("small.toml", &["--evaluations", "4", "--discrepancy", "99%"], folder.path());
}

/// Beside its scenario, below it, elsewhere, and of one that comes with the program.
#[test]
fn a_fitted_scenario_finds_the_one_that_it_extends() {
    let (folder, elsewhere) = (prepared(), super::cli::folder());
    let far = elsewhere.path().join("fitted.toml").display().to_string();
    fs::copy(folder.path().join("small.toml"), folder.path().join("below/small.toml")).expect("it can be copied");
    let whole = |name: &str| fs::canonicalize(folder.path().join(name)).expect("it is there").display().to_string();
    for (scenario, out, extends) in [
        ("small.toml", "fitted.toml", "small.toml".to_owned()),
        ("below/small.toml", "fitted.toml", "below/small.toml".to_owned()),
        ("small.toml", "below/fitted.toml", whole("small.toml")),
        ("small.toml", &far, whole("small.toml")),
    ] {
        calibrate(scenario, &["--evaluations", "4", "--out", out], folder.path());
        let path = folder.path().join(out);
        let text = fs::read_to_string(&path).expect("it was written");
        assert_eq!(text.lines().next(), Some(format!("extends = {extends:?}").as_str()), "{scenario} to {out}");
        let fitted = load(&path, &[]).unwrap_or_else(|problems| panic!("{problems}")).scenario;
        assert_eq!(fitted.name, "small-fitted");
    }
    let free = "free.\"workload.first_write\"={ min = \"1MB\", max = \"2MB\", reason = \"unknown\" }";
    fs::write(folder.path().join("targets.toml"), target("any", 100, "at_most = \"1h\"")).expect("it can be written");
    let built_in = ["calibrate", "plain-eks", "--set", free, "--targets", "targets.toml", "--replications", "2"];
    run(&[&built_in[..], &["--evaluations", "4", "--out", "fitted.toml"]].concat(), folder.path());
    let fitted = load(&folder.path().join("fitted.toml"), &[]).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(fitted.scenario.name, "plain-eks-fitted");
}

/// What was changed on the command line belongs to what was fitted: without it the values mean something else.
#[test]
fn a_fitted_scenario_keeps_what_was_changed_for_the_fit() {
    let folder = prepared();
    let changes = [
        "scheduler.pods_per_s=50",
        "image.agent.size=30MB",
        "image.agent={ size = \"40MB\" }",
        "zone.us-east-1b=none",
        "image.app.size=1500MB",
    ];
    let mut arguments = vec!["--evaluations", "4", "--out", "fitted.toml"];
    arguments.extend(changes.iter().flat_map(|change| ["--set", change]));
    calibrate("small.toml", &arguments, folder.path());
    let [fitted, small] = ["fitted.toml", "small.toml"].map(|file| folder.path().join(file));
    let text = fs::read_to_string(&fitted).expect("it was written");
    let told: Vec<&str> = text.lines().filter(|line| line.contains("image.app.size")).collect();
    assert_eq!(told.len(), 2, "a value, and where it comes from: {text}");
    assert!(told[1].starts_with("\"image.app.size\" = { fitted = \"calibrated with seed 1"), "{text}");
    let fitted = load(&fitted, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let size = fitted.document.entries().into_iter().find(|entry| entry.key == "image.app.size").expect("it has one");
    let changes: Vec<Setting> = changes.iter().map(|change| Setting::new("test", *change)).collect();
    let again = [Setting::of("test", "name", "small-fitted"), Setting::of("test", "image.app.size", &size.value)];
    let by_hand = load(&small, &[&changes[..], &again].concat()).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(fitted.document.hash(), by_hand.document.hash());
}

/// A row for each documented time, with the values before the fit and after it.
#[test]
fn a_fit_is_drawn_beside_what_was_before_it() {
    let folder = prepared();
    let fitted =
        json(&calibrate("small.toml", &["--evaluations", "60", "--json", "--chart", "fit.svg"], folder.path()));
    let drawn = fs::read_to_string(folder.path().join("fit.svg")).expect("it was drawn");
    for point in fitted["points"].as_array().expect("points") {
        let simulated = |when: &str| point[when][0]["mean_s"].as_f64().expect("a time");
        let told = format!(", {} before", words::duration(simulated("before")));
        assert!(drawn.contains(&told), "{told}");
        assert!(drawn.contains(&words::duration(simulated("simulated"))), "{point}");
        assert!((simulated("before") - simulated("simulated")).abs() > 1.0, "the fit changes something: {point}");
    }
    calibrate("small.toml", &["--evaluations", "4", "--chart", "fit.png"], folder.path());
    let bytes = fs::read(folder.path().join("fit.png")).expect("it was drawn");
    assert_eq!(&bytes[1..4], b"PNG");
    let refused = scaleup(&["calibrate", "small.toml", "--chart", "fit.pdf"], folder.path());
    let text = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(text.contains("must end in .svg or .png, such as fit.svg"), "{text}");
}
