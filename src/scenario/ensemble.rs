//! Ensembles: several plausible sets of values for the parameters that a calibration fitted.
//!
//! Must not know: how the sets were found.

use super::built_in::BuiltIn;
use super::file::{self, Nouns};
use super::problem::{Found, Problem, Problems};
use super::setting::Setting;
use super::source::Sources;
use super::tree::{Table, Value};
use super::{value, write};
use crate::model::params::{Datum, Shape};
use std::path::Path;

const NOUNS: Nouns = Nouns { missing: "there is no ensemble", remedy: "name a file that `calibrate --ensemble` wrote" };
const NODES: Shape = Shape::Integer { min: 1, max: u32::MAX as u64 };

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

/// Reads an ensemble.
///
/// # Errors
/// Everything that is wrong with the file; keys and values are checked when the scenario is set to them.
pub fn load_ensemble(path: &Path) -> Result<Ensemble, Problems> {
    let (mut sources, mut found) = (Sources::default(), Found::default());
    let table = file::read_one(path, BuiltIn(&[]), NOUNS, &mut sources, &mut found);
    match table.and_then(|table| ensemble(&table, &sources, &mut found)) {
        Some(ensemble) if found.is_empty() => Ok(ensemble),
        _ => Err(Problems::new(sources, found)),
    }
}

fn ensemble(table: &Table, sources: &Sources, found: &mut Found) -> Option<Ensemble> {
    const KEYS: [&str; 4] = ["scenario", "description", "calibrated_nodes", "set"];
    for (key, entry) in table.iter().filter(|(key, _)| !KEYS.contains(&key.as_str())) {
        let what = format!("an ensemble has no key `{}`", value::short(key));
        found.add(Problem::at(entry.key, what).remedy("leave it out"));
    }
    let missing: Vec<&str> = KEYS.into_iter().filter(|key| table.get(*key).is_none()).collect();
    if !missing.is_empty() {
        let what = format!("an ensemble lacks `{}`", missing.join("`, `"));
        found.add(Problem::at(sources.start()?, what).remedy(NOUNS.remedy));
        return None;
    }
    let mut text = |key: &str| match value::read(Shape::Text, &table.get(key)?.node, found)? {
        Datum::Text(text) => Some(text),
        _ => None,
    };
    let (scenario, description) = (text("scenario")?, text("description")?);
    let sizes = list(table, "calibrated_nodes", found)?;
    let sizes: Vec<u64> = sizes
        .iter()
        .filter_map(|node| match value::read(NODES, node, found)? {
            Datum::Integer(size) => Some(size),
            _ => None,
        })
        .collect();
    let &[low, high] = &sizes[..] else {
        let place = table.get("calibrated_nodes")?.node.place;
        found.add(Problem::at(place, "this is not two sizes").remedy("write such as [100, 300]"));
        return None;
    };
    let mut sets = Vec::new();
    for node in list(table, "set", found)? {
        let Some(set) = node.as_table() else {
            found.add(Problem::at(node.place, "this is not a set").remedy("write [[set]] and keys in quotes"));
            continue;
        };
        sets.push(set.iter().map(|(key, entry)| (key.clone(), write::inline(&entry.node))).collect());
    }
    Some(Ensemble { scenario, description, calibrated_nodes: (low as u32, high as u32), sets })
}

/// A list that is not empty.
fn list<'t>(table: &'t Table, key: &str, found: &mut Found) -> Option<&'t [super::tree::Node]> {
    let node = &table.get(key)?.node;
    match &node.value {
        Value::List(list) if !list.is_empty() => Some(list),
        _ => {
            found.add(Problem::at(node.place, format!("`{key}` is no list, or empty")).remedy(NOUNS.remedy));
            None
        }
    }
}
