//! `scaleup validate`: simulated against documented.

use crate::cli::args::{JsonArguments, ReplicationsArguments, ScenarioArguments, TargetsArguments};
use crate::cli::failure::{Failure, both};
use crate::cli::output::{document, print};
use crate::cli::{cases, progress};
use crate::experiment::{Judged, judge, run_cases, target_cases};
use crate::report::tables;
use crate::report::text::validation::{self, Validation};
use crate::scenario::load_targets;
use clap::Args;

/// The columns of text where standard output is no terminal.
const WIDTH: u16 = 120;

#[derive(Debug, Args)]
pub(crate) struct ValidateArguments {
    #[command(flatten)]
    of: ScenarioArguments,
    #[command(flatten)]
    documented: TargetsArguments,
    #[command(flatten)]
    replications: ReplicationsArguments<200>,
    #[command(flatten)]
    json: JsonArguments,
}

pub(crate) fn validate(arguments: &ValidateArguments) -> Result<(), Failure> {
    let base = cases::read(&arguments.of);
    let (base, targets) = both(base, load_targets(&arguments.documented.targets))?;
    let settings = arguments.replications.settings();
    let cases = target_cases(&base.document, &targets, &[])?;
    let bar = progress::bar(cases.len() as u64 * u64::from(settings.replications));
    let results = run_cases(&cases, settings, &|| bar.inc(1))?;
    bar.finish_and_clear();
    let validation = Validation {
        scenario: base.scenario.name.clone(),
        description: targets.description.clone(),
        seed: settings.seed,
        replications: settings.replications,
        points: judge(&targets, &results)?,
    };
    let text = if arguments.json.json {
        document("validate", &base, Some(settings.seed), &tables::validation(&validation))
    } else {
        validation::text(&validation, WIDTH)
    };
    print(&text)?;
    if validation.points.iter().all(Judged::passes) { Ok(()) } else { Err(Failure::NotMet) }
}
