//! `scaleup run`: one scale-up, stage by stage.

use crate::cli::args::RunArguments;
use crate::cli::failure::Failure;
use crate::cli::{cases, deliver};
use crate::experiment::relieve;

pub(crate) fn run(arguments: &RunArguments) -> Result<(), Failure> {
    let base = cases::read(&arguments.common)?;
    let cases = cases::along(&base, &[])?;
    let mut results = cases::simulate("run", &base, &cases, &arguments.common)?;
    for (case, result) in cases.iter().zip(&mut results.cases) {
        result.reliefs = relieve(case, result, cases::settings(&arguments.common))?;
    }
    deliver::deliver(&results, &base, &arguments.common)
}
