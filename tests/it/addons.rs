//! Add-ons: fragments of scenarios over a plain cluster.

use crate::gates::before_the_agent;
use scaleup::model::record::Record;
use scaleup::model::{Plan, Simulator};
use scaleup::scenario::{ADDONS, Setting, load};
use scaleup::time::{Span, Time};
use std::path::Path;

/// What naming an add-on after a base gives.
fn with_addons(addons: &[&str], settings: &[&str]) -> Record {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("mine.toml");
    let list: Vec<String> = addons.iter().map(|addon| format!("\"{addon}\"")).collect();
    let head = "name = \"mine\"\n[cluster]\ntarget_nodes = 5\n";
    std::fs::write(&file, format!("extends = [\"eks\", {}]\n{head}", list.join(", "))).expect("it can be written");
    let settings: Vec<Setting> = settings.iter().map(|text| Setting::new("--set", *text)).collect();
    let loaded = load(&file, &settings).unwrap_or_else(|problems| panic!("{problems}"));
    Simulator::new().run(&Plan::new(&loaded.scenario).recording_replicas(), 1, 0, false)
}

#[test]
fn every_add_on_runs_over_a_plain_cluster() {
    for (addon, description) in ADDONS.descriptions() {
        assert!(!description.is_empty(), "{addon} says what it is");
        let record = with_addons(&[&addon], &[]);
        assert!(record.end.ready, "{addon}: {:?}", record.end);
        assert!(record.limits.is_empty(), "{addon}: {:?}", record.limits);
    }
}

/// What Cilium and the GPU operator take the place of.
const REPLACED: [&str; 2] = ["addons/aws-node", "addons/nvidia-device-plugin"];

#[test]
fn all_add_ons_that_do_not_replace_each_other_run_together() {
    let names: Vec<String> = ADDONS.descriptions().into_iter().map(|(name, _)| name).collect();
    let all: Vec<&str> = names.iter().map(String::as_str).filter(|name| !REPLACED.contains(name)).collect();
    assert!(with_addons(&all, &[]).end.ready);
}

#[test]
fn cilium_takes_the_place_of_aws_node_and_one_address_for_each_node() {
    let record = with_addons(&["addons/cilium"], &["zone.us-east-1a.free_addresses=100"]);
    assert!(record.stages.iter().any(|stage| stage.name == "cilium"));
    // Five nodes over three zones, balanced: one new node in the first zone, or none.
    let taken = 100 - record.held.free_addresses[0].expect("it is limited");
    let here = record.nodes.iter().filter(|node| node.zone.0 == 0 && node.requested.is_some()).count() as u32;
    assert_eq!(taken, here);
}

#[test]
fn the_gpu_operator_provides_gpus_after_its_driver() {
    let settings = ["node.instance_type=g5.2xlarge", "workload.gpus=1", "workload.vcpus=1", "workload.memory=1GiB"];
    let record = with_addons(&["addons/gpu-operator"], &settings);
    assert_eq!(record.replicas.len(), 5);
    let (driver, before) = before_the_agent(&record, |replica| replica.scheduled);
    assert_eq!((record.stages[1].name.as_str(), before), ("nvidia-driver", 3));
    assert!(driver > Time::ZERO + Span::from_secs(60), "a driver takes longer than that: {driver}");
}

#[test]
fn rok_is_that_of_the_documented_case() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("mine.toml");
    std::fs::write(&file, "extends = [\"eks\", \"addons/rok\"]\nname = \"mine\"\n").expect("it can be written");
    let of_rok = |path: &Path| -> Vec<(String, String)> {
        let loaded = load(path, &[]).unwrap_or_else(|problems| panic!("{problems}"));
        let entries = loaded.document.entries().into_iter().map(|entry| (entry.key, entry.value));
        entries.filter(|(key, _)| key.split('.').nth(1).is_some_and(|name| name.starts_with("rok"))).collect()
    };
    let documented = of_rok(Path::new("ekf"));
    assert!(documented.len() > 60, "{documented:?}");
    assert_eq!(of_rok(&file), documented);
}
