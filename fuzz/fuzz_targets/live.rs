//! Any bytes as a scenario file, and what is accepted simulated for a few events: without a panic, without end.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scaleup::experiment::observe;
use scaleup::headroom::headroom;
use scaleup::model::params::fit;
use scaleup::model::{Plan, Simulator};
use scaleup::report::check;
use scaleup::scenario::{Setting, load};

/// Events of a short run.
const EVENTS: &str = "run.max_events=20000";
/// Larger clusters are accepted and not simulated here: they take longer than a try should.
const PODS_SIMULATED: u64 = 5_000;

fuzz_target!(|bytes: &[u8]| {
    let folder = std::env::temp_dir().join(format!("scaleup-fuzz-live-{}", std::process::id()));
    let file = folder.join("strange.toml");
    std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&file, bytes)).expect("it can be written");
    let Ok(loaded) = load(&file, &[Setting::new("--set", EVENTS)]) else { return };
    let scenario = &loaded.scenario;
    let plan = Plan::new(scenario);
    assert!(!check::text(plan.nodes(), &headroom(&plan)).is_empty());
    let nodes = u64::from(plan.nodes().max(scenario.cluster.initial_nodes));
    let pods = scenario.daemonset.len() as u64 + 1 + u64::from(fit::replicas_per_node(scenario)).min(1000);
    if nodes * pods > PODS_SIMULATED {
        return;
    }
    let record = Simulator::new().run(&plan, 1, 0, true);
    let numbers = observe(&record, scenario.run.curve_step);
    assert!(numbers.curves.iter().all(|curve| curve.len() <= 100_002), "a curve is too long");
});
