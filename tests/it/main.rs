//! The integration tests, in one binary.

mod engine_theory;
mod limits_launches;
mod limits_pulls;
mod random_portability;
mod report;
mod scenario_bad;
mod scenario_files;
mod simulated;
mod stats_coverage;
