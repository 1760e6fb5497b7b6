//! The events that come next, in order.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};

use super::entry::{Pending, QueueSlot};
use super::pool::{Chunks, Pile, Pool};
use super::sort::{Key, Range, sort};
use super::tickets::{Ticket, Tickets};

/// An event is sorted in if at most so many sorted events come before it.
const NEAR: usize = 32;
/// More late events than this are not kept, if they are many compared to the others.
const LATE_MAX: usize = 32;

/// The events of the opened bucket, and those that came later than the sorting.
///
/// Only keys are sorted; an event stays in its slot until it is taken.
///
/// Of events at one instant, those with keys came before those in the heap, and those before the ones in the lane.
#[derive(Clone, Debug)]
pub(super) struct Front<E> {
    /// The memory of the opened bucket.
    chunks: Chunks,
    /// First `sorted` keys of pending events, the latest first; then keys of free slots.
    keys: Vec<Key>,
    sorted: usize,
    /// Events that would be too deep among the sorted ones.
    late: BinaryHeap<Late<E>>,
    late_pushed: u64,
    /// Events of one instant, which is the present one when the first of them is added. They need no sorting.
    lane: VecDeque<QueueSlot<E>>,
    /// When the event that was taken last happens.
    now: u64,
    /// When the first event in the heap or the lane happens; the end of time if there is none.
    side_min: u64,
}

#[derive(Clone, Debug)]
struct Late<E> {
    /// Time, then order of arrival.
    order: u128,
    entry: QueueSlot<E>,
}

impl<E> Front<E> {
    pub const fn new() -> Self {
        Self {
            chunks: Chunks::new(),
            keys: Vec::new(),
            sorted: 0,
            late: BinaryHeap::new(),
            late_pushed: 0,
            lane: VecDeque::new(),
            now: 0,
            side_min: u64::MAX,
        }
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.sorted == 0 && self.late.is_empty() && self.lane.is_empty()
    }

    /// The key of the first event that has one.
    #[inline]
    fn first_key(&self) -> Option<Key> {
        self.keys.get(self.sorted.wrapping_sub(1)).copied()
    }

    /// When the first event happens, and its ticket.
    pub fn first(&self, pool: &Pool<E>) -> Option<(u64, Ticket)> {
        match self.first_key() {
            Some(key) if key.at <= self.side_min => Some((key.at, pool.ticket(key.slot)?)),
            _ => self.first_aside().and_then(|entry| Some((entry.at, entry.ticket()?))),
        }
    }

    /// The first event without a key.
    fn first_aside(&self) -> Option<&QueueSlot<E>> {
        // The smallest of equal ones is the first of them.
        let late = self.late.peek().map(|late| &late.entry);
        [late, self.lane.front()].into_iter().flatten().min_by_key(|entry| entry.at)
    }

    /// Takes the first event, unless it is later than `horizon`.
    #[inline]
    pub fn pop_until(&mut self, pool: &mut Pool<E>, horizon: u64) -> Option<(u64, Pending<E>)> {
        let place = self.sorted.wrapping_sub(1);
        match self.keys.get(place) {
            Some(&Key { at, slot }) if at <= self.side_min => {
                if at > horizon {
                    return None;
                }
                self.sorted = place;
                self.now = at;
                Some((at, pool.take(slot)?))
            }
            _ => self.pop_aside_until(horizon),
        }
    }

    #[inline(never)]
    fn pop_aside_until(&mut self, horizon: u64) -> Option<(u64, Pending<E>)> {
        let at = self.first_aside().map(|entry| entry.at).filter(|&at| at <= horizon)?;
        let entry = if self.late.peek().is_some_and(|late| late.entry.at == at) {
            self.late.pop().map(|late| late.entry)
        } else {
            self.lane.pop_front()
        };
        self.update_side_min();
        self.now = at;
        Some((at, entry?.pending?))
    }

    /// Notes when the first event without a key happens.
    fn update_side_min(&mut self) {
        self.side_min = self.first_aside().map_or(u64::MAX, |entry| entry.at);
    }

    /// Whether an event at this instant can be inserted among the sorted ones, and there is a free slot.
    #[inline]
    pub fn fits_sorted(&self, at: u64) -> bool {
        self.sorted < self.keys.len() && at < self.side_min && !self.is_deep(at)
    }

    /// Whether many of the sorted events come before this instant.
    #[inline]
    fn is_deep(&self, at: u64) -> bool {
        self.sorted > NEAR && self.keys.get(self.sorted - NEAR - 1).is_some_and(|key| key.at <= at)
    }

