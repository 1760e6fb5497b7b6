//! A summary in Markdown, short enough for a change request.
//!
//! Must not know: HTML and charts.

use std::fmt::Write;

use crate::model::headroom::Verdict;
use crate::report::folder::Folder;
use crate::report::summary::CaseSummary;
use crate::report::words::{self, duration};

use super::compare::{Comparison, names};
use super::tables::with_interval;

/// More cases than this are left out.
const CASES_MAX: usize = 12;

/// The summary of one folder or several.
pub fn markdown(folders: &[Folder]) -> String {
    let mut text = String::new();
    if folders.len() > 1 {
        line(&mut text, "**Comparison**\n");
        let comparison = Comparison::of(folders);
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
    let shown = &folder.study.cases[..folder.study.cases.len().min(CASES_MAX)];
    let goal = shown[0].goal().map_or("all", |goal| goal.stage.as_str());
    line(
        text,
        &format!("| case | {} ready, mean ± 95 % | 95 % within | overhead | US dollars | support |", cell(goal)),
    );
    line(text, "|---|--:|--:|--:|--:|---|");
    for case in shown {
        line(text, &row(case));
    }
    if folder.study.cases.len() > shown.len() {
        line(text, &format!("\n{} more cases are left out.", folder.study.cases.len() - shown.len()));
    }
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

fn row(case: &CaseSummary) -> String {
    let goal = case.goal();
    let ready = goal.and_then(|goal| goal.ready.as_ref());
    let never = goal.filter(|goal| goal.never > 0).map_or(String::new(), |goal| {
        format!(" (never in {} of {})", words::count(goal.never.into()), words::count(case.replications.into()))
    });
    let ready = ready.map_or("never".to_owned(), |ready| with_interval(ready, duration) + &never);
    let within = goal.and_then(|goal| goal.ready_p95).map_or("–".to_owned(), duration);
    let overhead = case
        .headline_overhead()
        .and_then(|overhead| Some(format!("{} after {}", duration(overhead.seconds.as_ref()?.mean), overhead.from)));
    let stage = goal.map(|goal| goal.stage.as_str()).unwrap_or_default();
    let cost = case.costs.iter().find(|cost| cost.until == stage).and_then(|cost| cost.dollars.as_ref());
    let cost = cost.map_or("–".to_owned(), |cost| format!("{:.2}", cost.mean));
    let cells = [&case.name, &ready, &within, &overhead.unwrap_or_else(|| "–".to_owned()), &cost];
    let cells: Vec<String> = cells.into_iter().map(|text| cell(text)).collect();
    format!("| {} | {} |", cells.join(" | "), words::tier(case.tier))
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

/// A text that is no Markdown.
fn escaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '*' | '_' | '`' | '[' | ']' | '<' | '\\' | '#') {
            plain.push('\\');
        }
        plain.push(if letter == '\n' { ' ' } else { letter });
    }
    plain
}

/// A text inside a table.
fn cell(text: &str) -> String {
    escaped(text).replace('|', "\\|")
}

fn line(text: &mut String, content: &str) {
    writeln!(text, "{content}").expect("text takes every line");
}
