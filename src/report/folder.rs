//! Reading a results folder: what `run`, `sweep` and `compare` wrote, without simulating again.
//!
//! Must not know: how to simulate: what a folder does not hold is missing.

mod rows;
mod tables;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::report::files;
use crate::time::Span;

use super::json::FORMAT_VERSION;
use super::origin::{Assumption, Origin};
use super::saved;
use super::study::Study;
use super::text;

/// A results folder that was read.
#[derive(Clone, Debug)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// What the results are results of.
    pub origin: Origin,
    /// The results.
    pub study: Study,
    /// The answer, a line for each case.
    pub answers: Vec<String>,
    /// Every value of the scenario and where it comes from; empty if the folder does not say.
    pub assumptions: Vec<Assumption>,
    /// Files that are not there, and what cannot be shown without them.
    pub missing: Vec<String>,
}

/// A folder could not be read as results.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// There is nothing, or no folder.
    #[error("{}: there is no such folder; name one that `scaleup run` or `scaleup sweep` wrote, such as output/ekf", .0.display())]
    NoFolder(PathBuf),
    /// It is no results folder.
    #[error("{}: this is no results folder, it has no {}; name one that `scaleup run` or `scaleup sweep` wrote, such as output/ekf", .0.display(), files::MANIFEST)]
    NoResults(PathBuf),
    /// A file that every report needs is not there.
    #[error("{}: {file} is missing; the command that wrote the folder was interrupted, or an older program wrote it: {}", folder.display(), again(command.as_deref()))]
    Missing {
        /// The folder.
        folder: PathBuf,
        /// The file's name.
        file: &'static str,
        /// The command that wrote the folder.
        command: Option<String>,
    },
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file does not hold what it should.
    #[error("{}: {what}; the file was changed or is not whole: {}", path.display(), again(command.as_deref()))]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        what: String,
        /// The command that wrote the folder.
        command: Option<String>,
    },
}

/// How to write the folder again.
fn again(command: Option<&str>) -> String {
    command.map_or_else(
        || "run the command that wrote the folder again".to_owned(),
        |command| format!("write the folder again with `{command}`"),
    )
}

/// Reads a results folder.
///
/// # Errors
/// Where it is none, a file that is needed is missing, or one does not hold what it should.
pub fn read(path: &Path) -> Result<Folder, FolderError> {
    if !path.is_dir() {
        return Err(FolderError::NoFolder(path.to_owned()));
    }
    let mut reader = Reader { folder: path, command: None, missing: vec![] };
    let manifest = reader.optional(files::MANIFEST)?.ok_or_else(|| FolderError::NoResults(path.to_owned()))?;
    let origin = reader.origin(&manifest)?;
    reader.command.clone_from(&origin.command_line);
    if serde_json::from_slice::<serde_json::Value>(&manifest).is_ok_and(|manifest| manifest["complete"] == false) {
        reader.missing.push("not all cases are done: the same command with --resume completes the study".to_owned());
    }
    let needed = |file, command: &Option<String>| FolderError::Missing {
        folder: path.to_owned(),
        file,
        command: command.clone(),
    };
    let bytes = reader.optional(files::RESULTS)?.ok_or_else(|| needed(files::RESULTS, &reader.command))?;
    let mut results = saved::unpack(&bytes).map_err(|what| reader.broken(files::RESULTS, what))?;
    let bands = reader.table("curve.csv", "no readiness curves", |bytes| tables::bands(bytes, &results))?;
    if let Some(nodes) = reader.table("nodes.csv", "no node timeline", |bytes| tables::nodes(bytes, &results))? {
        for (case, nodes) in results.cases.iter_mut().zip(nodes) {
            case.record.nodes = nodes;
        }
    }
    let counts = reader.table("flaps.csv", "no charts of flaps", |bytes| tables::counts(bytes, &results))?;
    let empty = results.cases.iter().map(|case| vec![Vec::new(); case.stages.len()]).collect();
    let mut study = Study::with(results, bands.unwrap_or(empty));
    study.counts = counts.unwrap_or(study.counts);
    study.deadline = origin.deadline_s.map(Span::from_secs_f64);
    if let Some(bytes) = reader.optional(files::DOCUMENTED)? {
        study.documented =
            tables::documented(&bytes, &study.results).map_err(|what| reader.broken(files::DOCUMENTED, what))?;
    }
    if let Some(bytes) = reader.optional(files::COMPARISON)? {
        study.differences = tables::differences(&bytes).map_err(|what| reader.broken(files::COMPARISON, what))?;
    }
    let assumptions = reader.table(files::ASSUMPTIONS, "no table of assumptions", tables::assumptions)?;
    let summary = reader.optional(files::SUMMARY)?;
    let summary = summary.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let summary = summary.unwrap_or_else(|| text::text(&study.results, text::PLAIN_WIDTH));
    let answers = summary.lines().take_while(|line| !line.is_empty()).map(str::to_owned).collect();
    let (path, assumptions) = (path.to_owned(), assumptions.unwrap_or_default());
    Ok(Folder { path, origin, study, answers, assumptions, missing: reader.missing })
}

/// Reads files of one folder.
struct Reader<'a> {
    folder: &'a Path,
    command: Option<String>,
    missing: Vec<String>,
}

impl Reader<'_> {
    /// The bytes of a file; `None` if there is none.
    fn optional(&self, name: &str) -> Result<Option<Vec<u8>>, FolderError> {
        let path = self.folder.join(name);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(FolderError::Unreadable { path, source }),
        }
    }

    /// What a table says; `None`, and a note of what is lost, if it is not there.
    fn table<T>(
        &mut self,
        name: &str,
        lost: &str,
        read: impl FnOnce(&[u8]) -> Result<T, String>,
    ) -> Result<Option<T>, FolderError> {
        let Some(bytes) = self.optional(name)? else {
            self.missing.push(format!("{name} is not in the folder: {lost}"));
            return Ok(None);
        };
        read(&bytes).map(Some).map_err(|what| self.broken(name, what))
    }

    fn origin(&self, bytes: &[u8]) -> Result<Origin, FolderError> {
        let origin: Origin =
            serde_json::from_slice(bytes).map_err(|error| self.broken(files::MANIFEST, error.to_string()))?;
        if origin.format_version == FORMAT_VERSION {
            return Ok(origin);
        }
        let (theirs, program) = (origin.format_version, &origin.program);
        let what =
            format!("its format is version {theirs} ({program}), and this program reads version {FORMAT_VERSION}");
        Err(self.broken(files::MANIFEST, what))
    }

    fn broken(&self, name: &str, what: String) -> FolderError {
        FolderError::Broken { path: self.folder.join(name), what, command: self.command.clone() }
    }
}
