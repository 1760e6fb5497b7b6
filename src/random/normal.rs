//! The standard normal distribution.
//!
//! A quantile is looked up: one polynomial of degree five, where the exact formula takes two of degree seven, a
//! division and in the tails a logarithm and a root. That halved the time of a lognormal draw, and a scale-up draws
//! tens of thousands.

use std::f64::consts::{FRAC_1_SQRT_2, TAU};
use std::sync::LazyLock;

use super::tails::Tails;

/// Pieces of the table between a probability and its double: 2^6.
const PIECE_BITS: u32 = 6;
/// The table begins at the probability 2^-54; what is drawn is never less.
const LEAST: f64 = 1.0 / (1_u64 << 54) as f64;
/// Bits of a number behind those that tell its piece.
const REST_BITS: u32 = f64::MANTISSA_DIGITS - 1 - PIECE_BITS;

/// The probabilities below and above `z`, by the complementary error function.
pub(super) fn tails(z: f64) -> Tails {
    Tails { below: 0.5 * libm::erfc(-z * FRAC_1_SQRT_2), above: 0.5 * libm::erfc(z * FRAC_1_SQRT_2) }
}

/// The standard normal quantile, with an error below 2e-14.
#[inline]
pub(super) fn quantile(at: Tails) -> f64 {
    /// The lower half; the upper one is its mirror image.
    static TABLE: LazyLock<Vec<Quintic>> = LazyLock::new(pieces);

    let is_upper = at.below > at.above;
    let tail = if is_upper { at.above } else { at.below };
    let piece = (tail.to_bits() >> REST_BITS).wrapping_sub(LEAST.to_bits() >> REST_BITS);
    match TABLE.get(piece as usize) {
        // By its bit: which half it is cannot be foreseen, and a branch would be mistaken half of the time.
        Some(piece) => f64::from_bits(piece.at(tail).to_bits() ^ u64::from(is_upper) << 63),
        None => exact_quantile(at),
    }
}

/// The quantile between two neighbouring probabilities: the polynomial of degree five that has the values, slopes and
/// curvatures of the exact function at both ends (Hermite interpolation).
struct Quintic([f64; 6]);

impl Quintic {
    fn between(low: f64, high: f64) -> Self {
        // The derivatives of the inverse of the distribution function, by the width of the piece.
        let ends = [low, high].map(|p| {
            let z = exact_quantile(Tails::from_below(p));
            let slope = TAU.sqrt() * libm::exp(0.5 * z * z) * (high - low);
            [z, slope, z * slope * slope]
        });
        let [[z, slope, bend], [z_high, slope_high, bend_high]] = ends;
        let rise = z_high - z - slope - 0.5 * bend;
        let steeper = slope_high - slope - bend;
        let curl = 0.5 * (bend_high - bend);
        let cubed = 10.0 * rise - 4.0 * steeper + curl;
        let fourth = -15.0 * rise + 7.0 * steeper - 2.0 * curl;
        Self([z, slope, 0.5 * bend, cubed, fourth, 6.0 * rise - 3.0 * steeper + curl])
    }

    fn at(&self, p: f64) -> f64 {
        // The bits behind the piece's number are how far into the piece this is.
        let inside = f64::from_bits(p.to_bits() << PIECE_BITS & (u64::MAX >> 12) | 1.0_f64.to_bits()) - 1.0;
        let Self([z, slope, squared, cubed, fourth, fifth]) = self;
        let square = inside * inside;
        (z + slope * inside) + square * ((squared + cubed * inside) + square * (fourth + fifth * inside))
    }
}

/// All pieces from [`LEAST`] to the middle.
fn pieces() -> Vec<Quintic> {
    let knot = |piece: u64| f64::from_bits(piece << REST_BITS);
    let (first, middle) = (LEAST.to_bits() >> REST_BITS, 0.5_f64.to_bits() >> REST_BITS);
    let mut pieces: Vec<Quintic> =
        (first..middle).map(|piece| Quintic::between(knot(piece), knot(piece + 1))).collect();
    // The middle itself.
    pieces.push(Quintic([0.0; 6]));
    pieces
}

/// The standard normal quantile, with a relative error of about 1e-16.
///
/// Source: Wichura, *Algorithm AS 241: The percentage points of the normal distribution*, Applied Statistics 37
/// (1988), routine PPND16.
#[cold]
fn exact_quantile(at: Tails) -> f64 {
    let from_middle = at.below - 0.5;
    if from_middle.abs() <= 0.425 {
        let r = 0.180_625 - from_middle * from_middle;
        return from_middle * ratio(&MIDDLE, &MIDDLE_DIVISOR, r);
    }
    let tail = at.below.min(at.above);
    if tail <= 0.0 {
        return f64::INFINITY.copysign(from_middle);
    }
    let r = (-libm::log(tail)).sqrt();
    let size =
        if r <= 5.0 { ratio(&TAIL, &TAIL_DIVISOR, r - 1.6) } else { ratio(&FAR_TAIL, &FAR_TAIL_DIVISOR, r - 5.0) };
    size.copysign(from_middle)
}

