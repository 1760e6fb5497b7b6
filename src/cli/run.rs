//! `scaleup run`: one scale-up, stage by stage.

use crate::cli::args::CommonArguments;
use crate::cli::failure::Failure;
use crate::cli::output::{answer, document, note, print};
use crate::cli::terminal::page;
use crate::cli::{cases, deliver, documented, progress};
use crate::experiment::{Case, Settings, WorkerPool, parse_axis, relieve, run_sets, spread};
use crate::report::folder::Owner;
use crate::report::tables;
use crate::report::text::spread::{self as spread_text, Question};
use crate::scenario::{Ensemble, Loaded, Targets, load_ensemble};
use clap::Args;
use std::path::{Path, PathBuf};

/// Scale-ups of each set of an ensemble, at least.
const EACH_MIN: u32 = 10;

#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    #[command(flatten)]
    common: CommonArguments,
    /// Run every set of parameters that `calibrate --ensemble` wrote, and say what they make of the spread
    ///
    /// The replications are shared among the sets, with at least ten for each; no results folder is written. `--nodes`
    /// may be several here, such as 50,150.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "precision", "deadline"])]
    ensemble: Option<PathBuf>,
}

pub(crate) fn run(arguments: &RunArguments) -> Result<(), Failure> {
    let (mut of, mut sizes) = (arguments.common.of.clone(), None);
    if arguments.ensemble.is_some() {
        sizes = of.nodes.take_axis();
    }
    let base = cases::read(&of)?;
    cases::say_borrowed(&base);
    cases::say_regions(&base);
    if let Some(file) = &arguments.ensemble {
        return run_ensemble(arguments, &base, file, sizes.as_deref());
    }
    let common = &arguments.common;
    let (settings, rule) = (common.replications.settings(), common.rule()?);
    let mut study = deliver::study("run", &base, common, &[], rule);
    study.targets = documented::of(&common.documented, &base, &[])?;
    let measures = study.targets.as_ref().map(Targets::measures).unwrap_or_default();
    let case = Case::new(Vec::new(), &base).measuring(measures).following_paths();
    let owner = Owner::of(&deliver::folder(&base, common), &study.command_line)?;
    owner.clear()?;
    let mut result = cases::simulate(&case, settings, rule)?;
    result.reliefs = relieve(&case, &result, settings)?;
    let mut draft = owner.draft(&study)?;
    draft.add(result)?;
    deliver::deliver(&owner, draft, &base, common.how(), &WorkerPool::new(settings.threads, settings.seed)?)
}

/// The same for every set of an ensemble, at each of the sizes, and what of the spread comes from the sets.
fn run_ensemble(arguments: &RunArguments, base: &Loaded, file: &Path, sizes: Option<&str>) -> Result<(), Failure> {
    let ensemble = load_ensemble(file)?;
    let axis = sizes.map(parse_axis).transpose().map_err(Failure::Usage)?;
    let (cases, _) = cases::along(base, axis.as_slice(), false)?;
    let common = &arguments.common;
    let settings = Settings {
        replications: common.replications.settings().replications.div_ceil(ensemble.sets.len() as u32).max(EACH_MIN),
        ..common.replications.settings()
    };
    let bar = progress::bar(cases.len() * ensemble.sets.len(), settings.replications);
    let mut answers = Vec::new();
    let name = &base.scenario.name;
    for case in cases {
        let base = base.document.with(&cases::settings_of(&case.set))?;
        warn(&base, &ensemble);
        let mut sets = Vec::new();
        for (set, settings) in ensemble.sets.iter().zip(ensemble.settings()) {
            sets.push(Case::new(set.clone(), &base.document.with(&settings)?));
        }
        let quantities = spread(&run_sets(&sets, settings, &|| bar.inc(1))?);
        let asked = Question {
            scenario: name,
            nodes: base.scenario.cluster.target_nodes,
            calibrated_nodes: ensemble.calibrated_nodes,
            sets: sets.len(),
            replications: settings.replications,
            seed: settings.seed,
        };
        answers.push((asked, quantities));
    }
    bar.finish_and_clear();
    match &answers[..] {
        [(asked, quantities)] if common.json.asked() => {
            print(&document("run", base, Some(settings.seed), &tables::ensemble(*asked, quantities)))
        }
        several if common.json.asked() => {
            print(&document("run", base, Some(settings.seed), &tables::ensembles(several)))
        }
        several => answer(&spread_text::text(several, page().width), &common.quiet),
    }
}

/// Says where the ensemble does not speak of what is asked.
fn warn(base: &Loaded, ensemble: &Ensemble) {
    let (nodes, (low, high)) = (base.scenario.cluster.target_nodes, ensemble.calibrated_nodes);
    if !(low..=high).contains(&nodes) {
        note(&format!(
            "warning: {nodes} nodes lie outside the calibrated range, {low} to {high}: the mechanisms are extrapolated"
        ));
    }
    if base.scenario.name != ensemble.scenario {
        let (name, other) = (&base.scenario.name, &ensemble.scenario);
        note(&format!("warning: the ensemble was calibrated for the scenario {other}, not for {name}"));
    }
}
