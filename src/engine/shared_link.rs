//! Bandwidth shared by the transfers in flight.

use std::collections::BTreeMap;

use super::attained::Attained;
use super::slots::{SlotKey, Slots};
use crate::time::Time;

const NANOS_PER_SECOND: f64 = 1e9;

/// Names one transfer while it is in flight; afterwards it is stale and harmless, for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TransferKey(SlotKey);

/// A link whose capacity the transfers in flight share max-min fairly: all get the same rate, except that none gets
/// more than its own cap, and what the capped ones leave goes to the others. Without caps this is egalitarian processor
/// sharing.
///
/// Sizes are in any unit (bytes, say), capacity and caps in that unit per second. The link is passive: whenever
/// something changes, the caller schedules an event for [`next_completion`](Self::next_completion), and there calls
/// [`take_completed`](Self::take_completed) until nothing comes. A completion must be taken at its instant, before time
/// goes on.
///
/// Transfers with the same cap form a class, and in a class all have attained the same service since they met; so an
/// operation takes O(log n) for n transfers, plus O(c) for c distinct caps among them.
///
/// ```
/// use scaleup::engine::SharedLink;
/// use scaleup::time::Time;
///
/// // 10 MB each, over a link of 10 MB/s; the second one cannot take more than 2 MB/s.
/// let mut link = SharedLink::new(10.0);
/// link.start(Time::ZERO, "fast", 10.0, f64::INFINITY);
/// link.start(Time::ZERO, "slow", 10.0, 2.0);
/// let first = link.next_completion().expect("two are in flight");
/// assert_eq!((first, link.take_completed(first)), (Time::from_secs_f64(1.25), Some("fast")), "at 8 MB/s");
/// let second = link.next_completion().expect("one is in flight");
/// assert_eq!((second, link.take_completed(second)), (Time::from_secs_f64(5.0), Some("slow")));
/// ```
#[derive(Clone, Debug)]
pub struct SharedLink<J> {
    capacity_per_s: f64,
    /// In ascending order of caps; none is empty.
    classes: Vec<CapClass>,
    transfers: Slots<Transfer<J>>,
    in_flight: usize,
    /// The instant up to which attained service is accounted for.
    updated: Time,
    next_completion: Option<Time>,
    next_order: u64,
}

/// Where in its class a transfer completes: when this much service is attained, in order of entry if equal.
type Finish = (Attained, u64);

#[derive(Clone, Debug)]
struct CapClass {
    cap_per_s: f64,
    rate_per_s: f64,
    /// The service that a transfer attained which is here since the class exists.
    attained: Attained,
    finishes: BTreeMap<Finish, SlotKey>,
    /// When the first of them completes.
    due: Option<Time>,
}

#[derive(Clone, Debug)]
struct Transfer<J> {
    job: J,
    cap_per_s: f64,
    finish: Finish,
}

impl<J> SharedLink<J> {
    /// An idle link; its capacity may be infinite.
    ///
    /// # Panics
    /// When the capacity is negative or not a number.
    #[track_caller]
    pub fn new(capacity_per_s: f64) -> Self {
        assert!(capacity_per_s >= 0.0, "a capacity of {capacity_per_s} per second has no meaning");
        Self {
            capacity_per_s,
            classes: Vec::new(),
            transfers: Slots::new(),
            in_flight: 0,
            updated: Time::ZERO,
            next_completion: None,
            next_order: 0,
        }
    }

    /// Starts a transfer of `size` that gets at most `cap_per_s`, which may be infinite, or zero for a transfer that
    /// rests.
    ///
    /// With infinite capacity and cap it is complete at once.
    ///
    /// # Panics
    /// When the size is negative or not finite, the cap negative or not a number, `now` in the past, or a completion
    /// before `now` not taken.
    #[track_caller]
    pub fn start(&mut self, now: Time, job: J, size: f64, cap_per_s: f64) -> TransferKey {
        assert!(size >= 0.0 && size.is_finite(), "a size of {size} has no meaning");
        assert_cap(cap_per_s);
        self.advance(now);
        let key = self.transfers.insert(Transfer { job, cap_per_s, finish: (Attained::ZERO, 0) });
        self.in_flight += 1;
        self.enter_class(key, cap_per_s, size);
        self.share_out();
        TransferKey(key)
    }

    /// Gives a transfer in flight another cap, with which the rest of it goes on; a stale key does nothing.
    ///
    /// # Panics
    /// When the cap is negative or not a number, `now` in the past, or a completion before `now` not taken.
    #[track_caller]
    pub fn set_cap(&mut self, now: Time, key: TransferKey, cap_per_s: f64) {
        assert_cap(cap_per_s);
        self.advance(now);
        if let Some(remaining) = self.leave_class(key.0) {
            self.enter_class(key.0, cap_per_s, remaining);
            self.share_out();
        }
    }

    /// Takes a transfer away before it is complete: its job and what is left of its size. A stale key gives nothing.
    ///
    /// # Panics
    /// When `now` is in the past, or a completion before `now` not taken.
    #[track_caller]
    pub fn abort(&mut self, now: Time, key: TransferKey) -> Option<(J, f64)> {
        self.advance(now);
        let remaining = self.leave_class(key.0)?;
        let job = self.remove(key.0)?;
        Some((job, remaining))
    }

