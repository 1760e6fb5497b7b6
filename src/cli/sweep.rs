//! `scaleup sweep`: the same for several settings.

use crate::cli::args::SweepArguments;
use crate::cli::failure::Failure;
use crate::cli::{cases, deliver};
use crate::experiment::Axis;

pub(crate) fn sweep(arguments: &SweepArguments) -> Result<(), Failure> {
    let base = cases::read(&arguments.common)?;
    let mut axes = Vec::new();
    for text in &arguments.vary {
        axes.push(Axis::parse(text).map_err(Failure::Usage)?);
    }
    if axes.is_empty() {
        let declared = base.document.axes().iter();
        axes = declared.map(|axis| Axis { key: axis.key.clone(), values: axis.values.clone() }).collect();
    }
    if axes.is_empty() {
        return Err(Failure::Usage(format!(
            "nothing to vary: give --vary KEY=A,B,C, or add a table [sweep] to {}",
            arguments.common.scenario.display()
        )));
    }
    let cases = cases::along(&base, cases::changes(&axes, arguments.one_at_a_time))?;
    let results = cases::simulate("sweep", &base, &cases, &arguments.common)?;
    let mut more: Vec<String> = arguments.vary.iter().flat_map(|axis| ["--vary".to_owned(), axis.clone()]).collect();
    more.extend(arguments.one_at_a_time.then(|| "--one-at-a-time".to_owned()));
    deliver::deliver(results, &base, &arguments.common, &more)
}
