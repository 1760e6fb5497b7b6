//! Experiments whose answers are arithmetic: one mechanism binds, the rest takes no time or a constant one.

use crate::model_cases::{ready_at, run};
use scaleup::model::record::{Cause, Record, Wait};
use scaleup::report::unready;
use scaleup::time::{Span, Time};

fn seconds(seconds: u64) -> Span {
    Span::from_secs(seconds)
}

/// All waits of one kind, in the order of their beginnings.
fn waits(record: &Record, cause: Cause, resource: &str) -> Vec<Wait> {
    let is = |wait: &&Wait| wait.cause == cause && record.resources[wait.resource] == resource;
    let mut waits: Vec<Wait> = record.waits.iter().filter(is).copied().collect();
    waits.sort_by_key(|wait| (wait.from, wait.to));
    waits
}

fn lengths(waits: &[Wait]) -> Vec<Span> {
    waits.iter().map(|wait| wait.to - wait.from).collect()
}

/// The end of the last wait after the beginning of the first.
fn in_all(waits: &[Wait]) -> Span {
    let last = waits.iter().map(|wait| wait.to).max().expect("there are waits");
    last - waits[0].from
}

fn workload(settings: &[&str]) -> Time {
    ready_at(&run(settings), "workload")
}

#[test]
fn a_probes_initial_delay_is_over_when_the_container_took_longer_to_start() {
    let ready = |delay: &str| {
        let delay = format!("workload.readiness.initial_delay={delay}");
        workload(&["cluster.target_nodes=8", "workload.volume=", "workload.start=60s", &delay])
    };
    let none = ready("0s");
    assert_eq!((ready("50s"), ready("59s")), (none, none));
    // The grid of probes stays where it is: the first one after 90 s comes three periods of 10 s later.
    assert_eq!(ready("90s"), none + seconds(30));
}

#[test]
fn a_csi_pods_readiness_delays_no_mount() {
    let base = ["cluster.target_nodes=30"];
    for later in ["daemonset.rok-csi.readiness.period=60s", "daemonset.rok-csi.readiness.initial_delay=10m"] {
        assert_eq!(workload(&[&base[..], &[later]].concat()), workload(&base), "{later}");
    }
    assert!(workload(&[&base[..], &["daemonset.rok-csi.csi.registration=5m"]].concat()) > workload(&base));
}

/// Two nodes whose replicas mount at the same time, each for ten minutes.
const LONG_MOUNT: &[&str] = &[
    "cluster.initial_nodes=2",
    "cluster.target_nodes=2",
    "volume.shared.mount=10m",
    "volume.shared.mounts_per_server=2",
    "run.horizon=3h",
];

/// 500 ms, doubling to 122 s.
fn back_offs(count: usize) -> Vec<Span> {
    let doubling = (0..).map(|failures| Span::from_millis(500 << failures.min(10)).min(seconds(122)));
    doubling.take(count).collect()
}

#[test]
fn a_mount_of_ten_minutes_never_fits_into_a_call_of_two() {
    let record = run(&[LONG_MOUNT, &["volume.shared.on_cancel=stop"]].concat());
    assert_eq!(unready::lines(&record.end.waiting_for), ["2 replicas wait for a volume to be mounted"]);
    let mine = |waits: Vec<Wait>| -> Vec<Wait> {
        waits.iter().filter(|wait| wait.subject == waits[0].subject && wait.to < record.end.at).copied().collect()
    };
    let calls = lengths(&mine(waits(&record, Cause::Service, "volume-server")));
    assert!(calls.iter().all(|call| *call == seconds(120)), "{calls:?}");
    let pauses = lengths(&mine(waits(&record, Cause::Backoff, "mount-retry")));
    assert_eq!(pauses, back_offs(pauses.len()));
    // Eight calls until the wait is 122 s, and then one each 242 s.
    assert!(calls.len() > 45, "{}", calls.len());
    let given_up = record.limits.iter().find(|limit| limit.kind == "csi-timeout").expect("it is told");
    assert!(
        given_up.message.ends_with("context deadline exceeded (kubelet.csi_timeout = 2m 00s)"),
        "{}",
        given_up.message
    );
    assert!(given_up.count.abs_diff(2 * calls.len() as u64) <= 1, "{given_up:?}");
}

/// The call ends after 120 s; the attempts at 120.5, 121.5 ... 247.5, 369.5 and 491.5 s find the server at work.
#[test]
fn a_server_that_finishes_what_was_given_up_has_it_mounted_for_a_later_call() {
    let record = run(&[LONG_MOUNT, &["volume.shared.on_cancel=finish"]].concat());
    let bound = waits(&record, Cause::Service, "volume-server").iter().map(|wait| wait.from).collect::<Vec<_>>();
    let mut mounted: Vec<Time> = waits(&record, Cause::Service, "kubelet").iter().map(|wait| wait.from).collect();
    mounted.sort_unstable();
    let expected: Vec<Time> = bound.iter().map(|from| *from + Span::from_millis(613_500)).collect();
    assert_eq!(mounted, expected);
    assert!(record.end.ready);
}

#[test]
fn three_hundred_mounts_of_three_seconds_take_one_server_nine_hundred() {
    let record = run(&[
        "cluster.initial_nodes=300",
        "volume.shared.mount=3s",
        "volume.shared.mounts_per_server=1",
        "kubelet.csi_timeout=1h",
    ]);
    let mounts = waits(&record, Cause::Service, "volume-server");
    assert_eq!(lengths(&mounts), vec![seconds(3); 300]);
    assert_eq!(in_all(&mounts), seconds(900));
}

