//! Many cases: the best, the worst, a matrix of two keys; and of keys that are changed one at a time, a ranking.
//!
//! Everything else of every case is in the CSV files.

use super::answer::readiness;
use super::line;
use crate::experiment::results::Results;
use crate::report::deadline::{CaseDeadline, DeadlineVerdict};
use crate::report::sensitivity;
use crate::report::study::Study;
use crate::report::summary::CaseSummary;
use crate::report::table;
use crate::report::tables;
use crate::report::words::{count, duration, plural};

/// More cases than this are told together.
pub const FEW: usize = 12;
/// Limits, and cases that were never ready, that are named.
const NAMED_MAX: usize = 5;

/// Whether the cases are told together: they are many, or each changes one key of the first.
pub fn are_together(results: &Results) -> bool {
    results.cases.len() > FEW || sensitivity::base(results).is_some()
}

/// The answer, a line for each of the best, the worst and what went wrong.
pub fn answer(study: &Study) -> String {
    let mut lines = of_changes(study);
    if lines.is_empty() {
        lines = ends(&study.cases);
    }
    lines.extend(never(&study.cases));
    lines.extend(in_time(&study.cases));
    lines.join("\n") + "\n"
}

/// What the best change brings, and what it is held against; nothing where cases are no single changes.
fn of_changes(study: &Study) -> Vec<String> {
    let Study { results, cases, effects, .. } = study;
    let best = effects.iter().min_by(|a, b| a.seconds.total_cmp(&b.seconds));
    let (Some(best), Some(base)) = (best, sensitivity::base(results)) else { return Vec::new() };
    let is_told = best.interval.is_none_or(|ends| ends.high < 0.0) && best.seconds < 0.0;
    let said = if is_told {
        let value = best.value.trim_matches('"');
        format!("{} = {value} helps most: {} sooner{}", best.key, duration(-best.seconds), interval(best))
    } else {
        format!("no help is to be told from chance in {}", plural(effects.len() as u64, "change"))
    };
    vec![said, format!("without a change: {}", in_words(&cases[base]))]
}

/// The best and the worst case.
fn ends(cases: &[CaseSummary]) -> Vec<String> {
    let mut sorted: Vec<&CaseSummary> = cases.iter().filter(|case| is_ready(case)).collect();
    sorted.sort_by(|a, b| mean(a).total_cmp(&mean(b)));
    let all = count(cases.len() as u64);
    let of = |which: &str, case: &CaseSummary| format!("{which} of {all}: {}: {}", case.name, in_words(case));
    match (sorted.first(), sorted.last()) {
        (Some(best), Some(worst)) => vec![of("best", best), of("worst", worst)],
        _ => Vec::new(),
    }
}

fn in_words(case: &CaseSummary) -> String {
    case.goal().map_or_else(|| "nothing to become ready".to_owned(), |goal| readiness(case, goal))
}

fn is_ready(case: &CaseSummary) -> bool {
    case.goal().is_some_and(|goal| goal.ready.is_some())
}

/// Which cases were never ready.
fn never(cases: &[CaseSummary]) -> Option<String> {
    let never: Vec<&str> = cases.iter().filter(|case| !is_ready(case)).map(|case| case.name.as_str()).collect();
    let some = never.iter().take(NAMED_MAX).copied().collect::<Vec<_>>().join("; ");
    let more = if never.len() > NAMED_MAX { "; ..." } else { "" };
    let all = plural(cases.len() as u64, "case");
    (!never.is_empty()).then(|| format!("never became ready in {} of {all}: {some}{more}", never.len()))
}

/// In how many cases the deadline is met.
fn in_time(cases: &[CaseSummary]) -> Option<String> {
    let deadlines: Vec<&CaseDeadline> = cases.iter().filter_map(|case| case.deadline.as_ref()).collect();
    let within = deadlines.first()?.deadline;
    let of = |wanted: DeadlineVerdict| deadlines.iter().filter(|one| one.verdict() == wanted).count();
    let (met, missed) = (of(DeadlineVerdict::Met), of(DeadlineVerdict::Missed));
    let (open, all) = (deadlines.len() - met - missed, plural(deadlines.len() as u64, "case"));
    Some(format!("within {within}: deadline met in {met} of {all}, missed in {missed}, not decided in {open}"))
}

fn interval(effect: &sensitivity::Effect) -> String {
    let ends = |of: crate::stats::Interval| {
        format!(" (95 %: {} to {})", duration((-of.high).max(0.0)), duration((-of.low).max(0.0)))
    };
    effect.interval.map_or(String::new(), ends)
}

fn mean(case: &CaseSummary) -> f64 {
    case.goal().and_then(|goal| goal.ready.as_ref()).map_or(f64::INFINITY, |ready| ready.mean)
}

/// The ranking, or the matrix of the two first keys and what it leaves out.
pub fn tables(study: &Study, width: u16) -> String {
    let Study { results, cases, effects, .. } = study;
    let table = if effects.is_empty() { tables::matrix(results, cases) } else { tables::ranking(results, effects) };
    table::text::text(&table, &[], width)
}

/// In how many cases each limit was hit.
pub fn limits(cases: &[CaseSummary]) -> String {
    let mut kinds: Vec<&str> = Vec::new();
    for limit in cases.iter().flat_map(|case| &case.limits) {
        if !kinds.contains(&limit.kind.as_str()) {
            kinds.push(&limit.kind);
        }
    }
    let mut text = if kinds.is_empty() { "No limit was hit.\n".to_owned() } else { "Limits hit:\n".to_owned() };
    for kind in kinds {
        let hit: Vec<&CaseSummary> =
            cases.iter().filter(|case| case.limits.iter().any(|one| one.kind == kind)).collect();
        let (of, first) = (count(cases.len() as u64), &hit[0].name);
        line(&mut text, &format!("- {kind}, in {} of {of} cases; the first: {first}", count(hit.len() as u64)));
    }
    text
}

/// Where everything else is.
pub const ELSEWHERE: &str = "Every case is in times.csv, cases.csv and the other files, and in --json.\n";
