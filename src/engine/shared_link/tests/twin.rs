//! The link against a twin that goes through all transfers at each step.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// What a link must do, done simply: every transfer has its own remaining size, and all rates are found anew each time.
struct Twin {
    capacity_per_s: f64,
    now: Time,
    transfers: Vec<Alone>,
}

struct Alone {
    job: usize,
    remaining: f64,
    cap_per_s: f64,
    rate_per_s: f64,
}

impl Twin {
    /// Raises the rate of all that are not yet at their cap, together, until the capacity is used up or all are.
    fn share_out(&mut self) {
        let mut capacity = self.capacity_per_s;
        let mut open: Vec<&mut Alone> = self.transfers.iter_mut().collect();
        loop {
            let share = capacity / open.len() as f64;
            let (capped, rest): (Vec<_>, Vec<_>) = open.into_iter().partition(|alone| alone.cap_per_s <= share);
            let none_capped = capped.is_empty();
            for alone in capped {
                alone.rate_per_s = alone.cap_per_s;
                capacity -= alone.cap_per_s;
            }
            open = rest;
            if none_capped || open.is_empty() {
                break open.iter_mut().for_each(|alone| alone.rate_per_s = share);
            }
        }
    }

    fn advance(&mut self, now: Time) {
        let seconds = (now - self.now).as_secs_f64();
        self.now = now;
        for alone in &mut self.transfers {
            if seconds > 0.0 {
                alone.remaining -= alone.rate_per_s * seconds;
            }
            if alone.rate_per_s.is_infinite() {
                alone.remaining = 0.0;
            }
        }
    }

    fn place(&self, job: usize) -> Option<usize> {
        self.transfers.iter().position(|alone| alone.job == job)
    }

    /// When the first transfer completes, in nanoseconds.
    fn next_completion(&self) -> f64 {
        let nanos = |alone: &Alone| match alone.remaining {
            remaining if remaining <= 0.0 => 0.0,
            remaining => remaining / alone.rate_per_s * 1e9,
        };
        self.now.as_nanos() as f64 + self.transfers.iter().map(nanos).fold(INF, f64::min)
    }
}

impl Alone {
    /// What moves in the time by which the two may differ, and what sums in floating point may lose.
    fn tolerance(&self) -> f64 {
        self.rate_per_s.min(1e18) * 2e-9 + 1e-9
    }
}

/// A link beside its twin. The link's completions lead, and the twin judges them.
struct Pair {
    link: SharedLink<usize>,
    twin: Twin,
    keys: Vec<TransferKey>,
}

#[derive(Clone, Debug)]
enum Step {
    Wait(f64),
    Start { size: f64, cap_per_s: f64 },
    SetCap { which: prop::sample::Index, cap_per_s: f64 },
    Abort { which: prop::sample::Index },
}

impl Pair {
    fn new(capacity_per_s: f64) -> Self {
        let twin = Twin { capacity_per_s, now: Time::ZERO, transfers: Vec::new() };
        Self { link: SharedLink::new(capacity_per_s), twin, keys: Vec::new() }
    }

    fn take(&mut self, step: &Step) {
        let now = self.twin.now;
        self.twin.advance(now);
        match *step {
            Step::Wait(seconds) => {
                let until = now + crate::time::Span::from_secs_f64(seconds);
                self.complete_until(until);
                self.twin.advance(until);
            }
            Step::Start { size, cap_per_s } => {
                let job = self.keys.len();
                self.keys.push(self.link.start(now, job, size, cap_per_s));
                self.twin.transfers.push(Alone { job, remaining: size, cap_per_s, rate_per_s: 0.0 });
            }
            Step::SetCap { .. } | Step::Abort { .. } if self.keys.is_empty() => {}
            Step::SetCap { which, cap_per_s } => {
                let job = which.index(self.keys.len());
                self.link.set_cap(now, self.keys[job], cap_per_s);
                if let Some(place) = self.twin.place(job) {
                    self.twin.transfers[place].cap_per_s = cap_per_s;
                }
            }
            Step::Abort { which } => self.abort(which.index(self.keys.len())),
        }
        self.twin.share_out();
        self.check();
    }

    fn abort(&mut self, job: usize) {
        let aborted = self.link.abort(self.twin.now, self.keys[job]);
        let place = self.twin.place(job);
        assert_eq!(aborted.is_some(), place.is_some());
        if let (Some((same, remaining)), Some(place)) = (aborted, place) {
            let alone = self.twin.transfers.remove(place);
            assert_eq!(same, job);
            assert!((remaining - alone.remaining.max(0.0)).abs() <= alone.tolerance(), "{remaining} is left of {job}");
        }
    }

    fn check(&self) {
        assert_eq!(self.link.in_flight(), self.twin.transfers.len());
        let expected = self.twin.next_completion();
        match self.link.next_completion() {
            Some(due) => {
                let error = due.as_nanos() as f64 - expected;
                assert!((-1.0..=2.0).contains(&error), "{due:?} is not {expected} ns");
            }
            None => assert!(expected >= Time::MAX.as_nanos() as f64, "nothing completes at {expected} ns"),
        }
    }

    /// Takes all completions up to `until`; the twin confirms that exactly these have nothing left.
    fn complete_until(&mut self, until: Time) {
        while let Some(now) = self.link.next_completion().filter(|&due| due <= until) {
            self.twin.advance(now);
            let before = self.link.in_flight();
            while let Some(job) = self.link.take_completed(now) {
                let place = self.twin.place(job).expect("a transfer completes once");
                let alone = self.twin.transfers.remove(place);
                assert!(alone.remaining <= alone.tolerance(), "{} is left of {job}", alone.remaining);
            }
            assert!(self.link.in_flight() < before, "something completes at {now:?}");
            for alone in &self.twin.transfers {
                assert!(alone.remaining >= -alone.tolerance(), "{} should have completed", alone.job);
            }
            self.twin.share_out();
            self.check();
        }
    }
}

fn cap() -> impl Strategy<Value = f64> {
    prop_oneof![
        1 => Just(0.0),
        4 => prop::sample::select(vec![1.0, 2.5, 10.0]),
        2 => Just(INF),
        2 => 0.01..20.0,
    ]
}

/// Whole sizes and times among the others, so that some transfers complete at one instant.
fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (0..4_u8).prop_map(|seconds| Step::Wait(f64::from(seconds))),
        3 => (0.0..3.0).prop_map(Step::Wait),
        4 => ((0..30_u8).prop_map(f64::from), cap()).prop_map(|(size, cap_per_s)| Step::Start { size, cap_per_s }),
        4 => (0.0..50.0, cap()).prop_map(|(size, cap_per_s)| Step::Start { size, cap_per_s }),
        3 => (any::<prop::sample::Index>(), cap()).prop_map(|(which, cap_per_s)| Step::SetCap { which, cap_per_s }),
        1 => any::<prop::sample::Index>().prop_map(|which| Step::Abort { which }),
    ]
}

proptest! {
    #[test]
    fn a_link_does_what_transfer_by_transfer_accounting_does(
        capacity_per_s in prop_oneof![Just(INF), Just(10.0), 0.5..40.0],
        steps in vec(step(), 1..120),
    ) {
        let mut pair = Pair::new(capacity_per_s);
        for step in steps {
            pair.take(&step);
        }
        pair.complete_until(Time::MAX);
        let resting = pair.twin.transfers.iter().all(|alone| alone.rate_per_s * 1e10 < alone.remaining);
        prop_assert!(resting, "what is left does not move");
    }
}
