//! The critical path of simulated scale-ups, what relief brings, and the trace.

use scaleup::experiment::causes::causes;
use scaleup::experiment::explain::{Explanation, explain};
use scaleup::experiment::holders::StagePath;
use scaleup::experiment::path::{PathPiece, critical_paths};
use scaleup::experiment::{Case, Settings, WorkerPool, run_cases};
use scaleup::model::record::{Cause, Record, Subject};
use scaleup::model::{Plan, Simulator};
use scaleup::report::trace::trace;
use scaleup::scenario::{Loaded, Setting, load};
use scaleup::stats::PairedDifference;
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
fn path(loaded: &Loaded) -> (Record, Vec<PathPiece>) {
    let record = Simulator::new().run(&Plan::new(&loaded.scenario), 1, 0, true);
    let path = critical_paths(&record).pop().flatten().expect("the workload is ready");
    (record, path)
}

fn seconds(record: &Record, path: &[PathPiece], resource: &str) -> f64 {
    let of = path.iter().filter(|piece| record.resources[piece.resource] == resource);
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
    let late: Vec<&PathPiece> = until.filter(|piece| matches!(piece.subject, Subject::Node(_))).collect();
    assert!(!late.is_empty(), "nodes hold the path before the quota is raised: {path:?}");
    let held: Span = path
        .iter()
        .filter(|piece| {
            let resource = record.resources[piece.resource].as_str();
            resource.starts_with("node-group") || resource == "autoscaler"
        })
        .map(PathPiece::length)
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
        for holder in &stage.holders {
            // The drag is of the same replications: there are fewer than ten.
            let drag = holder.drag_s.expect("it is computed");
            assert!(drag >= 0.0 && drag <= holder.mean_s + 1e-9, "{}: {holder:?}", stage.stage);
        }
        let most = stage.holders.iter().filter_map(|holder| holder.drag_s).fold(0.0, f64::max);
        assert!(most > 0.0, "{}: something is to be gained", stage.stage);
        assert!((shares - 1.0).abs() < 1e-9 && stage.holders.iter().all(|holder| holder.criticality > 0.0));
    }
}

#[test]
fn relief_of_a_server_is_what_a_comparison_says_and_threads_change_nothing() {
    let mount = "volume.shared.mount={ lognormal = { p50 = '3s', p95 = '4s' } }";
    let base = loaded("ekf", &["cluster.target_nodes=60", mount]);
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
    let followed = [base, two].map(|loaded| Case::new(vec![], &loaded).following_paths());
    let settings = Settings { replications: REPLICATIONS + 6, ..settings };
    let followed = run_cases(&followed, settings, &|| ()).expect("threads");
    for (plain, followed) in results.iter().zip(&followed) {
        assert!(plain.paths().is_empty() && plain.replications.iter().all(|one| one.paths.is_empty()));
        assert_eq!(followed.ready_s(2)[..6], plain.ready_s(2), "following paths changes nothing");
        let known = followed.replications.iter().filter(|one| !one.paths.is_empty());
        assert_eq!(known.map(|one| one.number).collect::<Vec<_>>(), (0..10).collect::<Vec<_>>());
    }
}

#[test]
fn the_curve_goes_through_the_step_and_pairs_are_of_what_gains_most() {
    let slow_mounts = ["cluster.target_nodes=60", "volume.shared.mount=8s"];
    let explained = explained(&loaded("ekf", &slow_mounts), 2);
    let first: Vec<_> = explained.reliefs.iter().filter(|relief| !relief.curve.is_empty()).collect();
    assert_eq!(first, explained.reliefs.iter().take(3).collect::<Vec<_>>());
    let mean = |gain: &Option<PairedDifference>| gain.as_ref().expect("it is ready both ways").mean;
    for relief in &first {
        let half = relief.curve.iter().find(|point| point.less > 0.4).expect("the step is half the time");
        assert_eq!((&half.lever, mean(&half.gain)), (&relief.lever, mean(&relief.gain)));
    }
    let server = first.iter().find(|relief| relief.resource == "volume-server").expect("it gains most");
    let little = server.curve.iter().find(|point| point.less < 0.2).expect("a point");
    assert_eq!((little.lever.to.as_str(), mean(&little.gain)), ("1", 0.0), "there is no 1.1 of a server");
    assert!(server.curve.last().is_some_and(|point| mean(&point.gain) >= mean(&server.gain)));
    assert_eq!(explained.pairs.len(), 3);
    assert!(explained.pairs.iter().all(|pair| mean(&pair.gain).is_finite() && pair.levers[0] != pair.levers[1]));
}

