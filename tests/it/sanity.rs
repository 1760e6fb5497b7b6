//! Experiments whose answers are arithmetic: one mechanism binds, the rest takes no time or a constant one.

use crate::model_cases::{ready_at, run};
use scaleup::model::record::Record;

/// A scale-up to eight nodes in which nothing waits for the storage system: its replicas use no volume.
const WITHOUT_VOLUME: &[&str] = &["cluster.target_nodes=8", "workload.volume="];

fn workload_s(settings: &[&str]) -> f64 {
    ready_at(&run(settings), "workload").as_secs_f64()
}

#[test]
fn a_probes_initial_delay_is_over_when_the_container_took_longer_to_start() {
    let ready = |delay: &str| {
        let delay = format!("workload.readiness.initial_delay={delay}");
        workload_s(&[WITHOUT_VOLUME, &["workload.start=60s", &delay]].concat())
    };
    let none = ready("0s");
    assert!((ready("50s") - none).abs() < 1e-9 && (ready("59s") - none).abs() < 1e-9);
    // The grid of probes stays where it is: three periods of 10 s later, the first one after 90 s counts.
    assert!((ready("90s") - none - 30.0).abs() < 1e-9, "{} {none}", ready("90s"));
}
