//! The CSV files of a results folder, as bytes.
//!
//! One dialect for pandas, R, `DuckDB` and spreadsheets: UTF-8, a header line, commas, line feeds, quotes where needed,
//! decimal points, nothing at all where a value is unknown. Column names carry the unit: `_s` are seconds after the
//! Deployment was created. Every file begins with the columns of the case: `case` (its number from 0),
//! `target_nodes`, and each other key that a sweep varies, under its own name.

mod curve;
mod nodes;
mod sheet;
mod stages;
mod waits;

pub use curve::{bands, curve};
pub use nodes::nodes;
pub use stages::stages;
pub use waits::waits;

use serde_json::Value;

use crate::experiment::results::Results;

/// The name of the file that says what the others are results of.
pub const MANIFEST: &str = "manifest.json";

/// Every CSV file: its name and its bytes.
pub fn csv(results: &Results) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("stages.csv", stages(results)),
        ("curve.csv", curve(results)),
        ("nodes.csv", nodes(results)),
        ("waits.csv", waits(results)),
    ]
}

/// The bytes of [`MANIFEST`].
pub fn manifest(value: &Value) -> Vec<u8> {
    super::json::text(value).into_bytes()
}
