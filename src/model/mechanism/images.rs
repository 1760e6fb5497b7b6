//! Images: pulls on each node, registries that all nodes share, NAT gateways, pull limits, unpacking.
//!
//! A pull waits for a place among the node's parallel pulls. One that the kubelet's pull rate or the registry refuses
//! backs off and enters the line again. The others are transferred, with a share of the registry's bandwidth and of the
//! NAT gateway's, and at most an equal share of the node's; layers are unpacked while others still come. Pods of a node
//! that need the same image wait for one pull.
//!
//! Keys: `[kubelet]` (pulls, unpacking), `registry.*`, `image.*`, `cloud.egress`, `cloud.nat_bandwidth`,
//! `node.network`. Upstream: kubelet `pkg/kubelet/images`: `helpers.go` (pull rate), `image_manager.go` (back-off), and
//! `pkg/kubelet/pod_workers.go` (when a pod is tried again); containerd `core/unpack/unpacker.go`; Docker Hub, pull
//! rate limit; AWS, NAT gateway basics.

use crate::model::params::{self, Egress, Registry};
use crate::model::state::{
    Backoff, Cause, Downloads, Draw, Event, ImageId, ImageTransfer, NodeId, PodId, Pull, RegistryId, ResourceId,
    Resources, Sim, StreamOwner, Unpacking, Wakeup, World,
};
use crate::time::{Span, Time};
use smallvec::smallvec;

