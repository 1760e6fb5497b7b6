//! What results are results of: enough to judge them, and to make them again.
//!
//! Must not know: what the results are, and machine, user, date or folder: they would change the bytes.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::path::Path;

use crate::experiment::results::Results;
use crate::model::Plan;
use crate::model::headroom::{Headroom, Verdict, headroom};
use crate::scenario::{BUILT_IN, Document, Entry, Loaded, Problems, SetIn, Setting, load_with};
use crate::time::Span;

use super::json::FORMAT_VERSION;
use super::study::Study;
use super::words;

/// The contents of `manifest.json`; a field that a command does not know is left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// The version of the files' shape.
    pub format_version: u32,
    /// The program and its version.
    pub program: String,
    /// The command's name.
    pub command: String,
    /// The whole command, to be typed again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command_line: Option<String>,
    /// The scenario's name.
    pub scenario: String,
    /// The scenario's description.
    #[serde(default)]
    pub description: String,
    /// The seed.
    pub seed: u64,
    /// Replications of each case.
    pub replications: u32,
    /// By when everything is to be ready, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_s: Option<f64>,
    /// The fingerprint of the scenario before a sweep's changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario_hash: Option<String>,
    /// Where the scenario differs from the default one; absent if that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub differences: Option<Vec<Changed>>,
    /// The limits that each case meets, by arithmetic.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<CaseChecks>,
    /// The scenario, with everything that it extends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario_toml: Option<String>,
}

/// A key that has another value than in the default scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// The key.
    pub key: String,
    /// Its value in the default scenario; absent where that has no such key.
    pub default: Option<String>,
    /// Its value here; absent where there is none.
    pub value: Option<String>,
}

/// The limits of one case that do not simply fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseChecks {
    /// The case in words.
    pub case: String,
    /// The limits.
    pub limits: Vec<Check>,
}

/// One limit by arithmetic, as `scaleup check` shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// A short name.
    pub limit: String,
    /// The scenario key that holds it.
    pub key: String,
    /// `binds`, `delays`, `advice` or `not-stated`.
    pub verdict: String,
    /// How much is needed.
    pub need: u64,
    /// How much there is.
    pub have: Option<u64>,
    /// What is counted.
    pub unit: String,
    /// When it will bind.
    pub when: Option<String>,
    /// What will be seen then.
    pub message: Option<String>,
    /// What to do.
    pub remedy: Option<String>,
}

/// A value of the scenario and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumption {
    /// The key.
    pub key: String,
    /// Its value.
    pub value: String,
    /// How well it is known: `documented`, `upstream`, `measured`, `fitted`, `assumed`.
    pub provenance: String,
    /// The source, or the reason.
    pub source: String,
}

impl Origin {
    /// Of results of a scenario.
    ///
    /// # Errors
    /// Where a case's changes do not fit the scenario, or the default scenario cannot be read.
    pub fn of(command_line: String, base: &Loaded, study: &Study) -> Result<Self, Problems> {
        let results = &study.results;
        Ok(Self {
            format_version: FORMAT_VERSION,
            program: format!("scaleup {}", env!("CARGO_PKG_VERSION")),
            command: results.command.clone(),
            command_line: Some(command_line),
            scenario: results.scenario.clone(),
            description: results.description.clone(),
            seed: results.seed,
            replications: results.replications,
            deadline_s: study.deadline.map(Span::as_secs_f64),
            scenario_hash: Some(format!("{:016x}", base.document.hash())),
            differences: Some(differences(&base.document)?),
            checks: checks(&base.document, results)?,
            scenario_toml: Some(base.document.to_toml()),
        })
    }

    /// The fields of the file.
    ///
    /// # Panics
    /// Never: every field has a form in JSON.
    pub fn fields(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(fields)) => fields,
            other => unreachable!("a manifest is an object, not {other:?}"),
        }
    }
}

/// The default scenario as it comes with the program.
fn default_document() -> Result<Document, Problems> {
    // Without its ending, so that no file of that name takes its place.
    load_with(BUILT_IN, Path::new("scenarios/ekf"), &[]).map(|loaded| loaded.document)
}

fn differences(document: &Document) -> Result<Vec<Changed>, Problems> {
    let default = default_document()?.entries();
    let here = document.entries();
    let shown = |entry: &Entry| (entry.set != SetIn::Absent).then(|| entry.value.clone());
    let find = |entries: &[Entry], key: &str| entries.iter().find(|entry| entry.key == key).and_then(shown);
    let mut keys: Vec<&str> = here.iter().map(|entry| entry.key.as_str()).collect();
    keys.extend(
        default.iter().map(|entry| entry.key.as_str()).filter(|key| here.iter().all(|entry| entry.key != *key)),
    );
    let changed = keys.into_iter().filter(|key| !["name", "description"].contains(key)).filter_map(|key| {
        let (before, now) = (find(&default, key), find(&here, key));
        (before != now).then(|| Changed { key: key.to_owned(), default: before, value: now })
    });
    Ok(changed.collect())
}

fn checks(document: &Document, results: &Results) -> Result<Vec<CaseChecks>, Problems> {
    let mut checks = Vec::new();
    for case in &results.cases {
        let set = case.set.iter();
        let settings: Vec<Setting> = set.map(|(key, value)| Setting::of("--vary", key, value)).collect();
        let scenario = document.with(&settings)?.scenario;
        let limits = headroom(&Plan::new(&scenario));
        let told = limits.iter().filter(|limit| limit.verdict != Verdict::Fits).map(check);
        checks.push(CaseChecks { case: words::case(case), limits: told.collect() });
    }
    Ok(checks)
}

fn check(limit: &Headroom) -> Check {
    Check {
        limit: limit.limit.clone(),
        key: limit.key.clone(),
        verdict: limit.verdict.word().to_owned(),
        need: limit.need,
        have: limit.have,
        unit: limit.unit.to_owned(),
        when: limit.when.clone(),
        message: limit.message.clone(),
        remedy: limit.remedy.clone(),
    }
}

/// Every value that is set or has a default, and where it comes from.
pub fn assumptions(document: &Document) -> Vec<Assumption> {
    let entries = document.entries();
    let told = entries.into_iter().filter(|entry| entry.set != SetIn::Absent);
    let told = told.filter(|entry| !["name", "description"].contains(&entry.key.as_str()));
    told.map(|entry| Assumption {
        key: entry.key,
        value: entry.value,
        provenance: entry.provenance.kind.word().to_owned(),
        source: entry.provenance.source,
    })
    .collect()
}
