use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

const fn at(nanos: u64) -> Time {
    Time::from_nanos(nanos)
}

fn secs(seconds: f64) -> Time {
    Time::from_secs_f64(seconds)
}

#[test]
fn the_burst_is_granted_at_once_and_the_rest_at_the_rate() {
    let mut bucket = TokenBucket::new(2.0, 3);
    let grants: Vec<_> = (0..6).map(|_| bucket.reserve(Time::ZERO, 1)).collect();
    assert_eq!(grants, [0.0, 0.0, 0.0, 0.5, 1.0, 1.5].map(secs));
}

#[test]
fn what_cannot_be_had_at_once_is_refused_and_costs_nothing() {
    let mut bucket = TokenBucket::new(0.5, 2);
    let taken: Vec<_> = [0.0, 0.0, 0.0, 1.9, 2.0, 2.0, 3.9, 4.0].map(|at| bucket.try_take(secs(at), 1)).into();
    assert_eq!(taken, [true, true, false, false, true, false, false, true]);
    assert!(!bucket.try_take(secs(100.0), 3), "more than the burst never comes");
    assert!(bucket.try_take(secs(100.0), 2));
}

#[test]
fn the_bucket_fills_up_to_the_burst_and_no_further() {
    let mut bucket = TokenBucket::new(2.0, 3);
    assert_eq!(bucket.reserve(Time::ZERO, 3), Time::ZERO);
    assert_eq!(bucket.available(secs(1.0)).to_string(), "2");
    assert_eq!(bucket.available(secs(100.0)).to_string(), "3");
    assert_eq!(bucket.reserve(secs(100.0), 4), secs(100.5));
    assert_eq!(bucket.available(secs(100.2)).to_string(), "0");
}

#[test]
fn a_small_reservation_waits_behind_a_large_one() {
    let mut bucket = TokenBucket::new(1.0, 10);
    assert_eq!(bucket.reserve(Time::ZERO, 8), Time::ZERO);
    assert_eq!(bucket.reserve(Time::ZERO, 7), secs(5.0));
    assert_eq!(bucket.reserve(secs(1.0), 1), secs(6.0));
}

#[test]
fn more_than_the_burst_is_granted_when_the_rest_has_flowed_in() {
    let mut bucket = TokenBucket::new(4.0, 2);
    assert_eq!(bucket.reserve(Time::ZERO, 10), secs(2.0));
    assert_eq!(TokenBucket::new(4.0, 0).reserve(Time::ZERO, 1), secs(0.25));
}

#[test]
fn a_rate_that_does_not_divide_a_second_is_met_for_years() {
    let mut bucket = TokenBucket::new(3.0, 1);
    let last = bucket.reserve(Time::ZERO, 300_000_001);
    assert!(last.as_nanos().abs_diff(secs(1e8).as_nanos()) < 10, "{last:?}");
    let mut bucket = TokenBucket::new(7e5, 1);
    let last = (0..=700_000).map(|_| bucket.reserve(Time::ZERO, 1)).last();
    assert_eq!(last, Some(secs(1.0)));
}

#[test]
fn an_infinite_rate_is_no_limit() {
    for burst in [0, 1] {
        let mut bucket = TokenBucket::new(f64::INFINITY, burst);
        assert_eq!(bucket.reserve(at(5), u64::MAX), at(5));
        assert_eq!(bucket.reserve(at(5), 1), at(5));
        assert_eq!(bucket.available(at(5)).to_string(), "inf");
    }
}

#[test]
fn a_rate_of_zero_leaves_the_burst_only() {
    for rate in [0.0, -0.0] {
        let mut bucket = TokenBucket::new(rate, 2);
        assert_eq!(bucket.reserve(at(5), 2), at(5));
        assert_eq!(bucket.reserve(at(6), 1), Time::MAX);
        assert_eq!(bucket.reserve(at(7), u64::MAX), Time::MAX);
        assert_eq!(bucket.available(at(7)).to_string(), "0");
    }
}

#[test]
#[should_panic(expected = "tokens cannot be reserved in the past")]
fn reserving_in_the_past_is_refused() {
    let mut bucket = TokenBucket::new(1.0, 1);
    bucket.reserve(at(5), 1);
    bucket.reserve(at(4), 1);
}

/// The bucket as a level that rises and falls, going from reservation to reservation.
struct Twin {
    rate_per_s: f64,
    burst: f64,
    level: f64,
    at_s: f64,
}

impl Twin {
    /// Waits until the level is `tokens`, or full, then takes them out.
    fn reserve(&mut self, now_s: f64, tokens: f64) -> f64 {
        let start_s = self.at_s.max(now_s);
        let level = (self.level + (start_s - self.at_s) * self.rate_per_s).min(self.burst);
        self.at_s = start_s + (tokens - level).max(0.0) / self.rate_per_s;
        self.level = (level - tokens).max(0.0);
        self.at_s
    }
}

proptest! {
    #[test]
    fn a_bucket_does_what_a_rising_and_falling_level_does(
        rate_per_s in 0.1..1e4_f64,
        burst in 0..20_u64,
        reservations in vec((0..3_000_000_000_u64, 0..30_u64), 1..60),
    ) {
        let mut bucket = TokenBucket::new(rate_per_s, burst);
        let mut twin = Twin { rate_per_s, burst: burst as f64, level: burst as f64, at_s: 0.0 };
        let (mut now, mut last) = (0, Time::ZERO);
        for (gap, tokens) in reservations {
            now += if gap % 3 == 0 { 0 } else { gap / (1 + gap % 1000) };
            let granted = bucket.reserve(at(now), tokens);
            prop_assert!(granted >= at(now) && granted >= last);
            last = granted;
            let expected_s = twin.reserve(at(now).as_secs_f64(), tokens as f64);
            let error_s = granted.as_secs_f64() - expected_s;
            prop_assert!(error_s.abs() < 2e-9 + 1e-12 * expected_s, "{granted:?} is not {expected_s} s");
        }
    }

    #[test]
    fn no_length_of_time_sees_more_than_burst_and_rate_allow(
        rate_per_s in 0.5..1e3_f64,
        burst in 1..8_u64,
        gaps in vec(0..2_000_000_000_u64, 2..40),
    ) {
        let mut bucket = TokenBucket::new(rate_per_s, burst);
        let mut now = 0;
        let grants: Vec<_> = gaps.iter().map(|gap| {
            now += gap / (1 + gap % 100);
            bucket.reserve(at(now), 1).as_secs_f64()
        }).collect();
        for (first, &start_s) in grants.iter().enumerate() {
            for (more, &end_s) in grants[first..].iter().enumerate() {
                let allowed = burst as f64 + rate_per_s * (end_s - start_s);
                prop_assert!((more + 1) as f64 <= allowed + 1e-5, "{} tokens in {} s", more + 1, end_s - start_s);
            }
        }
    }
}
