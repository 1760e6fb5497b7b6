//! Distributions of plain numbers, sampled by inversion.

use rand::Rng;

use super::empirical::QuantileTable;
use super::error::{DistributionError, finite, ordered, positive, within};
use super::gamma::GammaShape;
use super::law::Law;
use super::stream::{Stream, open_uniform};
use super::tails::Tails;
use super::triangular::Triangular;
use crate::time::Span;

/// The standard normal quantile of 0.95.
const Z95: f64 = 1.644_853_626_951_472_2;
/// A range with a smaller share of the values is a mistake, and is not worth the digits that it would cost.
const LEAST_SHARE: f64 = 1e-12;

/// A distribution with valid parameters: of seconds where it is sampled as a [`Span`].
///
/// Every draw takes one uniform number and never falls where that number rises, so that two variants of a
/// distribution at the same address give values that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    law: Law,
    window: Option<Truncation>,
}

/// The range that a truncation leaves.
#[derive(Clone, Debug, PartialEq)]
struct Truncation {
    low: f64,
    high: f64,
    below_low: Tails,
    below_high: Tails,
    share: f64,
}

/// # Making one
///
/// Parameters have the unit of the values.
impl Distribution {
    /// Always this value.
    ///
    /// # Errors
    /// If it is not finite.
    pub fn constant(value: f64) -> Result<Self, DistributionError> {
        Ok(Law::Constant(finite("value", value)?).into())
    }

    /// Every value between `low` and `high` alike.
    ///
    /// # Errors
    /// If they are not finite or not in this order.
    pub fn uniform(low: f64, high: f64) -> Result<Self, DistributionError> {
        ordered(("low", finite("low", low)?), ("high", finite("high", high)?))?;
        Ok(if low < high { Law::Uniform { low, high } } else { Law::Constant(low) }.into())
    }

    /// The time to an event that comes at a constant rate of one per `mean`.
    ///
    /// # Errors
    /// If `mean` is not finite and greater than zero.
    pub fn exponential(mean: f64) -> Result<Self, DistributionError> {
        Ok(Law::Exponential { mean: positive("mean", mean)? }.into())
    }

    /// A value whose logarithm is normal, given by its median and its 95th percentile.
    ///
    /// # Errors
    /// If `p50` is not finite and greater than zero, or `p95` is less than `p50` or more than 10,000 times `p50`.
    pub fn lognormal(p50: f64, p95: f64) -> Result<Self, DistributionError> {
        positive("p50", p50)?;
        ordered(("p50", p50), ("p95", finite("p95", p95)?))?;
        within("p95", p95, p50, 1e4 * p50)?;
        let sigma = libm::log(p95 / p50) / Z95;
        Ok(if sigma > 0.0 { Law::Lognormal { median: p50, sigma } } else { Law::Constant(p50) }.into())
    }

    /// The gamma distribution with this mean and standard deviation: shape (`mean` / `sd`)^2.
    ///
    /// # Errors
    /// If `mean` is not finite and greater than zero, or `sd` is not between 1 % and 5 times the mean.
    pub fn gamma(mean: f64, sd: f64) -> Result<Self, DistributionError> {
        positive("mean", mean)?;
        positive("sd", sd)?;
        within("sd", sd, 0.01 * mean, 5.0 * mean)?;
        let ratio = mean / sd;
        let shape = ratio * ratio;
        Ok(Law::Gamma { shape: GammaShape::new(shape), scale: mean / shape }.into())
    }

    /// The Weibull distribution: a share of e^-1 (37 %) of the values exceeds `scale`; a `shape` below 1 has a long
    /// tail, 1 is exponential, 3 to 4 is like a bell.
    ///
    /// # Errors
    /// If `scale` is not finite and greater than zero, or `shape` is not between 0.1 and 1,000.
    pub fn weibull(scale: f64, shape: f64) -> Result<Self, DistributionError> {
        positive("scale", scale)?;
        Ok(Law::Weibull { scale, shape: within("shape", shape, 0.1, 1e3)? }.into())
    }

