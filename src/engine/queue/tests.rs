use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

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
    let (mut queue, mut twin) = (EventQueue::new(), Twin::default());
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
fn cancelled_events_do_not_pile_up_behind_a_pending_one() {
    let mut queue = EventQueue::new();
    queue.push(Time::ZERO, 0);
    for event in 1..10_000 {
        let far = queue.push_cancellable(Time::from_nanos(event), event);
        assert!(queue.cancel(far));
        assert!(queue.heap.len() <= 2 + FEWEST_TO_SWEEP);
    }
    assert_eq!((queue.len(), queue.pop()), (1, Some((Time::ZERO, 0))));
}
