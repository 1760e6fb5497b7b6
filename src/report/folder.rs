//! A results folder: one study, its exports, and one owner at a time.
//!
//! `results.json` is the study; it is written last, and nothing else is ever read back. While a sweep runs, `cases/`
//! holds a scenario file for each case and, once it is simulated, a checkpoint: a study with that one case. Checkpoints
//! are found by what stands in them.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufReader, Read, Seek, Write};
use std::path::{Path, PathBuf};

use crate::experiment::lines::{Reader, Writer};
use crate::experiment::results::{CaseResult, Results};
use crate::headroom::Headroom;
use crate::scenario::{Loaded, load_text};

use super::draft::Draft;
use super::study::{Gathered, Study};
use super::words::slug;
use super::write::{self, Whole, WriteError};
use super::{chart, exports, origin};

/// The name of the file that is the study.
pub const RESULTS: &str = "results.json";
/// The folder of cases.
const CASES: &str = "cases";
/// The folder of charts.
pub const CHARTS: &str = "charts";
/// The name of the page that `scaleup report` writes.
pub const PAGE: &str = "report.html";
/// The file whose lock the owner holds; the system releases it when the owner ends, however that is.
const LOCK: &str = ".scaleup.lock";
/// What older versions wrote and this one does not.
const FORMER: [&str; 1] = ["manifest.json"];

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

/// The right to write into a folder; nobody else has it meanwhile.
#[derive(Debug)]
pub struct Owner {
    folder: PathBuf,
    lock: File,
}

/// Where what is kept of cases stands, by the hash of their scenario.
pub type Checkpoints = BTreeMap<String, Vec<PathBuf>>;

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
        // The lock goes with the file; nobody is its owner any more, and what cannot be written is only the name.
        let _ = self.lock.set_len(0);
    }
}

