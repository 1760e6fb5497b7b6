//! desque 0.4: boxed events.

use crate::models::{BATCH, Event, World};

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

pub fn batches(first: &[Event]) -> impl FnMut() + use<> {
    let mut sim = Desque::new(World::default(), 0);
    for &event in first {
        let at = sim.state_mut().draws.nanos(1.0);
        sim.schedule(DesqueEvent(event), at).expect("a later time");
    }
    move || {
        sim.state_mut().events_left = BATCH;
        sim.run().expect("events that cannot fail");
    }
}