    /// When the next transfer completes if nothing changes until then, rounded up to a whole nanosecond.
    pub const fn next_completion(&self) -> Option<Time> {
        self.next_completion
    }

    /// Takes out a transfer that is complete at `now`. To be called until nothing comes, as the last step may complete
    /// others.
    ///
    /// Of several complete at one instant, those with smaller caps come first.
    ///
    /// # Panics
    /// When `now` is in the past, or a completion before `now` not taken.
    #[track_caller]
    pub fn take_completed(&mut self, now: Time) -> Option<J> {
        self.advance(now);
        let class = self.classes.iter().find(|class| class.is_due(now))?;
        let (_, &key) = class.finishes.first_key_value()?;
        self.leave_class(key)?;
        self.remove(key)
    }

    /// How many transfers were started and neither taken when complete nor aborted.
    pub const fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// Accounts for the service attained until `now`.
    #[track_caller]
    fn advance(&mut self, now: Time) {
        assert!(now >= self.updated, "a link cannot go back in time");
        assert!(
            self.next_completion.is_none_or(|due| now <= due),
            "a transfer that was complete before now was not taken"
        );
        let seconds = (now - self.updated).as_secs_f64();
        self.updated = now;
        for class in &mut self.classes {
            class.advance(now, seconds);
        }
    }

    /// Puts a transfer into the class of its cap, with `remaining` to go.
    fn enter_class(&mut self, key: SlotKey, cap_per_s: f64, remaining: f64) {
        let found = self.classes.binary_search_by(|class| class.cap_per_s.total_cmp(&cap_per_s));
        let place = found.unwrap_or_else(|place| {
            self.classes.insert(place, CapClass::new(cap_per_s));
            place
        });
        let class = &mut self.classes[place];
        let finish = (class.attained.plus(remaining), self.next_order);
        self.next_order += 1;
        class.finishes.insert(finish, key);
        if let Some(transfer) = self.transfers.get_mut(key) {
            transfer.cap_per_s = cap_per_s;
            transfer.finish = finish;
        }
    }

    /// Takes a transfer out of its class and says how much of it is left.
    fn leave_class(&mut self, key: SlotKey) -> Option<f64> {
        let transfer = self.transfers.get(key)?;
        let place = self.classes.binary_search_by(|class| class.cap_per_s.total_cmp(&transfer.cap_per_s)).ok()?;
        let class = &mut self.classes[place];
        class.finishes.remove(&transfer.finish)?;
        let remaining = transfer.finish.0.minus(class.attained).max(0.0);
        if class.finishes.is_empty() {
            self.classes.remove(place);
        }
        Some(remaining)
    }

    fn remove(&mut self, key: SlotKey) -> Option<J> {
        let transfer = self.transfers.remove(key)?;
        self.in_flight -= 1;
        self.share_out();
        Some(transfer.job)
    }

    /// Fills the classes with capacity like basins with water: in ascending order of caps, each transfer gets an equal
    /// share of what is left, or its cap where that is less.
    fn share_out(&mut self) {
        let mut capacity = self.capacity_per_s;
        let mut sharers = self.in_flight;
        for class in &mut self.classes {
            let members = class.finishes.len();
            class.rate_per_s = class.cap_per_s.min(capacity / sharers as f64);
            class.update_due(self.updated);
            // Where both are infinite the difference is not a number, but then this is the last class.
            capacity = (capacity - members as f64 * class.rate_per_s).max(0.0);
            sharers -= members;
        }
        self.next_completion = self.classes.iter().filter_map(|class| class.due).min();
    }
}

impl CapClass {
    const fn new(cap_per_s: f64) -> Self {
        Self { cap_per_s, rate_per_s: 0.0, attained: Attained::ZERO, finishes: BTreeMap::new(), due: None }
    }

    fn is_due(&self, now: Time) -> bool {
        self.due.is_some_and(|due| due <= now)
    }

    fn first_finish(&self) -> Option<Attained> {
        self.finishes.keys().next().map(|finish| finish.0)
    }

    fn last_finish(&self) -> Option<Attained> {
        self.finishes.keys().next_back().map(|finish| finish.0)
    }

    fn advance(&mut self, now: Time, seconds: f64) {
        // The rate may be infinite, and infinity times nothing is not a number.
        if seconds > 0.0 {
            self.attained = self.attained.plus(self.rate_per_s * seconds);
        }
        if self.is_due(now) {
            // The first is complete, whatever crumb rounding may have left; at an infinite rate all are.
            let complete = if self.rate_per_s.is_finite() { self.first_finish() } else { self.last_finish() };
            self.attained = complete.map_or(self.attained, |finish| self.attained.max(finish));
        }
    }

    fn update_due(&mut self, now: Time) {
        self.due = self.first_finish().and_then(|finish| {
            let remaining = finish.minus(self.attained);
            if remaining <= 0.0 {
                return Some(now);
            }
            let nanos = (remaining / self.rate_per_s * NANOS_PER_SECOND).ceil();
            // `as` saturates: a time that is never reached means never.
            let due = Time::from_nanos(now.as_nanos().saturating_add(nanos as u64));
            (due < Time::MAX).then_some(due)
        });
    }
}

#[track_caller]
fn assert_cap(cap_per_s: f64) {
    assert!(cap_per_s >= 0.0, "a cap of {cap_per_s} per second has no meaning");
}

#[cfg(test)]
mod tests;
