//! What is kept of a study until it is whole: a compressed checkpoint for each stretch of replications of a case.
//!
//! A checkpoint is a study with that one case. Its name says which: the hash of the case's scenario, and the first and
//! the last replication that it was begun for. It depends on no grid, so that another grid, or another division into
//! shards, finds what it can use. Which replications are there, only what stands in it says.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::ops::{Range, RangeInclusive};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::experiment::WorkerPool;
use crate::experiment::lines::Writer;
use crate::experiment::results::{CaseResult, Replication, Results};

use super::folder::{CASES, FolderError, Owner, RESULTS, broken, open, remove};
use super::write::{Whole, WriteError};

const ENDING: &str = ".json.gz";

/// The checkpoints of a folder, by the hash of the scenario of their case.
#[derive(Clone, Debug, Default)]
pub struct Checkpoints(BTreeMap<String, Vec<Checkpoint>>);

/// A checkpoint, as its name says.
#[derive(Clone, Debug)]
struct Checkpoint {
    path: PathBuf,
    /// The replications that it was begun for.
    stretch: RangeInclusive<u32>,
}

/// What checkpoints hold of one case.
#[derive(Clone, Debug, Default)]
pub struct KeptReplications {
    /// The replications, each once, in the order of their numbers.
    pub replications: Vec<Replication>,
    /// Checkpoints that do not count.
    pub broken: Vec<Broken>,
}

/// A checkpoint that does not count.
#[derive(Clone, Debug)]
pub struct Broken {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub what: String,
}

/// A study that a folder holds.
#[derive(Clone, Debug)]
pub struct Finished {
    /// Everything but its cases.
    pub head: Results,
    /// The hashes of the scenarios of its cases.
    pub cases: BTreeSet<String>,
    /// What is wrong with it, if it is not whole.
    pub wrong: Option<String>,
}

impl Checkpoints {
    /// Those that are in a results folder now.
    pub(super) fn in_folder(folder: &Path) -> Self {
        let mut found: BTreeMap<String, Vec<Checkpoint>> = BTreeMap::new();
        let entries = fs::read_dir(folder.join(CASES)).into_iter().flatten().flatten();
        for path in entries.map(|entry| entry.path()) {
            if let Some((hash, stretch)) = path.file_name().and_then(OsStr::to_str).and_then(named) {
                found.entry(hash.to_owned()).or_default().push(Checkpoint { path, stretch });
            }
        }
        for all in found.values_mut() {
            all.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        }
        Self(found)
    }

