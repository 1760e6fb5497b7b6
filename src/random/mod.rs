//! Random numbers: addressed streams, and distributions that are sampled by inversion.
//!
//! A number is found by its *address*: the seed of the study, the replication, the entity that needs it and the
//! purpose that it serves. [`Streams`] turns an address into a [`Stream`], so a draw depends neither on
//! threads nor on the order in which entities ask, and two variants of one study share the draws of every
//! entity that both have (common random numbers).
//!
//! A [`Distribution`] turns **one** uniform number into one value by its quantile function. Values are plain
//! `f64`; callers use seconds and take a [`Span`](crate::time::Span) with
//! [`sample_span`](Distribution::sample_span).
//!
//! ```
//! use scaleup::random::{Distribution, Entity, Purpose, Streams};
//!
//! let boot = Distribution::lognormal(75.0, 110.0)?.truncated(Some(30.0), None)?;
//! let streams = Streams::new(2026, 0);
//! let mut draws = streams.stream(Entity { kind: 1, id: 42 }, Purpose(3));
//! assert!(boot.sample(&mut draws) >= 30.0);
//! # Ok::<(), scaleup::random::DistributionError>(())
//! ```
//!
//! Every logarithm, exponential and error function is the `libm` crate's or made here of sums and products, never the
//! platform's: the same address gives the same bits on every platform with IEEE 754 arithmetic.

mod distribution;
mod empirical;
mod error;
mod exp;
mod gamma;
mod law;
mod normal;
mod stream;
mod tails;
mod triangular;

pub use distribution::Distribution;
pub use error::DistributionError;
pub use stream::{Entity, Purpose, Stream, Streams, stable_id};

#[cfg(test)]
mod tests;
