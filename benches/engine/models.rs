//! PHOLD, M/M/1 and time-outs that are cancelled, on several engines.

use std::cell::RefCell;
use std::collections::BinaryHeap;
use std::rc::Rc;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use scaleup::engine::{EventKey, Limits, Model, Scheduler, run};
use scaleup::time::Span;

use crate::heap::{Heap, Ordered};
use crate::{Draws, ENTITIES, SECOND, is_test};

/// Events in one measured call.
const BATCH: u64 = 1_000;

/// What happens in all three models.
#[derive(Clone, Copy, Debug, serde::Serialize)]
enum Event {
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
trait Engine {
    type Key;
    fn after(&mut self, nanos: u64, event: Event);
    fn cancellable_after(&mut self, nanos: u64, event: Event) -> Self::Key;
    fn cancel(&mut self, key: Self::Key);
}

struct World<K> {
    draws: Draws,
    in_system: u32,
    time_outs: Vec<Option<K>>,
    counts: Vec<u32>,
    /// For engines that ask the state whether to stop.
    events_left: u64,
}

impl<K> World<K> {
    fn new() -> Self {
        let time_outs = (0..ENTITIES).map(|_| None).collect();
        Self { draws: Draws::new(), in_system: 0, time_outs, counts: vec![0; ENTITIES as usize], events_left: 0 }
    }

