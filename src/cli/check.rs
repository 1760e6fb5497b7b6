//! `scaleup check`: which limits a scale-up will meet, without simulating it.

use crate::cli::args::{JsonArguments, QuietArguments, ScenarioArguments};
use crate::cli::cases;
use crate::cli::failure::Failure;
use crate::cli::output::{answer, document, print};
use crate::headroom::{come_up, headroom};
use crate::model::Plan;
use crate::report::{check, tables};
use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    #[command(flatten)]
    of: ScenarioArguments,
    /// Exit with code 3 if a limit binds
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    json: JsonArguments,
    #[command(flatten)]
    quiet: QuietArguments,
}

pub(crate) fn check(arguments: &CheckArguments) -> Result<(), Failure> {
    let loaded = cases::read(&arguments.of)?;
    cases::say_borrowed(&loaded);
    cases::say_regions(&loaded);
    let plan = Plan::new(&loaded.scenario);
    let (limits, nodes) = (headroom(&plan), plan.nodes());
    if arguments.json.asked() {
        print(&document("check", &loaded, None, &tables::check(nodes, come_up(&plan), &limits)))?;
    } else {
        let text = check::text(&plan, &limits);
        let first = text.split_inclusive('\n').next().unwrap_or_default();
        answer(if arguments.quiet.quiet { first } else { &text }, &arguments.quiet)?;
    }
    let binds = check::binding(&limits).next().is_some();
    if arguments.strict && binds { Err(Failure::NotMet) } else { Ok(()) }
}
