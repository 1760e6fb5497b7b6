//! Probes and flaps. The model simulates only the probes that can change something; here a twin takes the instants at
//! which the membership changed from the record, and does every single probe of every member.

use crate::model_cases::{run, run_plan, scenario, stage};
use proptest::prelude::*;
use scaleup::model::Plan;
use scaleup::model::params::{Changes, Probe, Scenario};
use scaleup::model::record::{Cause, DaemonSetPlace, NodeId, Record, ResourceId, Subject, Transition};
use scaleup::time::{Span, Time};

/// Constant lengths, so that the members' work follows from the instants of the changes; and many flaps.
const CONSTANT: &[&str] = &[
    "cluster.target_nodes=60",
    "daemonset.rok.join.reconfigure=4s",
    "daemonset.rok.join.changes=every",
    "daemonset.rok.join.sync=1s",
    "daemonset.rok.join.operator={ exponential = { mean = '40s' } }",
    "daemonset.rok.readiness.period=3s",
    "daemonset.rok.readiness.failure_threshold=2",
];

/// When a change of the membership was committed, by which node's pod, and when that pod had synchronised.
fn changes(plan: &Plan, record: &Record) -> Vec<(Time, u32, Time)> {
    let (rok, _) = plan.scenario().daemonset.find("rok").expect("there is Rok");
    let at_members = |resource: ResourceId| record.resources[resource] == "rok-members";
    let mut changes: Vec<(Time, u32, Time)> = record
        .waits
        .iter()
        .filter(|wait| wait.cause == Cause::Service && at_members(wait.resource))
        .filter_map(|wait| match wait.subject {
            Subject::DaemonSetPod(set, node) if set.index() == rok => Some((wait.from, node.0, wait.to)),
            _ => None,
        })
        .collect();
    changes.sort_unstable();
    changes
}

/// When the container of a node's Rok pod started.
fn started(plan: &Plan, record: &Record, node: u32) -> Time {
    let (rok, _) = plan.scenario().daemonset.find("rok").expect("there is Rok");
    let starts = |resource: ResourceId| record.resources[resource] == "container-start";
    let mine = record
        .waits
        .iter()
        .filter(|wait| wait.subject == Subject::DaemonSetPod(DaemonSetPlace(rok as u16), NodeId(node)));
    let mut starting = mine.filter(|wait| wait.cause == Cause::Service && starts(wait.resource));
    starting.next().expect("it starts").from
}

/// After each change: since when, and until when all members are busy.
fn backlog(scenario: &Scenario, changes: &[(Time, u32, Time)]) -> Vec<(Time, Time)> {
    let join = scenario.daemonset.find("rok").and_then(|(_, set)| set.join.as_ref()).expect("Rok joins");
    let own = Span::from_secs_f64(join.reconfigure.mean());
    let (mut busy_until, mut last_begins) = (Time::ZERO, Time::ZERO);
    let members = u64::from(scenario.cluster.initial_nodes)..;
    let after = |(&(at, _, _), members): (&(Time, u32, Time), u64)| {
        // What waits already will read this change too.
        if join.changes == Changes::Every || last_begins <= at {
            last_begins = busy_until.max(at);
            busy_until = last_begins + own + join.reconfigure_per_member * members;
        }
        (at, busy_until)
    };
    changes.iter().zip(members).map(after).collect()
}

/// Does every probe from `first` to `end`; answers each change of readiness.
fn every_probe(probe: &Probe, backlog: &[(Time, Time)], mut ready: bool, first: Time, end: Time) -> Vec<(Time, bool)> {
    let (mut failures, mut successes, mut seen) = (0, 0, Vec::new());
    let mut at = first;
    while at <= end {
        let known = backlog.partition_point(|&(since, _)| since <= at);
        let busy_until = backlog[..known].last().map_or(Time::ZERO, |&(_, until)| until);
        (failures, successes) = if busy_until <= at + probe.timeout { (0, successes + 1) } else { (failures + 1, 0) };
        let changes =
            if ready { failures == probe.failure_threshold.get() } else { successes == probe.success_threshold.get() };
        if changes {
            ready = !ready;
            // A count starts over once it has been reached.
            (failures, successes) = (0, 0);
            seen.push((at, ready));
        }
        at += probe.period;
    }
    seen
}

