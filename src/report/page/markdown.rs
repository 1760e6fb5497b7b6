//! A summary in Markdown that fits a pull request: what came out, why, what to do, and how to make it again.

use std::fmt::Write;

use crate::report::folder::Folder;
use crate::report::origin;
use crate::report::table::markdown::{escaped, markdown as shown};
use crate::report::{tables, words};

use super::compare::{FoldersCompared, names};
use super::relief;
use super::verdict::{self, Verdict};

/// More cases than this are left out.
const CASES_MAX: usize = 12;
/// More changed keys than this are told as the whole scenario.
const CHANGED_MAX: usize = 40;
/// Longer scenarios are left to the results folders: a comment holds 65,536 characters.
const TOML_MAX: usize = 50_000;

/// The summary of one folder or several.
pub fn markdown(folders: &[Folder]) -> String {
    let mut text = String::new();
    if let [only] = folders {
        one(&mut text, only, &only.study.results.scenario, TOML_MAX);
        return text;
    }
    let names = names(folders);
    line(&mut text, "**Comparison**\n");
    let comparison = FoldersCompared::of(folders);
    found(&mut text, &verdict::verdicts(&comparison.study));
    if !comparison.alone.is_empty() {
        line(&mut text, &format!("\n{}", escaped(&comparison.note())));
    }
    for (folder, name) in folders.iter().zip(&names) {
        line(&mut text, "");
        one(&mut text, folder, name, TOML_MAX / folders.len());
    }
    text
}

/// What came out, a line for each.
fn found(text: &mut String, verdicts: &[Verdict]) {
    for Verdict { figure, what, detail, class } in verdicts {
        let mark = match *class {
            "good" => "✅ ",
            "bad" => "❌ ",
            "open" => "❔ ",
            _ => "",
        };
        let detail = if detail.is_empty() { String::new() } else { format!(" ({})", escaped(detail)) };
        line(text, &format!("- {mark}{}: **{}**{detail}", escaped(what), escaped(figure)));
    }
}

fn one(text: &mut String, folder: &Folder, name: &str, toml_max: usize) {
    let study = &folder.study;
    line(text, &format!("**{}**: {}\n", escaped(name), escaped(&study.results.description)));
    found(text, &verdict::verdicts(study));
    told(text, "Why", &verdict::reasons(study));
    would_help(text, folder);
    told(text, "What to do", &verdict::remedies(folder));
    if study.cases.len() > 1 {
        line(text, "");
        let cases = study.cases.iter().map(|case| (name, case)).collect();
        text.push_str(&shown(&tables::overview(cases), &[], CASES_MAX));
    }
    if !study.documented.is_empty() {
        let met = study.documented.iter().filter(|point| point.met).count();
        line(text, &format!("\nDocumented overheads: {met} of {} are met.", study.documented.len()));
    }
    again(text, folder, toml_max);
}

/// What relief brings, or the command that finds it.
fn would_help(text: &mut String, folder: &Folder) {
    let study = &folder.study;
    told(text, "What would help", &relief::helps(&tables::of(&study.results, &study.cases)));
    if study.results.cases.iter().any(|case| case.why.is_some()) {
        return;
    }
    if let Some(commands) = relief::command(folder) {
        line(text, "\nWhat would help was not looked into; this finds it:\n");
        code(text, &commands);
    }
}

/// Every line as it is to be pasted: nothing in it is Markdown.
fn code(text: &mut String, commands: &str) {
    commands.lines().for_each(|command| line(text, &format!("    {command}")));
}

/// A heading with its list, if there is something to tell.
fn told(text: &mut String, heading: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    line(text, &format!("\n{heading}:\n"));
    for told in lines {
        line(text, &format!("- {}", escaped(told)));
    }
}

/// The command, what belongs to it, and the scenario.
fn again(text: &mut String, folder: &Folder, toml_max: usize) {
    let study = &folder.study.results;
    let scale_ups = words::plural(study.replications.into(), "scale-up");
    let (program, seed, hash) = (format!("{} {}", study.program, study.version), study.seed, &study.scenario_hash);
    let made = format!("{program}, {scale_ups} of each case, seed {seed}, scenario hash {hash}");
    line(text, &format!("\n<details><summary>Make it again</summary>\n\n{}:\n", escaped(&made)));
    code(text, &study.command_line);
    let scenario = scenario(folder, toml_max);
    let told = match scenario.as_deref() {
        None => "The scenario is in `results.json`.",
        Some("") => "The scenario is `ekf`, as it comes with the program.",
        Some(_) => "The scenario, to be saved as a file that the command names:\n",
    };
    line(text, &format!("\n{told}"));
    for toml in scenario.unwrap_or_default().lines() {
        line(text, &format!("    {toml}"));
    }
    line(text, "\n</details>");
}

/// The scenario as the keys in which it differs from the default one, of which there may be none, or as a whole; `None`
/// if that is too long.
fn scenario(folder: &Folder, toml_max: usize) -> Option<String> {
    let study = &folder.study.results;
    let changed = folder.loaded.as_ref().and_then(|loaded| origin::differences(&loaded.document).ok());
    let values: Option<Vec<String>> = changed.and_then(|changed| {
        changed.into_iter().map(|one| one.value.map(|value| format!("{} = {value}", one.key))).collect()
    });
    match values {
        Some(values) if values.is_empty() => Some(String::new()),
        Some(values) if values.len() <= CHANGED_MAX => Some(format!("extends = \"ekf.toml\"\n{}", values.join("\n"))),
        _ => Some(study.scenario_toml.clone()).filter(|toml| !toml.is_empty() && toml.len() <= toml_max),
    }
}

fn line(text: &mut String, content: &str) {
    writeln!(text, "{content}").expect("text takes every line");
}
