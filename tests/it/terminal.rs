//! Whole conversations at the terminal: what is typed, and everything that is printed.
//!
//! Each file of `tests/terminal` holds commands after `$`, what they print to standard output and then to standard
//! error, and their exit codes. They run one after the other in a folder with the small scenario in it. To write the
//! answers anew: `UPDATE_GOLDEN=1 cargo test --test it terminal`.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const FOLDER: &str = "tests/terminal";

/// The search path of a shell that finds the program first.
fn path() -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_scaleup")).parent().expect("a folder");
    format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default())
}

fn prepared() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::copy("tests/it/fixtures/small.toml", folder.path().join("small.toml")).expect("it can be copied");
    fs::write(folder.path().join("cluster.yaml"), "name: mine\n").expect("it can be written");
    folder
}

fn replay(transcript: &str, folder: &Path) -> String {
    let mut text = String::new();
    for line in transcript.lines().filter(|line| line.starts_with("$ ")) {
        let mut command = Command::new("bash");
        command.args(["-c", &line[2..]]).current_dir(folder).env("PATH", path());
        for variable in ["NO_COLOR", "CLICOLOR_FORCE", "COLUMNS"] {
            command.env_remove(variable);
        }
        let output = command.output().expect("a shell");
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("text"));
        let code = output.status.code().expect("an exit code, not a signal");
        let said = said.concat().replace('\u{1b}', "^[");
        assert!(!said.contains("panicked"), "{line}: {said}");
        text.extend([line, "\n", &said, &format!("[exit code {code}]\n\n")]);
    }
    text
}

#[test]
fn every_conversation_is_as_it_was() {
    let rewrite = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut files: Vec<PathBuf> = fs::read_dir(FOLDER).expect("a folder").map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() > 5, "there are transcripts");
    for path in files {
        let transcript = fs::read_to_string(&path).expect("a transcript");
        let now = replay(&transcript, prepared().path());
        if rewrite {
            fs::write(&path, &now).expect("it can be written");
        } else {
            assert!(now == transcript, "{} is now\n{now}", path.display());
        }
    }
}

/// Whether no line is wider than the page; what a message shows of a file is left as it is.
#[test]
fn answers_fit_a_page_of_60_columns() {
    let folder = prepared();
    let run = |line: &str| {
        let output = Command::new("bash")
            .args(["-c", line])
            .current_dir(folder.path())
            .env("PATH", path())
            .env("COLUMNS", "60")
            .output()
            .expect("a shell");
        (String::from_utf8(output.stdout).expect("text"), output.status.code())
    };
    let few = "--replications 8";
    for line in [
        format!("scaleup run small.toml {few} --deadline 5m"),
        format!("scaleup run ekf -n 20 {few}"),
        format!("scaleup sweep small.toml -n 10..30:10 --vary cloud.boot=20s,40s {few}"),
        format!("scaleup sweep small.toml -n 10..70:5 {few}"),
        format!("scaleup sweep small.toml --one-at-a-time --vary cloud.boot=20s --vary autoscaler.decision=1s {few}"),
        format!("scaleup compare ekf what-if-io1 'what-if-two-*' -n 20 {few}"),
        format!("scaleup compare ekf what-if-io1 -n 20 {few}"),
        format!("scaleup explain ekf -n 20 {few}"),
        "scaleup check ekf".to_owned(),
        "scaleup validate ekf --replications 3".to_owned(),
    ] {
        let (text, code) = run(&line);
        assert!(matches!(code, Some(0 | 3 | 4)), "{line}: {code:?}");
        for printed in text.lines() {
            // A word of its own, such as a folder's name or a key, is not cut.
            let wide = printed.chars().count() > 60 && printed.trim().contains(' ');
            assert!(!wide, "{line}: {printed}");
        }
    }
}

/// What a shell in a pseudo-terminal shows after some keys; `None` where there is no such shell, or no `script`, which
/// `.ci/run` remarks on.
fn typed(shell: &str, keys: &str) -> Option<String> {
    let there = |name: &str| Command::new(name).arg("--version").output().is_ok();
    let name = shell.split(' ').next().expect("a name");
    if !there(name) || !there("script") {
        return None;
    }
    let folder = prepared();
    let mut child = Command::new("script")
        .args(["-qec", &format!("stty rows 40 cols 150; {shell}"), "/dev/null"])
        .current_dir(folder.path())
        .env("PATH", path())
        .env("HOME", folder.path())
        .env("TERM", "dumb")
        .env("NO_COLOR", "1")
        .env_remove("COLUMNS")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a pseudo-terminal");
    child.stdin.take().expect("it reads").write_all(keys.as_bytes()).expect("it takes keys");
    let output = child.wait_with_output().expect("it ends");
    Some(String::from_utf8_lossy(&output.stdout).replace(['\u{7}', '\u{8}', '\r'], ""))
}

