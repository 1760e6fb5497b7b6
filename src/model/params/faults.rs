//! What must hold for faults.

use super::check::{complain, refer, refer_running};
use super::{Complaint, Fault, FaultKind, Scenario};

/// Each kind of fault needs its own keys, and what it strikes must exist.
pub(super) fn faults(scenario: &Scenario, found: &mut Vec<Complaint>) {
    for (name, fault) in scenario.fault.iter() {
        let key = format!("fault.{name}");
        match fault.kind {
            FaultKind::NeverRegisters | FaultKind::BootFailure => {
                needs(found, &key, "probability", "0.01", fault.probability.is_some());
            }
            _ => timed(scenario, found, &key, fault),
        }
    }
}

fn needs(found: &mut Vec<Complaint>, key: &str, what: &str, example: &str, there: bool) {
    if !there {
        let remedy = format!("add a line such as {what} = {example}");
        complain(found, key, format!("this kind of fault needs `{what}`"), remedy);
    }
}

fn timed(scenario: &Scenario, found: &mut Vec<Complaint>, key: &str, fault: &Fault) {
    needs(found, key, "at", "\"5m\"", fault.at.is_some());
    if matches!(fault.kind, FaultKind::OperatorRestart | FaultKind::EtcdStall) {
        needs(found, key, "lasts", "\"2m\"", fault.lasts.is_some());
    }
    let Some(target) = &fault.target else {
        needs(found, key, "target", "\"us-east-1a\"", false);
        return;
    };
    let place = format!("{key}.target");
    match fault.kind {
        FaultKind::ZoneOutage => refer(found, place, "zone", &scenario.zone, target),
        FaultKind::EtcdStall => refer(found, place, "etcd", &scenario.etcd, target),
        FaultKind::SlowRegistry => refer(found, place, "registry", &scenario.registry, target),
        _ => {
            refer_running(found, place.clone(), &scenario.daemonset, target);
            if scenario.daemonset.find(target).is_some_and(|(_, set)| set.join.is_none()) {
                let what = format!("DaemonSet \"{target}\" joins nothing, so it has no operator");
                complain(found, place, what, "name a DaemonSet with a `join` table");
            }
        }
    }
}
