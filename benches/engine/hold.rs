//! Hold: one event is taken and one is added, with n pending.

use std::collections::BinaryHeap;
use std::hint::black_box;
use std::rc::Rc;

use criterion::{BenchmarkId, Criterion, Throughput};
use dary_heap::DaryHeap;
use rand::RngExt;
use scaleup::engine::EventQueue;
use scaleup::time::Time;

use crate::cpu_time::CpuTime;
use crate::heap::{Heap, Ordered};
use crate::models::Batches;
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

/// The increments' mean is about a second, where there is one. The last three are the worst cases.
const LAWS: [Law; 7] = [
    ("exponential", |draws| draws.nanos(1.0)),
    ("uniform", |draws| draws.0.random_range(0..2_000_000_000)),
    ("bimodal", |draws| if draws.0.random_bool(0.95) { draws.nanos(0.1) } else { draws.nanos(10.0) }),
    ("constant", |_| 1_000_000_000),
    // Shape 1.1: most are short, and few are most of the sum.
    ("pareto", |draws| (1e8 * libm::exp(draws.exponential(1.0 / 1.1))) as u64),
    ("one instant", |_| 0),
    ("one far", |draws| if draws.0.random_range(0..1 << 20) == 0 { 1 << 62 } else { draws.nanos(1.0) }),
];

const LAWS_DRAWN: usize = 1 << 20;

/// Holds in one batch.
pub const HOLDS: u64 = 1_000;

/// Increments from the law in this place.
fn increments(law: usize) -> Rc<[u64]> {
    let mut draws = Draws::new();
    (0..if is_test() { 1 << 10 } else { LAWS_DRAWN }).map(|_| LAWS[law].1(&mut draws)).collect()
}

/// A hold on a queue in its steady state, in which the pending times are no longer as they were drawn.
fn steady<Q: Queue + 'static>(pending: usize, increments: &Rc<[u64]>) -> impl FnMut() + use<Q> {
    let (mut queue, mut next, increments) = (Q::default(), 0, Rc::clone(increments));
    let mut increment = move || {
        next = (next + 1) & (increments.len() - 1);
        increments[next]
    };
    for number in 0..pending {
        queue.push(increment(), [number as u64; 2]);
    }
    let mut hold = move || {
        if let Some((at, payload)) = queue.pop() {
            // The farthest time of all stays where it is.
            queue.push(at.saturating_add(increment()), black_box(payload));
        }
    };
    for _ in 0..if is_test() { 0 } else { 2 * pending.max(100_000) } {
        hold();
    }
    hold
}

type Queues = Vec<(&'static str, Batches)>;

fn batches(mut hold: impl FnMut() + 'static) -> Batches {
    Box::new(move || (0..HOLDS).for_each(|_| hold()))
}

/// Every queue with so many pending events, by name; this one comes first.
pub fn holds(law: usize, pending: usize) -> Queues {
    let increments = increments(law);
    vec![
        ("scaleup", batches(steady::<EventQueue<Payload>>(pending, &increments))),
        ("std", batches(steady::<Heap<BinaryHeap<Ordered<Payload>>>>(pending, &increments))),
        ("dary_heap", batches(steady::<Heap<DaryHeap<Ordered<Payload>, 4>>>(pending, &increments))),
    ]
}

pub fn hold(criterion: &mut Criterion<CpuTime>) {
    let sizes = if is_test() { &[100, 1_000][..] } else { &[100, 1_000, 10_000, 100_000, 1_000_000] };
    for (place, (law, _)) in LAWS.iter().enumerate() {
        let mut group = criterion.benchmark_group(format!("hold-{law}"));
        group.throughput(Throughput::Elements(HOLDS));
        for &pending in sizes {
            for (name, mut batch) in holds(place, pending) {
                group.bench_function(BenchmarkId::new(name, pending), |bencher| bencher.iter(&mut batch));
            }
        }
    }
}
