//! Against a twin in which each layer has a connection of its own and is an event.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::engine::{LinkId, SharedLinks, TransferKey};

/// What happens to one pull: it begins, and later gets other caps, in MB/s.
#[derive(Clone, Debug)]
struct Story {
    size_mb: u64,
    unpacked_mb: u64,
    layers: u32,
    begins_s: f64,
    cap: f64,
    caps: Vec<(f64, f64)>,
}

impl Story {
    fn image(&self) -> Image {
        image(self.size_mb, self.unpacked_mb, self.layers)
    }

    /// Its cap at an instant at which nothing changes.
    fn cap_at(&self, now_s: f64) -> f64 {
        self.caps.iter().rfind(|(at, _)| *at <= now_s).map_or(self.cap, |(_, cap)| *cap)
    }
}

/// The instants at which stories change something, in order.
fn changes(stories: &[Story]) -> Vec<f64> {
    let mut all: Vec<f64> =
        stories.iter().flat_map(|story| story.caps.iter().map(|(at, _)| *at).chain([story.begins_s])).collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}

/// One layer's bytes that are still to come, in MB, and when they had come.
#[derive(Clone)]
struct Layer {
    left: f64,
    arrived_s: Option<f64>,
}

/// Layers that are under way: the first of those that have not arrived.
fn under_way(layers: &[Layer], together: u32) -> Vec<usize> {
    (0..layers.len()).filter(|&layer| layers[layer].arrived_s.is_none()).take(together as usize).collect()
}

/// Equal rates for pulls up to their caps.
fn shares(capacity: f64, caps: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..caps.len()).collect();
    order.sort_by(|&a, &b| caps[a].total_cmp(&caps[b]));
    let (mut left, mut rates) = (capacity, vec![0.0; caps.len()]);
    for (done, &one) in order.iter().enumerate() {
        rates[one] = caps[one].min(left / (caps.len() - done) as f64);
        left -= rates[one];
    }
    rates
}

/// When each pull is unpacked, with an event for each layer.
fn layer_by_layer(capacity: f64, together: u32, stories: &[Story]) -> Vec<f64> {
    let layers_of = |story: &Story| {
        let left = story.size_mb as f64 / f64::from(story.layers);
        vec![Layer { left, arrived_s: None }; story.layers as usize]
    };
    let mut pulls: Vec<Vec<Layer>> = stories.iter().map(layers_of).collect();
    let mut now_s = 0.0;
    let changes = changes(stories);
    loop {
        let active: Vec<usize> = (0..pulls.len())
            .filter(|&pull| stories[pull].begins_s <= now_s && !under_way(&pulls[pull], together).is_empty())
            .collect();
        let caps: Vec<f64> = active.iter().map(|&pull| stories[pull].cap_at(now_s)).collect();
        let mut rates = Vec::new();
        for (&pull, rate) in active.iter().zip(shares(capacity, &caps)) {
            let layers = under_way(&pulls[pull], together);
            rates.extend(layers.iter().map(|&layer| (pull, layer, rate / layers.len() as f64)));
        }
        let arrives = rates.iter().map(|&(pull, layer, rate)| now_s + pulls[pull][layer].left / rate);
        let next_change = changes.iter().copied().find(|at| *at > now_s).unwrap_or(f64::INFINITY);
        let next = arrives.fold(next_change, f64::min);
        if next.is_infinite() {
            return stories.iter().zip(&pulls).map(|(story, layers)| unpacked_s(story, layers)).collect();
        }
        for (pull, layer, rate) in rates {
            let layer = &mut pulls[pull][layer];
            layer.left -= rate * (next - now_s);
            if layer.left < 1e-9 {
                layer.arrived_s = Some(next);
            }
        }
        now_s = next;
    }
}

