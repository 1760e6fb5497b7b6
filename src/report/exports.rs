//! The CSV files of a study: its tables, case by case.

use super::comparison::Compared;
use super::study::Study;
use super::table::Table;
use super::table::csv::{CaseColumns, CsvText};
use super::tables::{self, Of};
use crate::experiment::results::CaseResult;
use crate::scenario::Entry;
use std::io::{self, Write};

/// The name of the file with the text that the command printed.
pub const SUMMARY: &str = "summary.txt";

/// The tables that every case has, and those of cases that are explained.
const OF_CASES: [&str; 15] = [
    "times",
    "overheads",
    "flaps",
    "outcomes",
    "deadline",
    "costs",
    "path",
    "relief",
    "resources",
    "limits",
    "stages",
    "curve",
    "nodes",
    "counts",
    "waits",
];
/// The tables that a study has as a whole, where there is something to say.
const OF_STUDIES: [&str; 5] = ["cases", "documented", "sensitivity", "comparison", "assumptions"];

/// Whether a file of this name belongs to a study, its charts and the study itself excepted.
pub fn is_name(name: &str) -> bool {
    let is_table = |table: &str| OF_CASES.iter().chain(&OF_STUDIES).any(|known| *known == table);
    name == SUMMARY || name.strip_suffix(".csv").is_some_and(is_table)
}

/// What the tables of a case need to know of those in the same files.
pub struct Beside {
    prices: Vec<f64>,
    daemonsets: Vec<String>,
}

impl Beside {
    /// Of all cases.
    pub fn of(cases: &[Of<'_>]) -> Self {
        let prices = cases.iter().map(|case| case.summary.price_per_hour).collect();
        Self { prices, daemonsets: tables::daemonset_names(cases) }
    }
}

/// Every table of one case.
pub fn of_case(case: Of<'_>, beside: &Beside) -> Vec<Table> {
    let mut all = vec![
        tables::times(case),
        tables::overheads(case),
        tables::flaps(case),
        tables::outcomes(case),
        tables::chances(case),
        tables::costs(case, &beside.prices),
        tables::followed(case),
        tables::limits(case),
        tables::stages(case),
        tables::curve(case),
        tables::nodes(case, &beside.daemonsets),
        tables::counts(case),
        tables::waits(case.number, &case.result.waits, &case.result.waits.list),
    ];
    if case.result.why.is_some() {
        all.extend([tables::relieved(case), tables::resource_courses(case)]);
    }
    all
}

/// Every table of a study as a whole that says something.
pub fn of_study(study: &Study, cases: &[Of<'_>], assumptions: &[Entry]) -> Vec<Table> {
    let mut all = vec![tables::cases(cases)];
    if !study.documented.is_empty() {
        all.push(tables::documented(&study.documented));
    }
    if !study.effects.is_empty() {
        all.push(tables::sensitivity(&study.effects));
    }
    if study.results.command == "compare" {
        all.push(tables::differences(&Compared::of(&study.results).comparison));
    }
    if !assumptions.is_empty() {
        all.push(tables::assumptions(assumptions));
    }
    all
}

/// What the CSV files of a study are made of: each case becomes its rows in all files, by itself.
pub struct CaseRows<'a> {
    of: Vec<Of<'a>>,
    beside: Beside,
    columns: Vec<CaseColumns>,
}

impl<'a> CaseRows<'a> {
    /// Of a study with all of its cases.
    pub fn new(study: &'a Study) -> Self {
        let of = tables::of(&study.results, &study.cases);
        Self { beside: Beside::of(&of), columns: CaseColumns::all(&study.results), of }
    }

    /// The rows of the case with this number, of which this is everything.
    ///
    /// # Errors
    /// Never: memory takes every row.
    pub fn of_case(&self, number: usize, result: &CaseResult) -> io::Result<Vec<CsvText>> {
        let tables = of_case(Of { result, ..self.of[number] }, &self.beside);
        tables.iter().map(|table| CsvText::of(table, &self.columns)).collect()
    }

