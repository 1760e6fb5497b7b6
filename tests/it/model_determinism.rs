//! The same arguments give the same results; a change moves only what it can reach.

use crate::model_cases::{SEED, case, plan, run};
use scaleup::experiment::results::{CaseResult, Results};
use scaleup::experiment::{Case, Settings, run_cases};
use scaleup::model::Simulator;
use scaleup::model::record::{NodeRecord, Record};
use scaleup::report::study::Study;
use scaleup::report::{exports, json};
use scaleup::time::{Span, Time};

fn results(replications: u32, threads: usize, seed: u64) -> Results {
    let cases: Vec<Case> = [case(&["cluster.target_nodes=20"]), case(&["cluster.target_nodes=31"])].into();
    let settings = Settings { replications, seed, threads: Some(threads) };
    Results {
        command: "sweep".to_owned(),
        seed,
        replications,
        cases: run_cases(&cases, settings, &|| ()).expect("threads start"),
        ..Results::default()
    }
}

fn bytes(results: &Results) -> Vec<Vec<u8>> {
    let study = Study::of(results.clone()).expect("nothing is documented");
    let document = json::text(&json::document(&study)).into_bytes();
    exports::csv_files(&study, &[]).into_iter().map(|(_, bytes)| bytes).chain([document]).collect()
}

#[test]
fn threads_and_repetition_change_no_field_and_no_byte() {
    let one = results(6, 1, SEED);
    for other in [results(6, 2, SEED), results(6, 2, SEED), results(6, 1, SEED)] {
        assert_eq!(format!("{one:?}"), format!("{other:?}"));
        assert!(bytes(&one) == bytes(&other), "files differ");
    }
}

#[test]
fn more_replications_leave_the_first_ones_alone() {
    let (few, many) = (results(3, 2, SEED), results(8, 2, SEED));
    for (few, many) in few.cases.iter().zip(&many.cases) {
        assert_eq!(few.replications[..], many.replications[..3]);
        assert_eq!((&few.detail, &few.waits), (&many.detail, &many.waits));
    }
}

#[test]
fn replications_seeds_and_cases_differ() {
    let (one, other) = (results(2, 1, SEED), results(2, 1, SEED + 1));
    let [case, _]: &[CaseResult] = &one.cases else { unreachable!("two cases") };
    assert_ne!(case.replications[0].stages, case.replications[1].stages);
    assert_ne!(case.replications[0].stages, other.cases[0].replications[0].stages);
    assert_ne!(case.replications[0].stages, one.cases[1].replications[0].stages);
}

#[test]
fn a_simulator_that_was_used_before_gives_the_same_record() {
    let (small, large) =
        (plan(&["cluster.target_nodes=12"]), plan(&["cluster.target_nodes=25", "run.max_events=3000"]));
    let mut used = Simulator::new();
    used.run(&large, SEED, 0, true);
    assert_eq!(used.run(&small, SEED, 4, true), Simulator::new().run(&small, SEED, 4, true));
}

#[test]
fn recording_waits_changes_nothing_else() {
    let plan = plan(&["cluster.target_nodes=30"]);
    let with = Simulator::new().run(&plan, SEED, 0, true);
    let without = Simulator::new().run(&plan, SEED, 0, false);
    assert!(!with.waits.is_empty() && without.waits.is_empty());
    assert_eq!(Record { waits: Vec::new(), origins: Vec::new(), ..with }, without);
}

/// The milestones up to the last storage DaemonSet.
fn before_the_workload(record: &Record) -> Vec<NodeRecord> {
    record.nodes.iter().map(|node| NodeRecord { workload: None, ..node.clone() }).collect()
}

#[test]
fn what_comes_later_does_not_move_what_came_before() {
    let base = run(&["cluster.target_nodes=40"]);
    for later in [
        "workload.start={ lognormal = { p50 = '40s', p95 = '90s' } }",
        "workload.readiness.period=3s",
        "workload.first_write=10GB",
    ] {
        let changed = run(&["cluster.target_nodes=40", later]);
        assert_ne!(base.end, changed.end, "{later}");
        assert_eq!(before_the_workload(&base), before_the_workload(&changed), "{later}");
    }
}

