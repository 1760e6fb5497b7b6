//! The integration tests, in one binary.

mod engine_theory;
mod limits_check;
mod limits_conservation;
mod limits_faults;
mod limits_launches;
mod limits_pulls;
mod limits_scale_down;
mod limits_scenarios;
mod random_portability;
mod report;
mod scenario_bad;
mod scenario_files;
mod simulated;
mod stats_coverage;
