//! A study on its way into its folder: of many cases, only what outputs of all cases need stays in memory.

use std::io::{self, BufReader};
use std::path::Path;

use crate::experiment::lines::{StudyReader, Writer};
use crate::experiment::results::{CaseResult, Results};
use crate::scenario::Entry;

use super::chart;
use super::exports::CsvFiles;
use super::folder::RESULTS;
use super::study::{Gathered, Kept, Study};
use super::table::csv::CaseColumns;
use super::tables;
use super::write::{Whole, WriteError};

/// Rows of waits that are made into cells at a time.
const WAITS_AT_ONCE: usize = 10_000;

/// A study that is being written case by case, and is there when it is whole; dropped before, it leaves nothing.
pub struct Draft {
    results: Writer<Whole>,
    files: CsvFiles<Whole>,
    columns: Vec<CaseColumns>,
    gathered: Gathered,
}

/// A study that is written but for its name.
pub struct Written {
    results: Whole,
    files: CsvFiles<Whole>,
}

impl Draft {
    pub(super) fn new(folder: &Path, head: &Results) -> Result<Self, WriteError> {
        let results = Writer::new(head, Whole::new(&folder.join(RESULTS))?)?;
        let folder = folder.to_owned();
        Ok(Self {
            results,
            files: CsvFiles::new(move |name| Ok(Whole::new(&folder.join(name))?)),
            columns: Vec::new(),
            gathered: Gathered::new(head.clone(), Kept::Summed),
        })
    }

    /// Adds the next case.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn add(&mut self, case: CaseResult) -> Result<(), WriteError> {
        self.results.case(&case)?;
        let number = self.columns.len();
        self.columns.push(CaseColumns::of(self.gathered.head(), number, &case));
        for part in case.waits.list.chunks(WAITS_AT_ONCE) {
            self.files.add(&tables::waits(number, &case.waits, part), &self.columns)?;
        }
        self.gathered.add(case);
        Ok(())
    }

    /// Ends it: what is written, and what was gathered.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn end(self) -> Result<(Written, Gathered), WriteError> {
        Ok((Written { results: self.results.end()?, files: self.files }, self.gathered))
    }
}

impl Written {
    /// Writes the tables, from what is written of the study, and completes the cases that charts show whole.
    ///
    /// # Errors
    /// Where a file cannot be written.
    pub fn export(&mut self, study: &mut Study, assumptions: &[Entry]) -> Result<(), WriteError> {
        let text = BufReader::new(self.results.read()?);
        let broken = |what: String| self.results.failed(io::Error::other(what));
        let (_, cases) = StudyReader::new(text).map_err(broken)?;
        let (whole, mut completed) = (chart::shown_whole(study), Vec::new());
        let cases = cases.enumerate().map(|(number, case)| {
            let case = case.map_err(|what| io::Error::from(broken(what)))?;
            if whole.contains(&number) && !study.charted.contains(&number) {
                let mut whole = case.clone();
                whole.drop_detail();
                completed.push((number, whole.replications));
            }
            Ok::<_, io::Error>(case)
        });
        self.files.add_all(study, cases, assumptions)?;
        for (number, replications) in completed {
            study.results.cases[number].replications = replications;
        }
        Ok(())
    }

    /// Gives everything its name, the study last: it says that the others are there.
    ///
    /// # Errors
    /// Where a file cannot be written.
    pub fn finish(self) -> Result<(), WriteError> {
        for (_, file) in self.files.finish()? {
            file.finish()?;
        }
        self.results.finish()
    }
}
