//! Token buckets and window budgets under Poisson arrivals, and under a rush.

use scaleup::engine::{TokenBucket, Window, WindowBudget};
use scaleup::time::{Span, Time};

use super::interval::{Mean, Random, replicate};
use super::lines::{erlang_b, work_at_most};

const REPLICATIONS: u64 = 100;
const WARM_UP: u32 = 2_000;
const COUNTED: u32 = 10_000;

/// Poisson arrivals, of which the first are not counted.
fn arrivals(mut random: Random, per_s: f64, mut arrive: impl FnMut(Time, bool)) {
    let mut now = Time::ZERO;
    for index in 0..WARM_UP + COUNTED {
        now += random.gap(1.0 / per_s);
        arrive(now, index >= WARM_UP);
    }
}

/// The mean delay in seconds, and the share of tokens that are delayed, at one token a second.
fn simulate_bucket(burst: u64, tokens_per_s: f64, random: Random) -> [f64; 2] {
    let mut bucket = TokenBucket::new(1.0, burst);
    let (mut delay, mut delayed) = (Mean::default(), Mean::default());
    arrivals(random, tokens_per_s, |now, counted| {
        let waits = bucket.reserve(now, 1) - now;
        if counted {
            delay.add(waits.as_secs_f64());
            delayed.add_share(!waits.is_zero());
        }
    });
    [delay.get(), delayed.get()]
}

/// The mean of what the work exceeds `x` by: the mean work less the integral of the probability to exceed, by Simpson's
/// rule.
fn work_beyond(load: f64, x: u32) -> f64 {
    const STEPS: u32 = 100;
    let exceeds = |u: f64| 1.0 - work_at_most(load, u);
    let simpson = |second: u32| {
        let at = |step: u32| exceeds(f64::from(second) + f64::from(step) / f64::from(STEPS) * 0.999_999_999);
        let inner: f64 = (1..STEPS).map(|step| at(step) * if step % 2 == 1 { 4.0 } else { 2.0 }).sum();
        (at(0) + inner + at(STEPS)) / (3.0 * f64::from(STEPS))
    };
    load / (1.0 - load) / 2.0 - (0..x).map(simpson).sum::<f64>()
}

/// A bucket that owes is an M/D/1 queue: its work is what was reserved and has not flowed in, and the burst is work
/// that nobody waits for.
#[test]
fn tokens_are_delayed_like_customers_in_m_d_1() {
    for (load, burst, precision) in [(0.5, 1, 0.02), (0.8, 1, 0.03), (0.8, 3, 0.05), (0.9, 6, 0.1)] {
        let [delay, delayed] = replicate(REPLICATIONS, |random| simulate_bucket(burst, load, random));
        let free = u32::try_from(burst - 1).expect("bursts are small");
        delay.assert_confirms(work_beyond(load, free), precision, "mean delay");
        delayed.assert_confirms(1.0 - work_at_most(load, f64::from(free)), precision / 2.0, "share that is delayed");
    }
}

#[test]
fn a_rush_on_a_token_bucket_is_over_when_it_must_be() {
    for (rate_per_s, burst, tokens) in [(5.0, 100, 500), (0.1, 1, 300), (2.5, 10, 5_000)] {
        let mut bucket = TokenBucket::new(rate_per_s, burst);
        let last = (0..tokens).map(|_| bucket.reserve(Time::ZERO, 1)).last();
        let theory_s = (tokens - burst) as f64 / rate_per_s;
        assert_eq!(last, Some(Time::from_secs_f64(theory_s)));
    }
}

/// The share of arrivals that find the budget used up and go away, at `per_window` arrivals in a window's length.
fn simulate_budget(limit: u64, kind: Window, per_window: f64, random: Random) -> f64 {
    let mut budget = WindowBudget::new(limit, Span::from_secs(1), kind);
    let mut refused = Mean::default();
    arrivals(random, per_window, |now, counted| {
        let result = budget.try_take(now, ());
        if counted {
            refused.add_share(result.is_err());
        }
    });
    refused.get()
}

/// A use that counts for one window's length is a server that is busy for so long: Erlang's loss system.
#[test]
fn a_sliding_window_refuses_as_many_as_erlangs_loss_system() {
    for (limit, per_window) in [(1, 0.5), (5, 4.0), (20, 25.0)] {
        let [refused] = replicate(REPLICATIONS, |random| [simulate_budget(limit, Window::Sliding, per_window, random)]);
        refused.assert_confirms(erlang_b(limit, per_window), 0.01, "share that is refused");
    }
}

/// From one opening to the next a window's length passes, and the time until somebody comes; so many come, and `limit`
/// are let in.
fn refused_by_fixed_window(limit: u64, per_window: f64) -> f64 {
    let (mut probability, mut let_in, mut at_least) = (libm::exp(-per_window), 0.0, 1.0);
    for count in 0..limit {
        // The k-th of a window is let in if k - 1 or more come after the first.
        let_in += at_least;
        at_least -= probability;
        probability *= per_window / (count + 1) as f64;
    }
    1.0 - let_in / (1.0 + per_window)
}

#[test]
fn a_fixed_window_refuses_as_many_as_renewal_theory_says() {
    for (limit, per_window) in [(1, 0.5), (5, 6.0), (20, 25.0)] {
        let [refused] = replicate(REPLICATIONS, |random| [simulate_budget(limit, Window::Fixed, per_window, random)]);
        refused.assert_confirms(refused_by_fixed_window(limit, per_window), 0.01, "share that is refused");
    }
}

/// All come at the beginning and again when they are told to: one limit of them is let in at each window's opening.
#[test]
fn a_rush_on_a_window_budget_is_let_in_window_by_window() {
    const WINDOW_S: u32 = 21_600;
    for kind in [Window::Fixed, Window::Sliding] {
        let mut budget = WindowBudget::new(100, Span::from_secs(u64::from(WINDOW_S)), kind);
        let mut let_in = Vec::new();
        let mut queue: std::collections::VecDeque<_> = (0..350).map(|_| Time::ZERO).collect();
        while let Some(now) = queue.pop_front() {
            match budget.try_take(now, "one address") {
                Ok(()) => let_in.push(now),
                Err(retry) => {
                    assert!(retry > now, "who is told to come again at once asks for ever");
                    queue.push_back(retry);
                }
            }
        }
        let theory = (0..350_u32).map(|n| Time::from_secs_f64(f64::from(n / 100 * WINDOW_S)));
        assert_eq!(let_in, theory.collect::<Vec<_>>());
    }
}
