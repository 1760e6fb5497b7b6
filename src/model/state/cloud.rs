//! The cloud account: its call rates, node groups and what its zones hold.

use crate::engine::TokenBucket;
use crate::model::params::Scenario;
use crate::model::state::ids::NodeId;
use crate::model::state::zone::ZoneState;
use std::collections::VecDeque;

/// The account's state.
#[derive(Debug)]
pub(crate) struct CloudState {
    pub(crate) calls: TokenBucket,
    pub(crate) instances: TokenBucket,
    /// Calls of `AssignPrivateIpAddresses`.
    pub(crate) assign_calls: TokenBucket,
    /// Calls of `CreateNetworkInterface`, and those that follow it.
    pub(crate) interface_calls: TokenBucket,
    pub(crate) vcpus_used: u64,
    pub(crate) groups: Vec<Group>,
    pub(crate) zones: Vec<ZoneState>,
}

/// A node group.
#[derive(Debug, Default)]
pub(crate) struct Group {
    /// Nodes that are wanted and not launched.
    pub(crate) wanted: VecDeque<NodeId>,
    /// A launch was refused since the autoscaler last looked.
    pub(crate) failed: bool,
    /// What its last call met; `None` while all is well.
    pub(crate) degraded: Option<&'static str>,
    pub(crate) call_scheduled: bool,
    pub(crate) calls: u32,
}

impl CloudState {
    pub(crate) fn new(scenario: &Scenario, groups: usize) -> Self {
        let cloud = &scenario.cloud;
        let network_calls = TokenBucket::new(scenario.cni.calls_per_s.0, u64::from(scenario.cni.calls_burst.get()));
        Self {
            calls: TokenBucket::new(cloud.launch_calls_per_s.0, u64::from(cloud.launch_calls_burst.get())),
            instances: TokenBucket::new(cloud.launch_instances_per_s.0, u64::from(cloud.launch_instances_burst.get())),
            assign_calls: network_calls.clone(),
            interface_calls: network_calls,
            vcpus_used: u64::from(scenario.cluster.initial_nodes) * u64::from(scenario.node.vcpus.get()),
            groups: (0..groups).map(|_| Group::default()).collect(),
            zones: scenario.zone.iter().map(|(_, zone)| ZoneState::new(zone, &scenario.node.instance_type)).collect(),
        }
    }
}
