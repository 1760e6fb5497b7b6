//! What a scale-up costs: instances are paid from when they run until they have ended.

use crate::model::record::{NodeRecord, Record};
use crate::time::Time;

const SECONDS_PER_HOUR: f64 = 3_600.0;

/// Node-hours that were paid until `until`, the initial nodes' from the start included.
pub fn node_hours(record: &Record, until: Time) -> f64 {
    record.nodes.iter().map(|node| paid_seconds(node, until)).sum::<f64>() / SECONDS_PER_HOUR
}

/// EC2 charges for an instance while it runs: not while it is pending, and not any more once it has ended.
fn paid_seconds(node: &NodeRecord, until: Time) -> f64 {
    let initial = node.requested.is_none().then_some(Time::ZERO);
    let Some(from) = node.running.or(initial) else { return 0.0 };
    let to = node.terminated.or(node.failed).unwrap_or(until).min(until);
    to.since(from).as_secs_f64()
}
