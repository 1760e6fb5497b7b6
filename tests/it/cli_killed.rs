//! Files are whole or absent, however a run ends.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const RUN: [&str; 7] = ["run", "--set", "cluster.target_nodes=60", "--replications", "3", "--out", "out"];

fn run_in(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scaleup"));
    command.args(RUN).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// The files below a folder that are no temporary ones.
fn files_below(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.expect("readable").path()) {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            files_below(&path, found);
        } else if !(name.starts_with('.') && name.strip_suffix(".tmp").is_some()) {
            found.push((name, fs::read(&path).expect("readable")));
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "when to kill a run depends on how long one takes here")]
fn whole_results() -> (Vec<(String, Vec<u8>)>, Duration) {
    let folder = tempfile::tempdir().expect("a folder");
    let start = Instant::now();
    assert!(run_in(folder.path()).status().expect("it starts").success());
    let mut files = Vec::new();
    files_below(folder.path(), &mut files);
    assert!(files.len() >= 8, "{}", files.len());
    (files, start.elapsed())
}

#[test]
fn a_run_that_is_killed_at_any_moment_leaves_whole_files_or_none() {
    const MOMENTS: u32 = 24;
    let (whole, length) = whole_results();
    let (mut some, mut none) = (0, 0);
    for moment in 0..MOMENTS {
        let folder = tempfile::tempdir().expect("a folder");
        let mut child = run_in(folder.path()).spawn().expect("it starts");
        std::thread::sleep(length * moment / MOMENTS);
        // It may have ended already.
        let _ = child.kill();
        child.wait().expect("it ends");
        let mut left = Vec::new();
        files_below(folder.path(), &mut left);
        for file in left.iter().filter(|(name, _)| !name.ends_with(".scaleup.lock")) {
            assert!(whole.contains(file), "after {moment} of {MOMENTS} moments {} is not whole", file.0);
        }
        if left.len() <= 1 {
            none += 1;
        } else {
            some += 1;
        }
    }
    assert!(none > 0, "no run was killed before its first file; {some} after it");
}

/// A file that may not be as large as it would be: always in the middle of writing.
#[test]
fn a_run_that_cannot_write_to_the_end_leaves_no_study() {
    let (whole, _) = whole_results();
    let largest = whole.iter().max_by_key(|(_, bytes)| bytes.len()).expect("there are files");
    let folder = tempfile::tempdir().expect("a folder");
    let old = folder.path().join("out/results.json");
    fs::create_dir(folder.path().join("out")).expect("it can be made");
    fs::write(&old, "from another run\n").expect("it can be written");
    let program = env!("CARGO_BIN_EXE_scaleup");
    let limit = largest.1.len() / 512 - 10;
    let script = format!("ulimit -c 0; ulimit -f {limit}; exec {program} {}", RUN.join(" "));
    let output = Command::new("sh").args(["-c", &script]).current_dir(folder.path()).output().expect("a shell");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("File too large"), "{output:?}");
    assert!(!old.exists(), "neither the old study is there nor half of a new one");
    let mut left = Vec::new();
    files_below(folder.path(), &mut left);
    for file in left
        .iter()
        .filter(|(name, _)| !Path::new(name).file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')))
    {
        assert!(whole.contains(file), "{} is not whole", file.0);
    }
}

/// What keeps nothing ends at once, with the code of an interrupt.
#[cfg(unix)]
#[test]
fn a_run_that_is_told_to_end_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_scaleup"));
    command.args(["run", "--replications", "100000"]).current_dir(folder.path()).stderr(std::process::Stdio::piped());
    let child = command.spawn().expect("it starts");
    while !folder.path().join("output/ekf/.scaleup.lock").exists() {
        std::thread::sleep(Duration::from_millis(2));
    }
    Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill runs");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "\ninterrupted: nothing was kept\n");
}