/// A call waits for two minutes at most, so 40 of those that come at once are answered; the others come again.
#[test]
fn forty_mounts_of_three_seconds_are_done_within_calls_of_two_minutes() {
    let mount = [
        "cluster.initial_nodes=300",
        "volume.shared.mount=3s",
        "volume.shared.mounts_per_server=1",
        "volume.shared.on_cancel=stop",
    ];
    let record = run(&mount);
    let mounts = waits(&record, Cause::Service, "volume-server");
    let done: Vec<&Wait> = mounts.iter().filter(|mount| mount.to - mount.from == seconds(3)).collect();
    assert_eq!((done.len(), record.end.ready), (300, true));
    let first_calls = done.iter().filter(|mount| mount.to <= done[0].from + seconds(120));
    assert_eq!(first_calls.count(), 40);
    let lines = lengths(&waits(&record, Cause::Queue, "volume-server"));
    assert!(lines.iter().all(|line| *line <= seconds(120)), "nobody waits longer than for a call");
    let given_up = record.limits.iter().find(|limit| limit.kind == "csi-timeout").expect("it is told");
    assert!(given_up.count >= 240, "{given_up:?}");
}

/// One worker, and no work but what is asked for.
const ONE_WORKER: &[&str] = &[
    "cluster.target_nodes=100",
    "daemonset.rok.join.workers=1",
    "daemonset.rok.join.operator=0s",
    "daemonset.rok.join.transactions=0",
    "daemonset.rok.join.sync=0s",
    "daemonset.rok.join.reconfigure=0s",
    "daemonset.rok.join.reconfigure_per_member=0s",
];

#[test]
fn one_worker_whose_operator_takes_five_seconds_adds_a_member_every_five() {
    let record = run(&[ONE_WORKER, &["daemonset.rok.join.operator=5s"]].concat());
    let joins = waits(&record, Cause::Service, "rok-operator");
    assert_eq!(lengths(&joins), vec![seconds(5); 97]);
    let busy = joins.windows(2).filter(|pair| pair[1].from == pair[0].to).count();
    assert!(busy > 85 && joins.windows(2).all(|pair| pair[1].from >= pair[0].to), "{busy}");
}

/// etcd with nothing to do but commits, and none of the members'.
const QUIET_ETCD: &[&str] = &[
    "daemonset.rok.join.transactions=60",
    "etcd.rok-etcd.request=0s",
    "etcd.rok-etcd.apply=0s",
    "etcd.rok-etcd.notify_per_member=0s",
];

#[test]
fn sixty_transactions_of_fifty_milliseconds_take_three_seconds() {
    let alone = ["etcd.rok-etcd.background_per_member=0", "volume_type.gp2.sync_write=50ms"];
    let record = run(&[ONE_WORKER, QUIET_ETCD, &alone].concat());
    assert_eq!(lengths(&waits(&record, Cause::Service, "etcd rok-etcd")), vec![seconds(3); 97]);
}

/// 1 GiB of gp2 has 100 operations per second, so 50 commits of two: a join's waits for the one under way at most, then
/// takes its own 20 ms.
#[test]
fn without_burst_credits_a_join_takes_at_most_two_commits_for_each_transaction() {
    let disk = ["disk.rok-etcd.size=1GiB", "volume_type.gp2.sync_write=7ms", "etcd.rok-etcd.background_per_member=5"];
    for (credits, least_ms, most_ms) in [("0", 60 * 20, 60 * 40), ("5400000", 60 * 7, 60 * 14)] {
        let credits = format!("volume_type.gp2.burst_credits={credits}");
        let settings = [&ONE_WORKER[..1], QUIET_ETCD, &disk, &[credits.as_str()]].concat();
        for took in lengths(&waits(&run(&settings), Cause::Service, "etcd rok-etcd")) {
            assert!((Span::from_millis(least_ms)..=Span::from_millis(most_ms)).contains(&took), "{credits}: {took}");
        }
    }
}

/// 300 workers at once, and 2 s of work for all members with each change.
fn reconfigured(changes: &str) -> Vec<Wait> {
    let changes = format!("daemonset.rok.join.changes={changes}");
    let rest = ["cluster.target_nodes=300", "daemonset.rok.join.workers=300", "daemonset.rok.join.reconfigure=2s"];
    waits(&run(&[ONE_WORKER, &rest, &[changes.as_str()]].concat()), Cause::Service, "rok-members")
}

#[test]
fn members_that_work_on_every_change_are_busy_for_594_seconds() {
    let joins = reconfigured("every");
    let mut busy_until = Time::ZERO;
    for join in &joins {
        busy_until = busy_until.max(join.from) + seconds(2);
        assert_eq!(join.to, busy_until);
    }
    assert_eq!(joins.len(), 297);
    assert!(in_all(&joins) >= seconds(594), "{}", in_all(&joins));
}

#[test]
fn members_that_read_the_latest_membership_are_done_two_readings_after_a_change() {
    let joins = reconfigured("latest");
    assert_eq!(joins.len(), 297);
    assert!(lengths(&joins).iter().all(|wait| (seconds(2)..=seconds(4)).contains(wait)), "{joins:?}");
}
