//! The commands of the README and the pages run as they stand there, with few replications.

use crate::cli::bytes_below;
use crate::docs;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Commands that are not run here, and why.
const EXEMPT: [(&str, &str); 4] = [
    ("scaleup calibrate", "it simulates for minutes; tests/it/calibrate.rs runs smaller ones"),
    ("scaleup run --ensemble", "as above; tests/it/calibrate_command.rs runs a smaller one"),
    ("scaleup validate enough.toml", "the exempt `calibrate` writes the file"),
    ("scaleup validate fitted.toml", "the exempt `calibrate` writes the file"),
];

/// The lines of code blocks: between fences, or indented by four blanks.
fn code_lines(text: &str) -> Vec<String> {
    let mut fenced = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if fenced || line.starts_with("    ") {
            lines.push(line.trim().trim_start_matches("$ ").to_owned());
        }
    }
    lines
}

/// Commands in code within rows of tables; those with words to fill in are none.
fn commands_in_tables(text: &str) -> Vec<String> {
    let rows = text.lines().filter(|line| line.starts_with("| "));
    let code = rows.flat_map(|row| row.split('`').skip(1).step_by(2));
    code.filter(|code| !code.contains("KEY")).map(str::to_owned).collect()
}

/// The commands among them, each once, for a shell that finds the program. The README's come first.
fn commands() -> Vec<String> {
    let reads = |page: &std::path::PathBuf| !page.starts_with("docs/reference");
    let mut commands: Vec<String> = Vec::new();
    for page in docs::pages().iter().filter(|page| reads(page)) {
        let text = fs::read_to_string(page).expect("it is there");
        let in_tables = if page.starts_with("README.md") { commands_in_tables(&text) } else { Vec::new() };
        for line in code_lines(&text).into_iter().chain(in_tables) {
            let line = line.replace("cargo run --release -- ", "scaleup ");
            let command = line.split(" #").next().unwrap_or_default().trim_end().to_owned();
            if command.starts_with("scaleup ") && !commands.contains(&command) {
                commands.push(command);
            }
        }
    }
    commands
}

fn shell(line: &str, folder: &Path) -> std::process::Output {
    let program = Path::new(env!("CARGO_BIN_EXE_scaleup")).parent().expect("a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new("sh");
    command.args(["-c", line]).current_dir(folder).env("PATH", path).env("NO_COLOR", "1");
    command.output().expect("a shell")
}

/// With few replications, where the command simulates.
fn shortened(line: &str, folder: &Path) -> String {
    let name = line.split_whitespace().nth(1).expect("a command's name");
    let help = String::from_utf8(shell(&format!("scaleup {name} --help"), folder).stdout).expect("text");
    let mut words: Vec<&str> = line.split(' ').collect();
    if let Some(place) = words.iter().position(|word| *word == "--replications") {
        if words[place + 1].parse::<u32>().is_ok_and(|number| number > 2) {
            words[place + 1] = "2";
        }
        return words.join(" ");
    }
    if line.contains("--precision") {
        return format!("{line} --replications 30 --max-replications 30");
    }
    if !help.contains("--replications") {
        return line.to_owned();
    }
    let (command, redirection) = line.split_once(" >").unwrap_or((line, ""));
    let redirection = if redirection.is_empty() { String::new() } else { format!(" >{redirection}") };
    format!("{command} --replications 2{redirection}")
}

#[test]
fn every_command_of_the_documentation_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in bytes_below(Path::new("scenarios")) {
        let path = folder.path().join("scenarios").join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        fs::write(path, bytes).expect("it can be written");
    }
    // What the exempt `scaleup calibrate --ensemble ensemble.toml` wrote.
    fs::copy("output/calibration/ensemble.toml", folder.path().join("ensemble.toml")).expect("it can be copied");
    let commands = commands();
    assert!(commands.len() >= 40, "only {commands:?}");
    for line in commands.iter().filter(|line| !EXEMPT.iter().any(|(exempt, _)| line.starts_with(exempt))) {
        let output = shell(&shortened(line, folder.path()), folder.path());
        // Codes 3 and 4 are answers: something stated is not met or not decided, as may be with two replications.
        let answered = matches!(output.status.code(), Some(0 | 3 | 4));
        assert!(answered, "{line}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
}
