//! The integration tests, in one binary.

mod calibrate;
mod cli;
mod documented;
mod engine_theory;
mod model_attempts;
mod model_cases;
mod model_checks;
mod model_determinism;
mod model_edges;
mod model_endings;
mod model_mechanisms;
mod model_monotone;
mod model_probes;
mod model_properties;
mod random_portability;
mod report;
mod scenario_bad;
mod scenario_files;
mod scenario_remarks;
mod scenario_roundtrip;
mod scenario_schema;
mod source;
mod stats_coverage;
