//! Which documented overheads belong to results.
//!
//! Must not know: how a target is judged (`experiment/validate.rs`).

use crate::cli::failure::Failure;
use crate::experiment::results::Results;
use crate::report::documented::{Documented, documented};
use crate::scenario::{BUILT_IN, Loaded, Setting, load_targets, load_with};
use clap::Args;
use std::path::{Path, PathBuf};

/// The key in which the cases may differ from what the targets speak of.
const TARGET_NODES: &str = "cluster.target_nodes";
/// The documented scenario and its targets, as they come with the program.
const SCENARIO: &str = "scenarios/ekf";
const TARGETS: &str = "scenarios/documented";

#[derive(Debug, Args)]
pub(crate) struct DocumentedArguments {
    /// Documented overheads to show beside what is simulated
    ///
    /// Without it, those of scenarios/documented.toml are shown where nothing but the size differs from the scenario that
    /// they speak of.
    #[arg(long, value_name = "FILE")]
    pub(crate) targets: Option<PathBuf>,
}

/// What is documented about the cases of these results.
pub(crate) fn of(
    arguments: &DocumentedArguments,
    base: &Loaded,
    results: &Results,
) -> Result<Vec<Documented>, Failure> {
    let file = match &arguments.targets {
        Some(file) => file,
        None if is_documented(base, results)? => Path::new(TARGETS),
        None => return Ok(vec![]),
    };
    Ok(documented(&load_targets(file)?, results)?)
}

/// Whether nothing but the size differs from the documented scenario.
fn is_documented(base: &Loaded, results: &Results) -> Result<bool, Failure> {
    if results.cases.iter().flat_map(|case| &case.set).any(|(key, _)| key != TARGET_NODES) {
        return Ok(false);
    }
    let default = load_with(BUILT_IN, Path::new(SCENARIO), &[])?;
    let size = Setting::of("--set", TARGET_NODES, &default.scenario.cluster.target_nodes.to_string());
    // A scenario that cannot have that size is another one.
    let same_size = base.document.with(&[size]);
    Ok(same_size.is_ok_and(|same| same.document.hash() == default.document.hash()))
}