#[test]
fn what_explain_writes_is_a_study_whose_page_shows_the_relief() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let scaleup = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_scaleup"));
        let output = command.current_dir(folder.path()).args(arguments).output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    scaleup(&["explain", "ekf", "-n", "12,20", "--replications", "4", "--out", "why"]);
    scaleup(&["report", "why"]);
    let file = |name: &str| std::fs::read_to_string(folder.path().join("why").join(name)).expect(name);
    let page = file("report.html");
    let (before, after) = page.split_once("What would help</h3>").expect("a heading");
    assert!(!before.contains("<table>"), "it stands before all tables");
    let table = after.split("</table>").next().expect("a table");
    assert!(table.contains("<td>cloud.boot, half as long</td>"), "{table}");
    assert!(file("relief.csv").starts_with("scenario,case,target_nodes,kind,resource,key,from,to,less,gain_mean_s,"));
    assert!(file("resources.csv").contains(",volume-server,"));
    for chart in ["critical-path-12-nodes.svg", "bottleneck-20-nodes.png", "queues-20-nodes.svg"] {
        assert!(folder.path().join("why/charts").join(chart).exists(), "{chart}");
    }
    // Another study takes all of it away.
    scaleup(&["run", "ekf", "-n", "12", "--replications", "2", "--out", "why"]);
    assert!(!folder.path().join("why/relief.csv").exists() && !folder.path().join("why/report.html").exists());
}

#[test]
fn what_nodes_waited_for_is_a_gapless_row_until_the_last_thing_on_them_was_ready() {
    let loaded = loaded("ekf", &["cluster.target_nodes=20"]);
    let record = Simulator::new().run(&Plan::new(&loaded.scenario), 1, 0, true);
    let rows = causes(&record, &loaded.scenario);
    assert_eq!(rows.len(), 20);
    for row in &rows {
        let node = record.nodes.iter().find(|node| node.number == row.node).expect("a node");
        let mut ends = row.pieces.iter().map(|(_, until)| *until);
        assert!(row.pieces.is_sorted_by(|a, b| a.1 < b.1 && a.0 != b.0), "{row:?}");
        let last = node.daemonsets.iter().copied().chain([node.ready, node.workload]).flatten().max();
        assert_eq!(ends.next_back(), last, "{row:?}");
        assert!(node.requested.is_none() || row.pieces.iter().any(|(cause, _)| *cause == Cause::Boot), "{row:?}");
    }
}

#[test]
fn a_run_keeps_what_explain_finds_and_the_page_shows_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let scaleup = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_scaleup"));
        let output = command.current_dir(folder.path()).args(arguments).output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let size = ["ekf", "--set", "cluster.target_nodes=30", "--replications", "10"];
    let document: Value =
        serde_json::from_str(&scaleup(&[&["run", "--json", "--out", "r"][..], &size].concat())).expect("JSON");
    let case = &document["cases"][0];
    let explained: Value = serde_json::from_str(&scaleup(&[&["explain", "--json"][..], &size].concat())).expect("JSON");
    let stages = explained["cases"][0]["stages"].as_array().expect("stages");
    let rows = case["path"].as_array().expect("rows");
    assert_eq!(case["followed"], 10);
    for stage in stages {
        let of = rows.iter().filter(|row| row["stage"] == stage["stage"]);
        let both = of.zip(stage["path"].as_array().expect("a path"));
        for (run, explained) in both {
            for key in ["resource", "cause", "seconds", "share", "criticality"] {
                assert_eq!(run[key], explained[key], "{key} of {}", stage["stage"]);
            }
        }
    }
    let goal = stages.last().expect("a workload");
    assert_eq!(case["binds"]["resource"], goal["path"][0]["resource"]);
    scaleup(&["report", "r"]);
    let page = std::fs::read_to_string(folder.path().join("r/report.html")).expect("a page");
    let section = page.split("What it waited for</h3>").nth(1).expect("the section, once in its place");
    let summary = std::fs::read_to_string(folder.path().join("r/summary.txt")).expect("a summary");
    assert!(summary.contains("Waited most for, along the critical path of the first 10 scale-ups:"), "{summary}");
    let what = goal["path"][0]["resource"].as_str().expect("a name");
    assert!(section.contains(what), "{what}");
}

