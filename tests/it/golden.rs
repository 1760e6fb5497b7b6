//! What `scaleup run` and `scaleup check` print for every scenario that comes with the program.
//!
//! The texts stand in `tests/it/golden`: message, times, cost and end state of every documented trouble and remedy.
//! After a change that is meant to change them: `UPDATE_GOLDEN=1 cargo test --test it golden`, and read the difference.

use scaleup::scenario::BUILT_IN;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const REPLICATIONS: &str = "5";
/// Names another program to be looked at, such as one for another C library.
const PROGRAM: &str = "SCALEUP_PROGRAM";

fn printed(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = std::env::var_os(PROGRAM).unwrap_or_else(|| env!("CARGO_BIN_EXE_scaleup").into());
    let mut command = Command::new(program);
    let output = command.args(arguments).current_dir(folder.path()).env("NO_COLOR", "1").output().expect("it starts");
    let (text, notes) =
        (String::from_utf8(output.stdout).expect("text"), String::from_utf8(output.stderr).expect("text"));
    match output.status.code() {
        Some(0) => text,
        // A workload that never becomes ready is an answer.
        Some(3) => format!("{text}\n{notes}[exit code 3]\n"),
        code => panic!("{arguments:?}: exit code {code:?}: {notes}"),
    }
}

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden").join(format!("{name}.txt"))
}

/// The first line in which two texts differ.
fn difference(kept: &str, now: &str) -> String {
    let lines = kept.lines().zip(now.lines()).enumerate().find(|(_, (kept, now))| kept != now);
    lines.map_or("one is longer".to_owned(), |(at, (kept, now))| format!("line {}\n-{kept}\n+{now}", at + 1))
}

#[test]
fn every_shipped_scenario_prints_what_it_printed() {
    let mut wrong = Vec::new();
    for (file, _) in BUILT_IN.0 {
        let name = file.trim_end_matches(".toml");
        let run = printed(&["run", name, "--replications", REPLICATIONS]);
        let now = format!("{run}\n== check\n\n{}", printed(&["check", name]));
        let path = golden(name);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::create_dir_all(path.parent().expect("a folder")).expect("can be made");
            fs::write(&path, &now).expect("can be written");
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        if kept != now {
            wrong.push(format!("{name}: {}", difference(&kept, &now)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_is_no_golden_text_without_its_scenario() {
    for entry in fs::read_dir(golden("x").parent().expect("a folder")).expect("readable") {
        let name = entry.expect("readable").file_name().into_string().expect("text");
        let scenario = name.replace(".txt", ".toml");
        assert!(BUILT_IN.0.iter().any(|(file, _)| *file == scenario), "{name}");
    }
}
