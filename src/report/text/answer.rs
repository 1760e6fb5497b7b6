//! The answer in one line.

use crate::report::deadline::{CaseDeadline, DeadlineVerdict};
use crate::report::summary::{CaseSummary, StageSummary, p95_needs};
use crate::report::words::{self, duration, percent};

/// `300 nodes: workload ready after 21m 40s (95 % of scale-ups within 22m 30s ± 8.1s); 16m 02s after baseline; out of
/// support`.
///
/// With a deadline, that is answered first.
pub fn line(case: &CaseSummary, deadline: Option<&CaseDeadline>) -> String {
    let Some(goal) = case.goal() else {
        return format!("{}: nothing to become ready", case.name);
    };
    let mut parts = match deadline {
        Some(deadline) => vec![format!("{}: {}", case.name, in_time(deadline)), readiness(case, goal)],
        None => vec![format!("{}: {}", case.name, readiness(case, goal))],
    };
    if let Some(overhead) = case.headline_overhead()
        && let Some(seconds) = &overhead.seconds
    {
        parts.push(format!("{} after {}", duration(seconds.mean), overhead.from));
    }
    parts.extend(case.tier.map(|tier| words::tier(tier).to_owned()));
    parts.join("; ")
}

fn readiness(case: &CaseSummary, goal: &StageSummary) -> String {
    let stage = &goal.stage;
    match &goal.ready {
        None if case.replications == 1 => format!("{stage} never became ready"),
        None => format!("{stage} never became ready in any of {} scale-ups", words::count(case.replications.into())),
        Some(ready) if goal.never > 0 => format!(
            "{stage} never became ready in {} of {} scale-ups, in the others after {}{}",
            words::count(goal.never.into()),
            words::count(case.replications.into()),
            duration(ready.mean),
            within(case, goal)
        ),
        Some(ready) => format!("{stage} ready after {}{}", duration(ready.mean), within(case, goal)),
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

fn within(case: &CaseSummary, goal: &StageSummary) -> String {
    match (&goal.ready_p95, &goal.ready) {
        (_, Some(_)) if case.replications == 1 => " (one scale-up)".to_owned(),
        (_, Some(ready)) if case.replications < p95_needs() && goal.never == 0 => {
            format!(" (all {} scale-ups within {})", case.replications, duration(ready.max))
        }
        (Some(p95), _) if case.replications >= p95_needs() => {
            let sure = goal
                .ready_p95_interval
                .map_or(String::new(), |ends| format!(" ± {}", duration((p95 - ends.low).max(ends.high - p95))));
            format!(" (95 % of scale-ups within {}{sure})", duration(*p95))
        }
        _ => String::new(),
    }
}
