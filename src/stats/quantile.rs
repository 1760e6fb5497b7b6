//! Quantiles of samples, and intervals for them that assume no shape.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::interval::{Interval, first_where};

/// Values in ascending order; at least one.
#[derive(Clone, Debug, PartialEq)]
pub struct Sorted(Vec<f64>);

impl Sorted {
    /// Sorts `values`; `None` of no values.
    pub fn of(values: &[f64]) -> Option<Self> {
        debug_assert!(values.iter().all(|value| value.is_finite()), "statistics are of finite values");
        Self::of_any(values)
    }

    /// Sorts `values`, which may be infinite; `None` of no values.
    pub(super) fn of_any(values: &[f64]) -> Option<Self> {
        let mut values = values.to_vec();
        values.sort_unstable_by(f64::total_cmp);
        (!values.is_empty()).then_some(Self(values))
    }

    /// The values in ascending order.
    pub fn values(&self) -> &[f64] {
        &self.0
    }

    /// The smallest value.
    pub fn min(&self) -> f64 {
        self.0[0]
    }

    /// The largest value.
    pub fn max(&self) -> f64 {
        self.0[self.0.len() - 1]
    }

    /// The `p`-quantile, between the neighbours of rank (n - 1) p in a straight line; `quantile(0.5)` is the median.
    ///
    /// Source: type 7 of Hyndman and Fan, *Sample quantiles in statistical packages*, The American Statistician 50
    /// (1996); the default of R and `NumPy`. A `p` outside `[0, 1]` counts as the nearer end.
    pub fn quantile(&self, p: f64) -> f64 {
        let rank = (self.0.len() - 1) as f64 * p.clamp(0.0, 1.0);
        let below = rank.floor();
        let (low, high) = (self.0[below as usize], self.0[rank.ceil() as usize]);
        low + (high - low) * (rank - below)
    }

    /// An interval that holds the true `p`-quantile with at least this confidence, from two of the values; `None` if
    /// there are too few ([`smallest_sample_for_quantile_interval`]).
    ///
    /// The values of ranks l and u hold it with probability P(l <= K <= u - 1), where K is binomial with n and `p`,
    /// whatever the shape. l and u are the nearest ranks that leave at most half of the rest on either side.
    ///
    /// Source: Hahn and Meeker, *Statistical Intervals*, 5.2.
    pub fn quantile_interval(&self, p: f64, confidence: f64) -> Option<Interval> {
        let (low, high) = quantile_interval_ranks(self.0.len() as u64, p, confidence)?;
        Some(Interval { low: self.0[low as usize - 1], high: self.0[high as usize - 1] })
    }
}

/// The fewest values from which [`Sorted::quantile_interval`] gives an answer, or `None` if there is no such number.
///
/// At 95 %: 6 for the median, 36 for p90, 72 for p95, 368 for p99.
pub fn smallest_sample_for_quantile_interval(p: f64, confidence: f64) -> Option<u64> {
    if !(0.0 < p && p < 1.0 && 0.0 < confidence && confidence < 1.0) {
        return None;
    }
    let enough = |n: u64| quantile_interval_ranks(n, p, confidence).is_some();
    let mut plenty = 1;
    while !enough(plenty) {
        plenty = if plenty < 1 << 40 { 2 * plenty } else { return None };
    }
    Some(first_where(plenty / 2, plenty, enough))
}

/// The ranks, counted from one, of the ends of the interval for the `p`-quantile.
fn quantile_interval_ranks(n: u64, p: f64, confidence: f64) -> Option<(u64, u64)> {
    let aside = 0.5 * (1.0 - confidence);
    let binomial = Binomial::new(p, n).ok()?;
    // Some rank r has P(K <= r - 1) <= aside: even the least, P(K = 0), must be small enough; the same above.
    let low = last_where(n, |rank| binomial.cdf(rank - 1) <= aside)?;
    let high = n + 1 - last_where(n, |from_top| binomial.sf(n - from_top) <= aside)?;
    (low < high).then_some((low, high))
}

/// The last of 1, ..., `n` for which `holds`, which holds up to some number; `None` if it does not for 1.
fn last_where(n: u64, holds: impl Fn(u64) -> bool) -> Option<u64> {
    if n == 0 || !holds(1) {
        return None;
    }
    Some(first_where(1, n + 1, |rank| !holds(rank)) - 1)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the values are claimed to be exact")]
mod tests {
    use super::*;

    fn one_to(n: u32) -> Sorted {
        Sorted::of(&(1..=n).rev().map(f64::from).collect::<Vec<_>>()).expect("values")
    }

    #[test]
    fn quantiles_are_those_of_numpy() {
        let values = Sorted::of(&[15.0, 20.0, 35.0, 40.0, 50.0]).expect("values");
        assert_eq!([0.0, 0.05, 0.3, 0.4, 0.5, 1.0].map(|p| values.quantile(p)), [15.0, 16.0, 23.0, 29.0, 35.0, 50.0]);
        assert_eq!(one_to(1).quantile(0.99), 1.0);
    }

    #[test]
    fn the_smallest_samples_are_the_known_ones() {
        let smallest = [0.5, 0.9, 0.95, 0.99, 0.999].map(|p| smallest_sample_for_quantile_interval(p, 0.95));
        assert_eq!(smallest, [Some(6), Some(36), Some(72), Some(368), Some(3688)]);
        assert_eq!(smallest_sample_for_quantile_interval(1.0, 0.95), None);
    }

    #[test]
    fn no_sample_is_large_enough_for_certainty_or_for_a_share_that_is_none() {
        for (p, confidence) in [(0.5, 0.0), (0.5, 1.0), (0.5, -0.1), (0.5, 1.1), (0.0, 0.95), (-0.1, 0.95), (1.1, 0.95)]
        {
            assert_eq!(smallest_sample_for_quantile_interval(p, confidence), None, "{p} with {confidence}");
        }
    }

    #[test]
    fn an_interval_appears_with_the_smallest_sample() {
        for (p, n) in [(0.5, 6), (0.9, 36), (0.95, 72), (0.99, 368)] {
            assert_eq!(one_to(n - 1).quantile_interval(p, 0.95), None);
            let interval = one_to(n).quantile_interval(p, 0.95).expect("enough values");
            assert!(interval.contains(f64::from(n) * p));
        }
    }

    #[test]
    fn ranks_agree_with_tables() {
        // Conover, Practical Nonparametric Statistics, table of the sign test.
        assert_eq!(quantile_interval_ranks(10, 0.5, 0.95), Some((2, 9)));
        assert_eq!(quantile_interval_ranks(20, 0.5, 0.95), Some((6, 15)));
        assert_eq!(quantile_interval_ranks(100, 0.5, 0.95), Some((40, 61)));
    }

    #[test]
    fn the_ranks_hold_the_quantile_often_enough_and_no_nearer_ones_do() {
        for (n, p) in [(100, 0.5), (400, 0.95), (1000, 0.99)] {
            let (low, high) = quantile_interval_ranks(n, p, 0.95).expect("enough values");
            let binomial = Binomial::new(p, n).expect("valid");
            assert!(binomial.cdf(low - 1) <= 0.025 && binomial.cdf(low) > 0.025);
            assert!(binomial.sf(high - 1) <= 0.025 && binomial.sf(high - 2) > 0.025);
        }
    }

    #[test]
    fn values_come_in_ascending_order() {
        assert_eq!(one_to(4).values(), [1.0, 2.0, 3.0, 4.0]);
        assert_eq!((one_to(4).min(), one_to(4).max()), (1.0, 4.0));
    }
}
