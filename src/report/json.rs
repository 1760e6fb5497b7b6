//! One JSON document for programs.
//!
//! Must not know: sentences and units: a column or key has its unit in its name.
//!
//! Times are in seconds with three decimals, so that the bytes are the same on every platform; what is unknown is
//! `null`, never zero.

use serde_json::{Map, Value, json};

use std::collections::BTreeSet;

use crate::experiment::results::Results;
use crate::experiment::{Judged, Quantity};
use crate::scenario::Demand;
use crate::stats::{Interval, Summary};

use super::asked::{Asked, precision};
use super::comparison::Compared;
use super::costs::ScaleDown;
use super::deadline::CaseDeadline;
use super::summary::{self, Unfinished};
use super::table::json::rows;
use super::tables::{self, Of};
use super::text::spread::Question;
use super::text::validation::Validation;

pub use crate::experiment::results::FORMAT_VERSION;

/// A document: what every one begins with, and what this one says; `seed` is absent where nothing is simulated.
pub fn envelope(command: &str, scenario: &str, hash: &str, seed: Option<u64>, says: Value) -> Value {
    let mut document = json!({
        "format_version": FORMAT_VERSION,
        "version": env!("CARGO_PKG_VERSION"),
        "command": command,
        "scenario": scenario,
        "scenario_hash": hash,
        "seed": seed,
    });
    if let (Value::Object(document), Value::Object(says)) = (&mut document, says) {
        document.extend(says);
    }
    document
}

/// The document of a study: `run`, `sweep` or `compare`.
pub fn document(results: &Results) -> Value {
    let asked = Asked::of(results);
    let summaries = summary::cases(results);
    let of = tables::of(results, &summaries);
    let cases: Vec<Value> = of.iter().map(|case| self::case(*case, &asked)).collect();
    let says = json!({ "replications": results.replications, "cases": cases });
    let Results { command, scenario, scenario_hash, seed, .. } = results;
    let mut document = envelope(command, scenario, scenario_hash, Some(*seed), says);
    if results.command == "compare" {
        Compared::of(results).add_to(&mut document);
    }
    document
}

/// The document of a validation.
pub fn validation(validation: &Validation) -> Value {
    let sizes: BTreeSet<u32> = validation.points.iter().flat_map(|judged| judged.point.nodes.iter().copied()).collect();
    json!({
        "replications": validation.replications,
        "cases": sizes.into_iter().map(|nodes| json!({ "target_nodes": nodes })).collect::<Vec<_>>(),
        "passes": validation.points.iter().all(Judged::passes),
        "points": validation.points.iter().map(point).collect::<Vec<_>>(),
    })
}

/// A point of the targets: what is demanded, and what was simulated at each of its sizes.
pub(crate) fn point(judged: &Judged) -> Value {
    let point = &judged.point;
    let demand = match point.demand {
        Demand::About { seconds, tolerance } => {
            json!({ "about_s": rounded(seconds), "tolerance_s": rounded(tolerance) })
        }
        Demand::Range { at_least, at_most } => {
            let [low, high] = [at_least, at_most].map(|end| end.map_or(Value::Null, rounded));
            json!({ "at_least_s": low, "at_most_s": high })
        }
        Demand::Grows => json!({ "grows": true }),
    };
    let simulated = point.nodes.iter().zip(&judged.simulated).map(|(nodes, simulated)| {
        let end = |of: fn(&Interval) -> f64| simulated.interval.as_ref().map(of).map_or(Value::Null, rounded);
        json!({
            "nodes": nodes,
            "mean_s": simulated.mean.map_or(Value::Null, rounded),
            "ci95_low_s": end(|interval| interval.low),
            "ci95_high_s": end(|interval| interval.high),
            "never": simulated.never,
        })
    });
    json!({
        "target": point.target,
        "from": point.from,
        "to": point.to,
        "documented": demand,
        "simulated": simulated.collect::<Vec<_>>(),
        "passes": judged.passes(),
    })
}

/// The document of a run of an ensemble.
pub fn spread(asked: Question<'_>, spread: &[Quantity]) -> Value {
    let quantity = |quantity: &Quantity| {
        json!({
            "stage": quantity.stage,
            "after": quantity.after,
            "mean_s": rounded(quantity.mean),
            "set_means_p05_s": rounded(quantity.means.0),
            "set_means_p95_s": rounded(quantity.means.1),
            "parameters_sd_s": rounded(quantity.parameters_sd),
            "chance_sd_s": rounded(quantity.chance_sd),
            "parameters_share": quantity.parameters_share.map_or(Value::Null, rounded),
        })
    };
    json!({
        "cases": [{ "target_nodes": asked.nodes }],
        "target_nodes": asked.nodes,
        "calibrated_nodes": [asked.calibrated_nodes.0, asked.calibrated_nodes.1],
        "extrapolated": asked.is_extrapolated(),
        "sets": asked.sets,
        "replications": asked.replications,
        "spread": spread.iter().map(quantity).collect::<Vec<_>>(),
    })
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

fn case(case: Of<'_>, asked: &Asked) -> Value {
    let Of { number, result, summary } = case;
    let set: Map<String, Value> = result.set.iter().map(|(key, value)| (key.clone(), toml_value(value))).collect();
    let mut object = json!({
        "case": number,
        "name": result.name,
        "label": summary.name,
        "scenario": result.scenario,
        "description": result.description,
        "scenario_hash": result.scenario_hash,
        "set": set,
        "target_nodes": summary.target_nodes,
        "replications": summary.replications,
        "stages": rows(&tables::times(case)),
        "overheads": rows(&tables::overheads(case)),
        "flaps": rows(&tables::flaps(case)),
        "outcomes": rows(&tables::outcomes(case)),
        "support": { "tier": summary.tier.word(), "message": summary.support },
        "limits": rows(&tables::limits(case)),
        "cost": {
            "price_per_hour_usd": summary.price_per_hour,
            "until": rows(&tables::costs(case, &[])),
        },
        "unfinished": summary.unfinished.as_ref().map_or(Value::Null, unfinished),
        "events": summary.events,
    });
    if let Some(rule) = asked.precision.filter(|_| !result.is_a_side()) {
        object["precision"] = precision(rule, asked.shortfall(result).as_ref());
    }
    if let Some(deadline) = asked.deadline {
        let deadline = CaseDeadline::of(result, deadline);
        object["deadline"] = json!({
            "deadline_s": rounded(deadline.deadline.as_secs_f64()),
            "verdict": deadline.verdict().word(),
            "stages": rows(&tables::in_time(case, &deadline)),
        });
    }
    if let Some(summary) = &summary.scale_down {
        object["scale_down"] = scale_down(summary);
    }
    object
}

/// Replications in which something never became ready, and what the first of them waited for at its end.
fn unfinished(unfinished: &Unfinished) -> Value {
    json!({
        "replications": unfinished.replications,
        "first": unfinished.replication,
        "nodes_up": { "low": unfinished.nodes.0, "high": unfinished.nodes.1 },
        "waiting_for": unfinished.waiting_for,
    })
}

fn scale_down(scale_down: &ScaleDown) -> Value {
    json!({ "begins_s": figures(scale_down.begins.as_ref()), "volumes_lost": figures(scale_down.volumes_lost.as_ref()) })
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
