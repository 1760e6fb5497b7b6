//! Grids: what they list and write, and how they go on after an interrupt.

use crate::cli::{bytes_below, folder, scaleup};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A grid of twelve cases, large enough to be interrupted.
const GRID: [&str; 9] = [
    "sweep",
    "--vary",
    "cluster.target_nodes=60..110:10",
    "--vary",
    "disk.rok-etcd.kind=gp2,io1",
    "--replications",
    "32",
    "--out",
    "results",
];

fn start(folder: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scaleup"));
    // One thread, so that there is time to interrupt it on any machine.
    command
        .args(GRID)
        .args(["--threads", "1"])
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn().expect("the program starts")
}

/// Checkpoints that are kept so far.
fn kept(folder: &Path) -> Vec<String> {
    let files =
        std::fs::read_dir(folder.join("results/cases")).map(|files| files.flatten().collect()).unwrap_or(vec![]);
    let names = files.iter().map(|file| file.file_name().to_string_lossy().into_owned());
    names
        .filter(|name| name.split_once('.').is_some_and(|(stem, ending)| !stem.is_empty() && ending == "json.gz"))
        .collect()
}

/// Waits until the first cases are kept and others are not.
fn until_some_are_kept(child: &mut Child, folder: &Path) {
    while kept(folder).is_empty() {
        assert!(child.try_wait().expect("it can be asked").is_none(), "it ended before anything was kept");
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
}

fn uninterrupted() -> (String, Vec<(String, Vec<u8>)>) {
    let folder = folder();
    let output = scaleup(&GRID, folder.path());
    assert!(output.status.success(), "{output:?}");
    (String::from_utf8(output.stdout).expect("text"), bytes_below(&folder.path().join("results")))
}

fn resumed(folder: &Path) -> (String, Vec<(String, Vec<u8>)>) {
    let output = scaleup(&[&GRID[..], &["--resume"]].concat(), folder);
    assert!(output.status.success(), "{output:?}");
    (String::from_utf8(output.stdout).expect("text"), bytes_below(&folder.join("results")))
}

fn assert_same(one: &(String, Vec<(String, Vec<u8>)>), other: &(String, Vec<(String, Vec<u8>)>)) {
    assert_eq!(one.0, other.0);
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&one.1), names(&other.1));
    for ((name, one), (_, other)) in one.1.iter().zip(&other.1) {
        assert!(one == other, "{name} differs");
    }
}

#[cfg(unix)]
#[test]
fn signals_keep_what_is_done_and_resume_completes_it_to_the_same_bytes() {
    for signal in ["-INT", "-TERM", "-HUP"] {
        interrupted_by(signal);
    }
}

#[cfg(unix)]
fn interrupted_by(signal: &str) {
    let folder = folder();
    let mut child = start(folder.path());
    until_some_are_kept(&mut child, folder.path());
    let signal = Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill runs");
    assert!(signal.success());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    assert!(output.stdout.is_empty());
    let stderr = String::from_utf8(output.stderr).expect("text");
    let told = stderr.lines().last().expect("a line");
    let done = told.strip_prefix("interrupted: ").and_then(|told| told.split_once(' ')).expect(told);
    assert_eq!(done.1, "of 12 cases are done and kept in results; the same command with --resume goes on");
    let done: usize = done.0.parse().expect("a number");
    // Of the cases in hand, the replications that were done are kept too.
    assert!((1..12).contains(&done) && (done..=done + 2).contains(&kept(folder.path()).len()), "{done}");
    let stages = std::fs::read_to_string(folder.path().join("results/stages.csv")).expect("tables of what is done");
    assert_eq!(stages.lines().count(), 1 + done * 32 * 5);
    let study = std::fs::read_to_string(folder.path().join("results/results.json")).expect("what is done");
    assert!(study.contains("\"cases_asked\":12,"), "{study}");
    assert_same(&uninterrupted(), &resumed(folder.path()));
}

#[test]
fn a_kill_leaves_nothing_half_written_and_resume_completes_it_to_the_same_bytes() {
    let folder = folder();
    let mut child = start(folder.path());
    until_some_are_kept(&mut child, folder.path());
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    let results = folder.path().join("results");
    for name in kept(folder.path()) {
        let file = std::fs::File::open(results.join("cases").join(&name)).expect("readable");
        let document: serde_json::Value = serde_json::from_reader(flate2::read::GzDecoder::new(file))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(document["cases"][0]["replications"].as_array().map(Vec::len), Some(32));
    }
    // As a kill in the middle of a write would leave it.
    std::fs::write(results.join("cases/.0123456789abcdef-0-31.json.gz.x.tmp"), "{").expect("writable");
    assert_same(&uninterrupted(), &resumed(folder.path()));
}