impl World<'_> {
    /// The pod needs `image`; answers whether it is there already.
    pub(crate) fn need_image(&mut self, pod: PodId, image: ImageId, sim: &mut Sim) -> bool {
        let node = self.pods[pod].placed_on();
        let images = &mut self.nodes[node].images;
        if images.has(image) {
            return true;
        }
        if let Some(pull) = images.pulls.iter_mut().find(|pull| pull.image == image) {
            pull.waiting.push(pod);
            return false;
        }
        images.pulls.push(Pull {
            image,
            waiting: smallvec![pod],
            transfer: None,
            unpacking: Unpacking::default(),
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

    /// Starts as many waiting pulls as the node does in parallel.
    fn start_pulls(&mut self, node: NodeId, sim: &mut Sim) {
        let most = self.kubelet().parallel_pulls.get();
        while let Some(image) = self.nodes[node].images.next_in_line(most) {
            self.start_pull(node, image, sim);
        }
    }

    /// All pods that need `image` on `node` wait for this.
    #[inline]
    fn pull_waits(&mut self, node: NodeId, image: ImageId, sim: &Sim, cause: Cause, resource: ResourceId) {
        if !self.waits.is_enabled() {
            return;
        }
        for pod in self.nodes[node].images.pull(image).waiting.clone() {
            self.pod_waits_from(pod, sim.now(), cause, resource);
        }
    }

    /// A transfer is over: what it would have taken with nobody else on the node's network, at the registry and at the
    /// gateway, and what those added.
    fn split_transfer(&mut self, node: NodeId, image: ImageId, now: Time) {
        if !self.waits.is_enabled() {
            return;
        }
        let params = self.registry_params(self.plan.image_registry[image]);
        let rate = params.pull_bandwidth.0.min(self.plan.scenario.node.network.0);
        let alone = Span::from_secs_f64(self.plan.image(image).size.0 as f64 / rate);
        for pod in self.nodes[node].images.pull(image).waiting.clone() {
            self.waits.split_transfer(self.pods[pod].entry, alone, now);
        }
    }

    fn registry_params(&self, registry: RegistryId) -> &Registry {
        self.plan.scenario.registry.at(registry.index()).1
    }

    /// The kubelet lets the pull through at its rate, and the registry counts it; each may refuse it.
    fn start_pull(&mut self, node: NodeId, image: ImageId, sim: &mut Sim) {
        let registry = self.plan.image_registry[image];
        let images = &mut self.nodes[node].images;
        let pull = images.pull(image);
        pull.attempts += 1;
        let attempt = pull.attempts;
        if !images.rate.try_take(sim.now(), 1) {
            self.hit_limit("kubelet-pulls", PULL_QPS_EXCEEDED.to_owned(), sim.now());
            self.back_off_pull(node, image, Resources::PULL_LINE, sim);
            return;
        }
        if !self.registry_grants(registry, self.address_of(node), sim.now()) {
            let message = refusal_message(self.registry_params(registry), self.plan.image(image));
            self.hit_limit("registry-pulls", message, sim.now());
            self.back_off_pull(node, image, self.plan.resources.registry(registry), sim);
            return;
        }
        self.nodes[node].images.pull(image).granted = true;
        self.note_pulls(node, image, |record| &mut record.pulling, sim.now());
        self.pull_waits(node, image, sim, Cause::Service, self.plan.resources.registry(registry));
        let owner = StreamOwner::pull(self.plan, image, node, attempt);
        let law = &self.registry_params(registry).request;
        self.schedule_drawn(owner, Draw::PullRequest, law, Event::PullTransfer(node, image), sim);
    }

    /// The public address of a node, as registries see it.
    fn address_of(&self, node: NodeId) -> u64 {
        match self.plan.scenario.cloud.egress {
            Egress::OneNatGateway => 0,
            Egress::NatGatewayPerZone => u64::from(self.nodes[node].zone.0),
            Egress::AddressPerNode => u64::from(node.0),
        }
    }

    fn registry_grants(&mut self, registry: RegistryId, address: u64, now: Time) -> bool {
        let state = &mut self.registries[registry];
        let granted = state.budget.as_mut().is_none_or(|budget| budget.try_take(now, address).is_ok());
        if granted {
            state.pulls.grant(state.budget.as_ref().map_or(0, |budget| budget.used(now, &address)));
        } else {
            state.pulls.refused += 1;
        }
        granted
    }

    /// ImagePullBackOff: the pod's next start that finds the back-off over pulls again.
    fn back_off_pull(&mut self, node: NodeId, image: ImageId, resource: ResourceId, sim: &mut Sim) {
        self.pull_waits(node, image, sim, Cause::Backoff, resource);
        let (initial, longest) = (self.kubelet().pull_backoff_initial, self.kubelet().pull_backoff_max);
        let images = &mut self.nodes[node].images;
        images.running -= 1;
        let pull = images.pull(image);
        let owner = StreamOwner::pull(self.plan, image, node, pull.attempts);
        let backoff = pull.backoff.get_or_insert_with(|| Backoff::new(sim.now(), initial, longest));
        backoff.restart_failed(sim.now());
        let over = backoff.next_from(sim.now());
        let apart = self.draws.span(owner, Draw::PullRetry, &self.kubelet().sync_retry);
        let starts = over.since(sim.now()).as_nanos().div_ceil(apart.as_nanos().max(1));
        sim.schedule_after((apart * starts).max(over.since(sim.now())), Event::PullRetry(node, image));
    }

    /// `PullRetry`: the pull enters the line again.
    pub(crate) fn on_pull_retry(&mut self, node: NodeId, image: ImageId, sim: &mut Sim) {
        self.enter_pull_line(node, image, sim);
    }

    /// `PullTransfer`: the image's bytes share the bandwidth of the registry and of the NAT gateway.
    pub(crate) fn on_pull_transfer(&mut self, node: NodeId, image: ImageId, sim: &mut Sim) {
        let registry = self.plan.image_registry[image];
        self.pull_waits(node, image, sim, Cause::Transfer, self.plan.resources.registry(registry));
        self.nodes[node].images.transfers += 1;
        let cap = self.pull_cap(self.network_share(node), registry);
        let size = self.plan.image(image).size.0 as f64;
        let route = Downloads::route(&self.plan.scenario, registry, self.nodes[node].zone);
        let key = self.downloads.links.start(sim.now(), (node, image), size, cap, route);
        self.nodes[node].images.pull(image).transfer = Some(ImageTransfer { key, cap });
        self.share_node_network(node, sim);
        self.wake_downloads(sim);
    }

    /// What one of the node's transfers may take: an equal share of the node's network, and what the registry allows.
    fn pull_cap(&self, share: f64, registry: RegistryId) -> f64 {
        share.min(self.registry_params(registry).pull_bandwidth.0 * self.registries[registry].left)
    }

    /// An equal share of the node's network.
    fn network_share(&self, node: NodeId) -> f64 {
        let transfers = self.nodes[node].images.transfers.max(1);
        self.plan.scenario.node.network.0 / f64::from(transfers)
    }

    /// The number of the node's transfers has changed: so have their shares.
    fn share_node_network(&mut self, node: NodeId, sim: &Sim) {
        let share = self.network_share(node);
        for place in 0..self.nodes[node].images.pulls.len() {
            let pull = &self.nodes[node].images.pulls[place];
            let (image, Some(ImageTransfer { key, cap: before })) = (pull.image, pull.transfer) else { continue };
            let cap = self.pull_cap(share, self.plan.image_registry[image]);
            if cap.total_cmp(&before).is_eq() {
                continue;
            }
            self.account_for_layers(node, image, sim.now());
            self.nodes[node].images.pulls[place].transfer = Some(ImageTransfer { key, cap });
            self.downloads.links.set_cap(sim.now(), key, cap);
        }
    }

    /// Layers that have arrived by now are unpacked.
    fn account_for_layers(&mut self, node: NodeId, image: ImageId, now: Time) {
        let pull = self.nodes[node].images.pull(image);
        let Some(ImageTransfer { key, .. }) = pull.transfer else { return };
        pull.unpacking.account(&self.plan.image_batches[image], self.downloads.links.passed(now, key));
    }

    /// Moves the wake-up to the next completion.
    fn wake_downloads(&mut self, sim: &mut Sim) {
        let downloads = &mut self.downloads;
        Wakeup::change(&mut downloads.wakeup, downloads.links.next_completion(), Event::PullMayBeComplete, sim);
    }

    /// `PullMayBeComplete`: of complete transfers the last layers are unpacked.
    pub(crate) fn on_pull_may_be_complete(&mut self, sim: &mut Sim) {
        self.downloads.wakeup = None;
        while let Some((key, &(node, image))) = self.downloads.links.first_completed(sim.now()) {
            self.account_for_layers(node, image, sim.now());
            self.downloads.links.take(key);
            self.downloads.completed[image] += 1;
            let images = &mut self.nodes[node].images;
            images.transfers -= 1;
            let pull = images.pull(image);
            pull.transfer = None;
            // The last layer's arrival is known to the nearest nanosecond, which may be the one before.
            let unpacked = pull.unpacking.done.max(sim.now());
            self.share_node_network(node, sim);
            self.split_transfer(node, image, sim.now());
            self.pull_waits(node, image, sim, Cause::Service, Resources::UNPACK);
            sim.schedule_at(unpacked, Event::ImageUnpacked(node, image));
        }
        self.wake_downloads(sim);
    }

    /// `ImageUnpacked`: the pods that waited for it go on.
    pub(crate) fn on_image_unpacked(&mut self, node: NodeId, image: ImageId, sim: &mut Sim) {
        self.note_pulls(node, image, |record| &mut record.pulled, sim.now());
        let images = &mut self.nodes[node].images;
        images.add(image);
        images.running -= 1;
        let place = images.pulls.iter().position(|pull| pull.image == image).expect("the pull is under way");
        let pull = images.pulls.swap_remove(place);
        self.registries[self.plan.image_registry[image]].pulls.arrived += 1;
        self.start_pulls(node, sim);
        for pod in pull.waiting {
            self.image_arrived(pod, sim);
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
        for transfer in pulls.iter().filter_map(|pull| pull.transfer) {
            if let Some(((_, image), left)) = self.downloads.links.abort(sim.now(), transfer.key) {
                self.downloads.cut_short += self.plan.image(image).size.0 as f64 - left;
            }
        }
        self.wake_downloads(sim);
    }

    /// The registry has another part of its bandwidth.
    pub(crate) fn slow_registry(&mut self, registry: RegistryId, left: f64, sim: &mut Sim) {
        self.registries[registry].left = left;
        for node in 0..self.nodes.len() as u32 {
            if self.nodes[node as usize].images.transfers > 0 {
                self.share_node_network(NodeId(node), sim);
            }
        }
        self.wake_downloads(sim);
    }
}

/// What the kubelet says of a pull beyond its rate.
const PULL_QPS_EXCEEDED: &str = "Failed to pull image: pull QPS exceeded";

/// What the kubelet says of a refused pull, as the document quotes it.
pub(crate) fn refusal_message(registry: &Registry, image: &params::Image) -> String {
    format!(
        "image \"{}/{}\": rpc error: code = Unknown desc = Error response from daemon: {}",
        registry.host, image.repository, registry.refusal
    )
}
