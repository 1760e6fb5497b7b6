//! A results folder: one study, its exports, and one owner at a time.
//!
//! `results.json` is the study; it is written last, and nothing else is ever read back. While a sweep runs, `cases/`
//! holds a scenario file for each case and, once it is simulated, a [checkpoint](super::checkpoints).

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Read, Seek, Write};
use std::path::{Path, PathBuf};

use flate2::bufread::GzDecoder;

use crate::experiment::lines::StudyReader;
use crate::experiment::results::{CaseResult, Results};
use crate::headroom::Headroom;
use crate::scenario::{Loaded, load_text};

use super::checkpoints::Checkpoints;
use super::draft::Draft;
use super::study::{Gathered, Kept, Study};
use super::words::slug;
use super::write::{self, WriteError};
use super::{chart, exports, origin};

/// The name of the file that is the study.
pub const RESULTS: &str = "results.json";
/// The folder of cases.
pub(super) const CASES: &str = "cases";
/// The folder of charts.
pub const CHARTS: &str = "charts";
/// The name of the page that `scaleup report` writes.
pub const PAGE: &str = "report.html";
/// The file whose lock the owner holds; the system releases it when the owner ends, however that is.
const LOCK: &str = ".scaleup.lock";
/// What older versions wrote and this one does not.
const FORMER: [&str; 1] = ["manifest.json"];
/// What the names of checkpoints ended with in older versions.
const FORMER_CHECKPOINT: &str = ".json";

/// A results folder that was read.
#[derive(Clone, Debug)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// The study.
    pub study: Study,
    /// Its scenario; absent where this program reads its text in another way than the one that wrote it.
    pub loaded: Option<Loaded>,
    /// What cannot be shown, and why.
    pub missing: Vec<String>,
}

/// The right to write into a folder; nobody else has it meanwhile, but for others that share it.
#[derive(Debug)]
pub struct Owner {
    folder: PathBuf,
    lock: File,
    shares: bool,
}