#[test]
fn what_was_kept_broken_is_simulated_again() {
    let folder = folder();
    let small = ["sweep", "--vary", "cluster.target_nodes=4,5", "--replications", "3", "--out", "results"];
    assert!(scaleup(&small, folder.path()).status.success());
    let whole = bytes_below(&folder.path().join("results"));
    let results = folder.path().join("results/results.json");
    let text = std::fs::read_to_string(&results).expect("readable");
    let lines: Vec<&str> = text.lines().collect();
    let of_another_program = text.replacen("\"events\":", "\"events\":1", 1);
    let huge = text.replacen("\"curves\":[[", "\"curves\":[[1,1099511627776,", 1);
    let fewer = text.replacen("\"node_hours\":[", "\"node_hours\":[1.5,", 1);
    let cut = lines[..2].join("\n");
    for broken in ["{}", "", &of_another_program, &huge, &fewer, &cut] {
        std::fs::write(&results, broken).expect("writable");
        let output = scaleup(&[&small[..], &["--resume"]].concat(), folder.path());
        assert!(output.status.success(), "{output:?}");
        assert!(bytes_below(&folder.path().join("results")) == whole, "files differ");
    }
}

/// Replications that were asked for then and now are taken over, whatever else is asked for.
#[test]
fn resume_takes_what_it_needs_and_simulates_the_rest() {
    let sweep = |nodes: &str, replications: &str, folder: &Path, more: &[&str]| {
        let vary = format!("cluster.target_nodes={nodes}");
        let small = ["sweep", "--vary", &vary, "--replications", replications, "--out", "results"];
        let output = scaleup(&[&small[..], more].concat(), folder);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stderr).expect("text")
    };
    for (nodes, replications, told) in [
        ("4,5", "2", "note: 4 scale-ups of 2 cases were kept, and are used again\n"),
        ("4,5", "7", "note: 6 scale-ups of 2 cases were kept, and are used again\n"),
        ("5,6", "3", "note: 3 scale-ups of 1 case were kept, and are used again\n"),
    ] {
        let (resumed, anew) = (folder(), folder());
        sweep("4,5", "3", resumed.path(), &[]);
        assert_eq!(sweep(nodes, replications, resumed.path(), &["--resume"]), told);
        sweep(nodes, replications, anew.path(), &[]);
        assert!(bytes_below(resumed.path()) == bytes_below(anew.path()), "files differ");
    }
}

/// The commands of the first finding of the review: a study in between must not leave its checkpoints to a later one.
#[test]
fn a_study_in_between_leaves_nothing_to_resume() {
    let folder = folder();
    let vary = ["sweep", "--vary", "cluster.target_nodes=4,5", "--out", "results", "--replications"];
    assert!(scaleup(&[&vary[..], &["3"]].concat(), folder.path()).status.success());
    let run = ["run", "--set", "cluster.target_nodes=4", "--replications", "2", "--out", "results"];
    assert!(scaleup(&run, folder.path()).status.success());
    assert!(!folder.path().join("results/cases/0-4-nodes.toml").exists());
    let output = scaleup(&[&vary[..], &["4", "--resume"]].concat(), folder.path());
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("the command differs: run there, sweep here"));
    assert!(scaleup(&[&vary[..], &["4"]].concat(), folder.path()).status.success());
    let stages = std::fs::read_to_string(folder.path().join("results/stages.csv")).expect("readable");
    assert_eq!(stages.lines().count(), 1 + 2 * 4 * 5);
}

#[test]
fn resume_refuses_the_folder_of_another_study() {
    let folder = folder();
    let sweep = |nodes: &str, more: &[&str]| {
        let vary = format!("cluster.target_nodes={nodes}");
        let small = ["sweep", "--vary", &vary, "--replications", "3", "--out", "results"];
        scaleup(&[&small[..], more].concat(), folder.path())
    };
    assert!(sweep("4,5", &["--resume"]).status.success(), "nothing to go on with: it begins");
    let before = bytes_below(folder.path());
    for (nodes, more, told) in [
        ("4,5", &["--seed", "2"][..], "the seed differs: 1 there, 2 here"),
        ("6,7", &[], "the scenario or what is varied differs"),
        ("4,5", &["--set", "workload.first_write=1MB"], "the scenario or what is varied differs"),
    ] {
        let more: Vec<&str> = more.iter().copied().chain(["--resume"]).collect();
        let output = sweep(nodes, &more);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert_eq!(
            String::from_utf8(output.stderr).expect("text"),
            format!(
                "error: cannot resume: results holds another study, {told}; give the same command again, another --out, \
                 or leave --resume out to replace it\n"
            )
        );
    }
    assert!(bytes_below(folder.path()) == before, "a refusal changes nothing");
    // Without --resume the folder becomes this study's, and what was the other's goes.
    assert!(sweep("4,6", &[]).status.success());
    let cases: Vec<String> =
        bytes_below(&folder.path().join("results/cases")).into_iter().map(|(name, _)| name).collect();
    assert_eq!(cases, ["0-4-nodes.toml", "1-6-nodes.toml"]);
}

#[test]
fn a_sweep_under_a_precision_rule_resumes_too() {
    let folder = folder();
    let precise = ["sweep", "--vary", "cluster.target_nodes=4,5", "--replications", "30", "--precision", "5%"];
    let precise = [&precise[..], &["--out", "results"]].concat();
    assert!(scaleup(&precise, folder.path()).status.success());
    let whole = bytes_below(&folder.path().join("results"));
    // More or fewer replications than the rule stops at are no reason to stop elsewhere.
    for kept in ["10", "45"] {
        let plain = ["sweep", "--vary", "cluster.target_nodes=4", "--replications", kept, "--out", "results"];
        assert!(scaleup(&plain, folder.path()).status.success());
        assert!(scaleup(&[&precise[..], &["--resume"]].concat(), folder.path()).status.success());
        assert!(bytes_below(&folder.path().join("results")) == whole, "files differ");
    }
}

