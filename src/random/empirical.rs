//! A distribution given by its quantiles, linear between them.

use std::sync::Arc;

use super::error::{DistributionError, finite};
use super::tails::Tails;

/// A point of the quantile function.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Knot {
    probability: f64,
    value: f64,
}

/// Knots with increasing probabilities from 0 to 1 and values that never fall; at least two.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct QuantileTable(Arc<[Knot]>);

impl QuantileTable {
    pub fn new(points: &[(f64, f64)]) -> Result<Self, DistributionError> {
        let knots = points
            .iter()
            .map(|&(probability, value)| {
                Ok(Knot { probability: finite("probability", probability)?, value: finite("value", value)? })
            })
            .collect::<Result<Arc<[Knot]>, _>>()?;
        let (Some(first), Some(last)) = (knots.first(), knots.last()) else {
            return Err(DistributionError::Empty);
        };
        let (first, last) = (first.probability, last.probability);
        if (first, last) != (0.0, 1.0) {
            return Err(DistributionError::Ends { first, last });
        }
        for (before, after) in knots.iter().zip(&knots[1..]) {
            if before.probability >= after.probability {
                let (before, after) = (before.probability, after.probability);
                return Err(DistributionError::ProbabilityOrder { before, after });
            }
            if before.value > after.value {
                return Err(DistributionError::ValueOrder { before: before.value, after: after.value });
            }
        }
        Ok(Self(knots))
    }

    pub fn least(&self) -> f64 {
        self.0[0].value
    }

    pub fn most(&self) -> f64 {
        self.0[self.0.len() - 1].value
    }

    pub fn quantile(&self, at: Tails) -> f64 {
        let after = self.0.partition_point(|knot| knot.probability <= at.below);
        let Some(&b) = self.0.get(after) else {
            return self.most();
        };
        let a = self.0[after - 1];
        let along = (at.below - a.probability) / (b.probability - a.probability);
        (a.value + (b.value - a.value) * along).min(b.value)
    }

    /// The probability of a value of at most `x`.
    pub fn up_to(&self, x: f64) -> f64 {
        self.probability_at(self.0.partition_point(|knot| knot.value <= x), x)
    }

    /// The probability of a value less than `x`.
    fn less_than(&self, x: f64) -> f64 {
        self.probability_at(self.0.partition_point(|knot| knot.value < x), x)
    }

    /// The probability at `x`, which lies before knot number `after` and not before the knot ahead of that.
    fn probability_at(&self, after: usize, x: f64) -> f64 {
        if after == 0 {
            return 0.0;
        }
        let Some(&b) = self.0.get(after) else {
            return 1.0;
        };
        let a = self.0[after - 1];
        a.probability + (b.probability - a.probability) * ((x - a.value) / (b.value - a.value))
    }

    /// The part with values in `[low, high]`, as a table of its own, and its share; no table if the share is
    /// less than `least_share`.
    pub fn cut(&self, low: f64, high: f64, least_share: f64) -> (Option<Self>, f64) {
        let (from, to) = (self.less_than(low), self.up_to(high));
        let share = to - from;
        if share.is_nan() || share < least_share {
            return (None, share.max(0.0));
        }
        let mut knots = vec![Knot { probability: 0.0, value: self.least().max(low) }];
        for knot in self.0.iter().filter(|knot| from < knot.probability && knot.probability < to) {
            let probability = (knot.probability - from) / share;
            if knots[knots.len() - 1].probability < probability && probability < 1.0 {
                knots.push(Knot { probability, value: knot.value });
            }
        }
        knots.push(Knot { probability: 1.0, value: self.most().min(high) });
        (Some(Self(knots.into())), share)
    }

    pub fn scaled(&self, factor: f64) -> Self {
        Self(self.0.iter().map(|knot| Knot { value: knot.value * factor, ..*knot }).collect())
    }

    /// The sum over the pieces of the probability times `of(ends of the piece)`.
    fn over_pieces(&self, of: impl Fn(f64, f64) -> f64) -> f64 {
        self.0.iter().zip(&self.0[1..]).map(|(a, b)| (b.probability - a.probability) * of(a.value, b.value)).sum()
    }

    pub fn mean(&self) -> f64 {
        self.over_pieces(|a, b| 0.5 * (a + b))
    }

    pub fn variance(&self) -> f64 {
        let mean = self.mean();
        self.over_pieces(|a, b| {
            let (a, b) = (a - mean, b - mean);
            (a * a + a * b + b * b) / 3.0
        })
    }
}
