//! The study that the README shows is what the program computes.
//!
//! After a change that is meant to change it: `cargo run --release -- sweep --out output/documented`.

use scaleup::experiment::results::Results;
use scaleup::experiment::{Axis, Case, Settings, grid, run_cases};
use scaleup::report::documented::documented;
use scaleup::report::study::Study;
use scaleup::report::{chart, files, text};
use scaleup::scenario::{Setting, load, load_targets};
use std::path::Path;

/// Large, and shown nowhere.
const NOT_KEPT: [&str; 1] = ["waits.csv"];

fn study() -> Results {
    let base = load(Path::new("scenarios/ekf.toml"), &[]).expect("the shipped scenario is fine");
    let axes: Vec<Axis> =
        base.document.axes().iter().map(|axis| Axis { key: axis.key.clone(), values: axis.values.clone() }).collect();
    let cases: Vec<Case> = grid(&axes)
        .into_iter()
        .map(|set| {
            let settings: Vec<Setting> = set.iter().map(|(key, value)| Setting::of("--vary", key, value)).collect();
            Case { set, scenario: base.document.with(&settings).expect("its own axes are fine").scenario }
        })
        .collect();
    let settings = Settings { replications: 100, seed: 1, threads: None };
    Results {
        command: "sweep".to_owned(),
        scenario: base.scenario.name.clone(),
        description: base.scenario.description.clone(),
        seed: settings.seed,
        replications: settings.replications,
        cases: run_cases(&cases, settings, &|| ()).expect("threads start"),
    }
}

fn kept(name: &str) -> Vec<u8> {
    let path = Path::new("output/documented").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_documented_study_is_what_the_program_computes() {
    let results = study();
    let answer = text::text(&results, text::PLAIN_WIDTH);
    assert_eq!(answer, String::from_utf8(kept("summary.txt")).expect("text"));
    for (name, bytes) in files::all(&results) {
        assert!(NOT_KEPT.contains(&name) || kept(name) == bytes, "{name} differs");
    }
    let targets = load_targets(Path::new("scenarios/documented.toml")).expect("the shipped targets are fine");
    let points = documented(&targets, &results).expect("the stages are there");
    assert!(kept(files::DOCUMENTED) == files::documented(&results, &points), "documented.csv differs");
    let study = Study { documented: points, ..Study::of(results) };
    for drawn in chart::all(&study) {
        assert!(kept(&format!("charts/{}.svg", drawn.name)) == drawn.svg().as_bytes(), "{} differs", drawn.name);
    }
    let shown = chart::time_to_ready(&study);
    assert!(kept("charts/time-to-ready.png") == shown.png(), "time-to-ready differs as PNG");
    let readme = std::fs::read_to_string("README.md").expect("a README");
    assert!(readme.contains(answer.trim_end()), "the README shows another answer than output/documented/summary.txt");
}
