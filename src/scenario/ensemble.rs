//! Ensembles: several plausible sets of values for the parameters that a calibration fitted.

use super::built_in::BuiltIn;
use super::document::load_section;
use super::file::Nouns;
use super::problem::Problems;
use super::setting::Setting;
use super::write;
use crate::model::params::field::section;
use crate::model::params::{AnyKeys, complain};
use std::num::NonZeroU32;
use std::path::Path;

const NOUNS: Nouns = Nouns {
    missing: "there is no ensemble",
    remedy: "name a file that `calibrate --ensemble` wrote",
    is_scenario: false,
};

/// Plausible sets of parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ensemble {
    /// The scenario that was calibrated.
    pub scenario: String,
    /// What makes the sets plausible.
    pub description: String,
    /// The smallest and the largest cluster of the calibration.
    pub calibrated_nodes: (u32, u32),
    /// Keys and values in TOML, one list for each set.
    pub sets: Vec<Vec<(String, String)>>,
}

impl Ensemble {
    /// The ensemble as a file.
    pub fn to_toml(&self) -> String {
        let (low, high) = self.calibrated_nodes;
        let mut lines = vec![
            format!("scenario = {}", write::quoted(&self.scenario)),
            format!("description = {}", write::quoted(&self.description)),
            format!("calibrated_nodes = [{low}, {high}]"),
        ];
        for set in &self.sets {
            lines.extend([String::new(), "[[set]]".to_owned()]);
            lines.extend(set.iter().map(|(key, value)| format!("{} = {value}", write::quoted(key))));
        }
        lines.join("\n") + "\n"
    }

    /// The settings of each set.
    pub fn settings(&self) -> impl Iterator<Item = Vec<Setting>> {
        self.sets.iter().enumerate().map(|(number, set)| {
            let origin = format!("ensemble, set {}", number + 1);
            set.iter().map(|(key, value)| Setting::of(origin.as_str(), key, value)).collect()
        })
    }
}

section! {
    /// What `calibrate --ensemble` writes.
    pub struct EnsembleFile {
        /// The scenario that was calibrated.
        scenario: String,
        /// What makes the sets plausible.
        description: String,
        /// The smallest and the largest cluster of the calibration.
        calibrated_nodes: Vec<NonZeroU32>,
        /// The sets: keys of the scenario, in quotes, and their values.
        set: Vec<AnyKeys>,
    }
}

/// Reads an ensemble.
///
/// # Errors
/// Everything that is wrong with the file; keys and values are checked when the scenario is set to them.
pub fn load_ensemble(path: &Path) -> Result<Ensemble, Problems> {
    let file = load_section(path, BuiltIn(&[]), NOUNS, |file: &EnsembleFile| {
        let mut found = Vec::new();
        if file.calibrated_nodes.len() != 2 {
            complain(&mut found, "calibrated_nodes", "these are not two sizes", "write such as [100, 300]");
        }
        if file.set.is_empty() {
            complain(&mut found, "set", "there is no set", "write [[set]], and keys in quotes below it");
        }
        found
    })?;
    let size = |index: usize| file.calibrated_nodes[index].get();
    let calibrated_nodes = (size(0), size(1));
    let sets = file.set.into_iter().map(|set| set.0).collect();
    Ok(Ensemble { scenario: file.scenario, description: file.description, calibrated_nodes, sets })
}
