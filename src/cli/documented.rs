//! Which documented overheads belong to results.

use crate::cli::failure::Failure;
use crate::scenario::{BUILT_IN, Loaded, Setting, Targets, load_targets, load_with};
use clap::Args;
use std::path::{Path, PathBuf};

/// The key in which the cases may differ from what the targets speak of.
const TARGET_NODES: &str = "cluster.target_nodes";
/// The documented scenario and its targets, as they come with the program.
const SCENARIO: &str = "scenarios/ekf";
pub(crate) const TARGETS: &str = "scenarios/documented";

#[derive(Clone, Debug, Args)]
pub(crate) struct DocumentedArguments {
    /// Documented overheads to show beside what is simulated
    ///
    /// Without it, those of scenarios/documented.toml are shown where nothing but the size differs from the scenario
    /// that they speak of.
    #[arg(long, value_name = "FILE")]
    pub(crate) targets: Option<PathBuf>,
}

/// What is documented about cases that change these keys; absent where nothing is.
pub(crate) fn of(
    arguments: &DocumentedArguments,
    base: &Loaded,
    varied: &[(String, String)],
) -> Result<Option<Targets>, Failure> {
    let file = match &arguments.targets {
        Some(file) => file,
        None if is_documented(base, varied)? => Path::new(TARGETS),
        None => return Ok(None),
    };
    Ok(Some(load_targets(file)?))
}

/// Whether nothing but the size differs from the documented scenario.
fn is_documented(base: &Loaded, varied: &[(String, String)]) -> Result<bool, Failure> {
    if varied.iter().any(|(key, _)| key != TARGET_NODES) {
        return Ok(false);
    }
    let default = load_with(BUILT_IN, Path::new(SCENARIO), &[])?;
    let size = Setting::of("--set", TARGET_NODES, &default.scenario.cluster.target_nodes.to_string());
    // A scenario that cannot have that size is another one.
    let same_size = base.document.with(&[size]);
    Ok(same_size.is_ok_and(|same| same.document.hash() == default.document.hash()))
}
