//! A table in JSON: its rows as objects, or its only row as one.

use serde_json::{Map, Value, json};

use super::{Cell, CellKind, Column, Row, Table};
use crate::report::json::{ends, figures, rounded};
use crate::stats::Interval;

/// The rows, each an object of its columns' keys; unknown is `null`.
pub fn rows(table: &Table) -> Value {
    table.rows.iter().map(|row| object(table, row)).map(Value::Object).collect()
}

/// One row as an object.
pub fn object(table: &Table, row: &Row) -> Map<String, Value> {
    // An unknown statistic keeps its fields.
    let value = |cell: &Cell, kind| match (cell, kind) {
        (Cell::Absent, CellKind::Mean { .. }) => figures(None),
        (Cell::Absent, CellKind::Estimate(_)) => estimate(None, None),
        (Cell::Rows(table), CellKind::Record) => record(table),
        (cell, _) => value(cell),
    };
    let cells = table.keyed().map(|(place, column)| (column, &row.cells[place]));
    let told = cells.filter(|(column, cell)| !column.optional || **cell != Cell::Absent);
    told.map(|(Column { key, kind, .. }, cell)| (key.clone(), value(cell, *kind))).collect()
}

/// The only row as an object; `null` where there is none.
pub fn record(table: &Table) -> Value {
    table.rows.first().map_or(Value::Null, |row| Value::Object(object(table, row)))
}

/// A mean with its interval; all `null` where unknown.
fn estimate(mean: Option<f64>, interval: Option<Interval>) -> Value {
    let shown = |number: Option<f64>| number.map_or(Value::Null, rounded);
    let (low, high) = (interval.map(|interval| interval.low), interval.map(|interval| interval.high));
    json!({ "mean": shown(mean), "ci95_low": shown(low), "ci95_high": shown(high) })
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
        Cell::Estimate(mean, interval, _) => estimate(Some(*mean), *interval),
        Cell::Interval(interval, _) => ends(Some(*interval)),
        Cell::Rows(table) => rows(table),
        Cell::Json(value) => (**value).clone(),
        Cell::Absent => Value::Null,
    }
}
