//! Tests of the crate from outside.

mod scenario_files;
