//! The families of distributions, before any truncation.

use super::empirical::QuantileTable;
use super::exp::exp;
use super::gamma::GammaShape;
use super::normal;
use super::tails::Tails;
use super::triangular::Triangular;

/// A family with valid parameters.
///
/// Formulas: Johnson, Kotz and Balakrishnan, *Continuous Univariate Distributions*, volumes 1 and 2.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Law {
    Constant(f64),
    Uniform { low: f64, high: f64 },
    Exponential { mean: f64 },
    Lognormal { median: f64, sigma: f64 },
    Gamma { shape: GammaShape, scale: f64 },
    Weibull { scale: f64, shape: f64 },
    Triangular(Triangular),
    Empirical(QuantileTable),
}

impl Law {
    /// The smallest possible value.
    pub fn least(&self) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Uniform { low, .. } => *low,
            Self::Exponential { .. } | Self::Lognormal { .. } | Self::Gamma { .. } | Self::Weibull { .. } => 0.0,
            Self::Triangular(triangular) => triangular.low,
            Self::Empirical(table) => table.least(),
        }
    }

    /// The largest possible value; infinity where there is none.
    pub fn most(&self) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Uniform { high, .. } => *high,
            Self::Exponential { .. } | Self::Lognormal { .. } | Self::Gamma { .. } | Self::Weibull { .. } => {
                f64::INFINITY
            }
            Self::Triangular(triangular) => triangular.high,
            Self::Empirical(table) => table.most(),
        }
    }

    /// The value with these probabilities below and above it.
    #[inline]
    pub fn quantile(&self, at: Tails) -> f64 {
        // The law of nearly all draws, without what the others need.
        if let Self::Lognormal { median, sigma } = self {
            return median * exp(sigma * normal::quantile(at));
        }
        self.other_quantile(at)
    }

    #[inline(never)]
    fn other_quantile(&self, at: Tails) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Uniform { low, high } => low + (high - low) * at.below,
            Self::Exponential { mean } => mean * exponential_quantile(at),
            Self::Lognormal { median, sigma } => median * exp(sigma * normal::quantile(at)),
            Self::Gamma { shape, scale } => scale * shape.quantile(at),
            // As exact as a power function, and several times faster.
            Self::Weibull { scale, shape } => scale * exp(libm::log(exponential_quantile(at)) / shape),
            Self::Triangular(triangular) => triangular.quantile(at),
            Self::Empirical(table) => table.quantile(at),
        }
    }

    /// The probability of at most `x`, and of more.
    pub fn tails(&self, x: f64) -> Tails {
        match self {
            Self::Constant(value) if x < *value => Tails::NONE_BELOW,
            Self::Constant(_) => Tails::ALL_BELOW,
            Self::Uniform { low, high } => Tails::from_below(((x - low) / (high - low)).clamp(0.0, 1.0)),
            Self::Exponential { mean } => exponential_tails(x / mean),
            Self::Lognormal { .. } | Self::Gamma { .. } => self.weighted_tails(x, 0),
            Self::Weibull { scale, shape } => exponential_tails(libm::pow((x / scale).max(0.0), *shape)),
            Self::Triangular(triangular) => triangular.tails(x),
            Self::Empirical(table) => Tails::from_below(table.up_to(x)),
        }
    }

    pub fn mean(&self) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Uniform { low, high } => low + 0.5 * (high - low),
            Self::Triangular(triangular) => triangular.mean(),
            Self::Empirical(table) => table.mean(),
            _ => self.raw_moment(1),
        }
    }

    pub fn variance(&self) -> f64 {
        match self {
            Self::Constant(_) => 0.0,
            Self::Uniform { low, high } => (high - low) * (high - low) / 12.0,
            Self::Exponential { mean } => mean * mean,
            Self::Lognormal { sigma, .. } => self.mean() * self.mean() * libm::expm1(sigma * sigma),
            Self::Gamma { shape, scale } => shape.shape() * scale * scale,
            Self::Weibull { .. } => self.raw_moment(2) - self.mean() * self.mean(),
            Self::Triangular(triangular) => triangular.variance(),
            Self::Empirical(table) => table.variance(),
        }
    }

    /// The integrals of 1, x and x^2 over the values between `low` and `high`.
    pub fn partial_moments(&self, low: f64, high: f64) -> [f64; 3] {
        if let Self::Triangular(triangular) = self {
            return triangular.partial_moments(low, high);
        }
        [0, 1, 2].map(|power| {
            self.raw_moment(power) * self.weighted_tails(low, power).until(self.weighted_tails(high, power))
        })
    }

    /// The same law for `factor` times the value; `factor` is greater than zero.
    pub fn scaled(&self, factor: f64) -> Self {
        match self {
            Self::Constant(value) => Self::Constant(value * factor),
            Self::Uniform { low, high } => Self::Uniform { low: low * factor, high: high * factor },
            Self::Exponential { mean } => Self::Exponential { mean: mean * factor },
            Self::Lognormal { median, sigma } => Self::Lognormal { median: median * factor, sigma: *sigma },
            Self::Gamma { shape, scale } => Self::Gamma { shape: *shape, scale: scale * factor },
            Self::Weibull { scale, shape } => Self::Weibull { scale: scale * factor, shape: *shape },
            Self::Triangular(Triangular { low, mode, high }) => {
                Self::Triangular(Triangular { low: low * factor, mode: mode * factor, high: high * factor })
            }
            Self::Empirical(table) => Self::Empirical(table.scaled(factor)),
        }
    }

    /// The mean of the value to this power (0, 1 or 2), of the families with values from zero to infinity.
    fn raw_moment(&self, power: u8) -> f64 {
        let k = f64::from(power);
        let scale_to_k = |scale: f64| [1.0, scale, scale * scale][usize::from(power)];
        match self {
            Self::Exponential { mean } => [1.0, 1.0, 2.0][usize::from(power)] * scale_to_k(*mean),
            Self::Lognormal { median, sigma } => scale_to_k(*median) * libm::exp(0.5 * k * k * sigma * sigma),
            Self::Gamma { shape, scale } => {
                let shape = shape.shape();
                [1.0, shape, shape * (shape + 1.0)][usize::from(power)] * scale_to_k(*scale)
            }
            Self::Weibull { scale, shape } => scale_to_k(*scale) * libm::tgamma(1.0 + k / shape),
            _ => unreachable!("the other families have moments of their own"),
        }
    }

    /// The tails at `x` of the law whose density is this one's times x to this power, of the families with values
    /// from zero to infinity: each stays within its family or becomes a gamma distribution.
    fn weighted_tails(&self, x: f64, power: u8) -> Tails {
        let k = f64::from(power);
        match self {
            _ if x <= 0.0 => Tails::NONE_BELOW,
            Self::Exponential { mean } => GammaShape::new(1.0 + k).tails(x / mean),
            Self::Lognormal { median, sigma } => normal::tails(libm::log(x / median) / sigma - k * sigma),
            Self::Gamma { shape, scale } if power == 0 => shape.tails(x / scale),
            Self::Gamma { shape, scale } => GammaShape::new(shape.shape() + k).tails(x / scale),
            Self::Weibull { scale, shape } => GammaShape::new(1.0 + k / shape).tails(libm::pow(x / scale, *shape)),
            _ => unreachable!("the other families have moments of their own"),
        }
    }
}

/// The quantile of the exponential distribution with mean 1, from whichever tail is the more precise.
fn exponential_quantile(at: Tails) -> f64 {
    if at.below < 0.5 { -libm::log1p(-at.below) } else { -libm::log(at.above) }
}

fn exponential_tails(x: f64) -> Tails {
    if x <= 0.0 {
        return Tails::NONE_BELOW;
    }
    Tails { below: -libm::expm1(-x), above: libm::exp(-x) }
}
