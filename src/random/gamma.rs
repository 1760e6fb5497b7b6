//! The gamma distribution with scale 1: the regularised incomplete gamma functions and their inverse.

use std::f64::consts::TAU;

use super::normal;
use super::tails::Tails;

/// Relative size of the terms that no longer matter.
const NEGLIGIBLE: f64 = 1e-16;
/// Far more terms than any shape that is let in needs; a limit so that the loop is bounded.
const MOST_TERMS: u32 = 20_000;
/// Newton's method needs about four steps, and bisection no more than this.
const MOST_STEPS: u32 = 200;

/// A shape, with the logarithm of its normalising constant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct GammaShape {
    shape: f64,
    ln_norm: f64,
}

impl GammaShape {
    /// From this shape on, Stirling's series replaces the logarithm of the gamma function, whose
    /// size would cost digits.
    const LARGE: f64 = 10.0;

    pub fn new(shape: f64) -> Self {
        let ln_norm = if shape < Self::LARGE {
            -libm::lgamma(shape)
        } else {
            0.5 * libm::log(shape / TAU) - stirling_error(shape)
        };
        Self { shape, ln_norm }
    }

    pub fn shape(self) -> f64 {
        self.shape
    }

    /// `x^shape e^-x / Gamma(shape)`, that is `x` times the density at `x`.
    fn weight(self, x: f64) -> f64 {
        let exponent = if self.shape < Self::LARGE {
            self.shape * libm::log(x) - x
        } else {
            let off = (x - self.shape) / self.shape;
            self.shape * (libm::log1p(off) - off)
        };
        libm::exp(exponent + self.ln_norm)
    }

    /// The probabilities below and above `x`: P and Q of the literature.
    ///
    /// Source: NIST Digital Library of Mathematical Functions, 8.11.4 (series) and 8.9.2 (continued fraction,
    /// evaluated by the method of Lentz as modified by Thompson and Barnett).
    pub fn tails(self, x: f64) -> Tails {
        if x <= 0.0 {
            Tails::NONE_BELOW
        } else if x.is_infinite() {
            Tails::ALL_BELOW
        } else if x < self.shape + 1.0 {
            Tails::from_below((self.weight(x) * self.series(x)).min(1.0))
        } else {
            Tails::from_above((self.weight(x) * self.fraction(x)).min(1.0))
        }
    }

    /// P(x) / weight(x) as a power series; converges fast where `x < shape + 1`.
    fn series(self, x: f64) -> f64 {
        let mut divisor = self.shape;
        let mut term = 1.0 / self.shape;
        let mut sum = term;
        for _ in 0..MOST_TERMS {
            divisor += 1.0;
            term *= x / divisor;
            sum += term;
            if term < sum * NEGLIGIBLE {
                break;
            }
        }
        sum
    }

    /// Q(x) / weight(x) as a continued fraction; converges fast where `x >= shape + 1`.
    fn fraction(self, x: f64) -> f64 {
        const TINY: f64 = 1e-300;
        let away_from_zero = |y: f64| if y.abs() < TINY { TINY } else { y };
        let mut denominator = x + 1.0 - self.shape;
        let mut over = 1.0 / TINY;
        let mut under = 1.0 / away_from_zero(denominator);
        let mut value = under;
        for term in 1..=MOST_TERMS {
            let term = f64::from(term);
            let numerator = term * (self.shape - term);
            denominator += 2.0;
            under = 1.0 / away_from_zero(numerator * under + denominator);
            over = away_from_zero(denominator + numerator / over);
            value *= over * under;
            if (over * under - 1.0).abs() < NEGLIGIBLE {
                break;
            }
        }
        value
    }

    /// The value with these probabilities below and above it.
    ///
    /// Newton's method on the logarithm of the smaller tail, which is nearly straight (against ln x in the
    /// lower tail and
    /// against x in the upper one), kept inside a shrinking bracket.
    pub fn quantile(self, at: Tails) -> f64 {
        if at.below <= 0.0 {
            return 0.0;
        }
        if at.above <= 0.0 {
            return f64::INFINITY;
        }
        let mut x = self.first_guess(at);
        let (mut least, mut most) = (0.0_f64, f64::INFINITY);
        for _ in 0..MOST_STEPS {
            let here = self.tails(x);
            let too_high = if at.below <= at.above { here.below > at.below } else { here.above < at.above };
            if too_high {
                most = x;
            } else {
                least = x;
            }
            let mut next = self.newton(x, here, at);
            if !(next > least && next < most) {
                next = if most.is_finite() { least + 0.5 * (most - least) } else { 2.0 * x };
            }
            // Each step squares the error, so that after this one nothing is left of it.
            let done = (next - x).abs() <= 1e-8 * x;
            x = next;
            if done {
                break;
            }
        }
        x
    }

    fn newton(self, x: f64, here: Tails, at: Tails) -> f64 {
        let weight = self.weight(x);
        if at.below <= at.above {
            x * libm::exp(libm::log(at.below / here.below) * here.below / weight)
        } else {
            x + x * libm::log(here.above / at.above) * here.above / weight
        }
    }

