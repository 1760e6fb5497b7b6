//! The events that come next, in order.
//!
//! Must not know: the buckets that are not open yet, and how wide they are: the `ladder` has them.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};

use super::entry::Entry;
use super::sort::{Range, Sorter};
use super::tickets::{Ticket, Tickets};

/// An event is put into the run if at most so many events of the run come before it.
const NEAR: usize = 32;
/// It is moved to its place one by one if that is at most so many steps away, and by a copy of memory otherwise.
const STEPS: usize = 4;
/// More late events than this are not kept, if they are many compared to the others.
const LATE_MAX: usize = 32;

/// The sorted events of the opened bucket, and those that came too late for the sorting.
///
/// Of events at one instant, those in the run came before those in the heap, and those before the ones in the lane.
#[derive(Clone, Debug)]
pub(super) struct Front<E> {
    /// The latest first.
    run: Vec<Option<Entry<E>>>,
    /// Events that would be too deep inside the run.
    late: BinaryHeap<Late<E>>,
    late_pushed: u64,
    /// Events of the instant `lane_at`. Every event of that instant is added here, so they need no sorting.
    lane: VecDeque<Entry<E>>,
    /// The instant of the event that was popped when the lane was last empty.
    lane_at: u64,
    sorter: Sorter,
}

#[derive(Clone, Debug)]
struct Late<E> {
    /// Time, then order of arrival.
    order: u128,
    entry: Entry<E>,
}

impl<E> Front<E> {
    pub const fn new() -> Self {
        Self {
            run: Vec::new(),
            late: BinaryHeap::new(),
            late_pushed: 0,
            lane: VecDeque::new(),
            lane_at: u64::MAX,
            sorter: Sorter::new(),
        }
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.run.is_empty() && self.is_run_only()
    }

    /// Whether all events are in the run.
    #[inline]
    fn is_run_only(&self) -> bool {
        self.late.is_empty() && self.lane.is_empty()
    }

    /// The first event.
    #[inline]
    pub fn first(&self) -> Option<&Entry<E>> {
        if self.is_run_only() { self.run.last()?.as_ref() } else { self.first_of_several() }
    }

    #[inline(never)]
    fn first_of_several(&self) -> Option<&Entry<E>> {
        // The smallest of equal ones is the first of them.
        let late = self.late.peek().map(|late| &late.entry);
        [self.run.last().and_then(Option::as_ref), late, self.lane.front()]
            .into_iter()
            .flatten()
            .min_by_key(|entry| entry.at)
    }

    /// Takes the first event.
    #[inline]
    pub fn pop(&mut self) -> Option<Entry<E>> {
        if self.is_run_only() {
            let entry = self.run.pop()??;
            self.lane_at = entry.at;
            return Some(entry);
        }
        let entry = self.pop_from_several()?;
        if self.lane.is_empty() {
            self.lane_at = entry.at;
        }
        Some(entry)
    }

    #[inline(never)]
    fn pop_from_several(&mut self) -> Option<Entry<E>> {
        let at = self.first()?.at;
        if self.run.last().and_then(Option::as_ref).is_some_and(|entry| entry.at == at) {
            self.run.pop().flatten()
        } else if self.late.peek().is_some_and(|late| late.entry.at == at) {
            self.late.pop().map(|late| late.entry)
        } else {
            self.lane.pop_front()
        }
    }

    /// Adds an event. False means that there are so many late events now that sorting all of them again is better.
    #[inline]
    pub fn push(&mut self, at: u64, ticket: Ticket, event: E) -> bool {
        if at == self.lane_at {
            self.lane.push_back(Entry { at, ticket, event });
            return true;
        }
        let place = self.run.len();
        // How many events of the run come before this one.
        let mut before = 0;
        while before < place && self.run[place - before - 1].as_ref().is_some_and(|entry| entry.at <= at) {
            before += 1;
            if before > NEAR {
                return self.push_late(at, ticket, event);
            }
        }
        if self.late.peek().is_some_and(|late| at >= late.entry.at) {
            return self.push_late(at, ticket, event);
        }
        if before <= STEPS {
            // Field by field: a processor waits for what was written in parts and is read as a whole right after.
            let (mut at, mut ticket, mut event) = (at, ticket, event);
            for later in self.run[place - before..].iter_mut().flatten() {
                std::mem::swap(&mut later.at, &mut at);
                std::mem::swap(&mut later.ticket, &mut ticket);
                std::mem::swap(&mut later.event, &mut event);
            }
            self.run.push(Some(Entry { at, ticket, event }));
        } else {
            self.run.insert(place - before, Some(Entry { at, ticket, event }));
        }
        true
    }

    #[inline(never)]
    fn push_late(&mut self, at: u64, ticket: Ticket, event: E) -> bool {
        let order = u128::from(at) << 64 | u128::from(self.late_pushed);
        self.late_pushed += 1;
        self.late.push(Late { order, entry: Entry { at, ticket, event } });
        self.late.len() <= LATE_MAX || 2 * self.late.len() <= self.run.len() + self.lane.len()
    }

    /// Takes the events of a bucket, in order. There must be no events left from before.
    pub fn open(&mut self, bucket: &mut Vec<Entry<E>>, range: Range) {
        self.sorter.sort(bucket, range, &mut self.run);
    }

    /// Moves all events to `bucket`, those of one instant in the order in which they came.
    pub fn close(&mut self, bucket: &mut Vec<Entry<E>>) {
        bucket.extend(self.run.drain(..).rev().flatten());
        let mut late = std::mem::take(&mut self.late).into_vec();
        late.sort_unstable_by_key(|late| late.order);
        bucket.extend(late.drain(..).map(|late| late.entry));
        self.late = late.into();
        bucket.extend(self.lane.drain(..));
    }

    /// Drops cancelled events from the beginning.
    pub fn uncover(&mut self, tickets: &mut Tickets) {
        while tickets.cancelled() > 0 && self.first().is_some_and(|entry| !tickets.may_stay(entry.ticket)) {
            // Without `pop`: a cancelled event is not an instant that was reached.
            self.pop_from_several();
        }
    }

    /// Drops the entries that do not satisfy `keep`.
    pub fn retain(&mut self, mut keep: impl FnMut(&Entry<E>) -> bool) {
        self.run.retain(|entry| entry.as_ref().is_some_and(&mut keep));
        self.late.retain(|late| keep(&late.entry));
        self.lane.retain(&mut keep);
    }

    /// Drops all entries and keeps the memory.
    pub fn clear(&mut self) {
        self.run.clear();
        self.late.clear();
        self.lane.clear();
        self.lane_at = u64::MAX;
    }

    /// Events for which there is memory.
    #[cfg(test)]
    pub fn capacity(&self) -> usize {
        self.run.capacity() + self.late.capacity() + self.lane.capacity()
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.run.len() + self.late.len() + self.lane.len()
    }
}

impl<E> PartialEq for Late<E> {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}

impl<E> Eq for Late<E> {}

impl<E> PartialOrd for Late<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> Ord for Late<E> {
    /// The greatest is the earliest: the heap keeps its greatest entry on top.
    fn cmp(&self, other: &Self) -> Ordering {
        other.order.cmp(&self.order)
    }
}
