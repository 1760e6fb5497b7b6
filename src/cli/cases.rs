//! From arguments to cases: scenario, settings, axes.

use crate::cli::args::CommonArguments;
use crate::cli::failure::Failure;
use crate::cli::progress;
use crate::experiment::results::Results;
use crate::experiment::{Axis, Case, Settings, grid, one_at_a_time, run_cases};
use crate::scenario::{Loaded, Setting, load};
use std::path::Path;

/// Reads the scenario with the command line's settings.
pub(crate) fn read(arguments: &CommonArguments) -> Result<Loaded, Failure> {
    read_scenario(&arguments.scenario, &arguments.set)
}

/// Reads a scenario with settings of `--set`.
pub(crate) fn read_scenario(scenario: &Path, set: &[String]) -> Result<Loaded, Failure> {
    let settings: Vec<Setting> = set.iter().map(|text| Setting::new("--set", text.as_str())).collect();
    Ok(load(scenario, &settings)?)
}

/// How often, and with which random numbers.
pub(crate) fn settings(arguments: &CommonArguments) -> Settings {
    Settings {
        replications: arguments.replications.get(),
        seed: arguments.seed,
        threads: arguments.threads.map(std::num::NonZeroUsize::get),
    }
}

/// The changes of the cases along the axes: every combination, or each value by itself.
pub(crate) fn changes(axes: &[Axis], alone: bool) -> Vec<Vec<(String, String)>> {
    if alone { one_at_a_time(axes) } else { grid(axes) }
}

/// A case of `base` for each of these changes.
pub(crate) fn along(base: &Loaded, changes: Vec<Vec<(String, String)>>) -> Result<Vec<Case>, Failure> {
    let case = |set: Vec<(String, String)>| {
        let settings: Vec<Setting> = set.iter().map(|(key, value)| Setting::of("--vary", key, value)).collect();
        let loaded = base.document.with(&settings)?;
        Ok(Case { set, scenario: loaded.scenario })
    };
    changes.into_iter().map(case).collect()
}

/// Simulates the cases, with a progress bar.
pub(crate) fn simulate(
    command: &str,
    base: &Loaded,
    cases: &[Case],
    arguments: &CommonArguments,
) -> Result<Results, Failure> {
    let settings = settings(arguments);
    let bar = progress::bar(cases.len() as u64 * u64::from(settings.replications));
    let cases = run_cases(cases, settings, &|| bar.inc(1))?;
    bar.finish_and_clear();
    Ok(Results {
        command: command.to_owned(),
        scenario: base.scenario.name.clone(),
        description: base.scenario.description.clone(),
        seed: settings.seed,
        replications: settings.replications,
        cases,
    })
}
