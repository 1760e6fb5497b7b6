//! Confidence intervals of a mean, and how many replications they need.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use super::moments::{mean, sd};

/// From this many degrees of freedom on, four terms of the series for Student's t are right to 8 decimals, and the
/// library's solution is not.
const MANY: u64 = 200;

/// A range from `low` to `high`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Interval {
    /// The range that reaches `half_width` to both sides of `centre`.
    pub fn around(centre: f64, half_width: f64) -> Self {
        Self { low: centre - half_width, high: centre + half_width }
    }

    /// Half the distance of its ends.
    pub fn half_width(&self) -> f64 {
        0.5 * (self.high - self.low)
    }

    /// Whether `value` lies in it, ends included.
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// The interval for the mean at this confidence (0.95 for 95 %), by Student's t: mean +- t s / sqrt(n).
///
/// `None` of fewer than two values. Source: Law, *Simulation Modeling and Analysis*, 4.5.
pub fn mean_interval(values: &[f64], confidence: f64) -> Option<Interval> {
    let (mean, sd) = (mean(values)?, sd(values)?);
    Some(Interval::around(mean, half_width(sd, values.len() as u64, confidence)))
}

/// By how much the mean may be off, as a share of the *true* mean, given the `half_width` of the interval around
/// the estimated `mean`: r / (1 - r) with r = `half_width` / |`mean`|. `None` if nothing can be said yet
/// (r is 1 or more).
///
/// A sequential rule that goes on until this is at most g is the rule "r <= g / (1 + g)" of Law, *Simulation Modeling
/// and Analysis*, 9.4.1. It keeps its coverage with at least 30 replications before the first look.
pub fn relative_precision(mean: f64, half_width: f64) -> Option<f64> {
    if half_width == 0.0 {
        return Some(0.0);
    }
    let ratio = half_width / mean.abs();
    (ratio < 1.0).then(|| ratio / (1.0 - ratio))
}

/// The smallest number of replications, at least two, whose interval for the mean has at most this half-width if their
/// standard deviation is `sd`. `None` if `half_width` is not greater than zero or the number exceeds 10^15.
///
/// Source: Law, *Simulation Modeling and Analysis*, 9.4.1.
pub fn replications_for(half_width: f64, sd: f64, confidence: f64) -> Option<u64> {
    let enough = |n: u64| self::half_width(sd, n, confidence) <= half_width;
    if half_width.is_nan() || half_width <= 0.0 || !enough(1_000_000_000_000_000) {
        return None;
    }
    Some(first_where(1, 1_000_000_000_000_000, enough))
}

/// The first number after `before` for which `holds`, which does from some number on, `last` at the latest.
pub(super) fn first_where(mut before: u64, mut last: u64, holds: impl Fn(u64) -> bool) -> u64 {
    while last - before > 1 {
        let middle = before + (last - before) / 2;
        if holds(middle) {
            last = middle;
        } else {
            before = middle;
        }
    }
    last
}

/// The confidence that each of several statements needs, so that all of them hold together with `confidence`.
///
/// Source: Bonferroni's inequality; Law, *Simulation Modeling and Analysis*, 9.7.
pub fn bonferroni(confidence: f64, statements: usize) -> f64 {
    1.0 - (1.0 - confidence) / statements.max(1) as f64
}

/// t s / sqrt(n) for `n >= 2`.
pub(super) fn half_width(sd: f64, n: u64, confidence: f64) -> f64 {
    student_t(n - 1, confidence) * sd / (n as f64).sqrt()
}

/// What Student's t with this many degrees of freedom exceeds, in size, with probability 1 - `confidence`.
fn student_t(freedom: u64, confidence: f64) -> f64 {
    if freedom >= MANY {
        return rounded(student_t_series(freedom as f64, normal_z(confidence)));
    }
    let law = StudentsT::new(0.0, 1.0, freedom as f64).expect("there is a degree of freedom");
    rounded(law.inverse_cdf(0.5 + 0.5 * confidence))
}

