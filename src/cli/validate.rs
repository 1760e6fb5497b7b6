//! `scaleup validate`: simulated against documented, or against what was measured elsewhere.

use crate::cli::args::{JsonArguments, QuietArguments, ReplicationsArguments, ScenarioArguments};
use crate::cli::documented::TARGETS;
use crate::cli::failure::{Failure, all, both};
use crate::cli::output::{answer, document, document_of_several, note, print};
use crate::cli::terminal::page;
use crate::cli::{cases, progress};
use crate::experiment::{Case, Judged, Settings, UnknownStage, judge, run_cases, target_cases};
use crate::report::chart::predicted;
use crate::report::exports::csv_file;
use crate::report::tables::{self, Predicted};
use crate::report::text::PLAIN_WIDTH;
use crate::report::text::predictions;
use crate::report::text::validation::{self, Validation};
use crate::report::write;
use crate::scenario::{BUILT_IN, Loaded, Targets, is_pattern, load_targets};
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(crate) struct ValidateArguments {
    #[command(flatten)]
    of: ScenarioArguments,
    /// What is documented: a file of targets
    ///
    /// Without it, a scenario is held against its own tables `[target.NAME]`, or where it has none against those of
    /// scenarios/documented.toml.
    #[arg(long, value_name = "FILE")]
    targets: Option<PathBuf>,
    /// Write the table of predictions and their chart into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    replications: ReplicationsArguments<200>,
    #[command(flatten)]
    json: JsonArguments,
    #[command(flatten)]
    quiet: QuietArguments,
}

pub(crate) fn validate(arguments: &ValidateArguments) -> Result<(), Failure> {
    let asked = &arguments.of.scenario;
    if asked.is_dir() && BUILT_IN.find(asked).is_none() {
        let measured = of_folder(arguments, asked)?;
        return validate_measured(arguments, &measured, true);
    }
    let pattern = asked.to_str().filter(|name| is_pattern(name) && !asked.exists());
    let like = pattern.map(|pattern| BUILT_IN.matching(pattern)).unwrap_or_default();
    if like.len() > 1 {
        return validate_measured(arguments, &of_pattern(arguments, &like)?, false);
    }
    let base = cases::read(&arguments.of);
    if arguments.targets.is_none()
        && let Ok(base) = &base
        && let Some(targets) = base.targets()
    {
        return validate_measured(arguments, &[(base.clone(), targets)], true);
    }
    let file = arguments.targets.as_deref().unwrap_or(Path::new(TARGETS));
    let (base, targets) = both(base, load_targets(file))?;
    let judged = simulate(&[(base.clone(), targets)], arguments.replications.settings())?;
    let validations = judged.into_iter().collect::<Result<Vec<_>, _>>();
    let validations = validations.map_err(|unknown| match arguments.targets {
        Some(_) => Failure::Targets(unknown),
        None => Failure::Usage(without_targets(&base.scenario.name, &unknown)),
    })?;
    let [validation] = &validations[..] else { unreachable!("one was asked for") };
    let json = || document("validate", &base, Some(validation.seed), &tables::validation(validation));
    tell(arguments, &validations, json, |width| validation::text(validation, width))
}

/// Scenarios against their targets, which are their `own`, or else those of another one that may not fit all of them.
fn validate_measured(arguments: &ValidateArguments, measured: &[(Loaded, Targets)], own: bool) -> Result<(), Failure> {
    let settings = arguments.replications.settings();
    let mut validations = Vec::new();
    for ((loaded, _), validation) in measured.iter().zip(simulate(measured, settings)?) {
        match validation {
            Ok(validation) => validations.push(validation),
            Err(unknown) if !own => {
                note(&format!("note: {} is left out: {unknown}", loaded.scenario.name));
            }
            Err(unknown) => return Err(unknown.into()),
        }
    }
    if validations.is_empty() {
        let asked = arguments.of.scenario.display();
        return Err(Failure::Usage(format!("no target speaks of what {asked} has; give --targets FILE")));
    }
    let name = arguments.of.scenario.display().to_string();
    let json = || {
        let loaded: Vec<&Loaded> = measured.iter().map(|(loaded, _)| loaded).collect();
        document_of_several("validate", &name, &loaded, Some(settings.seed), &tables::validations(&validations))
    };
    tell(arguments, &validations, json, |width| predictions::text(&name, &validations, width))
}

fn without_targets(scenario: &str, unknown: &UnknownStage) -> String {
    format!(
        "there are no targets for {scenario}: give --targets FILE, or add tables [target.NAME] to the scenario; those of \
         the documented case do not fit it ({unknown})"
    )
}

