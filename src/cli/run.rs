//! `scaleup run`: one scale-up, stage by stage.

use crate::cli::args::RunArguments;
use crate::cli::failure::Failure;
use crate::cli::{cases, deliver};

pub(crate) fn run(arguments: &RunArguments) -> Result<(), Failure> {
    let base = cases::read(&arguments.common)?;
    let cases = cases::along(&base, &[])?;
    let results = cases::simulate("run", &base, &cases, &arguments.common)?;
    deliver::deliver(&results, &base, &arguments.common)
}
