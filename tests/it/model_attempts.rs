//! Attempts that are repeated after doubling waits.

use crate::model_cases::run;
use scaleup::model::record::{Cause, Record, ReplicaId, Subject, Wait};
use scaleup::time::{Span, Time};
use std::collections::BTreeMap;

fn replicas(record: &Record) -> BTreeMap<ReplicaId, Vec<Wait>> {
    let mut lives: BTreeMap<ReplicaId, Vec<Wait>> = BTreeMap::new();
    for wait in &record.waits {
        if let Subject::Replica(replica) = wait.subject {
            lives.entry(replica).or_default().push(*wait);
        }
    }
    for waits in lives.values_mut() {
        waits.sort_by_key(|wait| wait.from);
    }
    lives
}

fn of<'r>(record: &'r Record, cause: Cause, resource: &'r str) -> impl Fn(&&Wait) -> bool + 'r {
    move |wait| wait.cause == cause && record.resources[wait.resource] == resource
}

#[test]
fn a_refused_pull_is_tried_again_after_ten_seconds_doubling_to_five_minutes() {
    let record = run(&[
        "cluster.target_nodes=10",
        "registry.docker-hub.pulls_per_window=1",
        "workload.image=istio-proxy",
        "workload.sidecar_image=",
        "kubelet.sync_retry=10s",
        "run.horizon=2h",
    ]);
    let mut refused = 0;
    for waits in replicas(&record).values() {
        let backoffs: Vec<f64> = waits
            .iter()
            .filter(of(&record, Cause::Backoff, "registry docker-hub"))
            .filter(|wait| wait.to < record.end.at)
            .map(|wait| (wait.to - wait.from).as_secs_f64())
            .collect();
        let expected: Vec<f64> =
            [10.0, 20.0, 40.0, 80.0, 160.0].into_iter().chain(std::iter::repeat(300.0)).take(backoffs.len()).collect();
        assert_eq!(backoffs, expected);
        refused += u32::from(backoffs.len() > 15);
    }
    assert_eq!(refused, 9, "all but the one whose pull was granted");
}

/// Whether `since` the first mount attempt there is another one: after 0.5, 1.5, 3.5 ... 127.5 s, then every 122 s.
fn is_mount_attempt(since: Span) -> bool {
    let mut attempt = Span::ZERO;
    let mut wait = Span::from_millis(500);
    while attempt < since {
        attempt += wait;
        wait = (wait + wait).min(Span::from_secs(122));
    }
    attempt == since
}

/// A wait for the driver's pod, or for its registration.
fn waits_for_driver(record: &Record, wait: &Wait) -> bool {
    ["rok-csi", "csi-registration"].contains(&record.resources[wait.resource].as_str())
}

/// Of each replica: its first mount attempt, when its driver was there, and its successful attempt.
fn mounts(record: &Record) -> Vec<(Time, Time, Time)> {
    let at_server = |wait: &&Wait| record.resources[wait.resource] == "volume-server";
    let bound = of(record, Cause::Service, "api-server");
    let away = |wait: &&Wait| waits_for_driver(record, wait);
    replicas(record)
        .values()
        .map(|waits| {
            let first = waits.iter().rfind(&bound).expect("it was bound").to;
            let mounted = waits.iter().find(at_server).expect("it mounted").from;
            let before = waits.iter().filter(|wait| wait.to <= mounted);
            (first, before.filter(&away).map(|wait| wait.to).max().unwrap_or(first), mounted)
        })
        .collect()
}

#[test]
fn mounts_are_tried_after_half_a_second_doubling_to_122_seconds() {
    let record = run(&["cluster.target_nodes=40"]);
    let mut late = 0;
    for (first, driver, mounted) in mounts(&record) {
        let since = mounted - first;
        assert!(is_mount_attempt(since), "{since}");
        assert!(mounted >= driver);
        let earlier = (driver.as_nanos()..mounted.as_nanos()).step_by(1_000_000).any(|nanos| {
            // The attempts lie on whole half seconds after the first.
            let rounded = (nanos - first.as_nanos()) / 500_000_000 * 500_000_000;
            first.as_nanos() + rounded >= driver.as_nanos() && is_mount_attempt(Span::from_nanos(rounded))
        });
        assert!(!earlier, "it mounts with the first attempt after the driver's arrival");
        late += u32::from(since > Span::from_secs(120));
    }
    assert!(late > 10, "{late} replicas waited longer than the longest wait");
}

