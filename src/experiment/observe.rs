//! From the record of one replication to its numbers, and to what is shown of one in detail.

use crate::experiment::causes::causes;
use crate::experiment::cost::node_hours;
use crate::experiment::lapses::{Lapses, Leavers};
use crate::experiment::results::{Count, Detail, Replication, StageTimes, Waits};
use crate::model::params::Scenario;
use crate::model::record::{NodeRecord, Record, Stage, StageKind, Transition};
use crate::time::{Span, Time};

/// The numbers of the record of replication `number`; curves get a point every `curve_step`.
pub fn observe(record: &Record, curve_step: Span, number: u32) -> Replication {
    let leavers = Leavers::of(&record.nodes);
    let mut stages: Vec<Observer<'_>> =
        record.stages.iter().map(|stage| Observer::new(stage, record.scale_down, &leavers)).collect();
    for transition in &record.transitions {
        stages[transition.stage].note(*transition, curve_step);
    }
    let times: Vec<StageTimes> = stages.iter().map(|observer| observer.times).collect();
    Replication {
        number,
        node_hours: times.iter().map(|times| Some(node_hours(record, times.ready?))).collect(),
        node_hours_in_all: node_hours(record, record.end.at),
        scale_down: record.scale_down,
        measured: Vec::new(),
        paths: Vec::new(),
        nodes_up: stages.first().map_or(0, |nodes| nodes.peak),
        volumes_lost: record.volumes_lost,
        nodes_failed: record.nodes.iter().filter(|node| node.failed.is_some()).count() as u32,
        stages: times,
        curves: stages.into_iter().map(Observer::curve).collect(),
        limits: record.limits.clone(),
        events: record.end.events,
        waiting_for: record.end.waiting_for.clone(),
    }
}

/// A replication that is kept whole.
#[derive(Debug)]
pub struct Observed {
    pub stages: Vec<Stage>,
    pub detail: Detail,
    pub waits: Waits,
}

/// What is kept of a record that is shown in detail.
pub fn whole(record: Record, scenario: &Scenario) -> Observed {
    let leavers = Leavers::of(&record.nodes);
    let counted = record.stages.iter().enumerate().map(|(place, stage)| match stage.kind {
        StageKind::DaemonSet => thinned(counts(&record.transitions, place, &leavers), Detail::COUNTS_MAX),
        _ => Vec::new(),
    });
    let (asked, desired) = (record.nodes.len() as u32, record.stages[0].desired as usize);
    let (counts, causes) = (counted.collect(), causes(&record, scenario));
    let detail = Detail { counts, causes, nodes: kept(record.nodes, desired), asked };
    Observed { detail, stages: record.stages, waits: Waits { list: record.waits, resources: record.resources } }
}

/// All nodes that ever were machines, and some that were not; of more than [`Detail::NODES_MAX`], every so many.
fn kept(mut nodes: Vec<NodeRecord>, desired: usize) -> Vec<NodeRecord> {
    let lived = nodes.iter().filter(|node| node.lived()).count();
    let mut room = Detail::NODES_MIN.max(desired + desired / 5).saturating_sub(lived);
    nodes.retain(|node| {
        let kept = node.lived() || room > 0;
        room -= usize::from(kept && !node.lived());
        kept
    });
    thinned(nodes, Detail::NODES_MAX)
}

/// At most `most` of some and the last one, at equal distances.
fn thinned<T>(mut all: Vec<T>, most: usize) -> Vec<T> {
    let every = all.len().div_ceil(most).max(1);
    let last = all.len().saturating_sub(1);
    let mut place = 0..;
    all.retain(|_| place.next().is_some_and(|place: usize| place.is_multiple_of(every) || place == last));
    all
}

