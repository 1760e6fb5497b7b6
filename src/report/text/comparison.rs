//! The text of a comparison: the answer sentence, then where the difference comes from.

use crate::experiment::holders::StagePath;
use crate::experiment::results::CaseResult;
use crate::experiment::{Best, Comparison, Difference};
use crate::report::comparison::{Compared, Significance, mean_s, stage_in_words, verdict};
use crate::report::table::{self, Table};
use crate::report::tables;
use crate::report::words::{count, duration, plural};
use crate::stats::PairedDifference;

use super::precision::{not_resolved, share};
use super::{line, waited};

/// The text, for tables of `width` columns; its first line is the answer.
pub fn text(compared: &Compared, width: u16) -> String {
    let comparison = &compared.comparison;
    let mut text = String::new();
    if comparison.names.len() == 2 {
        let found = comparison.against_first(1);
        line(&mut text, &found.map_or_else(|| nothing_shared(comparison), |found| sentence(comparison, found)));
    } else {
        line(&mut text, &comparison.best().map_or_else(|| nothing_ready(comparison), |best| winner(comparison, &best)));
    }
    if let Some(rule) = compared.study.precision {
        let first = &comparison.names[0];
        let precision = match comparison.shortfall(rule) {
            Some(missing) => {
                let what = format!("the difference of {} to {first}", missing.stage);
                not_resolved(&what, &missing, rule, compared.replications())
            }
            None => {
                format!("Precision reached: every difference to {first} is known within {}.", share(rule.relative))
            }
        };
        line(&mut text, &format!("\n{precision}"));
    }
    let paths: Vec<Vec<StagePath>> = comparison.cases.iter().map(CaseResult::paths).collect();
    let waits: Vec<_> = comparison.names.iter().map(String::as_str).zip(paths.iter().map(|paths| &**paths)).collect();
    let waited = waited::lines(&waits, true);
    if !waited.is_empty() {
        line(&mut text, &format!("\n{}", waited.trim_end()));
    }
    let shown = |table: &Table| table::text::text(table, &[], width);
    let letters = letters(comparison, width);
    let sections = if let [a, b] = &comparison.names[..] {
        let names = if comparison.differences.is_empty() { String::new() } else { format!("A: {a}\nB: {b}\n") };
        let title = "Mean time until all of a stage are Ready to stay".to_owned();
        vec![names, shown(&Table { title, ..tables::differences(comparison) })]
    } else {
        let names = letters.as_deref().unwrap_or(&comparison.names);
        let both = tables::sides_called(comparison, names);
        let legend = letters.as_ref().map_or_else(String::new, |letters| legend(letters, &comparison.names));
        vec![legend, shown(&both.0), shown(&both.1)]
    };
    for section in sections.into_iter().chain([notes(compared)]).filter(|section| !section.is_empty()) {
        text.push('\n');
        text.push_str(&section);
    }
    text
}

/// Letters for the sides, where their names leave no room for the tables.
fn letters(comparison: &Comparison, width: u16) -> Option<Vec<String>> {
    let fits = |table: &Table| table::text::natural_width(table) <= usize::from(width);
    let (totals, by_stage) = tables::sides_called(comparison, &comparison.names);
    let few = comparison.names.len() <= 26;
    let letter = |place: usize| char::from(b'A' + place as u8).to_string();
    let all = (0..comparison.names.len()).map(letter);
    (few && !(fits(&totals) && fits(&by_stage))).then(|| all.collect())
}

fn legend(letters: &[String], names: &[String]) -> String {
    let mut text = String::new();
    letters.iter().zip(names).for_each(|(letter, name)| line(&mut text, &format!("{letter}: {name}")));
    text
}

/// `io1 makes the workload ready 1m 12s sooner than gp2 (95 %: 1m 05s to 1m 19s)`.
fn sentence(comparison: &Comparison, found: &Difference) -> String {
    let (a, b) = (&comparison.names[found.a], &comparison.names[found.b]);
    let goal = stage_in_words(&found.stage);
    let all = plural(found.replications.into(), "scale-up");
    let Some(paired) = &found.paired else {
        return match (found.only_a, found.only_b) {
            (0, 0) => format!("{goal} never becomes ready, with {a} or with {b}, in any of {all}"),
            (0, _) => format!("{goal} becomes ready with {b} only, and never with {a}, in {all}"),
            _ => format!("{goal} becomes ready with {a} only, and never with {b}, in {all}"),
        };
    };
    let never = match (found.only_a, found.only_b) {
        (0, 0) => String::new(),
        (only_a, only_b) => {
            format!("; only {a} becomes ready in {only_a} of {all}, only {b} in {only_b}: they are left out")
        }
    };
    let answer = match verdict(paired) {
        Significance::Same => {
            let all = if found.replications == 1 { "the only scale-up".to_owned() } else { format!("all {all}") };
            format!("{b} changes nothing: {goal} is ready at the same instant as with {a} in {all}")
        }
        Significance::Tiny => format!("{b} makes no difference of a millisecond: {goal} is ready as with {a}"),
        Significance::Sooner => format!("{b} makes {goal} ready {} sooner than {a}{}", size(paired), range(paired)),
        Significance::Later => format!("{b} makes {goal} ready {} later than {a}{}", size(paired), range(paired)),
        Significance::Open => {
            let needed = paired
                .replications_to_resolve
                .map_or(String::new(), |needed| format!("; {} would be needed", count(needed)));
            let scale_ups = plural(found.replications.into(), "scale-up");
            format!("no difference resolved in {scale_ups} between {a} and {b}{}{needed}", range(paired))
        }
    };
    answer + &never
}

