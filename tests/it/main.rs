//! The integration tests, in one binary.

mod calibrate;
mod engine_theory;
mod model_cases;
mod model_checks;
mod model_properties;
mod random_portability;
mod report;
mod scenario_bad;
mod scenario_files;
mod stats_coverage;