/// Prints the answer, and writes it if that is asked for.
fn tell(
    arguments: &ValidateArguments,
    validations: &[Validation],
    json: impl Fn() -> String,
    text: impl Fn(u16) -> String,
) -> Result<(), Failure> {
    if arguments.json.asked() {
        let text = json();
        keep(arguments, validations, &text)?;
        print(&text)?;
    } else {
        keep(arguments, validations, &text(PLAIN_WIDTH))?;
        answer(&text(page().width), &arguments.quiet)?;
    }
    verdict(validations)
}

/// The scenarios that a pattern stands for, each with targets: those that are asked for, its own, or the documented.
fn of_pattern(arguments: &ValidateArguments, names: &[&str]) -> Result<Vec<(Loaded, Targets)>, Failure> {
    let documented = load_targets(arguments.targets.as_deref().unwrap_or(Path::new(TARGETS)))?;
    let read = names.iter().map(|name| cases::read_scenario(Path::new(name), &arguments.of.changes()));
    let own = |loaded: &Loaded| if arguments.targets.is_none() { loaded.targets() } else { None };
    let with_targets = |loaded: Loaded| {
        let targets = own(&loaded).unwrap_or_else(|| documented.clone());
        (loaded, targets)
    };
    Ok(all(read)?.into_iter().map(with_targets).collect())
}

/// The scenarios of a folder that have targets for themselves, in the order of their names.
fn of_folder(arguments: &ValidateArguments, folder: &Path) -> Result<Vec<(Loaded, Targets)>, Failure> {
    if arguments.targets.is_some() {
        return Err(Failure::Usage(format!(
            "--targets is for one scenario, and {} is a folder, whose scenarios have their own targets; leave it out",
            folder.display()
        )));
    }
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.map_err(|error| Failure::Usage(format!("cannot read {}: {error}", folder.display())))?;
    let mut files: Vec<PathBuf> = entries.iter().map(fs::DirEntry::path).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let mut measured = Vec::new();
    let read = files.iter().map(|file| cases::read_scenario(file, &arguments.of.changes()));
    for (file, loaded) in files.iter().zip(all(read)?) {
        match loaded.targets() {
            Some(targets) => measured.push((loaded, targets)),
            None => note(&format!("note: {} has no [target.NAME], and is left out", file.display())),
        }
    }
    if measured.is_empty() {
        return Err(Failure::Usage(format!(
            "{} has no scenario with targets; add tables [target.NAME] to one",
            folder.display()
        )));
    }
    Ok(measured)
}

/// Simulates every scenario at every size that its targets speak of, and judges those that have what they speak of.
fn simulate(of: &[(Loaded, Targets)], settings: Settings) -> Result<Vec<Result<Validation, UnknownStage>>, Failure> {
    let mut sized: Vec<Vec<Case>> = Vec::new();
    for (base, targets) in of {
        sized.push(target_cases(&base.document, targets, &[])?);
    }
    let all: Vec<Case> = sized.iter().flatten().cloned().collect();
    let bar = progress::bar(all.len(), settings.replications);
    let results = run_cases(&all, settings, &|| bar.inc(1))?;
    bar.finish_and_clear();
    let mut rest = &results[..];
    let mut validations = Vec::new();
    for ((base, targets), cases) in of.iter().zip(&sized) {
        let (own, others) = rest.split_at(cases.len());
        rest = others;
        validations.push(judge(targets, own).map(|points| Validation {
            scenario: base.scenario.name.clone(),
            description: targets.description.clone(),
            seed: settings.seed,
            replications: settings.replications,
            points,
        }));
    }
    Ok(validations)
}

/// Writes what was printed, the table of predictions, and its chart if there is something to draw.
fn keep(arguments: &ValidateArguments, validations: &[Validation], text: &str) -> Result<(), Failure> {
    let Some(folder) = &arguments.out else { return Ok(()) };
    let points = Predicted::all(validations);
    write::whole(&folder.join("predicted.csv"), &csv_file(&tables::predicted(points.clone())))?;
    if let Some(chart) = predicted::chart(&points) {
        write::whole(&folder.join("predicted.svg"), chart.svg().as_bytes())?;
        write::whole(&folder.join("predicted.png"), &chart.png())?;
    }
    let name = if arguments.json.asked() { "predicted.json" } else { "predicted.txt" };
    Ok(write::whole(&folder.join(name), text.as_bytes())?)
}

fn verdict(validations: &[Validation]) -> Result<(), Failure> {
    let mut points = validations.iter().flat_map(|validation| &validation.points);
    if points.all(Judged::passes) { Ok(()) } else { Err(Failure::NotMet) }
}
