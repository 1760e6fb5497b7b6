//! How results were made.

use crate::experiment::results::Results;
use crate::report::table::Table;
use crate::report::words::count;

/// A row for everything that they follow from.
pub fn made_with(study: &Results) -> Table {
    let rows = vec![
        ("program", format!("{} {}", study.program, study.version)),
        ("scenario", study.scenario.clone()),
        ("seed", study.seed.to_string()),
        ("scale-ups of each case", count(study.replications.into())),
        ("hash of the scenario", study.scenario_hash.clone()),
    ];
    Table::of("made_with", "Made with", rows)
        .text("what", "what", "what is told", |row| row.0)
        .text("value", "value", "its value", |row| row.1.clone())
        .table()
}
