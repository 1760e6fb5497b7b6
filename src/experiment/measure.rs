//! From the record of one replication to what targets measure of it.

use crate::experiment::results::StageTimes;
use crate::model::record::{Decision, NodeRecord, Record, ReplicaRecord, Stage, StageKind};
use crate::scenario::{Each, Measure};
use crate::stats::Sorted;
use crate::time::Time;

/// Stands for seconds that are never over.
const NEVER: f64 = 1e18;
/// No scale-up takes as long, and what lies ever so little towards [`NEVER`] is longer.
const LONGEST: f64 = 1e9;

/// The value of a measure in seconds, or a count; absent where it never came to that.
pub(super) fn measured(measure: &Measure, record: &Record, times: &[StageTimes]) -> Option<f64> {
    match measure {
        Measure::Stages { .. } | Measure::Flaps { .. } => of_stages(measure, &record.stages, times),
        Measure::Count { each, to, at } => {
            let until = Time::ZERO + *at;
            Some(instants(record, *each, to)?.into_iter().flatten().filter(|time| *time <= until).count() as f64)
        }
        Measure::Quantile { each, from, from_first, to, quantile } => {
            let ends = instants(record, *each, to)?;
            let begins = match from {
                None => vec![Some(Time::ZERO); ends.len()],
                Some(from) => instants(record, *each, from)?,
            };
            let first = begins.iter().flatten().min().copied();
            let begin = |own: Option<Time>| if *from_first { first } else { own };
            let span = |(own, end): (Option<Time>, Option<Time>)| {
                let begin = begin(own)?;
                Some(end.map_or(NEVER, |end| apart(begin, end)))
            };
            let spans: Vec<f64> = begins.into_iter().zip(ends).filter_map(span).collect();
            Some(Sorted::of(&spans)?.quantile(*quantile)).filter(|seconds| *seconds < LONGEST)
        }
    }
}

/// The value of a measure of what the stages did; absent where one never became ready, or it is no such measure.
pub(super) fn of_stages(measure: &Measure, stages: &[Stage], times: &[StageTimes]) -> Option<f64> {
    let of = |name: &str| times.get(stages.iter().position(|stage| stage.name == name)?);
    match measure {
        Measure::Stages { from, to } => {
            let from = from.as_ref().map_or(Some(Time::ZERO), |from| of(from)?.ready);
            Some(apart(from?, of(to)?.ready?))
        }
        Measure::Flaps { stage } => Some(f64::from(of(stage)?.flaps)),
        Measure::Count { .. } | Measure::Quantile { .. } => None,
    }
}

/// Seconds from one instant to another; negative where the other was first.
pub(crate) fn apart(from: Time, to: Time) -> f64 {
    to.since(from).as_secs_f64() - from.since(to).as_secs_f64()
}

/// When each of them reached a milestone; `None` where there is no such milestone.
fn instants(record: &Record, each: Each, milestone: &str) -> Option<Vec<Option<Time>>> {
    match each {
        Each::Node => {
            let of = of_node(&record.stages, milestone)?;
            // A node of the start was not asked for, and one that failed was not there to be measured.
            let new = |node: &&NodeRecord| node.requested.is_some() && node.failed.is_none();
            Some(record.nodes.iter().filter(new).map(of).collect())
        }
        Each::Replica => Some(record.replicas.iter().map(of_replica(milestone)?).collect()),
        Each::Decision => {
            let of: fn(&Decision) -> Time = match milestone {
                "begun" => |decision| decision.begun,
                "made" => |decision| decision.made,
                _ => return None,
            };
            Some(record.decisions.iter().map(|decision| Some(of(decision))).collect())
        }
    }
}

type OfNode = Box<dyn Fn(&NodeRecord) -> Option<Time>>;

fn of_node(stages: &[Stage], milestone: &str) -> Option<OfNode> {
    let of: fn(&NodeRecord) -> Option<Time> = match milestone {
        "requested" => |node| node.requested,
        "launched" => |node| node.launched,
        "running" => |node| node.running,
        "booted" => |node| node.booted,
        "registered" => |node| node.registered,
        "ready" | "nodes" => |node| node.ready,
        "workload" => |node| node.workload,
        name => {
            let mut sets = stages.iter().filter(|stage| stage.kind == StageKind::DaemonSet);
            let place = sets.position(|stage| stage.name == name)?;
            return Some(Box::new(move |node| node.daemonsets.get(place).copied().flatten()));
        }
    };
    Some(Box::new(of))
}

