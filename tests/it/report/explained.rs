//! A made-up study that is explained: its charts, and what its page says.

use super::charts::study;
use super::made_up::{Sketch, results};
use scaleup::experiment::causes::NodeCauses;
use scaleup::experiment::explain::{Bottleneck, Explanation, ResourceUse, Step, UsePoint};
use scaleup::experiment::holders::{Part, StagePath};
use scaleup::experiment::results::CaseResult;
use scaleup::model::record::{Cause, NodeId, ReplicaId, Subject};
use scaleup::report::chart;
use scaleup::report::study::Study;
use scaleup::time::{Span, Time};

fn at(seconds: u64) -> Time {
    Time::ZERO + Span::from_secs(seconds)
}

/// A resource that many wait for in the middle of 1,500 s, with this part of it used then.
fn used(resource: &str, used: Option<f64>) -> ResourceUse {
    let point = |number: u32| {
        let is_busy = (30..80).contains(&number);
        let waiting = if is_busy { f64::from(80 - number) } else { 0.0 };
        UsePoint {
            at_s: 15.0 * f64::from(number),
            waiting,
            waiting_band: (0.8 * waiting, 1.2 * waiting),
            served: f64::from(u8::from(is_busy)),
            used: used.map(|used| if is_busy { used } else { 0.0 }),
            unfinished_s: 10.0 * waiting,
        }
    };
    ResourceUse {
        resource: resource.to_owned(),
        busy: 0.5,
        used: used.map(|used| 0.5 * used),
        longest_line: 50.0,
        longest_wait_s: 700.0,
        bound_s: Some((450.0, 1_200.0)),
        points: (0..=100).map(point).collect(),
    }
}

fn explanation(case: &CaseResult, with_capacity: bool) -> Explanation {
    let steps = [
        ("autoscaler", Cause::Poll, Subject::Node(NodeId(40)), 0, 10),
        ("machine", Cause::Boot, Subject::Node(NodeId(40)), 10, 300),
        ("volume-server", Cause::Queue, Subject::Replica(ReplicaId(7)), 300, 900),
        ("volume-server", Cause::Service, Subject::Replica(ReplicaId(7)), 900, 1_200),
        ("container-start", Cause::Service, Subject::Replica(ReplicaId(7)), 1_200, 1_320),
    ];
    let parts = steps.iter().map(|(resource, cause, _, from, to)| Part {
        resource: (*resource).to_owned(),
        cause: *cause,
        length: Span::from_secs(to - from),
    });
    let parts = vec![vec![parts.collect::<Vec<_>>(); case.stages.len()]; 2];
    let told = steps.map(|(resource, cause, subject, from, to)| Step {
        subject,
        whose: if matches!(subject, Subject::Node(_)) { "node" } else { "replica" }.to_owned(),
        cause,
        resource: resource.to_owned(),
        from: at(from),
        to: at(to),
    });
    let bottleneck =
        |resource: &str, from, to| Bottleneck { resource: resource.to_owned(), from: at(from), to: at(to) };
    Explanation {
        stages: StagePath::all(&case.stages, &parts),
        reliefs: vec![],
        pairs: vec![],
        resources: vec![
            used("a-resource-with-a-long-name-that-few-wait-for", None),
            used("volume-server", with_capacity.then_some(1.0)),
        ],
        told: Some((3, told.to_vec())),
        bottlenecks: vec![
            bottleneck("controller-manager", 5, 60),
            bottleneck("a-resource-with-a-long-name-that-few-wait-for", 40, 400),
            bottleneck("volume-server", 300, 1_200),
            bottleneck("scheduler", 1_250, 1_251),
        ],
        replications: 2,
        never: None,
    }
}

/// A run that is explained, with what its nodes waited for.
pub fn explained(with_capacity: bool) -> Study {
    let mut results = results("explain", &[Sketch::documented(300)]);
    for case in &mut results.cases {
        let row = |node: u32| {
            let from = u64::from(node % 20);
            let pieces = [
                (Cause::Limit, 20),
                (Cause::Boot, 200),
                (Cause::Dependency, 240),
                (Cause::Queue, 600),
                (Cause::Transfer, 660),
                (Cause::Sharing, 700),
                (Cause::Backoff, 800),
                (Cause::Service, 1_100),
                (Cause::Poll, 1_110),
                (Cause::Probe, 1_130),
                (Cause::Ready, 1_200),
            ];
            NodeCauses {
                node: NodeId(node),
                from: at(from),
                pieces: pieces.map(|(cause, until)| (cause, at(from + until))).to_vec(),
            }
        };
        case.detail.iter_mut().for_each(|detail| detail.causes = (0..300).step_by(4).map(row).collect());
        case.why = Some(Box::new(explanation(case, with_capacity)));
    }
    study(results)
}

#[test]
fn the_chart_of_what_binds_names_the_shared_resource_that_holds_the_path() {
    let charts = chart::of_case(&explained(true), 0);
    let names: Vec<&str> = charts.iter().map(|chart| chart.name.as_str()).collect();
    assert_eq!(names, ["critical-path", "bottleneck", "queues", "readiness", "distribution", "timeline", "flaps"]);
    let alt = charts[1].alt();
    assert!(alt.contains("the line of volume-server and its utilisation"), "{alt}");
    assert!(alt.ends_with("volume-server from 5m 00s to 20m 00s; scheduler from 20m 50s to 20m 51s."), "{alt}");
    let svg = charts[1].svg();
    assert!(svg.contains("300 nodes: volume-server is 50 % busy, with up to 50 in its"), "{svg}");
}

#[test]
fn a_timeline_is_split_by_cause_where_that_is_known() {
    let charts = chart::of_case(&explained(true), 0);
    let timeline = charts.iter().find(|chart| chart.name == "timeline").expect("nodes are known").svg();
    for cause in ["in a line", "rate or limit", "work", "back-off", "others on the link"] {
        assert!(timeline.contains(&format!("<g data-group=\"{cause}\">")), "{cause}");
    }
}
