//! The links against a twin that goes through all transfers at each step and remembers where each of them was.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::time::Span;

const CAPACITIES: [f64; 4] = [4.0, 10.0, 25.0, INF];

/// A transfer that knows its own past.
struct Alone {
    job: usize,
    remaining: f64,
    cap_per_s: f64,
    route: Route,
    rate_per_s: f64,
    /// Instants and what was left then, since its cap was set.
    past: Vec<(Time, f64)>,
}

#[derive(Default)]
struct Twin {
    now: Time,
    transfers: Vec<Alone>,
}

impl Twin {
    /// Raises all rates together; who is at his cap or on a full link stays where he is.
    fn share_out(&mut self) {
        let mut open: Vec<usize> = (0..self.transfers.len()).collect();
        let mut left = CAPACITIES;
        while !open.is_empty() {
            let passes = |one: usize, link: usize| self.transfers[one].route.contains(&Some(LinkId(link as u16)));
            let share = |link: usize| left[link] / open.iter().filter(|&&one| passes(one, link)).count() as f64;
            let level = (0..left.len()).map(share).filter(|share| !share.is_nan()).fold(INF, f64::min);
            let least = open.iter().map(|&one| self.transfers[one].cap_per_s).fold(level, f64::min);
            let full: Vec<usize> = (0..left.len()).filter(|&link| share(link) <= least * (1.0 + 1e-12)).collect();
            let done =
                |one: usize| self.transfers[one].cap_per_s <= least || full.iter().any(|&link| passes(one, link));
            let (now, later): (Vec<_>, Vec<_>) = open.iter().partition(|&&one| done(one));
            for &one in &now {
                for (link, left) in left.iter_mut().enumerate().filter(|(link, _)| passes(one, *link)) {
                    *left = (*left - if CAPACITIES[link].is_finite() { least } else { 0.0 }).max(0.0);
                }
            }
            for one in now {
                self.transfers[one].rate_per_s = least;
            }
            open = later;
        }
    }

    fn advance(&mut self, now: Time) {
        let seconds = (now - self.now).as_secs_f64();
        self.now = now;
        for alone in &mut self.transfers {
            if seconds > 0.0 {
                alone.remaining -= alone.rate_per_s * seconds;
            }
            alone.past.push((now, alone.remaining));
        }
    }

    fn place(&self, job: usize) -> Option<usize> {
        self.transfers.iter().position(|alone| alone.job == job)
    }

    fn next_completion(&self) -> f64 {
        let nanos = |alone: &Alone| (alone.remaining / alone.rate_per_s).max(0.0) * 1e9;
        self.now.as_nanos() as f64 + self.transfers.iter().map(nanos).fold(INF, f64::min)
    }
}

impl Alone {
    /// When no more than `left` was to go, in seconds.
    fn passed(&self, left: f64) -> f64 {
        let after = self.past.iter().position(|(_, remaining)| *remaining <= left).expect("it has passed");
        let Some(before) = after.checked_sub(1) else { return self.past[0].0.as_secs_f64() };
        let ((from, more), (to, less)) = (self.past[before], self.past[after]);
        from.as_secs_f64() + (to - from).as_secs_f64() * (more - left) / (more - less)
    }
}

#[derive(Clone, Debug)]
enum Step {
    Wait(f64),
    Start { size: f64, cap_per_s: f64, route: Route },
    SetCap { which: prop::sample::Index, cap_per_s: f64 },
    Abort { which: prop::sample::Index },
}

struct Pair {
    links: SharedLinks<usize>,
    twin: Twin,
    keys: Vec<TransferKey>,
}

