//! The critical path of simulated scale-ups, what relief brings, and the trace.

use scaleup::experiment::explain::{Explanation, explain};
use scaleup::experiment::path::{Piece, critical_paths};
use scaleup::experiment::{Case, Settings, WorkerPool, run_cases};
use scaleup::model::record::{Record, Subject};
use scaleup::model::{Plan, Simulator};
use scaleup::report::trace::trace;
use scaleup::scenario::{Loaded, Setting, load};
use scaleup::time::{Span, Time};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const REPLICATIONS: u32 = 6;

fn loaded(scenario: &str, settings: &[&str]) -> Loaded {
    let settings: Vec<Setting> = settings.iter().map(|text| Setting::new("--set", *text)).collect();
    load(Path::new(scenario), &settings).unwrap_or_else(|problems| panic!("{problems}"))
}

/// Replication 0 and the path of its last stage.
fn path(loaded: &Loaded) -> (Record, Vec<Piece>) {
    let record = Simulator::new().run(&Plan::new(&loaded.scenario), 1, 0, true);
    let path = critical_paths(&record, &loaded.scenario).pop().flatten().expect("the workload is ready");
    (record, path)
}

fn seconds(record: &Record, path: &[Piece], resource: &str) -> f64 {
    let of = path.iter().filter(|piece| record.resources[usize::from(piece.resource)] == resource);
    of.map(|piece| piece.length().as_secs_f64()).sum()
}

fn explained(loaded: &Loaded, threads: usize) -> Explanation {
    let workers = WorkerPool::new(Some(threads), 1).expect("threads");
    explain(loaded, &workers, REPLICATIONS, &|| false).expect("nobody stops it")
}

#[test]
fn a_server_with_work_for_everybody_is_on_the_path_for_all_of_it() {
    let settings = ["cluster.target_nodes=40", "volume.shared.mount=20s", "kubelet.csi_timeout=2h"];
    let (record, path) = path(&loaded("ekf", &settings));
    // 40 replicas at 20 s each; the first ones come while nobody waits yet.
    let held = seconds(&record, &path, "volume-server");
    assert!(held > 35.0 * 20.0 && held <= 40.0 * 20.0 && (held / 20.0).fract() < 1e-6, "{held}");
    assert_eq!(path.last().map(|piece| piece.to), record.transitions.last().map(|change| change.at));
}

#[test]
fn a_quota_that_is_raised_late_is_on_the_path_until_then() {
    let loaded = loaded("vcpu-limit-raised", &[]);
    let raised = loaded.scenario.cloud.vcpu_quota_raise.as_ref().expect("it is raised").at;
    let (record, path) = path(&loaded);
    let until = path.iter().filter(|piece| piece.to <= Time::ZERO + raised);
    let late: Vec<&Piece> = until.filter(|piece| matches!(piece.subject, Subject::Node(_))).collect();
    assert!(!late.is_empty(), "nodes hold the path before the quota is raised: {path:?}");
    let held: Span = path
        .iter()
        .filter(|piece| {
            let resource = record.resources[usize::from(piece.resource)].as_str();
            resource.starts_with("node-group") || resource == "autoscaler"
        })
        .map(Piece::length)
        .fold(Span::ZERO, |sum, length| sum + length);
    assert!(held.as_secs_f64() > 0.9 * raised.as_secs_f64(), "{held} of {raised}");
}

#[test]
fn in_each_stage_the_means_of_the_parts_sum_to_its_mean() {
    let explained = explained(&loaded("ekf", &["cluster.target_nodes=30"]), 2);
    assert_eq!(explained.stages.last().map(|stage| stage.stage.as_str()), Some("workload"));
    for stage in &explained.stages {
        let ready: Vec<f64> = stage.ready_s.iter().map(|ready| ready.expect("it is ready")).collect();
        let mean = ready.iter().sum::<f64>() / ready.len() as f64;
        let sum: f64 = stage.holders.iter().map(|holder| holder.mean_s).sum();
        assert!((sum - mean).abs() < 1e-6, "{}: {sum} {mean}", stage.stage);
        let shares: f64 = stage.holders.iter().map(|holder| holder.share).sum();
        assert!((shares - 1.0).abs() < 1e-9 && stage.holders.iter().all(|holder| holder.criticality > 0.0));
    }
}

