use super::*;
use crate::model::record::{DaemonSetPlace, NodeId, ReplicaId, StageId};
use proptest::prelude::*;

const NODE: Subject = Subject::Node(NodeId(4));
const RUNS: u16 = 0;

fn at(seconds: u64) -> Time {
    Time::from_nanos(seconds * 1_000_000_000)
}

const fn replica(number: u32) -> Subject {
    Subject::Replica(ReplicaId(number))
}

fn wait(subject: Subject, cause: Cause, resource: u16, from: u64, to: u64, blocker: Option<Subject>) -> Wait {
    Wait { subject, cause, resource: ResourceId(resource), blocker, from: at(from), to: at(to) }
}

fn works(subject: Subject, resource: u16, from: u64, to: u64) -> Wait {
    wait(subject, Cause::Service, resource, from, to, None)
}

/// The path that ends with `subject`, as (who, what for, from, to).
fn path(waits: &[Wait], origins: &[Origin], subject: Subject, end: u64) -> Vec<(Subject, u16, u64, u64)> {
    let chains = Chains::new(waits, origins, ResourceId(RUNS));
    let seconds = |time: Time| time.as_nanos() / 1_000_000_000;
    let pieces = chains.path(subject, at(end));
    pieces.iter().map(|piece| (piece.subject, piece.resource.0, seconds(piece.from), seconds(piece.to))).collect()
}

#[test]
fn one_slow_resource_is_the_whole_path_and_two_in_series_share_it() {
    let a = replica(0);
    assert_eq!(path(&[works(a, 1, 0, 10)], &[], a, 10), [(a, 1, 0, 10)]);
    assert_eq!(path(&[works(a, 1, 0, 4), works(a, 2, 4, 10)], &[], a, 10), [(a, 1, 0, 4), (a, 2, 4, 10)]);
}

#[test]
fn of_two_in_parallel_only_the_later_is_on_the_path() {
    let (a, b) = (replica(0), replica(1));
    let waits = [works(a, 1, 0, 7), works(b, 2, 0, 6), wait(b, Cause::Dependency, 3, 6, 7, Some(a)), works(b, 4, 7, 9)];
    assert_eq!(path(&waits, &[], b, 9), [(a, 1, 0, 7), (b, 4, 7, 9)]);
}

#[test]
fn a_line_is_the_work_of_those_before() {
    let [a, b, c] = [0, 1, 2].map(replica);
    let line = |who, to, before| wait(who, Cause::Queue, 1, 0, to, Some(before));
    let waits = [works(a, 1, 0, 3), line(b, 3, a), works(b, 1, 3, 7), line(c, 7, b), works(c, 1, 7, 12)];
    assert_eq!(path(&waits, &[], c, 12), [(a, 1, 0, 3), (b, 1, 3, 7), (c, 1, 7, 12)]);
}

#[test]
fn a_chain_of_dependencies_is_followed_to_its_end() {
    let [a, b, c] = [0, 1, 2].map(replica);
    let waits_for = |who, to, whom| wait(who, Cause::Dependency, 1, 0, to, Some(whom));
    let probe = wait(b, Cause::Probe, 3, 4, 5, None);
    let waits = [waits_for(a, 5, b), waits_for(b, 4, c), works(c, 2, 0, 4), probe, works(a, 4, 5, 9)];
    assert_eq!(path(&waits, &[], a, 9), [(c, 2, 0, 4), (b, 3, 4, 5), (a, 4, 5, 9)]);
}

#[test]
fn a_node_goes_back_through_the_poll_that_asked_for_it_to_the_pod_without_room() {
    let a = replica(0);
    let no_room = wait(a, Cause::Dependency, 2, 2, 20, Some(NODE));
    let waits = [works(a, 1, 0, 2), no_room, works(NODE, 4, 7, 20), works(a, 5, 20, 25)];
    let origin = Origin { subject: NODE, by: Some(a), resource: ResourceId(3), since: at(2), begun: at(6) };
    let expected = [(a, 1, 0, 2), (NODE, 3, 2, 6), (NODE, 3, 6, 7), (NODE, 4, 7, 20), (a, 5, 20, 25)];
    assert_eq!(path(&waits, &[origin], a, 25), expected);
}

