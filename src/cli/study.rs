//! A sweep on disk: every case is kept as soon as it is done, so that an interrupt loses little and `--resume` goes on.

use crate::cli::cases;
use crate::cli::deliver;
use crate::cli::failure::Failure;
use crate::cli::output::note;
use crate::cli::sharded::Sharded;
use crate::cli::{interrupt, progress};
use crate::experiment::results::{CaseResult, Results};
use crate::experiment::{Case, Progress, Series, Settings, WorkerPool};
use crate::report::checkpoints::{Broken, Checkpoints, Finished};
use crate::report::draft::{Draft, Prepared};
use crate::report::folder::{FolderError, Owner, RESULTS};
use crate::report::words::{plural, slug};
use crate::scenario::{Loaded, Setting};
use indicatif::ProgressBar;
use std::collections::BTreeSet;
use std::path::Path;

/// Cases are simulated together until this many scale-ups are in hand: enough for many threads, and a number that does
/// not depend on them.
pub(crate) const IN_HAND: usize = 64;

/// A sweep, and the folder that it lives in.
pub(crate) struct Sweep<'a> {
    pub(crate) base: &'a Loaded,
    pub(crate) cases: &'a [Case],
    pub(crate) settings: Settings,
    /// The study, without its cases.
    pub(crate) study: &'a Results,
    pub(crate) owner: &'a Owner,
    pub(crate) workers: &'a WorkerPool,
}

impl Sweep<'_> {
    /// Makes the folder ready: to go on with what is kept in it, or to begin anew.
    pub(crate) fn prepare(&self, resume: bool) -> Result<Checkpoints, Failure> {
        let mut kept = Checkpoints::default();
        if resume {
            let hashes: BTreeSet<String> = self.cases.iter().map(Sharded::hash).collect();
            self.refuse_others(&hashes)?;
            self.owner.split()?;
            self.owner.clear_exports()?;
            kept = self.owner.checkpoints();
            kept.retain(|hash| hashes.contains(hash));
        } else {
            self.owner.clear()?;
        }
        self.write_scenarios()?;
        Ok(kept)
    }

    /// Writes each case as a scenario.
    pub(crate) fn write_scenarios(&self) -> Result<(), Failure> {
        let write = |case: &Case| Ok(self.owner.write_scenario(&case.name, &self.scenario_file(case)?)?);
        self.workers.each(self.cases.iter().collect(), write).into_iter().collect()
    }

    /// Refuses a folder that holds something of another study.
    fn refuse_others(&self, hashes: &BTreeSet<String>) -> Result<(), Failure> {
        let same =
            |head: &Results| difference(head, self.study, false).map_or(Ok(()), |why| Err(self.cannot_resume(&why)));
        let kept = self.owner.checkpoints();
        let mut there: BTreeSet<String> = kept.hashes().map(str::to_owned).collect();
        kept.check(self.workers, |_, head| same(head))?;
        match self.owner.study() {
            Ok(Some(Finished { head, cases, wrong })) => {
                same(&head)?;
                there.extend(cases);
                if let Some(what) = wrong {
                    is_broken(&self.owner.folder().join(RESULTS), &what);
                }
            }
            Ok(None) => {}
            Err(FolderError::Broken { path, what, .. }) => is_broken(&path, &what),
            Err(error) => return Err(error.into()),
        }
        if there.is_empty() {
            note(&format!(
                "note: there is nothing to resume in {}; this is a new sweep",
                self.owner.folder().display()
            ));
        }
        if !there.is_empty() && there.is_disjoint(hashes) {
            return Err(self.cannot_resume("the scenario or what is varied differs"));
        }
        Ok(())
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
        let each = self.study.precision.map_or(self.settings.replications, |rule| rule.minimum);
        let bar = progress::bar(self.cases.len(), each);
        let mut draft = self.owner.draft(self.study)?;
        let (mut done, mut reused) = (0, 0);
        for together in self.cases.chunks(IN_HAND.div_ceil(each as usize)) {
            let whole = self.together(together, kept, &bar, &mut reused)?;
            match whole {
                Some(cases) => {
                    let numbered: Vec<_> = (done..).zip(cases).collect();
                    done += numbered.len();
                    let prepare = |(number, case)| Prepared::of(self.study, number, case);
                    let mut prepared = self.workers.each(numbered, prepare).into_iter();
                    prepared.try_for_each(|case| draft.add_prepared(case?))?;
                }
                None => return Err(self.interrupted(draft, done)?),
            }
        }
        bar.finish_and_clear();
        if reused > 0 {
            let cases = plural(kept.cases() as u64, "case");
            note(&format!("note: {} of {cases} were kept, and are used again", plural(reused, "scale-up")));
        }
        Ok(draft)
    }

    /// Some cases at once; `None` when interrupted.
    fn together(
        &self,
        cases: &[Case],
        kept: &Checkpoints,
        bar: &ProgressBar,
        reused: &mut u64,
    ) -> Result<Option<Vec<CaseResult>>, Failure> {
        let (workers, asked) =
            (self.workers, self.study.precision.map_or(self.settings.replications, |rule| rule.maximum));
        let begun = workers.each(cases.iter().collect(), |case: &Case| {
            let (mut series, there) = (Series::new(case), kept.of(&Sharded::hash(case), &(0..asked))?);
            // What another program simulated is simulated again.
            workers.resume(&mut series, there.replications);
            Ok::<_, FolderError>((series, there.broken))
        });
        let (mut series, mut before) = (Vec::new(), Vec::new());
        for begun in begun {
            let (begun, broken) = begun?;
            for Broken { path, what } in broken {
                is_broken(&path, &what);
            }
            before.push(begun.replications().len());
            series.push(begun);
        }
        *reused += before.iter().sum::<usize>() as u64;
        let progress = Progress { done: &|| bar.inc(1), stopped: &interrupt::stopped };
        let whole = match self.study.precision {
            Some(rule) => workers.until_precise(&mut series, rule, progress),
            None => workers.extend(&mut series.iter_mut().collect::<Vec<_>>(), self.settings.replications, progress),
        };
        let done: Vec<CaseResult> = series.into_iter().map(Series::finish).collect();
        for (case, before) in done.iter().zip(before) {
            if case.replications.len() > before {
                let end = case.replications.last().map_or(0, |last| last.number + 1);
                self.owner.keep(self.study, case, 0..end)?;
            }
        }
        Ok(whole.then_some(done))
    }

    /// Writes what is done as a study of its own, and says how to go on.
    fn interrupted(&self, draft: Draft, count: usize) -> Result<Failure, Failure> {
        let all = self.cases.len();
        if count > 0 {
            deliver::export(self.owner, draft, self.base, None, self.workers)?;
        }
        let folder = self.owner.folder().display();
        Ok(Failure::Interrupted(format!(
            "{count} of {all} cases are done and kept in {folder}; the same command with --resume goes on"
        )))
    }
}