    /// A density that rises in a straight line from `low` to the `mode` and falls in one to `high`.
    ///
    /// # Errors
    /// If they are not finite or not in this order.
    pub fn triangular(low: f64, mode: f64, high: f64) -> Result<Self, DistributionError> {
        ordered(("low", finite("low", low)?), ("mode", finite("mode", mode)?))?;
        ordered(("mode", mode), ("high", finite("high", high)?))?;
        Ok(if low < high { Law::Triangular(Triangular { low, mode, high }) } else { Law::Constant(low) }.into())
    }

    /// Quantiles as `(probability, value)`, with straight lines between them.
    ///
    /// Equal neighbouring values make that one value likely.
    ///
    /// # Errors
    /// If there is no point, one is not finite, the probabilities do not increase from 0 to 1, or the values
    /// fall.
    pub fn empirical(points: &[(f64, f64)]) -> Result<Self, DistributionError> {
        Ok(Law::Empirical(QuantileTable::new(points)?).into())
    }

    /// Measured values in any order: straight lines between the sorted values, as the usual sample quantiles
    /// (type 7 of Hyndman and Fan, *Sample quantiles in statistical packages*, 1996) have them.
    ///
    /// # Errors
    /// If there is no value or one is not finite.
    pub fn samples(values: &[f64]) -> Result<Self, DistributionError> {
        let mut sorted = values.iter().map(|&value| finite("value", value)).collect::<Result<Vec<_>, _>>()?;
        sorted.sort_by(f64::total_cmp);
        match sorted[..] {
            [] => Err(DistributionError::Empty),
            [only] => Self::constant(only),
            _ => {
                let last = (sorted.len() - 1) as f64;
                let points: Vec<_> =
                    sorted.iter().enumerate().map(|(rank, &value)| (rank as f64 / last, value)).collect();
                Self::empirical(&points)
            }
        }
    }

    /// This distribution under the condition that the value lies in `[low, high]`: what is cut off is spread over
    /// the rest in proportion, not heaped up at the ends.
    ///
    /// # Errors
    /// If a bound is not finite, they are not in order, or (almost) no value lies between them.
    pub fn truncated(self, low: Option<f64>, high: Option<f64>) -> Result<Self, DistributionError> {
        let bound = |name, bound: Option<f64>| bound.map_or(Ok(None), |value| finite(name, value).map(Some));
        let (low, high) = (bound("min", low)?, bound("max", high)?);
        let low = low.unwrap_or(f64::NEG_INFINITY);
        let high = high.unwrap_or(f64::INFINITY);
        ordered(("min", low), ("max", high))?;
        if low <= self.min_value() && self.max_value() <= high {
            return Ok(self);
        }
        let nothing_left = |share| DistributionError::NothingLeft { low, high, share };
        let (low, high) = (low.max(self.min_value()), high.min(self.max_value()));
        match self.law {
            Law::Constant(_) => Err(nothing_left(0.0)),
            Law::Uniform { .. } if low < high => Self::uniform(low, high),
            Law::Empirical(table) => match table.cut(low, high, LEAST_SHARE) {
                (Some(rest), _) => Ok(Law::Empirical(rest).into()),
                (None, share) => Err(nothing_left(share)),
            },
            law => {
                let (below_low, below_high) = (law.tails(low), law.tails(high));
                let share = if low < high { below_low.until(below_high) } else { 0.0 };
                if share < LEAST_SHARE {
                    return Err(nothing_left(share));
                }
                Ok(Self { law, window: Some(Truncation { low, high, below_low, below_high, share }) })
            }
        }
    }