/// The first instant at or after `from` that is whole periods away from `of_grid`.
fn on_grid(of_grid: Time, period: Span, from: Time) -> Time {
    let (grid, from, period) = (of_grid.as_nanos(), from.as_nanos(), period.as_nanos());
    Time::from_nanos(from + (grid % period + period - from % period) % period)
}

fn transitions(record: &Record, stage: usize, node: u32) -> Vec<(Time, bool)> {
    let mine = record.transitions.iter().filter(|t| t.stage.index() == stage && t.subject.number() == node);
    mine.map(|transition| (transition.at, transition.ready)).collect()
}

/// Compares every member with its twin; answers how many flaps there were.
fn compare(plan: &Plan, record: &Record) -> usize {
    let scenario = plan.scenario();
    let probe = scenario.daemonset.find("rok").and_then(|(_, set)| set.readiness.as_ref()).expect("Rok is probed");
    let changes = changes(plan, record);
    assert_eq!(changes.len() as u32 + scenario.cluster.initial_nodes, record.members);
    let backlog = backlog(scenario, &changes);
    let mut flaps = 0;
    for node in 0..record.nodes.len() as u32 {
        let recorded = transitions(record, stage(plan, "rok"), node);
        let joined = changes.iter().find(|change| change.1 == node);
        let (before, running_since) = match joined {
            Some(&(_, _, synchronised)) => {
                (&recorded[..], synchronised.max(started(plan, record, node) + probe.initial_delay))
            }
            // An initial member: Ready from the start. Its probes are known only if it has flapped.
            None => (&recorded[1..], Time::ZERO),
        };
        let Some(&(some_probe, _)) = before.first() else {
            assert!(joined.is_none(), "a member becomes Ready");
            continue;
        };
        let first = on_grid(some_probe, probe.period, running_since);
        let twin = every_probe(probe, &backlog, joined.is_none(), first, record.end.at);
        assert_eq!(before, twin, "node {node}");
        flaps += twin.iter().filter(|(_, ready)| !ready).count();
    }
    flaps
}

#[test]
fn sixty_nodes_flap_at_the_instants_of_their_twins() {
    let plan = Plan::new(&scenario(CONSTANT));
    let record = run_plan(&plan, 0);
    assert!(record.end.ready);
    let flaps = compare(&plan, &record);
    assert!(flaps > 20, "{flaps} flaps");
}

/// How often pods of a stage became NotReady.
fn lapses(record: &Record, name: &str) -> usize {
    let of_stage = |t: &&Transition| record.stages[t.stage.index()].name == name;
    record.transitions.iter().filter(of_stage).filter(|transition| !transition.ready).count()
}

#[test]
fn what_requires_a_member_that_lapses_stays_ready() {
    let record = run(CONSTANT);
    assert!(lapses(&record, "rok") > 20);
    assert_eq!((lapses(&record, "rok-csi"), lapses(&record, "workload")), (0, 0));
}

/// Rok CSI and the replicas ask in their probes for what they require.
const CHECKED: &[&str] = &[
    "daemonset.rok-csi.readiness.checks_required=true",
    "daemonset.rok-csi.readiness.period=2s",
    "daemonset.rok-csi.readiness.failure_threshold=2",
    "workload.readiness.checks_required=true",
    "workload.readiness.failure_threshold=1",
];

/// What a pod's probes make of it that fail while what it requires is NotReady: `first` is one of them, at which it is
/// Ready.
fn following(probe: &Probe, required: &[(Time, bool)], first: Time, end: Time) -> Vec<(Time, bool)> {
    let (mut ready, mut failures, mut seen) = (true, 0, vec![(first, true)]);
    let mut at = first + probe.period;
    while at <= end {
        let fine = required.iter().rfind(|(since, _)| *since <= at).is_some_and(|(_, ready)| *ready);
        failures = if fine { 0 } else { failures + 1 };
        if ready != fine && (fine || failures == probe.failure_threshold.get()) {
            ready = fine;
            seen.push((at, ready));
        }
        at += probe.period;
    }
    seen
}

