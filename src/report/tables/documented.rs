//! What is documented about overheads, and what was simulated.

use super::points::ends;
use crate::report::documented::Documented;
use crate::report::table::{Table, Unit};
use crate::report::words::{demand, measure};

/// A row for every case and target that speaks of its size.
pub fn documented(points: &[Documented]) -> Table {
    let mut sources: Vec<&str> = points.iter().map(|point| point.target.source.as_str()).collect();
    sources.dedup();
    let source = if sources.is_empty() { String::new() } else { format!("Source: {}.", sources.join("; ")) };
    let table = Table::of("documented", "Overheads, simulated against documented", points.to_vec())
        .case(|row| row.case)
        .text("target", "", "the target's name", |row| row.target.name.clone())
        .text("from", "", "the stage or milestone from which it counts; empty for the beginning", |row| {
            row.target.measure.from().unwrap_or_default().to_owned()
        })
        .text("to", "", "the stage or milestone until which it counts", |row| row.target.measure.to().to_owned())
        .text("", "overhead", "", |row| measure(&row.target.measure))
        .text("statement", "documented words", "the documented words", |row| row.target.statement.clone())
        .text("", "documented", "", |row| demand(&row.target.measure, row.target.demand));
    ends(table, |row| row.target.demand)
        .estimate("simulated_s", "simulated mean ± 95 %", "the simulated mean", Unit::Seconds, |row| row.simulated)
        .flag("met", "met", "whether what was simulated meets it", |row| row.met)
        .text("reading", "", "how the words were turned into numbers", |row| row.target.reading.clone())
        .text("source", "", "where they stand", |row| row.target.source.clone())
        .table()
        .note(source)
}
