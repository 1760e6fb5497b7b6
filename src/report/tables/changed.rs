//! Where a scenario differs from the default one.

use crate::report::origin::Changed;
use crate::report::table::Table;

/// A row for every key with another value.
pub fn changed(differences: &[Changed]) -> Table {
    Table::of("changed", "Where the scenario differs from the default one, ekf", differences.to_vec())
        .text("key", "key", "the dotted key", |row| row.key.clone())
        .maybe_text("default", "default", "its value in the default scenario", |row| row.default.clone())
        .maybe_text("value", "here", "its value", |row| row.value.clone())
        .table()
        .or_say("Otherwise it is the default scenario, ekf, without a change.")
}
