//! Mean and variance.

/// The arithmetic mean; `None` of no values.
///
/// The differences from the first value are summed, in order: equal values have exactly their own value as mean.
pub fn mean(values: &[f64]) -> Option<f64> {
    let first = *values.first()?;
    let differences: f64 = values.iter().map(|value| value - first).sum();
    Some(first + differences / values.len() as f64)
}

/// The variance with divisor n - 1; `None` of fewer than two values.
///
/// Source: the corrected two-pass algorithm (Chan, Golub and `LeVeque`, *Algorithms for computing the sample
/// variance*, The American Statistician 37, 1983). Equal values have a variance of exactly zero.
pub fn variance(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let mean = mean(values)?;
    let count = values.len() as f64;
    let (mut squares, mut remainder) = (0.0, 0.0);
    for value in values {
        let difference = value - mean;
        squares += difference * difference;
        remainder += difference;
    }
    Some(((squares - remainder * remainder / count) / (count - 1.0)).max(0.0))
}

/// The standard deviation with divisor n - 1; `None` of fewer than two values.
pub fn sd(values: &[f64]) -> Option<f64> {
    variance(values).map(f64::sqrt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        let values = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
        assert_eq!(mean(&values), Some(5.0));
        assert_eq!(variance(&values), Some(32.0 / 7.0));
    }

    #[test]
    fn a_large_offset_costs_no_digits() {
        let values = [1e9 + 4.0, 1e9 + 7.0, 1e9 + 13.0, 1e9 + 16.0];
        assert_eq!(variance(&values), Some(30.0));
    }

    #[test]
    fn a_mean_that_had_to_be_rounded_does_not_add_to_the_variance() {
        // The next number after 1e15 is 1e15 + 0.125, and their mean lies between them.
        assert_eq!(variance(&[1e15, 1e15 + 0.125]), Some(0.125 * 0.125 / 2.0));
    }

    #[test]
    fn equal_values_have_themselves_as_mean_and_no_variance() {
        let values = [0.1; 1000];
        assert_eq!(mean(&values), Some(0.1));
        assert_eq!(sd(&values), Some(0.0));
    }

    #[test]
    fn too_few_values_have_none() {
        assert_eq!(mean(&[]), None);
        assert_eq!(variance(&[3.0]), None);
    }
}
