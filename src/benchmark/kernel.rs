//! The two models by which event kernels are compared.

use crate::engine::{EventQueue, Limits, Model, Scheduler, run};
use crate::random::{Entity, Purpose, Stream, Streams};
use crate::time::{Span, Time};
use rand::RngExt;
use rand_distr::{Distribution as _, Exp1};
use std::hint::black_box;

/// Entities of PHOLD, and so its pending events.
pub const ENTITIES: u32 = 1_000;
/// Operations in one piece of work.
const PIECE: u64 = 10_000;
/// Increments that are drawn beforehand, a power of two.
const DRAWN: usize = 1 << 16;

fn stream(id: u64) -> Stream {
    Streams::new(1, 0).stream(Entity { kind: 0, id }, Purpose(0))
}

/// Exponential, with a mean of a second.
fn increment(stream: &mut Stream) -> Span {
    let unit: f64 = Exp1.sample(stream);
    Span::from_nanos((unit * 1e9) as u64)
}

/// The hold model (Jones, *An empirical comparison of priority-queue and event-set implementations*, 1986): the next
/// event is taken and one is added after an exponential time, which was drawn beforehand; always `pending` events are
/// to come.
pub(super) fn hold(pending: usize) -> impl FnMut() -> u64 {
    let mut random = stream(0);
    let increments: Vec<Span> = (0..DRAWN).map(|_| increment(&mut random)).collect();
    let (mut queue, mut next) = (EventQueue::new(), 0);
    let mut increment = move || {
        next = (next + 1) & (DRAWN - 1);
        increments[next]
    };
    for number in 0..pending {
        queue.push(Time::ZERO + increment(), [number as u64; 2]);
    }
    let mut hold = move |times: u64| {
        for _ in 0..times {
            if let Some((at, event)) = queue.pop() {
                queue.push(at + increment(), black_box(event));
            }
        }
        times
    };
    // Until the pending times are no longer as they were drawn.
    hold(2 * pending as u64);
    move || hold(PIECE)
}

/// PHOLD (Fujimoto, *Performance of Time Warp under synthetic workloads*, 1990): an entity that wakes up wakes another
/// one after an exponential time.
struct Phold {
    random: Stream,
    woken: Vec<u32>,
}

impl Phold {
    fn wake_another(&mut self, sim: &mut Scheduler<u32>) {
        let entity = self.random.random_range(0..ENTITIES);
        sim.schedule_after(increment(&mut self.random), entity);
    }
}

impl Model for Phold {
    type Event = u32;

    fn handle(&mut self, entity: u32, sim: &mut Scheduler<u32>) {
        self.woken[entity as usize] = self.woken[entity as usize].wrapping_add(1);
        self.wake_another(sim);
    }
}

pub(super) fn phold() -> impl FnMut() -> u64 {
    let mut model = Phold { random: stream(1), woken: vec![0; ENTITIES as usize] };
    let mut sim = Scheduler::new();
    (0..ENTITIES).for_each(|_| model.wake_another(&mut sim));
    move || run(&mut model, &mut sim, Limits { max_events: PIECE, ..Limits::default() }).events
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_models_do_as_many_operations_as_they_say_and_never_run_dry() {
        let (mut hold, mut phold) = (hold(100), phold());
        for _ in 0..3 {
            assert_eq!((hold(), phold()), (PIECE, PIECE));
        }
    }

    #[test]
    fn entities_wake_up_alike_and_as_many_wait_as_there_are() {
        let mut model = Phold { random: stream(1), woken: vec![0; ENTITIES as usize] };
        let mut sim = Scheduler::new();
        (0..ENTITIES).for_each(|_| model.wake_another(&mut sim));
        let events = 100 * u64::from(ENTITIES);
        run(&mut model, &mut sim, Limits { max_events: events, ..Limits::default() });
        assert_eq!(sim.pending(), ENTITIES as usize);
        // A thousand entities, each in its turn once a second.
        assert!((sim.now().as_secs_f64() - 100.0).abs() < 2.0, "{:?}", sim.now());
        assert!(model.woken.iter().all(|&woken| (50..160).contains(&woken)), "{:?}", model.woken);
    }
}
