//! Adds columns to a table, each as a function of a row.

use serde_json::Value;

use super::{Cell, CellKind, Column, Row, Table, Unit};
use crate::stats::{Interval, Summary};
use crate::time::Time;

/// A table in the making, with the values that its rows come from.
pub struct Builder<R> {
    table: Table,
    values: Vec<R>,
}

impl<R> Builder<R> {
    pub(super) fn new(name: &'static str, title: String, values: Vec<R>) -> Self {
        // As many as a table with millions of rows has.
        let cells = || Vec::with_capacity(8);
        let rows = values.iter().map(|_| Row { case: None, for_people: true, cells: cells() }).collect();
        let table = Table {
            name,
            title,
            columns: Vec::new(),
            rows,
            notes: Vec::new(),
            if_empty: String::new(),
            has_said: false,
        };
        Self { table, values }
    }

    /// The finished table.
    pub fn table(self) -> Table {
        self.table
    }

    /// Says which case each row is of.
    #[must_use]
    pub fn case(mut self, of: impl Fn(&R) -> usize) -> Self {
        self.rows().for_each(|(row, value)| row.case = Some(of(value)));
        self
    }

    /// Shows people only the rows of which this holds.
    #[must_use]
    pub fn for_people_if(mut self, holds: impl Fn(&R) -> bool) -> Self {
        self.rows().for_each(|(row, value)| row.for_people = holds(value));
        self
    }

    /// A column of words.
    #[must_use]
    pub fn text<T: Into<String>>(self, key: &str, heading: &str, meaning: &str, of: impl Fn(&R) -> T) -> Self {
        self.cells(key, heading, meaning, CellKind::Text, |value| Cell::Text(of(value).into()))
    }

    /// A column of words, unknown where absent.
    #[must_use]
    pub fn maybe_text(self, key: &str, heading: &str, meaning: &str, of: impl Fn(&R) -> Option<String>) -> Self {
        self.cells(key, heading, meaning, CellKind::Text, |value| of(value).map_or(Cell::Absent, Cell::Text))
    }

    /// A column of yes or no.
    #[must_use]
    pub fn flag(self, key: &str, heading: &str, meaning: &str, of: impl Fn(&R) -> bool) -> Self {
        self.cells(key, heading, meaning, CellKind::Flag, |value| Cell::Flag(of(value)))
    }

    /// A column of whole numbers.
    #[must_use]
    pub fn count<N: Into<u64>>(self, key: &str, heading: &str, meaning: &str, of: impl Fn(&R) -> N) -> Self {
        self.cells(key, heading, meaning, CellKind::Count, |value| Cell::Count(of(value).into()))
    }

    /// A column of numbers, unknown where absent or not finite.
    #[must_use]
    pub fn number(self, key: &str, heading: &str, meaning: &str, unit: Unit, of: impl Fn(&R) -> Option<f64>) -> Self {
        let cell = |number: Option<f64>| number.filter(|number| number.is_finite());
        let cell = |value: &R| cell(of(value)).map_or(Cell::Absent, |number| Cell::Number(number, unit));
        self.cells(key, heading, meaning, CellKind::Number(unit), cell)
    }

    /// A column of instants with milliseconds, unknown where something did not happen.
    #[must_use]
    pub fn time(self, key: &str, heading: &str, meaning: &str, of: impl Fn(&R) -> Option<Time>) -> Self {
        let cell = |value: &R| of(value).map_or(Cell::Absent, Cell::Time);
        self.cells(key, heading, meaning, CellKind::Time { decimals: 3 }, cell)
    }

    /// A column of instants with microseconds, for what can be shorter than a millisecond.
    #[must_use]
    pub fn fine_time(self, key: &str, heading: &str, meaning: &str, of: impl Fn(&R) -> Option<Time>) -> Self {
        let cell = |value: &R| of(value).map_or(Cell::Absent, Cell::Time);
        self.cells(key, heading, meaning, CellKind::Time { decimals: 6 }, cell)
    }

