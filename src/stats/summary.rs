//! The numbers that tables and files show of one output.

use super::interval::{Interval, mean_interval};
use super::moments::{mean, sd};
use super::quantile::Sorted;

/// What replications of one output were like; in the unit of the values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// How many values.
    pub n: usize,
    /// Their mean.
    pub mean: f64,
    /// Lower end of the 95 % interval for the mean; absent with a single value.
    pub ci95_low: Option<f64>,
    /// Upper end of the 95 % interval for the mean; absent with a single value.
    pub ci95_high: Option<f64>,
    /// Standard deviation; absent with a single value.
    pub sd: Option<f64>,
    /// The median.
    pub p50: f64,
    /// The 90th percentile of the values, however few ([`Sorted::quantile_interval`] says how sure it is).
    pub p90: f64,
    /// The 99th percentile of the values, however few.
    pub p99: f64,
    /// The 95 % interval for the median; absent with too few values.
    pub p50_interval: Option<Interval>,
    /// The 95 % interval for the 90th percentile; absent with too few values.
    pub p90_interval: Option<Interval>,
    /// The 95 % interval for the 99th percentile; absent with too few values.
    pub p99_interval: Option<Interval>,
    /// The smallest value.
    pub min: f64,
    /// The largest value.
    pub max: f64,
}

impl Summary {
    /// Of these values; `None` of no values. The interval is [`mean_interval`]'s, percentiles are
    /// [`Sorted::quantile`]'s, and their intervals are [`Sorted::quantile_interval`]'s.
    pub fn of(values: &[f64]) -> Option<Self> {
        let sorted = Sorted::of(values)?;
        let interval = mean_interval(values, 0.95);
        Some(Self {
            n: values.len(),
            mean: mean(values)?,
            ci95_low: interval.map(|interval| interval.low),
            ci95_high: interval.map(|interval| interval.high),
            sd: sd(values),
            p50: sorted.quantile(0.5),
            p90: sorted.quantile(0.9),
            p99: sorted.quantile(0.99),
            p50_interval: sorted.quantile_interval(0.5, 0.95),
            p90_interval: sorted.quantile_interval(0.9, 0.95),
            p99_interval: sorted.quantile_interval(0.99, 0.95),
            min: sorted.min(),
            max: sorted.max(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_the_first_hundred_numbers() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        let summary = Summary::of(&values).expect("values");
        assert_eq!((summary.n, summary.mean, summary.min, summary.max), (100, 50.5, 1.0, 100.0));
        for (percentile, expected) in [(summary.p50, 50.5), (summary.p90, 90.1), (summary.p99, 99.01)] {
            assert!((percentile - expected).abs() < 1e-12, "{percentile}");
        }
        assert_eq!(summary.p50_interval, Some(Interval { low: 40.0, high: 61.0 }));
        assert!(summary.p90_interval.is_some() && summary.p99_interval.is_none());
        // sd = sqrt(n (n + 1) / 12), t(99) = 1.98421695.
        let half_width = 1.984_216_95 * (100.0_f64 * 101.0 / 12.0).sqrt() / 10.0;
        assert!((summary.ci95_high.expect("an interval") - 50.5 - half_width).abs() < 1e-7);
        assert!((50.5 - summary.ci95_low.expect("an interval") - half_width).abs() < 1e-7);
    }

    #[test]
    fn a_single_value_has_no_interval() {
        let summary = Summary::of(&[7.0]).expect("a value");
        assert_eq!((summary.mean, summary.p99, summary.sd, summary.ci95_low), (7.0, 7.0, None, None));
        assert_eq!(Summary::of(&[]), None);
    }
}
