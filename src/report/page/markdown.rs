//! A summary in Markdown, short enough for a change request.

use std::fmt::Write;

use crate::headroom::Verdict;
use crate::report::folder::Folder;
use crate::report::table::markdown::{escaped, markdown as shown};
use crate::report::tables;
use crate::report::words;

use super::compare::{FoldersCompared, names};

/// More cases than this are left out.
const CASES_MAX: usize = 12;

/// The summary of one folder or several.
pub fn markdown(folders: &[Folder]) -> String {
    let mut text = String::new();
    if folders.len() > 1 {
        line(&mut text, "**Comparison**\n");
        let comparison = FoldersCompared::of(folders);
        comparison
            .answers()
            .iter()
            .take(CASES_MAX)
            .for_each(|answer| line(&mut text, &format!("- {}", escaped(answer))));
        if !comparison.alone.is_empty() {
            line(&mut text, &format!("\n{}", escaped(&comparison.note())));
        }
        line(&mut text, "");
    }
    for (number, (folder, name)) in folders.iter().zip(names(folders)).enumerate() {
        if number > 0 {
            line(&mut text, "");
        }
        one(&mut text, folder, &name);
    }
    text
}

fn one(text: &mut String, folder: &Folder, name: &str) {
    line(text, &format!("**{}**: {}\n", escaped(name), escaped(&folder.study.results.description)));
    let cases = folder.study.cases.iter().map(|case| (name, case)).collect();
    text.push_str(&shown(&tables::overview(cases), &[], CASES_MAX));
    let limits = limits(folder);
    if !limits.is_empty() {
        line(text, "\nLimits:\n");
        for limit in &limits {
            line(text, &format!("- {}", escaped(limit)));
        }
    }
    if !folder.study.documented.is_empty() {
        let met = folder.study.documented.iter().filter(|point| point.met).count();
        line(text, &format!("\nDocumented overheads: {met} of {} are met.", folder.study.documented.len()));
    }
    let study = &folder.study.results;
    let scale_ups = words::plural(study.replications.into(), "scale-up");
    let (program, seed, hash) = (format!("{} {}", study.program, study.version), study.seed, &study.scenario_hash);
    let made = format!("{program}, {scale_ups} of each case, seed {seed}, scenario hash {hash}");
    line(text, &format!("\n{}:\n", escaped(&made)));
    // Each line of it is code.
    study.command_line.lines().for_each(|command| line(text, &format!("    {command}")));
}

/// What was hit, and what binds by arithmetic, with its remedy; each limit once.
fn limits(folder: &Folder) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for case in &folder.study.cases {
        for limit in &case.limits {
            let hit = format!("{}: hit in {} of {} scale-ups", limit.kind, limit.replications, case.replications);
            told.push(format!("{}: {hit}, first after {}", case.name, limit.first));
        }
    }
    for (case, limits) in &folder.checks() {
        for limit in limits.iter().filter(|limit| limit.verdict == Verdict::Binds) {
            let remedy = limit.remedy.as_ref().map_or(String::new(), |remedy| format!("; {remedy}"));
            told.push(format!("{case}: {} binds{remedy}", limit.limit));
        }
    }
    told.truncate(CASES_MAX);
    told
}

fn line(text: &mut String, content: &str) {
    writeln!(text, "{content}").expect("text takes every line");
}
