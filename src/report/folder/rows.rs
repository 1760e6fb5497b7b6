//! The rows of a CSV file, by the names of their columns.
//!
//! Must not know: any single file's columns.

use crate::time::Time;

/// A CSV file that was read.
pub struct Rows {
    header: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

/// A row, and where it stands.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    rows: &'a Rows,
    record: &'a csv::StringRecord,
}

impl Rows {
    /// Reads a file.
    pub fn of(bytes: &[u8]) -> Result<Self, String> {
        let mut reader = csv::Reader::from_reader(bytes);
        let header = reader.headers().map_err(|error| error.to_string())?;
        let header = header.iter().map(str::to_owned).collect();
        let rows = reader.records().collect::<Result<_, _>>().map_err(|error| error.to_string())?;
        Ok(Self { header, rows })
    }

    /// Its rows.
    pub fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|record| Row { rows: self, record })
    }

    /// Whether it has a column.
    pub fn has(&self, column: &str) -> bool {
        self.header.iter().any(|name| name == column)
    }
}

impl<'a> Row<'a> {
    /// The text in a column.
    pub fn text(self, column: &str) -> Result<&'a str, String> {
        let place = self.rows.header.iter().position(|name| name == column);
        let text = place.and_then(|place| self.record.get(place));
        text.ok_or_else(|| format!("the column {column} is missing"))
    }

    /// What a column's text stands for.
    pub fn value<T: std::str::FromStr>(self, column: &str) -> Result<T, String> {
        let text = self.text(column)?;
        text.parse().map_err(|_| self.wrong(column, text))
    }

    /// What a column's text stands for; `None` where there is none.
    pub fn maybe<T: std::str::FromStr>(self, column: &str) -> Result<Option<T>, String> {
        if self.text(column)?.is_empty() { Ok(None) } else { self.value(column).map(Some) }
    }

    /// A finite number; `None` where there is none.
    pub fn number(self, column: &str) -> Result<Option<f64>, String> {
        let number: Option<f64> = self.maybe(column)?;
        match number {
            Some(number) if !number.is_finite() => Err(self.wrong(column, &number.to_string())),
            number => Ok(number),
        }
    }

    /// A time in seconds; `None` where there is none.
    pub fn time(self, column: &str) -> Result<Option<Time>, String> {
        match self.number(column)? {
            Some(seconds) if seconds < 0.0 => Err(self.wrong(column, &seconds.to_string())),
            seconds => Ok(seconds.map(Time::from_secs_f64)),
        }
    }

    /// One of these names, as its place among them.
    pub fn place(self, column: &str, names: &[String]) -> Result<usize, String> {
        let text = self.text(column)?;
        names.iter().position(|name| name == text).ok_or_else(|| self.wrong(column, text))
    }

    /// The number of the row's case.
    pub fn case(self, cases: usize) -> Result<usize, String> {
        let case: usize = self.value("case")?;
        if case < cases { Ok(case) } else { Err(self.wrong("case", &case.to_string())) }
    }

    fn wrong(self, column: &str, text: &str) -> String {
        let line = self.record.position().map_or(0, csv::Position::line);
        format!("line {line}: {text:?} is wrong in the column {column}")
    }
}
