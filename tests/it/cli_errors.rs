//! What a person sees who makes a mistake on the command line, or whose files and disks are not as they should be.
//!
//! Each file of `tests/cli-bad` holds commands after `$`, what they print to standard error, and their exit codes. They
//! run one after the other in a folder with the small scenario in it. To write the answers anew:
//! `UPDATE_GOLDEN=1 cargo test --test it cli_errors`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const FOLDER: &str = "tests/cli-bad";

fn prepared() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).expect("it can be written");
    fs::copy("tests/it/fixtures/small.toml", folder.path().join("small.toml")).expect("it can be copied");
    write("not-utf8.toml", b"extends = \"small.toml\"\nname = \"caf\xe9\"\n");
    write("large.toml", &vec![b'#'; (1 << 20) + 1]);
    write("empty-file", b"");
    fs::create_dir(folder.path().join("a-folder")).expect("it can be made");
    fs::create_dir(folder.path().join("taken")).expect("it can be made");
    fs::create_dir(folder.path().join("taken/stages.csv")).expect("it can be made");
    folder
}

/// Everything after the commands of a transcript, as it is now.
fn replay(transcript: &str, folder: &Path) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_scaleup")).parent().expect("a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let mut text = String::new();
    for line in transcript.lines().filter(|line| line.starts_with("$ ")) {
        let output = Command::new("sh")
            .args(["-c", &line[2..]])
            .current_dir(folder)
            .env("PATH", &path)
            .env("NO_COLOR", "1")
            .output()
            .expect("a shell");
        let said = String::from_utf8(output.stderr).expect("text");
        let code = output.status.code().expect("an exit code, not a signal");
        assert!(!said.contains("panicked"), "{line}: {said}");
        text.extend([line, "\n", &said, &format!("[exit code {code}]\n\n")]);
    }
    text
}

#[test]
fn every_mistake_gets_its_answer() {
    let rewrite = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut files: Vec<PathBuf> = fs::read_dir(FOLDER).expect("a folder").map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "there are transcripts");
    for path in files {
        let transcript = fs::read_to_string(&path).expect("a transcript");
        assert!(transcript.starts_with("$ "), "{} has no command", path.display());
        let now = replay(&transcript, prepared().path());
        if rewrite {
            fs::write(&path, &now).expect("it can be written");
        } else {
            assert!(now == transcript, "{} is now\n{now}", path.display());
        }
    }
}
