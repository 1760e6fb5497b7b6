//! The integration tests, in one binary.

mod stats_coverage;
