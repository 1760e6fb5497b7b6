//! Simulated time: integer nanoseconds, so that sums are exact and order is total.
//!
//! [`Time`] is an instant after the start of a simulation, [`Span`] a length. Both saturate at their
//! largest value, about 584 years, instead of wrapping.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Add, AddAssign, Mul, Sub};

const NANOS_PER_SECOND: f64 = 1e9;
/// 2^63.
const LARGEST_SIGNED: f64 = 9_223_372_036_854_775_808.0;

/// An instant: nanoseconds since the simulation began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(u64);

/// A length of time in nanoseconds; never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Span(u64);

impl Time {
    /// The start of the simulation.
    pub const ZERO: Self = Self(0);
    /// Later than every instant that is reached.
    pub const MAX: Self = Self(u64::MAX);

    /// The instant `nanos` nanoseconds after the start.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// The instant `seconds` after the start, rounded as [`Span::from_secs_f64`] does.
    pub fn from_secs_f64(seconds: f64) -> Self {
        Self(Span::from_secs_f64(seconds).0)
    }

    /// Nanoseconds since the start.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Seconds since the start.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / NANOS_PER_SECOND
    }

    /// The span from `earlier` to `self`, or zero where `earlier` is not earlier.
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// The longest span.
    pub const MAX: Self = Self(u64::MAX);

    /// A span of `nanos` nanoseconds.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// A span of `millis` milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis.saturating_mul(1_000_000))
    }

    /// A span of whole `seconds`.
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1_000_000_000))
    }

    /// A span of `seconds`, rounded to the nearest nanosecond; negative values and NaN give zero.
    pub fn from_secs_f64(seconds: f64) -> Self {
        let nanos = seconds * NANOS_PER_SECOND;
        if (0.0..LARGEST_SIGNED).contains(&nanos) {
            // Processors convert signed numbers in one step. The rest is exact: this is `round`, and several times
            // faster.
            let whole = nanos as i64;
            let rest = nanos - whole as f64;
            return Self(whole.cast_unsigned() + u64::from(rest >= 0.5));
        }
        // `as` saturates at both ends and maps NaN to zero; here are no fractions.
        Self(nanos as u64)
    }

    /// Its length in nanoseconds.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Its length in seconds.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / NANOS_PER_SECOND
    }

    /// Whether it is no time at all.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// `self - other`, or zero where `other` is longer.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Add<Span> for Time {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub<Span> for Time {
    type Output = Self;
    /// The instant `span` earlier, or the start where that was not so long ago.
    fn sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

impl AddAssign<Span> for Time {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl Sub for Time {
    type Output = Span;
    /// The span between two instants.
    ///
    /// # Panics
    /// In debug builds, when `earlier` is later than `self`: our own mistake.
    fn sub(self, earlier: Self) -> Span {
        debug_assert!(earlier <= self, "{earlier:?} is later than {self:?}");
        self.since(earlier)
    }
}

impl Add for Span {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Mul<u64> for Span {
    type Output = Self;
    fn mul(self, times: u64) -> Self {
        Self(self.0.saturating_mul(times))
    }
}

impl std::iter::Sum for Span {
    fn sum<I: Iterator<Item = Self>>(spans: I) -> Self {
        spans.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Span {
    /// For people: `850ms`, `4.2s`, `12m 40s`, `1h 05m 00s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.saturating_add(500_000) / 1_000_000;
        if millis < 1_000 {
            return write!(f, "{millis}ms");
        }
        let tenths = self.0.saturating_add(50_000_000) / 100_000_000;
        if tenths < 600 {
            return write!(f, "{}.{}s", tenths / 10, tenths % 10);
        }
        let seconds = self.0.saturating_add(500_000_000) / 1_000_000_000;
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        if hours == 0 {
            write!(f, "{minutes}m {seconds:02}s")
        } else {
            write!(f, "{hours}h {minutes:02}m {seconds:02}s")
        }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Span(self.0).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_shown_as_people_say_it() {
        let shown = |seconds: f64| Span::from_secs_f64(seconds).to_string();
        assert_eq!(shown(0.0), "0ms");
        assert_eq!(shown(0.85), "850ms");
        assert_eq!(shown(0.9996), "1.0s");
        assert_eq!(shown(4.24), "4.2s");
        assert_eq!(shown(59.96), "1m 00s");
        assert_eq!(shown(760.4), "12m 40s");
        assert_eq!(shown(3599.6), "1h 00m 00s");
        assert_eq!(shown(3900.0), "1h 05m 00s");
    }

    #[test]
    fn seconds_are_rounded_once_and_never_wrap() {
        assert_eq!(Span::from_secs_f64(1e-9 * 2.4).as_nanos(), 2);
        assert_eq!(Span::from_secs_f64(-3.0), Span::ZERO);
        assert_eq!(Span::from_secs_f64(f64::NAN), Span::ZERO);
        assert_eq!(Span::from_secs_f64(f64::INFINITY), Span::MAX);
        assert_eq!(Time::MAX + Span::from_secs(1), Time::MAX);
    }

    #[test]
    fn seconds_are_rounded_to_the_nearest_nanosecond_and_halves_away_from_zero() {
        let mut seconds = 1e-10_f64;
        while seconds < 1e11 {
            for nanos in [seconds * 1e9, (seconds * 1e9).floor() + 0.5, (seconds * 1e9).ceil()] {
                let there = nanos / 1e9;
                assert_eq!(Span::from_secs_f64(there).as_nanos(), (there * 1e9).round() as u64, "{there}");
            }
            seconds *= 1.000_7;
        }
        assert_eq!(Span::from_secs_f64(2.5e-9).as_nanos(), 3);
    }

    #[test]
    fn since_never_goes_below_zero() {
        let (early, late) = (Time::from_nanos(5), Time::from_nanos(9));
        assert_eq!(late.since(early), Span::from_nanos(4));
        assert_eq!(early.since(late), Span::ZERO);
        assert_eq!(late - Span::from_nanos(4), early);
        assert_eq!(early - Span::from_nanos(9), Time::ZERO);
    }
}