fn ratio(over: &[f64; 8], under: &[f64; 8], r: f64) -> f64 {
    polynomial(over, r) / polynomial(under, r)
}

/// The polynomial with these coefficients, lowest degree first, by Horner's rule.
fn polynomial(coefficients: &[f64; 8], r: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * r + coefficient)
}

/// Numerator for probabilities between 0.075 and 0.925.
const MIDDLE: [f64; 8] = [
    3.387_132_872_796_366_5,
    133.141_667_891_784_38,
    1_971.590_950_306_551_3,
    13_731.693_765_509_46,
    45_921.953_931_549_87,
    67_265.770_927_008_7,
    33_430.575_583_588_13,
    2_509.080_928_730_122_7,
];

/// Denominator for probabilities between 0.075 and 0.925.
const MIDDLE_DIVISOR: [f64; 8] = [
    1.0,
    42.313_330_701_600_91,
    687.187_007_492_057_9,
    5_394.196_021_424_751,
    21_213.794_301_586_597,
    39_307.895_800_092_71,
    28_729.085_735_721_943,
    5_226.495_278_852_854,
];

/// Numerator for a tail between e^-25 and 0.075.
const TAIL: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    0.241_780_725_177_450_6,
    0.022_723_844_989_269_184,
    0.000_774_545_014_278_341_4,
];

/// Denominator for a tail between e^-25 and 0.075.
const TAIL_DIVISOR: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    0.689_767_334_985_1,
    0.148_103_976_427_480_08,
    0.015_198_666_563_616_457,
    0.000_547_593_808_499_534_5,
    1.050_750_071_644_416_9e-9,
];

/// Numerator for a tail below e^-25.
const FAR_TAIL: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    0.296_560_571_828_504_87,
    0.026_532_189_526_576_124,
    0.001_242_660_947_388_078_4,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];

/// Denominator for a tail below e^-25.
const FAR_TAIL_DIVISOR: [f64; 8] = [
    1.0,
    0.599_832_206_555_888,
    0.136_929_880_922_735_8,
    0.014_875_361_290_850_615,
    0.000_786_869_131_145_613_3,
    1.846_318_317_510_054_8e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_7e-15,
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with 40 digits.
    const KNOWN: [(f64, f64); 11] = [
        (1e-300, -37.047_096_299_361_2),
        (1e-100, -21.273_453_560_965_326),
        (1e-20, -9.262_340_089_798_407),
        (1e-10, -6.361_340_902_404_057),
        (1e-5, -4.264_890_793_922_825),
        (0.01, -2.326_347_874_040_841),
        (0.0749, -1.440_238_267_527_963_7),
        (0.0751, -1.438_825_392_752_54),
        (0.2, -0.841_621_233_572_914_2),
        (0.4, -0.253_347_103_135_799_7),
        (0.499, -0.002_506_630_899_571_766),
    ];

    #[test]
    fn quantiles_are_right_to_the_last_digits_in_both_tails() {
        for (p, z) in KNOWN {
            let (lower, upper) = (exact_quantile(Tails::from_below(p)), exact_quantile(Tails::from_above(p)));
            assert!((lower - z).abs() < 1e-15 * z.abs() + 1e-17, "{p}: {lower}");
            assert!((upper + z).abs() < 1e-15 * z.abs() + 1e-16, "{p}: {upper}");
        }
    }

    #[test]
    fn the_table_has_the_exact_values_in_both_halves() {
        // Between the knots, from the smallest number that is drawn to the middle, and a little beyond both.
        for step in 0..=550_000 {
            let p = libm::exp2(-f64::from(step) / 10_000.0 - 1.0);
            for at in [Tails::from_below(p), Tails { below: 1.0 - p, above: p }] {
                let (looked_up, exact) = (quantile(at), exact_quantile(at));
                assert!((looked_up - exact).abs() < 2e-14, "{at:?}: {looked_up} for {exact}");
            }
        }
        let bits = |below: f64| quantile(Tails::from_below(below)).to_bits();
        let ends = [0.0, f64::NEG_INFINITY, f64::INFINITY].map(f64::to_bits);
        assert_eq!([0.5, 0.0, 1.0].map(bits), ends);
    }

    #[test]
    fn neighbouring_pieces_meet() {
        for piece in pieces().windows(2) {
            let [before, after] = [piece[0].0, piece[1].0];
            let end = (before[0] + before[1]) + ((before[2] + before[3]) + (before[4] + before[5]));
            assert!((end - after[0]).abs() < 4e-15, "{end} {}", after[0]);
        }
    }

    #[test]
    fn tails_undo_quantiles() {
        for (p, z) in KNOWN {
            // The tail is steep: a last digit of z moves it by about z^2 of its own.
            let tolerance = p * 2.0 * f64::EPSILON * (1.0 + z * z);
            assert!((tails(z).below - p).abs() < tolerance, "{p}: {}", tails(z).below);
            assert!((tails(-z).above - p).abs() < tolerance, "{p}: {}", tails(-z).above);
        }
    }
}