/// One layer after the other, each byte at the rate of its place.
fn unpacked_s(story: &Story, layers: &[Layer]) -> f64 {
    let of_layer = story.unpacked_mb as f64 / f64::from(story.layers);
    let (mut written, mut done_s) = (0.0, 0.0_f64);
    for layer in layers {
        let fast = (600.0_f64 - written).clamp(0.0, of_layer);
        let arrived_s = layer.arrived_s.expect("all have arrived");
        done_s = done_s.max(arrived_s) + 1.0 + fast / 100.0 + (of_layer - fast) / 50.0;
        written += of_layer;
    }
    done_s
}

/// A link that carries the pulls, and what is known of the unpacking of each.
struct Pulls<'s> {
    stories: &'s [Story],
    batches: Vec<Vec<Batch>>,
    links: SharedLinks<usize>,
    keys: Vec<Option<TransferKey>>,
    unpackings: Vec<Unpacking>,
}

impl Pulls<'_> {
    fn account(&mut self, now: Time, pull: usize) {
        let (links, key) = (&self.links, self.keys[pull].expect("it has begun"));
        self.unpackings[pull].account(&self.batches[pull], links.passed(now, key));
    }

    fn complete_until(&mut self, until: Time) {
        while let Some(now) = self.links.next_completion().filter(|&at| at <= until) {
            while let Some((_, &pull)) = self.links.first_completed(now) {
                self.account(now, pull);
                self.links.take_completed(now);
                self.keys[pull] = None;
            }
        }
    }

    fn change(&mut self, at_s: f64) {
        let now = Time::from_secs_f64(at_s);
        self.complete_until(now);
        for (pull, story) in self.stories.iter().enumerate() {
            if story.begins_s.total_cmp(&at_s).is_eq() {
                let (size, route) = (story.size_mb as f64 * MB, [Some(LinkId(0)), None]);
                self.keys[pull] = Some(self.links.start(now, pull, size, story.cap_at(at_s) * MB, route));
            }
            if let Some(key) = self.keys[pull]
                && story.caps.iter().any(|(at, _)| at.total_cmp(&at_s).is_eq())
            {
                self.account(now, pull);
                self.links.set_cap(now, key, story.cap_at(at_s) * MB);
            }
        }
    }
}

/// When each pull is unpacked, as the model finds it.
fn by_batches(capacity: f64, together: u32, stories: &[Story]) -> Vec<f64> {
    let kubelet = kubelet(together);
    let mut pulls = Pulls {
        stories,
        batches: stories.iter().map(|story| batches(&story.image(), &kubelet)).collect(),
        links: SharedLinks::new([capacity * MB]),
        keys: vec![None; stories.len()],
        unpackings: vec![Unpacking::default(); stories.len()],
    };
    for at in changes(stories) {
        pulls.change(at);
    }
    pulls.complete_until(Time::MAX);
    pulls.unpackings.iter().map(|unpacking| unpacking.done.as_secs_f64()).collect()
}

fn story() -> impl Strategy<Value = Story> {
    let caps = vec((0_u32..400, 1.0..60.0), 0..4);
    (1..2000_u64, 1..3000_u64, 1..40_u32, 0..200_u32, 1.0..60.0, caps).prop_map(
        |(size_mb, unpacked_mb, layers, begins, cap, caps)| {
            let mut caps: Vec<(f64, f64)> = caps.into_iter().map(|(at, cap)| (f64::from(at) / 4.0, cap)).collect();
            caps.sort_by(|a, b| a.0.total_cmp(&b.0));
            Story { size_mb, unpacked_mb, layers, begins_s: f64::from(begins) / 4.0, cap, caps }
        },
    )
}

proptest! {
    #[test]
    fn batches_are_unpacked_when_layers_with_events_of_their_own_are(
        capacity in 5.0..150.0,
        together in 1..6_u32,
        stories in vec(story(), 1..6),
    ) {
        let expected = layer_by_layer(capacity, together, &stories);
        let found = by_batches(capacity, together, &stories);
        for (found, expected) in found.iter().zip(&expected) {
            prop_assert!((found - expected).abs() < 1e-5, "{found} s, not {expected} s");
        }
    }
}
