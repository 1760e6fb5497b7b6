//! The answer in one line, and how far scale-ups lie apart in another.

use crate::report::deadline::{CaseDeadline, DeadlineVerdict};
use crate::report::summary::{CaseSummary, StageSummary, p95_needs};
use crate::report::words::{self, duration, percent};

/// `300 nodes: workload ready after 21m 40s; out of support`, with the mean over the scale-ups.
///
/// With a deadline, that is answered instead.
pub fn line(case: &CaseSummary, deadline: Option<&CaseDeadline>) -> String {
    let Some(goal) = case.goal() else {
        return format!("{}: nothing to become ready", case.name);
    };
    let answer = deadline.map_or_else(|| readiness(case, goal), in_time);
    let mut parts = vec![format!("{}: {answer}", case.name)];
    parts.extend(case.tier.map(|tier| words::tier(tier).to_owned()));
    parts.join("; ")
}

/// `300 nodes: 95 % of scale-ups within 22m 30s ± 8.1s; 16m 02s after baseline on average`; nothing where there is
/// nothing more to say than the answer.
///
/// With a deadline, the mean is said here.
pub fn more(case: &CaseSummary, deadline: Option<&CaseDeadline>) -> Option<String> {
    let goal = case.goal()?;
    let mut parts: Vec<String> = deadline.map(|_| readiness(case, goal)).into_iter().collect();
    parts.extend(within(case, goal));
    if let Some(overhead) = case.headline_overhead()
        && let Some(seconds) = &overhead.seconds
    {
        let average = if case.replications == 1 { "" } else { " on average" };
        parts.push(format!("{} after {}{average}", duration(seconds.mean), overhead.from));
    }
    (!parts.is_empty()).then(|| format!("{}: {}", case.name, parts.join("; ")))
}

/// `workload ready after 21m 40s`.
pub fn readiness(case: &CaseSummary, goal: &StageSummary) -> String {
    let stage = &goal.stage;
    match &goal.ready {
        None if case.replications == 1 => format!("{stage} never became ready"),
        None => format!("{stage} never became ready in any of {} scale-ups", words::count(case.replications.into())),
        Some(ready) if goal.never > 0 => format!(
            "{stage} never became ready in {} of {} scale-ups, in the others after {}",
            words::count(goal.never.into()),
            words::count(case.replications.into()),
            duration(ready.mean),
        ),
        Some(ready) => format!("{stage} ready after {}", duration(ready.mean)),
    }
}

/// `deadline met: workload ready within 30m 00s in 100 % of scale-ups (95 %: 96.3 % to 100 %)`.
fn in_time(deadline: &CaseDeadline) -> String {
    let verdict = match deadline.verdict() {
        DeadlineVerdict::Met => "deadline met".to_owned(),
        DeadlineVerdict::Missed => "deadline missed".to_owned(),
        DeadlineVerdict::Open { needed: Some(needed) } => {
            format!("deadline not decided, about {} scale-ups would tell", words::count(needed))
        }
        DeadlineVerdict::Open { needed: None } => "deadline not decided".to_owned(),
    };
    let goal = deadline.goal();
    let (share, low, high) = (percent(goal.probability), percent(goal.interval.low), percent(goal.interval.high));
    let within = deadline.deadline;
    format!("{verdict}: {} ready within {within} in {share} of scale-ups (95 %: {low} to {high})", goal.stage)
}

fn within(case: &CaseSummary, goal: &StageSummary) -> Option<String> {
    match (&goal.ready_p95, &goal.ready) {
        (_, Some(_)) if case.replications == 1 => Some("one scale-up".to_owned()),
        (_, Some(ready)) if case.replications < p95_needs() && goal.never == 0 => {
            Some(format!("all {} scale-ups within {}", case.replications, duration(ready.max)))
        }
        (Some(p95), _) if case.replications >= p95_needs() => {
            let half = goal.ready_p95_interval.map(|ends| (p95 - ends.low).max(ends.high - p95));
            Some(format!("95 % of scale-ups within {}", words::about(*p95, half)))
        }
        _ => None,
    }
}