/// `best of 4: io1: workload ready 1m 12s sooner than with gp2 (95 %: ...); not told apart from ...`.
fn winner(comparison: &Comparison, best: &Best) -> String {
    let (name, case) = (&comparison.names[best.place], &comparison.cases[best.place]);
    let goal = &comparison.goal;
    let answer = match comparison.against_first(best.place).and_then(|found| found.paired.as_ref()) {
        Some(paired) if verdict(paired) == Significance::Sooner => {
            format!("{goal} ready {} sooner than with {}{}", size(paired), comparison.names[0], range(paired))
        }
        _ => mean_s(case, goal).map_or(String::new(), |mean| format!("{goal} ready after {}", duration(mean))),
    };
    let rivals: Vec<&str> = best.rivals.iter().map(|&rival| comparison.names[rival].as_str()).collect();
    let rivals = if rivals.is_empty() { String::new() } else { format!("; not told apart from {}", rivals.join(", ")) };
    format!("best of {}: {name}: {answer}{rivals}", comparison.names.len())
}

fn nothing_ready(comparison: &Comparison) -> String {
    format!("{} never becomes ready in any of the scenarios", stage_in_words(&comparison.goal))
}

fn nothing_shared(comparison: &Comparison) -> String {
    format!("{} and {} have no stage in common", comparison.names[0], comparison.names[1])
}

/// The length of the difference.
fn size(paired: &PairedDifference) -> String {
    duration(paired.mean.abs())
}

/// ` (95 %: 1m 05s to 1m 19s)`, in the direction of the difference; nothing for a single pair.
fn range(paired: &PairedDifference) -> String {
    let Some(interval) = paired.interval else { return String::new() };
    let ends = if paired.resolved {
        let (near, far) = (interval.low.abs().min(interval.high.abs()), interval.low.abs().max(interval.high.abs()));
        format!("{} to {}", duration(near), duration(far))
    } else {
        format!("{} sooner to {} later", duration((-interval.low).max(0.0)), duration(interval.high.max(0.0)))
    };
    format!(" (95 %: {ends})")
}

/// How to read it, what the scenarios are, and where the numbers come from.
fn notes(compared: &Compared) -> String {
    let comparison = &compared.comparison;
    let mut text = String::new();
    let several = comparison.names.len() > 2;
    line(
        &mut text,
        "After: the difference, below zero where it is sooner; what reaches over zero with its interval is open.",
    );
    line(&mut text, "Pairing: how many times more scale-ups it would take without the same random numbers.");
    if several {
        line(
            &mut text,
            "Flaps: pods that were Ready and became NotReady, in one scale-up. US dollars: what all nodes cost until then.",
        );
        line(&mut text, "The intervals of all pairs hold together with 95 % (Bonferroni's correction).");
    }
    for b in 1..comparison.names.len() {
        let needed = comparison.against_first(b).and_then(|found| found.paired.as_ref());
        let open = needed.filter(|paired| verdict(paired) == Significance::Open);
        if let (true, Some(needed)) = (several, open.and_then(|paired| paired.replications_to_resolve)) {
            let name = &comparison.names[b];
            line(&mut text, &format!("Unresolved: {name}; about {} scale-ups would be needed.", count(needed)));
        }
    }
    if several {
        text.push('\n');
        for (name, case) in comparison.names.iter().zip(&comparison.cases) {
            if !case.description.is_empty() {
                line(&mut text, &format!("- {name}: {}", case.description));
            }
        }
    }
    text.push('\n');
    if !compared.study.settings.is_empty() {
        line(&mut text, &format!("All with: {}", compared.study.settings.join(", ")));
    }
    let scale_ups = plural(compared.replications().into(), "simulated scale-up");
    line(&mut text, &format!("{scale_ups} of each, seed {}.", compared.study.seed));
    text
}
