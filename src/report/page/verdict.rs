//! What a study comes to, first of all: a number, what it is, how sure, and whether that is what was expected.

use crate::headroom::LimitVerdict;
use crate::report::chart::short_name;
use crate::report::deadline::DeadlineVerdict;
use crate::report::folder::Folder;
use crate::report::steps;
use crate::report::study::{GoalDifference, Study};
use crate::report::summary::{self, p95_needs};
use crate::report::words::{self, count, duration, percent, plural};

/// More differences than this stand in their table only.
const DIFFERENCES_MAX: usize = 6;
/// More remedies than this stand in their table only.
const REMEDIES_MAX: usize = 8;

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The number: `21m 31s`.
    pub figure: String,
    /// What it is: `300 nodes: workload ready`.
    pub what: String,
    /// How sure, and what belongs to it.
    pub detail: String,
    /// `good` or `bad` where something was expected, `open` where that is not known, else `plain`.
    pub class: &'static str,
}

/// The differences of a comparison; else each of a few cases, or the fastest and the slowest of many.
pub fn verdicts(study: &Study) -> Vec<Verdict> {
    if !study.differences.is_empty() {
        return study.differences.iter().take(DIFFERENCES_MAX).map(difference).collect();
    }
    let many = study.charted.len() < study.cases.len();
    let ranked = study.ranked();
    let (fastest, slowest) = (ranked.first().copied(), ranked.last().copied());
    let place = |number: usize| {
        let is = |other: Option<usize>, name| (other == Some(number)).then_some(name);
        let is_ready = study.cases[number].goal().is_some_and(|goal| goal.ready.is_some());
        let ends = [is(fastest, "fastest"), is(slowest, "slowest")].into_iter().filter(|_| is_ready);
        let names = ends.chain([is(study.unchanged(), "the scenario as it stands")]);
        let names: Vec<&str> = names.flatten().collect();
        if names.is_empty() { String::new() } else { capital(&names.join(", ")) + ": " }
    };
    let of = |number: &usize| {
        let verdict = case(study, *number);
        Verdict { what: if many { place(*number) + &verdict.what } else { verdict.what }, ..verdict }
    };
    study.charted.iter().map(of).collect()
}

/// Of one case.
fn case(study: &Study, number: usize) -> Verdict {
    let case = &study.cases[number];
    let Some(goal) = case.goal() else {
        return Verdict { figure: "-".to_owned(), what: case.name.clone(), detail: String::new(), class: "plain" };
    };
    let (mut details, what) = (Vec::new(), format!("{}: {} ready", case.name, goal.stage));
    let Some(ready) = &goal.ready else {
        let up = case.unfinished.as_ref().map(summary::Unfinished::nodes_up);
        details.extend(up);
        details.extend(case.limits.first().map(|limit| format!("first limit: {}, after {}", limit.kind, limit.first)));
        return Verdict { figure: "never".to_owned(), what, detail: details.join("; "), class: "bad" };
    };
    let mut class = if goal.never > 0 { "bad" } else { "plain" };
    if goal.never > 0 {
        details.push(format!(
            "never in {} of {}",
            count(goal.never.into()),
            plural(case.replications.into(), "scale-up")
        ));
    }
    if let Some(of) = &case.deadline {
        let (word, is) = match of.verdict() {
            DeadlineVerdict::Met => ("met", "good"),
            DeadlineVerdict::Missed => ("missed", "bad"),
            DeadlineVerdict::Open { .. } => ("not decided", "open"),
        };
        class = is;
        details.push(format!(
            "deadline {} {word}: {} of scale-ups in time",
            of.deadline,
            percent(of.goal().probability)
        ));
    }
    details.push(match goal.ready_p95.filter(|_| case.replications >= p95_needs()) {
        Some(p95) => format!("95 % of scale-ups within {}", duration(p95)),
        None if case.replications > 1 => format!("the slowest of {} after {}", case.replications, duration(ready.max)),
        None => "one scale-up".to_owned(),
    });
    details.extend(
        case.dollars(&goal.stage).filter(|usd| *usd > 0.0).map(|usd| format!("{usd:.2} US dollars until then")),
    );
    details.extend(case.tier.map(|tier| words::tier(tier).to_owned()));
    Verdict { figure: duration(ready.mean), what, detail: details.join("; "), class }
}

/// Of one difference.
fn difference(found: &GoalDifference) -> Verdict {
    let resolved = found.interval().is_none_or(|interval| interval.low > 0.0 || interval.high < 0.0);
    let sooner = found.mean_s < 0.0;
    let figure = match (resolved, sooner) {
        (true, true) => format!("{} sooner", duration(-found.mean_s)),
        (true, false) => format!("{} later", duration(found.mean_s)),
        (false, _) => "not told apart".to_owned(),
    };
    let class = if !resolved {
        "open"
    } else if sooner {
        "good"
    } else {
        "bad"
    };
    let mut details = Vec::new();
    details.extend(found.high_s.map(|high| format!("± {} (95 %)", duration(high - found.mean_s))));
    details.extend(
        found
            .sooner
            .map(|(sooner, all)| format!("sooner in {} of {}", count(sooner.into()), plural(all.into(), "scale-up"))),
    );
    details.extend(found.needed.map(|needed| format!("{} would tell", plural(needed, "scale-up"))));
    Verdict { figure, what: found.label.clone(), detail: details.join("; "), class }
}

/// Where the time goes, of each case with a verdict.
pub fn reasons(study: &Study) -> Vec<String> {
    let of = |number: &usize| {
        let case = &study.cases[*number];
        let name = match &study.cases[..] {
            [only] => only.name.clone(),
            _ => short_name(&study.results, &study.results.cases[*number]),
        };
        Some(format!("{name}: {}", steps::longest(case)?))
    };
    study.charted.iter().filter_map(of).collect()
}

/// What would help or is to be done, from the limits; each remedy once, with what it is for.
pub fn remedies(folder: &Folder) -> Vec<String> {
    let mut told: Vec<(String, String, Vec<String>)> = Vec::new();
    for (case, limits) in &folder.checks() {
        for limit in limits {
            let Some(remedy) = limit.remedy.as_ref().filter(|_| limit.verdict == LimitVerdict::Binds) else { continue };
            let name = &limit.limit;
            match told.iter_mut().find(|(known, of, _)| known == remedy && of == name) {
                Some((.., cases)) => cases.push(case.clone()),
                None => told.push((remedy.clone(), name.clone(), vec![case.clone()])),
            }
        }
    }
    let more = told.len().saturating_sub(REMEDIES_MAX);
    let tell = |(remedy, name, cases): (String, String, Vec<String>)| {
        let with = match &cases[..] {
            [only] => format!("with {only}"),
            cases => format!("with {} and {} more", cases[0], plural(cases.len() as u64 - 1, "case")),
        };
        format!("{} ({name} binds {with})", capital(&remedy))
    };
    let mut told: Vec<String> = told.into_iter().take(REMEDIES_MAX).map(tell).collect();
    if more > 0 {
        told.push(format!("{more} more under Limits and remedies"));
    }
    told
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