/// What each shell is asked, and what must then stand in the line: a scenario, a key, an add-on.
const PRESSED: [(&str, &str); 4] = [
    ("scaleup check what-if-two-s\t", "scaleup check what-if-two-servers"),
    ("scaleup check small.toml --set cluster.ta\t20", "cluster.target_nodes=20"),
    ("scaleup init mine.toml --addon nvidia-d\t", "--addon nvidia-device-plugin"),
    ("scaleup explain-key kubelet.parallel_p\t", "explain-key kubelet.parallel_pulls"),
];

#[test]
fn bash_completes_scenarios_keys_and_addons() {
    let lines = PRESSED.map(|(keys, _)| keys).join("\n");
    let Some(shown) =
        typed("bash --norc --noprofile -i", &format!("source <(scaleup completions bash)\n{lines}\nexit\n"))
    else {
        return;
    };
    for (_, completed) in PRESSED {
        assert!(shown.contains(completed), "{completed}: {shown}");
    }
}

#[test]
fn zsh_completes_scenarios_keys_and_addons() {
    let lines = PRESSED.map(|(keys, _)| keys).join("\n");
    let begin = "autoload -U compinit; compinit -u; source <(scaleup completions zsh)\n";
    let Some(shown) = typed("zsh -f -i", &format!("{begin}{lines}\nexit\n")) else { return };
    for (_, completed) in PRESSED {
        assert!(shown.contains(completed), "{completed}: {shown}");
    }
}

/// fish tells what its tab key would offer, which needs no terminal.
#[test]
fn fish_completes_scenarios_keys_and_addons() {
    for (keys, completed) in PRESSED {
        let begun = keys.split('\t').next().expect("keys");
        let asked = format!("source (scaleup completions fish | psub); complete -C '{begun}'");
        let output = Command::new("fish").args(["--no-config", "-c", &asked]).env("PATH", path()).output();
        let Ok(output) = output else {
            return;
        };
        let offered = String::from_utf8_lossy(&output.stdout);
        let word = completed.rsplit(' ').next().expect("a word").trim_end_matches("20");
        assert!(offered.lines().any(|line| line.split('\t').next() == Some(word)), "{word}: {offered}");
    }
}

#[test]
fn a_terminal_says_how_wide_it_is_and_shows_colours() {
    let Some(shown) = typed(
        "bash --norc --noprofile -i",
        "stty rows 40 cols 50; unset NO_COLOR COLUMNS; export TERM=xterm; shopt -u checkwinsize\nscaleup check small.toml\nexit\n",
    ) else {
        return;
    };
    assert!(shown.contains("\u{1b}[32mYes:\u{1b}[0m"), "{shown}");
    let answer = shown.rsplit("Yes:").next().expect("an answer").to_owned();
    let plain = ["\u{1b}[32m", "\u{1b}[33m", "\u{1b}[36m", "\u{1b}[0m"]
        .iter()
        .fold(answer, |text, code| text.replace(code, ""));
    let wide = plain.lines().filter(|line| line.chars().count() > 50 && !line.contains("exit")).collect::<Vec<_>>();
    assert!(wide.is_empty(), "{wide:?}");
}

#[test]
fn kubectl_finds_a_plugin_that_calls_itself_by_its_name() {
    let folder = prepared();
    let plugin = folder.path().join("kubectl-scaleup");
    // No copy: a file that another thread has open for writing while it starts a program cannot be started.
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_scaleup"), &plugin).expect("it can be linked");
    let said = |arguments: &[&str]| {
        let output = Command::new(&plugin).args(arguments).env("NO_COLOR", "1").output().expect("it starts");
        String::from_utf8([output.stdout, output.stderr].concat()).expect("text")
    };
    assert!(said(&["--help"]).contains("\nUsage: kubectl scaleup <COMMAND>\n"), "{}", said(&["--help"]));
    assert!(said(&["run", "--help"]).contains("\nUsage: kubectl scaleup run [OPTIONS] [SCENARIO]\n"));
    assert!(
        said(&["run", "--nodse", "3"]).contains("\nUsage: kubectl scaleup run"),
        "{}",
        said(&["run", "--nodse", "3"])
    );
    assert_eq!(
        said(&["check", "eks"]),
        Command::new(env!("CARGO_BIN_EXE_scaleup"))
            .args(["check", "eks"])
            .output()
            .map(|output| String::from_utf8([output.stdout, output.stderr].concat()).expect("text"))
            .expect("it starts")
    );
}
