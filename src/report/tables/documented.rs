//! What is documented about overheads, and what was simulated.
//!
//! Must not know: how a target is judged.

use crate::report::documented::Documented;
use crate::report::table::{Table, Unit};
use crate::report::words::demand;
use crate::scenario::Demand;

/// A row for every case and target that speaks of its size.
pub fn documented(points: &[Documented]) -> Table {
    let about = |row: &Documented| {
        if let Demand::About { seconds, tolerance } = row.demand { Some((seconds, tolerance)) } else { None }
    };
    let range = |row: &Documented| {
        if let Demand::Range { at_least, at_most } = row.demand { (at_least, at_most) } else { (None, None) }
    };
    let mut sources: Vec<&str> = points.iter().map(|point| point.source.as_str()).collect();
    sources.dedup();
    let source = if sources.is_empty() { String::new() } else { format!("Source: {}.", sources.join("; ")) };
    Table::of("documented", "Overheads, simulated against documented", points.to_vec())
        .case(|row| row.case)
        .text("target", "", "the target's name", |row| row.target.clone())
        .text("from", "", "the stage from whose readiness it counts", |row| row.from.clone())
        .text("to", "", "the stage until whose readiness it counts", |row| row.to.clone())
        .text("", "overhead", "", |row| format!("{} after {}", row.to, row.from))
        .text("statement", "documented words", "the documented words", |row| row.statement.clone())
        .text("", "documented", "", |row| demand(row.demand))
        .number("about_s", "", "about how long", Unit::Seconds, |row| Some(about(row)?.0))
        .number("tolerance_s", "", "how much more or less", Unit::Seconds, |row| Some(about(row)?.1))
        .number("at_least_s", "", "at least how long", Unit::Seconds, |row| range(row).0)
        .number("at_most_s", "", "at most how long", Unit::Seconds, |row| range(row).1)
        .estimate("simulated_s", "simulated mean ± 95 %", "the simulated mean", Unit::Seconds, |row| row.simulated)
        .flag("met", "met", "whether what was simulated meets it", |row| row.met)
        .text("reading", "", "how the words were turned into numbers", |row| row.reading.clone())
        .text("source", "", "where they stand", |row| row.source.clone())
        .table()
        .note(source)
}
