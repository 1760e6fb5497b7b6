//! What is said about a scenario: provenance, axes, free parameters, fingerprint, explanations.

use crate::scenario_files::{SMALL, child, fine, settings, small};
use scaleup::scenario::{Entry, FreeUnit, Loaded, ProvenanceKind, SetIn, Setting, explain, load};
use std::path::Path;

fn entry(loaded: &Loaded, key: &str) -> Entry {
    let entries = loaded.document.entries();
    entries.into_iter().find(|entry| entry.key == key).unwrap_or_else(|| panic!("there is no {key}"))
}

fn said(loaded: &Loaded, key: &str) -> (ProvenanceKind, String) {
    let provenance = entry(loaded, key).provenance;
    (provenance.kind, provenance.source)
}

const PARENT: &str = r#"
    [provenance]
    "daemonset.agent" = { documented = "the manual" }
    "daemonset.agent.readiness.period" = { measured = "in May" }
    "cloud.boot" = { fitted = "to the manual's totals" }
"#;

#[test]
fn a_statement_covers_the_keys_below_and_the_nearest_one_counts() {
    let loaded = fine(child(PARENT, &[]));
    assert_eq!(said(&loaded, "daemonset.agent.image"), (ProvenanceKind::Documented, "the manual".to_owned()));
    assert_eq!(said(&loaded, "daemonset.agent.readiness.period"), (ProvenanceKind::Measured, "in May".to_owned()));
    let (kind, source) = said(&loaded, "autoscaler.scan_interval");
    assert_eq!((kind, source.as_str()), (ProvenanceKind::Upstream, "Cluster Autoscaler FAQ, --scan-interval"));
    let unstated = entry(&loaded, "cloud.launch").provenance;
    assert!(!unstated.stated && unstated.kind == ProvenanceKind::Assumed && unstated.source.ends_with("small.toml"));
    assert_eq!(said(&loaded, "cloud.vcpu_quota"), (ProvenanceKind::Assumed, "left out".to_owned()));
}

#[test]
fn a_statement_does_not_cover_what_a_later_source_sets() {
    let loaded = fine(child(PARENT, &["cloud.boot.lognormal.p50=41s", "daemonset.agent.vcpus=0.2"]));
    for key in ["cloud.boot", "daemonset.agent.vcpus"] {
        assert_eq!(said(&loaded, key), (ProvenanceKind::Assumed, "set on the command line".to_owned()));
    }
    let made = ["cloud.boot=41s", "provenance.\"cloud.boot\"={measured=\"today\"}"];
    let loaded = fine(loaded.document.with(&settings(&made)));
    assert_eq!(said(&loaded, "cloud.boot"), (ProvenanceKind::Measured, "today".to_owned()));
}

