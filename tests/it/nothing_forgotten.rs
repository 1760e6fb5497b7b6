//! Every file of `tests` is read by some test.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Folders whose files a test reads all.
const READ_WHOLE: [&str; 5] =
    ["tests/it/golden", "tests/it/report/golden/charts", "tests/cli-bad", "tests/scenarios-bad", "tests/terminal"];
/// What needs more than Rust; each says in its head how to run it.
const BY_HAND: [&str; 1] = ["tests/browser/page.mjs"];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("readable") {
        let path = entry.expect("readable").path();
        if path.is_dir() { files.extend(self::files(&path)) } else { files.push(path) }
    }
    files
}

fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "rs")
}

/// The files that a module declares, and those that they declare.
fn declared(module: &Path, found: &mut BTreeSet<PathBuf>) {
    let stem = module.file_stem().expect("a name").to_string_lossy().into_owned();
    let folder = module.parent().expect("a folder");
    let below = if ["main", "mod"].contains(&stem.as_str()) { folder.to_owned() } else { folder.join(stem) };
    found.insert(module.to_owned());
    for line in fs::read_to_string(module).expect("UTF-8").lines() {
        let name =
            line.strip_prefix("pub ").unwrap_or(line).strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';'));
        if let Some(name) = name {
            let path = [below.join(format!("{name}.rs")), below.join(name).join("mod.rs")];
            declared(path.iter().find(|path| path.is_file()).expect("the module has a file"), found);
        }
    }
}

#[test]
fn every_test_file_is_part_of_the_tests() {
    let mut found = BTreeSet::new();
    declared(Path::new("tests/it/main.rs"), &mut found);
    let there: BTreeSet<PathBuf> = files(Path::new("tests")).into_iter().filter(|path| is_rust(path)).collect();
    assert_eq!(found, there);
}

#[test]
fn every_other_file_is_named_by_a_test_or_stands_in_a_folder_that_one_reads() {
    let (tests, others): (Vec<PathBuf>, Vec<PathBuf>) =
        files(Path::new("tests")).into_iter().partition(|path| is_rust(path));
    // This file names them all.
    let tests = tests.iter().filter(|path| !path.ends_with(file!()));
    let tests: String = tests.map(|path| fs::read_to_string(path).expect("UTF-8")).collect();
    for path in others {
        let name = path.file_name().expect("a name").to_string_lossy();
        let is_read = READ_WHOLE.iter().any(|folder| path.parent() == Some(Path::new(folder)));
        let is_named = tests.contains(&format!("\"{name}\"")) || tests.contains(&format!("/{name}\""));
        let by_hand = BY_HAND.iter().any(|known| path == Path::new(known));
        assert!(is_read || is_named || by_hand, "no test reads {}", path.display());
    }
    for folder in READ_WHOLE {
        assert!(tests.contains(folder), "no test reads {folder}");
    }
}

#[test]
fn every_refusal_has_its_scenario() {
    let stems = |ending: &str| -> BTreeSet<PathBuf> {
        let all = files(Path::new("tests/scenarios-bad")).into_iter();
        all.filter(|path| path.extension().is_some_and(|is| is == ending)).map(|path| path.with_extension("")).collect()
    };
    assert_eq!(stems("txt"), stems("toml"));
}
