use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::time::Span;

/// Few, so that cancelled entries are swept out often.
const FEWEST: usize = 4;

/// What the queue must do, done simply: all live events, sorted by (time, insertion).
#[derive(Default)]
struct Twin {
    pending: Vec<(Time, usize)>,
}

impl Twin {
    fn push(&mut self, at: Time, event: usize) {
        let place = self.pending.partition_point(|&(other, _)| other <= at);
        self.pending.insert(place, (at, event));
    }

    fn cancel(&mut self, event: usize) -> bool {
        let before = self.pending.len();
        self.pending.retain(|&(_, other)| other != event);
        self.pending.len() < before
    }

    fn pop(&mut self) -> Option<(Time, usize)> {
        (!self.pending.is_empty()).then(|| self.pending.remove(0))
    }
}

#[derive(Clone, Debug)]
enum Step {
    Push(u64),
    PushCancellable(u64),
    Cancel(prop::sample::Index),
    Pop,
    Clear,
}

/// Few distinct times, so that many events are equally early, and some far ones.
fn time() -> impl Strategy<Value = u64> {
    prop_oneof![4 => 0..12_u64, 1 => any::<u64>()]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        20 => time().prop_map(Step::Push),
        40 => time().prop_map(Step::PushCancellable),
        30 => any::<prop::sample::Index>().prop_map(Step::Cancel),
        20 => Just(Step::Pop),
        1 => Just(Step::Clear),
    ]
}

/// Does the same to the queue and its twin; after each step they must look the same from outside.
fn agrees_with_twin(steps: Vec<Step>) {
    let (mut queue, mut twin) = (EventQueue::sweeping_from(FEWEST), Twin::default());
    // Keys stay here after their events are gone, so that stale ones are tried as well.
    let mut keys = Vec::new();
    for (event, step) in steps.into_iter().enumerate() {
        match step {
            Step::Push(at) => {
                queue.push(Time::from_nanos(at), event);
                twin.push(Time::from_nanos(at), event);
            }
            Step::PushCancellable(at) => {
                keys.push((queue.push_cancellable(Time::from_nanos(at), event), event));
                twin.push(Time::from_nanos(at), event);
            }
            Step::Cancel(index) if !keys.is_empty() => {
                let &(key, event) = index.get(&keys);
                assert_eq!(queue.cancel(key), twin.cancel(event));
            }
            Step::Cancel(_) => {}
            Step::Pop => assert_eq!(queue.pop(), twin.pop()),
            Step::Clear => {
                queue.clear();
                twin.pending.clear();
            }
        }
        assert_eq!(queue.len(), twin.pending.len());
        assert_eq!(queue.is_empty(), twin.pending.is_empty());
        assert_eq!(queue.peek_time(), twin.pending.first().map(|&(at, _)| at));
    }
    while let Some(next) = twin.pop() {
        assert_eq!(queue.pop(), Some(next));
    }
    assert_eq!(queue.pop(), None);
}

proptest! {
    #[test]
    fn a_queue_does_what_a_sorted_list_does(steps in vec(step(), 0..400)) {
        agrees_with_twin(steps);
    }
}

#[test]
fn an_event_stays_behind_an_equally_late_one_that_came_when_more_were_before_it() {
    let mut queue = EventQueue::sweeping_from(FEWEST);
    (0..40).rev().for_each(|at| queue.push(Time::from_nanos(at), at));
    queue.push(Time::from_nanos(50), 100);
    for at in 0..39 {
        assert_eq!(queue.pop(), Some((Time::from_nanos(at), at)));
    }
    queue.push(Time::from_nanos(50), 101);
    let rest: Vec<u64> = std::iter::from_fn(|| queue.pop()).map(|(_, event)| event).collect();
    assert_eq!(rest, [39, 100, 101]);
}

#[test]
fn cancelled_events_do_not_pile_up_behind_a_pending_one() {
    let mut queue = EventQueue::sweeping_from(FEWEST);
    queue.push(Time::ZERO, 0);
    for event in 1..10_000 {
        let far = queue.push_cancellable(Time::from_nanos(event), event);
        assert!(queue.cancel(far));
        assert!(queue.front.len() + queue.ladder.len() <= 2 + FEWEST);
    }
    assert_eq!((queue.len(), queue.pop()), (1, Some((Time::ZERO, 0))));
}