#[test]
fn an_entry_says_where_it_is_set() {
    let loaded = fine(small(&["cluster.target_nodes=12"]));
    let set_in = |name: &str, line| SetIn::Source { name: name.to_owned(), line };
    assert_eq!(entry(&loaded, "cluster.target_nodes").set, set_in("--set", 1));
    assert_eq!(entry(&loaded, "cluster.initial_nodes").set, set_in(SMALL, 6));
    assert_eq!(entry(&loaded, "run.horizon").set, SetIn::Default);
    assert_eq!(entry(&loaded, "daemonset.agent.join").set, SetIn::Absent);
    let launch = entry(&loaded, "cloud.launch");
    assert_eq!(launch.value, r#"{ lognormal = { p50 = "15s", p95 = "25s" }, max = "2m" }"#);
}

#[test]
fn axes_and_free_parameters_are_merged_by_key() {
    let text = r#"
        [sweep]
        "cluster.target_nodes" = [10, 20]
        "cloud.boot" = ["30s", { uniform = { low = "20s", high = "40s" } }]
        "zone.us-east-1b.capacity" = ["none", 5]
        [free]
        "cloud.launch.lognormal.p50" = { min = "10s", max = "20s", reason = "unknown" }
        "scheduler.pods_per_s" = { min = 10, max = 200.5, reason = "unknown" }
        "registry.docker-hub.pull_bandwidth" = { min = "10MB/s", max = "1GB/s", reason = "unknown" }
        "kubelet.parallel_pulls" = { min = 1, max = 8, reason = "unknown" }
    "#;
    let loaded = fine(child(text, &["sweep.\"cluster.target_nodes\"=[30]", "free.\"scheduler.pods_per_s\"=none"]));
    let axes: Vec<(&str, Vec<&str>)> = loaded
        .document
        .axes()
        .iter()
        .map(|axis| (axis.key.as_str(), axis.values.iter().map(String::as_str).collect()))
        .collect();
    assert_eq!(axes[0], ("cluster.target_nodes", vec!["30"]));
    assert_eq!(axes[1].1, ["\"30s\"", "{ uniform = { low = \"20s\", high = \"40s\" } }"]);
    for axis in loaded.document.axes() {
        for value in &axis.values {
            fine(loaded.document.with(&[Setting::of("--vary", &axis.key, value)]));
        }
    }
    let free = loaded.document.free();
    let units: Vec<FreeUnit> = free.iter().map(|free| free.unit).collect();
    assert_eq!(units, [FreeUnit::Seconds, FreeUnit::BytesPerSecond, FreeUnit::Whole]);
    for free in free {
        for value in [free.min, f64::midpoint(free.min, free.max), free.max] {
            fine(loaded.document.with(&[Setting::of("calibrate", &free.key, &free.text(value))]));
        }
    }
}

#[test]
fn remarks_about_what_was_taken_out_are_dropped() {
    let text = r#"
        [sweep]
        "zone.us-east-1b.capacity" = [3, 5]
        [free]
        "daemonset.agent.start" = { min = "1s", max = "2s", reason = "unknown" }
    "#;
    let loaded = fine(child(text, &["zone.us-east-1b=none", "daemonset.agent=none"]));
    assert!(loaded.document.axes().is_empty() && loaded.document.free().is_empty());
}

#[test]
fn the_fingerprint_is_of_the_meaning_not_of_the_spelling() {
    let hash = |texts: &[&str]| fine(small(texts)).document.hash();
    let plain = hash(&[]);
    for same in [
        "autoscaler.scan_interval=10s",
        "autoscaler.scan_interval=10000ms",
        "cloud.launch_retry=60s",
        "cloud.launch_retry={constant=\"1m\"}",
        "cloud.launch={max=\"120s\",lognormal={p95=\"25s\",p50=\"15s\"}}",
        "workload.vcpus=7.0",
        "image.app.size=1300MB",
        "cloud.vcpu_quota=none",
        "description=other words",
        "name=other",
        "sweep.\"cluster.target_nodes\"=[3]",
    ] {
        assert_eq!(hash(&[same]), plain, "{same}");
    }
    for other in ["autoscaler.scan_interval=11s", "cloud.vcpu_quota=500", "zone.us-east-1b=none", "workload.vcpus=6.5"]
    {
        assert_ne!(hash(&[other]), plain, "{other}");
    }
}

#[test]
fn keys_are_explained() {
    let boot = explain("cloud.boot").expect("it is a key");
    assert_eq!(
        boot.meaning,
        "From a running machine to its kubelet's start: kernel, cloud-init, disks, container runtime."
    );
    assert!(boot.required && boot.default.is_none());
    assert!(boot.examples.iter().any(|example| example.contains("lognormal")));
    let qps = explain("kubelet.pull_qps").expect("it is a key");
    assert_eq!(qps.default.map(|default| default.toml), Some("5.0"));
    assert_eq!(
        explain("daemonset.anything.join.workers").expect("it is a key").shape,
        "whole number from 1 to 10000000"
    );
    assert!(explain("daemonset.anything").expect("it is a table").below.iter().any(|(name, _)| name == "requires"));
    assert!(explain("zone").is_ok() && explain("").is_ok() && explain("extends").is_ok() && explain("sweep").is_ok());
    assert!(explain("cloud.boot.lognormal.p50").is_ok());
    let unknown = explain("cloud.boots").expect_err("there is no such key");
    assert_eq!(unknown.to_string(), "[cloud] has no key `boots`; did you mean `boot`?");
    assert!(explain("cloud.launch_batch.x").is_err());
}

#[test]
fn the_shipped_scenario_can_be_listed_and_printed() {
    let loaded = fine(load(Path::new("ekf.toml"), &[]));
    assert!(loaded.document.entries().len() > 200);
    assert_eq!(loaded.document.axes()[0].key, "cluster.target_nodes");
}