fn is_broken(path: &Path, what: &str) {
    note(&format!("note: {}: {what}; it is simulated again", path.display()));
}

/// Why numbers of a study cannot stand beside those of another one: other random numbers, or those of another program;
/// if they are to be of the same study, whatever else results depend on.
pub(crate) fn difference(there: &Results, here: &Results, is_same_study: bool) -> Option<String> {
    let rule = |of: &Results| {
        let rule = of.precision;
        rule.map_or("none".to_owned(), |rule| {
            format!("{} % after {} to {}", rule.relative * 100.0, rule.minimum, rule.maximum)
        })
    };
    let varied = |of: &Results| of.varied.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>().join(", ");
    let of_programs = [
        ("the program's version", there.version.clone(), here.version.clone()),
        ("the command", there.command.clone(), here.command.clone()),
        ("the seed", there.seed.to_string(), here.seed.to_string()),
    ];
    let of_studies = [
        ("the scenario's fingerprint", there.scenario_hash.clone(), here.scenario_hash.clone()),
        ("what is varied", varied(there), varied(here)),
        ("the number of replications", there.replications.to_string(), here.replications.to_string()),
        ("the precision", rule(there), rule(here)),
    ];
    let fields = of_programs.iter().chain(of_studies.iter().filter(|_| is_same_study));
    let different = fields.into_iter().find(|(_, there, here)| there != here);
    let numbers = different.map(|(what, there, here)| format!("{what} differs: {there} there, {here} here"));
    // Targets say what of a scale-up is kept.
    let targets = is_same_study && there.targets != here.targets;
    numbers.or_else(|| targets.then(|| "what is documented differs".to_owned()))
}
