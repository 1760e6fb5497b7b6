//! A table as a CSV file, written case by case.
//!
//! One dialect for pandas, R, `DuckDB` and spreadsheets: UTF-8, a header line, commas, line feeds, quotes where needed,
//! decimal points, nothing at all where a value is unknown.

use std::io::Write;

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

/// Writes tables of the same columns into one file: the header once, then their rows.
pub struct CsvWriter<W: Write> {
    writer: csv::Writer<W>,
    has_header: bool,
}

impl<W: Write> CsvWriter<W> {
    /// Writes into `to`.
    pub fn new(to: W) -> Self {
        Self { writer: csv::Writer::from_writer(to), has_header: false }
    }

    /// Writes the rows of `table`; `cases` are those of all cases, or none if rows are not of cases.
    ///
    /// # Errors
    ///
    /// If `to` does not take them.
    pub fn write(&mut self, table: &Table, cases: &[CaseColumns]) -> csv::Result<()> {
        if !self.has_header {
            self.has_header = true;
            let case = cases.first().into_iter().flat_map(|case| case.names.clone());
            self.writer.write_record(case.chain(columns(table)))?;
        }
        for row in &table.rows {
            for field in row.case.and_then(|case| cases.get(case)).into_iter().flat_map(|case| &case.values) {
                self.writer.write_field(field)?;
            }
            for (place, column) in table.keyed() {
                for field in fields(&row.cells[place], column) {
                    self.writer.write_field(field)?;
                }
            }
            self.writer.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }

    /// What was written into.
    ///
    /// # Errors
    ///
    /// If it does not take the last rows.
    pub fn into_inner(self) -> std::io::Result<W> {
        self.writer.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

/// The names of the columns of a table, without those of the case.
pub fn columns(table: &Table) -> Vec<String> {
    table.keyed().flat_map(|(_, column)| names(column)).collect()
}

/// The names that a column has: one, or those of each figure of a statistic, with the unit last.
pub fn names(column: &Column) -> Vec<String> {
    let (unit, parts) = match column.kind {
        CellKind::Mean { unit, spread, .. } => (unit, &FIGURES[..if spread { 9 } else { 3 }]),
        CellKind::Estimate(unit) => (unit, &FIGURES[..3]),
        CellKind::Interval(unit) => (unit, &ENDS[..]),
        _ => return vec![column.key.clone()],
    };
    let unit = match unit {
        Unit::Seconds | Unit::Later => "s",
        Unit::Usd => "usd",
        _ => "",
    };
    let (stem, unit) = match column.key.strip_suffix(unit) {
        Some("") => (String::new(), format!("_{unit}")),
        Some(stem) if stem.ends_with('_') && !unit.is_empty() => (stem.to_owned(), format!("_{unit}")),
        _ => (format!("{}_", column.key), String::new()),
    };
    parts.iter().map(|part| format!("{stem}{part}{unit}")).collect()
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

/// A cell as fields, as many as its column has names.
fn fields(cell: &Cell, column: &Column) -> Vec<String> {
    let numbers = |values: &[Option<f64>]| values.iter().map(|value| value.map_or_else(String::new, number)).collect();
    match (cell, column.kind) {
        (Cell::Mean(summary, _), CellKind::Mean { spread, .. }) => {
            numbers(&figures(summary)[..if spread { 9 } else { 3 }])
        }
        (Cell::Estimate(mean, interval, _), _) => {
            numbers(&[Some(*mean), interval.map(|interval| interval.low), interval.map(|interval| interval.high)])
        }
        (Cell::Interval(interval, _), _) => numbers(&[Some(interval.low), Some(interval.high)]),
        (Cell::Time(time), CellKind::Time { decimals }) => vec![seconds(*time, decimals)],
        (Cell::Time(time), _) => vec![seconds(*time, 3)],
        (Cell::Number(number, Unit::Exact), _) => vec![number.to_string()],
        (Cell::Number(value, _), _) => vec![number(*value)],
        (Cell::Text(text), _) => vec![text.clone()],
        (Cell::Flag(flag), _) => vec![flag.to_string()],
        (Cell::Count(number), _) => vec![number.to_string()],
        (Cell::Absent | Cell::Mean(..) | Cell::Rows(_) | Cell::Json(_), _) => vec![String::new(); names(column).len()],
    }
}

/// Seconds from integers: the same digits on every platform.
fn seconds(time: Time, decimals: u32) -> String {
    let per_second = 10_u64.pow(decimals);
    let per_unit = 1_000_000_000 / per_second;
    let units = time.as_nanos().saturating_add(per_unit / 2) / per_unit;
    format!("{}.{:0width$}", units / per_second, units % per_second, width = decimals as usize)
}

/// A number with at most three decimals.
fn number(value: f64) -> String {
    // Adding zero turns -0 into 0.
    ((value * 1000.0).round() / 1000.0 + 0.0).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_rounded_to_the_nearest_digit() {
        let time = Time::from_nanos(61_000_499_500);
        assert_eq!((seconds(time, 3).as_str(), seconds(time, 6).as_str()), ("61.000", "61.000500"));
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
        let mut writer = CsvWriter::new(Vec::new());
        writer.write(&table(0, Summary::of(&[2.0])), &cases).expect("written");
        writer.write(&table(1, None), &cases).expect("written");
        let expected = "scenario,case,target_nodes,kind,stage,cost_mean_usd,cost_ci95_low_usd,cost_ci95_high_usd,until_s\n\
                        ekf,0,100,gp2,\"a,b\",2,,,0.000002\n\
                        ekf,1,100,io1,\"a,b\",,,,0.000002\n";
        assert_eq!(String::from_utf8(writer.into_inner().expect("flushed")).expect("UTF-8"), expected);
    }
}
