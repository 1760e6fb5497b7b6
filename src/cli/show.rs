//! `scaleup show`: a scenario with nothing left out, and where each value comes from.

use crate::cli::args::{JsonArguments, ScenarioArguments};
use crate::cli::cases;
use crate::cli::failure::Failure;
use crate::cli::output::{document, print};
use crate::report::tables::whole_scenario;
use crate::report::words::place;
use crate::scenario::Document;
use clap::Args;
use std::collections::HashMap;

/// Arguments of `scaleup show`.
#[derive(Debug, Args)]
pub(crate) struct ShowArguments {
    #[command(flatten)]
    of: ScenarioArguments,
    #[command(flatten)]
    json: JsonArguments,
}

pub(crate) fn show(arguments: &ShowArguments) -> Result<(), Failure> {
    let loaded = cases::read(&arguments.of)?;
    cases::say_borrowed(&loaded);
    cases::say_regions(&loaded);
    if arguments.json.asked() {
        let says = whole_scenario(&loaded.document.to_toml(), &loaded.document.entries());
        return print(&document("show", &loaded, None, &says));
    }
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