#[test]
fn with_short_mount_waits_the_driver_is_used_at_once() {
    let record = run(&["cluster.target_nodes=20", "kubelet.mount_backoff_max=500ms"]);
    for (_, driver, mounted) in mounts(&record) {
        assert!(mounted - driver <= Span::from_millis(500));
    }
}

#[test]
fn what_requires_another_looks_every_five_seconds_from_when_its_image_is_there() {
    let record = run(&["cluster.target_nodes=20"]);
    let mut looked = 0;
    for waits in record.waits.iter().filter(of(&record, Cause::Poll, "container-start")) {
        assert!(waits.to - waits.from <= Span::from_secs(5));
        let image_there = record
            .waits
            .iter()
            .filter(|wait| wait.subject == waits.subject && wait.to <= waits.from)
            .filter(of(&record, Cause::Service, "image-unpack"))
            .map(|wait| wait.to)
            .max();
        let since = waits.to - image_there.expect("its image was unpacked");
        assert_eq!(since.as_nanos() % Span::from_secs(5).as_nanos(), 0, "{since}");
        looked += 1;
    }
    assert!(looked >= 17, "{looked}");
}

/// The driver never registers on the 297 new nodes within the hour, so all attempts to attach there fail.
const NO_DRIVER: &[&str] =
    &["volume.shared.attach.attach=1s", "daemonset.rok-csi.csi.registration=100h", "run.horizon=1h"];

/// The beginnings of waits; one for the driver's pod and the one for its registration that follows it are one.
fn each_begins<'w>(waits: impl Iterator<Item = &'w Wait>) -> Vec<Time> {
    let (mut begins, mut last) = (Vec::new(), None);
    for wait in waits {
        let goes_on = last.is_some_and(|last: &Wait| last.to == wait.from && last.resource != wait.resource);
        if !goes_on {
            begins.push(wait.from);
        }
        last = Some(wait);
    }
    begins
}

/// When each replica's failed attempts were saved: then it waits for the driver again.
fn failed_attachments(record: &Record) -> BTreeMap<ReplicaId, Vec<Time>> {
    let waiting = |wait: &&Wait| waits_for_driver(record, wait);
    let lives = replicas(record).into_iter();
    let saved = lives.map(|(replica, waits)| (replica, each_begins(waits.iter().filter(&waiting))));
    saved.filter(|(_, saved): &(ReplicaId, Vec<Time>)| !saved.is_empty()).collect()
}

#[test]
fn an_attachment_that_fails_is_tried_after_a_second_doubling_to_five_minutes() {
    let record = run(&[NO_DRIVER, &["cluster.target_nodes=40", "volume.shared.attach.burst=1000000"]].concat());
    let failed = failed_attachments(&record);
    assert_eq!(failed.len(), 37);
    for saved in failed.values() {
        let since: Vec<f64> = saved.iter().map(|at| (*at - saved[0]).as_secs_f64()).collect();
        let expected = [0.0, 1.0, 3.0, 7.0, 15.0, 31.0, 63.0, 127.0, 255.0, 511.0, 811.0, 1111.0];
        assert_eq!(since[..12], expected);
    }
}

/// Seven attempts at each of 297 volumes are 2,079 requests: ten at once, and five a second from then on.
#[test]
fn attachments_that_fail_share_five_requests_a_second() {
    let record = run(&[NO_DRIVER, &["cluster.target_nodes=300"]].concat());
    let mut saved: Vec<Time> = failed_attachments(&record).into_values().flatten().collect();
    saved.sort_unstable();
    assert!(saved.len() > 7 * 297, "{}", saved.len());
    for (first, last) in [(0, 7 * 297 - 1), (0, 100), (500, 1_500)] {
        let requests = (last - first + 1) as f64;
        let took = (saved[last] - saved[first]).as_secs_f64();
        assert!(took >= (requests - 10.0) / 5.0 - 1e-6, "{requests} requests within {took} s");
    }
    // Nothing else holds them up: the client is never idle for long.
    let took = (saved[7 * 297 - 1] - saved[0]).as_secs_f64();
    assert!(took < 700.0, "{took}");
}
