//! `flaps.csv`: how many of each `DaemonSet` were Ready, and how many no longer, in replication 0 of each case.
//!
//! Must not know: why a pod is no longer Ready.

use crate::experiment::results::Results;
use crate::model::record::Transition;
use crate::report::summary;
use crate::time::Time;

use super::sheet::{Sheet, seconds};

const COLUMNS: [&str; 5] = ["stage", "time_s", "ready", "not_ready", "joined"];

/// How many pods of a stage were Ready, from an instant on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// The instant.
    pub at: Time,
    /// Pods that were Ready.
    pub ready: u32,
    /// Pods that had been Ready and were not.
    pub not_ready: u32,
    /// Pods that had become Ready by then, if only once.
    pub joined: u32,
}

/// `flaps.csv`: a row for every case, `DaemonSet` that is a stage, and time at which one of its counts changes.
pub fn flaps(results: &Results) -> Vec<u8> {
    let mut sheet = Sheet::new(results, COLUMNS);
    for (number, case) in results.cases.iter().enumerate() {
        sheet.begin_case(number, case);
        for stage in summary::daemonsets(&case.stages) {
            for count in counts(&case.record.transitions, stage) {
                let numbers = [count.ready, count.not_ready, count.joined].map(|count| count.to_string());
                sheet.row([case.stages[stage].clone(), seconds(count.at)].into_iter().chain(numbers));
            }
        }
    }
    sheet.into_bytes()
}

/// The counts of a stage from each instant at which they change.
pub fn counts(transitions: &[Transition], stage: usize) -> Vec<Count> {
    let changes: Vec<&Transition> = transitions.iter().filter(|change| usize::from(change.stage) == stage).collect();
    let pods = changes.iter().map(|change| change.subject as usize + 1).max().unwrap_or(0);
    let mut was_ready = vec![false; pods];
    let mut counts = vec![Count { at: Time::ZERO, ready: 0, not_ready: 0, joined: 0 }];
    for change in changes {
        let last = counts[counts.len() - 1];
        let before = std::mem::replace(&mut was_ready[change.subject as usize], true);
        let next = match (change.ready, before) {
            (true, false) => Count { ready: last.ready + 1, joined: last.joined + 1, ..last },
            (true, true) => Count { ready: last.ready + 1, not_ready: last.not_ready.saturating_sub(1), ..last },
            (false, _) => Count { ready: last.ready.saturating_sub(1), not_ready: last.not_ready + 1, ..last },
        };
        let next = Count { at: change.at, ..next };
        match counts.last_mut() {
            Some(last) if last.at == change.at => *last = next,
            _ => counts.push(next),
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(seconds: u64, subject: u32, ready: bool) -> Transition {
        Transition { at: Time::from_nanos(seconds * 1_000_000_000), stage: 1, subject, ready }
    }

    #[test]
    fn a_pod_counts_as_not_ready_only_after_it_was_ready() {
        let elsewhere = Transition { stage: 0, ..change(2, 5, true) };
        let changes = [
            change(0, 0, true),
            change(1, 1, true),
            elsewhere,
            change(3, 0, false),
            change(4, 0, true),
            change(4, 1, false),
        ];
        let counted: Vec<_> =
            counts(&changes, 1).iter().map(|count| (count.ready, count.not_ready, count.joined)).collect();
        assert_eq!(counted, [(1, 0, 1), (2, 0, 2), (1, 1, 2), (1, 1, 2)]);
    }
}