    /// The cube of a normal value (Wilson and Hilferty, 1931), or in a lower tail that it
    /// does not reach, the first term of the power series.
    fn first_guess(self, at: Tails) -> f64 {
        let ninth = 1.0 / (9.0 * self.shape);
        let root = 1.0 - ninth + normal::quantile(at) * ninth.sqrt();
        let cubed = self.shape * root * root * root;
        let low = libm::exp((libm::log(at.below) + libm::lgamma(self.shape + 1.0)) / self.shape);
        if root < 0.3 || low < 0.2 * (self.shape + 1.0).min(1.0) { low.max(f64::MIN_POSITIVE) } else { cubed }
    }
}

/// ln Gamma(a) - ((a - 1/2) ln a - a + ln(2 pi) / 2) for a large `a` (DLMF 5.11.1).
fn stirling_error(a: f64) -> f64 {
    let inverse_square = 1.0 / (a * a);
    let series = [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360_360.0, 1.0 / 156.0];
    series.iter().rev().fold(0.0, |sum, coefficient| sum * inverse_square + coefficient) / a
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shape, value, and the probabilities below and above it, computed with 40 digits.
    const KNOWN: [(f64, f64, f64, f64); 17] = [
        (0.04, 1e-10, 0.406_880_240_550_683_67, 0.593_119_759_449_316_3),
        (0.04, 0.5, 0.977_159_901_502_248_9, 0.022_840_098_497_751_128),
        (0.390_625, 0.2, 0.568_807_257_257_346_7, 0.431_192_742_742_653_3),
        (0.390_625, 3.0, 0.990_360_681_861_334_3, 0.009_639_318_138_665_724),
        (2.7777, 0.01, 6.045_262_435_832_455e-7, 0.999_999_395_473_756_4),
        (2.7777, 2.0, 0.377_230_700_405_767_8, 0.622_769_299_594_232_2),
        (2.7777, 20.0, 0.999_999_718_817_532_9, 2.811_824_671_249_985_4e-7),
        (9.99, 12.0, 0.758_578_727_712_104_8, 0.241_421_272_287_895_2),
        (10.0, 12.0, 0.757_607_838_329_487_6, 0.242_392_161_670_512_33),
        (10.01, 3.0, 0.001_088_417_416_145_100_7, 0.998_911_582_583_854_9),
        (100.0, 80.0, 0.017_108_313_035_133_115, 0.982_891_686_964_866_8),
        (100.0, 130.0, 0.997_249_591_632_693_4, 0.002_750_408_367_306_526),
        (2500.0, 2400.0, 0.021_659_687_865_363_33, 0.978_340_312_134_636_7),
        (2500.0, 2503.0, 0.526_566_677_901_677_5, 0.473_433_322_098_322_5),
        (1e4, 9900.0, 0.158_651_192_193_564_66, 0.841_348_807_806_435_4),
        (1e4, 1e4, 0.501_329_808_339_955_2, 0.498_670_191_660_044_8),
        (1e4, 10500.0, 0.999_999_572_412_754_5, 4.275_872_455_064_747_5e-7),
    ];

    #[test]
    fn tails_are_right_to_eleven_digits() {
        for (shape, x, below, above) in KNOWN {
            let tails = GammaShape::new(shape).tails(x);
            assert!((tails.below - below).abs() < 1e-11 * below, "{shape} {x}: {tails:?}");
            assert!((tails.above - above).abs() < 1e-11 * above, "{shape} {x}: {tails:?}");
        }
    }

    #[test]
    fn stirlings_series_is_exact_from_where_it_is_used() {
        // ln 9! - (9.5 ln 10 - 10 + ln(2 pi) / 2), computed with 40 digits.
        let error = stirling_error(GammaShape::LARGE);
        assert!((error - 0.008_330_563_433_362_87).abs() < 1e-15, "{error}");
    }

    #[test]
    fn quantiles_are_right_to_twelve_digits() {
        for (shape, x, below, above) in KNOWN {
            let quantile = GammaShape::new(shape).quantile(Tails { below, above });
            assert!((quantile - x).abs() < 1e-12 * x, "{shape} {x}: {quantile}");
        }
    }

    #[test]
    fn newton_needs_few_steps_everywhere() {
        for shape in [0.04, 0.1, 0.3, 0.7, 1.0, 1.5, 4.0, 9.9, 10.0, 40.0, 1000.0, 1e4] {
            let law = GammaShape::new(shape);
            for p in [1e-12, 1e-9, 1e-3, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999, 1.0 - 1e-9] {
                let (at, mut steps) = (Tails::from_below(p), 0);
                let mut x = law.first_guess(at);
                while (law.tails(x).below - p).abs() > 1e-11 * p && steps < 20 {
                    x = law.newton(x, law.tails(x), at);
                    steps += 1;
                }
                assert!(steps <= 5, "shape {shape}, p {p}: {steps} steps");
            }
        }
    }
}
