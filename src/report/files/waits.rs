//! `waits.csv`: what every entity waited for in replication 0 of each case.
//!
//! Must not know: which wait was to blame.

use crate::experiment::results::Results;
use crate::model::record::Subject;

use super::sheet::{Sheet, fine_seconds};

const COLUMNS: [&str; 6] = ["subject", "cause", "resource", "blocker", "from_s", "to_s"];

/// `waits.csv`: a row for every wait, in the order in which they ended.
///
/// Subjects and blockers are `node/12`, `daemonset/2/node/12` (the third `DaemonSet` of the scenario) or `replica/7`.
/// Waits can be shorter than a millisecond, so their times have six decimals.
pub fn waits(results: &Results) -> Vec<u8> {
    let mut sheet = Sheet::new(results, COLUMNS);
    for (number, case) in results.cases.iter().enumerate() {
        sheet.begin_case(number, case);
        for wait in &case.waits.list {
            let resource = case.waits.resources.get(usize::from(wait.resource));
            sheet.row([
                name(wait.subject).as_str(),
                wait.cause.word(),
                resource.map_or("", String::as_str),
                &wait.blocker.map_or_else(String::new, name),
                &fine_seconds(wait.from),
                &fine_seconds(wait.to),
            ]);
        }
    }
    sheet.into_bytes()
}

fn name(subject: Subject) -> String {
    match subject {
        Subject::Node(node) => format!("node/{node}"),
        Subject::DaemonSetPod(daemonset, node) => format!("daemonset/{daemonset}/node/{node}"),
        Subject::Replica(replica) => format!("replica/{replica}"),
    }
}
