//! The JSON Schema of scenario files, against what the reader itself accepts.

use crate::scenario_files::{SMALL, fine};
use scaleup::scenario::{load, schema};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// What only the reader can refuse: files that are not there, references, sums, the order of parameters.
const BEYOND_A_SCHEMA: &[&str] = &[
    "faults",
    "back-offs",
    "circle-of-requirements",
    "curve-step",
    "does-not-fit",
    "extends-circle",
    "extends-circle-2",
    "extends-directory",
    "no-node-group",
    "extends-itself",
    "extends-missing",
    "fewer-nodes",
    "missing-image",
    "network-daemonset",
    "no-address-for-pods",
    "no-gpus",
    "nothing-long",
    "probe",
    "references",
    "requires-itself",
    "reserved-stage",
    "setting-and-file",
    "settings",
    "subnets",
    "take-out",
    "tiny-pauses",
    "too-many-nodes",
    "too-many-pods",
    "too-many-replicas",
    "truncation",
];

fn files(folder: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder of scenarios").map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files
}

/// The file as JSON, if it is TOML that JSON can hold.
fn as_json(path: &Path) -> Option<Value> {
    let table: toml::Table = fs::read_to_string(path).expect("a file").parse().ok()?;
    serde_json::to_value(table).ok()
}

#[test]
fn the_schema_describes_every_key_of_the_shipped_scenario() {
    let schema = schema();
    let loaded = fine(load(Path::new("ekf.toml"), &[]));
    for entry in loaded.document.entries() {
        let mut here = &schema;
        for segment in entry.key.split('.') {
            let here_or_table = here.get("anyOf").map_or(here, |kinds| &kinds[0]);
            let named = &here_or_table["additionalProperties"];
            here = match &here_or_table["properties"][segment] {
                Value::Null if named.is_object() => named,
                key => key,
            };
        }
        assert!(here["description"].is_string(), "the schema does not describe {}", entry.key);
    }
}

/// Taplo, which editors use, overflows its stack when it completes keys where `allOf` has a `$ref`, and shows no
/// description beside it.
#[test]
fn the_schema_has_nothing_that_editors_stumble_over() {
    assert!(!schema().to_string().contains("allOf"));
}

#[test]
fn an_independent_validator_agrees_with_the_reader() {
    let (mut paths, mut documents) = (Vec::new(), Vec::new());
    // The file of targets is no scenario.
    let shipped = files("scenarios")
        .into_iter()
        .chain(files("scenarios/measured"))
        .filter(|path| !path.ends_with("documented.toml"));
    for path in shipped.chain([PathBuf::from(SMALL)]).chain(files("tests/scenarios-bad")) {
        if let Some(document) = as_json(&path) {
            paths.push(path);
            documents.push(document);
        }
    }
    let schema = schema();
    assert!(jsonschema::draft7::meta::is_valid(&schema), "it is no schema of draft-07");
    let validator = jsonschema::draft7::new(&schema).expect("a schema");
    for (path, document) in paths.iter().zip(&documents) {
        let valid = validator.is_valid(document);
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let good = !path.starts_with("tests/scenarios-bad") || BEYOND_A_SCHEMA.contains(&stem);
        assert_eq!(valid, good, "{}", path.display());
    }
}
