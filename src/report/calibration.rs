//! What a calibration found, as one JSON document for programs.
//!
//! Must not know: how the fit was found.

use serde_json::{Map, Value, json};

use super::json::{point, rounded};
use super::text::calibration::verdict;
use crate::experiment::{Calibration, Effort, HeldOut, Judged};
use crate::scenario::FreeUnit;

/// The document of a calibration. Values are in seconds, bytes, bytes per second or plain numbers, as `unit` says, with
/// the digits that were tried.
pub fn document(effort: Effort, found: &Calibration) -> Value {
    let plausible = &found.plausible;
    let parameters = found.free.iter().enumerate().map(|(axis, free)| {
        json!({
            "key": free.key,
            "unit": unit(free.unit),
            "before": found.start[axis],
            "fitted": found.fitted[axis],
            "plausible_min": plausible.ranges[axis].0,
            "plausible_max": plausible.ranges[axis].1,
            "allowed_min": free.min,
            "allowed_max": free.max,
            "verdict": verdict(plausible.verdicts[axis]),
        })
    });
    let key = |axis: usize| found.free[axis].key.as_str();
    let together = plausible
        .correlations
        .iter()
        .map(|&(a, b, rank)| json!({ "keys": [key(a), key(b)], "rank_correlation": rounded(rank) }));
    let mut document = head(effort);
    document.extend(fields([
        ("evaluations", found.evaluations.into()),
        ("misfit", rounded(found.misfit)),
        ("passes", found.points.iter().all(Judged::passes).into()),
        ("parameters", parameters.collect()),
        ("plausible", json!({ "misfit_max": rounded(plausible.level), "sets": plausible.found })),
        ("stand_in_for_one_another", together.collect()),
        ("points", found.points.iter().map(point).collect()),
    ]));
    Value::Object(document)
}

/// The document of predictions for sizes that the fit had not seen.
pub fn held_out(effort: Effort, held: &[HeldOut]) -> Value {
    let size = |held: &HeldOut| {
        let points = held.points.iter().zip(&held.straight_line).map(|(judged, line)| {
            let mut point = point(judged);
            point["straight_line_s"] = line.map_or(Value::Null, rounded);
            point
        });
        json!({
            "nodes": held.nodes,
            "misfit_of_the_others": rounded(held.misfit),
            "points": points.collect::<Vec<_>>(),
        })
    };
    let mut document = head(effort);
    document.insert("held_out".to_owned(), held.iter().map(size).collect());
    Value::Object(document)
}

fn head(effort: Effort) -> Map<String, Value> {
    fields([("cases", Value::Array(vec![])), ("replications", effort.settings.replications.into())])
}

fn fields<const N: usize>(fields: [(&str, Value); N]) -> Map<String, Value> {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

const fn unit(unit: FreeUnit) -> &'static str {
    match unit {
        FreeUnit::Seconds => "s",
        FreeUnit::Number | FreeUnit::Whole => "1",
        FreeUnit::Bytes => "bytes",
        FreeUnit::BytesPerSecond => "bytes/s",
    }
}
