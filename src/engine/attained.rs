//! Service that was attained: a sum that does not drift.

use std::cmp::Ordering;

/// A growing sum kept in two numbers, the second holding what rounding took from the first.
///
/// Adding a million small amounts to a large sum loses nothing that would be noticed in the small amounts.
/// See Knuth, *The Art of Computer Programming*, vol. 2, 4.2.2, theorem B.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Attained {
    high: f64,
    low: f64,
}

impl Attained {
    pub const ZERO: Self = Self { high: 0.0, low: 0.0 };

    pub fn plus(self, amount: f64) -> Self {
        let sum = self.high + amount;
        let amount_in_sum = sum - self.high;
        let lost = (self.high - (sum - amount_in_sum)) + (amount - amount_in_sum);
        let low = self.low + lost;
        let high = sum + low;
        Self { high, low: low - (high - sum) }
    }

    pub fn minus(self, other: Self) -> f64 {
        (self.high - other.high) + (self.low - other.low)
    }
}

impl PartialEq for Attained {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Attained {}

impl PartialOrd for Attained {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Attained {
    fn cmp(&self, other: &Self) -> Ordering {
        self.high.total_cmp(&other.high).then(self.low.total_cmp(&other.low))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_small_amounts_on_a_large_sum_are_all_there() {
        let start = Attained::ZERO.plus(1e15);
        let end = (0..1_000_000).fold(start, |sum, _| sum.plus(0.01));
        let error = (end.minus(start) - 10_000.0).abs();
        assert!(error < 1e-8, "{error}");
    }

    #[test]
    fn sums_are_ordered_by_their_exact_values() {
        let large = Attained::ZERO.plus(1e16);
        assert!(large < large.plus(0.25));
        assert!(large.plus(0.25) < large.plus(0.5));
        assert_eq!(large.plus(0.25).plus(-0.25), large);
        assert_ne!(large.plus(0.25), large);
    }

    #[test]
    fn a_difference_is_exact_where_the_sums_look_alike() {
        let large = Attained::ZERO.plus(1e16);
        let differences = [large.plus(0.25).minus(large), large.plus(0.25).minus(large.plus(0.5))];
        let shown = differences.map(|difference| difference.to_string());
        assert_eq!(shown, ["0.25", "-0.25"], "less than the last digit of the sums, which is 2");
    }
}
