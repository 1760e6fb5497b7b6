//! A results folder has one owner at a time, and holds the files of one study.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const RUN: [&str; 7] = ["run", "--replications", "2", "--out", "out", "--set", "cluster.target_nodes=5"];

fn scaleup(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scaleup"));
    command.args(arguments).current_dir(folder).env("NO_COLOR", "1").output().expect("the program starts")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The names of all files below a folder.
fn names(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            names.extend(self::names(&path));
        } else {
            names.push(path.file_name().expect("a name").to_string_lossy().into_owned());
        }
    }
    names.sort();
    names
}

#[test]
fn a_folder_that_somebody_owns_is_left_alone_and_its_owner_named() {
    let folder = folder();
    assert!(scaleup(&RUN, folder.path()).status.success());
    let before = fs::read(folder.path().join("out/results.json")).expect("a study");
    let path = folder.path().join("out/.scaleup.lock");
    fs::write(&path, "process 12: scaleup run \u{1b}]0;elsewhere\n").expect("it can be written");
    let lock = fs::File::open(&path).expect("it was written");
    lock.lock().expect("nobody else has it");
    let owned = "error: out: another command is writing into this folder (process 12: scaleup run  ]0;elsewhere); wait for \
                 it, or give another --out\n";
    let compare = ["compare", "ekf", "what-if-io1", "--replications", "2", "--out", "out"];
    let sweep = ["sweep", "--vary", "cluster.target_nodes=4,5", "--replications", "2", "--out", "out"];
    for command in [&RUN[..], &compare, &sweep, &[&sweep[..], &["--resume"]].concat(), &["report", "out"]] {
        let output = scaleup(command, folder.path());
        assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(1), owned), "{command:?}");
    }
    assert!(fs::read(folder.path().join("out/results.json")).expect("a study") == before);
    // Without its lock the file says nothing.
    drop(lock);
    assert!(scaleup(&RUN, folder.path()).status.success());
    assert_eq!(fs::read(&path).expect("it stays"), b"");
}

