//! What nodes and the pods on them wait for, one after the other, of one scale-up: a row for each node.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::params::Scenario;
use crate::model::record::{Cause, DaemonSetPlace, NodeId, NodeRecord, Record, StageKind, Subject, Wait};
use crate::time::Time;

/// At most so many nodes have a row, at equal distances.
pub const ROWS_MAX: usize = 75;

/// So many pods in a row that wait for one another are followed.
const DEEPEST: u8 = 4;

/// The life of a node, from its request until the last thing on it was Ready for good.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "NodeCausesRow", from = "NodeCausesRow")]
pub struct NodeCauses {
    /// The node.
    pub node: NodeId,
    /// When it begins.
    pub from: Time,
    /// Why it waited, and until when.
    pub pieces: Vec<(Cause, Time)>,
}

type NodeCausesRow = (NodeId, Time, Vec<(Cause, Time)>);

/// The waits of some, each in the order of time.
type WaitsBySubject<'r> = BTreeMap<Subject, Vec<&'r Wait>>;

impl From<NodeCauses> for NodeCausesRow {
    fn from(NodeCauses { node, from, pieces }: NodeCauses) -> Self {
        (node, from, pieces)
    }
}

impl From<NodeCausesRow> for NodeCauses {
    fn from((node, from, pieces): NodeCausesRow) -> Self {
        Self { node, from, pieces }
    }
}

/// Of the nodes of a record that were machines; waits must have been recorded.
///
/// A phase of a node ends when what it is of is done: the machine's, then those of pods in the order in which they were
/// Ready for good. Each is split by what its own pod or machine waited for meanwhile; where that was another one on the
/// node, by what that one waited for.
pub fn causes(record: &Record, scenario: &Scenario) -> Vec<NodeCauses> {
    let lived: Vec<&NodeRecord> = record.nodes.iter().filter(|node| node.lived()).collect();
    let stride = lived.len().div_ceil(ROWS_MAX).max(1);
    let rows: Vec<(&NodeRecord, Vec<(Time, Subject)>)> = {
        let replicas = replicas(record);
        lived.into_iter().step_by(stride).map(|node| (node, phases(node, record, &replicas, scenario))).collect()
    };
    let sets = 0..scenario.daemonset.len() as u16;
    let subjects = rows.iter().flat_map(|(node, phases)| {
        let pods = sets.clone().map(|set| Subject::DaemonSetPod(DaemonSetPlace(set), node.number));
        let own = pods.chain([Subject::Node(node.number)]);
        phases.iter().map(|(_, subject)| *subject).chain(own).collect::<Vec<_>>()
    });
    let mut waits: WaitsBySubject<'_> = subjects.map(|subject| (subject, Vec::new())).collect();
    for wait in &record.waits {
        if let Some(own) = waits.get_mut(&wait.subject) {
            own.push(wait);
        }
    }
    rows.into_iter().map(|(node, phases)| row(node, &phases, &waits)).collect()
}

/// The replicas by when they were Ready; of two at one instant, one.
fn replicas(record: &Record) -> BTreeMap<Time, Subject> {
    let workload = record.stages.iter().position(|stage| stage.kind == StageKind::Workload);
    let ready = record.transitions.iter().filter(|change| change.ready && workload == Some(change.stage.index()));
    ready.map(|change| (change.at, change.subject)).collect()
}

/// When each phase of a node ends, and whose it is.
fn phases(
    node: &NodeRecord,
    record: &Record,
    replicas: &BTreeMap<Time, Subject>,
    scenario: &Scenario,
) -> Vec<(Time, Subject)> {
    let own = Subject::Node(node.number);
    let mut phases: Vec<(Time, Subject)> = node.ready.or(node.failed).map(|ready| (ready, own)).into_iter().collect();
    let mut pods: Vec<(Time, Subject)> = Vec::new();
    let sets = record.stages.iter().filter(|stage| stage.kind == StageKind::DaemonSet);
    for (set, ready) in sets.zip(&node.daemonsets) {
        let Some((place, ready)) = place(&set.name, scenario).zip(*ready) else { continue };
        pods.push((ready, Subject::DaemonSetPod(place, node.number)));
    }
    let replica = node.workload.and_then(|ready| Some((ready, *replicas.get(&ready)?)));
    pods.extend(replica);
    pods.sort_unstable();
    phases.extend(pods);
    phases
}

/// The place of a `DaemonSet` in the scenario.
fn place(name: &str, scenario: &Scenario) -> Option<DaemonSetPlace> {
    scenario.daemonset.names().position(|known| known == name).map(|place| DaemonSetPlace(place as u16))
}

fn row(node: &NodeRecord, phases: &[(Time, Subject)], waits: &WaitsBySubject<'_>) -> NodeCauses {
    let from = node.requested.unwrap_or_default();
    let mut life = Life { node: node.number, waits, now: from, pieces: Vec::new() };
    for (end, subject) in phases {
        // What nobody waited for before it began is nothing.
        life.live(*subject, *end, Cause::Ready, DEEPEST);
    }
    NodeCauses { node: node.number, from, pieces: life.pieces }
}

/// A life under construction.
struct Life<'a> {
    node: NodeId,
    waits: &'a WaitsBySubject<'a>,
    now: Time,
    pieces: Vec<(Cause, Time)>,
}

impl Life<'_> {
    /// Goes on with what a subject waits for, until `end`; between its waits, `cause` holds. Who waits for another is
    /// followed to that one so many times at most.
    fn live(&mut self, subject: Subject, end: Time, cause: Cause, deepest: u8) {
        let waits = self.waits;
        for wait in waits.get(&subject).into_iter().flatten().filter(|wait| wait.from < end) {
            self.add(cause, wait.from.min(end));
            if wait.to <= self.now {
                continue;
            }
            let to = wait.to.min(end);
            match wait.blocker.filter(|blocker| wait.cause == Cause::Dependency && self.is_here(*blocker)) {
                // What the other one waits for is what this one waits for.
                Some(blocker) if deepest > 0 => self.live(blocker, to, Cause::Dependency, deepest - 1),
                _ => self.add(wait.cause, to),
            }
        }
        self.add(cause, end);
    }

    /// Whether a subject is this node, or a `DaemonSet`'s pod on it.
    fn is_here(&self, subject: Subject) -> bool {
        matches!(subject, Subject::Node(node) | Subject::DaemonSetPod(_, node) if node == self.node)
    }

    fn add(&mut self, cause: Cause, until: Time) {
        if until <= self.now {
            return;
        }
        self.now = until;
        match self.pieces.last_mut().filter(|last| last.0 == cause) {
            Some(last) => last.1 = until,
            None => self.pieces.push((cause, until)),
        }
    }
}
