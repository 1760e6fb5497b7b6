//! The critical path of a stage: the chain of waits, across entities, that ends when the stage became ready.
//!
//! From that instant it goes back to t = 0. Each step takes what an entity waited for just before: a wait that somebody
//! else's doing ended is that other's time, so the path goes on there at the same instant; every other wait is a piece
//! of the path. Where an entity's life begins, the path goes on with what it was brought about by. The pieces tile the
//! time from 0 to the stage's readiness without gaps or overlaps.
//!
//! Sources: Perfetto, `graphs/critical_path.sql`; CRISP (USENIX ATC 2022). Those infer from traces who waited for whom;
//! here the record says it.

mod by_subject;
mod drag;

pub use drag::Retiming;

use crate::model::record::{Cause, Origin, Record, ResourceId, Stage, StageKind, Subject, Wait};
use crate::time::{Span, Time};
use by_subject::BySubject;

/// The resource of the time in which an entity waits for nothing.
const RUNNING: &str = "running";

/// A piece of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathPiece {
    /// Who waited.
    pub subject: Subject,
    /// Why.
    pub cause: Cause,
    /// What for.
    pub resource: ResourceId,
    /// Beginning.
    pub from: Time,
    /// End.
    pub to: Time,
}

impl PathPiece {
    /// How long it is.
    pub fn length(&self) -> Span {
        self.to - self.from
    }
}

/// The waits of one record, by entity and in the order of time.
#[derive(Debug)]
pub struct Chains<'r> {
    waits: BySubject<'r>,
    origins: Vec<&'r Origin>,
    running: ResourceId,
}

/// The critical path of each stage of a record, in the order of time; `None` for a stage that was not ready when the
/// run ended, and for `scale-down`. Waits must have been recorded.
pub fn critical_paths(record: &Record) -> Vec<Option<Vec<PathPiece>>> {
    let chains = Chains::of(record);
    let path = |(place, stage): (usize, &Stage)| {
        let (subject, ready) = last_ready(record, place, stage)?;
        Some(chains.path(subject, ready))
    };
    record.stages.iter().enumerate().map(path).collect()
}

/// The critical path of the stage at `place`, as [`critical_paths`].
pub fn critical_path(record: &Record, place: usize) -> Option<Vec<PathPiece>> {
    let (subject, ready) = last_ready(record, place, &record.stages[place])?;
    Some(Chains::of(record).path(subject, ready))
}

/// Who completed a stage for good, and when.
pub(super) fn last_ready(record: &Record, place: usize, stage: &Stage) -> Option<(Subject, Time)> {
    if stage.kind == StageKind::ScaleDown {
        return None;
    }
    let (mut ready, mut last) = (0, None);
    let counts = |at: Time| record.scale_down.is_none_or(|until| at < until);
    for change in record.transitions.iter().filter(|change| change.stage.index() == place && counts(change.at)) {
        if change.ready {
            ready += 1;
            if ready == stage.desired {
                last = Some((change.subject, change.at));
            }
        } else {
            ready -= 1;
            last = last.filter(|_| ready >= stage.desired);
        }
    }
    last
}

impl<'r> Chains<'r> {
    /// Those of a record.
    pub fn of(record: &'r Record) -> Self {
        let running = record.resources.iter().position(|name| name == RUNNING).unwrap_or_default();
        Self::new(&record.waits, &record.origins, ResourceId(running as u16))
    }

    fn new(waits: &'r [Wait], origins: &'r [Origin], running: ResourceId) -> Self {
        let mut origins: Vec<&Origin> = origins.iter().collect();
        origins.sort_by_key(|origin| origin.subject);
        Self { waits: BySubject::of(waits), origins, running }
    }

    /// The path that ends with `subject` at `end`, in the order of time.
    pub fn path(&self, mut subject: Subject, end: Time) -> Vec<PathPiece> {
        let (mut pieces, mut at) = (Vec::new(), end);
        // Who was asked at this instant: two that wait for each other would be asked without end.
        let mut asked = Vec::new();
        while at > Time::ZERO {
            asked.push(subject);
            let before = self.last_before(subject, at);
            if let Some(next) = self.blocker(before, at).or_else(|| self.node_of(subject, before, at))
                && !asked.contains(&next)
            {
                subject = next;
                continue;
            }
            let first = pieces.len();
            let next = self.step(subject, before, at, &mut pieces);
            let from = pieces.get(first..).and_then(<[PathPiece]>::last).map_or(at, |piece| piece.from);
            if from == at && asked.contains(&next) {
                // Nothing is known of what was before.
                pieces.push(self.running(subject, Time::ZERO, at));
                break;
            }
            if from < at {
                asked.clear();
            }
            (at, subject) = (from, next);
        }
        pieces.reverse();
        pieces
    }

    /// Adds what the subject itself did just before `at`; answers with whom the path goes on.
    fn step(&self, subject: Subject, before: Option<&Wait>, at: Time, pieces: &mut Vec<PathPiece>) -> Subject {
        if let Some(wait) = before {
            let piece = if wait.to < at {
                self.running(subject, wait.to, at)
            } else {
                PathPiece { subject, cause: wait.cause, resource: wait.resource, from: wait.from, to: at }
            };
            pieces.push(piece);
            return subject;
        }
        let Some(origin) = self.origin(subject) else {
            pieces.push(self.running(subject, Time::ZERO, at));
            return subject;
        };
        let begun = origin.begun.min(at);
        let since = origin.since.min(begun);
        for (cause, from, to) in [(Cause::Service, begun, at), (Cause::Poll, since, begun)] {
            if from < to {
                pieces.push(PathPiece { subject, cause, resource: origin.resource, from, to });
            }
        }
        origin.by.unwrap_or(subject)
    }

    fn running(&self, subject: Subject, from: Time, to: Time) -> PathPiece {
        PathPiece { subject, cause: Cause::Ready, resource: self.running, from, to }
    }

    /// The subject's last wait that begins before `at`.
    fn last_before(&self, subject: Subject, at: Time) -> Option<&'r Wait> {
        self.waits.place_before(subject, at).map(|place| self.waits.at(place))
    }

    /// Who kept the wait going until `at`, if that is somebody who was not done then.
    fn blocker(&self, wait: Option<&Wait>, at: Time) -> Option<Subject> {
        let blocker = wait.filter(|wait| wait.to >= at)?.blocker?;
        self.is_busy(blocker, at).then_some(blocker)
    }

    /// The node of a `DaemonSet`'s pod that comes to be with it.
    fn node_of(&self, subject: Subject, before: Option<&Wait>, at: Time) -> Option<Subject> {
        match (subject, before) {
            (Subject::DaemonSetPod(_, node), None) => Some(Subject::Node(node)).filter(|&node| self.is_busy(node, at)),
            _ => None,
        }
    }

    /// Whether the subject waits for something until `at` at least.
    fn is_busy(&self, subject: Subject, at: Time) -> bool {
        self.last_before(subject, at).is_some_and(|wait| wait.to >= at && wait.cause != Cause::Ready)
    }

    fn origin(&self, subject: Subject) -> Option<&'r Origin> {
        let place = self.origins.binary_search_by_key(&subject, |origin| origin.subject).ok()?;
        Some(self.origins[place])
    }
}

#[cfg(test)]
mod tests;