#[test]
fn relief_of_a_server_is_what_a_comparison_says_and_threads_change_nothing() {
    let base = loaded("ekf", &["cluster.target_nodes=60"]);
    let explained = explained(&base, 1);
    assert_eq!(explained, self::explained(&base, 3));
    let relief = explained.reliefs.iter().find(|relief| relief.lever.key == "volume.shared.servers");
    let relief = relief.expect("the volume's server is relieved");
    assert_eq!((relief.lever.from.as_str(), relief.lever.to.as_str()), ("1", "2"));
    let two = base.document.with(&[Setting::new("--set", "volume.shared.servers=2")]).expect("two servers");
    let cases = [Case::new(vec![], &base), Case::new(vec![], &two)];
    let settings = Settings { replications: REPLICATIONS, seed: 1, threads: Some(2) };
    let results = run_cases(&cases, settings, &|| ()).expect("threads");
    let ready = |place: usize| {
        let goal = results[place].goal().expect("a goal");
        results[place].ready_s(goal).into_iter().map(|ready| ready.expect("it is ready")).collect::<Vec<_>>()
    };
    let gains: Vec<f64> = ready(0).iter().zip(ready(1)).map(|(one, two)| one - two).collect();
    let mean = gains.iter().sum::<f64>() / gains.len() as f64;
    let gain = relief.gain.as_ref().expect("it is ready both ways");
    assert!((gain.mean - mean).abs() < 1e-9, "{} {mean}", gain.mean);
    assert!(explained.reliefs.is_sorted_by(|a, b| a.gain.map(|gain| gain.mean) >= b.gain.map(|gain| gain.mean)));
}

#[test]
fn what_is_never_ready_has_no_path_and_says_what_it_waits_for() {
    let explained = explained(&loaded("ekf", &["cluster.target_nodes=20", "cloud.vcpu_quota=80", "run.horizon=1h"]), 2);
    let goal = explained.stages.last().expect("a workload");
    assert!(goal.holders.is_empty() && goal.ready_s.iter().all(Option::is_none) && explained.told.is_none());
    assert!(!explained.waiting_for.is_empty());
}

/// Every slice by its process and thread, as (begin, end) in nanoseconds.
fn slices(events: &[Value]) -> BTreeMap<(u64, u64), Vec<(i64, i64)>> {
    let mut tracks: BTreeMap<(u64, u64), Vec<(i64, i64)>> = BTreeMap::new();
    for event in events.iter().filter(|event| event["ph"] == "X") {
        let nanos = |key: &str| (event[key].as_f64().expect("a number") * 1000.0).round() as i64;
        tracks.entry(track(event)).or_default().push((nanos("ts"), nanos("ts") + nanos("dur")));
    }
    tracks
}

fn track(event: &Value) -> (u64, u64) {
    (event["pid"].as_u64().expect("a process"), event["tid"].as_u64().expect("a thread"))
}

#[test]
fn a_trace_can_be_read_again_and_its_path_sums_to_the_stages_time() {
    let loaded = loaded("ekf", &["cluster.target_nodes=30"]);
    let (record, path) = path(&loaded);
    let text = trace(&record, &loaded.scenario, "workload", &path, 5);
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let events = document["traceEvents"].as_array().expect("events");
    let named = |what: &str| -> BTreeSet<(u64, u64)> {
        events.iter().filter(|event| event["ph"] == "M" && event["name"] == what).map(track).collect()
    };
    let (threads, processes) = (named("thread_name"), named("process_name"));
    let tracks = slices(events);
    for (track, slices) in &tracks {
        assert!(threads.contains(track) && processes.contains(&(track.0, 0)), "{track:?} is declared");
        let mut slices = slices.clone();
        slices.sort_unstable();
        assert!(slices.iter().all(|slice| slice.0 < slice.1) && slices.windows(2).all(|pair| pair[0].1 <= pair[1].0));
    }
    let length: i64 = tracks[&(1, 0)].iter().map(|slice| slice.1 - slice.0).sum();
    assert_eq!(length, path.last().map_or(0, |piece| piece.to.as_nanos().cast_signed()));
    assert_eq!(tracks[&(1, 0)].len(), path.len());
    let ends = |phase: &str| -> BTreeSet<String> {
        let of = events.iter().filter(|event| event["ph"] == phase);
        of.map(|event| event["id"].as_str().expect("an id").to_owned()).collect()
    };
    assert!(!ends("s").is_empty() && ends("s") == ends("f"), "every arrow has both ends");
    let arrows = events.iter().filter(|event| event["ph"] == "s" || event["ph"] == "f");
    assert!(arrows.map(track).all(|track| threads.contains(&track)), "arrows join tracks that are shown");
    let counts = events.iter().filter(|event| event["ph"] == "C").map(|event| event["ts"].as_f64());
    assert!(counts.is_sorted(), "counters are in the order of time");
    let shown = tracks.keys().filter(|track| track.0 == 3).count();
    let on_path: BTreeSet<Subject> = path.iter().map(|piece| piece.subject).collect();
    let replicas = on_path.iter().filter(|subject| matches!(subject, Subject::Replica(_))).count();
    assert!(shown <= 5 + replicas, "others are sampled: {shown}");
}
