//! The numbers of one finished case, as a file: what an interrupted sweep keeps, and reads when it goes on.
//!
//! Must not know: statistics, and the study that its case belongs to.
//!
//! One JSON document. Times are integer nanoseconds and other fractions the bits of a double, so that what is read
//! is exactly what was written. Curves are runs of equal values: `[value, how often, value, how often, ...]`.

use serde_json::{Value, json};

use crate::experiment::results::{Replication, StageTimes};
use crate::model::record::LimitHit;
use crate::time::Time;

/// The version of this file's shape.
const ARCHIVE_VERSION: u32 = 1;

/// The file for the replications of the case with this fingerprint.
pub fn pack(hash: u64, replications: &[Replication]) -> Vec<u8> {
    let document = json!({
        "archive_version": ARCHIVE_VERSION,
        "scenario_hash": format!("{hash:016x}"),
        "replications": replications.iter().map(replication).collect::<Vec<_>>(),
    });
    format!("{document}\n").into_bytes()
}

/// The replications in a file of the case with this fingerprint; `None` if it is none.
pub fn unpack(hash: u64, bytes: &[u8]) -> Option<Vec<Replication>> {
    let document: Value = serde_json::from_slice(bytes).ok()?;
    let same = document["archive_version"] == ARCHIVE_VERSION && document["scenario_hash"] == format!("{hash:016x}");
    if !same {
        return None;
    }
    document["replications"].as_array()?.iter().map(read_replication).collect()
}

fn replication(replication: &Replication) -> Value {
    // Named one by one: a new field must be kept as well.
    let Replication {
        stages,
        curves,
        limits,
        node_hours,
        node_hours_in_all,
        scale_down,
        volumes_lost,
        events,
        waiting_for,
    } = replication;
    json!({
        "stages": stages.iter().map(stage).collect::<Vec<_>>(),
        "curves": curves.iter().map(|curve| runs(curve)).collect::<Vec<_>>(),
        "limits": limits.iter().map(limit).collect::<Vec<_>>(),
        "node_hours": node_hours.iter().map(|hours| hours.map(f64::to_bits)).collect::<Vec<_>>(),
        "node_hours_in_all": node_hours_in_all.to_bits(),
        "scale_down": scale_down.map(Time::as_nanos),
        "volumes_lost": volumes_lost,
        "events": events,
        "waiting_for": waiting_for,
    })
}

fn stage(times: &StageTimes) -> Value {
    let StageTimes { first_ready, ready, flaps, not_ready_peak } = *times;
    json!([first_ready.map(Time::as_nanos), ready.map(Time::as_nanos), flaps, not_ready_peak])
}

fn limit(hit: &LimitHit) -> Value {
    let LimitHit { kind, message, first, last, count } = hit;
    json!({ "kind": kind, "message": message, "first": first.as_nanos(), "last": last.as_nanos(), "count": count })
}

/// A curve as runs of equal values.
fn runs(curve: &[u32]) -> Vec<u64> {
    curve.chunk_by(|a, b| a == b).flat_map(|run| [u64::from(run[0]), run.len() as u64]).collect()
}

fn read_replication(value: &Value) -> Option<Replication> {
    let list = |name: &str| value[name].as_array();
    Some(Replication {
        stages: list("stages")?.iter().map(read_stage).collect::<Option<_>>()?,
        curves: list("curves")?.iter().map(read_runs).collect::<Option<_>>()?,
        limits: list("limits")?.iter().map(read_limit).collect::<Option<_>>()?,
        node_hours: list("node_hours")?
            .iter()
            .map(|hours| if hours.is_null() { Some(None) } else { hours.as_u64().map(f64::from_bits).map(Some) })
            .collect::<Option<_>>()?,
        node_hours_in_all: f64::from_bits(value["node_hours_in_all"].as_u64()?),
        scale_down: read_time(&value["scale_down"]).ok()?,
        volumes_lost: read_count(&value["volumes_lost"])?,
        events: value["events"].as_u64()?,
        waiting_for: list("waiting_for")?.iter().map(|what| what.as_str().map(str::to_owned)).collect::<Option<_>>()?,
    })
}

fn read_stage(value: &Value) -> Option<StageTimes> {
    Some(StageTimes {
        first_ready: read_time(&value[0]).ok()?,
        ready: read_time(&value[1]).ok()?,
        flaps: read_count(&value[2])?,
        not_ready_peak: read_count(&value[3])?,
    })
}

fn read_limit(value: &Value) -> Option<LimitHit> {
    Some(LimitHit {
        kind: value["kind"].as_str()?.to_owned(),
        message: value["message"].as_str()?.to_owned(),
        first: read_time(&value["first"]).ok()??,
        last: read_time(&value["last"]).ok()??,
        count: value["count"].as_u64()?,
    })
}

fn read_runs(value: &Value) -> Option<Vec<u32>> {
    let mut curve = Vec::new();
    for run in value.as_array()?.chunks(2) {
        let [value, length] = run else { return None };
        let length = usize::try_from(length.as_u64()?).ok()?;
        curve.resize(curve.len().checked_add(length)?, read_count(value)?);
    }
    Some(curve)
}

fn read_count(value: &Value) -> Option<u32> {
    u32::try_from(value.as_u64()?).ok()
}

/// A value is not what was written.
struct Broken;

/// An instant, or `null` for none.
fn read_time(value: &Value) -> Result<Option<Time>, Broken> {
    if value.is_null() { Ok(None) } else { value.as_u64().map(|nanos| Some(Time::from_nanos(nanos))).ok_or(Broken) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Replication {
        let at = Time::from_nanos;
        Replication {
            stages: vec![
                StageTimes { first_ready: Some(at(1)), ready: Some(at(u64::MAX)), flaps: 3, not_ready_peak: 2 },
                StageTimes::default(),
            ],
            curves: vec![vec![0, 0, 0, 7, 7, 1], vec![]],
            limits: vec![LimitHit {
                kind: "vcpu-quota".to_owned(),
                message: "quotes \" and\nlines".to_owned(),
                first: at(5),
                last: at(6),
                count: 1 << 60,
            }],
            node_hours: vec![Some(0.1 + 0.2), None],
            node_hours_in_all: 1.0 / 3.0,
            scale_down: Some(at(9)),
            volumes_lost: 4,
            events: u64::MAX,
            waiting_for: vec!["3 nodes".to_owned()],
        }
    }

    #[test]
    fn what_is_read_is_exactly_what_was_written() {
        let written = vec![example(), Replication { scale_down: None, limits: vec![], ..example() }];
        let bytes = pack(7, &written);
        assert_eq!(unpack(7, &bytes), Some(written));
    }

    #[test]
    fn what_is_not_whole_or_of_another_case_is_not_taken() {
        let bytes = pack(7, &[example()]);
        assert_eq!(unpack(8, &bytes), None);
        assert_eq!(unpack(7, &bytes[..bytes.len() / 2]), None);
        assert_eq!(unpack(7, b"{}"), None);
        let odd = String::from_utf8(bytes).expect("text").replace("[0,3,7,2,1,1]", "[0,3,7]");
        assert_eq!(unpack(7, odd.as_bytes()), None);
    }
}