    /// Inserts an event among the sorted ones. There must be a free slot.
    #[inline]
    pub fn insert(&mut self, pool: &mut Pool<E>, at: u64, ticket: Ticket, event: E) {
        let keys = &mut self.keys[..=self.sorted];
        let end = keys.len() - 1;
        let slot = keys[end].slot;
        pool.put(slot, Pending { ticket, event });
        self.sorted += 1;
        let mut place = end;
        while place > 0 && keys[place - 1].at <= at {
            keys[place] = keys[place - 1];
            place -= 1;
        }
        keys[place] = Key { at, slot };
    }

    /// Adds an event wherever it belongs. False means that there are so many late events now that sorting all of them
    /// again is better.
    pub fn push_to_side(&mut self, pool: &mut Pool<E>, at: u64, ticket: Ticket, event: E) -> bool {
        let lane_at = self.lane.front().map_or(self.now, |entry| entry.at);
        if at == lane_at && (!self.lane.is_empty() || self.is_deep(at)) {
            self.lane.push_back(QueueSlot::new(at, ticket, event));
            self.update_side_min();
            return true;
        }
        if self.is_deep(at) || self.late.peek().is_some_and(|late| at >= late.entry.at) {
            return self.push_late(at, ticket, event);
        }
        if self.sorted == self.keys.len() {
            pool.add_chunk(&mut self.chunks, &mut self.keys);
        }
        self.insert(pool, at, ticket, event);
        true
    }

    #[inline(never)]
    fn push_late(&mut self, at: u64, ticket: Ticket, event: E) -> bool {
        let order = u128::from(at) << 64 | u128::from(self.late_pushed);
        self.late_pushed += 1;
        self.late.push(Late { order, entry: QueueSlot::new(at, ticket, event) });
        self.update_side_min();
        self.late.len() <= LATE_MAX || 2 * self.late.len() <= self.sorted + self.lane.len()
    }

    /// Gives back the memory of the opened bucket, all of whose events were taken, and lends the place for that of the
    /// next one.
    pub fn give_back(&mut self, pool: &mut Pool<E>) -> &mut Chunks {
        self.keys.clear();
        pool.give_back(&mut self.chunks);
        &mut self.chunks
    }

    /// Sorts the events of the bucket whose memory is in `chunks`, except for those that were cancelled.
    pub fn open(&mut self, pool: &mut Pool<E>, tickets: &mut Tickets, range: Range) {
        sort(pool, &self.chunks, range, &mut self.keys);
        self.sorted = self.keys.len();
        if tickets.cancelled() > 0 {
            self.retain_sorted(pool, |ticket| tickets.may_stay(ticket));
        }
    }

    /// Moves all events to a pile, those of one instant in the order in which they came.
    pub fn close(&mut self, pool: &mut Pool<E>) -> Pile {
        let mut pile = Pile::EMPTY;
        for key in self.keys[..self.sorted].iter().rev() {
            let pending = pool.take(key.slot);
            pool.push(&mut pile, QueueSlot { at: key.at, pending });
        }
        self.sorted = 0;
        let mut late = std::mem::take(&mut self.late).into_vec();
        late.sort_unstable_by_key(|late| late.order);
        late.drain(..).for_each(|late| pool.push(&mut pile, late.entry));
        self.late = late.into();
        self.lane.drain(..).for_each(|entry| pool.push(&mut pile, entry));
        self.update_side_min();
        pile
    }

    /// Drops the events that do not satisfy `keep`.
    pub fn retain(&mut self, pool: &mut Pool<E>, mut keep: impl FnMut(Ticket) -> bool) {
        self.retain_sorted(pool, &mut keep);
        self.late.retain(|late| late.entry.ticket().is_some_and(&mut keep));
        self.lane.retain(|entry| entry.ticket().is_some_and(&mut keep));
        self.update_side_min();
    }

    fn retain_sorted(&mut self, pool: &mut Pool<E>, mut keep: impl FnMut(Ticket) -> bool) {
        let mut kept = 0;
        for place in 0..self.sorted {
            let slot = self.keys[place].slot;
            if pool.ticket(slot).is_some_and(&mut keep) {
                self.keys.swap(kept, place);
                kept += 1;
            } else {
                pool.take(slot);
            }
        }
        self.sorted = kept;
    }

    /// Drops all events and keeps the memory.
    pub fn clear(&mut self) {
        self.chunks.clear();
        self.keys.clear();
        self.sorted = 0;
        self.late.clear();
        self.lane.clear();
        self.now = 0;
        self.side_min = u64::MAX;
    }

    /// Events for which there is memory.
    #[cfg(test)]
    pub fn capacity(&self) -> usize {
        self.late.capacity() + self.lane.capacity()
    }

    /// How many events there are, cancelled ones too.
    pub fn len(&self) -> usize {
        self.sorted + self.late.len() + self.lane.len()
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