impl Pair {
    fn take(&mut self, step: &Step) {
        let now = self.twin.now;
        match *step {
            Step::Wait(seconds) => {
                let until = now + Span::from_secs_f64(seconds);
                self.complete_until(until);
                self.twin.advance(until);
            }
            Step::Start { size, cap_per_s, route } => {
                let job = self.keys.len();
                self.keys.push(self.links.start(now, job, size, cap_per_s, route));
                let past = vec![(now, size)];
                self.twin.transfers.push(Alone { job, remaining: size, cap_per_s, route, rate_per_s: 0.0, past });
            }
            Step::SetCap { .. } | Step::Abort { .. } if self.keys.is_empty() => {}
            Step::SetCap { which, cap_per_s } => {
                let job = which.index(self.keys.len());
                self.compare_past(job);
                self.links.set_cap(now, self.keys[job], cap_per_s);
                if let Some(place) = self.twin.place(job) {
                    let alone = &mut self.twin.transfers[place];
                    (alone.cap_per_s, alone.past) = (cap_per_s, vec![(now, alone.remaining)]);
                }
            }
            Step::Abort { which } => {
                let job = which.index(self.keys.len());
                let aborted = self.links.abort(now, self.keys[job]);
                let place = self.twin.place(job);
                assert_eq!(aborted.is_some(), place.is_some());
                place.map(|place| self.twin.transfers.remove(place));
            }
        }
        self.twin.share_out();
        self.check();
    }

    /// Five points of a transfer's past are known, and what is to come is not.
    fn compare_past(&self, job: usize) {
        let Some(place) = self.twin.place(job) else { return };
        let alone = &self.twin.transfers[place];
        let (whole, now) = (alone.past[0].1, self.twin.now);
        for part in 0..=4 {
            let left = alone.remaining.max(0.0) + (whole - alone.remaining).max(0.0) * f64::from(part) / 4.0 + 1e-7;
            let passed = self.links.passed(now, self.keys[job])(left).expect("it has passed");
            let error_s = (passed.as_secs_f64() - alone.passed(left)).abs();
            // The time in which the crumbs of both move.
            assert!(
                error_s <= 1e-6 || error_s * alone.rate_per_s.max(0.01) <= 1e-6,
                "{job} with {left} left: {error_s}"
            );
        }
        if alone.remaining > 1e-3 {
            assert_eq!(self.links.passed(now, self.keys[job])(alone.remaining - 1e-3), None);
        }
    }

    fn check(&self) {
        assert_eq!(self.links.in_flight(), self.twin.transfers.len());
        let expected = self.twin.next_completion();
        match self.links.next_completion() {
            // Crumbs of the twin's sums are worth some nanoseconds where rates are low.
            Some(due) => assert!((due.as_nanos() as f64 - expected).abs() <= 100.0, "{due:?} is not {expected} ns"),
            None => assert!(expected >= Time::MAX.as_nanos() as f64, "nothing completes at {expected} ns"),
        }
    }

    fn complete_until(&mut self, until: Time) {
        while let Some(now) = self.links.next_completion().filter(|&due| due <= until) {
            self.twin.advance(now);
            while let Some((_, &job)) = self.links.first_completed(now) {
                self.compare_past(job);
                assert_eq!(self.links.take_completed(now), Some(job));
                let place = self.twin.place(job).expect("a transfer completes once");
                let alone = self.twin.transfers.remove(place);
                assert!(
                    alone.remaining.abs() <= alone.rate_per_s * 1e-7 + 1e-7,
                    "{} is left of {job}",
                    alone.remaining
                );
            }
            self.twin.share_out();
            self.check();
        }
    }
}

fn cap() -> impl Strategy<Value = f64> {
    prop_oneof![1 => Just(0.0), 4 => prop::sample::select(vec![1.0, 2.5, 8.0]), 2 => 0.05..20.0]
}

fn route() -> impl Strategy<Value = Route> {
    let link = || prop::option::of((0..CAPACITIES.len() as u16).prop_map(LinkId));
    (link(), link()).prop_map(|(first, second)| [first, second.filter(|_| first != second)])
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0.0..3.0).prop_map(Step::Wait),
        6 => (0.5..50.0, cap(), route()).prop_map(|(size, cap_per_s, route)| Step::Start { size, cap_per_s, route }),
        2 => (any::<prop::sample::Index>(), cap()).prop_map(|(which, cap_per_s)| Step::SetCap { which, cap_per_s }),
        1 => any::<prop::sample::Index>().prop_map(|which| Step::Abort { which }),
    ]
}

proptest! {
    #[test]
    fn links_do_what_transfer_by_transfer_accounting_does(steps in vec(step(), 1..120)) {
        let mut pair = Pair { links: SharedLinks::new(CAPACITIES), twin: Twin::default(), keys: Vec::new() };
        for step in steps {
            pair.take(&step);
        }
        pair.complete_until(Time::MAX);
    }
}
