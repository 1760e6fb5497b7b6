//! The integration tests, in one binary.

mod random_portability;
mod stats_coverage;
