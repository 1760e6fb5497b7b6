//! How much later the cases of some results folders are ready than those of the first.

use crate::report::study::GoalDifference;
use crate::report::table::{Table, Unit};

/// A row for every case that has a partner.
pub fn later(differences: &[GoalDifference]) -> Table {
    Table::of("later", "Differences of the time to ready; negative: faster", differences.to_vec())
        .text("what", "what", "what is compared", |row| row.label.clone())
        .text("how", "compared with", "whether pairs were compared", |row| {
            if row.paired { "same random numbers" } else { "different random numbers" }
        })
        .estimate("seconds", "later by, mean ± 95 %", "how much later it was ready", Unit::Later, |row| {
            Some((row.mean_s, row.interval()))
        })
        .table()
}
