//! The engine's resources against closed forms of queueing theory.
//!
//! Each test simulates independent replications with fixed seeds; the theory must lie inside the 99 % interval of their
//! mean, and the interval must be narrow enough to notice a resource that is slightly wrong.

mod interval;
mod limits;
mod lines;
mod sharing;
