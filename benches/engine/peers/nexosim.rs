//! nexosim 1.0 with one model and one thread, which is its fastest way: asynchronous handlers, serializable arguments.

#![expect(clippy::unused_async, reason = "handlers of nexosim are asynchronous")]

use std::time::Duration;

use nexosim::model::{Context, Model, schedulable};
use nexosim::simulation::{EventKey, Mailbox, SimInit};
use nexosim::time::MonotonicTime;
use serde::{Deserialize, Serialize};

use crate::models::{BATCH, Engine, Event, World};

#[derive(Serialize, Deserialize)]
struct Component {
    first: Vec<Event>,
    #[serde(skip)]
    world: World<EventKey>,
}

#[Model]
impl Component {
    #[nexosim(init)]
    async fn init(&mut self, context: &Context<Self>) {
        for event in std::mem::take(&mut self.first) {
            let nanos = self.world.draws.nanos(1.0);
            NexosimContext(context).after(nanos, event);
        }
    }

    #[nexosim(schedulable)]
    async fn handle(&mut self, event: Event, context: &Context<Self>) {
        self.world.handle(event, &mut NexosimContext(context));
    }
}

struct NexosimContext<'c>(&'c Context<Component>);

/// nexosim schedules nothing for the present: what would happen at once happens a nanosecond later.
fn delay(nanos: u64) -> Duration {
    Duration::from_nanos(nanos.max(1))
}

impl Engine for NexosimContext<'_> {
    type Key = EventKey;
    fn after(&mut self, nanos: u64, event: Event) {
        self.0.schedule_event(delay(nanos), schedulable!(Component::handle), event).expect("a later time");
    }
    fn cancellable_after(&mut self, nanos: u64, event: Event) -> EventKey {
        self.0.schedule_keyed_event(delay(nanos), schedulable!(Component::handle), event).expect("a later time")
    }
    fn cancel(&mut self, key: EventKey) {
        key.cancel();
    }
}

pub fn batches(first: &[Event]) -> impl FnMut() + use<> {
    let component = Component { first: first.to_vec(), world: World::default() };
    let bench = SimInit::with_num_threads(1).add_model(component, Mailbox::new(), "world");
    let mut sim = bench.init(MonotonicTime::EPOCH).expect("a model that cannot fail");
    move || (0..BATCH).for_each(|_| sim.step().expect("events that cannot fail"))
}
