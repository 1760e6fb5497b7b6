//! A rate limit with a burst allowance.

use crate::time::Time;

/// Times are kept in units of 2^-32 ns, so that rates which do not divide a second are met over any length of time.
const FRACTION_BITS: u32 = 32;
const UNITS_PER_NANO: f64 = (1_u64 << FRACTION_BITS) as f64;
/// Longer than all simulated time: a token that takes this long never comes.
const NEVER: f64 = (1_u128 << 96) as f64;

/// A bucket that fills with `rate` tokens per second up to `burst` tokens, and starts full.
///
/// Tokens are reserved first come, first served: a reservation is granted when the bucket holds its tokens, and later
/// ones wait behind it. A reservation of more than `burst` tokens is granted when the bucket has been emptied and the
/// missing tokens have flowed in. So within any length of time `t`, reservations of at most `burst` tokens each get no
/// more than `burst + rate * t` tokens.
///
/// It is the generic cell rate algorithm (ITU-T I.371) with reservations instead of refusals.
///
/// ```
/// use scaleup::engine::TokenBucket;
/// use scaleup::time::{Span, Time};
///
/// let mut calls = TokenBucket::new(2.0, 3);
/// let grants: Vec<Time> = (0..5).map(|_| calls.reserve(Time::ZERO, 1)).collect();
/// let at = |millis| Time::ZERO + Span::from_millis(millis);
/// assert_eq!(grants, [at(0), at(0), at(0), at(500), at(1000)], "three at once, then two a second");
/// ```
#[derive(Clone, Debug)]
pub struct TokenBucket {
    burst: u64,
    /// The time in which one token flows in; zero means without limit.
    units_per_token: i128,
    /// The time in which the empty bucket is filled.
    units_to_fill: i128,
    /// The instant at which the bucket, given all reservations so far, was or will be empty.
    empty_at: i128,
    last: Time,
}

impl TokenBucket {
    /// A full bucket. `rate_per_s` may be infinite (no limit) or zero (the burst is all there ever is).
    ///
    /// # Panics
    /// When the rate is negative or not a number.
    #[track_caller]
    pub fn new(rate_per_s: f64, burst: u64) -> Self {
        assert!(rate_per_s >= 0.0, "a rate of {rate_per_s} tokens per second has no meaning");
        let units_per_token = (1e9 / rate_per_s.abs() * UNITS_PER_NANO).round().min(NEVER) as i128;
        let units_to_fill = units_per_token.saturating_mul(i128::from(burst));
        Self { burst, units_per_token, units_to_fill, empty_at: -units_to_fill, last: Time::ZERO }
    }

    /// Reserves `tokens` and says when they are granted, rounded up to a whole nanosecond: `now` or later, and not
    /// before any earlier reservation.
    ///
    /// [`Time::MAX`] means never.
    ///
    /// # Panics
    /// When `now` is before the last reservation's `now`.
    #[track_caller]
    pub fn reserve(&mut self, now: Time, tokens: u64) -> Time {
        self.take(now, self.empty_after(now, tokens));
        nanos_rounded_up(self.empty_at).max(now)
    }

    /// Takes `tokens` if they can be had at `now` without waiting, and nothing otherwise; says whether it did.
    ///
    /// # Panics
    /// When `now` is before the last reservation's `now`.
    #[track_caller]
    pub fn try_take(&mut self, now: Time, tokens: u64) -> bool {
        let empty_at = self.empty_after(now, tokens);
        let granted = empty_at <= units(now);
        if granted {
            self.take(now, empty_at);
        }
        granted
    }

    /// The tokens, whole or in part, that could be had at `now` without waiting.
    pub fn available(&self, now: Time) -> f64 {
        if self.units_per_token == 0 {
            return f64::INFINITY;
        }
        let filled = units(now).saturating_sub(self.empty_after(now, 0)).max(0);
        (filled as f64 / self.units_per_token as f64).min(self.burst as f64)
    }

    /// When the bucket was or will be empty if `tokens` are reserved at `now`.
    fn empty_after(&self, now: Time, tokens: u64) -> i128 {
        let empty_at_if_full = units(now).saturating_sub(self.units_to_fill);
        let cost = self.units_per_token.saturating_mul(i128::from(tokens));
        self.empty_at.max(empty_at_if_full).saturating_add(cost)
    }

    #[track_caller]
    fn take(&mut self, now: Time, empty_at: i128) {
        assert!(now >= self.last, "tokens cannot be reserved in the past");
        (self.last, self.empty_at) = (now, empty_at);
    }
}

fn units(time: Time) -> i128 {
    i128::from(time.as_nanos()) << FRACTION_BITS
}

fn nanos_rounded_up(units: i128) -> Time {
    let nanos = units.saturating_add((1 << FRACTION_BITS) - 1) >> FRACTION_BITS;
    Time::from_nanos(u64::try_from(nanos.max(0)).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests;
