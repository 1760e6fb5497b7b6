//! The rows of a table as JSON objects.
//!
//! Must not know: the document that they stand in.

use serde_json::{Map, Value};

use super::{Cell, Row, Table};
use crate::report::json::{figures, rounded};

/// The rows, each an object of its columns' keys; unknown is `null`.
pub fn rows(table: &Table) -> Value {
    table.rows.iter().map(|row| object(table, row)).map(Value::Object).collect()
}

/// One row as an object.
pub fn object(table: &Table, row: &Row) -> Map<String, Value> {
    // An unknown statistic keeps its fields.
    let value = |cell: &Cell, kind| match (cell, kind) {
        (Cell::Absent, super::Kind::Mean { .. }) => figures(None),
        (cell, _) => value(cell),
    };
    table.keyed().map(|(place, column)| (column.key.clone(), value(&row.cells[place], column.kind))).collect()
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Text(text) => text.as_str().into(),
        Cell::Flag(flag) => (*flag).into(),
        Cell::Count(number) => (*number).into(),
        Cell::Number(number, super::Unit::Exact) => (*number).into(),
        Cell::Number(number, _) => rounded(*number),
        Cell::Time(time) => rounded(time.as_secs_f64()),
        Cell::Mean(summary, _) => figures(Some(summary)),
        Cell::Absent => Value::Null,
    }
}