/// A folder could not be read as results, or not be owned.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// There is nothing, or no folder.
    #[error("{}: there is no such folder; name one that `scaleup run` or `scaleup sweep` wrote, such as output/ekf", .0.display())]
    NoFolder(PathBuf),
    /// It is no results folder.
    #[error("{}: this is no results folder, it has no {RESULTS}; name one that `scaleup run` or `scaleup sweep` wrote, such as output/ekf", .0.display())]
    NoResults(PathBuf),
    /// A sweep was stopped before it could say what it had found.
    #[error("{}: the study in it is not finished, with {} kept; give the command that began it again, with --resume", folder.display(), super::words::plural(*cases, "case"))]
    Unfinished {
        /// The folder.
        folder: PathBuf,
        /// How many cases are kept.
        cases: u64,
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
    /// Somebody else writes into it.
    #[error("{}: another command is writing into this folder ({owner}); wait for it, or give another --out", folder.display())]
    Owned {
        /// The folder.
        folder: PathBuf,
        /// Who that is.
        owner: String,
    },
    /// Two checkpoints cannot both be right.
    #[error("{} and {} say different things of replication {replication}; they were simulated by different programs, so remove the one that is wrong", first.display(), second.display())]
    Conflict {
        /// One file.
        first: PathBuf,
        /// The other.
        second: PathBuf,
        /// The replication.
        replication: u32,
    },
    /// A file cannot be written or removed.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// How to write the folder again.
fn again(command: Option<&str>) -> String {
    command.map_or_else(
        || "run the command that wrote the folder again".to_owned(),
        |command| format!("write the folder again with `{command}`"),
    )
}

impl Drop for Owner {
    fn drop(&mut self) {
        if !self.shares {
            // The lock goes with the file; nobody is its owner any more, and what cannot be written is only the name.
            let _ = self.lock.set_len(0);
        }
    }
}

impl Owner {
    /// Owns `folder`, which is made where there is none; `command` says to others who that is.
    ///
    /// # Errors
    /// Where somebody else owns it, or it cannot be written to.
    pub fn of(folder: &Path, command: &str) -> Result<Self, FolderError> {
        let mut lock = locked(folder, File::try_lock)?;
        let named = lock.set_len(0).and_then(|()| lock.rewind());
        let named = named.and_then(|()| writeln!(lock, "process {}: {command}", std::process::id()));
        named.map_err(|source| WriteError { path: folder.join(LOCK), source })?;
        Ok(Self { folder: folder.to_owned(), lock, shares: false })
    }

    /// Shares `folder`, which is made where there is none, with all who do the same, such as shards of one sweep. They
    /// write no file but checkpoints.
    ///
    /// # Errors
    /// Where somebody owns it, or it cannot be written to.
    pub fn share(folder: &Path) -> Result<Self, FolderError> {
        Ok(Self { folder: folder.to_owned(), lock: locked(folder, File::try_lock_shared)?, shares: true })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes a file of the folder, whole or not at all.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write(&self, name: impl AsRef<Path>, bytes: &[u8]) -> Result<(), WriteError> {
        write::whole(&self.folder.join(name), bytes)
    }

    /// Takes away everything that a study leaves; files of other names stay.
    ///
    /// # Errors
    /// Where a file cannot be removed.
    pub fn clear(&self) -> Result<(), WriteError> {
        self.clear_exports()?;
        self.clear_checkpoints()
    }

    /// Takes away everything that can be made again from checkpoints.
    ///
    /// # Errors
    /// Where a file cannot be removed.
    pub fn clear_exports(&self) -> Result<(), WriteError> {
        self.clear_leftovers()?;
        self.clear_named()
    }

    /// Takes away what commands left that were killed while they wrote.
    ///
    /// # Errors
    /// Where a file cannot be removed.
    pub fn clear_leftovers(&self) -> Result<(), WriteError> {
        let folders = ["", CASES, CHARTS].map(|folder| self.folder.join(folder));
        folders.iter().try_for_each(|folder| remove(folder, is_leftover))
    }

    /// As [`clear_exports`](Self::clear_exports), but a [draft](Self::draft) stays.
    ///
    /// # Errors
    /// Where a file cannot be removed.
    pub fn clear_named(&self) -> Result<(), WriteError> {
        // The study first: without it nothing else is believed.
        remove(&self.folder, |name| name == RESULTS)?;
        let known =
            |name: &str| [exports::SUMMARY, PAGE].contains(&name) || FORMER.contains(&name) || exports::is_name(name);
        remove(&self.folder, known)?;
        let of_case = |name: &str| [".toml", FORMER_CHECKPOINT].iter().any(|ending| is_of_case(name, ending));
        remove(&self.folder.join(CASES), of_case)?;
        remove(&self.folder.join(CHARTS), chart::is_file)
    }

    /// Writes the file of a case: its scenario (`toml`).
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write_scenario(&self, case: &str, toml: &str) -> Result<(), WriteError> {
        self.write(Path::new(CASES).join(format!("{case}.toml")), toml.as_bytes())
    }

    /// Begins the study with this head.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn draft(&self, head: &Results) -> Result<Draft, WriteError> {
        Draft::new(&self.folder, head)
    }
}

impl Folder {
    /// The limits of each case that do not simply fit, by arithmetic; nothing where its scenario cannot be read.
    pub fn checks(&self) -> Vec<(String, Vec<Headroom>)> {
        let cases = self.study.results.cases.iter().zip(&self.study.cases);
        let of = |case: &CaseResult| match (&case.scenario_toml, &self.loaded) {
            (Some(toml), _) => origin::checks(&load_text(&case.scenario, toml).ok()?.document, &[]).ok(),
            (None, loaded) => origin::checks(&loaded.as_ref()?.document, &case.set).ok(),
        };
        cases.filter_map(|(case, summary)| Some((summary.name.clone(), of(case)?))).collect()
    }
}

/// Opens the file whose lock says who may write into a folder, and locks it.
fn locked(folder: &Path, lock: impl Fn(&File) -> Result<(), TryLockError>) -> Result<File, FolderError> {
    let failed = |path: PathBuf| move |source| FolderError::Write(WriteError { path, source });
    fs::create_dir_all(folder).map_err(failed(folder.to_owned()))?;
    let path = folder.join(LOCK);
    let opened = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path);
    let file = opened.map_err(failed(path.clone()))?;
    match lock(&file) {
        Ok(()) => Ok(file),
        // Some file systems have no locks; there, nobody is told apart.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(file),
        Err(TryLockError::Error(source)) => Err(failed(path)(source)),
        Err(TryLockError::WouldBlock) => {
            let mut owner = String::new();
            // What cannot be read is only the name.
            let _ = (&file).take(1_000).read_to_string(&mut owner);
            let owner = owner.trim().replace(char::is_control, " ");
            let owner = if owner.is_empty() { "shards of a study".to_owned() } else { owner };
            Err(FolderError::Owned { folder: folder.to_owned(), owner })
        }
    }
}