/// The increments from the present to a new event, by name.
type Law = (&'static str, fn(&mut Draws) -> u64);

/// A small generator of its own, so that the test stays the same whatever else changes.
struct Draws(u64);

impl Draws {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn exponential(&mut self) -> u64 {
        let unit = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        (-libm::log(1.0 - unit) * 1e9) as u64
    }
}

const LAWS: [Law; 10] = [
    ("exponential", Draws::exponential),
    ("uniform", |draws| draws.below(2_000_000_000)),
    ("constant", |_| 1_000_000_000),
    ("now", |_| 0),
    ("whole milliseconds", |draws| draws.exponential() / 100_000_000 * 1_000_000),
    ("half of them now", |draws| draws.below(2) * draws.exponential()),
    ("near and far", |draws| if draws.below(20) > 0 { draws.below(200_000_000) } else { draws.below(20_000_000_000) }),
    ("heavy tail", |draws| 1_000_000_000 / (1 + draws.below(1_000_000))),
    ("every scale", |draws| draws.next() >> (1 + draws.below(63))),
    ("one far event", |draws| if draws.below(5_000) == 0 { u64::MAX } else { draws.below(1_000) }),
];

/// A set with the same events, told apart by their numbers.
#[derive(Default)]
struct SetTwin {
    pending: std::collections::BTreeSet<(u64, u64)>,
}

/// Lets a queue that others have used live through `steps` random steps around `level` pending events.
fn agrees_for_long(queue: &mut EventQueue<u64>, law: &Law, level: usize, steps: u64) {
    let (name, increment) = law;
    let (mut twin, mut draws) = (SetTwin::default(), Draws(level as u64));
    let mut keys: Vec<(EventKey, u64, u64)> = Vec::new();
    let mut now = 0_u64;
    for event in 0..steps {
        let fewer = twin.pending.len() > level / 2 + draws.below(level as u64 + 1) as usize;
        match draws.below(8) {
            0 | 1 if !keys.is_empty() => {
                let (key, at, event) = keys.swap_remove(draws.below(keys.len() as u64) as usize);
                assert_eq!(queue.cancel(key), twin.pending.remove(&(at, event)), "{name}");
            }
            _ if fewer => {
                let next = twin.pending.pop_first();
                assert_eq!(queue.pop(), next.map(|(at, event)| (Time::from_nanos(at), event)), "{name}, {level}");
                now = next.map_or(now, |(at, _)| at);
            }
            kind => {
                let at = now.saturating_add(increment(&mut draws));
                twin.pending.insert((at, event));
                if kind < 5 {
                    keys.push((queue.push_cancellable(Time::from_nanos(at), event), at, event));
                } else {
                    queue.push(Time::from_nanos(at), event);
                }
            }
        }
        assert_eq!(queue.len(), twin.pending.len());
        assert_eq!(queue.peek_time().map(Time::as_nanos), twin.pending.first().map(|&(at, _)| at), "{name}, {level}");
        if event % 256 == 0 {
            let stored = queue.front.len() + queue.ladder.len();
            assert!(stored <= 2 * queue.len() + FEWEST, "{stored} events for {} pending", queue.len());
        }
    }
    if level.is_multiple_of(2) {
        queue.clear();
    }
    while let Some((at, event)) = queue.pop() {
        assert_eq!(twin.pending.pop_first(), Some((at.as_nanos(), event)), "{name}, {level}");
    }
}

#[test]
fn a_queue_does_what_a_set_does_for_long_for_many_increments_and_numbers() {
    let mut queue = EventQueue::sweeping_from(FEWEST);
    for law in &LAWS {
        for level in [3, 40, 101, 700, 5_000] {
            agrees_for_long(&mut queue, law, level, 50_000);
        }
    }
}

#[test]
fn events_are_dropped_once_each() {
    let event = std::rc::Rc::new(());
    let mut queue = EventQueue::sweeping_from(FEWEST);
    for at in 0..1_000 {
        let key = queue.push_cancellable(Time::from_nanos(at * 37 % 1_000), std::rc::Rc::clone(&event));
        if at % 3 == 0 {
            queue.cancel(key);
        }
    }
    for _ in 0..100 {
        queue.pop();
    }
    assert!(std::rc::Rc::strong_count(&event) > queue.len());
    queue.clear();
    assert_eq!(std::rc::Rc::strong_count(&event), 1);
}

/// Whatever the increments are, memory follows from the number of events, not from how their times spread or how long
/// it goes on.
#[test]
fn memory_is_bounded_by_the_most_events_that_were_pending() {
    const PENDING: u64 = 5_000;
    for (name, law) in LAWS {
        let (mut queue, mut draws) = (EventQueue::sweeping_from(FEWEST), Draws(1));
        for event in 0..PENDING {
            queue.push(Time::from_nanos(law(&mut draws)), event);
        }
        for _ in 0..300 * PENDING {
            let (at, event) = queue.pop().expect("as many are added");
            queue.push(at + Span::from_nanos(law(&mut draws)), event);
        }
        let capacity = queue.front.capacity() + queue.pool.capacity();
        assert!(capacity < 20 * PENDING as usize, "{name}: memory for {capacity} events");
        let rungs = queue.ladder.rungs();
        assert!(rungs < 64, "{name}: {rungs} rungs");
    }
}
