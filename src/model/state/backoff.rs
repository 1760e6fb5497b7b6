//! Doubling waits between attempts.

use crate::time::{Span, Time};

/// The instants of an attempt that is repeated after doubling waits, up to a longest one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Backoff {
    next: Time,
    wait: Span,
    longest: Span,
}

impl Backoff {
    /// A first attempt at `first`, a second one `initial` later.
    pub(crate) fn new(first: Time, initial: Span, longest: Span) -> Self {
        Self { next: first, wait: initial.min(longest), longest }
    }

    /// The first attempt at or after `now`; the attempts before it have failed.
    pub(crate) fn next_from(&mut self, now: Time) -> Time {
        while self.next < now {
            if self.wait == self.longest {
                // All further waits are equal: go there in one step.
                let steps = now.since(self.next).as_nanos().div_ceil(self.longest.as_nanos());
                self.next += self.longest * steps;
            } else {
                self.fail();
            }
        }
        self.next
    }

    /// When the next attempt can be.
    pub(crate) const fn due(&self) -> Time {
        self.next
    }

    /// The attempt at [`Self::next_from`] has failed: on to the one after it.
    pub(crate) fn fail(&mut self) {
        self.next += self.wait;
        self.wait = (self.wait + self.wait).min(self.longest);
    }

    /// An attempt at `now`, later than it could have been, has failed: the next wait counts from there.
    pub(crate) fn restart_failed(&mut self, now: Time) {
        self.next = now;
        self.fail();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: f64) -> Time {
        Time::from_secs_f64(seconds)
    }

    #[test]
    fn kubelet_mount_attempts_come_at_the_documented_instants() {
        let mut backoff = Backoff::new(at(0.0), Span::from_millis(500), Span::from_secs(122));
        let mut instants = Vec::new();
        for _ in 0..11 {
            instants.push(backoff.next_from(Time::ZERO).as_secs_f64());
            backoff.fail();
        }
        assert_eq!(instants, [0.0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5, 63.5, 127.5, 249.5, 371.5]);
    }

    #[test]
    fn skipping_attempts_lands_on_the_same_instants_as_failing_them() {
        for now in [0.0, 0.4, 0.5, 100.0, 127.5, 127.6, 249.5, 3_000.0, 100_000.25] {
            let mut skipping = Backoff::new(at(0.0), Span::from_millis(500), Span::from_secs(122));
            let mut failing = skipping;
            while failing.next < at(now) {
                failing.fail();
            }
            assert_eq!(skipping.next_from(at(now)), failing.next, "{now}");
        }
    }
}