#[test]
fn a_lapse_goes_back_through_what_made_the_pod_not_ready() {
    let pod = |node| Subject::DaemonSetPod(DaemonSetPlace(0), NodeId(node));
    let (lapsed, joins) = (pod(1), pod(2));
    let waits = [
        works(lapsed, 1, 0, 10),
        wait(lapsed, Cause::Ready, RUNS, 10, 14, None),
        wait(lapsed, Cause::Dependency, 3, 14, 20, Some(joins)),
        wait(lapsed, Cause::Probe, 4, 20, 22, None),
        works(joins, 1, 0, 5),
        works(joins, 2, 5, 13),
        works(joins, 3, 13, 21),
    ];
    let expected = [(joins, 1, 0, 5), (joins, 2, 5, 13), (joins, 3, 13, 20), (lapsed, 4, 20, 22)];
    assert_eq!(path(&waits, &[], lapsed, 22), expected);
}

#[test]
fn what_nothing_is_known_of_is_said_to_run_and_a_circle_ends() {
    let (a, b) = (replica(0), replica(1));
    assert_eq!(path(&[works(a, 1, 4, 9)], &[], a, 9), [(a, RUNS, 0, 4), (a, 1, 4, 9)]);
    assert_eq!(path(&[works(a, 1, 0, 4)], &[], a, 9), [(a, 1, 0, 4), (a, RUNS, 4, 9)]);
    let each = |who, whom| wait(who, Cause::Dependency, 1, 0, 9, Some(whom));
    assert_eq!(path(&[each(a, b), each(b, a)], &[], a, 9), [(b, 1, 0, 9)]);
}

/// The path by a search through all waits for each second: who waits then, and for whom.
fn twin(waits: &[Wait], mut subject: Subject, end: u64) -> Vec<(Subject, u16)> {
    let mut seconds = Vec::new();
    for second in (0..end).rev() {
        let now = |who: Subject| {
            let covers = |wait: &&Wait| wait.subject == who && wait.from <= at(second) && wait.to >= at(second + 1);
            waits.iter().find(covers)
        };
        while let Some(blocker) = now(subject).and_then(|wait| wait.blocker) {
            subject = blocker;
        }
        seconds.push((subject, now(subject).map_or(RUNS, |wait| wait.resource.0)));
    }
    seconds.reverse();
    seconds
}

proptest! {
    /// Jobs that go through two lines with one server each, and a last one that waits for any of them.
    #[test]
    fn a_search_second_by_second_finds_the_same_path(jobs in prop::collection::vec((1..6_u64, 1..6_u64), 1..8)) {
        let mut waits = Vec::new();
        let (mut first, mut second) = (0, 0);
        for (place, &(a, b)) in jobs.iter().enumerate() {
            let (who, before) = (replica(place as u32), place.checked_sub(1).map(|before| replica(before as u32)));
            waits.push(wait(who, Cause::Queue, 1, 0, first, before));
            waits.push(works(who, 1, first, first + a));
            first += a;
            let begins = first.max(second);
            waits.push(wait(who, Cause::Queue, 2, first, begins, before));
            waits.push(works(who, 2, begins, begins + b));
            second = begins + b;
        }
        waits.retain(|wait| wait.from < wait.to);
        let last = replica(jobs.len() as u32 - 1);
        let found = path(&waits, &[], last, second);
        let seconds: Vec<(Subject, u16)> =
            found.iter().flat_map(|&(who, what, from, to)| (from..to).map(move |_| (who, what))).collect();
        prop_assert_eq!(seconds, twin(&waits, last, second));
    }
}

mod drags {
    use super::*;
    use crate::engine::StopReason;
    use crate::model::record::{End, Held, Stage, StageKind, Transition};

