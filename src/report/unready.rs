//! What a scale-up still waited for when it ended, in words.

use crate::model::record::{EarlyEnd, NodeStanding, Phase, Unready};

/// `20 replicas are unschedulable: no node has room`.
pub fn in_words(unready: &Unready) -> String {
    match unready {
        Unready::Early(early) => ended_early(early),
        Unready::Nodes { count, standing } => several(*count, "node", of_nodes(*standing)),
        Unready::Pods { count, daemonset: Some(name), phase } => {
            several(*count, &format!("{name} pod"), of_pods(*phase))
        }
        Unready::Pods { count, daemonset: None, phase } => several(*count, "replica", of_pods(*phase)),
        Unready::NotCreated { count } => several(*count, "replica", ("is", "are", "not created yet")),
        Unready::WhenDeleted { count, stage } => {
            let verb = if *count == 1 { "was" } else { "were" };
            format!("{count} of stage {stage} {verb} not Ready when the Deployment was deleted")
        }
        Unready::Degraded { kind, groups } => {
            let named = format!("Degraded: {kind} ({})", groups.join(", "));
            several(groups.len() as u32, "node group", ("is", "are", &named))
        }
    }
}

/// All of them.
pub fn lines(unready: &[Unready]) -> Vec<String> {
    unready.iter().map(in_words).collect()
}

/// `1 node waits ...`, `2 nodes wait ...`: the verb of one, of several, and the rest.
fn several(count: u32, noun: &str, (one, many, rest): (&str, &str, &str)) -> String {
    if count == 1 { format!("1 {noun} {one} {rest}") } else { format!("{count} {noun}s {many} {rest}") }
}

const fn of_nodes(standing: NodeStanding) -> (&'static str, &'static str, &'static str) {
    match standing {
        NodeStanding::Requested => ("is", "are", "wanted and not launched by the cloud"),
        NodeStanding::Launched => ("is", "are", "launched and not registered"),
        NodeStanding::Registered => ("is", "are", "registered and not Ready"),
        NodeStanding::Gated => ("waits", "wait", "for DaemonSets before replicas may land there"),
        NodeStanding::ToGo => ("waits", "wait", "to be removed"),
        NodeStanding::Draining => ("is", "are", "being drained"),
        NodeStanding::Ending => ("is", "are", "ending"),
    }
}

const fn of_pods(phase: Phase) -> (&'static str, &'static str, &'static str) {
    match phase {
        Phase::Creating => ("is", "are", "being created"),
        Phase::Scheduling => ("is", "are", "being scheduled"),
        Phase::Unschedulable => ("is", "are", "unschedulable: no node has room"),
        Phase::WaitingForNetwork => ("waits", "wait", "for the network of a node"),
        Phase::WaitingForAddress => ("waits", "wait", "for an address of the subnet"),
        Phase::Attaching => ("waits", "wait", "for a volume to be attached"),
        Phase::Mounting => ("waits", "wait", "for a volume to be mounted"),
        Phase::Sandbox => ("waits", "wait", "for a sandbox"),
        Phase::Pulling => ("waits", "wait", "for images"),
        Phase::WaitingForRequired => ("waits", "wait", "for required DaemonSets"),
        Phase::Starting => ("is", "are", "starting"),
        Phase::Joining => ("is", "are", "joining the storage cluster"),
        Phase::Writing => ("is", "are", "writing to a volume for the first time"),
        Phase::Running => ("runs and is", "run and are", "not Ready"),
    }
}

fn ended_early(early: &EarlyEnd) -> String {
    match early {
        EarlyEnd::Events { handled } => format!("run.max_events: {handled} events were handled, and more were to come"),
        EarlyEnd::Nodes { asked_for } => format!(
            "run.horizon: {asked_for} nodes were asked for before it, since those that fail are asked for again; make \
             it shorter, or see what makes nodes fail: limits, [fault], autoscaler.max_node_provision_time"
        ),
        EarlyEnd::Memory { mib } => format!(
            "run.horizon: waits and flaps before it would take {mib} MiB of memory; make it shorter, or see what is \
             retried or flaps without end"
        ),
        EarlyEnd::Repeated { at, events, keys } => {
            let remedy = if keys.is_empty() {
                "see which times of the scenario are 0s".to_owned()
            } else {
                format!("make one of these longer than nothing: {}", keys.join(", "))
            };
            format!("something is repeated without a pause: more than {events} events after {at}; {remedy}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_waits_for_is_said_of_one() {
        let nodes = |count, standing| in_words(&Unready::Nodes { count, standing });
        assert_eq!(nodes(2, NodeStanding::Draining), "2 nodes are being drained");
        assert_eq!(nodes(1, NodeStanding::Draining), "1 node is being drained");
        assert_eq!(nodes(1, NodeStanding::ToGo), "1 node waits to be removed");
        let rok = |count| Unready::Pods { count, daemonset: Some("rok".to_owned()), phase: Phase::Running };
        assert_eq!(in_words(&rok(1)), "1 rok pod runs and is not Ready");
        assert_eq!(in_words(&rok(7)), "7 rok pods run and are not Ready");
        let groups = vec!["a".to_owned()];
        let degraded = Unready::Degraded { kind: "vcpu-quota".to_owned(), groups };
        assert_eq!(in_words(&degraded), "1 node group is Degraded: vcpu-quota (a)");
        let deleted = Unready::WhenDeleted { count: 3, stage: "rok".to_owned() };
        assert_eq!(in_words(&deleted), "3 of stage rok were not Ready when the Deployment was deleted");
    }
}