/// The counts of a stage of pods from each instant at which they change.
fn counts(transitions: &[Transition], stage: usize, leavers: &Leavers) -> Vec<Count> {
    let changes: Vec<&Transition> = transitions.iter().filter(|change| change.stage.index() == stage).collect();
    let pods = changes.iter().map(|change| change.subject.number() as usize + 1).max().unwrap_or(0);
    let mut was_ready = vec![false; pods];
    let mut lapses = Lapses::new(Some(leavers));
    let mut counts = vec![Count { at: Time::ZERO, ready: 0, not_ready: 0, joined: 0 }];
    for change in changes {
        while let Some((at, lapsed)) = lapses.leave(change.at) {
            let last = counts[counts.len() - 1];
            if lapsed {
                push(&mut counts, Count { at, not_ready: lapses.now(), ..last });
            }
        }
        let last = counts[counts.len() - 1];
        let (ready, joined) = if change.ready {
            lapses.end(change.subject.number());
            let joins = !std::mem::replace(&mut was_ready[change.subject.number() as usize], true);
            (last.ready + 1, last.joined + u32::from(joins))
        } else {
            lapses.begin(change.subject.number());
            (last.ready.saturating_sub(1), last.joined)
        };
        push(&mut counts, Count { at: change.at, ready, joined, not_ready: lapses.now() });
    }
    counts
}

/// Adds a count, or replaces the last one of the same instant.
fn push(counts: &mut Vec<Count>, next: Count) {
    match counts.last_mut() {
        Some(last) if last.at == next.at => *last = next,
        _ => counts.push(next),
    }
}

/// Follows one stage through time.
struct Observer<'a> {
    desired: u32,
    /// What becomes NotReady from then on is meant to.
    until: Option<Time>,
    ready: u32,
    /// The most that were Ready at once.
    peak: u32,
    lapses: Lapses<'a>,
    times: StageTimes,
    curve: Vec<u32>,
}

impl<'a> Observer<'a> {
    fn new(stage: &Stage, scale_down: Option<Time>, leavers: &'a Leavers) -> Self {
        let desired = stage.desired;
        let (begin, until) =
            if stage.kind == StageKind::ScaleDown { (scale_down, None) } else { (Some(Time::ZERO), scale_down) };
        let at_start = begin.filter(|_| desired == 0);
        let times = StageTimes { first_ready: at_start, ready: at_start, ..StageTimes::default() };
        let lapses = Lapses::new(Some(leavers).filter(|_| stage.kind == StageKind::DaemonSet));
        Self { desired, until, ready: 0, peak: 0, lapses, times, curve: Vec::new() }
    }

    fn note(&mut self, transition: Transition, step: Span) {
        // The points before this instant show what was there until now.
        while step * (self.curve.len() as u64) < transition.at.since(Time::ZERO) {
            self.curve.push(self.ready);
        }
        while self.lapses.leave(transition.at).is_some() {}
        let counts = self.until.is_none_or(|until| transition.at < until);
        if !counts {
            self.ready = if transition.ready { self.ready + 1 } else { self.ready - 1 };
        } else if transition.ready {
            self.ready += 1;
            self.lapses.end(transition.subject.number());
            if self.ready == self.desired {
                self.times.ready = Some(transition.at);
                self.times.first_ready.get_or_insert(transition.at);
            }
        } else {
            self.ready -= 1;
            self.times.flaps += u32::from(self.lapses.begin(transition.subject.number()));
            self.times.not_ready_peak = self.times.not_ready_peak.max(self.lapses.now());
            if self.ready < self.desired {
                self.times.ready = None;
            }
        }
        self.peak = self.peak.max(self.ready);
    }