/// Student's t from the normal value of the same probability (Abramowitz and Stegun, *Handbook of Mathematical
/// Functions*,
/// 26.7.5).
fn student_t_series(freedom: f64, z: f64) -> f64 {
    let z2 = z * z;
    let terms = [
        1.0,
        (z2 + 1.0) / 4.0,
        ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0,
        (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0,
        ((((79.0 * z2 + 776.0) * z2 + 1482.0) * z2 - 1920.0) * z2 - 945.0) / 92160.0,
    ];
    z * terms.iter().rev().fold(0.0, |sum, term| sum / freedom + term)
}

/// What the standard normal value exceeds, in size, with probability 1 - `confidence`.
pub(super) fn normal_z(confidence: f64) -> f64 {
    rounded(Normal::standard().inverse_cdf(0.5 + 0.5 * confidence))
}

/// Rounded to 8 decimals: the quantiles come from a library that uses the platform's logarithms, whose last bits differ
/// from platform to platform.
fn rounded(quantile: f64) -> f64 {
    (quantile * 1e8).round() / 1e8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_agree_with_tables() {
        for (freedom, confidence, t) in [
            (1, 0.95, 12.706_204_74),
            (4, 0.99, 4.604_094_87),
            (9, 0.95, 2.262_157_16),
            (29, 0.95, 2.045_229_64),
            (99, 0.95, 1.984_216_95),
            (199, 0.999, 3.340_086_56),
            (200, 0.999, 3.339_835_41),
            (999, 0.99, 2.580_759_64),
            (10_000, 0.999, 3.291_499_97),
            (100_000, 0.95, 1.959_987_71),
            (1_000_000, 0.95, 1.959_966_36),
        ] {
            assert!((student_t(freedom, confidence) - t).abs() < 2e-8, "{freedom}: {}", student_t(freedom, confidence));
        }
        assert!((normal_z(0.95) - 1.959_963_98).abs() < 2e-8);
        assert!((normal_z(0.99) - 2.575_829_30).abs() < 2e-8);
    }

    #[test]
    fn the_series_is_right_to_six_decimals_where_it_is_not_yet_used() {
        // The quartile with 9 degrees of freedom, from a table; a wrong sign in the last term is off by more than 1e-6.
        let quartile = student_t_series(9.0, normal_z(0.5));
        assert!((quartile - 0.702_722_147).abs() < 6e-7, "{quartile}");
    }

    #[test]
    fn an_interval_by_hand() {
        // An example of Law, Simulation Modeling and Analysis, 4.5: the 90 % interval is 1.34 +- 0.24.
        let values = [1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09];
        let interval = mean_interval(&values, 0.90).expect("ten values");
        assert!((interval.low - 1.10).abs() < 0.006 && (interval.high - 1.58).abs() < 0.006, "{interval:?}");
    }

    #[test]
    fn an_interval_is_as_wide_as_it_was_made() {
        let interval = Interval::around(10.0, 3.0);
        assert_eq!(interval, Interval { low: 7.0, high: 13.0 });
        assert_eq!(interval.half_width().to_string(), "3");
    }

    #[test]
    fn one_value_has_no_interval() {
        assert_eq!(mean_interval(&[4.0], 0.95), None);
    }

    #[test]
    fn the_replications_needed_are_the_fewest() {
        for (target, sd) in [(1.0, 10.0), (0.5, 40.6), (100.0, 1.0), (30.0, 31.0)] {
            let n = replications_for(target, sd, 0.95).expect("a number");
            assert!(half_width(sd, n, 0.95) <= target);
            assert!(n == 2 || half_width(sd, n - 1, 0.95) > target, "{n} for {target}");
        }
        assert_eq!(replications_for(0.0, 1.0, 0.95), None);
        assert_eq!(replications_for(1e-12, 1.0, 0.95), None);
        assert_eq!(replications_for(1.0, 0.0, 0.95), Some(2));
    }

    #[test]
    fn precision_is_relative_to_the_true_mean() {
        assert_eq!(relative_precision(100.0, 20.0), Some(0.25));
        assert_eq!(relative_precision(-100.0, 20.0), Some(0.25));
        assert_eq!(relative_precision(0.0, 0.0), Some(0.0));
        assert_eq!(relative_precision(0.0, 1.0), None);
        assert_eq!(relative_precision(10.0, 11.0), None);
        assert_eq!(relative_precision(10.0, 10.0), None, "the true mean may be zero");
    }

    #[test]
    fn several_statements_need_more_confidence_each() {
        assert!((bonferroni(0.95, 5) - 0.99).abs() < 1e-15);
        assert!((bonferroni(0.95, 1) - 0.95).abs() < 1e-15);
    }
}
