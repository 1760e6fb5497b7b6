//! What each key does by itself.

use crate::report::sensitivity::Effect;
use crate::report::table::{Table, Unit};

/// A row for every case that changes one key.
pub fn sensitivity(effects: &[Effect]) -> Table {
    Table::of("sensitivity", "What each key does by itself", effects.to_vec())
        .case(|row| row.case)
        .text("key", "", "the key", |row| row.key.clone())
        .text("value", "", "its value", |row| row.value.trim_matches('"').to_owned())
        .count("pairs", "", "replications in which the goal became ready both ways", |row| row.pairs as u64)
        .estimate("difference_s", "", "how much later the goal is ready than without the change", Unit::Later, |row| {
            Some((row.seconds, row.interval))
        })
        .table()
}
