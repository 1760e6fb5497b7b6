//! Studies that are simulated in shards: the same bytes as in one go, whatever becomes of the shards on the way.

use crate::cli::{bytes_below, folder, scaleup};
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SWEEP: [&str; 5] = ["sweep", "--vary", "cluster.target_nodes=4..6:1", "--replications", "4"];
const COMPARE: [&str; 7] = ["compare", "--set", "cluster.target_nodes=4", "ekf", "what-if-io1", "--replications", "5"];

/// Exit code, what is printed, and the files.
type Outcome = (Option<i32>, String, Vec<(String, Vec<u8>)>);

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// Runs a command in a folder, with `out` for its results.
pub fn run(command: &[&str], more: &[&str], folder: &Path) -> Output {
    scaleup(&[command, more, &["--out", "out"]].concat(), folder)
}

fn shard(command: &[&str], number: usize, of: usize, folder: &Path) -> Output {
    run(command, &["--shard", &format!("{number}/{of}")], folder)
}

/// Simulates shards, each of which succeeds.
fn simulate(command: &[&str], numbers: impl IntoIterator<Item = usize>, of: usize, folder: &Path) {
    for number in numbers {
        let output = shard(command, number, of, folder);
        assert!(output.status.success(), "{output:?}");
    }
}

pub fn merge(command: &[&str], of: usize, folder: &Path) -> Output {
    run(command, &["--shards", &of.to_string(), "--merge"], folder)
}

/// What a command prints and writes in one go.
fn in_one_go(command: &[&str]) -> Outcome {
    let folder = folder();
    result(&run(command, &[], folder.path()), folder.path())
}

fn result(output: &Output, folder: &Path) -> Outcome {
    (output.status.code(), text(&output.stdout), bytes_below(&folder.join("out")))
}

/// Merges, and compares with the same in one go.
pub fn assert_merges(command: &[&str], of: usize, folder: &Path) {
    let output = merge(command, of, folder);
    let ((code, said, files), whole) = (result(&output, folder), in_one_go(command));
    assert_eq!((code, said.as_str()), (whole.0, whole.1.as_str()), "{output:?}");
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&files), names(&whole.2));
    for ((name, one), (_, other)) in files.iter().zip(&whole.2) {
        assert!(one == other, "{name} differs");
    }
}

pub fn checkpoints(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder.join("out/cases")).expect("a folder").map(|file| file.expect("readable").path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.to_string_lossy().ends_with(".json.gz")).collect();
    files.sort();
    files
}

/// Changes the text of a checkpoint.
fn edit(path: &Path, from: &str, to: &str) {
    let mut text = String::new();
    GzDecoder::new(File::open(path).expect("readable")).read_to_string(&mut text).expect("compressed text");
    assert!(text.contains(from), "{from} is not in {text}");
    let mut file = GzEncoder::new(File::create(path).expect("writable"), flate2::Compression::fast());
    file.write_all(text.replacen(from, to, 1).as_bytes()).expect("writable");
    file.finish().expect("writable");
}

#[test]
fn a_comparison_is_divided_too() {
    let folder = folder();
    simulate(&COMPARE, [1, 0, 2], 3, folder.path());
    assert_merges(&COMPARE, 3, folder.path());
    // What is merged can be merged again, and its shards are done.
    let output = merge(&COMPARE, 3, folder.path());
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        text(&shard(&COMPARE, 1, 3, folder.path()).stdout),
        "shard 1 of 3 is done: out holds the study already\n"
    );
}