fn of_replica(milestone: &str) -> Option<fn(&ReplicaRecord) -> Option<Time>> {
    Some(match milestone {
        "created" => |replica| replica.created,
        "scheduled" => |replica| replica.scheduled,
        "pulling" => |replica| replica.pulling,
        "pulled" => |replica| replica.pulled,
        "running" => |replica| replica.running,
        "ready" => |replica| replica.ready,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::StopReason;
    use crate::model::record::{End, Held, NodeId};
    use crate::time::Span;

    #[expect(clippy::unnecessary_wraps, reason = "a record's milestones may be absent")]
    fn at(seconds: f64) -> Option<Time> {
        Some(Time::from_secs_f64(seconds))
    }

    /// Nodes that register 10, 12, 18 and 20 s after the Deployment's creation and are Ready 4 s later, one of which is
    /// not; and an initial one.
    fn record() -> Record {
        let node = |number: u32, registered: f64| NodeRecord {
            number: NodeId(number),
            requested: at(1.0),
            registered: at(registered),
            ready: at(registered + 4.0).filter(|_| number < 4),
            daemonsets: [at(registered + 3.0)].into_iter().collect(),
            ..NodeRecord::default()
        };
        let failed = NodeRecord { requested: at(1.0), failed: at(900.0), ..NodeRecord::default() };
        let mut nodes: Vec<NodeRecord> =
            [10.0, 12.0, 18.0, 20.0].into_iter().zip(1..).map(|(s, n)| node(n, s)).collect();
        nodes.extend([NodeRecord { ready: at(0.0), ..NodeRecord::default() }, failed]);
        let replica = |created: f64| ReplicaRecord { created: at(created), ..ReplicaRecord::default() };
        let stage =
            |kind, name: &str| Stage { kind, name: name.to_owned(), desired: 4, after: vec![], reference: false };
        Record {
            stages: vec![stage(StageKind::Nodes, "nodes"), stage(StageKind::DaemonSet, "agent")],
            nodes,
            replicas: vec![replica(0.1), replica(0.2), replica(1.2)],
            decisions: vec![Decision { begun: Time::from_secs_f64(5.0), made: Time::from_secs_f64(9.0) }],
            transitions: vec![],
            waits: vec![],
            origins: vec![],
            resources: vec![],
            limits: vec![],
            scale_down: None,
            volumes_lost: 0,
            held: Held::default(),
            members: 0,
            end: End { ready: true, at: Time::ZERO, events: 0, reason: StopReason::Stopped, waiting_for: vec![] },
        }
    }

    fn quantile(each: Each, from: Option<&str>, from_first: bool, to: &str, quantile: f64) -> Option<f64> {
        let measure =
            Measure::Quantile { each, from: from.map(str::to_owned), from_first, to: to.to_owned(), quantile };
        measured(&measure, &record(), &[])
    }

    #[test]
    fn quantiles_are_of_new_nodes_that_did_not_fail() {
        let node = |from, from_first, to, part| quantile(Each::Node, from, from_first, to, part);
        assert_eq!(node(None, false, "registered", 0.5), Some(15.0));
        assert_eq!(node(Some("registered"), true, "registered", 0.5), Some(5.0));
        assert_eq!(node(Some("registered"), true, "registered", 1.0), Some(10.0));
        assert_eq!(node(Some("registered"), true, "agent", 1.0), Some(13.0));
        assert_eq!(node(Some("requested"), false, "registered", 0.0), Some(9.0));
        assert_eq!(node(Some("ready"), false, "agent", 0.0), Some(-1.0));
    }

    #[test]
    fn a_time_that_is_never_over_is_longer_than_all_others() {
        let ready = |part| quantile(Each::Node, Some("registered"), false, "ready", part);
        assert_eq!((ready(0.5), ready(0.7), ready(1.0)), (Some(4.0), None, None));
        assert_eq!(quantile(Each::Replica, Some("pulling"), false, "pulled", 0.5), None, "nothing was pulled");
    }

    #[test]
    fn those_are_counted_that_got_there_in_time() {
        let count = |each, to: &str, seconds| {
            let measure = Measure::Count { each, to: to.to_owned(), at: Span::from_secs(seconds) };
            measured(&measure, &record(), &[])
        };
        assert_eq!((count(Each::Replica, "created", 1), count(Each::Replica, "created", 2)), (Some(2.0), Some(3.0)));
        assert_eq!((count(Each::Node, "registered", 18), count(Each::Node, "nothing", 18)), (Some(3.0), None));
        assert_eq!(quantile(Each::Decision, Some("begun"), false, "made", 0.99), Some(4.0));
    }

    #[test]
    fn a_stage_counts_from_another_or_from_the_beginning_and_has_flaps() {
        let ready = |seconds, flaps| StageTimes { ready: at(seconds), flaps, ..StageTimes::default() };
        let times = [ready(24.0, 0), ready(20.0, 7)];
        let of = |measure: &Measure| measured(measure, &record(), &times);
        let between =
            |from: Option<&str>, to: &str| of(&Measure::Stages { from: from.map(str::to_owned), to: to.to_owned() });
        assert_eq!(between(None, "nodes"), Some(24.0));
        assert_eq!(between(Some("nodes"), "agent"), Some(-4.0));
        assert_eq!(between(None, "workload"), None);
        let flaps = |stage: &str| of(&Measure::Flaps { stage: stage.to_owned() });
        assert_eq!((flaps("agent"), flaps("workload")), (Some(7.0), None));
    }
}