    fn curve(mut self) -> Vec<u32> {
        self.curve.push(self.ready);
        self.curve
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::record::{DaemonSetPlace, NodeId, StageId, Subject};

    fn change(seconds: u64, node: u32, ready: bool) -> Transition {
        let subject = Subject::DaemonSetPod(DaemonSetPlace(0), NodeId(node));
        Transition { at: Time::from_nanos(seconds * 1_000_000_000), stage: StageId(1), subject, ready }
    }

    #[test]
    fn a_pod_counts_as_not_ready_only_after_it_was_ready() {
        let elsewhere = Transition { stage: StageId(0), ..change(2, 5, true) };
        let changes = [
            change(0, 0, true),
            change(1, 1, true),
            elsewhere,
            change(3, 0, false),
            change(4, 0, true),
            change(4, 1, false),
        ];
        let counted: Vec<_> = counts(&changes, 1, &Leavers::default())
            .iter()
            .map(|count| (count.ready, count.not_ready, count.joined))
            .collect();
        assert_eq!(counted, [(1, 0, 1), (2, 0, 2), (1, 1, 2), (1, 1, 2)]);
    }

    #[test]
    fn while_scaling_down_the_curve_falls_and_rises_again() {
        let second = Time::from_secs_f64;
        let stage =
            Stage { kind: StageKind::DaemonSet, name: "agent".to_owned(), desired: 2, after: vec![], reference: false };
        let leavers = Leavers::default();
        let mut observer = Observer::new(&stage, Some(second(2.0)), &leavers);
        for change in [change(0, 0, true), change(1, 1, true), change(3, 0, false), change(5, 0, true)] {
            observer.note(change, Span::from_secs(1));
        }
        assert_eq!((observer.times.ready, observer.times.flaps), (Some(second(1.0)), 0));
        assert_eq!(observer.curve(), [1, 2, 2, 1, 1, 2]);
    }

    #[test]
    fn pods_of_nodes_that_leave_need_not_come_back() {
        let second = |at: u64| Some(Time::from_nanos(at * 1_000_000_000));
        let removed = |number, at| NodeRecord { number: NodeId(number), removal: second(at), ..NodeRecord::default() };
        let failed =
            NodeRecord { number: NodeId(2), failed: second(6), terminated: second(9), ..NodeRecord::default() };
        let leavers = Leavers::of(&[removed(0, 4), removed(1, 5), failed]);
        let up = (0..4).map(|pod| change(0, pod, true));
        // Pod 0 is NotReady before its node is removed, 1 and 2 because their nodes are, and 3 comes back.
        let down = [change(1, 0, false), change(5, 1, false), change(7, 2, false), change(8, 3, false)];
        let changes: Vec<Transition> = up.chain(down).chain([change(9, 3, true)]).collect();
        let counted: Vec<_> = counts(&changes, 1, &leavers).iter().map(|one| (one.ready, one.not_ready)).collect();
        assert_eq!(counted, [(4, 0), (3, 1), (3, 0), (2, 0), (1, 0), (0, 1), (1, 0)]);
        let stage =
            Stage { kind: StageKind::DaemonSet, name: "agent".to_owned(), desired: 4, after: vec![], reference: false };
        let mut observer = Observer::new(&stage, None, &leavers);
        for change in &changes {
            observer.note(*change, Span::from_secs(1));
        }
        assert_eq!((observer.times.flaps, observer.times.not_ready_peak), (2, 1));
    }

    #[test]
    fn requests_that_came_to_nothing_are_not_all_kept() {
        let node = |number| NodeRecord { number: NodeId(number), requested: Some(Time::ZERO), ..NodeRecord::default() };
        let mut nodes: Vec<NodeRecord> = (0..10_000).map(node).collect();
        nodes[9_999].launched = Some(Time::ZERO);
        let numbers: Vec<u32> = kept(nodes.clone(), 300).iter().map(|node| node.number.0).collect();
        assert_eq!(numbers, (0..1_999).chain([9_999]).collect::<Vec<u32>>());
        assert_eq!(kept(nodes, 8_000).len(), 9_600);
        let many = (0..200_000).map(|number| NodeRecord { launched: Some(Time::ZERO), ..node(number) }).collect();
        let numbers: Vec<u32> = kept(many, 200_000).iter().map(|node| node.number.0).collect();
        assert_eq!((numbers.len(), numbers[1], numbers.last()), (50_001, 4, Some(&199_999)));
    }

    #[test]
    fn of_many_counts_some_are_kept_and_the_last() {
        let count = |second: u64| Count { at: Time::from_nanos(second), ready: 0, not_ready: 0, joined: 0 };
        let kept = thinned((0..9_999).map(count).collect(), 4_000);
        assert_eq!(
            (kept.len(), kept[1].at.as_nanos(), kept.last().map(|last| last.at.as_nanos())),
            (3_334, 3, Some(9_998))
        );
        assert_eq!(thinned((0..4_000).map(count).collect(), 4_000).len(), 4_000);
        assert_eq!(thinned(Vec::<Count>::new(), 4_000), []);
    }
}
