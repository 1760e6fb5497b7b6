//! A sweep on disk: every case is kept as soon as it is done, so that an interrupt loses little and `--resume` goes on.
//!
//! Must not know: what a case changes, and what the files of its results hold.
//!
//! Below the results folder, `manifest.json` says which study it is and whether it is complete, and `cases/` holds for
//! each case a scenario file that `scaleup run` takes (`<case>.toml`) and, once it is done, the numbers of its
//! replications (`<case>.json`). What stands in all other files is made from these at the end.

use crate::cli::cases::{self, Variant};
use crate::cli::deliver;
use crate::cli::failure::Failure;
use crate::cli::{interrupt, progress};
use crate::experiment::results::CaseResult;
use crate::experiment::{Crew, Precision, Series, Settings, Watch};
use crate::report::write::WriteError;
use crate::report::{archive, files, json, write};
use crate::scenario::{Loaded, Setting};
use indicatif::ProgressBar;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Cases are simulated together until this many scale-ups are in hand: enough for many threads, and a number that does
/// not depend on them.
const IN_HAND: usize = 64;
/// The fields of a manifest that tell studies apart, in the words of a message.
const IDENTITY: [(&str, &str); 7] = [
    ("program", "the program"),
    ("command", "the command"),
    ("seed", "the seed"),
    ("replications_asked", "the number of replications"),
    ("precision", "the precision"),
    ("scenario_hash", "the scenario"),
    ("cases", "the list of cases"),
];

/// A sweep, and the folder that it lives in.
pub(crate) struct Study<'a> {
    pub(crate) base: &'a Loaded,
    pub(crate) variants: &'a [Variant],
    pub(crate) settings: Settings,
    pub(crate) rule: Option<Precision>,
    pub(crate) folder: PathBuf,
}

