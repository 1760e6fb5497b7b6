//! simcore 0.1, the kernel of `DSLab`: boxed payloads, times in floating-point numbers.

use std::cell::RefCell;
use std::rc::Rc;

use crate::SECOND;
use crate::models::{BATCH, Engine, Event, World};

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

pub fn batches(first: &[Event]) -> impl FnMut() + use<> {
    let mut sim = simcore::Simulation::new(1);
    let context = SimcoreContext(sim.create_context("world"));
    let mut component = Component { world: World::default(), context };
    for &event in first {
        let nanos = component.world.draws.nanos(1.0);
        component.context.after(nanos, event);
    }
    sim.add_handler("world", Rc::new(RefCell::new(component)));
    move || {
        sim.steps(BATCH);
    }
}
