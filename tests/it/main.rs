//! Tests of the crate from outside.

mod scenario_bad;
mod scenario_files;
