//! How far a calibration goes: how many sets it tries, how many parameters it takes, what it holds predictions to.

use super::calibrate::{FREE_SIZE, SETTINGS, WATCH, small, target, targets, tiny};
use scaleup::experiment::{CalibrationError, Effort, Progress, Settings, calibrate, hold_out};
use std::sync::atomic::{AtomicU32, Ordering};

#[test]
fn a_straight_line_goes_through_the_middles_of_the_other_sizes() {
    let about = |name: &str, nodes: u32, seconds: u32| {
        target(name, nodes, &format!("about = \"{seconds}s\"\ntolerance = \"10s\""))
    };
    let others = about("ten", 10, 60) + &about("twenty", 20, 80) + &about("thirty", 30, 130);
    let other_stage = about("agent", 20, 500).replace("to = \"workload\"", "to = \"agent\"");
    let ask = targets(&(others + &other_stage + &about("forty", 40, 150))).unwrap();
    let effort = Effort { settings: Settings { replications: 2, ..SETTINGS }, evaluations: 9, discrepancy: 0.05 };
    let line = |nodes| hold_out(&small(&[FREE_SIZE]).document, &ask, nodes, effort, WATCH).unwrap().straight_line;
    // Through 60, 80 and 130 s: the mean is 90 s at 20 nodes, and it rises by 3.5 s for each node.
    assert!((line(40)[0].unwrap() - 160.0).abs() < 1e-9, "{:?}", line(40));
    // Through 80, 130 and 150 s.
    assert!((line(10)[0].unwrap() - 50.0).abs() < 1e-9, "{:?}", line(10));
}

#[test]
fn a_prediction_uses_three_quarters_of_its_evaluations() {
    let (loaded, targets) = tiny("1s");
    let done = AtomicU32::new(0);
    let count = || {
        done.fetch_add(1, Ordering::Relaxed);
    };
    let watch = Progress { done: &count, stopped: &|| false };
    let effort = Effort { settings: SETTINGS, evaluations: 45, discrepancy: 0.05 };
    hold_out(&loaded.document, &targets, 20, effort, watch).unwrap();
    // Then 100 scale-ups of the size that was left out; a set that was tried before is not simulated again.
    let sets = (done.into_inner() - 100) / SETTINGS.replications;
    assert!((25..=34).contains(&sets), "{sets}");
}

#[test]
fn a_prediction_needs_another_size() {
    let ask = targets(&target("only", 20, "at_most = \"1m\"")).unwrap();
    let effort = Effort { settings: SETTINGS, evaluations: 9, discrepancy: 0.05 };
    let error = hold_out(&small(&[FREE_SIZE]).document, &ask, 20, effort, WATCH).unwrap_err();
    assert_eq!(error.to_string(), "no target speaks of another size");
}

#[test]
fn sixteen_parameters_are_not_too_many() {
    let lengths = [
        "cloud.boot.lognormal.p50",
        "cloud.launch.lognormal.p50",
        "cloud.launch_retry",
        "cloud.scaling_delay",
        "autoscaler.decision",
        "control_plane.write",
        "control_plane.watch",
        "kubelet.ready_update",
        "kubelet.sandbox",
        "registry.docker-hub.request",
        "daemonset.agent.start",
        "daemonset.agent.readiness.period",
    ];
    let sizes = ["image.agent.size", "image.agent.unpacked", "image.app.size", "image.app.unpacked"];
    let free = |key: &str, low: &str, high: &str| {
        format!("free.\"{key}\"={{ min = \"{low}\", max = \"{high}\", reason = \"unknown\" }}")
    };
    let mut settings: Vec<String> = lengths.iter().map(|key| free(key, "1s", "2s")).collect();
    settings.extend(sizes.iter().map(|key| free(key, "1GB", "2GB")));
    let fitted = |settings: &[String]| {
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        let ask = targets(&target("ten", 10, "at_most = \"1h\"")).unwrap();
        let effort = Effort { settings: Settings { replications: 2, ..SETTINGS }, evaluations: 3, discrepancy: 0.05 };
        calibrate(&small(&settings).document, &ask, effort, WATCH)
    };
    assert!(!matches!(fitted(&settings), Err(CalibrationError::TooManyFree(_))));
    settings.push(free("kubelet.unpack", "50MB/s", "100MB/s"));
    assert!(matches!(fitted(&settings), Err(CalibrationError::TooManyFree(17))));
}

#[test]
fn a_key_without_a_value_is_fitted_if_it_can_have_one() {
    let entry = |key: &str| format!("free.\"{key}\"={{ min = \"1m\", max = \"2m\", reason = \"unknown\" }}");
    let ask = targets(&target("ten", 10, "at_most = \"1h\"")).unwrap();
    let effort = Effort { settings: Settings { replications: 2, ..SETTINGS }, evaluations: 3, discrepancy: 0.05 };
    let fitted = |key: &str| calibrate(&small(&[&entry(key)]).document, &ask, effort, WATCH);
    let found = fitted("kubelet.csi_timeout").unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((found.start[0], found.free.len()), (None, 1));
    let error = fitted("daemonset.agent.start.lognormal.p50").unwrap_err();
    assert!(matches!(&error, CalibrationError::NoSuchValue(key) if key.contains("lognormal")), "{error}");
}