#[test]
fn what_is_never_ready_has_no_path_and_says_what_it_waits_for() {
    let explained = explained(&loaded("ekf", &["cluster.target_nodes=20", "cloud.vcpu_quota=80", "run.horizon=1h"]), 2);
    let goal = explained.stages.last().expect("a workload");
    assert!(goal.holders.is_empty() && goal.ready_s.iter().all(Option::is_none) && explained.told.is_none());
    let never = explained.never.expect("it is never ready");
    assert!(!never.waiting_for.is_empty() && never.replications == REPLICATIONS);
    assert_eq!((never.nodes_up, never.desired), (5, 20), "80 vCPUs are 5 nodes");
    let last = never.missing.last().expect("a replica is missing");
    assert!(matches!(last.subject, Subject::Replica(_)) && last.resource == "free-node");
    assert_eq!(last.to, Time::ZERO + Span::from_secs(3600), "it still waits when the run ends");
    assert!(never.missing.windows(2).all(|pair| pair[0].to == pair[1].from), "its way is told without a gap");
    assert!(never.limits.iter().any(|limit| limit.kind == "vcpu-quota"));
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
    let mut counters: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for event in events.iter().filter(|event| event["ph"] == "C") {
        counters.entry(event["name"].as_str().expect("a name")).or_default().push(event);
    }
    for (name, counts) in &counters {
        assert!(counts.is_sorted_by_key(|event| event["ts"].as_f64()), "{name} is in the order of time");
        assert!(
            processes.contains(&(counts[0]["pid"].as_u64().expect("a process"), 0)),
            "{name} is in a known process"
        );
    }
    let line = &counters["line: volume-server"];
    let served = |event: &Value| event["args"]["served"].as_u64().expect("a number");
    assert_eq!(line.iter().map(|event| served(event)).max(), Some(1), "there is one server");
    assert_eq!(line.last().map(|event| (served(event), event["args"]["waiting"].as_u64())), Some((0, Some(0))));
    assert!(counters.contains_key("ready: workload") && counters.contains_key("utilisation: volume-server"));
    let shown = tracks.keys().filter(|track| track.0 == 3).count();
    let on_path: BTreeSet<Subject> = path.iter().map(|piece| piece.subject).collect();
    let replicas = on_path.iter().filter(|subject| matches!(subject, Subject::Replica(_))).count();
    assert!(shown <= 5 + replicas, "others are sampled: {shown}");
}

#[test]
fn a_trace_is_compressed_if_its_name_says_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_scaleup"));
        let arguments = ["trace", "ekf", "--set", "cluster.target_nodes=6", "--out", name];
        assert!(command.current_dir(folder.path()).args(arguments).status().expect("it runs").success());
        std::fs::read(folder.path().join(name)).expect("a file")
    };
    let (plain, compressed) = (write("t.json"), write("t.json.gz"));
    let mut again = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&*compressed), &mut again).expect("it is whole");
    assert!(plain == again && compressed.len() * 4 < plain.len());
    assert_eq!(compressed, write("u.json.gz"), "no time and no name is in it");
}

#[test]
fn the_busiest_server_has_the_longest_line_and_binds_until_the_end() {
    let settings = ["cluster.target_nodes=40", "volume.shared.mount=20s", "kubelet.csi_timeout=2h"];
    let explained = explained(&loaded("ekf", &settings), 2);
    let server = explained.resources.iter().find(|used| used.resource == "volume-server").expect("it is shared");
    let end = explained.stages.last().and_then(StagePath::mean_ready_s).expect("it is ready");
    assert!(server.busy > 0.5 && server.longest_line >= 30.0 && server.longest_wait_s > 100.0, "{server:?}");
    assert!(server.bound_s.is_some_and(|(from, to)| from < to && to <= end));
    for point in &server.points {
        assert!(point.served <= 1.0 && point.waiting_band.0 <= point.waiting_band.1);
    }
    let most = server.points.iter().map(|point| point.unfinished_s).fold(0.0, f64::max);
    assert!(most > 10.0 * 20.0, "{most} s of mounts are to be done at once");
    assert!(explained.resources.iter().all(|used| used.busy <= 1.0 && used.points.len() <= 102));
}