impl Study<'_> {
    /// The fields that the manifest of a sweep has in addition.
    pub(crate) fn manifest(&self, complete: bool) -> Map<String, Value> {
        let case = |variant: &Variant| {
            let set = variant.case.set.iter().map(|(key, value)| (key.clone(), json::toml_value(value)));
            json!({
                "name": variant.name,
                "scenario_hash": format!("{:016x}", variant.hash),
                "set": set.collect::<Map<_, _>>(),
            })
        };
        let precision = self.rule.map(
            |rule| json!({ "relative": rule.relative, "minimum": rule.minimum, "maximum": rule.maximum, "round": rule.round() }),
        );
        let fields = [
            ("replications_asked", json!(self.settings.replications)),
            ("precision", json!(precision)),
            ("complete", json!(complete)),
            ("cases", self.variants.iter().map(case).collect()),
        ];
        fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// Makes the folder ready: to go on with the study in it, or to begin this one; whether there is one to go on with.
    pub(crate) fn prepare(&self, resume: bool) -> Result<bool, Failure> {
        let there = fs::read(self.folder.join(files::MANIFEST)).ok();
        let there: Option<Value> = there.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let mut manifest = deliver::manifest("sweep", self.base, self.settings.seed, self.settings.replications);
        manifest.extend(self.manifest(false));
        if let Some(there) = &there {
            if resume {
                self.refuse_another(there, &manifest)?;
            } else {
                self.clear(there)?;
            }
        }
        for folder in [self.folder.clone(), self.folder.join("cases"), self.folder.join("charts")] {
            remove_leftovers(&folder)?;
        }
        // A complete study stays complete while it is read again.
        let goes_on = resume && there.is_some();
        if !goes_on {
            write::whole(&self.folder.join(files::MANIFEST), &files::manifest(&manifest.into()))?;
        }
        for variant in self.variants {
            write::whole(&self.place(variant, "toml"), self.scenario_file(variant)?.as_bytes())?;
        }
        Ok(goes_on)
    }

    fn refuse_another(&self, there: &Value, manifest: &Map<String, Value>) -> Result<(), Failure> {
        let other = IDENTITY.iter().find(|(field, _)| there.get(*field) != manifest.get(*field));
        let Some((field, what)) = other else { return Ok(()) };
        let values = match (there.get(*field), manifest.get(*field)) {
            (Some(old), Some(new)) if !old.is_array() && *field != "scenario_hash" => {
                format!(": {old} there, {new} here")
            }
            _ => String::new(),
        };
        let folder = self.folder.display();
        Err(Failure::Usage(format!(
            "cannot resume: {folder} holds another study, {what} differs{values}; give the same command again, another \
             --out, or leave --resume out to replace it"
        )))
    }

    /// Takes away the cases of the study that was here.
    fn clear(&self, there: &Value) -> Result<(), Failure> {
        let cases = there["cases"].as_array().map(Vec::as_slice).unwrap_or_default();
        for name in cases.iter().filter_map(|case| case["name"].as_str()) {
            // Only names that a study gives: nothing leads out of the folder.
            if name == cases::slug(name) {
                for ending in ["toml", "json"] {
                    remove(&self.folder.join("cases").join(format!("{name}.{ending}")))?;
                }
            }
        }
        Ok(())
    }

    fn place(&self, variant: &Variant, ending: &str) -> PathBuf {
        self.folder.join("cases").join(format!("{}.{ending}", variant.name))
    }

    /// A case as a scenario file that extends nothing.
    fn scenario_file(&self, variant: &Variant) -> Result<String, Failure> {
        let base = &self.base.scenario.name;
        let name = cases::slug(&format!("{base}-{}", variant.name));
        let mut settings = cases::settings_of(&variant.case.set);
        settings.push(Setting::of("--vary", "name", &format!("{name:?}")));
        let document = self.base.document.with(&settings)?.document;
        let set = cases::words(&variant.case.set).replace('\n', " ");
        Ok(format!("# A case of a sweep of {base}: {set}\n{}", document.to_toml()))
    }

    /// Simulates every case that is not kept yet, and keeps each.
    pub(crate) fn simulate(&self, resume: bool) -> Result<Vec<CaseResult>, Failure> {
        let crew = Crew::new(self.settings.threads, self.settings.seed)?;
        let each = self.rule.map_or(self.settings.replications, |rule| rule.minimum) as usize;
        let bar = progress::bar((self.variants.len() * each) as u64);
        let mut done = Vec::with_capacity(self.variants.len());
        for together in self.variants.chunks(IN_HAND.div_ceil(each)) {
            match self.together(together, resume, &crew, &bar)? {
                Some(cases) => done.extend(cases),
                None => return Err(self.interrupted(done)?),
            }
        }
        bar.finish_and_clear();
        Ok(done)
    }

    /// Some cases at once; `None` when interrupted.
    fn together(
        &self,
        variants: &[Variant],
        resume: bool,
        crew: &Crew,
        bar: &ProgressBar,
    ) -> Result<Option<Vec<CaseResult>>, Failure> {
        let kept: Vec<Option<CaseResult>> =
            variants.iter().map(|variant| self.kept(variant, crew).filter(|_| resume)).collect();
        let open: Vec<&Variant> =
            variants.iter().zip(&kept).filter(|(_, kept)| kept.is_none()).map(|(variant, _)| variant).collect();
        let mut series: Vec<Series<'_>> = open.iter().map(|variant| Series::new(&variant.case)).collect();
        let watch = Watch { done: &|| bar.inc(1), stopped: &interrupt::stopped };
        let whole = match self.rule {
            Some(rule) => crew.until_precise(&mut series, rule, watch),
            None => crew.extend(&mut series.iter_mut().collect::<Vec<_>>(), self.settings.replications, watch),
        };
        if !whole {
            return Ok(None);
        }
        for (variant, series) in open.iter().zip(&series) {
            let bytes = archive::pack(variant.hash, series.replications());
            write::whole(&self.place(variant, "json"), &bytes)?;
        }
        let mut new = series.into_iter().map(Series::finish);
        Ok(Some(kept.into_iter().map(|kept| kept.or_else(|| new.next()).expect("one for each open case")).collect()))
    }

    /// The result of a case that an earlier run has kept whole.
    fn kept(&self, variant: &Variant, crew: &Crew) -> Option<CaseResult> {
        let bytes = fs::read(self.place(variant, "json")).ok()?;
        crew.restore(&variant.case, archive::unpack(variant.hash, &bytes)?)
    }

    /// Writes the tables of what is done, and says how to go on.
    fn interrupted(&self, done: Vec<CaseResult>) -> Result<Failure, Failure> {
        let (count, all) = (done.len(), self.variants.len());
        if count > 0 {
            let results = cases::results("sweep", self.base, self.settings, done);
            for (name, bytes) in files::all(&results) {
                write::whole(&self.folder.join(name), &bytes)?;
            }
        }
        let folder = self.folder.display();
        Ok(Failure::Interrupted(format!(
            "{count} of {all} cases are done and kept in {folder}; the same command with --resume goes on"
        )))
    }
}

/// Temporary files of a run that was killed while it wrote.
fn remove_leftovers(folder: &Path) -> Result<(), Failure> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') && name.ends_with(".tmp") {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

fn remove(path: &Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(WriteError { path: path.to_owned(), source }.into())
        }
        _ => Ok(()),
    }
}
