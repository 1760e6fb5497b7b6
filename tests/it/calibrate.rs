//! Targets, validation and calibration, on the small scenario.

use scaleup::experiment::{
    Calibration, Effort, Judged, Settings, calibrate, hold_out, judge, run_cases, run_sets, set_of, spread,
    target_cases,
};
use scaleup::experiment::{CalibrationError, Progress};
use scaleup::experiment::{Case, Identifiability};
use scaleup::scenario::{Ensemble, Loaded, Setting, Targets, load, load_ensemble, load_targets};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

const SMALL: &str = "tests/it/fixtures/small.toml";
const FREE: &str = "free.\"cloud.boot.lognormal.p50\"={ min = \"10s\", max = \"200s\", reason = \"unknown\" }";
pub const SETTINGS: Settings = Settings { replications: 5, seed: 1, threads: Some(1) };

pub const WATCH: Progress<'static> = Progress { done: &|| {}, stopped: &|| false };

/// The small scenario with these settings.
pub fn small(settings: &[&str]) -> Loaded {
    let settings: Vec<Setting> = settings.iter().map(|text| Setting::new("--set", *text)).collect();
    load(Path::new(SMALL), &settings).unwrap_or_else(|problems| panic!("{problems}"))
}

/// Targets for the small scenario, `about` in seconds for 10 and for 20 nodes.
pub fn targets(text: &str) -> Result<Targets, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("targets.toml");
    fs::write(&path, text).unwrap();
    load_targets(&path).map_err(|problems| {
        let lines = problems.iter().map(|problem| format!("{}: {}\n", problem.line, problem.problem));
        lines.collect::<Vec<_>>().concat()
    })
}

/// A target of the time from the nodes to the workload.
pub fn target(name: &str, nodes: u32, demand: &str) -> String {
    format!(
        "[target.{name}]\nstatement = \"s\"\nsource = \"s\"\nreading = \"r\"\nfrom = \"nodes\"\nto = \"workload\"\nnodes = {nodes}\n{demand}\n"
    )
}

