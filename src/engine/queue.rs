//! The pending events, in the order in which they happen.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::slots::{SlotKey, Slots};
use crate::time::Time;

/// Cancelled entries are only worth sweeping out when there are at least this many; in tests few, so that it happens often.
const FEWEST_TO_SWEEP: usize = if cfg!(test) { 4 } else { 64 };

/// Names one cancellable event for as long as it is pending; afterwards it is stale and harmless, for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EventKey(SlotKey);

/// A priority queue of events ordered by (time, insertion), from which single events can be cancelled.
///
/// Pushing and popping take O(log n), cancelling amortised O(log n), in the number of pending events.
/// A cancelled event may stay in memory for a while, but is never seen again.
#[derive(Clone, Debug)]
pub struct EventQueue<E> {
    /// The top is always an event that was not cancelled.
    heap: BinaryHeap<Entry<E>>,
    cancellable: Slots<()>,
    cancelled: usize,
    next_sequence: u64,
}

#[derive(Clone, Debug)]
struct Entry<E> {
    /// Time, then sequence number.
    order: u128,
    key: Option<SlotKey>,
    event: E,
}

impl<E> EventQueue<E> {
    /// A queue with nothing in it.
    pub const fn new() -> Self {
        Self { heap: BinaryHeap::new(), cancellable: Slots::new(), cancelled: 0, next_sequence: 0 }
    }

    /// Events that are still to come; cancelled ones do not count.
    pub fn len(&self) -> usize {
        self.heap.len() - self.cancelled
    }

    /// Whether nothing is to come.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// Removes all events and keeps the memory. Keys from before are stale.
    pub fn clear(&mut self) {
        self.heap.clear();
        self.cancellable.clear();
        self.cancelled = 0;
        self.next_sequence = 0;
    }

    /// Adds an event that will happen for certain.
    pub fn push(&mut self, at: Time, event: E) {
        self.push_entry(at, None, event);
    }

    /// Adds an event that the key can cancel.
    ///
    /// # Panics
    /// Above 2^32 cancellable events at once.
    pub fn push_cancellable(&mut self, at: Time, event: E) -> EventKey {
        let key = self.cancellable.insert(());
        self.push_entry(at, Some(key), event);
        EventKey(key)
    }

    /// Removes the event if it is still pending, and says whether it was.
    pub fn cancel(&mut self, key: EventKey) -> bool {
        if self.cancellable.remove(key.0).is_none() {
            return false;
        }
        self.cancelled += 1;
        if self.cancelled >= FEWEST_TO_SWEEP && self.cancelled > self.heap.len() / 2 {
            self.sweep();
        } else {
            self.uncover();
        }
        true
    }

    /// When the next event happens.
    pub fn peek_time(&self) -> Option<Time> {
        self.heap.peek().map(Entry::at)
    }

    /// Takes the next event: the earliest, and among equally early ones the first that was pushed.
    pub fn pop(&mut self) -> Option<(Time, E)> {
        let entry = self.heap.pop()?;
        if let Some(key) = entry.key {
            self.cancellable.remove(key);
        }
        self.uncover();
        Some((entry.at(), entry.event))
    }

    fn push_entry(&mut self, at: Time, key: Option<SlotKey>, event: E) {
        let order = u128::from(at.as_nanos()) << 64 | u128::from(self.next_sequence);
        self.next_sequence += 1;
        self.heap.push(Entry { order, key, event });
    }

    /// Drops cancelled events from the top.
    fn uncover(&mut self) {
        while self.cancelled > 0 {
            match self.heap.peek() {
                Some(top) if !top.is_live(&self.cancellable) => {
                    self.heap.pop();
                    self.cancelled -= 1;
                }
                _ => return,
            }
        }
    }

    /// Drops all cancelled events.
    fn sweep(&mut self) {
        let cancellable = &self.cancellable;
        self.heap.retain(|entry| entry.is_live(cancellable));
        self.cancelled = 0;
    }
}

impl<E> Default for EventQueue<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E> Entry<E> {
    const fn at(&self) -> Time {
        Time::from_nanos((self.order >> 64) as u64)
    }

    fn is_live(&self, cancellable: &Slots<()>) -> bool {
        self.key.is_none_or(|key| cancellable.contains(key))
    }
}

impl<E> PartialEq for Entry<E> {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}

impl<E> Eq for Entry<E> {}

impl<E> PartialOrd for Entry<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> Ord for Entry<E> {
    /// The greatest is the earliest: the heap keeps its greatest entry on top.
    fn cmp(&self, other: &Self) -> Ordering {
        other.order.cmp(&self.order)
    }
}

#[cfg(test)]
mod tests;
