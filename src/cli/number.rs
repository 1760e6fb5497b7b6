//! Numbers of the command line, within limits that memory and threads can bear.

use std::fmt::Display;
use std::num::{NonZeroU32, NonZeroUsize};
use std::str::FromStr;

/// Every scale-up of a case is kept until all are done.
const REPLICATIONS_MAX: u32 = 100_000;
const THREADS_MAX: usize = 1024;
const EVALUATIONS_MAX: usize = 1_000_000;

/// For `--replications`.
pub(crate) fn replications(text: &str) -> Result<NonZeroU32, String> {
    within(text, NonZeroU32::MIN, NonZeroU32::new(REPLICATIONS_MAX))
}

/// For `--threads`.
pub(crate) fn threads(text: &str) -> Result<NonZeroUsize, String> {
    within(text, NonZeroUsize::MIN, NonZeroUsize::new(THREADS_MAX))
}

/// For `--evaluations`.
pub(crate) fn evaluations(text: &str) -> Result<NonZeroUsize, String> {
    within(text, NonZeroUsize::MIN, NonZeroUsize::new(EVALUATIONS_MAX))
}

/// For `--seed`.
pub(crate) fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("write a whole number from 0 to {}", u64::MAX))
}

fn within<T: FromStr + PartialOrd + Display + Copy>(text: &str, min: T, max: Option<T>) -> Result<T, String> {
    let max = max.unwrap_or(min);
    match text.parse() {
        Ok(number) if number <= max => Ok(number),
        _ => Err(format!("write a whole number from {min} to {max}")),
    }
}
