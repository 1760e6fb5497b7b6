//! The JSON Schema (draft 7) of all machine output.

use serde_json::{Value, json};

use super::described::nothing;
use super::explained::Explained;
use super::study::Study;
use super::table::{Table, schema};
use super::tables;
use super::text::spread::Question;
use super::text::validation::Validation;
use crate::benchmark::{Machine, Measured, Speed};
use crate::experiment::explain::{Explanation, Never};
use crate::experiment::holders::StagePath;
use crate::experiment::results::{FORMAT_VERSION, Results};
use crate::experiment::{Calibration, HeldOut, Judged, Missed, NoFit, Plausible, Precision};
use crate::scenario::{Demand, Measure, Target};
use crate::time::Span;

/// The schema of what `--json` prints: that of one of the documents.
pub fn output() -> Value {
    let says: [(&[&str], Table); 15] = [
        (&["run", "sweep"], tables::study(&study("run"))),
        (&["compare"], tables::study(&study("compare"))),
        (&["sweep"], tables::list(&[])),
        (&["sweep"], tables::shards(&[], &[])),
        (&["run"], ensemble()),
        (&["run"], tables::ensembles(&[(question(), vec![])])),
        (&["explain"], tables::explained(&[explained()])),
        (&["check"], tables::check(0, crate::headroom::ComeUp { nodes: 0, with_addresses: 0 }, &[])),
        (&["validate"], tables::validation(&validation())),
        (&["validate"], tables::validations(&[validation()])),
        (&["calibrate"], tables::calibration(&calibration(), 0)),
        (&["calibrate"], tables::predictions(&[held_out()], 0)),
        (&["bench"], tables::bench(0.0, &measured())),
        (&["show"], tables::whole_scenario("", &[])),
        (&["explain-key"], tables::key(tables::KeyTold::default())),
    ];
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "What `scaleup COMMAND --json` prints",
        "type": "object",
        "anyOf": says.iter().map(|(commands, says)| document(commands, says)).collect::<Vec<_>>(),
        "definitions": schema::definitions(),
    })
}

/// What every document begins with, and what this one says.
fn document(commands: &[&str], says: &Table) -> Value {
    let mut known = schema::object(says);
    let text = |description: &str| json!({ "type": "string", "description": description });
    let envelope = json!({
        "format_version": { "const": FORMAT_VERSION },
        "version": text("the version of the program"),
        "command": { "enum": commands },
        "scenario": text("the scenario's name"),
        "scenario_hash": { "type": "string", "pattern": "^[0-9a-f]{16}$", "description": "equal for scenarios that mean the same" },
        "seed": { "type": ["integer", "null"], "minimum": 0, "description": "null where nothing is simulated" },
    });
    for (key, property) in envelope.as_object().into_iter().flatten() {
        known["properties"][key] = property.clone();
        known["required"].as_array_mut().into_iter().for_each(|required| required.push(key.as_str().into()));
    }
    known["title"] = says.title.as_str().into();
    known
}

/// A study in which nothing happens, with everything that can be asked for.
fn study(command: &str) -> Study {
    let precision = Some(Precision { relative: 0.0, minimum: 0, maximum: 0 });
    let mut study = Results { command: command.to_owned(), precision, deadline: Some(Span::ZERO), ..nothing() };
    if command == "compare" {
        study.cases.extend(nothing().cases);
    }
    Study::of(study).expect("nothing is documented about it")
}

fn explained() -> Explained {
    let stage = StagePath { stage: String::new(), ready_s: vec![], holders: vec![] };
    let never = Never {
        replication: 0,
        replications: 0,
        nodes_up: 0,
        desired: 0,
        waiting_for: vec![],
        missing: vec![],
        limits: vec![],
    };
    let (reliefs, pairs, resources) = (vec![], vec![], vec![]);
    let (told, bottlenecks) = (None, vec![]);
    let stages = vec![stage];
    let why = Explanation { stages, reliefs, pairs, resources, told, bottlenecks, replications: 0, never: Some(never) };
    Explained { name: String::new(), target_nodes: 0, limits: vec![], why }
}

fn judged() -> Judged {
    let [name, row, statement, source, reading, to] = [const { String::new() }; 6];
    let (measure, nodes, demand) = (Measure::Stages { from: None, to }, vec![0], Demand::Grows);
    let point = Target { name, row, statement, source, reading, measure, nodes, demand };
    Judged { point, simulated: vec![] }
}

fn validation() -> Validation {
    let [scenario, description] = [const { String::new() }; 2];
    Validation { scenario, description, seed: 0, replications: 0, points: vec![judged()] }
}

fn question() -> Question<'static> {
    Question { scenario: "", nodes: 0, calibrated_nodes: (0, 0), sets: 0, replications: 0, seed: 0 }
}

fn ensemble() -> Table {
    tables::ensemble(question(), &[])
}

fn calibration() -> Calibration {
    let (free, start, fitted) = (vec![], vec![], vec![]);
    let missed = Missed { point: judged().point, implausibility: 0.0, off: 0.0 };
    let no_fit = Some(NoFit { alone: true, missed: vec![missed] });
    let plausible =
        Plausible { level: 0.0, found: 0, sets: vec![], ranges: vec![], verdicts: vec![], correlations: vec![] };
    Calibration {
        free,
        start,
        fitted,
        misfit: 0.0,
        ended: vec![],
        points: vec![judged()],
        before: vec![judged()],
        plausible,
        discrepancy: 0.0,
        no_fit,
        evaluations: 0,
    }
}

fn held_out() -> HeldOut {
    HeldOut { nodes: 0, misfit: 0.0, points: vec![judged()], straight_line: vec![None] }
}

fn measured() -> Measured {
    let none = Speed { median: 0.0, lowest: 0.0, highest: 0.0 };
    Measured {
        machine: Machine { cpu: None, cores: 0, os: String::new(), architecture: "" },
        hold: vec![(0, none)],
        phold: none,
        replications: vec![(0, none)],
        nodes: 0,
        events_per_replication: 0.0,
        rounds: 0,
    }
}
