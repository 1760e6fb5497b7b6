//! The study that the documentation shows is what the program computes.
//!
//! Of its files the repository keeps those that are shown, and fingerprints of all. After a change that is meant to
//! change them: `UPDATE_GOLDEN=1 cargo test --test it documented`.

use crate::cli::bytes_below;
use crate::docs;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// Names another program to be looked at, such as one for another C library.
const PROGRAM: &str = "SCALEUP_PROGRAM";
const KEPT: &str = "output/documented";
const SHOWN: [&str; 3] = ["summary.txt", "charts/time-to-ready.svg", "charts/flaps-300-nodes.svg"];
const FINGERPRINTS: &str = "fingerprints.txt";

/// A 64-bit FNV-1a hash.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The name of every file of a results folder, with its length and its fingerprint.
fn fingerprints(files: &[(String, Vec<u8>)]) -> String {
    files.iter().fold(String::new(), |mut text, (name, bytes)| {
        writeln!(text, "{:016x} {:>8} {name}", fingerprint(bytes), bytes.len()).expect("a text takes it");
        text
    })
}

#[test]
fn the_documented_study_is_what_the_program_computes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(folder.path().join("scenarios")).expect("it can be made");
    for name in ["scenarios/ekf.toml", "scenarios/documented.toml"] {
        std::fs::copy(name, folder.path().join(name)).expect("it can be copied");
    }
    let program = std::env::var_os(PROGRAM).unwrap_or_else(|| env!("CARGO_BIN_EXE_scaleup").into());
    let sweep = Command::new(program).args(["sweep", "--out", "study"]).current_dir(folder.path()).output();
    let sweep = sweep.expect("the program starts");
    assert!(sweep.status.success(), "{}", String::from_utf8_lossy(&sweep.stderr));
    let mut files = bytes_below(&folder.path().join("study"));
    let all = fingerprints(&files);
    files.retain(|(name, _)| SHOWN.contains(&name.as_str()));
    assert_eq!(files.len(), SHOWN.len());
    files.push((FINGERPRINTS.to_owned(), all.into_bytes()));
    for (name, now) in &files {
        let path = Path::new(KEPT).join(name);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, now).expect("it can be written");
        }
        let kept = std::fs::read(&path).expect("it is kept");
        let difference = || docs::difference(&String::from_utf8_lossy(&kept), &String::from_utf8_lossy(now));
        assert!(kept == *now, "{name} differs: {}", difference());
    }
    let kept: Vec<String> = bytes_below(Path::new(KEPT)).into_iter().map(|(name, _)| name).collect();
    assert_eq!(kept.len(), files.len(), "nothing else is kept: {kept:?}");
    let answer = files.iter().find(|(name, _)| name == "summary.txt").map(|(_, text)| text.clone());
    docs::shows(docs::SWEEP, &String::from_utf8(answer.expect("an answer")).expect("text"));
}
