//! A table as a CSV file, written case by case.
//!
//! One dialect for pandas, R, `DuckDB` and spreadsheets: UTF-8, a header line, commas, line feeds, quotes where needed,
//! decimal points, nothing at all where a value is unknown.

use std::io::{self, Write};

use super::{Cell, CellKind, Column, Table, Unit};
use crate::experiment::results::{CaseResult, Results};
use crate::report::words;
use crate::stats::Summary;
use crate::time::Time;

/// The columns that say which case a row is of, and their values for one case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseColumns {
    names: Vec<String>,
    values: Vec<String>,
}

impl CaseColumns {
    /// Of every case of a study.
    pub fn all(results: &Results) -> Vec<Self> {
        results.cases.iter().enumerate().map(|(number, case)| Self::of(results, number, case)).collect()
    }

    /// Of one: its scenario, its number, its size, and each key that any case of `study` varies, with the base value
    /// where this one does not.
    pub fn of(study: &Results, number: usize, case: &CaseResult) -> Self {
        let varied = || study.varied.iter().filter(|(key, _)| key != words::TARGET_NODES);
        let value = |(key, base): &(String, String)| {
            let set = case.set.iter().find(|(set, _)| set == key);
            bare(set.map_or(base, |(_, value)| value)).to_owned()
        };
        let names = CASE.map(str::to_owned).into_iter().chain(varied().map(|(key, _)| column_name(key)));
        let head = [case.scenario.clone(), number.to_string(), case.target_nodes.to_string()];
        Self { names: names.collect(), values: head.into_iter().chain(varied().map(value)).collect() }
    }
}

/// The columns that every file of cases begins with.
pub const CASE: [&str; 3] = ["scenario", "case", "target_nodes"];

/// A name that needs no quotes in SQL, R and pandas.
fn column_name(key: &str) -> String {
    key.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_")
}

/// A TOML string without its quotes, where it needs none; any other value as it is.
fn bare(value: &str) -> &str {
    let inside = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inside.filter(|text| !text.contains(['"', '\\'])).unwrap_or(value)
}

/// Tables of the same columns as CSV: a header line, then their rows, those of one table after those of another.
pub struct CsvText {
    name: &'static str,
    writer: csv::Writer<Vec<u8>>,
    /// The bytes of the header line.
    header: usize,
    /// The cell that is being written; one for all of them, since there are millions.
    cell: Vec<u8>,
}