    /// What each of these resources adds to the end of a workload of these replicas, each Ready when its last wait is
    /// over.
    fn drags(waits: Vec<Wait>, origins: Vec<Origin>, resources: &[u16]) -> Vec<u64> {
        let mut last = std::collections::BTreeMap::new();
        for wait in &waits {
            if matches!(wait.subject, Subject::Replica(_)) {
                last.insert(wait.subject, wait.to);
            }
        }
        let mut transitions: Vec<Transition> =
            last.into_iter().map(|(subject, at)| Transition { at, stage: StageId(0), subject, ready: true }).collect();
        transitions.sort_by_key(|change| change.at);
        let end = transitions.last().map_or(Time::ZERO, |change| change.at);
        let desired = transitions.len() as u32;
        let record = Record {
            stages: vec![Stage {
                kind: StageKind::Workload,
                name: "workload".to_owned(),
                desired,
                after: vec![],
                reference: false,
            }],
            nodes: vec![],
            replicas: vec![],
            decisions: vec![],
            transitions,
            waits,
            origins,
            resources: (0..9).map(|number| format!("resource {number}")).collect(),
            limits: vec![],
            scale_down: None,
            volumes_lost: 0,
            held: Held::default(),
            members: 0,
            end: End { ready: true, at: end, events: 0, reason: StopReason::Stopped, waiting_for: vec![] },
        };
        let retiming = Retiming::of(&record);
        let path = critical_path(&record, 0).expect("it is ready");
        let drag = |resource: &u16| {
            let drag = retiming.drag(0, path.iter().filter(|piece| piece.resource.0 == *resource));
            drag.as_nanos() / 1_000_000_000
        };
        resources.iter().map(drag).collect()
    }

    #[test]
    fn of_two_in_series_each_adds_its_length_and_of_two_in_parallel_the_gap() {
        let (a, b) = (replica(0), replica(1));
        assert_eq!(drags(vec![works(a, 1, 0, 4), works(a, 2, 4, 10)], vec![], &[1, 2]), [4, 6]);
        assert_eq!(drags(vec![works(a, 1, 0, 10), works(b, 2, 0, 7)], vec![], &[1, 2]), [3, 0]);
        assert_eq!(drags(vec![works(a, 1, 0, 10), works(b, 2, 0, 10)], vec![], &[1]), [0], "another is right behind");
    }

    #[test]
    fn what_waits_for_another_cannot_begin_before_its_own_time() {
        let (a, b) = (replica(0), replica(1));
        let waits =
            vec![works(a, 1, 0, 7), works(b, 2, 0, 5), wait(b, Cause::Dependency, 3, 5, 7, Some(a)), works(b, 4, 7, 9)];
        // Without the work of a, b goes on at 5 instead of 7.
        assert_eq!(drags(waits, vec![], &[1, 4]), [2, 2]);
    }

    #[test]
    fn a_line_before_one_server_adds_all_of_its_work() {
        let [a, b, c] = [0, 1, 2].map(replica);
        let line = |who, to, before| wait(who, Cause::Queue, 1, 0, to, Some(before));
        let waits = vec![
            works(a, 1, 0, 3),
            line(b, 3, a),
            works(b, 1, 3, 7),
            line(c, 7, b),
            works(c, 1, 7, 12),
            works(c, 2, 12, 14),
        ];
        assert_eq!(drags(waits, vec![], &[1, 2]), [12, 2]);
    }

    #[test]
    fn a_poll_and_the_chain_through_a_node_are_moved_together() {
        let a = replica(0);
        let no_room = wait(a, Cause::Dependency, 2, 2, 20, Some(NODE));
        let waits = vec![works(a, 1, 0, 2), no_room, works(NODE, 4, 7, 20), works(a, 5, 20, 25)];
        let origin = Origin { subject: NODE, by: Some(a), resource: ResourceId(3), since: at(2), begun: at(6) };
        // The poll and the decision, 2 to 7, are both of resource 3.
        assert_eq!(drags(waits, vec![origin], &[1, 3, 4, 5]), [2, 5, 13, 5]);
    }
}
