//! The integration tests, in one binary.

mod engine_theory;
mod model_attempts;
mod model_cases;
mod model_checks;
mod model_determinism;
mod model_edges;
mod model_endings;
mod model_images;
mod model_mechanisms;
mod model_monotone;
mod model_probes;
mod model_properties;
mod random_portability;
mod report;
mod scenario_files;
mod stats_coverage;