impl CsvText {
    /// The rows of `table`; `cases` are the columns of those that it has rows of, by the number that it knows them by,
    /// or none if rows are not of cases.
    ///
    /// # Errors
    /// If a row has not as many cells as there are columns: our own mistake.
    pub fn of(table: &Table, cases: &[CaseColumns]) -> io::Result<Self> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let case = cases.first().into_iter().flat_map(|case| case.names.clone());
        writer.write_record(case.chain(columns(table)))?;
        writer.flush()?;
        let mut text = Self { name: table.name, header: writer.get_ref().len(), writer, cell: Vec::new() };
        text.add(table, cases)?;
        Ok(text)
    }

    /// Adds the rows of another table of the same columns.
    ///
    /// # Errors
    /// As [`of`](Self::of).
    pub fn add(&mut self, table: &Table, cases: &[CaseColumns]) -> io::Result<()> {
        for row in &table.rows {
            for field in row.case.and_then(|case| cases.get(case)).into_iter().flat_map(|case| &case.values) {
                self.writer.write_field(field)?;
            }
            for (place, column) in table.keyed() {
                self.write(&row.cells[place], column)?;
            }
            self.writer.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }

    /// Writes a cell, as many fields as its column has names.
    fn write(&mut self, cell: &Cell, column: &Column) -> csv::Result<()> {
        match (cell, column.kind) {
            (Cell::Mean(summary, _), CellKind::Mean { spread, .. }) => {
                self.numbers(&figures(summary)[..if spread { 9 } else { 3 }])
            }
            (Cell::Estimate(mean, interval, _), _) => {
                let [low, high] = [interval.map(|interval| interval.low), interval.map(|interval| interval.high)];
                self.numbers(&[Some(*mean), low, high])
            }
            (Cell::Interval(interval, _), _) => self.numbers(&[Some(interval.low), Some(interval.high)]),
            (Cell::Time(time), CellKind::Time { decimals }) => self.field(|text| seconds(text, *time, decimals)),
            (Cell::Time(time), _) => self.field(|text| seconds(text, *time, 3)),
            (Cell::Number(number, Unit::Exact), _) => self.field(|text| write!(text, "{number}")),
            (Cell::Number(value, _), _) => self.field(|text| number(text, *value)),
            (Cell::Text(text), _) => self.writer.write_field(text),
            (Cell::Flag(flag), _) => self.writer.write_field(if *flag { "true" } else { "false" }),
            (Cell::Count(number), _) => self.field(|text| digits(text, *number, 1)),
            (Cell::Absent | Cell::Mean(..) | Cell::Rows(_) | Cell::Json(_), _) => {
                (0..parts(column).map_or(1, <[_]>::len)).try_for_each(|_| self.writer.write_field(""))
            }
        }
    }

    fn numbers(&mut self, values: &[Option<f64>]) -> csv::Result<()> {
        let mut values = values.iter();
        values.try_for_each(|value| self.field(|text| value.map_or(Ok(()), |value| number(text, value))))
    }

    /// Writes a field that has no comma and no quotes.
    fn field(&mut self, put: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> csv::Result<()> {
        self.cell.clear();
        put(&mut self.cell)?;
        self.writer.write_field(&self.cell)
    }

    /// The name of its file without ending, the header line, and the rows.
    ///
    /// # Errors
    /// Never: memory takes every row.
    pub fn finish(self) -> io::Result<(&'static str, Vec<u8>, usize)> {
        let text = self.writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
        Ok((self.name, text, self.header))
    }
}

/// The names of the columns of a table, without those of the case.
pub fn columns(table: &Table) -> Vec<String> {
    table.keyed().flat_map(|(_, column)| names(column)).collect()
}

/// The names that a column has: one, or those of each figure of a statistic, with the unit last.
pub fn names(column: &Column) -> Vec<String> {
    let Some(parts) = parts(column) else { return vec![column.key.clone()] };
    let unit = match column.kind {
        CellKind::Mean { unit, .. } | CellKind::Estimate(unit) | CellKind::Interval(unit) => match unit {
            Unit::Seconds | Unit::Later => "s",
            Unit::Usd => "usd",
            _ => "",
        },
        _ => "",
    };
    let (stem, unit) = match column.key.strip_suffix(unit) {
        Some("") => (String::new(), format!("_{unit}")),
        Some(stem) if stem.ends_with('_') && !unit.is_empty() => (stem.to_owned(), format!("_{unit}")),
        _ => (format!("{}_", column.key), String::new()),
    };
    parts.iter().map(|part| format!("{stem}{part}{unit}")).collect()
}

/// The figures that a column has one field for each of; `None` where it is one field.
fn parts(column: &Column) -> Option<&'static [&'static str]> {
    match column.kind {
        CellKind::Mean { spread, .. } => Some(&FIGURES[..if spread { 9 } else { 3 }]),
        CellKind::Estimate(_) => Some(&FIGURES[..3]),
        CellKind::Interval(_) => Some(&ENDS),
        _ => None,
    }
}

/// The figures of a statistic; the first three are those of a mean with its interval.
const FIGURES: [&str; 9] = ["mean", "ci95_low", "ci95_high", "sd", "p50", "p90", "p99", "min", "max"];
/// The ends of an interval.
const ENDS: [&str; 2] = ["low", "high"];

/// The values of [`FIGURES`].
fn figures(of: &Summary) -> [Option<f64>; 9] {
    let [p50, p90, p99, min, max] = [of.p50, of.p90, of.p99, of.min, of.max].map(Some);
    [Some(of.mean), of.ci95_low, of.ci95_high, of.sd, p50, p90, p99, min, max]
}