#[test]
fn a_list_shows_the_cases_and_simulates_nothing() {
    let folder = folder();
    let boot = "cloud.boot={ uniform = { low = \"20s\", high = \"40s\" } },60s";
    let arguments = ["sweep", "--list", "--vary", "cluster.target_nodes=100..200:100", "--vary", boot];
    let output = scaleup(&arguments, folder.path());
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        String::from_utf8(output.stdout).expect("text"),
        "\
0-100-nodes-boot-uniform-low-20s-high-40s  cluster.target_nodes=100 cloud.boot={ uniform = { low = \"20s\", high = \"40s\" } }
1-100-nodes-boot-60s                       cluster.target_nodes=100 cloud.boot=60s
2-200-nodes-boot-uniform-low-20s-high-40s  cluster.target_nodes=200 cloud.boot={ uniform = { low = \"20s\", high = \"40s\" } }
3-200-nodes-boot-60s                       cluster.target_nodes=200 cloud.boot=60s
"
    );
    assert!(bytes_below(folder.path()).is_empty());
    let output = scaleup(&[&arguments[..], &["--json"]].concat(), folder.path());
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    assert_eq!(document["cases"][3]["name"], "3-200-nodes-boot-60s");
    assert_eq!(document["cases"][3]["set"]["cluster.target_nodes"], 200);
}

#[test]
fn identical_cases_are_run_once() {
    let folder = folder();
    let arguments =
        ["sweep", "--vary", "cluster.target_nodes=4", "--vary", "cloud.boot=60s,1m,2m", "--replications", "2"];
    let output = scaleup(&arguments, folder.path());
    assert_eq!(
        String::from_utf8(output.stderr).expect("text"),
        "note: cluster.target_nodes=4 cloud.boot=1m is the same case as cluster.target_nodes=4 cloud.boot=60s, and is \
         left out\n"
    );
    let stages = std::fs::read_to_string(folder.path().join("output/ekf/stages.csv")).expect("stages.csv");
    assert_eq!(stages.lines().count(), 1 + 2 * 2 * 5);
}

#[test]
fn each_case_is_saved_as_a_scenario_that_gives_the_same_result() {
    let folder = folder();
    let arguments = ["sweep", "--vary", "cluster.target_nodes=6", "--vary", "disk.rok-etcd.kind=gp2,io1"];
    let output = scaleup(&[&arguments[..], &["--replications", "4", "--seed", "3"]].concat(), folder.path());
    assert!(output.status.success(), "{output:?}");
    let read = |path: &str| {
        std::fs::read_to_string(folder.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let sweep = read("output/ekf/stages.csv");
    for (case, kind) in [("0-6-nodes-kind-gp2", "gp2"), ("1-6-nodes-kind-io1", "io1")] {
        let file = format!("output/ekf/cases/{case}.toml");
        assert!(read(&file).starts_with(&format!(
            "# A case of a sweep of ekf: cluster.target_nodes=6 disk.rok-etcd.kind={kind}\nname = \"ekf-{case}\"\n"
        )));
        let output = scaleup(&["run", &file, "--replications", "4", "--seed", "3"], folder.path());
        assert!(output.status.success(), "{output:?}");
        let alone = read(&format!("output/ekf-{case}/stages.csv"));
        let rows = |text: &str, begin: &str| -> Vec<String> {
            let rows = text.lines().filter_map(|row| row.strip_prefix(begin));
            rows.map(str::to_owned).collect()
        };
        let number = &case[..1];
        let (of_sweep, of_run) =
            (rows(&sweep, &format!("ekf,{number},6,{kind},")), rows(&alone, &format!("ekf-{case},0,6,")));
        assert_eq!(of_run.len(), 20);
        assert_eq!(of_sweep, of_run);
    }
}

#[test]
fn a_grid_that_is_too_large_is_refused() {
    let folder = folder();
    let grid = ["--vary", "cluster.target_nodes=1..1000:1", "--vary", "cloud.launch_batch=1..11:1"];
    // A thousand values of each of ten keys, and the scenario without a change.
    let values = |axis: usize| format!("zone.us-east-1a.capacity={}..{}:1", 1_000 * axis + 1, 1_000 * axis + 1_000);
    let axes: Vec<String> = (0..10).map(values).collect();
    let alone = axes.iter().flat_map(|axis| ["--vary", axis]).chain(["--one-at-a-time"]);
    let alone: Vec<&str> = alone.collect();
    for vary in [&grid[..], &alone] {
        let output = scaleup(&[&["sweep", "--list"][..], vary].concat(), folder.path());
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(
            String::from_utf8(output.stderr).expect("text"),
            "error: a grid has at most 10000 cases; vary fewer keys, or in larger steps\n"
        );
    }
}
