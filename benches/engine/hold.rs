//! Hold: one event is taken and one is added, with n pending.

use std::collections::BinaryHeap;
use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion};
use dary_heap::DaryHeap;
use rand::RngExt;
use scaleup::engine::EventQueue;
use scaleup::time::Time;

use crate::heap::{Heap, Ordered};
use crate::{Draws, is_test};

type Payload = [u64; 2];

trait Queue: Default {
    fn push(&mut self, at: u64, payload: Payload);
    fn pop(&mut self) -> Option<(u64, Payload)>;
}

impl Queue for EventQueue<Payload> {
    fn push(&mut self, at: u64, payload: Payload) {
        self.push(Time::from_nanos(at), payload);
    }
    fn pop(&mut self) -> Option<(u64, Payload)> {
        self.pop().map(|(at, payload)| (at.as_nanos(), payload))
    }
}

impl Queue for Heap<BinaryHeap<Ordered<Payload>>> {
    fn push(&mut self, at: u64, payload: Payload) {
        let entry = self.order(at, payload);
        self.heap.push(entry);
    }
    fn pop(&mut self) -> Option<(u64, Payload)> {
        self.heap.pop().map(|entry| (entry.at(), entry.1))
    }
}

impl Queue for Heap<DaryHeap<Ordered<Payload>, 4>> {
    fn push(&mut self, at: u64, payload: Payload) {
        let entry = self.order(at, payload);
        self.heap.push(entry);
    }
    fn pop(&mut self) -> Option<(u64, Payload)> {
        self.heap.pop().map(|entry| (entry.at(), entry.1))
    }
}

type Law = (&'static str, fn(&mut Draws) -> u64);

/// The increments' mean is about a second.
const LAWS: [Law; 4] = [
    ("exponential", |draws| draws.nanos(1.0)),
    ("uniform", |draws| draws.0.random_range(0..2_000_000_000)),
    ("bimodal", |draws| if draws.0.random_bool(0.95) { draws.nanos(0.1) } else { draws.nanos(10.0) }),
    ("constant", |_| 1_000_000_000),
];

fn hold_with<Q: Queue>(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, pending: usize, increments: &[u64]) {
    let mut prepared = None;
    group.bench_function(BenchmarkId::new(name, pending), |bencher| {
        bencher.iter(prepared.get_or_insert_with(|| steady::<Q>(pending, increments)));
    });
}

/// A hold on a queue in its steady state, in which the pending times are no longer as they were drawn.
fn steady<Q: Queue>(pending: usize, increments: &[u64]) -> impl FnMut() {
    let (mut queue, mut next) = (Q::default(), 0);
    let mut increment = move || {
        next = (next + 1) & (increments.len() - 1);
        increments[next]
    };
    for number in 0..pending {
        queue.push(increment(), [number as u64; 2]);
    }
    let mut hold = move || {
        if let Some((at, payload)) = queue.pop() {
            queue.push(at + increment(), black_box(payload));
        }
    };
    for _ in 0..if is_test() { 0 } else { 2 * pending.max(100_000) } {
        hold();
    }
    hold
}

pub fn hold(criterion: &mut Criterion) {
    let sizes = if is_test() { &[100, 1_000][..] } else { &[100, 1_000, 10_000, 100_000, 1_000_000] };
    for (law, increment) in LAWS {
        let mut draws = Draws::new();
        let increments: Vec<u64> =
            (0..if is_test() { 1 << 10 } else { 1 << 20 }).map(|_| increment(&mut draws)).collect();
        let mut group = criterion.benchmark_group(format!("hold-{law}"));
        for &pending in sizes {
            hold_with::<EventQueue<Payload>>(&mut group, "scaleup", pending, &increments);
            hold_with::<Heap<DaryHeap<Ordered<Payload>, 4>>>(&mut group, "dary_heap", pending, &increments);
            hold_with::<Heap<BinaryHeap<Ordered<Payload>>>>(&mut group, "std", pending, &increments);
        }
    }
}