#[test]
fn a_merge_lists_what_is_missing_and_changes_nothing() {
    let folder = folder();
    let missing = |told: &str, output: &Output| {
        assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(4), told), "{output:?}");
        assert!(output.stdout.is_empty());
    };
    missing(
        "\
not merged: 12 of 12 scale-ups are missing
- shard 0 of 3: all of 5 scale-ups, of 0-4-nodes, 1-5-nodes
- shard 1 of 3: all of 4 scale-ups, of 1-5-nodes, 2-6-nodes
- shard 2 of 3: all of 3 scale-ups, of 2-6-nodes
shards to simulate: 0-2
",
        &merge(&SWEEP, 3, folder.path()),
    );
    simulate(&SWEEP, [1], 3, folder.path());
    let before = bytes_below(folder.path());
    missing(
        "\
not merged: 8 of 12 scale-ups are missing
- shard 0 of 3: all of 5 scale-ups, of 0-4-nodes, 1-5-nodes
- shard 2 of 3: all of 3 scale-ups, of 2-6-nodes
shards to simulate: 0,2
",
        &merge(&SWEEP, 3, folder.path()),
    );
    missing(
        "not merged: 8 of 12 scale-ups are missing, of 0-4-nodes, 1-5-nodes, 2-6-nodes; give --shards N to see which \
         shards they are of\n",
        &run(&SWEEP, &["--merge"], folder.path()),
    );
    assert!(bytes_below(folder.path()) == before, "a refusal changes nothing");
    simulate(&SWEEP, [0, 2], 3, folder.path());
    // A checkpoint that is cut off is as good as none.
    let cut = &checkpoints(folder.path())[0];
    let whole = fs::read(cut).expect("readable");
    fs::write(cut, &whole[..whole.len() - 4]).expect("writable");
    let output = merge(&SWEEP, 3, folder.path());
    assert_eq!(output.status.code(), Some(4));
    assert!(text(&output.stderr).contains("; it does not count\nnot merged: "), "{output:?}");
    simulate(&SWEEP, 0..3, 3, folder.path());
    assert_merges(&SWEEP, 3, folder.path());
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let folder = folder();
    simulate(&SWEEP, 0..2, 2, folder.path());
    let before = bytes_below(folder.path());
    let vary = |values: &str| format!("cluster.target_nodes={values}");
    let (fewer, more) = (vary("4,5"), vary("4..7:1"));
    let commands: [(&[&str], &str); 5] = [
        (&["sweep", SWEEP[1], SWEEP[2], "--replications", "4", "--seed", "2"], "the seed differs: 1 there, 2 here"),
        (&["sweep", SWEEP[1], SWEEP[2], "--replications", "5"], "the number of replications differs: 4 there, 5 here"),
        (&["sweep", "--vary", &fewer, "--replications", "4"], "is of a case that is not asked for"),
        (
            &["sweep", SWEEP[1], SWEEP[2], "--replications", "4", "--set", "cloud.boot=61s"],
            "the scenario's fingerprint differs",
        ),
        (
            &["sweep", SWEEP[1], SWEEP[2], "--replications", "4", "--precision", "5%"],
            "the precision differs: none there, 5 % after 30 to 10000 here",
        ),
    ];
    for (command, told) in commands {
        let output = merge(command, 2, folder.path());
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(text(&output.stderr).contains(told), "{told}: {output:?}");
    }
    // A grid with more cases than the shards had lacks those.
    let output = merge(&["sweep", "--vary", &more, "--replications", "4"], 2, folder.path());
    assert_eq!(output.status.code(), Some(4), "{output:?}");
    assert!(text(&output.stderr).starts_with("not merged: 4 of 16 scale-ups are missing\n"), "{output:?}");
    // Shards refuse it before they simulate.
    let output = shard(commands[1].0, 0, 2, folder.path());
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(bytes_below(folder.path()) == before, "a refusal changes nothing");
}

#[test]
fn what_another_program_simulated_is_refused() {
    let folder = folder();
    simulate(&SWEEP, [0], 1, folder.path());
    let file = &checkpoints(folder.path())[0];
    let beside = |stretch: &str| {
        file.with_file_name(file.file_name().expect("a name").to_string_lossy().replace("-0-3.", stretch))
    };
    let (other, twice) = (beside("-1-3."), beside("-0-4."));
    fs::copy(file, &twice).expect("it can be copied");
    edit(&twice, "\"events\":", "\"events\":9");
    let output = merge(&SWEEP, 1, folder.path());
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(text(&output.stderr).contains(" say different things of replication 0; "), "{output:?}");
    // Alone, it says something else than this program.
    fs::remove_file(file).expect("it can be removed");
    let output = merge(&SWEEP, 1, folder.path());
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(text(&output.stderr).contains("is not what this program simulates of "), "{output:?}");
    fs::remove_file(&twice).expect("it can be removed");
    simulate(&SWEEP, [0], 1, folder.path());
    // The same twice is no harm; what its name does not say does not count.
    fs::copy(file, &twice).expect("it can be copied");
    fs::copy(file, &other).expect("it can be copied");
    let output = merge(&SWEEP, 1, folder.path());
    assert!(output.status.success(), "{output:?}");
    let told = "-1-3.json.gz: it holds something else than its name says; it does not count\n";
    assert!(text(&output.stderr).ends_with(told), "{output:?}");
}