#[test]
fn a_new_study_takes_the_files_of_the_old_one_away_and_no_others() {
    let (used, fresh) = (folder(), folder());
    let out = used.path().join("out");
    let one_at_a_time =
        ["--vary", "cluster.target_nodes=5,6", "--one-at-a-time", "--replications", "2", "--out", "out"];
    let before: [&[&str]; 4] = [
        &["compare", "ekf", "what-if-io1", "--set", "cluster.target_nodes=5", "--replications", "2", "--out", "out"],
        &[&["sweep"][..], &one_at_a_time].concat(),
        &["run", "--replications", "1", "--set", "cluster.target_nodes=100", "--out", "out"],
        &["report", "out"],
    ];
    for command in before {
        let output = scaleup(command, used.path());
        assert!(output.status.success(), "{command:?}: {output:?}");
    }
    assert!(out.join("documented.csv").is_file() && out.join("report.html").is_file());
    let mine = ["notes.txt", "0-mine.json", "charts/mine.svg", "charts/overheads-mine.txt", "cases/mine.json"];
    fs::create_dir_all(out.join("cases")).expect("it can be made");
    let leftovers = ["manifest.json", ".times.csv.tmp", "charts/readiness-300-nodes.svg", "cases/7-9-nodes.json"];
    for name in mine.iter().chain(&leftovers) {
        fs::write(out.join(name), "a text").expect("it can be written");
    }
    for place in [&used, &fresh] {
        assert!(scaleup(&RUN, place.path()).status.success());
    }
    for name in mine {
        fs::remove_file(out.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    assert_eq!(names(&out), names(&fresh.path().join("out")));
}

/// Figures of an old study must never stand under a new study's name.
#[test]
fn a_study_that_is_interrupted_at_once_shows_no_old_figures() {
    let folder = folder();
    assert!(scaleup(&RUN, folder.path()).status.success());
    let endless = ["sweep", "--vary", "cluster.target_nodes=300,299", "--replications", "100000", "--out", "out"];
    let mut child = Command::new(env!("CARGO_BIN_EXE_scaleup"))
        .args(endless)
        .current_dir(folder.path())
        .spawn()
        .expect("the program starts");
    while folder.path().join("out/results.json").exists() {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    let report = scaleup(&["report", "out", "--markdown"], folder.path());
    assert_eq!((report.status.code(), text(&report.stdout).as_str()), (Some(1), ""), "{report:?}");
    assert!(text(&report.stderr).starts_with("error: out: this is no results folder"), "{report:?}");
}

#[cfg(unix)]
#[test]
fn what_has_no_end_is_not_read() {
    let folder = folder();
    fs::create_dir(folder.path().join("out")).expect("it can be made");
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("out/results.json")).expect("it can be made");
    let report = scaleup(&["report", "out"], folder.path());
    assert!(text(&report.stderr).starts_with("error: out/results.json: it is no file"), "{report:?}");
}

/// A command line can have lines of its own, and a study can be changed by hand.
#[test]
fn nothing_of_a_study_becomes_markdown() {
    let folder = folder();
    assert!(scaleup(&RUN, folder.path()).status.success());
    let path = folder.path().join("out/results.json");
    let study = fs::read_to_string(&path).expect("a study");
    let study = study.replacen("\"program\":\"scaleup\"", "\"program\":\"<b>\"", 1);
    let study =
        study.replacen("\"command_line\":\"", "\"command_line\":\"a\\n\\n# INJECTED <script>alert(9)</script>\\n", 1);
    fs::write(&path, study).expect("it can be written");
    let markdown = text(&scaleup(&["report", "out", "--markdown"], folder.path()).stdout);
    assert!(markdown.contains("\\<b>") && markdown.contains("\n    # INJECTED"), "{markdown}");
    assert!(markdown.lines().all(|line| !line.starts_with('#')), "{markdown}");
}

/// Requests that are repeated for hours must not make a study of a few nodes large.
#[test]
fn the_detail_of_a_case_is_bounded() {
    let folder = folder();
    let failing = ["--set", "cloud.vcpu_quota=160", "--set", "run.horizon=200h", "--set", "run.curve_step=1m"];
    let run = [&["run", "--replications", "1", "--out", "out"][..], &failing].concat();
    assert_eq!(scaleup(&run, folder.path()).status.code(), Some(3));
    let study = fs::read(folder.path().join("out/results.json")).expect("a study");
    let study: serde_json::Value = serde_json::from_slice(&study).expect("one JSON document");
    let detail = &study["cases"][0]["detail"];
    let (asked, kept) = (detail["asked"].as_u64().expect("a number"), detail["nodes"].as_array().expect("nodes").len());
    assert!(asked > 2_000 && kept == 2_000, "{kept} of {asked}");
    assert!(detail.to_string().len() < 1_000_000, "{}", detail.to_string().len());
}

#[test]
fn resuming_takes_no_file_of_others_away() {
    let folder = folder();
    let sweep = ["sweep", "--vary", "cluster.target_nodes=4,5", "--replications", "2", "--out", "out", "--resume"];
    assert!(scaleup(&sweep, folder.path()).status.success());
    let fresh = names(&folder.path().join("out"));
    let places = ["", "cases", "charts"].map(|place| folder.path().join("out").join(place));
    let mine = [".mine", "notes.tmp", "0-Mine.json", "mine.svg", "mine.csv"];
    for place in &places {
        for name in mine.iter().chain(&[".times.csv.1-0.tmp"]) {
            fs::write(place.join(name), "a text").expect("it can be written");
        }
    }
    assert!(scaleup(&sweep, folder.path()).status.success());
    for place in &places {
        for name in mine {
            let path = place.join(name);
            fs::remove_file(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        }
    }
    assert_eq!(names(&folder.path().join("out")), fresh, "what a killed command had begun is gone");
}

/// What stands in a study is enough to make it again.
#[test]
fn the_command_that_a_study_names_makes_it_again() {
    let size = "--set cluster.target_nodes=4";
    for command in [
        format!(
            "sweep scenarios/ekf.toml {size} --vary cloud.boot=60s,90s --vary workload.first_write=1MB --one-at-a-time --replications 2 --seed 3"
        ),
        format!("run scenarios/ekf.toml {size} --precision 20% --max-replications 80 --replications 30 --seed 1"),
        format!(
            "compare scenarios/ekf.toml --versus what-if-io1 {size} --precision 50% --max-replications 40 --replications 30 --seed 1"
        ),
    ] {
        let (asked, again) = (folder(), folder());
        let run = |command: &str, folder: &Path| {
            let words: Vec<&str> = command.split(' ').chain(["--out", "out"]).collect();
            let output = scaleup(&words, folder);
            assert!(matches!(output.status.code(), Some(0 | 4)), "{command}: {output:?}");
            fs::read(folder.join("out/results.json")).expect("a study")
        };
        let study = run(&command, asked.path());
        let head: serde_json::Value = serde_json::from_slice(&study).expect("one JSON document");
        let kept = head["command_line"].as_str().expect("a command").replace('\'', "");
        let sorted = |command: &str| {
            let mut words: Vec<String> = command.split(' ').map(str::to_owned).collect();
            words.sort();
            words
        };
        assert_eq!(sorted(&kept), sorted(&format!("scaleup {command}")));
        assert!(run(kept.trim_start_matches("scaleup "), again.path()) == study, "{kept} makes another study");
    }
}
