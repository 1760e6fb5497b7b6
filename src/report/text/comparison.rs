//! The text of a comparison: the answer sentence, then where the difference comes from.
//!
//! Must not know: how a difference and its interval are computed (`experiment/compare.rs`).

use crate::experiment::results::CaseResult;
use crate::experiment::{Best, Comparison, Difference};
use crate::report::comparison::{Compared, mean_s};
use crate::report::summary::CaseSummary;
use crate::report::words::{self, count, duration, percent, plural};
use crate::stats::PairedDifference;

use super::line;
use super::precision::{not_resolved, share};
use super::section::{UNKNOWN, section};
use crate::report::table::{Unit, shown_mean};

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
    let sections = if comparison.names.len() == 2 {
        vec![two(comparison, width)]
    } else {
        vec![overview(comparison, width), stages(comparison, width)]
    };
    for section in sections.into_iter().chain([notes(compared)]).filter(|section| !section.is_empty()) {
        text.push('\n');
        text.push_str(&section);
    }
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
        Verdict::Same => {
            let all = if found.replications == 1 { "the only scale-up".to_owned() } else { format!("all {all}") };
            format!("{b} changes nothing: {goal} is ready at the same instant as with {a} in {all}")
        }
        Verdict::Tiny => format!("{b} makes no difference of a millisecond: {goal} is ready as with {a}"),
        Verdict::Sooner => format!("{b} makes {goal} ready {} sooner than {a}{}", size(paired), range(paired)),
        Verdict::Later => format!("{b} makes {goal} ready {} later than {a}{}", size(paired), range(paired)),
        Verdict::Open => {
            let needed = paired
                .replications_to_resolve
                .map_or(String::new(), |needed| format!("; {} would be needed", count(needed)));
            let replications = plural(found.replications.into(), "replication");
            format!("no difference resolved at {replications} between {a} and {b}{}{needed}", range(paired))
        }
    };
    answer + &never
}

/// `best of 4: io1; it makes ... sooner than gp2`.
fn winner(comparison: &Comparison, best: &Best) -> String {
    let (name, case) = (&comparison.names[best.place], &comparison.cases[best.place]);
    let goal = &comparison.goal;
    let after = mean_s(case, goal).map_or(String::new(), |mean| format!("{goal} ready after {}", duration(mean)));
    let against = match comparison.against_first(best.place).and_then(|found| found.paired.as_ref()) {
        Some(paired) if verdict(paired) == Verdict::Sooner => {
            format!(", {} sooner than {}{}", size(paired), comparison.names[0], range(paired))
        }
        _ => String::new(),
    };
    let rivals: Vec<&str> = best.rivals.iter().map(|&rival| comparison.names[rival].as_str()).collect();
    let rivals = if rivals.is_empty() { String::new() } else { format!("; not told apart from {}", rivals.join(", ")) };
    format!("best of {}: {name}, {after}{against}{rivals}", comparison.names.len())
}

fn nothing_ready(comparison: &Comparison) -> String {
    format!("{} never becomes ready in any of the scenarios", stage_in_words(&comparison.goal))
}

fn nothing_shared(comparison: &Comparison) -> String {
    format!("{} and {} have no stage in common", comparison.names[0], comparison.names[1])
}

fn stage_in_words(stage: &str) -> String {
    if stage == "workload" { "the workload".to_owned() } else { stage.to_owned() }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// Equal in every replication.
    Same,
    /// The interval holds no difference that could be shown.
    Tiny,
    Sooner,
    Later,
    Open,
}

fn verdict(paired: &PairedDifference) -> Verdict {
    /// Seconds: less than what is shown.
    const TINY: f64 = 0.000_5;
    let same = paired.mean == 0.0 && paired.sd.is_none_or(|sd| sd == 0.0);
    let tiny = paired.interval.is_some_and(|interval| interval.low.abs().max(interval.high.abs()) < TINY);
    match (same, tiny, paired.resolved, paired.mean < 0.0) {
        (true, ..) => Verdict::Same,
        (_, true, ..) => Verdict::Tiny,
        (_, _, true, true) => Verdict::Sooner,
        (_, _, true, false) => Verdict::Later,
        _ => Verdict::Open,
    }
}

