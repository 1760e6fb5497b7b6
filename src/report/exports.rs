//! The CSV files of a study: its tables, case by case.

use super::comparison::Compared;
use super::study::Study;
use super::table::Table;
use super::table::csv::{CaseColumns, CsvWriter};
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

/// Begins the file of a name.
type Open<W> = dyn Fn(&str) -> io::Result<W>;

/// CSV files that grow table by table.
pub struct CsvFiles<W: Write> {
    open: Box<Open<W>>,
    files: Vec<(String, CsvWriter<W>)>,
}

impl<W: Write> CsvFiles<W> {
    /// No file yet; `open` begins the one of a name.
    pub fn new(open: impl Fn(&str) -> io::Result<W> + 'static) -> Self {
        Self { open: Box::new(open), files: Vec::new() }
    }

    /// Adds the rows of a table to its file; `columns` are those of all cases, or none if rows are not of cases.
    ///
    /// # Errors
    /// Where the file cannot be begun, or takes no more.
    pub fn add(&mut self, table: &Table, columns: &[CaseColumns]) -> io::Result<()> {
        let name = format!("{}.csv", table.name);
        let known = self.files.iter().position(|(known, _)| *known == name);
        let place = known.unwrap_or(self.files.len());
        if known.is_none() {
            self.files.push((name.clone(), CsvWriter::new((self.open)(&name)?)));
        }
        self.files[place].1.write(table, columns).map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) => error,
            kind => io::Error::other(format!("{kind:?}")),
        })
    }

    /// Adds every table of a study, with the cases that are read one after the other.
    ///
    /// # Errors
    /// Where a case cannot be read, or a file takes no more.
    pub fn add_all<E: From<io::Error>>(
        &mut self,
        study: &Study,
        cases: impl Iterator<Item = Result<CaseResult, E>>,
        assumptions: &[Entry],
    ) -> Result<(), E> {
        let of = tables::of(&study.results, &study.cases);
        let (beside, columns) = (Beside::of(&of), CaseColumns::all(&study.results));
        for (case, of) in cases.zip(&of) {
            let result = &case?;
            for table in of_case(Of { result, ..*of }, &beside) {
                self.add(&table, &columns)?;
            }
        }
        for table in of_study(study, &of, assumptions) {
            let of_cases = !["comparison", "assumptions"].contains(&table.name);
            self.add(&table, if of_cases { &columns } else { &[] })?;
        }
        Ok(())
    }

    /// Ends every file.
    ///
    /// # Errors
    /// Where one does not take its last rows.
    pub fn finish(self) -> io::Result<Vec<(String, W)>> {
        self.files.into_iter().map(|(name, writer)| Ok((name, writer.into_inner()?))).collect()
    }
}

/// The CSV files that say what came out, without those that grow with nodes, time and events: their names and bytes.
///
/// # Panics
/// Never: memory takes every row.
#[cfg(feature = "cli")]
pub fn summaries(study: &Study, assumptions: &[Entry]) -> Vec<(String, Vec<u8>)> {
    const LARGE: [&str; 6] = ["stages", "curve", "nodes", "counts", "waits", "resources"];
    let (of, columns) = (tables::of(&study.results, &study.cases), CaseColumns::all(&study.results));
    let beside = Beside::of(&of);
    let of_cases = of.iter().flat_map(|case| of_case(*case, &beside));
    let of_cases = of_cases.filter(|table| !LARGE.contains(&table.name)).map(|table| (table, true));
    let of_study = of_study(study, &of, assumptions).into_iter();
    let of_study = of_study.map(|table| (!["comparison", "assumptions"].contains(&table.name), table));
    let mut files = CsvFiles::new(|_| Ok(Vec::new()));
    for (table, named) in of_cases.chain(of_study.map(|(named, table)| (table, named))) {
        files.add(&table, if named { &columns } else { &[] }).expect("memory takes every row");
    }
    files.finish().expect("memory takes every row")
}

/// A table whose rows are of no case, as a CSV file.
///
/// # Panics
/// Never: memory takes every row.
pub fn csv_file(table: &Table) -> Vec<u8> {
    let mut writer = CsvWriter::new(Vec::new());
    let written = writer.write(table, &[]).map_err(io::Error::other);
    written.and_then(|()| writer.into_inner()).expect("memory takes every row")
}

/// Every CSV file: its name and its bytes.
///
/// # Panics
/// Never: memory takes every row.
pub fn csv_files(study: &Study, assumptions: &[Entry]) -> Vec<(String, Vec<u8>)> {
    let mut files = CsvFiles::new(|_| Ok(Vec::new()));
    let cases = study.results.cases.iter().cloned().map(io::Result::Ok);
    let added = files.add_all(study, cases, assumptions);
    added.and_then(|()| files.finish()).expect("memory takes every row, and cases have the same columns")
}