    /// The distribution of `factor` times the value.
    ///
    /// # Panics
    /// If `factor` is negative or not finite: our own mistake.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Self {
        assert!(factor >= 0.0 && factor.is_finite(), "a value cannot be scaled by {factor}");
        if factor == 0.0 {
            return Law::Constant(0.0).into();
        }
        let window = self.window.as_ref().map(|window| Truncation {
            low: window.low * factor,
            high: window.high * factor,
            ..*window
        });
        Self { law: self.law.scaled(factor), window }
    }
}

/// # Using one
impl Distribution {
    /// One value, from one uniform number of the stream.
    pub fn sample(&self, stream: &mut Stream) -> f64 {
        self.at(stream.uniform())
    }

    /// One value, in seconds, as a span: rounded once to the nearest nanosecond, and zero where it is negative.
    pub fn sample_span(&self, stream: &mut Stream) -> Span {
        self.span_at(stream.uniform())
    }

    /// The value at a uniform number, as [`Distribution::sample_span`] gives it.
    ///
    /// # Panics
    /// In debug builds, when `uniform` is not between 0 and 1: our own mistake.
    pub fn span_at(&self, uniform: f64) -> Span {
        debug_assert!(0.0 < uniform && uniform < 1.0, "{uniform} is not a uniform number");
        Span::from_secs_f64(self.at(uniform))
    }

    /// The value that a share `p` of all values does not exceed; a `p` outside `[0, 1]` counts as the nearer end.
    ///
    /// `quantile(1.0)` is infinite where there is no largest value.
    pub fn quantile(&self, p: f64) -> f64 {
        if p >= 1.0 {
            self.max_value()
        } else if p > 0.0 {
            self.at(p)
        } else {
            self.min_value()
        }
    }

    /// The probability of a value of at most `x`.
    pub fn cdf(&self, x: f64) -> f64 {
        let Some(window) = &self.window else {
            return self.law.tails(x).below;
        };
        if x <= window.low {
            0.0
        } else if x >= window.high {
            1.0
        } else {
            (window.below_low.until(self.law.tails(x)) / window.share).clamp(0.0, 1.0)
        }
    }

    /// The exact mean, of truncated distributions too.
    pub fn mean(&self) -> f64 {
        let Some(window) = &self.window else {
            return self.law.mean();
        };
        let [_, first, _] = self.law.partial_moments(window.low, window.high);
        (first / window.share).clamp(window.low, window.high)
    }

    /// The exact variance, of truncated distributions too.
    pub fn variance(&self) -> f64 {
        let Some(window) = &self.window else {
            return self.law.variance();
        };
        let [_, first, second] = self.law.partial_moments(window.low, window.high);
        let mean = first / window.share;
        (second / window.share - mean * mean).max(0.0)
    }

    /// The exact standard deviation, of truncated distributions too.
    pub fn sd(&self) -> f64 {
        self.variance().sqrt()
    }

    /// The smallest value that can come out.
    pub fn min_value(&self) -> f64 {
        self.window.as_ref().map_or_else(|| self.law.least(), |window| window.low)
    }

    /// The largest value that can come out; infinity where there is none.
    pub fn max_value(&self) -> f64 {
        self.window.as_ref().map_or_else(|| self.law.most(), |window| window.high)
    }

    /// The value at the probability `p`, which is greater than 0 and less than 1.
    fn at(&self, p: f64) -> f64 {
        let p = Tails::from_below(p);
        match &self.window {
            None => self.law.quantile(p),
            Some(Truncation { low, high, below_low, below_high, share }) => {
                self.law.quantile(Tails::within(*below_low, *below_high, *share, p)).clamp(*low, *high)
            }
        }
    }
}

impl From<Law> for Distribution {
    fn from(law: Law) -> Self {
        Self { law, window: None }
    }
}

/// So that these distributions work where the `rand` crate's do; the draws are those of
/// [`Distribution::sample`].
impl rand_distr::Distribution<f64> for Distribution {
    fn sample<R: Rng + ?Sized>(&self, random: &mut R) -> f64 {
        self.at(open_uniform(random))
    }
}
