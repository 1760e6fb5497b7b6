//! A table, said once: its rows, and its columns with heading, unit and meaning.
//!
//! The file of one table reads like a list of its columns:
//!
//! ```
//! use scaleup::report::table::{Table, Unit};
//!
//! let table = Table::of("sizes", "How large things are", vec![("ant", 0.004), ("cat", 0.4)])
//!     .text("what", "what", "the animal", |row| row.0)
//!     .number("length_m", "length", "from nose to tail", Unit::Exact, |row| Some(row.1))
//!     .table();
//! assert_eq!((table.columns.len(), table.rows.len()), (2, 2));
//! ```

mod build;
mod cell;
pub mod columns;
pub mod csv;
pub mod json;
pub mod markdown;
pub mod people;
pub mod schema;
pub mod text;

pub use build::Builder;
pub use cell::{Cell, Unit, shown, shown_mean};

/// Rows of the same columns, for every output.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The name of its file without ending, and its key in JSON.
    pub name: &'static str,
    /// What it shows, for people.
    pub title: String,
    /// Its columns; also without any row.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// Sentences below it, for people.
    pub notes: Vec<String>,
    /// Whether another table above has said which percentiles are left out.
    pub has_said: bool,
    /// What people are told if it has no row for them; nothing at all if empty.
    pub if_empty: String,
}

/// A row: one cell for every column.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The number of its case, from 0; absent where a row is not of one case.
    pub case: Option<usize>,
    /// Whether people see it; programs always do.
    pub for_people: bool,
    /// Its cells, in the order of the columns.
    pub cells: Vec<Cell>,
}

/// What one column holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name for programs, in lower case with the unit last (`ready_s`); empty if only people see it.
    pub key: String,
    /// Its name for people; empty if only programs see it.
    pub heading: String,
    /// The kind of its cells.
    pub kind: CellKind,
    /// What it holds, in words.
    pub meaning: String,
    /// Whether an object in JSON lacks it where it is unknown.
    pub optional: bool,
}

/// What the cells of a column are, where they are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// Words.
    Text,
    /// Yes or no.
    Flag,
    /// A whole number.
    Count,
    /// A number.
    Number(Unit),
    /// An instant, in seconds with so many decimals.
    Time {
        /// 3, or 6 for what can be shorter than a millisecond.
        decimals: u32,
    },
    /// A mean with its interval.
    Estimate(Unit),
    /// Both ends of an interval.
    Interval(Unit),
    /// A statistic over the replications.
    Mean {
        /// The unit of the values.
        unit: Unit,
        /// Whether people see percentiles too.
        percentiles: bool,
        /// Whether CSV has more than the mean and its interval.
        spread: bool,
    },
    /// An object in JSON: the only row of a table of its own.
    Record,
    /// The rows of a table of its own in JSON.
    Rows,
    /// Any value in JSON.
    Json,
}

impl Table {
    /// Begins a table of `rows`, to which columns are added.
    pub fn of<R>(name: &'static str, title: impl Into<String>, rows: Vec<R>) -> Builder<R> {
        Builder::new(name, title.into(), rows)
    }

    /// Appends the rows of a table of the same columns, such as that of the next case.
    ///
    /// # Panics
    ///
    /// If the columns differ.
    pub fn extend(&mut self, other: Self) {
        let keys = |table: &Self| table.columns.iter().map(|column| column.key.clone()).collect::<Vec<_>>();
        assert_eq!(keys(self), keys(&other), "{} and {} have other columns", self.name, other.name);
        self.rows.extend(other.rows);
    }

    /// Adds a sentence below the table; nothing if it is empty.
    #[must_use]
    pub fn note(mut self, sentence: impl Into<String>) -> Self {
        self.notes.extend(Some(sentence.into()).filter(|sentence| !sentence.is_empty()));
        self
    }

    /// A table above says which percentiles are left out.
    #[must_use]
    pub fn as_above(self) -> Self {
        Self { has_said: true, ..self }
    }

    /// Says what people are told if there is no row for them.
    #[must_use]
    pub fn or_say(mut self, sentence: impl Into<String>) -> Self {
        self.if_empty = sentence.into();
        self
    }

    /// The columns for programs, each with its place.
    fn keyed(&self) -> impl Iterator<Item = (usize, &Column)> {
        self.columns.iter().enumerate().filter(|(_, column)| !column.key.is_empty())
    }
}
