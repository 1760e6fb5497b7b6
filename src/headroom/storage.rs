//! The storage cluster: its etcd's disk, and drains without protection.

use super::{Headroom, LimitVerdict};
use crate::model::params::{DaemonSet, Drain};
use crate::model::state::plan::{DaemonSetPlan, Plan};
use crate::time::Span;

/// Above so many nodes a disk that lives on burst credits should not hold a storage cluster's etcd.
/// Source: the document, "for clusters larger than 100 nodes, we highly recommend that you switch from a gp2 to a io1
/// volume".
const BURST_DISK_NODES: u64 = 100;

/// The disks of the etcd clusters that keep a membership.
pub(super) fn etcd_disks(plan: &Plan) -> Vec<Headroom> {
    plan.daemonsets.iter().filter_map(|set| etcd_disk(plan, set)).collect()
}

fn etcd_disk(plan: &Plan, set: &DaemonSetPlan) -> Option<Headroom> {
    let scenario = &plan.scenario;
    let (_, etcd) = scenario.etcd.find(&set.params.join.as_ref()?.etcd)?;
    let (_, disk) = scenario.disk.find(&etcd.disk)?;
    let (_, kind) = scenario.volume_type.find(&disk.kind)?;
    let nodes = u64::from(plan.desired_nodes);
    let key = format!("disk.{}.kind", etcd.disk);
    let have = kind.burst_iops.map(|_| BURST_DISK_NODES);
    let mut found = Headroom::new("etcd-disk", key, "members", nodes, have);
    if have.is_none() {
        return Some(Headroom { verdict: LimitVerdict::Fits, ..found });
    }
    if found.lacks() {
        found.verdict = LimitVerdict::Advice;
        found.message = Some(format!(
            "the etcd of {} is on {}, which lives on burst credits: probes fail and joins slow down under load",
            set.name, disk.kind
        ));
        found.remedy = Some(format!("io1 above {BURST_DISK_NODES} nodes"));
    }
    Some(found)
}

/// Drains that the cloud may cut short.
pub(super) fn scale_in_protection(plan: &Plan) -> Option<Headroom> {
    plan.scenario.workload.run_time.as_ref()?;
    let longest = plan.daemonsets.iter().filter_map(|set| Some(drain_length(set.params.drain.as_ref()?, &set.params)));
    let cloud = &plan.scenario.cloud;
    let taint = plan.scenario.autoscaler.node_delete_delay_after_taint.as_secs_f64();
    let need = (taint + longest.reduce(|a, b| a + b)?).round() as u64;
    let patience = cloud.forced_termination_after.as_secs_f64().round() as u64;
    let key = "cloud.scale_in_protection";
    let mut found = Headroom::new("scale-in-protection", key, "seconds per drain", need, Some(patience));
    if cloud.scale_in_protection {
        return Some(Headroom { have: None, verdict: LimitVerdict::Fits, ..found });
    }
    let after = Span::from_secs(patience);
    found.verdict = if found.lacks() { LimitVerdict::Binds } else { LimitVerdict::Advice };
    found.when = Some(format!("{after} after each drain's begin that lasts longer"));
    found.message =
        Some("the instance is terminated although its drain has not finished: its volumes are lost".to_owned());
    found.remedy = Some("set scale-in protection at the Auto Scaling group and at its instances".to_owned());
    Some(found)
}

/// How long a drain takes on average, in seconds.
fn drain_length(drain: &Drain, set: &DaemonSet) -> f64 {
    let leave = set.join.as_ref().map_or(0.0, |join| join.operator.mean());
    f64::from(drain.volumes) * drain.unpin.mean() + leave + drain.guard.mean()
}
