//! Two systems whose replications belong together.

use serde::{Deserialize, Serialize};

use super::interval::{Interval, half_width, replications_for};
use super::moments::{mean, variance};

/// How much system b differs from system a, replication by replication under common random numbers.
///
/// Source: the paired-t interval of Law, *Simulation Modeling and Analysis*, 10.2.1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairedDifference {
    /// How many pairs.
    pub n: usize,
    /// The mean of b minus a: negative where b is smaller.
    pub mean: f64,
    /// Standard deviation of b minus a; absent with a single pair.
    pub sd: Option<f64>,
    /// The interval for the mean of b minus a; absent with a single pair.
    pub interval: Option<Interval>,
    /// Whether the interval leaves zero out, so that the sign of the difference is known.
    pub resolved: bool,
    /// The variance that the difference would have with independent runs, over the one that it has: as many times more
    /// replications would be needed without pairing. Absent with a single pair, or where b minus a never varies.
    pub variance_ratio: Option<f64>,
    /// The share of pairs in which b is smaller than a; an equal pair counts half.
    pub probability_b_smaller: f64,
    /// How many replications would give an interval that leaves zero out, if mean and standard deviation
    /// stay as they are. Absent with a single pair, or where the mean is zero.
    pub replications_to_resolve: Option<u64>,
}

impl PairedDifference {
    /// Of b minus a, where the values at the same place belong together; `None` without values.
    ///
    /// # Panics
    /// If one has more values than the other: our own mistake.
    pub fn of(a: &[f64], b: &[f64], confidence: f64) -> Option<Self> {
        assert_eq!(a.len(), b.len(), "values of two systems come in pairs");
        let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| b - a).collect();
        let mean = mean(&differences)?;
        let variance = variance(&differences);
        let sd = variance.map(f64::sqrt);
        let n = differences.len();
        let interval = sd.map(|sd| Interval::around(mean, half_width(sd, n as u64, confidence)));
        Some(Self {
            n,
            mean,
            sd,
            interval,
            resolved: interval.is_some_and(|interval| !interval.contains(0.0)),
            variance_ratio: variance.filter(|&paired| paired > 0.0).and_then(|paired| ratio(a, b, paired)),
            probability_b_smaller: differences.iter().map(|&difference| smaller(difference)).sum::<f64>() / n as f64,
            replications_to_resolve: sd.and_then(|sd| to_resolve(mean, sd, confidence)),
        })
    }
}

/// The variance of independent differences over the `paired` one.
fn ratio(a: &[f64], b: &[f64], paired: f64) -> Option<f64> {
    Some((variance(a)? + variance(b)?) / paired)
}

/// 1 for a negative difference, 1/2 for none.
fn smaller(difference: f64) -> f64 {
    if difference < 0.0 {
        1.0
    } else if difference > 0.0 {
        0.0
    } else {
        0.5
    }
}

/// The half-width must become less than the distance of the mean from zero.
fn to_resolve(mean: f64, sd: f64, confidence: f64) -> Option<u64> {
    replications_for(mean.abs() * (1.0 - f64::EPSILON), sd, confidence)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the values are claimed to be exact")]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        // Student's own pairs: additional hours of sleep with two drugs (Biometrika 6, 1908); t = 4.0621, p = 0.0028.
        let a = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
        let b = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
        let difference = PairedDifference::of(&a, &b, 0.95).expect("pairs");
        let interval = difference.interval.expect("an interval");
        assert!((difference.mean - 1.58).abs() < 1e-12);
        assert!(
            (interval.low - 0.700_114_2).abs() < 1e-6 && (interval.high - 2.459_885_8).abs() < 1e-6,
            "{interval:?}"
        );
        assert!(difference.resolved);
        assert_eq!(difference.probability_b_smaller, 0.05);
        // Variances 3.2006 and 4.0090 against 1.5129 of the difference.
        assert!((difference.variance_ratio.expect("it varies") - 4.7655).abs() < 1e-3, "{difference:?}");
    }

    #[test]
    fn a_system_does_not_differ_from_itself() {
        let values = [3.1, 4.1, 5.9, 2.6];
        let difference = PairedDifference::of(&values, &values, 0.95).expect("pairs");
        assert_eq!(difference.mean, 0.0);
        assert_eq!(difference.interval, Some(Interval { low: 0.0, high: 0.0 }));
        assert!(!difference.resolved);
        assert_eq!(difference.probability_b_smaller, 0.5);
        assert_eq!(difference.replications_to_resolve, None);
        assert_eq!(difference.variance_ratio, None);
    }

    #[test]
    fn a_constant_difference_is_resolved_by_two_pairs() {
        let difference = PairedDifference::of(&[1.0, 2.0], &[1.5, 2.5], 0.95).expect("pairs");
        assert!(difference.resolved);
        assert_eq!(difference.replications_to_resolve, Some(2));
    }

    #[test]
    fn an_interval_that_ends_at_zero_resolves_nothing_yet() {
        let mean = half_width(1.0, 10, 0.95);
        assert!(Interval::around(mean, mean).contains(0.0));
        assert_eq!((replications_for(mean, 1.0, 0.95), to_resolve(mean, 1.0, 0.95)), (Some(10), Some(11)));
    }

    #[test]
    fn the_replications_to_resolve_do_resolve() {
        let pattern = [2.0, -1.0, 0.5, -0.9];
        let repeated = |times: usize| pattern.repeat(times);
        let few = PairedDifference::of(&[0.0; 4], &repeated(1), 0.95).expect("pairs");
        assert!(!few.resolved);
        let needed = few.replications_to_resolve.expect("a number") as usize;
        let many = PairedDifference::of(&vec![0.0; 4 * needed.div_ceil(4)], &repeated(needed.div_ceil(4)), 0.95);
        assert!(many.expect("pairs").resolved);
    }
}
