//! Images on nodes and at registries: pulls under way, links, pull budgets.

use crate::engine::{LinkId, Route, SharedLinks, TokenBucket, TransferKey, Window, WindowBudget};
use crate::model::params::{Egress, Kubelet, Registry, Scenario, WindowKind};
use crate::model::state::backoff::Backoff;
use crate::model::state::ids::{ImageId, NodeId, PodId, RegistryId, ZoneId};
use crate::model::state::record::{Pulls, Transferred};
use crate::model::state::unpacking::Unpacking;
use crate::model::state::wakeup::Wakeup;
use crate::time::Time;
use smallvec::SmallVec;

/// A registry's shared state.
#[derive(Debug)]
pub(crate) struct RegistryState {
    pub(crate) budget: Option<WindowBudget<u64>>,
    /// The part of its bandwidth that it has: less than one while it is slow.
    pub(crate) left: f64,
    pub(crate) pulls: Pulls,
}

/// The transfers of images: the registries' links, then those of the NAT gateways.
#[derive(Debug)]
pub(crate) struct Downloads {
    pub(crate) links: SharedLinks<(NodeId, ImageId)>,
    /// The next completion.
    pub(crate) wakeup: Option<Wakeup>,
    /// How many transfers were completed, by image.
    pub(crate) completed: Vec<u64>,
    /// Bytes that came of the others, which ended with their nodes.
    pub(crate) cut_short: f64,
}

/// The images of a node and the pulls under way.
#[derive(Debug)]
pub(crate) struct NodeImages {
    /// The images that are there, one bit each.
    pub(crate) present: u64,
    pub(crate) pulls: SmallVec<[Pull; 2]>,
    pub(crate) line: SmallVec<[ImageId; 4]>,
    pub(crate) running: u32,
    pub(crate) transfers: u32,
    pub(crate) rate: TokenBucket,
}

/// One image being pulled to one node.
#[derive(Debug)]
pub(crate) struct Pull {
    pub(crate) image: ImageId,
    pub(crate) waiting: SmallVec<[PodId; 2]>,
    pub(crate) transfer: Option<ImageTransfer>,
    pub(crate) unpacking: Unpacking,
    pub(crate) granted: bool,
    pub(crate) attempts: u32,
    pub(crate) backoff: Option<Backoff>,
}

/// An image's bytes on their way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ImageTransfer {
    pub(crate) key: TransferKey,
    /// Bytes per second at most.
    pub(crate) cap: f64,
}

impl RegistryState {
    pub(crate) fn new(registry: &Registry) -> Self {
        let kind = match registry.window_kind {
            WindowKind::Fixed => Window::Fixed,
            WindowKind::Sliding => Window::Sliding,
        };
        Self {
            left: 1.0,
            pulls: Pulls::default(),
            budget: registry.pull_limit().map(|pulls| WindowBudget::new(u64::from(pulls), registry.window, kind)),
        }
    }
}

impl Downloads {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let gateways = match scenario.cloud.egress {
            Egress::OneNatGateway => 1,
            Egress::NatGatewayPerZone => scenario.zone.len(),
            Egress::AddressPerNode => 0,
        };
        let registries = scenario.registry.iter().map(|(_, registry)| registry.bandwidth);
        let registries = registries.map(|bandwidth| bandwidth.map_or(f64::INFINITY, |bandwidth| bandwidth.0));
        let capacities = registries.chain(std::iter::repeat_n(scenario.cloud.nat_bandwidth.0, gateways));
        let completed = vec![0; scenario.image.len()];
        Self { links: SharedLinks::new(capacities), wakeup: None, completed, cut_short: 0.0 }
    }

    /// What has been transferred, in whole bytes.
    pub(crate) fn transferred(&self, now: Time) -> Transferred {
        Transferred {
            images: self.completed.clone(),
            cut_short: self.cut_short.round() as u64,
            bytes: self.links.carried(now).round() as u64,
            over_links: self.links.carried_over(now).into_iter().map(|bytes| bytes.round() as u64).collect(),
        }
    }

    /// What a transfer from a registry to a node in a zone passes.
    pub(crate) fn route(scenario: &Scenario, registry: RegistryId, zone: ZoneId) -> Route {
        let gateway = match scenario.cloud.egress {
            _ if !scenario.registry.at(registry.index()).1.behind_nat => None,
            Egress::OneNatGateway => Some(0),
            Egress::NatGatewayPerZone => Some(zone.0),
            Egress::AddressPerNode => None,
        };
        let first_gateway = scenario.registry.len() as u16;
        [Some(LinkId(registry.0)), gateway.map(|gateway| LinkId(first_gateway + gateway))]
    }
}

impl NodeImages {
    pub(crate) fn new(kubelet: &Kubelet) -> Self {
        Self {
            present: 0,
            pulls: SmallVec::new(),
            line: SmallVec::new(),
            running: 0,
            transfers: 0,
            rate: TokenBucket::new(kubelet.pull_qps.0, u64::from(kubelet.pull_burst.get())),
        }
    }

    pub(crate) const fn has(&self, image: ImageId) -> bool {
        self.present & 1 << image.0 != 0
    }

    pub(crate) const fn add(&mut self, image: ImageId) {
        self.present |= 1 << image.0;
    }

    /// Takes the first pull of the line, if fewer than `most` are running.
    pub(crate) fn next_in_line(&mut self, most: u32) -> Option<ImageId> {
        if self.running >= most || self.line.is_empty() {
            return None;
        }
        self.running += 1;
        Some(self.line.remove(0))
    }

    pub(crate) fn pull(&mut self, image: ImageId) -> &mut Pull {
        self.pulls.iter_mut().find(|pull| pull.image == image).expect("the pull is under way")
    }
}
