//! `scaleup check`: which limits a scale-up will meet, without simulating it.
//!
//! Must not know: any limit: the arithmetic is in `model/headroom`.

use crate::cli::args::CheckArguments;
use crate::cli::cases;
use crate::cli::failure::Failure;
use crate::model::Plan;
use crate::model::headroom::headroom;
use crate::report::{check, json};
use std::io::Write;

pub(crate) fn check(arguments: &CheckArguments) -> Result<(), Failure> {
    let loaded = cases::read_scenario(&arguments.scenario, &arguments.set)?;
    let plan = Plan::new(&loaded.scenario);
    let (limits, nodes) = (headroom(&plan), plan.nodes());
    let mut stdout = anstream::stdout().lock();
    if arguments.json {
        let document = check::document(&loaded.scenario.name, nodes, &limits);
        stdout.write_all(json::text(&document).as_bytes())?;
    } else {
        stdout.write_all(check::text(nodes, &limits).as_bytes())?;
    }
    stdout.flush()?;
    let binds = check::binding(&limits).next().is_some();
    if arguments.strict && binds { Err(Failure::NotMet) } else { Ok(()) }
}
