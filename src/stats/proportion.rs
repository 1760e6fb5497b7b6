//! Proportions.

use super::interval::{Interval, normal_z};

/// Wilson's score interval for a probability, of which `successes` of `trials` are known; from 0 to 1 if there
/// were no trials.
///
/// It stays within 0 and 1 and keeps its width where every trial succeeded, or none.
///
/// Source: Wilson, *Probable inference, the law of succession, and statistical inference*, JASA 22 (1927); Brown,
/// Cai and `DasGupta`, *Interval estimation for a binomial proportion*, Statistical Science 16 (2001).
///
/// # Panics
/// If there were more successes than trials: our own mistake.
pub fn wilson(successes: u64, trials: u64, confidence: f64) -> Interval {
    assert!(successes <= trials, "{successes} of {trials} cannot succeed");
    if trials == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let n = trials as f64;
    let share = successes as f64 / n;
    let z = normal_z(confidence);
    let shrink = 1.0 + z * z / n;
    let centre = (share + z * z / (2.0 * n)) / shrink;
    let half_width = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt() / shrink;
    let Interval { low, high } = Interval::around(centre, half_width);
    // At the ends the formula gives 0 and 1, but for rounding.
    Interval {
        low: if successes == 0 { 0.0 } else { low.max(0.0) },
        high: if successes == trials { 1.0 } else { high.min(1.0) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        // Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17
        // (1998), table I.
        for (successes, trials, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let interval = wilson(successes, trials, 0.95);
            assert!((interval.low - low).abs() < 5e-5 && (interval.high - high).abs() < 5e-5, "{interval:?}");
        }
    }

    #[test]
    fn certainty_is_never_claimed() {
        assert_eq!(wilson(0, 0, 0.95), Interval { low: 0.0, high: 1.0 });
        let all = wilson(100, 100, 0.95);
        assert!(all.contains(1.0) && (all.low - 0.9630).abs() < 5e-5, "{all:?}");
    }
}
