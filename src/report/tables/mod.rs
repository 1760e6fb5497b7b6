//! The tables, one file each: rows, and columns with heading, unit and meaning.
//!
//! Must not know: output formats: `report/table` has a renderer for each.

mod assumptions;

pub use assumptions::assumptions;