    /// The hashes of the scenarios of all cases.
    pub fn hashes(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// How many cases there are.
    pub fn cases(&self) -> usize {
        self.0.len()
    }

    /// The first checkpoint of the case whose scenario has this hash.
    pub fn place(&self, hash: &str) -> PathBuf {
        self.0.get(hash).and_then(|all| all.first()).map(|first| first.path.clone()).unwrap_or_default()
    }

    /// A checkpoint of a case that is not meant.
    pub fn others(&self, is_meant: impl Fn(&str) -> bool) -> Option<&Path> {
        let other = self.0.iter().find(|(hash, _)| !is_meant(hash));
        other.and_then(|(_, all)| all.first()).map(|first| first.path.as_path())
    }

    /// Without the cases that are not meant.
    pub fn retain(&mut self, is_meant: impl Fn(&str) -> bool) {
        self.0.retain(|hash, _| is_meant(hash));
    }

    /// Calls `check` with the head of each; one whose head cannot be read is left to [`Self::of`].
    ///
    /// # Errors
    /// Where one cannot be read at all, or `check` refuses one: the first.
    pub fn check<E: From<FolderError> + Send>(
        &self,
        workers: &WorkerPool,
        check: impl Fn(&Path, &Results) -> Result<(), E> + Sync,
    ) -> Result<(), E> {
        let of = |Checkpoint { path, .. }: &Checkpoint| match open(path) {
            Ok(Some((head, _))) => check(path, &head),
            Ok(None) | Err(FolderError::Broken { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        };
        workers.each(self.0.values().flatten().collect(), of).into_iter().collect()
    }

    /// What is kept of the wanted replications of the case whose scenario has this hash.
    ///
    /// # Errors
    /// Where a file cannot be read, or two say different things of the same replication.
    pub fn of(&self, hash: &str, wanted: &Range<u32>) -> Result<KeptReplications, FolderError> {
        let mut broken = Vec::new();
        let mut found: BTreeMap<u32, (Replication, &Path)> = BTreeMap::new();
        for checkpoint in self.0.get(hash).into_iter().flatten().filter(|all| all.has_some_of(wanted)) {
            let path = checkpoint.path.as_path();
            let case = match checkpoint.case(hash) {
                Ok(case) => case,
                Err(FolderError::Broken { what, .. }) => {
                    broken.push(Broken { path: path.to_owned(), what });
                    continue;
                }
                Err(error) => return Err(error),
            };
            for one in case.replications.into_iter().filter(|one| wanted.contains(&one.number)) {
                match found.get(&one.number) {
                    Some((known, _)) if *known == one => {}
                    Some((_, first)) => {
                        let (first, second, replication) = (first.to_path_buf(), path.to_owned(), one.number);
                        return Err(FolderError::Conflict { first, second, replication });
                    }
                    None => drop(found.insert(one.number, (one, path))),
                }
            }
        }
        Ok(KeptReplications { replications: found.into_values().map(|(one, _)| one).collect(), broken })
    }
}

impl Checkpoint {
    fn has_some_of(&self, wanted: &Range<u32>) -> bool {
        *self.stretch.start() < wanted.end && wanted.start <= *self.stretch.end()
    }

    /// Its only case, whose scenario has this hash.
    fn case(&self, hash: &str) -> Result<CaseResult, FolderError> {
        let path = &self.path;
        let gone = || FolderError::Unreadable { path: path.clone(), source: io::ErrorKind::NotFound.into() };
        let (head, mut cases) = open(path)?.ok_or_else(gone)?;
        let wrong = |what: String| broken(path, what, Some(&head));
        let first = cases.next().ok_or_else(|| wrong("it holds no case".to_owned()))?.map_err(wrong)?;
        // To its very end, where its checksum stands.
        match cases.next() {
            Some(Ok(_)) => Err(wrong("it holds more than one case".to_owned())),
            Some(Err(what)) => Err(wrong(what)),
            None if first.scenario_hash != hash
                || !first.replications.iter().all(|one| self.stretch.contains(&one.number)) =>
            {
                Err(wrong("it holds something else than its name says".to_owned()))
            }
            None => Ok(first),
        }
    }
}

impl Owner {
    /// Keeps what is simulated of a case of `study`, which is of these replications.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn keep(&self, study: &Results, case: &CaseResult, stretch: Range<u32>) -> Result<(), WriteError> {
        let Range { start, end } = stretch;
        let name = format!("{}-{start}-{}{ENDING}", case.scenario_hash, end.saturating_sub(1));
        let whole = Whole::new(&self.folder().join(CASES).join(name))?;
        let mut writer = Writer::new(study, GzEncoder::new(whole, Compression::fast()))?;
        writer.case(case)?;
        writer.end()?.finish()?.finish()
    }

    /// The checkpoints that are there now.
    pub fn checkpoints(&self) -> Checkpoints {
        Checkpoints::in_folder(self.folder())
    }

    /// The study that is there.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn study(&self) -> Result<Option<Finished>, FolderError> {
        let Some((head, there)) = open(&self.folder().join(RESULTS))? else { return Ok(None) };
        let (mut cases, mut wrong) = (BTreeSet::new(), None);
        for case in there {
            match case {
                Ok(case) => drop(cases.insert(case.scenario_hash)),
                Err(what) => wrong = Some(what),
            }
        }
        Ok(Some(Finished { head, cases, wrong }))
    }

    /// Keeps the cases of the study one by one, so that it can be made anew.
    ///
    /// # Errors
    /// Where one cannot be written.
    pub fn split(&self) -> Result<(), FolderError> {
        let Ok(Some((head, cases))) = open(&self.folder().join(RESULTS)) else { return Ok(()) };
        // What is broken is simulated again.
        cases.flatten().try_for_each(|case| {
            let end = case.replications.last().map_or(0, |last| last.number.saturating_add(1));
            Ok(self.keep(&head, &case, 0..end)?)
        })
    }

    /// Takes the checkpoints away.
    ///
    /// # Errors
    /// Where a file cannot be removed.
    pub fn clear_checkpoints(&self) -> Result<(), WriteError> {
        let cases = self.folder().join(CASES);
        remove(&cases, |name| named(name).is_some())?;
        // Only a sweep leaves something in it; others' files stay, and so does their folder.
        let _ = fs::remove_dir(cases);
        Ok(())
    }
}

/// What the name of a checkpoint says, `0123456789abcdef-0-99.json.gz`: the hash, and the stretch.
fn named(name: &str) -> Option<(&str, RangeInclusive<u32>)> {
    let (hash, stretch) = name.strip_suffix(ENDING)?.split_once('-')?;
    let is_hash = hash.len() == 16 && hash.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
    let (first, last) = stretch.split_once('-')?;
    let number = |text: &str| text.parse::<u32>().ok().filter(|number| number.to_string() == text);
    Some((hash, number(first)?..=number(last)?)).filter(|_| is_hash)
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn only_names_of_checkpoints_are_taken_for_some() {
        assert_eq!(named("0123456789abcdef-0-99.json.gz"), Some(("0123456789abcdef", 0..=99)));
        for other in [
            "0123456789abcdef-0-99.json",
            "0123456789abcdef-0.json.gz",
            "0123456789abcdef-0-099.json.gz",
            "0123456789ABCDEF-0-99.json.gz",
            "123456789abcdef-0-99.json.gz",
            ".0123456789abcdef-0-99.json.gz.x.tmp",
            "notes.json.gz",
        ] {
            assert_eq!(named(other), None, "{other}");
        }
    }
}
