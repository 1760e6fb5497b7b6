//! One JSON document for programs.
//!
//! Must not know: sentences and units: a column or key has its unit in its name.
//!
//! Times are in seconds with three decimals, so that the bytes are the same on every platform; what is unknown is
//! `null`, never zero.

use serde_json::{Map, Value, json};

use crate::experiment::results::{CaseResult, Results};
use crate::experiment::{Judged, Quantity};
use crate::scenario::Demand;
use crate::stats::{Interval, Summary};

use super::asked::Asked;
use super::comparison::Compared;
use super::costs::{Cost, ScaleDown};
use super::summary::{self, CaseSummary, Flaps, Limit, Overhead, StageSummary, Unfinished};
use super::text::spread::Question;
use super::text::validation::Validation;

pub use crate::experiment::results::FORMAT_VERSION;

/// The document: the fields of the only case at the top for `run`, in each element of `cases` otherwise. Each case says
/// how many replications it took, whether they were enough, and whether a deadline is met, where that was asked for.
pub fn document(results: &Results) -> Value {
    if results.command == "compare" {
        return Compared::of(results).document();
    }
    let asked = Asked::of(results);
    let cases = summary::cases(results);
    let mut cases: Vec<Map<String, Value>> = cases
        .iter()
        .zip(&results.cases)
        .map(|(summary, result)| case(summary).into_iter().chain(asked.fields(result)).collect())
        .collect();
    let mut top = Map::new();
    top.insert("format_version".into(), FORMAT_VERSION.into());
    top.insert("command".into(), results.command.as_str().into());
    top.insert("seed".into(), results.seed.into());
    top.insert("replications".into(), results.replications.into());
    if results.command == "run" && cases.len() == 1 {
        top.extend(cases.remove(0));
    } else {
        let with_set = |(case, fields): (&CaseResult, Map<String, Value>)| {
            let set = case.set.iter().map(|(key, value)| (key.clone(), toml_value(value))).collect();
            Value::Object([("set".to_owned(), Value::Object(set))].into_iter().chain(fields).collect())
        };
        let cases: Vec<Value> = results.cases.iter().zip(cases).map(with_set).collect();
        top.insert("cases".into(), cases.into());
    }
    Value::Object(top)
}

/// The document of a validation.
pub fn validation(validation: &Validation) -> Value {
    json!({
        "format_version": FORMAT_VERSION,
        "command": "validate",
        "scenario": validation.scenario,
        "seed": validation.seed,
        "replications": validation.replications,
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
        "format_version": FORMAT_VERSION,
        "command": "run",
        "scenario": asked.scenario,
        "target_nodes": asked.nodes,
        "calibrated_nodes": [asked.calibrated_nodes.0, asked.calibrated_nodes.1],
        "extrapolated": asked.is_extrapolated(),
        "sets": asked.sets,
        "seed": asked.seed,
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

fn case(summary: &CaseSummary) -> Map<String, Value> {
    let fields = [
        ("target_nodes", Value::from(summary.target_nodes)),
        ("stages", summary.stages.iter().map(stage).collect()),
        ("overheads", summary.overheads.iter().map(overhead).collect()),
        ("flaps", summary.flaps.iter().map(flaps).collect()),
        ("support", json!({ "tier": summary.tier.word(), "message": summary.support })),
        ("limits", summary.limits.iter().map(limit).collect()),
        ("cost", cost(summary)),
        ("unfinished", summary.unfinished.as_ref().map_or(Value::Null, unfinished)),
        ("events", summary.events.into()),
    ];
    let scale_down = summary.scale_down.as_ref().map(|summary| ("scale_down", scale_down(summary)));
    fields.into_iter().chain(scale_down).map(|(name, value)| (name.to_owned(), value)).collect()
}

fn stage(stage: &StageSummary) -> Value {
    json!({
        "stage": stage.stage,
        "ready_s": figures(stage.ready.as_ref()),
        "first_ready_s": figures(stage.first_ready.as_ref()),
        "desired": stage.desired,
        "never": stage.never,
    })
}

fn overhead(overhead: &Overhead) -> Value {
    json!({ "from": overhead.from, "to": overhead.to, "seconds": figures(overhead.seconds.as_ref()) })
}

fn flaps(flaps: &Flaps) -> Value {
    json!({
        "stage": flaps.stage,
        "transitions": figures(flaps.transitions.as_ref()),
        "not_ready_peak": figures(flaps.not_ready_peak.as_ref()),
    })
}

fn limit(limit: &Limit) -> Value {
    let mut object = Map::from_iter([
        ("kind".to_owned(), limit.kind.as_str().into()),
        ("message".to_owned(), limit.message.as_str().into()),
        ("first_s".to_owned(), rounded(limit.first.as_secs_f64())),
        ("replications".to_owned(), limit.replications.into()),
        ("count".to_owned(), limit.count.into()),
    ]);
    if let Some(relief) = &limit.relief {
        let seconds = |of: Option<f64>| of.map_or(Value::Null, rounded);
        object.insert("cost_s".into(), seconds(relief.cost_s));
        object.insert("ready_without_s".into(), seconds(relief.without_s));
        object.insert("ready_only_without".into(), relief.only_without.into());
    }
    Value::Object(object)
}

/// Replications in which something never became ready, and what the first of them waited for at its end.
fn unfinished(unfinished: &Unfinished) -> Value {
    json!({
        "replications": unfinished.replications,
        "first": unfinished.replication,
        "waiting_for": unfinished.waiting_for,
    })
}

fn cost(summary: &CaseSummary) -> Value {
    let until = |cost: &Cost| json!({ "stage": cost.until, "node_hours": figures(cost.node_hours.as_ref()), "usd": figures(cost.dollars.as_ref()) });
    json!({
        "price_per_hour_usd": summary.price_per_hour,
        "until": summary.costs.iter().map(until).collect::<Vec<Value>>(),
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
