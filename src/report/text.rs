//! The text that a person reads: the answer first, then tables that can be pasted into a change request.

mod answer;
pub mod calibration;
pub mod comparison;
mod many;
mod precision;
pub mod predictions;
pub mod spread;
pub mod validation;
mod waited;

use std::fmt::Write;

use crate::experiment::results::{LimitCost, Results};

use super::comparison::Compared;
use super::study::Study;
use super::summary::{self, CaseSummary};
use super::table::{self, Table};
use super::tables::{self, Of};
use super::words;

/// The columns of text in files and where standard output is no terminal.
pub const PLAIN_WIDTH: u16 = 132;

/// A longer case name is told once, with a number that stands for it afterwards.
const LONG_NAME: usize = 20;

/// The text for a terminal or page of `width` columns; tables are also Markdown, as long as nothing in them is wrapped.
///
/// The first line is the answer; a sweep has one such line for each case, or of many the best and the worst. A deadline
/// is answered in it, and the precision reached after it.
pub fn text(study: &Study, width: u16) -> String {
    let results = &study.results;
    if results.command == "compare" {
        return comparison::text(&Compared::of(results), width);
    }
    if many::are_together(results) {
        return of_many(study, width);
    }
    let mut cases = study.cases.clone();
    let numbered = cases.len() > 1 && cases.iter().any(|case| case.name.chars().count() > LONG_NAME);
    let mut text = String::new();
    let mut more = String::new();
    for (number, case) in cases.iter_mut().enumerate() {
        let answer = answer::line(case, study.cases[number].deadline.as_ref());
        if numbered {
            case.name = format!("[{}]", number + 1);
            line(&mut text, &format!("{} {answer}", case.name));
        } else {
            line(&mut text, &answer);
        }
        if let Some(said) = answer::more(case, study.cases[number].deadline.as_ref()) {
            line(&mut more, &said);
        }
    }
    let of = tables::of(results, &cases);
    let names: Vec<String> = cases.iter().map(|case| case.name.clone()).collect();
    let shown = |table: fn(Of<'_>) -> Table| table::text::text(&tables::together(&of, table), &names, width);
    let waits: Vec<_> = cases.iter().map(|case| (case.name.as_str(), &*case.paths)).collect();
    let in_time = of.iter().filter_map(|case| Some(tables::in_time(*case, case.summary.deadline.as_ref()?)));
    let in_time = in_time.reduce(|mut whole, more| {
        whole.extend(more);
        whole
    });
    let sections = [
        more,
        precision::lines(results.precision, &cases),
        never_ready(&cases),
        waited::lines(&waits, false),
        in_time.map_or(String::new(), |in_time| table::text::text(&in_time, &names, width)),
        shown(tables::times),
        shown(tables::overheads),
        shown(tables::flaps),
        shown(tables::outcomes),
        limits(&cases),
        table::text::text(&tables::all_costs(&of), &names, width),
        support(&cases),
        origin(results, &cases),
    ];
    for section in sections.iter().filter(|section| !section.is_empty()) {
        text.push('\n');
        text.push_str(section);
    }
    text
}

/// Many cases: best and worst, one table, and what is to be known beside.
fn of_many(study: &Study, width: u16) -> String {
    let (results, cases) = (&study.results, &study.cases);
    let precision = precision::lines(results.precision, cases);
    let precision: Vec<&str> = precision.lines().take(many::FEW).collect();
    let sections = [
        if precision.is_empty() { String::new() } else { precision.join("\n") + "\n" },
        many::tables(study, width),
        many::limits(cases),
        many::ELSEWHERE.to_owned(),
        origin(results, cases),
    ];
    let sections = sections.into_iter().filter(|section| !section.is_empty());
    sections.fold(many::answer(study), |text, section| text + "\n" + &section)
}

/// The answer, a line for each case: what the text begins with.
pub fn answers(study: &Study) -> Vec<String> {
    text(study, PLAIN_WIDTH).lines().take_while(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// What was still waited for where something never became ready.
fn never_ready(cases: &[CaseSummary]) -> String {
    let mut text = String::new();
    for case in cases {
        let Some(unfinished) = &case.unfinished else { continue };
        for stage in case.stages.iter().filter(|stage| stage.never > 0) {
            let (name, stage, never) = (&case.name, &stage.stage, scale_ups(stage.never, case.replications));
            line(
                &mut text,
                &format!("{name}: {stage} never became ready in {never}; they are left out of its figures."),
            );
        }
        if !unfinished.waiting_for.is_empty() {
            line(&mut text, &format!("{}: scale-up {} ended waiting for", case.name, unfinished.replication));
            unfinished.waiting_for.iter().for_each(|what| line(&mut text, &format!("- {what}")));
        }
    }
    text
}

fn limits(cases: &[CaseSummary]) -> String {
    if cases.iter().all(|case| case.limits.is_empty()) {
        return "No limit was hit.\n".to_owned();
    }
    let mut text = "Limits hit:\n".to_owned();
    for case in cases {
        for limit in &case.limits {
            let times = scale_ups(limit.replications, case.replications);
            let (name, kind, first) = (&case.name, &limit.kind, limit.first);
            // Of a gate that is a dry run it is the number of replicas that counts.
            let each = limit.count as f64 / f64::from(limit.replications.max(1));
            let often =
                if kind == "gate" { format!(", {} times in each", words::mean_count(each)) } else { String::new() };
            line(&mut text, &format!("- {name}: {kind}, in {times}{often}, first after {first}: {}", limit.message));
            if let Some(relief) = &limit.relief {
                line(&mut text, &format!("  {}", cost_of_limit(relief)));
            }
        }
    }
    text
}

/// `It costs 36m 20s: without it, workload is ready after 21m 40s (20 scale-ups).`
fn cost_of_limit(relief: &LimitCost) -> String {
    let LimitCost { stage, replications, only_without, .. } = relief;
    let compared = words::plural(u64::from(*replications), "scale-up");
    let Some(without_s) = relief.without_s else {
        return format!("Without it, {stage} never becomes ready either: something else stops it too ({compared}).");
    };
    let without = format!("without it, {stage} is ready after {}", words::duration(without_s));
    match relief.cost_s {
        Some(seconds) if *only_without == 0 => {
            format!("It costs {}: {without} ({compared}).", words::duration(seconds))
        }
        Some(seconds) => {
            format!("It costs {}, and in {only_without} of {compared} everything: {without}.", words::duration(seconds))
        }
        None if only_without < replications => {
            format!("It costs everything: {without} in {only_without} of {compared}, never in the others.")
        }
        None => format!("It costs everything: {without} ({compared})."),
    }
}

fn support(cases: &[CaseSummary]) -> String {
    let told = summary::supports(cases);
    if told.is_empty() { String::new() } else { format!("Support:\n- {}\n", told.join("\n- ")) }
}

fn origin(results: &Results, cases: &[CaseSummary]) -> String {
    let (fewest, most) = cases
        .iter()
        .fold((u32::MAX, 0), |(fewest, most), case| (fewest.min(case.replications), most.max(case.replications)));
    let scale_ups = words::plural(u64::from(most), "simulated scale-up");
    let scale_ups = if fewest < most { format!("{} to {scale_ups}", words::count(fewest.into())) } else { scale_ups };
    let each = if cases.len() > 1 { " of each case" } else { "" };
    let events = words::count(cases.iter().map(|case| case.events).sum());
    let interval = if most > 1 { "; ± is half of a 95 % confidence interval" } else { "" };
    format!("{}: {scale_ups}{each}, seed {}, {events} events{interval}.\n", results.scenario, results.seed)
}

/// `7 of 100 scale-ups`.
fn scale_ups(some: u32, all: u32) -> String {
    format!("{} of {}", words::count(u64::from(some)), words::plural(u64::from(all), "scale-up"))
}

fn line(text: &mut String, content: &str) {
    writeln!(text, "{content}").expect("text takes every line");
}
