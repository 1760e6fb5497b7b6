//! Every value of the scenario, and where it comes from.

use crate::report::table::Table;
use crate::scenario::{Entry, explain};

/// A row for every key that is set or has a default, before a sweep's changes.
pub fn assumptions(assumptions: &[Entry]) -> Table {
    let meaning = |key: &str| explain(key).map_or_else(|_| String::new(), |explained| explained.meaning);
    Table::of("assumptions", "Every value, and where it comes from", assumptions.to_vec())
        .text("key", "key", "the dotted key", |row| row.key.clone())
        .text("value", "value", "its value", |row| row.value.clone())
        .text("provenance", "provenance", "documented, upstream, measured, fitted or assumed", |row| {
            row.provenance.kind.word()
        })
        .text("source", "source", "the source, or the reason", |row| row.provenance.source.clone())
        .text("", "meaning", "what the key means", |row| meaning(&row.key))
        .table()
}
