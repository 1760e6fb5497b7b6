//! The limits that were hit.

use super::Of;
use crate::report::table::{Cell, CellKind, Table, Unit};
use crate::report::words::{self, duration};

/// A row for every limit that was hit.
pub fn limits(case: Of<'_>) -> Table {
    Table::of("limits", "Limits that were hit", case.summary.limits.clone())
        .case(|_| case.number)
        .text("kind", "limit", "a short name", |row| row.kind.clone())
        .text("message", "message", "the words of the cloud or registry", |row| row.message.clone())
        .time("first_s", "first after", "the earliest time", |row| Some(row.first))
        .count("replications", "", "in how many replications", |row| row.replications)
        .text("", "scale-ups", "", |row| {
            format!("{} of {}", words::count(row.replications.into()), words::count(case.summary.replications.into()))
        })
        .count("count", "", "how often in all of them", |row| row.count)
        .number("cost_s", "", "what it costs until the goal is ready, if that was looked into", Unit::Seconds, |row| {
            row.relief.as_ref()?.cost_s
        })
        .number("ready_without_s", "", "when the goal is ready without it", Unit::Seconds, |row| {
            row.relief.as_ref()?.without_s
        })
        .cells("ready_only_without", "", "replications that became ready only without it", CellKind::Count, |row| {
            row.relief.as_ref().map_or(Cell::Absent, |relief| Cell::Count(relief.only_without.into()))
        })
        .maybe_text("", "costs", "", |row| {
            let relief = row.relief.as_ref()?;
            // Never ready without it either: it is not alone.
            let alone = relief.without_s.map_or("nothing alone", |_| "everything");
            Some(relief.cost_s.map_or(alone.to_owned(), duration))
        })
        .table()
}
