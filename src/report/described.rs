//! Every table without a study: what is documented of files and columns, and the JSON Schema of all machine output.
//!
//! Must not know: any single table: it asks for their columns.

use serde_json::{Map, Value, json};

use super::deadline::CaseDeadline;
use super::exports;
use super::summary::CaseSummary;
use super::table::{Table, columns, schema};
use super::tables::{self, Of};
use crate::experiment::Comparison;
use crate::experiment::results::{CaseResult, FORMAT_VERSION, Results, Waits};
use crate::model::record::{Stage, StageKind};
use crate::model::support::Tier;
use crate::time::Span;

/// A study in which nothing happens, so that tables have columns and no rows.
fn nothing() -> Results {
    let stage = |kind, name: &str| Stage { kind, name: name.to_owned(), desired: 0 };
    let case = CaseResult {
        name: String::new(),
        scenario: String::new(),
        description: String::new(),
        scenario_hash: String::new(),
        scenario_toml: None,
        set: vec![],
        target_nodes: 0,
        initial_nodes: 0,
        // No number, so that no title names it.
        price_per_hour_usd: f64::NAN,
        tier: Tier::Supported,
        support: String::new(),
        stages: vec![stage(StageKind::Nodes, "nodes"), stage(StageKind::DaemonSet, "DAEMONSET")],
        curve_step: Span::from_secs(1),
        replications: vec![],
        reliefs: vec![],
        detail: None,
        waits: Waits::default(),
    };
    Results { cases: vec![case], ..Results::default() }
}

/// Two sides of which there is nothing to compare.
fn compared() -> Comparison {
    let sides = [nothing().cases, nothing().cases].concat();
    Comparison::of(vec![String::new(); 2], sides)
}

/// The documentation of every CSV file and its columns, in Markdown.
pub fn files() -> String {
    let results = nothing();
    let summaries: Vec<CaseSummary> = results.cases.iter().map(CaseSummary::of).collect();
    let cases = tables::of(&results, &summaries);
    let mut tables = exports::of_case(cases[0], &exports::Beside::of(&cases));
    tables.extend([
        tables::cases(&cases, None),
        tables::documented(&[]),
        tables::sensitivity(&[]),
        tables::differences(&compared()),
        tables::assumptions(&[]),
    ]);
    tables.sort_by_key(|table| table.name);
    tables.iter().map(columns::columns).collect::<Vec<_>>().join("\n")
}

/// The JSON Schema (draft 7) of what `--json` prints.
pub fn output() -> Value {
    let text = |description: &str| json!({ "type": "string", "description": description });
    let open = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), json!({}))).collect::<Map<_, _>>();
    let mut properties = json!({
        "format_version": { "const": FORMAT_VERSION },
        "version": text("the version of the program"),
        "command": { "enum": ["run", "sweep", "compare", "check", "validate", "calibrate", "bench"] },
        "scenario": text("the scenario's name"),
        "scenario_hash": { "type": "string", "pattern": "^[0-9a-f]{16}$", "description": "equal for scenarios that mean the same" },
        "seed": { "type": ["integer", "null"], "minimum": 0, "description": "null where nothing is simulated" },
        "replications": { "description": "replications of each case that were asked for; of `bench`, their speed" },
        "cases": { "type": "array", "items": case() },
        "differences": schema::rows(&tables::differences(&compared())),
    });
    if let Value::Object(properties) = &mut properties {
        properties.extend(open(&OTHERS));
    }
    let study = json!({
        "properties": { "command": { "enum": ["run", "sweep", "compare"] } },
        "required": ["replications"],
        "not": { "required": ["spread"] },
    });
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "What `scaleup COMMAND --json` prints",
        "type": "object",
        "required": ["format_version", "version", "command", "scenario", "scenario_hash", "seed", "cases"],
        "properties": properties,
        "additionalProperties": false,
        "if": study,
        "then": { "properties": { "cases": { "items": { "required": OF_A_STUDY } } } },
        "definitions": schema::definitions(),
    })
}

/// What some commands say beside their cases.
const OTHERS: [&str; 27] = [
    "settings",
    "goal",
    "confidence_of_each_interval",
    "best",
    "precision",
    "passes",
    "points",
    "target_nodes",
    "calibrated_nodes",
    "extrapolated",
    "sets",
    "spread",
    "evaluations",
    "misfit",
    "parameters",
    "plausible",
    "stand_in_for_one_another",
    "held_out",
    "optimised",
    "machine",
    "seconds",
    "rounds",
    "hold",
    "phold",
    "nodes",
    "events_per_replication",
    "binds",
];
/// What each case of a study has.
const OF_A_STUDY: [&str; 17] = [
    "case",
    "name",
    "label",
    "scenario",
    "scenario_hash",
    "set",
    "target_nodes",
    "replications",
    "stages",
    "overheads",
    "flaps",
    "outcomes",
    "support",
    "limits",
    "cost",
    "unfinished",
    "events",
];

fn case() -> Value {
    let results = nothing();
    let summary = CaseSummary::of(&results.cases[0]);
    let of = Of { number: 0, result: &results.cases[0], summary: &summary };
    let in_time = tables::in_time(of, &CaseDeadline::of(of.result, Span::ZERO));
    let rows = |table: Table| schema::rows(&table);
    let whole = json!({ "type": "integer", "minimum": 0 });
    let text = json!({ "type": "string" });
    json!({
        "type": "object",
        "properties": {
            "case": whole, "name": text, "label": text, "scenario": text, "description": text, "scenario_hash": text,
            "set": { "type": "object" },
            "target_nodes": whole,
            "replications": whole,
            "stages": rows(tables::times(of)),
            "overheads": rows(tables::overheads(of)),
            "flaps": rows(tables::flaps(of)),
            "outcomes": rows(tables::outcomes(of)),
            "support": { "type": "object", "required": ["tier", "message"] },
            "limits": { "anyOf": [rows(tables::limits(of)), { "type": "array", "items": { "required": ["verdict"] } }] },
            "cost": {
                "type": "object",
                "required": ["price_per_hour_usd", "until"],
                "properties": { "price_per_hour_usd": { "type": "number" }, "until": rows(tables::costs(of, &[])) },
                "additionalProperties": false,
            },
            "unfinished": { "type": ["object", "null"] },
            "events": whole,
            "precision": { "type": "object" },
            "deadline": {
                "type": "object",
                "required": ["deadline_s", "verdict", "stages"],
                "properties": {
                    "deadline_s": { "type": "number" },
                    "verdict": { "enum": ["met", "missed", "not-decided"] },
                    "stages": rows(in_time),
                },
                "additionalProperties": false,
            },
            "scale_down": {
                "type": "object",
                "properties": {
                    "begins_s": { "$ref": "#/definitions/figures" },
                    "volumes_lost": { "$ref": "#/definitions/figures" },
                },
                "additionalProperties": false,
            },
            "binds": whole,
        },
        "additionalProperties": false,
    })
}
