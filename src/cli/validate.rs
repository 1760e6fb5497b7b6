//! `scaleup validate`: simulated against documented.
//!
//! Must not know: when a point is met (`experiment/validate.rs`).

use crate::cli::args::ValidateArguments;
use crate::cli::failure::Failure;
use crate::cli::{cases, progress};
use crate::experiment::{Judged, Settings, judge, run_cases, target_cases};
use crate::report::json;
use crate::report::text::validation::{self, Validation};
use crate::scenario::load_targets;
use std::io::Write;
use std::num::NonZeroUsize;

/// The columns of text where standard output is no terminal.
const WIDTH: u16 = 120;

pub(crate) fn validate(arguments: &ValidateArguments) -> Result<(), Failure> {
    let base = cases::read_scenario(&arguments.scenario, &arguments.set)?;
    let targets = load_targets(&arguments.targets)?;
    let settings = Settings {
        replications: arguments.replications.get(),
        seed: arguments.seed,
        threads: arguments.threads.map(NonZeroUsize::get),
    };
    let cases = target_cases(&base.document, &targets.sizes(), &[])?;
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
    let text =
        if arguments.json { json::text(&json::validation(&validation)) } else { validation::text(&validation, WIDTH) };
    let mut stdout = anstream::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    if validation.points.iter().all(Judged::passes) { Ok(()) } else { Err(Failure::NotMet) }
}