/// Removes the files of a folder whose names are meant.
pub(super) fn remove(folder: &Path, meant: impl Fn(&str) -> bool) -> Result<(), WriteError> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries.flatten().filter(|entry| entry.file_name().to_str().is_some_and(&meant)) {
        remove_file(entry.path())?;
    }
    Ok(())
}

/// Removes a file, which may be gone already.
fn remove_file(path: PathBuf) -> Result<(), WriteError> {
    match fs::remove_file(&path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(WriteError { path, source }),
        _ => Ok(()),
    }
}

/// Whether a file of `cases/` has a name that a study gives: `07-300-nodes.json`.
fn is_of_case(name: &str, ending: &str) -> bool {
    let stem = name.strip_suffix(ending).unwrap_or_default();
    stem.starts_with(|c: char| c.is_ascii_digit()) && stem == slug(stem)
}

/// Whether it is a temporary file of a command that was killed while it wrote.
fn is_leftover(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(".tmp")
}

/// The head of a study, and its cases.
type OpenStudy = (Results, StudyReader<Box<dyn BufRead>>);

/// Begins to read a study, compressed or not; `None` where there is no such file.
pub(super) fn open(path: &Path) -> Result<Option<OpenStudy>, FolderError> {
    let unreadable = |source| FolderError::Unreadable { path: path.to_owned(), source };
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(unreadable(source)),
        // A pipe or a device may have no end.
        Ok(there) if !there.is_file() => return Err(broken(path, "it is no file".to_owned(), None)),
        Ok(_) => {}
    }
    let file = BufReader::new(File::open(path).map_err(unreadable)?);
    let is_compressed = path.extension().is_some_and(|ending| ending == "gz");
    let text: Box<dyn BufRead> =
        if is_compressed { Box::new(BufReader::new(GzDecoder::new(file))) } else { Box::new(file) };
    StudyReader::new(text).map(Some).map_err(|what| broken(path, what, None))
}

pub(super) fn broken(path: &Path, what: String, head: Option<&Results>) -> FolderError {
    FolderError::Broken { path: path.to_owned(), what, command: head.map(|head| head.command_line.clone()) }
}

/// Reads a results folder.
///
/// # Errors
/// Where it is none, or does not hold what it should.
pub fn read(path: &Path) -> Result<Folder, FolderError> {
    if !path.is_dir() {
        return Err(FolderError::NoFolder(path.to_owned()));
    }
    let file = path.join(RESULTS);
    let Some((head, cases)) = open(&file)? else {
        let folder = path.to_owned();
        return Err(match Checkpoints::in_folder(path).cases() {
            0 => FolderError::NoResults(folder),
            cases => FolderError::Unfinished { folder, cases: cases as u64 },
        });
    };
    let mut gathered = Gathered::new(head.clone(), Kept::Shown);
    for case in cases {
        gathered.add(case.map_err(|what| broken(&file, what, Some(&head)))?);
    }
    if gathered.count() == 0 {
        return Err(broken(&file, "it holds no case".to_owned(), Some(&head)));
    }
    let study = gathered.study().map_err(|what| broken(&file, what.to_string(), None))?;
    let results = &study.results;
    let mut missing = Vec::new();
    if results.cases.len() < results.cases_asked as usize {
        missing.push("not all cases are done: the same command with --resume completes the study".to_owned());
    }
    let loaded = load_text(&results.scenario, &results.scenario_toml).ok();
    if loaded.is_none() {
        missing.push(format!(
            "this program reads the scenario of scaleup {} in another way: no assumptions and limits",
            results.version
        ));
    }
    Ok(Folder { path: path.to_owned(), study, loaded, missing })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_gone_needs_no_removal_and_what_cannot_be_removed_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(remove_file(folder.path().join("gone")).is_ok());
        let refused = remove_file(folder.path().to_owned()).expect_err("a folder is no file");
        assert_eq!(refused.path, folder.path());
    }
}
