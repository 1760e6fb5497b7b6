//! PHOLD, M/M/1 and time-outs that are cancelled, on several engines.

use criterion::{BenchmarkGroup, Criterion, Throughput};
use scaleup::engine::{EventKey, Limits, Model, Scheduler, run};
use scaleup::time::Span;

use crate::cpu_time::CpuTime;
use crate::peers::{desque, nexosim, simcore, std as heap};
use crate::{Draws, ENTITIES, is_test};

/// Events in one measured call.
pub const BATCH: u64 = 1_000;

/// What happens in all three models.
#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
pub enum Event {
    /// PHOLD: wakes another entity after a random time.
    Hop { entity: u32 },
    /// M/M/1, load 0.8: a customer comes.
    Arrive {},
    /// M/M/1: a customer leaves.
    Leave {},
    /// An entity works, and has the time-out of its last work cancelled.
    Work { entity: u32 },
    /// An entity did not work for 10 s.
    TimeOut { entity: u32 },
}

/// What the models need of an engine.
pub trait Engine {
    type Key;
    fn after(&mut self, nanos: u64, event: Event);
    fn cancellable_after(&mut self, nanos: u64, event: Event) -> Self::Key;
    fn cancel(&mut self, key: Self::Key);
}

pub struct World<K> {
    pub draws: Draws,
    pub in_system: u32,
    time_outs: Vec<Option<K>>,
    pub counts: Vec<u32>,
    /// For engines that ask the state whether to stop.
    pub events_left: u64,
}

impl<K> Default for World<K> {
    fn default() -> Self {
        let time_outs = (0..ENTITIES).map(|_| None).collect();
        Self { draws: Draws::new(), in_system: 0, time_outs, counts: vec![0; ENTITIES as usize], events_left: 0 }
    }
}

impl<K> World<K> {
    #[inline]
    pub fn handle(&mut self, event: Event, engine: &mut impl Engine<Key = K>) {
        match event {
            Event::Hop { entity } => {
                self.counts[entity as usize] += 1;
                let entity = self.draws.entity();
                engine.after(self.draws.nanos(1.0), Event::Hop { entity });
            }
            Event::Arrive {} => {
                self.in_system += 1;
                engine.after(self.draws.nanos(1.25), Event::Arrive {});
                if self.in_system == 1 {
                    engine.after(self.draws.nanos(1.0), Event::Leave {});
                }
            }
            Event::Leave {} => {
                self.in_system -= 1;
                if self.in_system > 0 {
                    engine.after(self.draws.nanos(1.0), Event::Leave {});
                }
            }
            Event::Work { entity } => {
                if let Some(key) = self.time_outs[entity as usize].take() {
                    engine.cancel(key);
                }
                let time_out = engine.cancellable_after(10_000_000_000, Event::TimeOut { entity });
                self.time_outs[entity as usize] = Some(time_out);
                engine.after(self.draws.nanos(1.0), Event::Work { entity });
            }
            Event::TimeOut { entity } => self.counts[entity as usize] += 1,
        }
    }
}

impl Engine for Scheduler<Event> {
    type Key = EventKey;
    fn after(&mut self, nanos: u64, event: Event) {
        self.schedule_after(Span::from_nanos(nanos), event);
    }
    fn cancellable_after(&mut self, nanos: u64, event: Event) -> EventKey {
        self.schedule_cancellable_after(Span::from_nanos(nanos), event)
    }
    fn cancel(&mut self, key: EventKey) {
        self.cancel(key);
    }
}

impl Model for World<EventKey> {
    type Event = Event;
    fn handle(&mut self, event: Event, sim: &mut Scheduler<Event>) {
        self.handle(event, sim);
    }
}

fn scaleup_batches(first: &[Event]) -> impl FnMut() + use<> {
    let (mut world, mut sim) = (World::default(), Scheduler::new());
    for &event in first {
        sim.after(world.draws.nanos(1.0), event);
    }
    move || {
        run(&mut world, &mut sim, Limits { max_events: BATCH, ..Limits::default() });
    }
}

/// One of the three models.
pub struct Benchmark {
    pub name: &'static str,
    first: fn() -> Vec<Event>,
    cancels: bool,
}

/// One engine's next [`BATCH`] events.
pub type Batches = Box<dyn FnMut()>;

fn one_each(event: fn(u32) -> Event) -> Vec<Event> {
    (0..ENTITIES).map(event).collect()
}

pub const MODELS: [Benchmark; 3] = [
    Benchmark { name: "phold", first: || one_each(|entity| Event::Hop { entity }), cancels: false },
    Benchmark { name: "mm1", first: || vec![Event::Arrive {}], cancels: false },
    Benchmark { name: "cancel", first: || one_each(|entity| Event::Work { entity }), cancels: true },
];

impl Benchmark {
    /// Every engine that can run the model, by name, in its steady state; this one comes first.
    pub fn engines(&self) -> Vec<(&'static str, Batches)> {
        let first = (self.first)();
        let mut engines: Vec<(&str, Batches)> =
            vec![("scaleup", Box::new(scaleup_batches(&first))), ("std", Box::new(heap::batches(&first)))];
        if !self.cancels {
            engines.push(("desque", Box::new(desque::batches(&first))));
        }
        engines.push(("simcore", Box::new(simcore::batches(&first))));
        engines.push(("nexosim", Box::new(nexosim::batches(&first))));
        for (_, batch) in &mut engines {
            // Until the time-outs of the first 10 s are there.
            (0..if is_test() { 1 } else { 30 }).for_each(|_| batch());
        }
        engines
    }
}

pub fn models(criterion: &mut Criterion<CpuTime>) {
    for model in MODELS {
        let mut group: BenchmarkGroup<'_, CpuTime> = criterion.benchmark_group(model.name);
        group.throughput(Throughput::Elements(BATCH));
        for (name, mut batch) in model.engines() {
            group.bench_function(name, |bencher| bencher.iter(&mut batch));
        }
    }
}
