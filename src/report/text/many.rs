//! Many cases: the best, the worst, a matrix of two keys; and of keys that are changed one at a time, a ranking.
//!
//! Everything else of every case is in the CSV files.

use super::answer::readiness;
use super::line;
use crate::experiment::results::Results;
use crate::report::deadline::{CaseDeadline, DeadlineVerdict};
use crate::report::sensitivity;
use crate::report::summary::CaseSummary;
use crate::report::table::{self, Table};
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
pub fn answer(results: &Results, cases: &[CaseSummary], deadlines: &[CaseDeadline]) -> String {
    let mut text = String::new();
    let ready = |case: &&CaseSummary| case.goal().is_some_and(|goal| goal.ready.is_some());
    let mut sorted: Vec<&CaseSummary> = cases.iter().filter(ready).collect();
    sorted.sort_by(|a, b| mean(a).total_cmp(&mean(b)));
    let total = count(cases.len() as u64);
    let one = |case: &CaseSummary| case.goal().map_or(String::new(), |goal| readiness(case, goal));
    let effects = sensitivity::effects(results);
    if let Some(best) = effects.iter().min_by(|a, b| a.seconds.total_cmp(&b.seconds)) {
        let value = best.value.trim_matches('"');
        let said = if best.seconds < 0.0 {
            format!("{} = {value} helps most: {} sooner{}", best.key, duration(-best.seconds), interval(best))
        } else {
            format!("none of {} helps", plural(effects.len() as u64, "change"))
        };
        line(&mut text, &said);
        if let Some(base) = sensitivity::base(results) {
            line(&mut text, &format!("without a change: {}", one(&cases[base])));
        }
    } else {
        for (which, case) in [("best", sorted.first()), ("worst", sorted.last())] {
            line(
                &mut text,
                &case.map_or_else(
                    || format!("{which} of {total}: none was ready"),
                    |case| format!("{which} of {total}: {}: {}", case.name, one(case)),
                ),
            );
        }
    }
    let never: Vec<&str> = cases.iter().filter(|case| !ready(case)).map(|case| case.name.as_str()).collect();
    if !never.is_empty() {
        let some = never.iter().take(NAMED_MAX).copied().collect::<Vec<_>>().join("; ");
        let more = if never.len() > NAMED_MAX { "; ..." } else { "" };
        line(&mut text, &format!("never became ready in {} of {total} cases: {some}{more}", never.len()));
    }
    if let Some(first) = deadlines.first() {
        let of = |wanted: fn(DeadlineVerdict) -> bool| deadlines.iter().filter(|one| wanted(one.verdict())).count();
        let met = of(|verdict| verdict == DeadlineVerdict::Met);
        let missed = of(|verdict| verdict == DeadlineVerdict::Missed);
        let open = deadlines.len() - met - missed;
        let within = first.deadline;
        line(
            &mut text,
            &format!(
                "within {within}: deadline met in {met} of {total} cases, missed in {missed}, not decided in {open}"
            ),
        );
    }
    text
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
pub fn tables(results: &Results, cases: &[CaseSummary], width: u16) -> String {
    let shown = |table: &Table| table::text::text(table, &[], width);
    let effects = sensitivity::effects(results);
    if effects.is_empty() { shown(&tables::matrix(results, cases)) } else { shown(&tables::ranking(results, &effects)) }
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
