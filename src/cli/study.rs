//! A sweep on disk: every case is kept as soon as it is done, so that an interrupt loses little and `--resume` goes on.

use crate::cli::cases;
use crate::cli::deliver;
use crate::cli::failure::Failure;
use crate::cli::output::note;
use crate::cli::{interrupt, progress};
use crate::experiment::results::{CaseResult, Replication, Results};
use crate::experiment::{Case, Progress, Series, Settings, WorkerPool};
use crate::report::draft::Draft;
use crate::report::folder::{self, Checkpoints, Owner};
use crate::report::words::{plural, slug};
use crate::scenario::{Loaded, Setting};
use indicatif::ProgressBar;
use std::collections::{BTreeMap, BTreeSet};

/// Cases are simulated together until this many scale-ups are in hand: enough for many threads, and a number that does
/// not depend on them.
const IN_HAND: usize = 64;

/// A sweep, and the folder that it lives in.
pub(crate) struct Sweep<'a> {
    pub(crate) base: &'a Loaded,
    pub(crate) cases: &'a [Case],
    pub(crate) settings: Settings,
    /// The study, without its cases.
    pub(crate) study: &'a Results,
    pub(crate) owner: &'a Owner,
}

impl Sweep<'_> {
    /// Makes the folder ready: to go on with what is kept in it, or to begin anew.
    pub(crate) fn prepare(&self, resume: bool) -> Result<Checkpoints, Failure> {
        let mut kept = Checkpoints::new();
        if resume {
            let (there, notes) = self.owner.checkpoints(|there| self.refuse_another(there))?;
            let hashes: BTreeSet<String> = self.cases.iter().map(|case| format!("{:016x}", case.hash)).collect();
            if !there.is_empty() && !there.keys().any(|hash| hashes.contains(hash)) {
                return Err(self.cannot_resume("the scenario or what is varied differs"));
            }
            for what in notes {
                note(&format!("note: {what}"));
            }
            self.owner.split()?;
            self.owner.clear_exports()?;
            (kept, _) = self.owner.checkpoints(|_| Ok::<(), Failure>(()))?;
            kept.retain(|hash, _| hashes.contains(hash));
        } else {
            self.owner.clear()?;
        }
        for case in self.cases {
            self.owner.write_scenario(&case.name, &self.scenario_file(case)?)?;
        }
        Ok(kept)
    }

    /// Other random numbers, or those of another program, cannot stand beside ours.
    fn refuse_another(&self, there: &Results) -> Result<(), Failure> {
        let fields = [
            ("the program's version", there.version.clone(), self.study.version.clone()),
            ("the command", there.command.clone(), self.study.command.clone()),
            ("the seed", there.seed.to_string(), self.study.seed.to_string()),
        ];
        fields.iter().find(|(_, there, here)| there != here).map_or(Ok(()), |(what, there, here)| {
            Err(self.cannot_resume(&format!("{what} differs: {there} there, {here} here")))
        })
    }

    fn cannot_resume(&self, why: &str) -> Failure {
        let folder = self.owner.folder().display();
        Failure::Usage(format!(
            "cannot resume: {folder} holds another study, {why}; give the same command again, another --out, or leave \
             --resume out to replace it"
        ))
    }

    /// A case as a scenario file that extends nothing.
    fn scenario_file(&self, case: &Case) -> Result<String, Failure> {
        let base = &self.base.scenario.name;
        let name = slug(&format!("{base}-{}", case.name));
        let mut settings = cases::settings_of(&case.set);
        settings.push(Setting::of("--vary", "name", &format!("{name:?}")));
        let document = self.base.document.with(&settings)?.document;
        let set = cases::words(&case.set).replace('\n', " ");
        Ok(format!("# A case of a sweep of {base}: {set}\n{}", document.to_toml()))
    }

    /// Simulates what is not kept yet of every case, and keeps it.
    pub(crate) fn simulate(&self, kept: &Checkpoints) -> Result<Draft, Failure> {
        let workers = WorkerPool::new(self.settings.threads, self.settings.seed)?;
        let each = self.study.precision.map_or(self.settings.replications, |rule| rule.minimum) as usize;
        let bar = progress::bar((self.cases.len() * each) as u64);
        let mut draft = self.owner.draft(self.study)?;
        let (mut done, mut reused) = (0, 0);
        for together in self.cases.chunks(IN_HAND.div_ceil(each)) {
            let whole = self.together(together, kept, &workers, &bar, &mut reused)?;
            match whole {
                Some(cases) => {
                    done += cases.len();
                    cases.into_iter().try_for_each(|case| draft.add(case))?;
                }
                None => return Err(self.interrupted(draft, done)?),
            }
        }
        bar.finish_and_clear();
        if reused > 0 {
            let cases = plural(kept.len() as u64, "case");
            note(&format!("note: {} of {cases} were kept, and are used again", plural(reused, "scale-up")));
        }
        Ok(draft)
    }

    /// Some cases at once; `None` when interrupted.
    fn together(
        &self,
        cases: &[Case],
        kept: &Checkpoints,
        workers: &WorkerPool,
        bar: &ProgressBar,
        reused: &mut u64,
    ) -> Result<Option<Vec<CaseResult>>, Failure> {
        let mut series: Vec<Series<'_>> = cases.iter().map(Series::new).collect();
        let mut before = Vec::new();
        for series in &mut series {
            workers.resume(series, self.kept(series.case(), kept)?);
            before.push(series.replications().len());
        }
        *reused += before.iter().sum::<usize>() as u64;
        let progress = Progress { done: &|| bar.inc(1), stopped: &interrupt::stopped };
        let whole = match self.study.precision {
            Some(rule) => workers.until_precise(&mut series, rule, progress),
            None => workers.extend(&mut series.iter_mut().collect::<Vec<_>>(), self.settings.replications, progress),
        };
        if !whole {
            return Ok(None);
        }
        let done: Vec<CaseResult> = series.into_iter().map(Series::finish).collect();
        for (case, before) in done.iter().zip(before) {
            if case.replications.len() > before {
                self.owner.keep(self.study, case)?;
            }
        }
        Ok(Some(done))
    }

    /// The replications of a case that an earlier run has kept and that are asked for, each once.
    fn kept(&self, case: &Case, kept: &Checkpoints) -> Result<Vec<Replication>, Failure> {
        let hash = format!("{:016x}", case.hash);
        let mut replications: BTreeMap<u32, Replication> = BTreeMap::new();
        for path in kept.get(&hash).into_iter().flatten() {
            let found = folder::checkpoint(path, &hash)?.replications;
            replications.extend(found.into_iter().map(|replication| (replication.number, replication)));
        }
        let asked = self.study.precision.map_or(self.settings.replications, |rule| rule.maximum);
        Ok(replications.into_values().filter(|replication| replication.number < asked).collect())
    }

    /// Writes what is done as a study of its own, and says how to go on.
    fn interrupted(&self, draft: Draft, count: usize) -> Result<Failure, Failure> {
        let all = self.cases.len();
        if count > 0 {
            deliver::export(self.owner, draft, self.base)?;
        }
        let folder = self.owner.folder().display();
        Ok(Failure::Interrupted(format!(
            "{count} of {all} cases are done and kept in {folder}; the same command with --resume goes on"
        )))
    }
}
