//! A scenario as written, all its sources merged, and from it the checked one.

use super::built_in::{BUILT_IN, BuiltIn};
use super::file;
use super::keys;
use super::merge::merge;
use super::problem::{Found, Problem, Problems};
use super::reader;
use super::setting::{self, Setting};
use super::source::{Place, SourceId, Sources};
use super::tree::Table;
use crate::model::params::{self, Complaint, Scenario, Section};
use std::path::Path;

/// Tables that say something about the scenario and are no parameters of the model.
const RESERVED: [&str; 3] = ["provenance", "sweep", "free"];

/// A scenario as written: files and settings merged, every value with its place.
#[derive(Clone, Debug)]
pub struct Document {
    sources: Sources,
    root: Table,
}

/// A scenario that has passed every check.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The model's parameters.
    pub scenario: Scenario,
    /// What they were read from.
    pub document: Document,
}

/// Reads a scenario file, or one that comes with the program, and makes the settings.
///
/// # Errors
/// Everything that is wrong with the files, the settings and the result.
pub fn load(asked: &Path, settings: &[Setting]) -> Result<Loaded, Problems> {
    load_with(BUILT_IN, asked, settings)
}

/// As [`load`], with a table of built-in scenarios of one's own.
///
/// # Errors
/// As [`load`].
pub fn load_with(built_in: BuiltIn, asked: &Path, settings: &[Setting]) -> Result<Loaded, Problems> {
    let mut found = Found::default();
    let mut document = Document { sources: Sources::default(), root: Table::new() };
    let tables = file::read_chain(asked, built_in, &mut document.sources, &mut found);
    let readable = tables.is_some();
    for table in tables.unwrap_or_default().into_iter().rev() {
        document.add(table, &mut found);
    }
    document.finish(settings, readable, found)
}

impl Document {
    /// This scenario with further settings; nothing is read again.
    ///
    /// # Errors
    /// Everything that is wrong with the settings and the result.
    pub fn with(&self, settings: &[Setting]) -> Result<Loaded, Problems> {
        self.clone().finish(settings, true, Found::default())
    }

    fn add(&mut self, mut table: Table, found: &mut Found) {
        for name in RESERVED {
            table.remove(name);
        }
        merge(Scenario::spec(), "", &mut self.root, table, found);
    }

    fn finish(mut self, settings: &[Setting], readable: bool, mut found: Found) -> Result<Loaded, Problems> {
        for setting in settings {
            let Some(change) = setting::read(setting, &mut self.sources, &mut found) else { continue };
            if RESERVED.contains(&change.top()) {
                self.add(change.into_table(), &mut found);
            } else if readable {
                change.apply(&mut self.root, &mut found);
            }
        }
        // Without its files a scenario would lack everything.
        if !readable {
            return Err(Problems::new(self.sources, found));
        }
        let start = self.sources.start().unwrap_or(Place { source: SourceId::DEFAULT, start: 0, end: 0 });
        let scenario: Scenario = reader::read(&self.root, start, &mut found);
        if found.is_empty() {
            for complaint in params::check(&scenario) {
                found.add(self.locate(complaint, start));
            }
        }
        if found.is_empty() { Ok(Loaded { scenario, document: self }) } else { Err(Problems::new(self.sources, found)) }
    }

    /// Where the key of a complaint, or what would hold it, is written.
    fn locate(&self, complaint: Complaint, start: Place) -> Problem {
        let Complaint { key, problem, remedy } = complaint;
        let path = keys::split(&key);
        let entry = (1..=path.len()).rev().find_map(|length| keys::lookup(&self.root, &path[..length]));
        let place = entry.map_or(start, |entry| entry.node.place);
        Problem::at(place, format!("{key}: {problem}")).remedy(remedy)
    }
}
