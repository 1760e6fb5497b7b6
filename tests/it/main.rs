//! The integration tests, in one binary.

mod engine_theory;
mod model_cases;
mod model_checks;
mod model_properties;
mod random_portability;
mod report;
mod scenario_bad;
mod scenario_files;
mod scenario_remarks;
mod scenario_roundtrip;
mod scenario_schema;
mod stats_coverage;
