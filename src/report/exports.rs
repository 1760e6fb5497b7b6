//! The CSV files of a study: its tables, case by case.
//!
//! Must not know: what a table says, and the disk: files are names with bytes.

use super::comparison::Compared;
use super::origin::Assumption;
use super::sensitivity::effects;
use super::study::Study;
use super::table::Table;
use super::table::csv::{CaseColumns, CsvWriter, csv};
use super::tables::{self, Of};

/// The name of the file with the text that the command printed.
pub const SUMMARY: &str = "summary.txt";

/// The tables that every case has.
const OF_CASES: [&str; 12] = [
    "times",
    "overheads",
    "flaps",
    "outcomes",
    "deadline",
    "costs",
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

/// Every table of one case; `cases` are those that stand in the same files.
pub fn of_case(case: Of<'_>, cases: &[Of<'_>]) -> Vec<Table> {
    let prices: Vec<f64> = cases.iter().map(|case| case.summary.price_per_hour).collect();
    vec![
        tables::times(case),
        tables::overheads(case),
        tables::flaps(case),
        tables::outcomes(case),
        tables::chances(case),
        tables::costs(case, &prices),
        tables::limits(case),
        tables::stages(case),
        tables::curve(case),
        tables::nodes(case, &tables::daemonset_names(cases)),
        tables::counts(case),
        tables::waits(case),
    ]
}

/// Every table of a study as a whole that says something.
pub fn of_study(study: &Study, cases: &[Of<'_>], assumptions: &[Assumption]) -> Vec<Table> {
    let mut all = vec![tables::cases(cases, study.deadline)];
    if !study.documented.is_empty() {
        all.push(tables::documented(&study.documented));
    }
    let effects = effects(&study.results);
    if !effects.is_empty() {
        all.push(tables::sensitivity(&effects));
    }
    if study.results.command == "compare" {
        all.push(tables::differences(&Compared::of(&study.results).comparison));
    }
    if !assumptions.is_empty() {
        all.push(tables::assumptions(assumptions));
    }
    all
}

/// Every CSV file: its name and its bytes.
///
/// # Panics
/// Never: memory takes every row.
pub fn csv_files(study: &Study, assumptions: &[Assumption]) -> Vec<(String, Vec<u8>)> {
    let cases = tables::of(&study.results, &study.cases);
    let columns = CaseColumns::all(&study.results);
    let mut writers: Vec<(&str, CsvWriter<Vec<u8>>)> = Vec::new();
    for case in &cases {
        for (place, table) in of_case(*case, &cases).iter().enumerate() {
            if writers.len() == place {
                writers.push((table.name, CsvWriter::new(Vec::new())));
            }
            writers[place].1.write(table, &columns).expect("memory takes every row, and cases have the same columns");
        }
    }
    let written =
        writers.into_iter().map(|(name, writer)| (name, writer.into_inner().expect("memory takes every row")));
    let whole = of_study(study, &cases, assumptions).into_iter().map(|table| {
        let of_cases = !["comparison", "assumptions"].contains(&table.name);
        (table.name, csv(&table, if of_cases { &columns } else { &[] }))
    });
    written.chain(whole).map(|(name, bytes)| (format!("{name}.csv"), bytes)).collect()
}