impl Owner {
    /// Owns `folder`, which is made where there is none; `command` says to others who that is.
    ///
    /// # Errors
    /// Where somebody else owns it, or it cannot be written to.
    pub fn of(folder: &Path, command: &str) -> Result<Self, FolderError> {
        let failed = |path: PathBuf| move |source| FolderError::Write(WriteError { path, source });
        fs::create_dir_all(folder).map_err(failed(folder.to_owned()))?;
        let path = folder.join(LOCK);
        let opened = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path);
        let mut lock = opened.map_err(failed(path.clone()))?;
        match lock.try_lock() {
            Ok(()) => {}
            // Some file systems have no locks; there, nobody is told apart.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(source)) => return Err(failed(path)(source)),
            Err(TryLockError::WouldBlock) => {
                let mut owner = String::new();
                // What cannot be read is only the name.
                let _ = (&lock).take(1_000).read_to_string(&mut owner);
                let owner = owner.trim().replace(char::is_control, " ");
                return Err(FolderError::Owned { folder: folder.to_owned(), owner });
            }
        }
        let named = lock.set_len(0).and_then(|()| lock.rewind());
        let named = named.and_then(|()| writeln!(lock, "process {}: {command}", std::process::id()));
        named.map_err(failed(path))?;
        Ok(Self { folder: folder.to_owned(), lock })
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
        // The study first: without it nothing else is believed.
        remove(&self.folder, |name| name == RESULTS)?;
        let known =
            |name: &str| [exports::SUMMARY, PAGE].contains(&name) || FORMER.contains(&name) || exports::is_name(name);
        remove(&self.folder, |name| known(name) || is_leftover(name))?;
        remove(&self.folder.join(CASES), |name| is_of_case(name, ".toml") || is_leftover(name))?;
        remove(&self.folder.join(CHARTS), |name| chart::is_file(name) || is_leftover(name))
    }

    /// Takes the checkpoints away.
    ///
    /// # Errors
    /// Where a file cannot be removed.
    pub fn clear_checkpoints(&self) -> Result<(), WriteError> {
        remove(&self.folder.join(CASES), |name| is_of_case(name, ".json"))
    }

    /// Writes the file of a case: its scenario (`toml`).
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write_scenario(&self, case: &str, toml: &str) -> Result<(), WriteError> {
        self.write(Path::new(CASES).join(format!("{case}.toml")), toml.as_bytes())
    }

    /// Keeps what is simulated of a case of `study`.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn keep(&self, study: &Results, case: &CaseResult) -> Result<(), WriteError> {
        let name = Path::new(CASES).join(format!("{}.json", slug(&case.name)));
        let mut writer = Writer::new(study, Whole::new(&self.folder.join(name))?)?;
        writer.case(case)?;
        writer.end()?.finish()
    }

    /// Begins the study with this head.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn draft(&self, head: &Results) -> Result<Draft, WriteError> {
        Draft::new(&self.folder, head)
    }

    /// What the folder keeps of cases, by the hash of their scenario, and notes on what is broken and is not taken;
    /// `check` looks at the head of each.
    ///
    /// # Errors
    /// Where one cannot be read, or `check` refuses one.
    pub fn checkpoints<E: From<FolderError>>(
        &self,
        check: impl Fn(&Results) -> Result<(), E>,
    ) -> Result<(Checkpoints, Vec<String>), E> {
        let (mut found, mut notes) = (Checkpoints::new(), Vec::new());
        for path in std::iter::once(self.folder.join(RESULTS)).chain(self.checkpoint_files()) {
            let (head, cases) = match open(&path) {
                Ok(Some(study)) => study,
                Ok(None) => continue,
                Err(FolderError::Broken { what, .. }) => {
                    notes.push(format!("{}: {what}; it is simulated again", path.display()));
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            check(&head)?;
            for case in cases {
                match case {
                    Ok(case) => found.entry(case.scenario_hash).or_default().push(path.clone()),
                    Err(what) => notes.push(format!("{}: {what}; it is simulated again", path.display())),
                }
            }
        }
        Ok((found, notes))
    }

    /// Keeps the cases of the study one by one, so that it can be made anew.
    ///
    /// # Errors
    /// Where one cannot be written.
    pub fn split(&self) -> Result<(), FolderError> {
        let Ok(Some((head, cases))) = open(&self.folder.join(RESULTS)) else { return Ok(()) };
        // What is broken has been said.
        cases.flatten().try_for_each(|case| Ok(self.keep(&head, &case)?))
    }

    fn checkpoint_files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.join(CASES)).into_iter().flatten().flatten();
        let named = entries.filter(|entry| entry.file_name().to_str().is_some_and(|name| is_of_case(name, ".json")));
        let mut paths: Vec<PathBuf> = named.map(|entry| entry.path()).collect();
        paths.sort_unstable();
        paths
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

/// The case with this hash in a checkpoint.
///
/// # Errors
/// Where it is not there any more.
pub fn checkpoint(path: &Path, hash: &str) -> Result<CaseResult, FolderError> {
    let gone = || broken(path, "its case is missing".to_owned(), None);
    let (head, cases) = open(path)?.ok_or_else(gone)?;
    for case in cases {
        let case = case.map_err(|what| broken(path, what, Some(&head)))?;
        if case.scenario_hash == hash {
            return Ok(case);
        }
    }
    Err(gone())
}

/// Removes the files of a folder whose names are meant.
fn remove(folder: &Path, meant: impl Fn(&str) -> bool) -> Result<(), WriteError> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries.flatten().filter(|entry| entry.file_name().to_str().is_some_and(&meant)) {
        let path = entry.path();
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => return Err(WriteError { path, source }),
            _ => {}
        }
    }
    Ok(())
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
type Opened = (Results, Reader<BufReader<File>>);

/// Begins to read a study; `None` where there is no such file.
fn open(path: &Path) -> Result<Option<Opened>, FolderError> {
    let unreadable = |source| FolderError::Unreadable { path: path.to_owned(), source };
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(unreadable(source)),
        // A pipe or a device may have no end.
        Ok(there) if !there.is_file() => return Err(broken(path, "it is no file".to_owned(), None)),
        Ok(_) => {}
    }
    let file = File::open(path).map_err(unreadable)?;
    Reader::new(BufReader::new(file)).map(Some).map_err(|what| broken(path, what, None))
}

fn broken(path: &Path, what: String, head: Option<&Results>) -> FolderError {
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
        let entries = fs::read_dir(path.join(CASES)).into_iter().flatten().flatten();
        let kept =
            entries.filter(|entry| entry.file_name().to_str().is_some_and(|name| is_of_case(name, ".json"))).count();
        let folder = path.to_owned();
        return Err(match kept {
            0 => FolderError::NoResults(folder),
            cases => FolderError::Unfinished { folder, cases: cases as u64 },
        });
    };
    let mut gathered = Gathered::new(head.clone());
    for case in cases {
        gathered.add(case.map_err(|what| broken(&file, what, Some(&head)))?, true);
    }
    if gathered.is_empty() {
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
