//! The answer in one line.

use crate::report::summary::{CaseSummary, StageSummary};
use crate::report::words::{self, duration};

/// With fewer scale-ups, the largest time says more than a percentile.
const FEW: u32 = 20;

/// `300 nodes: workload ready after 21m 40s (95 % of scale-ups within 22m 30s); 16m 02s after baseline; out of support`.
pub fn line(case: &CaseSummary) -> String {
    let Some(goal) = case.goal() else {
        return format!("{}: nothing to become ready", case.name);
    };
    let mut parts = vec![format!("{}: {}", case.name, readiness(case, goal))];
    if let Some(overhead) = case.headline_overhead()
        && let Some(seconds) = &overhead.seconds
    {
        parts.push(format!("{} after {}", duration(seconds.mean), overhead.from));
    }
    parts.push(words::tier(case.tier).to_owned());
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

fn within(case: &CaseSummary, goal: &StageSummary) -> String {
    match (&goal.ready_p95, &goal.ready) {
        (_, Some(_)) if case.replications == 1 => " (one scale-up)".to_owned(),
        (_, Some(ready)) if case.replications < FEW && goal.never == 0 => {
            format!(" (all {} scale-ups within {})", case.replications, duration(ready.max))
        }
        (Some(p95), _) if case.replications >= FEW => format!(" (95 % of scale-ups within {})", duration(*p95)),
        _ => String::new(),
    }
}
