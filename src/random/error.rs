//! What can be wrong with the parameters of a distribution.

use thiserror::Error;

/// Why a distribution cannot exist, said to the person who wrote its parameters.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum DistributionError {
    /// Infinity or not a number where a number is wanted.
    #[error("`{parameter}` must be a finite number, not {value}")]
    NotFinite {
        /// Name of the parameter.
        parameter: &'static str,
        /// What was given.
        value: f64,
    },
    /// Zero or less where the law needs more.
    #[error("`{parameter}` must be greater than zero, not {value}; for a fixed value give a constant")]
    NotPositive {
        /// Name of the parameter.
        parameter: &'static str,
        /// What was given.
        value: f64,
    },
    /// A factor below zero.
    #[error("`{parameter}` must not be negative, as {value} is")]
    Negative {
        /// Name of the parameter.
        parameter: &'static str,
        /// What was given.
        value: f64,
    },
    /// Outside the range that can be computed with full precision, or that makes sense.
    #[error("`{parameter}` must be between {least} and {most}, not {value}")]
    OutOfRange {
        /// Name of the parameter.
        parameter: &'static str,
        /// Smallest allowed value.
        least: f64,
        /// Largest allowed value.
        most: f64,
        /// What was given.
        value: f64,
    },
    /// Two parameters the wrong way round.
    #[error("`{smaller}` ({smaller_value}) must not be greater than `{larger}` ({larger_value})")]
    Order {
        /// Name of the parameter that must not be greater.
        smaller: &'static str,
        /// Its value.
        smaller_value: f64,
        /// Name of the parameter that must not be smaller.
        larger: &'static str,
        /// Its value.
        larger_value: f64,
    },
    /// No points or samples.
    #[error("a distribution from data needs at least one value")]
    Empty,
    /// The probabilities do not run from 0 to 1.
    #[error(
        "the probabilities must begin with 0 (the smallest value) and end with 1 (the largest), not {first} and {last}"
    )]
    Ends {
        /// First probability given.
        first: f64,
        /// Last probability given.
        last: f64,
    },
    /// A probability that does not exceed the one before it.
    #[error("the probabilities must increase from point to point: {after} cannot follow {before}")]
    ProbabilityOrder {
        /// The earlier probability.
        before: f64,
        /// The one that follows it.
        after: f64,
    },
    /// A value below the one before it.
    #[error("the values must not fall from point to point: {after} cannot follow {before}")]
    ValueOrder {
        /// The earlier value.
        before: f64,
        /// The one that follows it.
        after: f64,
    },
    /// A truncation that leaves nothing.
    #[error("{}; widen the range or give a constant", nothing_left(*low, *high, *share))]
    NothingLeft {
        /// Lower end of the range; minus infinity if there is none.
        low: f64,
        /// Upper end of the range; infinity if there is none.
        high: f64,
        /// Probability of the range before truncation.
        share: f64,
    },
}

fn nothing_left(low: f64, high: f64, share: f64) -> String {
    let range = match (low.is_finite(), high.is_finite()) {
        (true, true) => format!("between {low} and {high}"),
        (true, false) => format!("at least {low}"),
        _ => format!("at most {high}"),
    };
    if share > 0.0 {
        format!("a share of only {share:.1e} of the values is {range}")
    } else {
        format!("no value is {range}")
    }
}

/// `value` if it is finite.
pub(super) fn finite(parameter: &'static str, value: f64) -> Result<f64, DistributionError> {
    if value.is_finite() { Ok(value) } else { Err(DistributionError::NotFinite { parameter, value }) }
}

/// `value` if it is finite and greater than zero.
pub(super) fn positive(parameter: &'static str, value: f64) -> Result<f64, DistributionError> {
    if finite(parameter, value)? > 0.0 { Ok(value) } else { Err(DistributionError::NotPositive { parameter, value }) }
}

/// `value` if it is finite and in `[least, most]`.
pub(super) fn within(parameter: &'static str, value: f64, least: f64, most: f64) -> Result<f64, DistributionError> {
    if (least..=most).contains(&finite(parameter, value)?) {
        Ok(value)
    } else {
        Err(DistributionError::OutOfRange { parameter, least, most, value })
    }
}

/// Checks that two named values stand in order.
pub(super) fn ordered(smaller: (&'static str, f64), larger: (&'static str, f64)) -> Result<(), DistributionError> {
    if smaller.1 <= larger.1 {
        return Ok(());
    }
    let ((smaller, smaller_value), (larger, larger_value)) = (smaller, larger);
    Err(DistributionError::Order { smaller, smaller_value, larger, larger_value })
}

#[cfg(test)]
mod tests {
    use super::super::Distribution;
    use super::DistributionError;

    fn said<T: std::fmt::Debug>(result: Result<T, DistributionError>) -> String {
        result.expect_err("the parameters are wrong").to_string()
    }

    #[test]
    fn wrong_parameters_are_named_with_what_is_wanted() {
        for (complaint, expected) in [
            (said(Distribution::constant(f64::INFINITY)), "`value` must be a finite number, not inf"),
            (
                said(Distribution::exponential(0.0)),
                "`mean` must be greater than zero, not 0; for a fixed value give a constant",
            ),
            (said(Distribution::uniform(30.0, 20.0)), "`low` (30) must not be greater than `high` (20)"),
            (said(Distribution::lognormal(75.0, 60.5)), "`p50` (75) must not be greater than `p95` (60.5)"),
            (said(Distribution::gamma(10.0, 0.05)), "`sd` must be between 0.1 and 50, not 0.05"),
            (said(Distribution::weibull(10.0, 0.01)), "`shape` must be between 0.1 and 1000, not 0.01"),
            (said(Distribution::triangular(1.0, 9.0, 5.0)), "`mode` (9) must not be greater than `high` (5)"),
            (said(Distribution::samples(&[])), "a distribution from data needs at least one value"),
            (
                said(Distribution::empirical(&[(0.5, 1.0), (0.9, 2.0)])),
                "the probabilities must begin with 0 (the smallest value) and end with 1 (the largest), not 0.5 and 0.9",
            ),
            (
                said(Distribution::empirical(&[(0.0, 1.0), (0.5, 2.0), (0.5, 3.0), (1.0, 4.0)])),
                "the probabilities must increase from point to point: 0.5 cannot follow 0.5",
            ),
            (
                said(Distribution::empirical(&[(0.0, 2.0), (1.0, 1.5)])),
                "the values must not fall from point to point: 1.5 cannot follow 2",
            ),
        ] {
            assert_eq!(complaint, expected);
        }
    }

    #[test]
    fn a_range_without_values_is_named() -> Result<(), DistributionError> {
        let uniform = Distribution::uniform(0.0, 10.0)?;
        let narrow = Distribution::lognormal(75.0, 76.0)?;
        for (complaint, expected) in [
            (
                said(uniform.clone().truncated(Some(20.0), Some(30.0))),
                "no value is between 20 and 30; widen the range or give a constant",
            ),
            (said(uniform.truncated(None, Some(-1.0))), "no value is at most -1; widen the range or give a constant"),
            (
                said(narrow.clone().truncated(Some(82.0), None)),
                "a share of only 7.7e-29 of the values is at least 82; widen the range or give a constant",
            ),
            (said(narrow.truncated(Some(3.0), Some(2.0))), "`min` (3) must not be greater than `max` (2)"),
            (
                said(Distribution::constant(5.0)?.truncated(Some(6.0), None)),
                "no value is at least 6; widen the range or give a constant",
            ),
        ] {
            assert_eq!(complaint, expected);
        }
        Ok(())
    }
}
