//! The exponential function, for draws.
//!
//! The `libm` crate's takes a third of the time of a lognormal draw, for its division and for bits that no draw needs.

use std::f64::consts::LN_2;
use std::sync::LazyLock;

/// The table has 2^6 powers of two with fractional exponents.
const TABLE_BITS: u32 = 6;
const STEPS: usize = 1 << TABLE_BITS;
/// Adding it rounds a small number to a whole one, which then stands in the last bits: 1.5 * 2^52.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// ln 2 / 64 in two parts: products of the first with whole numbers below 2^20 are exact.
const STEP_HIGH: f64 = f64::from_bits((LN_2 / STEPS as f64).to_bits() & !0xffff_ffff);
/// ln 2 = `LN_2` + 2.3190468138462996e-17.
const STEP_LOW: f64 = LN_2 / STEPS as f64 - STEP_HIGH + 2.319_046_813_846_299_6e-17 / STEPS as f64;

/// e^x, with a relative error below 3e-16, and the same bits on every platform.
///
/// e^x = 2^(k / 64) e^r with a whole k and |r| < ln 2 / 128; the first factor is from a table, the second by its series
/// (Tang, *Table-driven implementation of the exponential function in IEEE floating-point arithmetic*, 1989).
pub(super) fn exp(x: f64) -> f64 {
    static POWERS: LazyLock<[f64; STEPS]> =
        LazyLock::new(|| std::array::from_fn(|step| libm::exp2(step as f64 / STEPS as f64)));

    // Beyond, the result or a part of it is no ordinary number; nor is it for NaN.
    let is_ordinary = x.abs() < 700.0;
    if !is_ordinary {
        return libm::exp(x);
    }
    let rounded = x * (STEPS as f64 / LN_2) + ROUND;
    let steps = rounded.to_bits();
    let whole = rounded - ROUND;
    let r = (x - whole * STEP_HIGH) - whole * STEP_LOW;
    let square = r * r;
    let series = r + square * ((0.5 + r * (1.0 / 6.0)) + square * (1.0 / 24.0 + r * (1.0 / 120.0)));
    let power = POWERS[steps as usize % STEPS];
    let value = power + power * series;
    // The whole exponent: an arithmetic shift, as it may be negative.
    let exponent = (steps.cast_signed() << TABLE_BITS >> (2 * TABLE_BITS)).cast_unsigned();
    f64::from_bits(value.to_bits().wrapping_add(exponent << 52))
}

#[cfg(test)]
mod tests {
    use super::exp;

    #[test]
    fn it_is_the_exponential_function() {
        for step in -700_000..=700_000 {
            let x = f64::from(step) / 999.7;
            let (ours, exact) = (exp(x), libm::exp(x));
            assert!((ours - exact).abs() < 3e-16 * exact, "e^{x} is {exact}, not {ours}");
        }
    }

    #[test]
    fn its_extremes_are_those_of_the_exponential_function() {
        for x in [f64::NEG_INFINITY, -746.0, -740.0, 0.0, -0.0, 1e-300, 709.0, 710.0, f64::INFINITY] {
            assert_eq!(exp(x).to_bits(), libm::exp(x).to_bits(), "{x}");
        }
        assert!(exp(f64::NAN).is_nan());
    }
}
