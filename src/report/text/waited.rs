//! What every case waited for most, a line for each.

use crate::experiment::holders::{Holder, StagePath};
use crate::report::explained::what;
use crate::report::words::{count, duration, percent, plural};

use super::line;

/// So many of what holds a path are named, and of what changed.
const NAMED: usize = 3;
/// What holds less of a path than this is not named.
const SHARE_MIN: f64 = 0.03;
/// Changes of less than this part of the path are not named.
const CHANGE_MIN: f64 = 0.01;

/// A line for each case, as name and paths; in a comparison also what changed against the first. Nothing where no path
/// is known.
pub fn lines(cases: &[(&str, &[StagePath])], is_comparison: bool) -> String {
    let known = cases.iter().filter_map(|(_, paths)| Some(paths.last()?.ready_s.len() as u64));
    let (Some(fewest), Some(most)) = (known.clone().min(), known.max()) else { return String::new() };
    let told: Vec<String> = cases
        .iter()
        .enumerate()
        .filter_map(|(place, (name, paths))| {
            let goal = paths.last()?;
            let changed = (is_comparison && place > 0).then(|| changed(cases[0].1.last()?, goal, cases[0].0)).flatten();
            Some(format!("- {name}: {}{}", held(goal)?, changed.unwrap_or_default()))
        })
        .collect();
    if told.is_empty() {
        return String::new();
    }
    let followed = match (fewest, most) {
        (1, 1) => "the first scale-up".to_owned(),
        (fewest, most) if fewest < most => format!("the first {} to {}", count(fewest), plural(most, "scale-up")),
        _ => format!("the first {}", plural(most, "scale-up")),
    };
    let mut text = String::new();
    line(&mut text, &format!("Waited most for, along the critical path of {followed}:"));
    for told in &told {
        line(&mut text, told);
    }
    text
}

/// `the work of volume-server, 17m 05s of 24m 14s (71 %), then the boot of the machine, 1m 20s (6 %)`; `None` where the
/// stage was never ready.
fn held(goal: &StagePath) -> Option<String> {
    let whole = goal.mean_ready_s()?;
    let told = goal.holders.iter().enumerate().filter(|(place, holder)| *place == 0 || holder.share >= SHARE_MIN);
    let told = told.take(NAMED).map(|(place, Holder { resource, cause, mean_s, share, .. })| {
        let of = if place == 0 { format!(" of {}", duration(whole)) } else { String::new() };
        let then = if place == 1 { "then " } else { "" };
        format!("{then}{}, {}{of} ({})", what(resource, *cause), duration(*mean_s), percent(*share))
    });
    Some(told.collect::<Vec<_>>().join(", "))
}

/// `; against ekf the work of volume-server 8m 30s less, the work of rok-operator 1m 10s more`.
fn changed(before: &StagePath, after: &StagePath, name: &str) -> Option<String> {
    let whole = before.mean_ready_s()?;
    after.mean_ready_s()?;
    let seconds = |path: &StagePath, of: &Holder| {
        let found = path.holders.iter().find(|held| held.cause == of.cause && held.resource == of.resource);
        found.map_or(0.0, |held| held.mean_s)
    };
    let only_before = before.holders.iter().filter(|held| seconds(after, held) == 0.0);
    let all = after.holders.iter().chain(only_before);
    let mut changes: Vec<(f64, String)> = all
        .map(|held| (seconds(after, held) - seconds(before, held), what(&held.resource, held.cause)))
        .filter(|(change, _)| change.abs() >= CHANGE_MIN * whole)
        .collect();
    changes.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    let told = changes.iter().take(NAMED).map(|(change, what)| {
        let direction = if *change < 0.0 { "less" } else { "more" };
        format!("{what} {} {direction}", duration(change.abs()))
    });
    let told: Vec<String> = told.collect();
    let told = if told.is_empty() { "hardly any change".to_owned() } else { told.join(", ") };
    Some(format!("; against {name}: {told}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::holders::Part;
    use crate::model::record::{Cause, Stage, StageKind};
    use crate::time::Span;

    /// The path of a workload in two scale-ups, of a server, a boot and a poll for so many seconds.
    fn path(server: u64, boot: u64, poll: u64) -> Vec<StagePath> {
        let stage = Stage {
            kind: StageKind::Workload,
            name: "workload".to_owned(),
            desired: 3,
            after: vec![],
            reference: false,
        };
        let part = |resource: &str, cause, seconds| Part {
            resource: resource.to_owned(),
            cause,
            length: Span::from_secs(seconds),
        };
        let mut parts = vec![
            part("autoscaler", Cause::Poll, poll),
            part("machine", Cause::Boot, boot),
            part("volume-server", Cause::Service, server),
        ];
        parts.retain(|part| !part.length.is_zero());
        StagePath::all(&[stage], &[vec![parts.clone()], vec![parts]])
    }

    #[test]
    fn each_case_says_what_holds_it_and_a_side_what_changed() {
        let (one, two, never) = (path(300, 90, 10), path(150, 90, 10), path(0, 0, 0));
        let cases = [("one", &*one), ("two", &*two), ("never", &*never), ("unknown", &[])];
        assert_eq!(
            lines(&cases, true),
            "Waited most for, along the critical path of the first 2 scale-ups:\n\
             - one: the work of volume-server, 5m 00s of 6m 40s (75 %), then the boot of the machine, 1m 30s (22.5 %)\n\
             - two: the work of volume-server, 2m 30s of 4m 10s (60 %), then the boot of the machine, 1m 30s (36 %), the \
             next look of autoscaler, 10.0s (4 %); against one: the work of volume-server 2m 30s less\n"
        );
        assert!(lines(&cases[..2], true).ends_with("less\n") && !lines(&cases, false).contains("against"));
        assert_eq!(lines(&[("never", &*never), ("unknown", &[])], false), "");
        let same = [("one", &*one), ("again", &*one)];
        assert!(lines(&same, true).ends_with("; against one: hardly any change\n"));
    }
}
