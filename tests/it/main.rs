//! The integration tests, in one binary.

mod random_portability;
mod report;
mod stats_coverage;
