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
    #[error(
        "(almost) no value lies between {low} and {high}: the share is {share:e}; widen the range or give a constant"
    )]
    NothingLeft {
        /// Lower end of the range.
        low: f64,
        /// Upper end of the range.
        high: f64,
        /// Probability of the range before truncation.
        share: f64,
    },
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
