//! Bandwidth of one link, shared by the transfers in flight.

use super::shared_links::{LinkId, SharedLinks, TransferKey};
use crate::time::Time;

/// One link of [`SharedLinks`], which all transfers pass: all get the same rate, except that none gets more than its
/// own cap, and what the capped ones leave goes to the others. Without caps this is egalitarian processor sharing.
///
/// How to use it, and what an operation costs, stands there.
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
pub struct SharedLink<J>(SharedLinks<J>);

impl<J> SharedLink<J> {
    /// An idle link; its capacity may be infinite.
    ///
    /// # Panics
    /// When the capacity is negative or not a number.
    #[track_caller]
    pub fn new(capacity_per_s: f64) -> Self {
        Self(SharedLinks::new([capacity_per_s]))
    }

    /// As [`SharedLinks::start`].
    ///
    /// # Panics
    /// As there.
    #[track_caller]
    pub fn start(&mut self, now: Time, job: J, size: f64, cap_per_s: f64) -> TransferKey {
        self.0.start(now, job, size, cap_per_s, [Some(LinkId(0)), None])
    }

    /// As [`SharedLinks::set_cap`].
    ///
    /// # Panics
    /// As there.
    #[track_caller]
    pub fn set_cap(&mut self, now: Time, key: TransferKey, cap_per_s: f64) {
        self.0.set_cap(now, key, cap_per_s);
    }

    /// As [`SharedLinks::abort`].
    ///
    /// # Panics
    /// As there.
    #[track_caller]
    pub fn abort(&mut self, now: Time, key: TransferKey) -> Option<(J, f64)> {
        self.0.abort(now, key)
    }

    /// As [`SharedLinks::next_completion`].
    pub const fn next_completion(&self) -> Option<Time> {
        self.0.next_completion()
    }

    /// As [`SharedLinks::take_completed`].
    ///
    /// # Panics
    /// As there.
    #[track_caller]
    pub fn take_completed(&mut self, now: Time) -> Option<J> {
        self.0.take_completed(now)
    }

    /// As [`SharedLinks::in_flight`].
    pub const fn in_flight(&self) -> usize {
        self.0.in_flight()
    }
}

#[cfg(test)]
mod tests;
