//! `scaleup show`: a scenario with nothing left out, and where each value comes from.

use crate::cli::args::ScenarioArguments;
use crate::cli::cases;
use crate::cli::failure::Failure;
use crate::cli::output::print;
use crate::scenario::{Document, SetIn};
use clap::Args;
use std::collections::HashMap;

/// Arguments of `scaleup show`.
#[derive(Debug, Args)]
pub(crate) struct ShowArguments {
    #[command(flatten)]
    of: ScenarioArguments,
}

pub(crate) fn show(arguments: &ShowArguments) -> Result<(), Failure> {
    let loaded = cases::read(&arguments.of)?;
    cases::say_borrowed(&loaded);
    let text = annotated(&loaded.scenario.name, &loaded.document);
    print(&text)
}

/// The scenario as one file, with a remark at each value: where it is set.
fn annotated(name: &str, document: &Document) -> String {
    let places: HashMap<String, String> =
        document.entries().into_iter().map(|entry| (entry.key, place(&entry.set))).collect();
    let mut text = format!(
        "# The scenario {name} with nothing left out. It can be run as it is. The remark at a value says where it is set;\n\
         # [provenance] says where it comes from.\n"
    );
    let mut table = String::new();
    for line in document.to_toml().lines() {
        if let Some(header) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            table = format!("{header}.");
        }
        let key = line.split_once(" = ").map(|(key, _)| format!("{table}{key}"));
        match key.and_then(|key| places.get(&key)) {
            Some(place) => text.extend([line, " # ", place, "\n"]),
            None => text.extend([line, "\n"]),
        }
    }
    text
}

/// Where a value is set, in words.
pub(crate) fn place(set: &SetIn) -> String {
    match set {
        SetIn::Source { name, .. } if name.starts_with("--") => name.clone(),
        SetIn::Source { name, line } => format!("{name}, line {line}"),
        SetIn::Default => "default".to_owned(),
        SetIn::Absent => "left out".to_owned(),
    }
}
