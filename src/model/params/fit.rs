//! How many replicas a node holds: resource requests against what a node can give.

use crate::model::params::Scenario;

/// What is left of a node for the workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeRoom {
    /// Thousandths of a vCPU.
    pub millicores: u64,
    /// Bytes of memory.
    pub memory: u64,
    /// Pods.
    pub pods: u64,
    /// GPUs.
    pub gpus: u64,
}

fn millicores(vcpus: f64) -> u64 {
    (vcpus * 1000.0).round() as u64
}

/// What the DaemonSets leave of an otherwise empty node.
pub fn free_on_empty_node(scenario: &Scenario) -> NodeRoom {
    let node = &scenario.node;
    let whole = NodeRoom {
        millicores: millicores(node.allocatable_vcpus),
        memory: node.allocatable_memory.0,
        pods: u64::from(node.max_pods.get()),
        gpus: u64::from(node.gpus),
    };
    scenario.daemonset.iter().filter(|(_, set)| set.enabled).fold(whole, |free, (_, set)| NodeRoom {
        millicores: free.millicores.saturating_sub(millicores(set.vcpus)),
        memory: free.memory.saturating_sub(set.memory.0),
        pods: free.pods.saturating_sub(1),
        ..free
    })
}

/// What of a node its replicas use up first.
pub fn filled_first(scenario: &Scenario) -> &'static str {
    let (free, workload) = (free_on_empty_node(scenario), &scenario.workload);
    let by = |free: u64, each: u64| free.checked_div(each).unwrap_or(u64::MAX);
    let all = [
        ("vCPUs", by(free.millicores, millicores(workload.vcpus))),
        ("memory", by(free.memory, workload.memory.0)),
        ("GPUs", by(free.gpus, u64::from(workload.gpus))),
        ("pods", free.pods),
    ];
    all.into_iter().min_by_key(|(_, replicas)| *replicas).map_or("", |(what, _)| what)
}

/// How many replicas fit on one node beside the DaemonSets.
pub fn replicas_per_node(scenario: &Scenario) -> u32 {
    let free = free_on_empty_node(scenario);
    let by_cpu = free.millicores.checked_div(millicores(scenario.workload.vcpus)).unwrap_or(u64::MAX);
    let by_memory = free.memory.checked_div(scenario.workload.memory.0).unwrap_or(u64::MAX);
    let by_gpus = free.gpus.checked_div(u64::from(scenario.workload.gpus)).unwrap_or(u64::MAX);
    u32::try_from(by_cpu.min(by_memory).min(by_gpus).min(free.pods)).unwrap_or(u32::MAX)
}