    #[inline]
    fn handle(&mut self, event: Event, engine: &mut impl Engine<Key = K>) {
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

fn scaleup_batches(first: &[Event]) -> impl FnMut() {
    let (mut world, mut sim) = (World::new(), Scheduler::new());
    for &event in first {
        sim.after(world.draws.nanos(1.0), event);
    }
    move || {
        run(&mut world, &mut sim, Limits { max_events: BATCH, ..Limits::default() });
    }
}

/// The simplest engine: std's heap, and a set bit for what was cancelled.
#[derive(Default)]
struct Plain {
    now: u64,
    pending: Heap<BinaryHeap<Ordered<(Event, u32)>>>,
    cancelled: Vec<bool>,
    free: Vec<u32>,
}

impl Engine for Plain {
    type Key = u32;
    fn after(&mut self, nanos: u64, event: Event) {
        let entry = self.pending.order(self.now + nanos, (event, u32::MAX));
        self.pending.heap.push(entry);
    }
    fn cancellable_after(&mut self, nanos: u64, event: Event) -> u32 {
        let key = self.free.pop().unwrap_or(self.cancelled.len() as u32);
        if key as usize == self.cancelled.len() {
            self.cancelled.push(false);
        }
        let entry = self.pending.order(self.now + nanos, (event, key));
        self.pending.heap.push(entry);
        key
    }
    fn cancel(&mut self, key: u32) {
        self.cancelled[key as usize] = true;
    }
}

fn std_batches(first: &[Event]) -> impl FnMut() {
    let (mut world, mut engine) = (World::new(), Plain::default());
    for &event in first {
        engine.after(world.draws.nanos(1.0), event);
    }
    move || {
        let mut events = 0;
        while events < BATCH
            && let Some(entry) = engine.pending.heap.pop()
        {
            let (event, key) = entry.1;
            if key != u32::MAX {
                engine.free.push(key);
                if std::mem::take(&mut engine.cancelled[key as usize]) {
                    continue;
                }
            }
            engine.now = entry.at();
            events += 1;
            world.handle(event, &mut engine);
        }
    }
}

/// desque's events own nothing of the model: what they do is written anew, in the same order. It cannot cancel.
#[derive(Debug)]
struct DesqueEvent(Event);

impl desque::SimState<u64> for World<()> {
    fn is_complete(&self, _: &u64) -> bool {
        self.events_left == 0
    }
}

type Desque = desque::serial::Simulation<World<()>, u64>;

impl desque::serial::OkEvent<World<()>, u64> for DesqueEvent {
    fn execute(&mut self, sim: &mut Desque) {
        let now = *sim.current_time();
        let world = sim.state_mut();
        world.events_left -= 1;
        let mut next: [Option<(u64, Event)>; 2] = [None; 2];
        match self.0 {
            Event::Hop { entity } => {
                world.counts[entity as usize] += 1;
                let entity = world.draws.entity();
                next[0] = Some((world.draws.nanos(1.0), Event::Hop { entity }));
            }
            Event::Arrive {} => {
                world.in_system += 1;
                next[0] = Some((world.draws.nanos(1.25), Event::Arrive {}));
                next[1] = (world.in_system == 1).then(|| (world.draws.nanos(1.0), Event::Leave {}));
            }
            _ => {
                world.in_system -= 1;
                next[0] = (world.in_system > 0).then(|| (world.draws.nanos(1.0), Event::Leave {}));
            }
        }
        for (nanos, event) in next.into_iter().flatten() {
            sim.schedule(DesqueEvent(event), now + nanos).expect("a later time");
        }
    }
}

fn desque_batches(first: &[Event]) -> impl FnMut() {
    let mut sim = Desque::new(World::new(), 0);
    for &event in first {
        let at = sim.state_mut().draws.nanos(1.0);
        sim.schedule(DesqueEvent(event), at).expect("a later time");
    }
    move || {
        sim.state_mut().events_left = BATCH;
        sim.run().expect("events that cannot fail");
    }
}

/// simcore with one component, which is its fastest way.
struct Component {
    world: World<simcore::EventId>,
    context: SimcoreContext,
}

struct SimcoreContext(simcore::SimulationContext);

impl Engine for SimcoreContext {
    type Key = simcore::EventId;
    fn after(&mut self, nanos: u64, event: Event) {
        self.0.emit_self(event, nanos as f64 / SECOND);
    }
    fn cancellable_after(&mut self, nanos: u64, event: Event) -> simcore::EventId {
        self.0.emit_self(event, nanos as f64 / SECOND)
    }
    fn cancel(&mut self, key: simcore::EventId) {
        self.0.cancel_event(key);
    }
}

impl simcore::EventHandler for Component {
    fn on(&mut self, event: simcore::Event) {
        if let Ok(event) = event.data.downcast::<Event>() {
            self.world.handle(*event, &mut self.context);
        }
    }
}

fn simcore_batches(first: &[Event]) -> impl FnMut() {
    let mut sim = simcore::Simulation::new(1);
    let context = SimcoreContext(sim.create_context("world"));
    let mut component = Component { world: World::new(), context };
    for &event in first {
        let nanos = component.world.draws.nanos(1.0);
        component.context.after(nanos, event);
    }
    sim.add_handler("world", Rc::new(RefCell::new(component)));
    move || {
        sim.steps(BATCH);
    }
}

fn model(criterion: &mut Criterion, name: &str, first: &[Event], desque_can: bool) {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(BATCH));
    bench(&mut group, "scaleup", || scaleup_batches(first));
    bench(&mut group, "std", || std_batches(first));
    if desque_can {
        bench(&mut group, "desque", || desque_batches(first));
    }
    bench(&mut group, "simcore", || simcore_batches(first));
}

fn bench<B: FnMut()>(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, prepare: impl Fn() -> B) {
    let mut prepared = None;
    group.bench_function(name, |bencher| bencher.iter(prepared.get_or_insert_with(|| warm(prepare()))));
}

/// Goes on until the time-outs of the first 10 s are there.
fn warm<B: FnMut()>(mut batch: B) -> B {
    for _ in 0..if is_test() { 1 } else { 30 } {
        batch();
    }
    batch
}

pub fn models(criterion: &mut Criterion) {
    let entities = |event: fn(u32) -> Event| (0..ENTITIES).map(event).collect::<Vec<_>>();
    model(criterion, "phold", &entities(|entity| Event::Hop { entity }), true);
    model(criterion, "mm1", &[Event::Arrive {}], true);
    model(criterion, "cancel", &entities(|entity| Event::Work { entity }), false);
}
