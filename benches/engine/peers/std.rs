//! The standard library's heap.

use std::collections::BinaryHeap;

use crate::heap::{Heap, Ordered};
use crate::models::{BATCH, Engine, Event, World};

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

pub fn batches(first: &[Event]) -> impl FnMut() + use<> {
    let (mut world, mut engine) = (World::default(), Plain::default());
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