/// Seconds from integers: the same digits on every platform.
fn seconds(text: &mut Vec<u8>, time: Time, decimals: u32) -> io::Result<()> {
    let per_second = 10_u64.pow(decimals);
    let per_unit = 1_000_000_000 / per_second;
    let units = time.as_nanos().saturating_add(per_unit / 2) / per_unit;
    digits(text, units / per_second, 1)?;
    text.push(b'.');
    digits(text, units % per_second, decimals as usize)
}

/// A whole number with at least so many digits.
fn digits(text: &mut Vec<u8>, mut number: u64, least: usize) -> io::Result<()> {
    let mut all = [b'0'; 20];
    let mut first = all.len();
    while number > 0 {
        first -= 1;
        all[first] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    let first = first.min(all.len() - least);
    text.write_all(&all[first..])
}

/// A number with at most three decimals.
fn number(text: &mut Vec<u8>, value: f64) -> io::Result<()> {
    // Adding zero turns -0 into 0.
    write!(text, "{}", (value * 1000.0).round() / 1000.0 + 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_rounded_to_the_nearest_digit() {
        let time = Time::from_nanos(61_000_499_500);
        let written = |put: &dyn Fn(&mut Vec<u8>) -> io::Result<()>| {
            let mut text = Vec::new();
            put(&mut text).map(|()| String::from_utf8(text).expect("digits"))
        };
        let second = |time, decimals| written(&|text| seconds(text, time, decimals)).expect("memory");
        assert_eq!((second(time, 3).as_str(), second(time, 6).as_str()), ("61.000", "61.000500"));
        let last = Time::from_nanos(u64::MAX);
        assert_eq!([second(last, 3), second(Time::ZERO, 3)], ["18446744073.709", "0.000"]);
        let number = |value| written(&|text| number(text, value)).expect("memory");
        assert_eq!([1.0 / 3.0, -0.000_01, 300.0].map(number), ["0.333", "0", "300"]);
    }

    #[test]
    fn a_plain_string_loses_its_quotes_and_nothing_else_changes() {
        assert_eq!([r#""gp2""#, "100", r#""a\"b""#, "[1]"].map(bare), ["gp2", "100", r#""a\"b""#, "[1]"]);
        assert_eq!(column_name("daemonset.csi-node.per_node"), "daemonset_csi_node_per_node");
    }

    #[test]
    fn tables_of_one_case_after_another_share_a_header() {
        let table = |case: usize, summary: Option<Summary>| {
            Table::of("costs", "", vec![summary])
                .case(move |_| case)
                .text("stage", "", "", |_| "a,b")
                .mean("cost_usd", "", "", Unit::Usd, Option::as_ref)
                .without_spread()
                .fine_time("until_s", "", "", |_| Some(Time::from_nanos(1_500)))
                .table()
        };
        let names: Vec<String> = CASE.iter().map(ToString::to_string).chain(["kind".to_owned()]).collect();
        let case = |values: [&str; 4]| CaseColumns { names: names.clone(), values: values.map(str::to_owned).into() };
        let cases = [case(["ekf", "0", "100", "gp2"]), case(["ekf", "1", "100", "io1"])];
        let mut text = CsvText::of(&table(0, Summary::of(&[2.0])), &cases).expect("written");
        text.add(&table(1, None), &cases).expect("written");
        let expected = "scenario,case,target_nodes,kind,stage,cost_mean_usd,cost_ci95_low_usd,cost_ci95_high_usd,until_s\n\
                        ekf,0,100,gp2,\"a,b\",2,,,0.000002\n\
                        ekf,1,100,io1,\"a,b\",,,,0.000002\n";
        let (name, text, header) = text.finish().expect("flushed");
        assert_eq!(String::from_utf8(text).expect("UTF-8"), expected);
        assert_eq!((name, header), ("costs", expected.find('\n').expect("lines") + 1));
    }
}
