//! The event kernel beside its peers, on the same models and random numbers, and the engine's resources alone.
//!
//! Run with `cargo bench --bench engine`. With `-- --table` it prints all engines side by side, in nanoseconds of
//! processor time per event (hold: per event taken and added); with a Python that has `SimPy` (`pip install simpy`),
//! that too.

mod cpu_time;
mod heap;
mod hold;
mod models;
mod peers;
mod table;

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group};
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution as _, Exp1};
use rand_xoshiro::Xoshiro256PlusPlus;
use scaleup::engine::{EventQueue, SharedLink, TokenBucket};
use scaleup::random::{Distribution, Entity, Purpose, Streams};
use scaleup::time::{Span, Time};

use crate::cpu_time::CpuTime;
use crate::hold::hold;
use crate::models::models;

const ENTITIES: u32 = 1_000;
const SECOND: f64 = 1e9;

/// Random numbers for all engines.
pub struct Draws(Xoshiro256PlusPlus);

impl Draws {
    fn new() -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(1))
    }

    /// Exponential, in nanoseconds for a mean in nanoseconds.
    #[inline]
    fn exponential(&mut self, mean: f64) -> f64 {
        let unit: f64 = Exp1.sample(&mut self.0);
        unit * mean
    }

    /// Cheap, as it is the engines that are compared: a conversion to `u64` takes three times as long as one to `i64`.
    #[inline]
    fn nanos(&mut self, mean_s: f64) -> u64 {
        (self.exponential(mean_s * SECOND) as i64).cast_unsigned()
    }

    fn entity(&mut self) -> u32 {
        self.0.random_range(0..ENTITIES)
    }
}

/// Events that are added and cancelled before they happen, among others that stay pending.
fn cancelling(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("add and cancel");
    group.throughput(Throughput::Elements(1));
    for pending in if is_test() { &[100][..] } else { &[100, 10_000, 1_000_000] } {
        let (mut queue, mut draws) = (EventQueue::new(), Draws::new());
        (0..*pending).for_each(|number| queue.push(Time::from_nanos(draws.nanos(1.0)), number));
        group.bench_function(BenchmarkId::new("scaleup", pending), |bencher| {
            bencher.iter(|| {
                let key = queue.push_cancellable(Time::from_nanos(draws.nanos(1.0)), 0);
                queue.cancel(key)
            });
        });
    }
}

fn resources(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("resources");
    group.bench_function("token bucket", |bencher| {
        let (mut bucket, mut now) = (TokenBucket::new(20.0, 30), Time::ZERO);
        bencher.iter(|| {
            now += Span::from_millis(50);
            bucket.reserve(now, 1)
        });
    });
    for in_flight in [10, 1_000] {
        group.bench_function(BenchmarkId::new("shared link, a transfer", in_flight), |bencher| {
            let (mut link, mut draws, mut now) = (SharedLink::new(1e9), Draws::new(), Time::ZERO);
            (0..in_flight).for_each(|job| _ = link.start(now, job, draws.exponential(1e8), 4e7));
            bencher.iter(|| {
                now = link.next_completion().unwrap_or(now);
                while let Some(job) = link.take_completed(now) {
                    link.start(now, job, draws.exponential(1e8), 4e7);
                }
            });
        });
    }
}

fn draws(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("draws");
    let entity = Entity { kind: 1, id: 1 };
    let mut stream = Streams::new(1, 0).stream(entity, Purpose(1));
    let laws = [
        ("uniform", Distribution::uniform(0.0, 1.0)),
        ("exponential", Distribution::exponential(1.0)),
        ("lognormal", Distribution::lognormal(1.0, 2.0)),
        ("gamma", Distribution::gamma(1.0, 0.5)),
        ("triangular", Distribution::triangular(0.0, 1.0, 3.0)),
    ];
    for (name, law) in laws {
        let law = law.expect("parameters with a meaning");
        group.bench_function(name, |bencher| bencher.iter(|| law.sample(&mut stream)));
    }
    let streams = Streams::new(1, 0);
    group.bench_function("new stream", |bencher| {
        bencher.iter(|| streams.stream(black_box(entity), Purpose(2)).uniform());
    });
}

/// Whether every benchmark runs once only: `cargo test --benches` does not pass `--bench`.
fn is_test() -> bool {
    !std::env::args().any(|argument| argument == "--bench")
}

fn settings() -> Criterion<CpuTime> {
    Criterion::default()
        .with_measurement(CpuTime)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(600))
        .sample_size(30)
}

criterion_group! { name = engine; config = settings(); targets = hold, models, cancelling, resources, draws }

fn main() {
    if std::env::args().any(|argument| argument == "--table") {
        table::print();
    } else {
        engine();
        Criterion::default().configure_from_args().final_summary();
    }
}
