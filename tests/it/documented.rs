//! The study that the README shows is what the program computes.
//!
//! After a change that is meant to change it: `cargo run --release -- sweep --out output/documented`.

use std::path::Path;
use std::process::Command;

/// The files of a folder that the repository keeps, by their names in it.
fn kept(folder: &str) -> Vec<String> {
    let listed = Command::new("git").args(["ls-files", folder]).output().expect("git starts");
    let listed = String::from_utf8(listed.stdout).expect("names are text");
    listed.lines().map(|path| path[folder.len() + 1..].to_owned()).collect()
}

#[test]
fn the_documented_study_is_what_the_program_computes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sweep = Command::new(env!("CARGO_BIN_EXE_scaleup")).args(["sweep", "--out"]).arg(folder.path()).output();
    let sweep = sweep.expect("the program starts");
    assert!(sweep.status.success(), "{}", String::from_utf8_lossy(&sweep.stderr));
    let names = kept("output/documented");
    assert!(names.contains(&"charts/time-to-ready.png".to_owned()), "{names:?}");
    for name in names {
        let ours = std::fs::read(Path::new("output/documented").join(&name)).expect("it is kept");
        let theirs = std::fs::read(folder.path().join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(ours == theirs, "{name} differs");
    }
    let answer = std::fs::read_to_string(folder.path().join("summary.txt")).expect("an answer");
    let readme = std::fs::read_to_string("README.md").expect("a README");
    assert!(readme.contains(answer.trim_end()), "the README shows another answer than output/documented/summary.txt");
}
