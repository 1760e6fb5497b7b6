//! One JSON document for programs.
//!
//! Times are in seconds with three decimals, so that the bytes are the same on every platform; what is unknown is
//! `null`, never zero.

use serde_json::{Value, json};

use crate::experiment::results::Results;
use crate::stats::{Interval, Summary};

use super::study::Study;
use super::table::Table;
use super::table::json::record;
use super::tables;

pub use crate::experiment::results::FORMAT_VERSION;

/// A document: what every one begins with, and what this one says; `seed` is absent where nothing is simulated.
pub fn envelope(command: &str, scenario: &str, hash: &str, seed: Option<u64>, says: &Table) -> Value {
    let mut document = json!({
        "format_version": FORMAT_VERSION,
        "version": env!("CARGO_PKG_VERSION"),
        "command": command,
        "scenario": scenario,
        "scenario_hash": hash,
        "seed": seed,
    });
    if let (Value::Object(document), Value::Object(says)) = (&mut document, record(says)) {
        document.extend(says);
    }
    document
}

/// The document of a study: `run`, `sweep` or `compare`.
pub fn document(study: &Study) -> Value {
    let Results { command, scenario, scenario_hash, seed, .. } = &study.results;
    envelope(command, scenario, scenario_hash, Some(*seed), &tables::study(study))
}

/// A document as text, ending with a line feed.
pub fn text(document: &Value) -> String {
    format!("{document:#}\n")
}

/// Seconds or a count with three decimals; `null` for what is not a finite number.
pub fn rounded(number: f64) -> Value {
    let thousandths = (number * 1000.0).round();
    // Adding zero turns -0 into 0.
    Value::from(thousandths / 1000.0 + 0.0)
}

/// A TOML value as the JSON value nearest to it; its text where there is none.
pub(crate) fn toml_value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

/// Both ends of an interval; `null` where there were too few scale-ups for one.
pub(crate) fn ends(interval: Option<Interval>) -> Value {
    interval.map_or(Value::Null, |ends| json!({ "low": rounded(ends.low), "high": rounded(ends.high) }))
}

/// The promised fields of a [`Summary`]; all `null` where there was nothing to summarize.
pub(crate) fn figures(summary: Option<&Summary>) -> Value {
    let of = |pick: fn(&Summary) -> Option<f64>| summary.and_then(pick).map_or(Value::Null, rounded);
    json!({
        "mean": of(|s| Some(s.mean)),
        "ci95_low": of(|s| s.ci95_low),
        "ci95_high": of(|s| s.ci95_high),
        "sd": of(|s| s.sd),
        "p50": of(|s| Some(s.p50)),
        "p90": of(|s| Some(s.p90)),
        "p99": of(|s| Some(s.p99)),
        "min": of(|s| Some(s.min)),
        "max": of(|s| Some(s.max)),
        "p50_ci95": ends(summary.and_then(|s| s.p50_interval)),
        "p90_ci95": ends(summary.and_then(|s| s.p90_interval)),
        "p99_ci95": ends(summary.and_then(|s| s.p99_interval)),
    })
}
