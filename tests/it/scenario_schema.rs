//! The JSON Schema of scenario files, against what the reader itself accepts.

use crate::scenario_files::{SMALL, fine};
use scaleup::scenario::{load, schema};
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What only the reader can refuse: files that are not there, references, sums, the order of parameters.
const BEYOND_A_SCHEMA: [&str; 17] = [
    "faults",
    "circle-of-requirements",
    "does-not-fit",
    "extends-circle",
    "extends-circle-2",
    "extends-directory",
    "extends-itself",
    "extends-missing",
    "fewer-nodes",
    "network-daemonset",
    "probe",
    "references",
    "reserved-stage",
    "setting-and-file",
    "settings",
    "take-out",
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

#[test]
fn an_independent_validator_agrees_with_the_reader() {
    let (mut paths, mut documents) = (Vec::new(), Vec::new());
    // The file of targets is no scenario.
    let shipped = files("scenarios").into_iter().filter(|path| !path.ends_with("documented.toml"));
    for path in shipped.chain([PathBuf::from(SMALL)]).chain(files("tests/scenarios-bad")) {
        if let Some(document) = as_json(&path) {
            paths.push(path);
            documents.push(document);
        }
    }
    let Some(verdicts) = validate(&json!({ "schema": schema(), "documents": documents })) else { return };
    for (path, valid) in paths.iter().zip(verdicts) {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let good = !path.starts_with("tests/scenarios-bad") || BEYOND_A_SCHEMA.contains(&stem);
        assert_eq!(valid, good, "{}", path.display());
    }
}

/// Asks Python's `jsonschema` which documents are valid; `None` where it is not installed.
#[expect(clippy::print_stderr, reason = "a test that cannot run says so")]
fn validate(question: &Value) -> Option<Vec<bool>> {
    const PROGRAM: &str = "
import json, sys, jsonschema
question = json.load(sys.stdin)
jsonschema.Draft7Validator.check_schema(question['schema'])
validator = jsonschema.Draft7Validator(question['schema'])
print(json.dumps([validator.is_valid(document) for document in question['documents']]))
";
    let there = Command::new("python3").args(["-c", "import jsonschema"]).stderr(Stdio::null()).status();
    if !there.is_ok_and(|status| status.success()) {
        eprintln!("NOTICE: python3 with jsonschema is not installed: no independent validator looked at the schema");
        return None;
    }
    let command = Command::new("python3").args(["-c", PROGRAM]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = command.expect("python3 starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(question.to_string().as_bytes()).expect("python3 reads");
    drop(stdin);
    let output = child.wait_with_output().expect("python3 ends");
    Some(serde_json::from_slice(&output.stdout).expect("python3 answers with a list"))
}
