//! A study on its way into its folder: of many cases, only what outputs of all cases need stays in memory.

use std::io::{self, BufReader};
use std::path::Path;

use crate::experiment::WorkerPool;
use crate::experiment::lines::{StudyReader, Writer, read_case, text_of};
use crate::experiment::results::{CaseResult, Results};
use crate::model::record::Wait;
use crate::scenario::Entry;

use super::chart;
use super::exports::{CaseRows, CsvFiles};
use super::folder::RESULTS;
use super::study::{Gathered, Kept, Noted, Study};
use super::table::csv::{CaseColumns, CsvText};
use super::tables;
use super::write::{Whole, WriteError};

/// Rows of waits that are made into cells at a time: few enough that they stay near the processor.
const WAITS_AT_ONCE: usize = 500;
/// Rows of waits of a case that are made before it is its turn.
const WAITS_AHEAD: usize = 10_000;

/// A study that is being written case by case, and is there when it is whole; dropped before, it leaves nothing.
pub struct Draft {
    results: Writer<Whole>,
    files: CsvFiles<Whole>,
    gathered: Gathered,
}

/// A case that is ready to be added: what depends on no other one is done.
pub struct Prepared {
    case: CaseResult,
    columns: CaseColumns,
    text: Vec<u8>,
    /// The first of them.
    waits: Option<CsvText>,
    noted: Noted,
}

/// A study that is written but for its name.
pub struct Written {
    results: Whole,
    files: CsvFiles<Whole>,
}

impl Prepared {
    /// The case with this number of the study with this head.
    ///
    /// # Errors
    /// Never: memory takes everything.
    pub fn of(head: &Results, number: usize, case: CaseResult) -> Result<Self, WriteError> {
        let columns = CaseColumns::of(head, number, &case);
        let (text, noted) = (text_of(&case)?, Noted::of(head, number, &case));
        let first = &case.waits.list[..case.waits.list.len().min(WAITS_AHEAD)];
        let waits = if first.is_empty() { None } else { Some(waits_of(&case, &columns, first)?) };
        Ok(Self { case, columns, text, waits, noted })
    }
}

/// The rows of some waits of a case.
fn waits_of(case: &CaseResult, columns: &CaseColumns, part: &[Wait]) -> io::Result<CsvText> {
    // Of these columns it is the only case.
    let table = |part| tables::waits(0, &case.waits, part);
    let columns = std::slice::from_ref(columns);
    let mut parts = part.chunks(WAITS_AT_ONCE).map(table);
    let mut text = CsvText::of(&parts.next().unwrap_or_else(|| table(&[])), columns)?;
    parts.try_for_each(|table| text.add(&table, columns))?;
    Ok(text)
}

impl Draft {
    pub(super) fn new(folder: &Path, head: &Results) -> Result<Self, WriteError> {
        let results = Writer::new(head, Whole::new(&folder.join(RESULTS))?)?;
        let folder = folder.to_owned();
        Ok(Self {
            results,
            files: CsvFiles::new(move |name| Ok(Whole::new(&folder.join(name))?)),
            gathered: Gathered::new(head.clone(), Kept::Summed),
        })
    }

    /// Adds the next case.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn add(&mut self, case: CaseResult) -> Result<(), WriteError> {
        let prepared = Prepared::of(self.gathered.head(), self.gathered.count(), case)?;
        self.add_prepared(prepared)
    }

    /// Adds the next case, which is prepared as such.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn add_prepared(&mut self, prepared: Prepared) -> Result<(), WriteError> {
        let Prepared { case, columns, text, waits, noted } = prepared;
        self.results.text(&text)?;
        if let Some(waits) = waits {
            self.files.add(waits)?;
        }
        for part in case.waits.list.get(WAITS_AHEAD..).unwrap_or_default().chunks(WAITS_AHEAD) {
            self.files.add(waits_of(&case, &columns, part)?)?;
        }
        self.gathered.add_noted(case, noted);
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
    pub fn export(&mut self, study: &mut Study, assumptions: &[Entry], workers: &WorkerPool) -> Result<(), WriteError> {
        let text = BufReader::new(self.results.read()?);
        let broken = |what: String| self.results.failed(io::Error::other(what));
        let (_, cases) = StudyReader::new(text).map_err(broken)?;
        let (whole, mut completed, files) = (chart::shown_whole(study), Vec::new(), &mut self.files);
        let rows = CaseRows::new(study);
        let of = |(number, text): (usize, Result<String, String>)| {
            let mut case = read_case(&text?)?;
            let texts = rows.of_case(number, &case).map_err(|error| error.to_string())?;
            let shown = (whole.contains(&number) && !study.charted.contains(&number)).then(|| {
                case.drop_detail();
                (number, case.replications)
            });
            Ok((texts, shown))
        };
        workers.in_order(cases.texts().enumerate(), of, |made: Result<_, String>| {
            let (texts, shown): (Vec<CsvText>, _) = made.map_err(broken)?;
            completed.extend(shown);
            Ok::<_, WriteError>(texts.into_iter().try_for_each(|rows| files.add(rows))?)
        })?;
        files.add_study(&rows, study, assumptions)?;
        drop(rows);
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
        for (_, file) in self.files.finish() {
            file.finish()?;
        }
        self.results.finish()
    }
}
