//! Replications, cases and sweeps.

pub mod results;