/// Whether there is nothing to show.
fn is_none(found: &Difference) -> bool {
    found.paired.as_ref().is_some_and(|paired| matches!(verdict(paired), Verdict::Same | Verdict::Tiny))
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

/// Two scenarios: a row for every stage.
fn two(comparison: &Comparison, width: u16) -> String {
    let row = |found: &Difference| {
        let mean = |place: usize| mean_s(&comparison.cases[place], &found.stage).map_or(UNKNOWN.to_owned(), duration);
        let (low, high) = (percent(found.b_faster_interval.low), percent(found.b_faster_interval.high));
        let faster =
            if is_none(found) { UNKNOWN.to_owned() } else { format!("{} ({low} to {high})", percent(found.b_faster)) };
        vec![String::new(), found.stage.clone(), mean(0), mean(1), difference(found), faster, saving(found)]
    };
    let rows: Vec<Vec<String>> = comparison.differences.iter().map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    let [a, b] = [0, 1].map(|place| comparison.names[place].as_str());
    let title = format!("A: {a}\nB: {b}\n\nMean time until all of a stage are Ready to stay:");
    let header = ["stage", "A", "B", "B after A (95 %)", "B faster in (95 %)", "pairing"];
    section(&title, &header, rows, width)
}

/// Several: a row for every scenario.
fn overview(comparison: &Comparison, width: u16) -> String {
    let row = |place: usize| {
        let case = CaseSummary::of(&comparison.cases[place]);
        let goal = case.stages.iter().find(|stage| stage.stage == comparison.goal);
        let ready = goal.and_then(|stage| stage.ready.as_ref());
        let found = comparison.against_first(place);
        vec![
            String::new(),
            comparison.names[place].clone(),
            ready.map_or("never".to_owned(), |ready| shown_mean(ready, Unit::Seconds)),
            found.map_or(UNKNOWN.to_owned(), difference),
            found.filter(|found| !is_none(found)).map_or(UNKNOWN.to_owned(), |found| percent(found.b_faster)),
            found.map_or(UNKNOWN.to_owned(), saving),
            flaps(&comparison.cases[place]),
            dollars(&case, &comparison.goal),
        ]
    };
    let first = &comparison.names[0];
    let ready = format!("{} ± 95 %", comparison.goal);
    let against = format!("after {first} (95 %)");
    let header = ["scenario", &ready, &against, "faster in", "pairing", "flaps", "USD"];
    let title = format!("Until {} is ready, all with the same random numbers:", stage_in_words(&comparison.goal));
    section(&title, &header, (0..comparison.names.len()).map(row).collect(), width)
}

/// Ready pods that became `NotReady` in one scale-up, on average.
fn flaps(case: &CaseResult) -> String {
    let of =
        |one: &crate::experiment::results::Replication| one.stages.iter().map(|stage| f64::from(stage.flaps)).sum();
    let all: Vec<f64> = case.replications.iter().map(of).collect();
    crate::stats::mean(&all).map_or(UNKNOWN.to_owned(), words::mean_count)
}

fn dollars(case: &CaseSummary, goal: &str) -> String {
    let cost = case.costs.iter().find(|cost| cost.until == goal).and_then(|cost| cost.dollars.as_ref());
    cost.map_or(UNKNOWN.to_owned(), |dollars| format!("{:.2}", dollars.mean))
}

/// Several: the differences stage by stage.
fn stages(comparison: &Comparison, width: u16) -> String {
    let stages = &comparison.cases[0].stages;
    let row = |place: usize| {
        let cell = |stage: &String| match comparison.between(0, place, stage).and_then(|found| found.paired.as_ref()) {
            Some(paired) if matches!(verdict(paired), Verdict::Same | Verdict::Tiny) => "0".to_owned(),
            Some(paired) => {
                let half = paired.interval.map_or(String::new(), |ends| format!(" ± {}", duration(ends.half_width())));
                format!("{}{half}", signed(paired.mean))
            }
            None => UNKNOWN.to_owned(),
        };
        [String::new(), comparison.names[place].clone()]
            .into_iter()
            .chain(stages.iter().map(|stage| cell(&stage.name)))
            .collect()
    };
    let header: Vec<&str> = ["scenario"].into_iter().chain(stages.iter().map(|stage| stage.name.as_str())).collect();
    let title = format!("Where it comes from: each stage after that of {}, ± 95 %:", comparison.names[0]);
    section(&title, &header, (1..comparison.names.len()).map(row).collect(), width)
}

/// `-1m 12s (-1m 19s to -1m 05s)`.
fn difference(found: &Difference) -> String {
    let Some(paired) = &found.paired else { return UNKNOWN.to_owned() };
    let ends =
        paired.interval.map_or(String::new(), |ends| format!(" ({} to {})", signed(ends.low), signed(ends.high)));
    match verdict(paired) {
        Verdict::Same => "the same".to_owned(),
        Verdict::Tiny => "below 1ms".to_owned(),
        Verdict::Sooner | Verdict::Later => format!("{}{ends}", signed(paired.mean)),
        Verdict::Open => format!("unresolved{ends}"),
    }
}

/// A difference with its sign.
fn signed(seconds: f64) -> String {
    let shown = duration(seconds);
    if seconds >= 0.000_5 { format!("+{shown}") } else { shown }
}

/// By how many times fewer replications the pairing gets along.
fn saving(found: &Difference) -> String {
    /// More than this says nothing more.
    const MANY: f64 = 9999.5;
    match found.paired.as_ref().and_then(|paired| paired.variance_ratio).filter(|_| !is_none(found)) {
        Some(ratio) if ratio >= MANY => "> 9,999 x".to_owned(),
        Some(ratio) if ratio >= 9.95 => format!("{} x", count(ratio.round() as u64)),
        Some(ratio) => format!("{ratio:.1} x"),
        None => UNKNOWN.to_owned(),
    }
}

/// How to read it, what the scenarios are, and where the numbers come from.
fn notes(compared: &Compared) -> String {
    let comparison = &compared.comparison;
    let mut text = String::new();
    let several = comparison.names.len() > 2;
    line(
        &mut text,
        "After: the difference, below zero where it is sooner. Pairing: how many times more scale-ups it would take",
    );
    line(&mut text, "without the same random numbers.");
    if several {
        line(
            &mut text,
            "Flaps: pods that were Ready and became NotReady, in one scale-up. USD: what all nodes cost until then.",
        );
        line(&mut text, "The intervals of all pairs hold together with 95 % (Bonferroni's correction).");
    }
    for b in 1..comparison.names.len() {
        let needed = comparison.against_first(b).and_then(|found| found.paired.as_ref());
        let open = needed.filter(|paired| verdict(paired) == Verdict::Open);
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
