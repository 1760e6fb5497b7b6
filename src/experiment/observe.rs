//! From the record of one replication to its numbers.
//!
//! Must not know: other replications: it makes numbers, no statistics.

use crate::experiment::cost::node_hours;
use crate::experiment::results::{Replication, StageTimes};
use crate::model::record::{Record, Stage, Transition};
use crate::time::{Span, Time};

/// The numbers of a record; curves get a point every `curve_step`.
pub fn observe(record: &Record, curve_step: Span) -> Replication {
    let mut stages: Vec<Observer> = record.stages.iter().map(|stage| Observer::new(stage, record.scale_down)).collect();
    for transition in &record.transitions {
        stages[usize::from(transition.stage)].note(*transition, curve_step);
    }
    let times: Vec<StageTimes> = stages.iter().map(|observer| observer.times).collect();
    Replication {
        node_hours: times.iter().map(|times| Some(node_hours(record, times.ready?))).collect(),
        node_hours_in_all: node_hours(record, record.end.at),
        scale_down: record.scale_down,
        volumes_lost: record.volumes_lost,
        stages: times,
        curves: stages.into_iter().map(Observer::curve).collect(),
        limits: record.limits.clone(),
        events: record.end.events,
        waiting_for: record.end.waiting_for.clone(),
    }
}

/// The stage in which nodes go instead of becoming Ready.
const SCALE_DOWN: &str = "scale-down";

/// Follows one stage through time.
struct Observer {
    desired: u32,
    /// What becomes NotReady from then on is meant to.
    until: Option<Time>,
    ready: u32,
    /// By subject: whether it is NotReady after having been Ready.
    lapsed: Vec<bool>,
    /// How many of them there are.
    lapsed_now: u32,
    times: StageTimes,
    curve: Vec<u32>,
}

impl Observer {
    fn new(stage: &Stage, scale_down: Option<Time>) -> Self {
        let desired = stage.desired;
        let (begin, until) = if stage.name == SCALE_DOWN { (scale_down, None) } else { (Some(Time::ZERO), scale_down) };
        let at_start = begin.filter(|_| desired == 0);
        let times = StageTimes { first_ready: at_start, ready: at_start, ..StageTimes::default() };
        Self { desired, until, ready: 0, lapsed: Vec::new(), lapsed_now: 0, times, curve: Vec::new() }
    }

    fn note(&mut self, transition: Transition, step: Span) {
        // The points before this instant show what was there until now.
        while step * (self.curve.len() as u64) < transition.at.since(Time::ZERO) {
            self.curve.push(self.ready);
        }
        let counts = self.until.is_none_or(|until| transition.at < until);
        if !counts {
            self.ready = if transition.ready { self.ready + 1 } else { self.ready - 1 };
        } else if transition.ready {
            self.ready += 1;
            if let Some(lapsed) = self.lapsed.get_mut(transition.subject as usize) {
                self.lapsed_now -= u32::from(std::mem::take(lapsed));
            }
            if self.ready == self.desired {
                self.times.ready = Some(transition.at);
                self.times.first_ready.get_or_insert(transition.at);
            }
        } else {
            self.ready -= 1;
            self.lapse(transition.subject as usize);
            self.times.flaps += 1;
            self.times.not_ready_peak = self.times.not_ready_peak.max(self.lapsed_now);
            if self.ready < self.desired {
                self.times.ready = None;
            }
        }
    }

    fn lapse(&mut self, subject: usize) {
        if self.lapsed.len() <= subject {
            self.lapsed.resize(subject + 1, false);
        }
        self.lapsed_now += u32::from(!std::mem::replace(&mut self.lapsed[subject], true));
    }

    fn curve(mut self) -> Vec<u32> {
        self.curve.push(self.ready);
        self.curve
    }
}
