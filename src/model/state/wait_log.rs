//! Who waits for what: an entity's waits follow one another without gaps or overlaps.

use crate::model::state::ids::ResourceId;
use crate::model::state::wait::{Cause, Origin, Subject, Wait};
use crate::time::{Span, Time};

/// Links round the end of a transfer up by less than this.
const ROUNDING: Span = Span::from_nanos(1_000);

/// Collects waits; does nothing when switched off.
#[derive(Debug)]
pub(crate) struct WaitLog {
    enabled: bool,
    /// By entry, see [`WaitEntry`]; their ends are not known yet.
    open: Vec<Option<Wait>>,
    closed: Vec<Wait>,
    origins: Vec<Origin>,
}

/// An entity's place in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WaitEntry(u32);

impl WaitLog {
    pub(crate) const fn new(enabled: bool) -> Self {
        Self { enabled, open: Vec::new(), closed: Vec::new(), origins: Vec::new() }
    }

    pub(crate) const fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// Bytes of the waits that are over.
    pub(crate) fn bytes(&self) -> usize {
        self.closed.len() * size_of::<Wait>() + self.origins.len() * size_of::<Origin>()
    }

    /// Begins the life of an entity that nothing is known of yet.
    pub(crate) fn entry(&mut self) -> WaitEntry {
        if !self.enabled {
            return WaitEntry(0);
        }
        self.open.push(None);
        WaitEntry(self.open.len() as u32 - 1)
    }

    /// From `now` on `subject` waits for `resource`; what it waited for before has ended.
    pub(crate) fn switch(
        &mut self,
        entry: WaitEntry,
        subject: Subject,
        now: Time,
        cause: Cause,
        resource: ResourceId,
        blocker: Option<Subject>,
    ) {
        if !self.enabled {
            return;
        }
        let place = entry.0 as usize;
        if let Some(open) = self.open[place] {
            if (open.cause, open.resource, open.blocker) == (cause, resource, blocker) {
                return;
            }
            self.close(open, now);
        }
        self.open[place] = Some(Wait { subject, cause, resource, blocker, from: now, to: now });
    }

    /// What the entity waits for now will be over because of `blocker`, unless it is known of whom already.
    pub(crate) fn is_ended_by(&mut self, entry: WaitEntry, blocker: Subject) {
        if self.enabled
            && let Some(open) = &mut self.open[entry.0 as usize]
            && matches!(open.cause, Cause::Queue | Cause::Dependency)
        {
            open.blocker.get_or_insert(blocker);
        }
    }

    /// The transfer that the entity waits for is over at `now`, and would have taken so long `alone`: the rest is what
    /// others on the link added.
    pub(crate) fn split_transfer(&mut self, entry: WaitEntry, alone: Span, now: Time) {
        if self.enabled
            && let Some(open) = self.open[entry.0 as usize]
            && open.cause == Cause::Transfer
            && open.from + alone + ROUNDING < now
        {
            let since = open.from + alone;
            self.close(open, since);
            self.open[entry.0 as usize] = Some(Wait { cause: Cause::Sharing, from: since, ..open });
        }
    }

    /// Why an entity came to be.
    pub(crate) fn originate(&mut self, origin: Origin) {
        if self.enabled {
            self.origins.push(origin);
        }
    }

    /// Why entities came to be, in the order in which they did.
    pub(crate) fn take_origins(&mut self) -> Vec<Origin> {
        std::mem::take(&mut self.origins)
    }

    /// The entity's life has ended.
    pub(crate) fn end(&mut self, entry: WaitEntry, now: Time) {
        if self.enabled
            && let Some(open) = self.open[entry.0 as usize].take()
        {
            self.close(open, now);
        }
    }

    /// All waits; those that are not over are cut at `end`, and nobody waits after having become Ready for good.
    pub(crate) fn finish(mut self, end: Time) -> Vec<Wait> {
        for open in std::mem::take(&mut self.open).into_iter().flatten() {
            if open.cause != Cause::Ready {
                self.close(open, end);
            }
        }
        // What is granted for a later instant is known beforehand.
        for wait in &mut self.closed {
            wait.to = wait.to.min(end);
        }
        self.closed.retain(|wait| wait.from < wait.to);
        self.closed
    }

    fn close(&mut self, open: Wait, now: Time) {
        if now > open.from {
            self.closed.push(Wait { to: now, ..open });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::ids::{NodeId, ReplicaId};

    const WHO: Subject = Subject::Replica(ReplicaId(0));
    const WHAT: ResourceId = ResourceId(7);

    fn at(seconds: u64) -> Time {
        Time::ZERO + Span::from_secs(seconds)
    }

    /// Waits of one entity, as (cause, blocker, from, to).
    fn waits(log: WaitLog) -> Vec<(Cause, Option<Subject>, Time, Time)> {
        log.finish(at(100)).iter().map(|wait| (wait.cause, wait.blocker, wait.from, wait.to)).collect()
    }

    #[test]
    fn a_transfer_is_split_into_what_it_takes_alone_and_what_others_add() {
        for (alone, shared) in [(4, Some(at(4))), (10, None), (11, None)] {
            let mut log = WaitLog::new(true);
            let entry = log.entry();
            log.switch(entry, WHO, at(0), Cause::Transfer, WHAT, None);
            log.split_transfer(entry, Span::from_secs(alone), at(10));
            log.end(entry, at(10));
            let expected = match shared {
                Some(since) => vec![(Cause::Transfer, None, at(0), since), (Cause::Sharing, None, since, at(10))],
                None => vec![(Cause::Transfer, None, at(0), at(10))],
            };
            assert_eq!(waits(log), expected);
        }
    }

    #[test]
    fn who_ends_a_wait_is_known_of_lines_and_dependencies_and_said_once() {
        let (first, second) = (Subject::Node(NodeId(1)), Subject::Node(NodeId(2)));
        for (cause, blocker) in [(Cause::Queue, Some(first)), (Cause::Dependency, Some(first)), (Cause::Service, None)]
        {
            let mut log = WaitLog::new(true);
            let entry = log.entry();
            log.switch(entry, WHO, at(1), cause, WHAT, None);
            log.is_ended_by(entry, first);
            log.is_ended_by(entry, second);
            log.end(entry, at(3));
            assert_eq!(waits(log), [(cause, blocker, at(1), at(3))]);
        }
    }
}
