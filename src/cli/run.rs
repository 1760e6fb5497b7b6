//! `scaleup run`: one scale-up, stage by stage.
//!
//! Must not know: more than one case, and how to summarise it.

use crate::cli::args::RunArguments;
use crate::cli::failure::Failure;
use crate::cli::{cases, deliver, documented, progress};
use crate::experiment::{Case, Settings, relieve, run_sets, spread};
use crate::report::folder::Owner;
use crate::report::json;
use crate::report::text::spread::{self as spread_text, Question};
use crate::scenario::{Ensemble, Loaded, load_ensemble};
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::Path;

/// The columns of text where standard output is no terminal.
const WIDTH: u16 = 120;
/// Scale-ups of each set of an ensemble, at least.
const EACH_MIN: u32 = 10;

pub(crate) fn run(arguments: &RunArguments) -> Result<(), Failure> {
    let base = cases::read(&arguments.common)?;
    if let Some(file) = &arguments.ensemble {
        return run_ensemble(arguments, &base, file);
    }
    let common = &arguments.common;
    let (settings, rule) = (cases::settings(common), arguments.precision.rule(common.replications)?);
    let case = Case::new(Vec::new(), &base);
    let words = [arguments.precision.words(), arguments.deadline.words()].concat();
    let mut study = deliver::study("run", &base, common, &words, rule);
    study.deadline = arguments.deadline.deadline;
    study.targets = documented::of(&common.documented, &base, &[])?;
    let owner = Owner::of(&deliver::folder(&base, common), &study.command_line)?;
    owner.clear()?;
    let mut result = cases::simulate(&case, settings, rule)?;
    result.reliefs = relieve(&case, &result, settings)?;
    study.cases.push(result);
    deliver::deliver(&owner, study, &base, common.json)
}

/// The same for every set of an ensemble, and what of the spread comes from them.
fn run_ensemble(arguments: &RunArguments, base: &Loaded, file: &Path) -> Result<(), Failure> {
    let ensemble = load_ensemble(file)?;
    let mut sets = Vec::new();
    for (set, settings) in ensemble.sets.iter().zip(ensemble.settings()) {
        sets.push(Case::new(set.clone(), &base.document.with(&settings)?));
    }
    warn(base, &ensemble)?;
    let common = &arguments.common;
    let settings = Settings {
        replications: common.replications.get().div_ceil(sets.len() as u32).max(EACH_MIN),
        seed: common.seed,
        threads: common.threads.map(NonZeroUsize::get),
    };
    let bar = progress::bar(sets.len() as u64 * u64::from(settings.replications));
    let results = run_sets(&sets, settings, &|| bar.inc(1))?;
    bar.finish_and_clear();
    let quantities = spread(&results);
    let asked = Question {
        scenario: &base.scenario.name,
        nodes: base.scenario.cluster.target_nodes,
        calibrated_nodes: ensemble.calibrated_nodes,
        sets: sets.len(),
        replications: settings.replications,
        seed: settings.seed,
    };
    let text = if common.json {
        json::text(&json::spread(asked, &quantities))
    } else {
        spread_text::text(asked, &quantities, WIDTH)
    };
    let mut stdout = anstream::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    Ok(stdout.flush()?)
}

/// Says where the ensemble does not speak of what is asked.
fn warn(base: &Loaded, ensemble: &Ensemble) -> Result<(), Failure> {
    let (nodes, (low, high)) = (base.scenario.cluster.target_nodes, ensemble.calibrated_nodes);
    let mut stderr = anstream::stderr();
    if !(low..=high).contains(&nodes) {
        writeln!(
            stderr,
            "warning: {nodes} nodes lie outside the calibrated range, {low} to {high}: the mechanisms are extrapolated"
        )?;
    }
    if base.scenario.name != ensemble.scenario {
        let (name, other) = (&base.scenario.name, &ensemble.scenario);
        writeln!(stderr, "warning: the ensemble was calibrated for the scenario {other}, not for {name}")?;
    }
    Ok(())
}