    /// The rows of the study as a whole.
    fn of_study(&self, study: &Study, assumptions: &[Entry]) -> io::Result<Vec<CsvText>> {
        let text = |table: &Table| {
            let of_cases = !["comparison", "assumptions"].contains(&table.name);
            CsvText::of(table, if of_cases { &self.columns } else { &[] })
        };
        of_study(study, &self.of, assumptions).iter().map(text).collect()
    }
}

/// Begins the file of a name.
type Open<W> = dyn Fn(&str) -> io::Result<W>;

/// CSV files that grow by the rows of tables.
pub struct CsvFiles<W: Write> {
    open: Box<Open<W>>,
    files: Vec<CsvFile<W>>,
}

struct CsvFile<W> {
    table: &'static str,
    header: Vec<u8>,
    to: W,
}

impl<W: Write> CsvFiles<W> {
    /// No file yet; `open` begins the one of a name.
    pub fn new(open: impl Fn(&str) -> io::Result<W> + 'static) -> Self {
        Self { open: Box::new(open), files: Vec::new() }
    }

    /// Adds rows to their file.
    ///
    /// # Errors
    /// Where the file cannot be begun, or takes no more, or has other columns.
    pub fn add(&mut self, rows: CsvText) -> io::Result<()> {
        let (table, text, header) = rows.finish()?;
        let Some(file) = self.files.iter_mut().find(|file| file.table == table) else {
            let (header, mut to) = (text[..header].to_vec(), (self.open)(&format!("{table}.csv"))?);
            to.write_all(&text)?;
            self.files.push(CsvFile { table, header, to });
            return Ok(());
        };
        if file.header != text[..header] {
            return Err(io::Error::other(format!("cases have other columns in {table}")));
        }
        file.to.write_all(&text[header..])
    }

    /// Adds the rows of a study as a whole.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn add_study(&mut self, rows: &CaseRows<'_>, study: &Study, assumptions: &[Entry]) -> io::Result<()> {
        rows.of_study(study, assumptions)?.into_iter().try_for_each(|rows| self.add(rows))
    }

    /// The files, each with its name.
    pub fn finish(self) -> impl Iterator<Item = (String, W)> {
        self.files.into_iter().map(|file| (format!("{}.csv", file.table), file.to))
    }
}

/// The CSV files that say what came out, without those that grow with nodes, time and events: their names and bytes.
///
/// # Panics
/// Never: memory takes every row.
#[cfg(feature = "cli")]
pub fn summaries(study: &Study, assumptions: &[Entry]) -> Vec<(String, Vec<u8>)> {
    const LARGE: [&str; 6] = ["stages", "curve", "nodes", "counts", "waits", "resources"];
    let (rows, mut files) = (CaseRows::new(study), CsvFiles::new(|_| Ok(Vec::new())));
    let of_cases = rows.of.iter().flat_map(|case| of_case(*case, &rows.beside));
    let small = of_cases.filter(|table| !LARGE.contains(&table.name));
    let mut added = small.map(|table| CsvText::of(&table, &rows.columns)).try_for_each(|rows| files.add(rows?));
    added = added.and_then(|()| files.add_study(&rows, study, assumptions));
    added.map(|()| files.finish().collect()).expect("memory takes every row")
}

/// A table whose rows are of no case, as a CSV file.
///
/// # Panics
/// Never: memory takes every row.
pub fn csv_file(table: &Table) -> Vec<u8> {
    let text = CsvText::of(table, &[]).and_then(CsvText::finish);
    text.map(|(_, text, _)| text).expect("memory takes every row")
}

/// Every CSV file: its name and its bytes.
///
/// # Panics
/// Never: memory takes every row.
pub fn csv_files(study: &Study, assumptions: &[Entry]) -> Vec<(String, Vec<u8>)> {
    let (rows, mut files) = (CaseRows::new(study), CsvFiles::new(|_| Ok(Vec::new())));
    let mut cases = study.results.cases.iter().enumerate();
    let added = cases
        .try_for_each(|(number, case)| rows.of_case(number, case)?.into_iter().try_for_each(|rows| files.add(rows)));
    let added = added.and_then(|()| files.add_study(&rows, study, assumptions));
    added.map(|()| files.finish().collect()).expect("memory takes every row, and cases have the same columns")
}
