//! The pending events, in the order in which they happen.
//!
//! A heap orders all pending events all the time, which costs a few cache misses and mispredicted branches per event.
//! Most of that is not needed: only the next few events must be in order. So events lie unordered in the memory of a
//! [`pool`], on piles, one for each bucket of the [`ladder`]; when a bucket's turn comes its times are sorted,
//! [`sort`], and the [`front`] takes the events one by one from where they lie. With few events pending there are no
//! buckets, and the front has them all.
//!
//! What was measured, and what was tried and rejected, stands in `docs/performance.md`; `cargo bench --bench engine --
//! --table` measures again.

mod entry;
mod front;
mod ladder;
mod pool;
mod sort;
mod tickets;

use self::entry::Pending;
use self::front::Front;
use self::ladder::Ladder;
use self::pool::Pool;
pub use self::tickets::EventKey;
use self::tickets::{Ticket, Tickets};
use crate::time::Time;

/// Cancelled entries are only worth sweeping out when there are at least this many.
const FEWEST_TO_SWEEP: usize = 64;

/// A priority queue of events ordered by (time, insertion), from which single events can be cancelled.
///
/// Pushing, popping and cancelling take amortised O(1) when events come about as densely as the pending ones lie,
/// whatever their number, and O(log n) otherwise. Cancellation is lazy: cancelled events are dropped when popped, or
/// swept out when they are many.
///
/// ```
/// use scaleup::engine::EventQueue;
/// use scaleup::time::Time;
///
/// let mut queue = EventQueue::new();
/// let at = Time::from_nanos;
/// queue.push(at(20), "later");
/// queue.push(at(10), "first");
/// let key = queue.push_cancellable(at(10), "taken back");
/// queue.push(at(10), "second");
/// assert!(queue.cancel(key));
/// assert_eq!(queue.peek_time(), Some(at(10)));
/// let order: Vec<&str> = std::iter::from_fn(|| queue.pop()).map(|(_, event)| event).collect();
/// assert_eq!(order, ["first", "second", "later"]);
/// ```
#[derive(Clone, Debug)]
pub struct EventQueue<E> {
    /// Unless it is empty, the first event of all is here.
    front: Front<E>,
    /// Later events than this are on the ladder, all others at the front.
    front_last: u64,
    ladder: Ladder,
    /// The events on the ladder, and those at the front that were sorted.
    pool: Pool<E>,
    tickets: Tickets,
    /// So many cancelled entries at least are swept out.
    fewest_to_sweep: usize,
}

impl<E> EventQueue<E> {
    /// A queue with nothing in it.
    pub const fn new() -> Self {
        Self::sweeping_from(FEWEST_TO_SWEEP)
    }

    /// A queue that sweeps out cancelled entries when there are `fewest`.
    const fn sweeping_from(fewest_to_sweep: usize) -> Self {
        Self {
            front: Front::new(),
            front_last: u64::MAX,
            ladder: Ladder::new(),
            pool: Pool::new(),
            tickets: Tickets::new(),
            fewest_to_sweep,
        }
    }

    /// Events that are still to come; cancelled ones do not count.
    pub fn len(&self) -> usize {
        self.front.len() + self.ladder.len() - self.tickets.cancelled()
    }

    /// Whether nothing is to come.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Removes all events and keeps the memory. Keys from before are stale.
    pub fn clear(&mut self) {
        self.front.clear();
        self.front_last = u64::MAX;
        self.ladder.clear();
        self.pool.clear();
        self.tickets.clear();
    }

    /// Adds an event that will happen for certain.
    #[inline]
    pub fn push(&mut self, at: Time, event: E) {
        self.push_with(at.as_nanos(), Ticket::CERTAIN, event);
    }

    /// Adds an event that the key can cancel.
    #[inline]
    pub fn push_cancellable(&mut self, at: Time, event: E) -> EventKey {
        let key = self.tickets.issue();
        self.push_with(at.as_nanos(), key.ticket(), event);
        key
    }

    /// Removes the event if it is still pending, and says whether it was.
    ///
    /// # Panics
    /// Possibly, if the key is of another queue.
    pub fn cancel(&mut self, key: EventKey) -> bool {
        if !self.tickets.cancel(key) {
            return false;
        }
        if self.tickets.cancelled() >= self.fewest_to_sweep && self.tickets.cancelled() > self.len() {
            self.front.retain(&mut self.pool, |ticket| self.tickets.may_stay(ticket));
            self.ladder.retain(&mut self.pool, |ticket| self.tickets.may_stay(ticket));
        }
        true
    }

    /// When the next event happens. It may move events around, which changes nothing that can be seen.
    pub fn peek_time(&mut self) -> Option<Time> {
        loop {
            match self.front.first(&self.pool) {
                Some((at, ticket)) if !self.tickets.is_cancelled(ticket) => return Some(Time::from_nanos(at)),
                Some((at, ticket)) => {
                    self.front.pop_until(&mut self.pool, at);
                    self.tickets.redeem(ticket);
                }
                None if !self.refill() => return None,
                None => {}
            }
        }
    }

    /// Takes the next event: the earliest, and among equally early ones the first that was pushed.
    #[inline]
    pub fn pop(&mut self) -> Option<(Time, E)> {
        self.pop_until(Time::MAX)
    }

    /// Takes the next event as [`pop`](Self::pop) does, unless it is later than `horizon`.
    #[inline]
    pub fn pop_until(&mut self, horizon: Time) -> Option<(Time, E)> {
        loop {
            if let Some((at, Pending { ticket, event })) = self.front.pop_until(&mut self.pool, horizon.as_nanos()) {
                if self.tickets.redeem(ticket) {
                    return Some((Time::from_nanos(at), event));
                }
            } else if !self.refill() {
                return None;
            }
        }
    }

    #[inline]
    fn push_with(&mut self, at: u64, ticket: Ticket, event: E) {
        if at > self.front_last {
            self.ladder.push(&mut self.pool, at, ticket, event);
        } else {
            self.push_to_front(at, ticket, event);
        }
    }

    #[inline(never)]
    fn push_to_front(&mut self, at: u64, ticket: Ticket, event: E) {
        if self.front.fits_sorted(at) {
            self.front.insert(&mut self.pool, at, ticket, event);
        } else {
            self.push_aside(at, ticket, event);
        }
    }

    #[inline(never)]
    fn push_aside(&mut self, at: u64, ticket: Ticket, event: E) {
        if !self.front.push_to_side(&mut self.pool, at, ticket, event) {
            self.spread_front();
        }
    }

    /// Moves the front's events to the ladder, except for the first ones.
    #[cold]
    fn spread_front(&mut self) {
        let mut pile = self.front.close(&mut self.pool);
        let chunks = self.front.give_back(&mut self.pool);
        self.pool.take_pile(&mut pile, chunks);
        self.ladder.spread(&mut self.pool, &mut self.tickets, chunks, self.front_last);
        self.refill();
    }

    /// Takes the next bucket if the front is empty; false if it is not, or if there are no more events.
    #[inline(never)]
    fn refill(&mut self) -> bool {
        let is_empty = self.front.is_empty();
        while self.front.is_empty() && !self.ladder.is_empty() {
            let chunks = self.front.give_back(&mut self.pool);
            let opened = self.ladder.take_first(&mut self.pool, &mut self.tickets, chunks);
            self.front_last = opened.as_ref().map_or(u64::MAX, |opened| opened.last);
            if let Some(opened) = opened {
                self.front.open(&mut self.pool, &mut self.tickets, opened.range);
            }
        }
        is_empty && !self.front.is_empty()
    }
}

impl<E> Default for EventQueue<E> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