#[test]
fn a_probe_that_checks_what_is_required_fails_as_often_as_any_other_before_its_pod_lapses() {
    let plan = Plan::new(&scenario(&[CONSTANT, CHECKED].concat()));
    let record = run_plan(&plan, 0);
    let probe = plan.scenario().daemonset.find("rok-csi").and_then(|(_, set)| set.readiness.as_ref()).expect("a probe");
    for node in 3..record.nodes.len() as u32 {
        let rok = transitions(&record, stage(&plan, "rok"), node);
        let csi = transitions(&record, stage(&plan, "rok-csi"), node);
        assert_eq!(csi, following(probe, &rok, csi[0].0, record.end.at), "node {node}");
    }
    assert!(lapses(&record, "rok-csi") > 10 && record.end.ready, "{}", lapses(&record, "rok-csi"));
}

#[test]
fn replicas_that_check_their_driver_lapse_with_it() {
    // Replicas without volume data and with their images are Ready before the last members join.
    let quick = ["image.kale.preloaded=true", "image.istio-proxy.preloaded=true", "volume.shared.mount=0s"];
    let record = run(&[CONSTANT, CHECKED, &quick].concat());
    assert!(lapses(&record, "workload") > 0 && record.end.ready, "{}", lapses(&record, "workload"));
}

/// Small clusters whose members work for constant times.
const CONSTANT_CHOICES: &[(&str, &[&str])] = &[
    ("cluster.initial_nodes", &["0", "1", "3", "20"]),
    ("daemonset.rok.readiness.period", &["1s", "3s", "10s", "17s", "60s"]),
    ("daemonset.rok.readiness.timeout", &["1ms", "400ms", "1s"]),
    ("daemonset.rok.readiness.failure_threshold", &["1", "2", "3", "5"]),
    ("daemonset.rok.readiness.success_threshold", &["1", "2", "4"]),
    ("daemonset.rok.readiness.initial_delay", &["0s", "500ms", "12s"]),
    ("daemonset.rok.join.reconfigure", &["0s", "100ms", "1s", "2s", "8s", "40s"]),
    ("daemonset.rok.join.reconfigure_per_member", &["0s", "10ms", "300ms"]),
    ("daemonset.rok.join.changes", &["every", "latest"]),
    ("daemonset.rok.join.workers", &["1", "2", "30"]),
    ("daemonset.rok.join.operator", &["0s", "5s", "{ exponential = { mean = '5s' } }"]),
];

fn constant_join() -> impl Strategy<Value = Vec<String>> {
    let choice = |&(key, values): &(&'static str, &'static [&'static str])| {
        proptest::sample::select(values).prop_map(move |value| format!("{key}={value}"))
    };
    let choices: Vec<_> = CONSTANT_CHOICES.iter().map(choice).collect();
    choices.prop_map(|choices| {
        let base = ["cluster.target_nodes=25".to_owned(), "daemonset.rok.join.sync=1s".to_owned()];
        base.into_iter().chain(choices).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_member_flaps_as_its_twin_that_does_every_probe(settings in constant_join(), replication in 0..1000_u64) {
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        let plan = Plan::new(&scenario(&settings));
        compare(&plan, &run_plan(&plan, replication));
    }
}

#[test]
fn a_dependent_that_lapsed_waits_for_what_it_requires() {
    let record = run(&[CONSTANT, CHECKED].concat());
    let lapses = record.transitions.iter().filter(|t| record.stages[t.stage.index()].name == "rok-csi" && !t.ready);
    let mut seen = 0;
    for lapse in lapses {
        let wait = record.waits.iter().find(|wait| wait.from == lapse.at && wait.subject == lapse.subject);
        let wait = wait.expect("it waits");
        assert_eq!((wait.cause, record.resources[wait.resource].as_str()), (Cause::Dependency, "rok"));
        assert_eq!(wait.blocker, Some(Subject::DaemonSetPod(DaemonSetPlace(5), NodeId(lapse.subject.number()))));
        seen += 1;
    }
    assert!(seen > 10);
}
