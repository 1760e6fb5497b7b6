//! Images: pulls on each node, registries that all nodes share, pull limits, unpacking.
//!
//! A pull waits for a place among the node's parallel pulls and for the kubelet's pull rate, asks the registry, is
//! transferred with a share of the registry's bandwidth and at most an equal share of the node's, and is unpacked.
//!
//! Keys: `[kubelet]` (pulls, unpacking), `registry.*`, `image.*`, `cloud.egress`, `node.network`.
//! Upstream: kubelet `pkg/kubelet/images`, image pull back-off; containerd; Docker Hub, pull rate limit.

use crate::model::params::{self, Egress, Registry};
use crate::model::state::{
    Backoff, Cause, Draw, Event, ImageId, NodeId, PodId, Pull, RegistryId, ResourceId, Resources, Sim, StreamOwner,
    Transfer, Wakeup, World,
};
use crate::time::Span;
use smallvec::smallvec;

impl World<'_> {
    /// The pod needs `image`; answers whether it is there already.
    pub(crate) fn need_image(&mut self, pod: PodId, image: ImageId, sim: &mut Sim) -> bool {
        let node = self.pods[pod].placed_on();
        let images = &mut self.nodes[node].images;
        if images.has(image) {
            return true;
        }
        self.pods[pod].images_missing += 1;
        if let Some(pull) = images.pulls.iter_mut().find(|pull| pull.image == image) {
            pull.waiting.push(pod);
            return false;
        }
        images.pulls.push(Pull {
            image,
            waiting: smallvec![pod],
            transfer: None,
            granted: false,
            attempts: 0,
            backoff: None,
        });
        self.enter_pull_line(node, image, sim);
        false
    }

    fn enter_pull_line(&mut self, node: NodeId, image: ImageId, sim: &mut Sim) {
        self.pull_waits(node, image, sim, Cause::Queue, Resources::PULL_LINE);
        self.nodes[node].images.line.push(image);
        self.start_pulls(node, sim);
    }

    /// Starts as many waiting pulls as the node does in parallel, no faster than the kubelet's pull rate.
    fn start_pulls(&mut self, node: NodeId, sim: &mut Sim) {
        let most = self.kubelet().parallel_pulls.get();
        let images = &mut self.nodes[node].images;
        while images.running < most && !images.line.is_empty() {
            let image = images.line.remove(0);
            images.running += 1;
            let granted = images.rate.reserve(sim.now(), 1);
            sim.schedule_at(granted, Event::PullStart(node, image));
        }
    }

    /// All pods that need `image` on `node` wait for this. A pod that needs several images shows the last change.
    fn pull_waits(&mut self, node: NodeId, image: ImageId, sim: &Sim, cause: Cause, resource: ResourceId) {
        if !self.waits.is_enabled() {
            return;
        }
        for pod in self.nodes[node].images.pull(image).waiting.clone() {
            self.pod_waits_from(pod, sim.now(), cause, resource);
        }
    }

    fn registry_params(&self, registry: RegistryId) -> &Registry {
        self.plan.scenario.registry.at(registry.index()).1
    }

    /// `PullStart`: the registry counts the pull, and refuses it or answers.
    pub(crate) fn on_pull_start(&mut self, node: NodeId, image: ImageId, sim: &mut Sim) {
        let registry = self.plan.image_registry[image];
        let address = match self.plan.scenario.cloud.egress {
            Egress::OneNatGateway => 0,
            Egress::NatGatewayPerZone => u64::from(self.nodes[node].zone.0),
            Egress::AddressPerNode => u64::from(node.0),
        };
        let pull = self.nodes[node].images.pull(image);
        pull.attempts += 1;
        let attempt = pull.attempts;
        let budget = &mut self.registries[registry].budget;
        if budget.as_mut().is_some_and(|budget| budget.try_take(sim.now(), address).is_err()) {
            self.registries[registry].pulls.refused += 1;
            self.refuse_pull(node, image, registry, sim);
            return;
        }
        let used = budget.as_ref().map_or(0, |budget| budget.used(sim.now(), &address));
        self.registries[registry].pulls.grant(used);
        self.nodes[node].images.pull(image).granted = true;
        self.note_pulls(node, image, |record| &mut record.pulling, sim.now());
        self.pull_waits(node, image, sim, Cause::Service, self.plan.resources.registry(registry));
        let owner = StreamOwner::pull(self.plan, image, node, attempt);
        let law = &self.registry_params(registry).request;
        self.schedule_drawn(owner, Draw::PullRequest, law, Event::PullTransfer(node, image), sim);
    }

    /// ImagePullBackOff.
    fn refuse_pull(&mut self, node: NodeId, image: ImageId, registry: RegistryId, sim: &mut Sim) {
        let params = self.registry_params(registry);
        let message = refusal_message(params, self.plan.image(image));
        self.hit_limit("registry-pulls", message, sim.now());
        self.pull_waits(node, image, sim, Cause::Backoff, self.plan.resources.registry(registry));
        let (initial, longest) = (self.kubelet().pull_backoff_initial, self.kubelet().pull_backoff_max);
        let images = &mut self.nodes[node].images;
        let backoff = images.pull(image).backoff.get_or_insert_with(|| Backoff::new(sim.now(), initial, longest));
        backoff.restart_failed(sim.now());
        let retry = backoff.next_from(sim.now());
        sim.schedule_at(retry, Event::PullRetry(node, image));
        self.leave_pull_place(node, sim);
    }

    /// `PullRetry`: the pull enters the line again.
    pub(crate) fn on_pull_retry(&mut self, node: NodeId, image: ImageId, sim: &mut Sim) {
        self.enter_pull_line(node, image, sim);
    }

    fn leave_pull_place(&mut self, node: NodeId, sim: &mut Sim) {
        self.nodes[node].images.running -= 1;
        self.start_pulls(node, sim);
    }

    /// `PullTransfer`: the image's bytes share the registry's bandwidth.
    pub(crate) fn on_pull_transfer(&mut self, node: NodeId, image: ImageId, sim: &mut Sim) {
        let registry = self.plan.image_registry[image];
        self.pull_waits(node, image, sim, Cause::Transfer, self.plan.resources.registry(registry));
        self.nodes[node].images.transfers += 1;
        let cap = self.pull_cap(node, registry);
        let size = self.plan.image(image).size.0 as f64;
        let key = self.registries[registry].link.start(sim.now(), (node, image), size, cap);
        self.nodes[node].images.pull(image).transfer = Some(Transfer { key, cap });
        self.share_node_network(node, sim);
        self.wake_registry(registry, sim);
    }

    /// What one of the node's transfers may take: an equal share of the node's network, and what the registry allows.
    fn pull_cap(&self, node: NodeId, registry: RegistryId) -> f64 {
        let transfers = self.nodes[node].images.transfers.max(1);
        let share = self.plan.scenario.node.network.0 / f64::from(transfers);
        let cap = self.registry_params(registry).pull_bandwidth.map_or(share, |cap| cap.0.min(share));
        let left = self.registries[registry].left;
        if left < 1.0 { cap.min(self.slowed(registry, left)) } else { cap }
    }

    /// What each transfer of a slow registry gets at most: of its bandwidth for one pull, or of the node's.
    fn slowed(&self, registry: RegistryId, left: f64) -> f64 {
        let full = self.registry_params(registry).pull_bandwidth.unwrap_or(self.plan.scenario.node.network);
        full.0 * left
    }

    /// The number of the node's transfers has changed: so have their shares.
    fn share_node_network(&mut self, node: NodeId, sim: &mut Sim) {
        for place in 0..self.nodes[node].images.pulls.len() {
            let pull = &self.nodes[node].images.pulls[place];
            let (image, Some(Transfer { key, cap: before })) = (pull.image, pull.transfer) else { continue };
            let registry = self.plan.image_registry[image];
            let cap = self.pull_cap(node, registry);
            if cap.total_cmp(&before).is_eq() {
                continue;
            }
            self.nodes[node].images.pulls[place].transfer = Some(Transfer { key, cap });
            self.registries[registry].link.set_cap(sim.now(), key, cap);
            self.wake_registry(registry, sim);
        }
    }

    /// Moves the registry's wake-up to its next completion.
    fn wake_registry(&mut self, registry: RegistryId, sim: &mut Sim) {
        let state = &mut self.registries[registry];
        Wakeup::change(&mut state.wakeup, state.link.next_completion(), Event::PullMayBeComplete(registry), sim);
    }

    /// `PullMayBeComplete`: complete transfers go on to be unpacked.
    pub(crate) fn on_pull_may_be_complete(&mut self, registry: RegistryId, sim: &mut Sim) {
        self.registries[registry].wakeup = None;
        while let Some((node, image)) = self.registries[registry].link.take_completed(sim.now()) {
            let images = &mut self.nodes[node].images;
            images.transfers -= 1;
            images.pull(image).transfer = None;
            self.share_node_network(node, sim);
            self.pull_waits(node, image, sim, Cause::Service, Resources::UNPACK);
            let seconds = self.plan.image(image).unpacked.0 as f64 / self.kubelet().unpack.0;
            sim.schedule_after(Span::from_secs_f64(seconds), Event::ImageUnpacked(node, image));
        }
        self.wake_registry(registry, sim);
    }

    /// `ImageUnpacked`: the pods that waited for it go on.
    pub(crate) fn on_image_unpacked(&mut self, node: NodeId, image: ImageId, sim: &mut Sim) {
        self.note_pulls(node, image, |record| &mut record.pulled, sim.now());
        let images = &mut self.nodes[node].images;
        images.add(image);
        let place = images.pulls.iter().position(|pull| pull.image == image).expect("the pull is under way");
        let pull = images.pulls.swap_remove(place);
        self.registries[self.plan.image_registry[image]].pulls.arrived += 1;
        self.leave_pull_place(node, sim);
        for pod in pull.waiting {
            let state = &mut self.pods[pod];
            state.images_missing -= 1;
            if state.images_missing == 0 {
                self.images_ready(pod, sim);
            }
        }
    }

    /// The node's machine has ended: its pulls end, and others get their bandwidth.
    pub(crate) fn abandon_pulls(&mut self, node: NodeId, sim: &mut Sim) {
        let images = &mut self.nodes[node].images;
        let pulls = std::mem::take(&mut images.pulls);
        images.line.clear();
        (images.running, images.transfers) = (0, 0);
        for pull in pulls.iter().filter(|pull| pull.granted) {
            self.registries[self.plan.image_registry[pull.image]].pulls.abandoned += 1;
        }
        for (image, key) in pulls.iter().filter_map(|pull| Some((pull.image, pull.transfer?.key))) {
            let registry = self.plan.image_registry[image];
            self.registries[registry].link.abort(sim.now(), key);
            self.wake_registry(registry, sim);
        }
    }

    /// The registry has another part of its bandwidth.
    pub(crate) fn slow_registry(&mut self, registry: RegistryId, left: f64, sim: &mut Sim) {
        self.registries[registry].left = left;
        for node in 0..self.nodes.len() as u32 {
            if self.nodes[node as usize].images.transfers > 0 {
                self.share_node_network(NodeId(node), sim);
            }
        }
    }

    /// Image transfers under way from all registries.
    pub(crate) fn transfers_in_flight(&self) -> usize {
        self.registries.iter().map(|registry| registry.link.in_flight()).sum()
    }
}

/// What the kubelet says of a refused pull, as the document quotes it.
pub(crate) fn refusal_message(registry: &Registry, image: &params::Image) -> String {
    format!(
        "image \"{}/{}\": rpc error: code = Unknown desc = Error response from daemon: {}",
        registry.host, image.repository, registry.refusal
    )
}