fn simulate(loaded: &Loaded, targets: &Targets) -> Vec<Judged> {
    let cases = target_cases(&loaded.document, targets, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let results = run_cases(&cases, SETTINGS, &|| {}).unwrap();
    assert!(results.iter().all(|case| case.detail.is_none()), "to judge, numbers are enough");
    judge(targets, &results).unwrap()
}

/// What makes the size of an image free.
pub const FREE_SIZE: &str = "free.\"image.app.size\"={ min = \"200MB\", max = \"8GB\", reason = \"unknown\" }";

/// Targets that were made with an image of 2 GB.
pub fn made_with_2_gb(tolerance: &str) -> String {
    let made = small(&["image.app.size=2GB"]);
    let ask = targets(
        &(target("ten", 10, "about = \"1m\"\ntolerance = \"1s\"")
            + &target("twenty", 20, "about = \"1m\"\ntolerance = \"1s\"")),
    )
    .unwrap();
    simulate(&made, &ask)
        .iter()
        .map(|judged| {
            let mean = judged.simulated[0].mean.unwrap();
            let demand = format!("about = \"{mean:.3}s\"\ntolerance = \"{tolerance}\"");
            target(&judged.point.name, judged.point.nodes[0], &demand)
        })
        .collect()
}

/// The scenario whose image size is free, and targets that were made with 2 GB.
pub fn tiny(tolerance: &str) -> (Loaded, Targets) {
    (small(&[FREE_SIZE]), targets(&made_with_2_gb(tolerance)).unwrap())
}

fn fit(loaded: &Loaded, targets: &Targets) -> Calibration {
    let effort = Effort { settings: SETTINGS, evaluations: 150, discrepancy: 0.05 };
    calibrate(&loaded.document, targets, effort, WATCH).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_calibration_finds_the_value_that_made_the_targets() {
    let (loaded, targets) = tiny("4s");
    let found = fit(&loaded, &targets);
    assert!((found.fitted[0] / 2e9 - 1.0).abs() < 0.05, "{:?}", found.fitted);
    assert_eq!(
        (found.misfit, &found.plausible.verdicts[..]),
        (0.0, &[Identifiability::Identified][..]),
        "{:?}",
        found.plausible
    );
    let (low, high) = found.plausible.ranges[0];
    assert!(found.plausible.sets.len() > 1 && (1e9..=found.fitted[0]).contains(&low), "{low}");
    assert!((found.fitted[0]..3e9).contains(&high), "{high}");
}

#[test]
fn a_calibration_is_the_same_again() {
    let (loaded, targets) = tiny("1s");
    let (one, other) = (fit(&loaded, &targets), fit(&loaded, &targets));
    assert_eq!(one.fitted, other.fitted);
    assert_eq!(one.plausible.sets, other.plausible.sets);
    assert_eq!(one.points, other.points);
}

#[test]
fn a_size_that_the_fit_has_not_seen_is_predicted() {
    let (loaded, targets) = tiny("1s");
    let effort = Effort { settings: SETTINGS, evaluations: 45, discrepancy: 0.05 };
    let held = hold_out(&loaded.document, &targets, 20, effort, WATCH).unwrap();
    let [judged] = &held.points[..] else { panic!("{held:?}") };
    assert_eq!(judged.point.nodes, [20]);
    let off = judged.misfit();
    assert!(off < 10.0, "{off} s off");
    assert_eq!(held.straight_line, [None], "one other size makes no line");
    assert!(hold_out(&loaded.document, &targets, 30, effort, WATCH).is_err());
}

#[test]
fn what_the_targets_hardly_touch_is_not_identified() {
    let (loaded, targets) = tiny("20s");
    let with_boot = loaded.document.with(&[Setting::new("--set", FREE)]).unwrap();
    let effort = Effort { settings: SETTINGS, evaluations: 120, discrepancy: 0.05 };
    let found = calibrate(&with_boot.document, &targets, effort, WATCH).unwrap();
    let boot = found.free.iter().position(|free| free.key.starts_with("cloud.boot")).unwrap();
    assert_ne!(found.plausible.verdicts[boot], Identifiability::Identified, "{:?}", found.plausible.ranges);
}

#[test]
fn a_fitted_middle_stretches_the_whole_distribution() {
    let loaded = small(&[FREE]);
    let set = set_of(&loaded.document, &[80.0]);
    assert_eq!(set[0], ("cloud.boot.lognormal.p50".to_owned(), "\"80s\"".to_owned()));
    assert_eq!(set[1], ("cloud.boot.lognormal.p95".to_owned(), "\"2m\"".to_owned()));
}

#[test]
fn the_fitted_scenario_can_be_read_and_says_that_it_was_fitted() {
    let loaded = small(&[FREE]);
    let set = set_of(&loaded.document, &[80.0]);
    let settings: Vec<Setting> = set.iter().map(|(key, value)| Setting::of("test", key, value)).collect();
    let fitted = loaded.document.with(&settings).unwrap().document;
    let base = fs::canonicalize(SMALL).unwrap().display().to_string();
    let text = fitted.fitted_toml(&base, "small-fitted", (&["cloud.boot.lognormal.p50"], "a test"), &[]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fitted.toml");
    fs::write(&path, &text).unwrap();
    let again = load(&path, &[]).unwrap_or_else(|problems| panic!("{problems}\n{text}"));
    let entry = again.document.entries().into_iter().find(|entry| entry.key == "cloud.boot").unwrap();
    assert_eq!(entry.provenance.kind.word(), "fitted");
    assert_eq!(again.document.hash(), fitted.hash());
}

#[test]
fn a_table_that_was_changed_before_the_fit_holds_what_was_fitted_in_it() {
    let changed =
        "image.app={ registry = \"docker-hub\", repository = \"other:1\", size = \"2GB\", unpacked = \"6GB\" }";
    let fitted = small(&[changed, "image.app.size=4GB"]).document;
    let base = fs::canonicalize(SMALL).unwrap().display().to_string();
    let settings = [Setting::new("--set", changed)];
    let text = fitted.fitted_toml(&base, "other-fitted", (&["image.app.size"], "a test"), &settings);
    // Said twice, once in the table and once as a key of its own, no file could be read.
    assert_eq!(text.matches("4GB").count(), 1, "{text}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fitted.toml");
    fs::write(&path, &text).unwrap();
    let again = load(&path, &[]).unwrap_or_else(|problems| panic!("{problems}\n{text}"));
    assert_eq!(again.document.hash(), fitted.hash());
    let provenance = |key: &str| {
        let entry = again.document.entries().into_iter().find(|entry| entry.key == key).unwrap();
        entry.provenance.kind.word()
    };
    assert_eq!(["image.app.size", "image.app.unpacked"].map(provenance), ["fitted", "assumed"], "{text}");
}

#[test]
fn an_ensemble_can_be_read_again_and_splits_the_spread() {
    let size = |text: &str| vec![("image.app.size".to_owned(), format!("\"{text}\""))];
    let ensemble = Ensemble {
        scenario: "small".to_owned(),
        description: "a test".to_owned(),
        calibrated_nodes: (10, 20),
        sets: vec![size("1GB"), size("4GB"), size("8GB")],
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ensemble.toml");
    fs::write(&path, ensemble.to_toml()).unwrap();
    let read = load_ensemble(&path).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(read, ensemble);
    let base = small(&[]);
    let case = |settings: Vec<Setting>| Case::new(vec![], &base.document.with(&settings).unwrap());
    let sets: Vec<Case> = read.settings().map(case).collect();
    let spread = spread(&run_sets(&sets, SETTINGS, &|| {}).unwrap());
    let share = |stage: &str, after: Option<&str>| {
        let of =
            |quantity: &&scaleup::experiment::Quantity| quantity.stage == stage && quantity.after.as_deref() == after;
        spread.iter().find(of).unwrap().parameters_share.unwrap()
    };
    assert!(share("workload", None) > 0.9, "{spread:?}");
    assert!(share("nodes", None) < 0.5, "{spread:?}");
}

#[test]
fn every_problem_of_a_file_of_targets_is_told() {
    let text = "descripton = \"x\"\n".to_owned()
        + &target("a", 10, "about = 60")
        + &target("b", 10, "at_least = \"5m\"\nat_most = \"2m\"")
        + &target("c", 10, "grows = true")
        + "[target.d]\nstatement = \"s\"\nabout = \"1m\"\nat_most = \"2m\"\n";
    assert_eq!(
        targets(&text).unwrap_err(),
        "1: the top level has no key `descripton`\n\
         2: target.a: `about` and `tolerance` belong together\n\
         9: target.a.about: a bare number where a length of time is meant\n\
         18: target.b.at_most: it must be above `at_least`\n\
         25: target.c.nodes: growth needs two sizes\n\
         27: [target.d] lacks `source`, `reading`, `to`\n\
         27: target.d: a target demands one thing\n"
    );
    let text =
        target("\"a.b\"", 10, "grows = false") + &target("\"\\u0007\"", 2_000_000, "at_most = \"0s\"\nat_least = 5");
    assert_eq!(
        targets(&text).unwrap_err(),
        "8: target.\"a.b\".grows: this demands nothing\n\
         9: \"\\u{7}\" cannot be a name\n\
         15: target.\"\\u0007\".nodes: out of range\n\
         16: target.\"\\u0007\".at_most: it must be above `at_least`\n\
         17: target.\"\\u0007\".at_least: a bare number where a length of time is meant\n"
    );
    assert_eq!(
        targets("description = 5\n").unwrap_err(),
        "1: target: there is no target\n1: description: a number where text is meant\n"
    );
    assert_eq!(targets("[target]\na = 5\n").unwrap_err(), "2: a whole number where a table is meant\n");
    assert_eq!(targets("[target]\n").unwrap_err(), "1: [target] is empty\n");
}

#[test]
fn flaps_are_held_against_a_number_of_them() {
    let flaps = |demand: &str| targets(&target("a", 10, demand).replace("from = \"nodes\"\n", "flaps = true\n"));
    assert_eq!(flaps("count = 3\ncount_margin = 1").map(|read| read.points().len()), Ok(1));
    assert_eq!(flaps("at_most = \"5m\"").unwrap_err(), "5: target.a.flaps: they are no time\n");
    assert_eq!(flaps("count = [3, 4]").unwrap_err(), "8: target.a.count: one number is meant\n");
    let each = flaps("count = 3\neach = \"node\"\nquantile = 0.5").unwrap_err();
    assert_eq!(
        each,
        "9: target.a.each: it does not go with `flaps`\n10: target.a.quantile: it does not go with `flaps`\n"
    );
    let nothing = targets(&target("a", 10, "at_most = \"5m\"\nflaps = false")).unwrap_err();
    assert!(nothing.contains("target.a.flaps: this says nothing"), "{nothing}");
}

#[test]
fn targets_may_have_any_names_and_be_many() {
    let name = |number: u32| format!("\"Between 10 & {number}.5\"");
    let text: String = (0..300).map(|number| target(&name(number), 10, "at_most = \"1m\"")).collect();
    assert_eq!(targets(&text).unwrap().list[299].name, "Between 10 & 299.5");
}

#[test]
fn a_stage_that_is_not_there_is_named() {
    let asked = targets(&target("a", 10, "at_most = \"1m\"").replace("to = \"workload\"", "to = \"rok\"")).unwrap();
    let cases = target_cases(&small(&[]).document, &asked, &[]).unwrap();
    let error = judge(&asked, &run_cases(&cases, SETTINGS, &|| {}).unwrap()).unwrap_err();
    assert!(error.to_string().contains("the stage `rok`, which the scenario does not have"), "{error}");
}

#[test]
fn the_built_in_targets_speak_of_the_documented_sizes() {
    let documented = load_targets(Path::new("documented")).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(documented.sizes(), [100, 200, 300]);
    assert_eq!(documented.points().len(), 17);
}

fn validate(demand: &str) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("targets.toml");
    fs::write(&path, target("a", 10, demand)).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_scaleup"));
    command.args(["validate", SMALL, "--replications", "5", "--targets"]).arg(&path);
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn validate_ends_with_3_if_a_point_is_not_met() {
    let (code, text) = validate("at_most = \"1h\"");
    assert_eq!(code, Some(0), "{text}");
    assert!(text.starts_with("small: all 1 documented points are met\n"), "{text}");
    let (code, text) = validate("at_least = \"5h\"");
    assert_eq!(code, Some(3), "{text}");
    let verdict = "small: 1 of 1 documented points are not met: workload after nodes at 10 nodes\n";
    assert!(text.starts_with(verdict), "{text}");
}

#[test]
fn a_stopped_calibration_tells_its_best_values() {
    let (loaded, targets) = tiny("1s");
    let looks = AtomicU32::new(0);
    let stopped = || looks.fetch_add(1, Ordering::Relaxed) >= 40;
    let watch = Progress { done: &|| {}, stopped: &stopped };
    let error = calibrate(
        &loaded.document,
        &targets,
        Effort { settings: SETTINGS, evaluations: 150, discrepancy: 0.05 },
        watch,
    )
    .unwrap_err();
    let CalibrationError::Interrupted { tried: 2.., best: Some((misfit, set)) } = error else { panic!("{error:?}") };
    assert_eq!(set[0].0, "image.app.size");
    assert!(misfit.is_finite() && set[0].1.ends_with("B\""), "{misfit} {set:?}");
}

#[test]
fn every_free_parameter_of_a_shipped_scenario_can_have_both_of_its_ends() {
    for (name, _) in scaleup::scenario::BUILT_IN.0 {
        let loaded = load(Path::new(name), &[]).unwrap_or_else(|problems| panic!("{problems}"));
        for free in loaded.document.free() {
            for value in [free.min, free.max] {
                let set = loaded.document.tune(free, value);
                let set: Vec<Setting> = set.iter().map(|(key, value)| Setting::of("--set", key, value)).collect();
                let tuned = loaded.document.with(&set);
                assert!(tuned.is_ok(), "{name}: {} = {}: {}", free.key, free.text(value), tuned.unwrap_err());
            }
        }
    }
}

#[test]
fn a_range_of_what_is_extended_is_not_fitted() {
    let loaded = load(Path::new("zone-capacity.toml"), &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let ask = targets(&target("one", 10, "about = \"1m\"\ntolerance = \"1s\"")).unwrap();
    let effort = Effort { settings: SETTINGS, evaluations: 10, discrepancy: 0.05 };
    let error = calibrate(&loaded.document, &ask, effort, WATCH).unwrap_err().to_string();
    assert_eq!(
        error,
        "the scenario has no table [free] that says which parameters may be fitted; a range holds for the case that \
         states it, so those of what it extends (daemonset.rok.join.operator.lognormal.p50, ...) are not fitted here: copy the ones that \
         hold for this case into its file"
    );
}

#[test]
fn a_fit_at_the_end_of_its_range_is_warned_of() {
    let loaded = small(&[&FREE_SIZE.replace("8GB", "1GB")]);
    let found = fit(&loaded, &targets(&made_with_2_gb("4s")).unwrap());
    assert_eq!(found.at_ends(), [(0, true)], "2 GB made the targets: {:?}", found.fitted);
    let text = scaleup::report::text::calibration::text("small", &found, 100);
    let warning = "Warning: image.app.size was fitted to the greatest value of its range; what fits best may lie above";
    assert!(text.contains(warning), "{text}");
}

#[test]
fn a_search_ends_as_well_from_wherever_it_begins() {
    let (loaded, targets) = tiny("1s");
    let effort = Effort { settings: SETTINGS, evaluations: 600, discrepancy: 0.05 };
    let mut found = calibrate(&loaded.document, &targets, effort, WATCH).unwrap();
    assert_eq!(found.ended.len(), 3);
    assert_eq!(found.as_good().count(), 3, "{:?}", found.ended);
    assert!(found.ended.iter().all(|ended| (ended.values[0] / 2e9 - 1.0).abs() < 0.1), "{:?}", found.ended);
    assert!(found.left_open().is_empty());
    let says = |found: &Calibration, how: &str| {
        let text = scaleup::report::text::calibration::text("tiny", found, 100);
        assert!(text.contains(&format!("3 of 3 ends are within 5 % (or 0.05) of the best one{how}.")), "{text}");
    };
    says(&found, ": these searches met");
    found.ended[1].values[0] *= 1.001;
    says(&found, ", at nearly the same values");
}

#[test]
fn a_prediction_does_not_know_the_scenarios_own_values() {
    let ask = targets(&made_with_2_gb("1s")).unwrap();
    let effort = Effort { settings: SETTINGS, evaluations: 12, discrepancy: 0.05 };
    let held = |size| hold_out(&small(&[FREE_SIZE, size]).document, &ask, 20, effort, WATCH).unwrap();
    // What made the targets, and something else.
    let (truth, other) = (held("image.app.size=2GB"), held("image.app.size=7GB"));
    assert_eq!((truth.misfit, truth.points), (other.misfit, other.points));
}

#[test]
fn about_is_shown_alone_within_half_its_tolerance() {
    let ask = |about: f64, tolerance: f64| {
        let demand = format!("about = \"{about:.4}s\"\ntolerance = \"{tolerance:.4}s\"");
        targets(&target("ten", 10, &demand)).unwrap()
    };
    let simulated = |ask: &Targets| simulate(&small(&[]), ask)[0].simulated[0];
    let known = simulated(&ask(60.0, 60.0));
    let (mean, sd) = (known.mean.unwrap(), known.standard_error.unwrap() * 5.0_f64.sqrt());
    // Of five numbers one is at least 0.894 standard deviations from the mean, and none more than 1.789.
    assert!(simulated(&ask(mean, 1.78 * sd)).alone.unwrap() < 1.0);
    assert!((simulated(&ask(mean, 3.6 * sd)).alone.unwrap() - 1.0).abs() < 1e-9);
}