#[test]
fn rounds_end_where_the_precision_is_reached_in_one_go() {
    let sweep = ["sweep", "--vary", "cluster.target_nodes=4,6", "--replications", "30", "--precision", "2.5%"];
    let boot = "cloud.boot={ uniform = { low = \"10s\", high = \"200s\" } }";
    let compare =
        ["compare", "ekf", "--set", "cluster.target_nodes=4", "--versus", "--set", boot, "--precision", "15%"];
    let compare = [&compare[..], &["--replications", "30", "--max-replications", "90"]].concat();
    for command in [&sweep[..], &compare] {
        let folder = folder();
        // A round needs the one before it.
        let early = run(command, &["--shard", "0/2", "--round", "2"], folder.path());
        assert_eq!(early.status.code(), Some(4), "{early:?}");
        let mut rounds = 0;
        loop {
            rounds += 1;
            let round = rounds.to_string();
            // In any order, and each twice: a shard never looks at its own round.
            for shard in ["2/3", "0/3", "1/3", "0/3"] {
                let output = run(command, &["--shard", shard, "--round", &round], folder.path());
                assert!(output.status.success(), "{output:?}");
            }
            let output = merge(command, 3, folder.path());
            if output.status.code() != Some(4) || !output.stdout.is_empty() {
                break;
            }
            let told = text(&output.stderr);
            assert!(told.ends_with(&format!("to simulate with --round {}: 0-2\n", rounds + 1)), "{told}");
            assert!(rounds < 9, "there is no end to it");
        }
        assert!(rounds > 1, "{command:?} shows nothing");
        assert_merges(command, 3, folder.path());
    }
}

#[cfg(unix)]
#[test]
fn a_shard_that_is_told_to_end_keeps_what_is_done() {
    let grid = ["sweep", "--vary", "cluster.target_nodes=60..62:1", "--replications", "30", "--threads", "1"];
    for ending in ["-TERM", "--time-budget"] {
        let folder = folder();
        let budget: &[&str] = if ending == "-TERM" { &[] } else { &["--time-budget", "100ms"] };
        let mut command = Command::new(env!("CARGO_BIN_EXE_scaleup"));
        command.args(grid).args(["--shard", "0/1", "--out", "out"]).args(budget).current_dir(folder.path());
        let child = command.stderr(std::process::Stdio::piped()).spawn().expect("it starts");
        if ending == "-TERM" {
            while !folder.path().join("out/.scaleup.lock").exists() {
                std::thread::sleep(std::time::Duration::from_millis(2));
            }
            // A scheduler may say it twice.
            for _ in 0..2 {
                Command::new("kill").args([ending, &child.id().to_string()]).status().expect("kill runs");
            }
        }
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(130), "{ending}: {output:?}");
        let told = text(&output.stderr);
        assert!(told.ends_with(" of 90 scale-ups are done and kept in out; the same command goes on\n"), "{told}");
        let missing = text(&merge(&grid, 1, folder.path()).stderr);
        assert!(missing.starts_with("not merged: ") && missing.contains(" of 90 scale-ups are missing"), "{missing}");
        simulate(&grid, [0], 1, folder.path());
        assert_merges(&grid, 1, folder.path());
    }
}

/// What the schedulers set; the count that Slurm sets for tasks that are submitted again is not the number of shards.
#[test]
fn the_environment_names_the_shard() {
    let folder = folder();
    let auto = |environment: &[(&str, &str)], more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scaleup"));
        command.args(SWEEP).args(["--out", "out", "--shard", "auto"]).args(more).current_dir(folder.path());
        command.envs(environment.iter().copied()).output().expect("it starts")
    };
    let slurm = [("SLURM_ARRAY_TASK_ID", "2"), ("SLURM_ARRAY_TASK_COUNT", "1")];
    let output = auto(&slurm, &["--shards", "4"]);
    assert_eq!(text(&output.stderr), "note: SLURM_ARRAY_TASK_ID=2 is shard 2 of 4\n");
    assert!(text(&output.stdout).starts_with("shard 2 of 4 is done: "), "{output:?}");
    assert_eq!(auto(&slurm, &[]).status.code(), Some(2));
    for number in ["0", "1", "3"] {
        let batch = [("AWS_BATCH_JOB_ARRAY_INDEX", number), ("AWS_BATCH_JOB_ARRAY_SIZE", "4")];
        assert!(auto(&batch, &[]).status.success());
    }
    assert_merges(&SWEEP, 4, folder.path());
}

#[test]
fn a_list_shows_how_the_work_is_divided() {
    let folder = folder();
    let output = run(&SWEEP, &["--shards", "3", "--list"], folder.path());
    assert_eq!(
        text(&output.stdout),
        "\
shard 0 of 3: 35 % of the work, 5 scale-ups of 0-4-nodes, 1-5-nodes (0 to 0)
shard 1 of 3: 35 % of the work, 4 scale-ups of 1-5-nodes (1 to 3), 2-6-nodes (0 to 0)
shard 2 of 3: 30 % of the work, 3 scale-ups of 2-6-nodes (1 to 3)
"
    );
    let output = run(&SWEEP, &["--shards", "3", "--list", "--json"], folder.path());
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    assert_eq!(document["shards"][2]["pieces"][0]["case"], "2-6-nodes");
    assert_eq!(document["shards"][2]["pieces"][0]["first"], 1);
    assert_eq!(document["shards"][2]["pieces"][0]["replications"], 3);
    assert!(bytes_below(folder.path()).is_empty());
}