    /// A column of statistics over replications, unknown where there was nothing to summarize.
    #[must_use]
    pub fn mean(
        self,
        key: &str,
        heading: &str,
        meaning: &str,
        unit: Unit,
        of: impl for<'a> Fn(&'a R) -> Option<&'a Summary>,
    ) -> Self {
        let kind = CellKind::Mean { unit, percentiles: false, spread: true };
        self.cells(key, heading, meaning, kind, |value| {
            of(value).map_or(Cell::Absent, |of| Cell::Mean((*of).into(), unit))
        })
    }

    /// A column of means with their intervals, unknown where absent.
    #[must_use]
    pub fn estimate(
        self,
        key: &str,
        heading: &str,
        meaning: &str,
        unit: Unit,
        of: impl Fn(&R) -> Option<(f64, Option<Interval>)>,
    ) -> Self {
        let cell = |value: &R| of(value).map_or(Cell::Absent, |(mean, interval)| Cell::Estimate(mean, interval, unit));
        self.cells(key, heading, meaning, CellKind::Estimate(unit), cell)
    }

    /// A column of intervals, unknown where absent.
    #[must_use]
    pub fn interval(
        self,
        key: &str,
        heading: &str,
        meaning: &str,
        unit: Unit,
        of: impl Fn(&R) -> Option<Interval>,
    ) -> Self {
        let cell = |value: &R| of(value).map_or(Cell::Absent, |interval| Cell::Interval(interval, unit));
        self.cells(key, heading, meaning, CellKind::Interval(unit), cell)
    }

    /// Shows people also the percentiles of the column before, where there are enough scale-ups.
    #[must_use]
    pub fn with_percentiles(mut self) -> Self {
        if let Some(Column { kind: CellKind::Mean { percentiles, .. }, .. }) = self.table.columns.last_mut() {
            *percentiles = true;
        }
        self
    }

    /// Leaves only the mean and its interval of the column before in CSV.
    #[must_use]
    pub fn without_spread(mut self) -> Self {
        if let Some(Column { kind: CellKind::Mean { spread, .. }, .. }) = self.table.columns.last_mut() {
            *spread = false;
        }
        self
    }

    /// A column of objects in JSON, each the only row of a table.
    #[must_use]
    pub fn record(self, key: &str, meaning: &str, of: impl Fn(&R) -> Option<Table>) -> Self {
        self.cells(key, "", meaning, CellKind::Record, |value| {
            of(value).map_or(Cell::Absent, |table| Cell::Rows(table.into()))
        })
    }

    /// A column of the rows of tables in JSON.
    #[must_use]
    pub fn rows_of(self, key: &str, meaning: &str, of: impl Fn(&R) -> Table) -> Self {
        self.cells(key, "", meaning, CellKind::Rows, |value| Cell::Rows(of(value).into()))
    }

    /// A column of any values in JSON.
    #[must_use]
    pub fn json(self, key: &str, meaning: &str, of: impl Fn(&R) -> Value) -> Self {
        self.cells(key, "", meaning, CellKind::Json, |value| Cell::Json(of(value).into()))
    }

    /// Leaves the column before out of an object in JSON where it is unknown.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.table.columns.iter_mut().next_back().into_iter().for_each(|column| column.optional = true);
        self
    }

    /// A column of any kind; a cell is of that kind, or absent.
    #[must_use]
    pub fn cells(mut self, key: &str, heading: &str, meaning: &str, kind: CellKind, cell: impl Fn(&R) -> Cell) -> Self {
        let [key, heading, meaning] = [key, heading, meaning].map(str::to_owned);
        self.table.columns.push(Column { key, heading, kind, meaning, optional: false });
        self.rows().for_each(|(row, value)| row.cells.push(cell(value)));
        self
    }

    fn rows(&mut self) -> impl Iterator<Item = (&mut Row, &R)> {
        self.table.rows.iter_mut().zip(&self.values)
    }
}
