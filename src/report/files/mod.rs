//! The data files of a results folder, as bytes.
//!
//! Must not know: folders: files are names with bytes.
//!
//! One CSV dialect for pandas, R, `DuckDB` and spreadsheets: UTF-8, a header line, commas, line feeds, quotes where
//! needed, decimal points, nothing at all where a value is unknown. Column names carry the unit: `_s` are seconds after
//! the Deployment was created. Every file begins with the columns of the case: `case` (its number from 0),
//! `target_nodes`, and each other key that a sweep varies, under its own name. `output/README.md` lists all files and
//! columns; a test compares.

mod costs;
mod curve;
mod deadline;
mod documented;
mod flaps;
mod limits;
mod nodes;
mod overheads;
mod sensitivity;
mod sheet;
mod stages;
mod times;
mod waits;

pub use costs::costs;
pub use curve::{bands, curve};
pub use deadline::deadline;
pub use documented::documented;
pub use flaps::flaps;
pub use limits::limits;
pub use nodes::nodes;
pub use overheads::overheads;
pub use sensitivity::sensitivity;
pub use stages::stages;
pub use times::times;
pub use waits::waits;

use crate::experiment::results::Results;
use crate::report::summary;

/// The name of the file with the text that the command printed.
pub const SUMMARY: &str = "summary.txt";
/// The name of the file of all values and where they come from.
pub const ASSUMPTIONS: &str = "assumptions.csv";
/// The name of the file of differences between scenarios, where there are several.
pub const COMPARISON: &str = "comparison.csv";
/// The name of the file of documented overheads, where the scenario has some.
pub const DOCUMENTED: &str = "documented.csv";

/// Every file that follows from the results alone: its name and its bytes.
pub fn all(results: &Results) -> Vec<(&'static str, Vec<u8>)> {
    let cases = summary::cases(results);
    let mut files = vec![
        ("stages.csv", stages(results)),
        ("times.csv", times(results, &cases)),
        ("overheads.csv", overheads(results, &cases)),
        ("deadline.csv", deadline(results)),
        ("costs.csv", costs(results, &cases)),
        ("limits.csv", limits(results, &cases)),
        ("curve.csv", curve(results)),
        ("nodes.csv", nodes(results)),
        ("flaps.csv", flaps(results)),
        ("waits.csv", waits(results)),
    ];
    files.extend(sensitivity(results).map(|bytes| ("sensitivity.csv", bytes)));
    files
}

/// The names of all files that a study can have, but for the study itself, its page and its charts.
const NAMES: [&str; 15] = [
    SUMMARY,
    ASSUMPTIONS,
    COMPARISON,
    DOCUMENTED,
    "stages.csv",
    "times.csv",
    "overheads.csv",
    "deadline.csv",
    "costs.csv",
    "limits.csv",
    "curve.csv",
    "nodes.csv",
    "flaps.csv",
    "waits.csv",
    "sensitivity.csv",
];

/// Whether a file of this name belongs to a study.
pub fn is_name(name: &str) -> bool {
    NAMES.contains(&name)
}