#[test]
fn what_a_mechanism_does_later_does_not_move_how_machines_come() {
    let until_registered = |record: &Record| -> Vec<[Option<Time>; 5]> {
        let nodes = record.nodes.iter();
        nodes.map(|node| [node.requested, node.launched, node.running, node.booted, node.registered]).collect()
    };
    let base = run(&["cluster.target_nodes=40"]);
    for later in [
        "control_plane.cloud_controller=true",
        "cni.calls_burst=1",
        "cni.prefix_delegation=true",
        "kubelet.network_retry=5s",
        "scheduler.pod_backoff_max=2m",
    ] {
        let changed = run(&["cluster.target_nodes=40", later]);
        assert_ne!(base, changed, "{later}");
        assert_eq!(until_registered(&base), until_registered(&changed), "{later}");
    }
}

#[test]
fn a_slower_probe_of_the_csi_driver_leaves_the_members_alone() {
    // Replicas start later then; their images must not share a registry with Rok's.
    let base = ["cluster.target_nodes=40", "image.kale.registry=docker-hub"];
    let slower = [&base[..], &["daemonset.rok-csi.readiness.period=20s"]].concat();
    let (base, changed) = (run(&base), run(&slower));
    let members =
        |record: &Record| -> Vec<Option<Time>> { record.nodes.iter().map(|node| node.daemonsets[1]).collect() };
    assert_eq!(members(&base), members(&changed));
    assert_ne!(before_the_workload(&base), before_the_workload(&changed));
}

#[test]
fn how_mounts_are_given_up_leaves_all_before_them_alone() {
    let mount = "volume.shared.mount={ lognormal = { p50 = '3s', p95 = '4s' } }";
    let base = ["cluster.target_nodes=40", "image.kale.registry=docker-hub", mount];
    let with = |more: &[&str]| run(&[&base[..], more].concat());
    let unchanged = with(&["kubelet.csi_timeout=1h"]);
    for more in [
        &["kubelet.csi_timeout=20s"][..],
        &["kubelet.csi_timeout=20s", "volume.shared.on_cancel=finish"],
        &["volume.shared.attach.attach=1s"],
    ] {
        let changed = with(more);
        assert_ne!(unchanged.end, changed.end, "{more:?}");
        assert_eq!(before_the_workload(&unchanged), before_the_workload(&changed), "{more:?}");
    }
}

#[test]
fn how_members_take_changes_moves_no_node_and_no_pod_that_does_not_join() {
    let changes = |word: &str| {
        let changes = format!("daemonset.rok.join.changes={word}");
        run(&["cluster.target_nodes=40", "daemonset.rok.join.workers=20", &changes])
    };
    let (every, latest) = (changes("every"), changes("latest"));
    let apart = |record: &Record| -> Vec<_> {
        record.nodes.iter().map(|node| (node.registered, node.ready, node.daemonsets[0])).collect()
    };
    assert_eq!(apart(&every), apart(&latest));
    let members =
        |record: &Record| -> Vec<Option<Time>> { record.nodes.iter().map(|node| node.daemonsets[1]).collect() };
    assert_ne!(members(&every), members(&latest));
}

/// A DaemonSet that shares only the control plane with the others.
const UNRELATED: &[&str] = &[
    "cluster.target_nodes=30",
    "registry.mine.host=registry.example",
    "registry.mine.request=1s",
    "image.agent.registry=mine",
    "image.agent.repository=agent",
    "image.agent.size=1MB",
    "image.agent.unpacked=1MB",
    "image.agent.preloaded=true",
    "control_plane.controller_qps=1e9",
    "scheduler.pods_per_s=1e6",
    "scheduler.bind_qps=1e9",
];

#[test]
fn an_unrelated_daemonset_moves_others_by_no_more_than_the_scheduler_takes() {
    let agent = ["image=agent", "vcpus=0.01", "memory=1MiB", "start=1s", "host_network=true", "stage=false"];
    let agent: Vec<String> = agent.iter().map(|setting| format!("daemonset.agent.{setting}")).collect();
    let with: Vec<&str> = UNRELATED.iter().copied().chain(agent.iter().map(String::as_str)).collect();
    let (base, with) = (run(UNRELATED), run(&with));
    let until_registered =
        |node: &NodeRecord| [node.requested, node.launched, node.running, node.booted, node.registered];
    for (base, with) in base.nodes.iter().zip(&with.nodes) {
        assert_eq!(until_registered(base), until_registered(with));
        assert_eq!(base.zone, with.zone);
        let pairs = base.daemonsets.iter().zip(&with.daemonsets).chain([(&base.ready, &with.ready)]);
        for (base, with) in pairs {
            let (base, with) = (base.expect("ready"), with.expect("ready"));
            assert!(base.since(with) + with.since(base) < Span::from_millis(1), "{base:?} {with:?}");
        }
    }
}
