//! Transfers with the same cap and the same links: all get the same rate.

use std::collections::BTreeMap;

use super::course::Course;
use super::{NANOS_PER_SECOND, Route, place};
use crate::engine::attained::Attained;
use crate::engine::slots::SlotKey;
use crate::time::Time;

/// Where in its class a transfer completes: when this much service is attained, in order of entry if equal.
pub(super) type Finish = (Attained, u64);

#[derive(Clone, Debug, Default)]
pub(super) struct Class {
    pub cap_per_s: f64,
    pub route: Route,
    pub course: Course,
    /// Who completes when, and since when it is here.
    pub finishes: BTreeMap<Finish, (SlotKey, Time)>,
    /// What all of them have got together until `counted` was attained.
    carried: f64,
    counted: Attained,
    /// When the first of them completes.
    pub due: Option<Time>,
    /// The first of them may be another one than when `due` was found.
    pub changed: bool,
    /// While capacity is shared out: it has its rate.
    pub settled: bool,
}

impl Class {
    /// Begins with nobody in it, in the memory of one that is empty.
    pub fn begin(self, cap_per_s: f64, route: Route, now: Time) -> Self {
        let course = self.course.begin(now);
        Self { cap_per_s, route, course, carried: 0.0, counted: Attained::ZERO, due: None, changed: true, ..self }
    }

    /// What each of its transfers has attained by now. To be asked before one enters or leaves.
    pub fn count(&mut self, now: Time) -> Attained {
        self.carried = self.carried(now);
        self.counted = self.course.attained(now);
        self.counted
    }

    /// What its transfers have got together by now.
    pub fn carried(&self, now: Time) -> f64 {
        self.carried + self.course.attained(now).minus(self.counted) * self.finishes.len() as f64
    }

    pub fn links(&self) -> impl Iterator<Item = usize> + use<> {
        self.route.into_iter().flatten().map(place)
    }

    pub fn is_due(&self, now: Time) -> bool {
        self.due.is_some_and(|due| due <= now)
    }

    /// The first is complete, whatever crumb rounding may have left; at an infinite rate all are.
    pub fn complete(&mut self, now: Time) {
        let finite = self.course.rate_per_s().is_finite();
        let complete = if finite { self.finishes.keys().next() } else { self.finishes.keys().next_back() };
        if let Some((finish, _)) = complete {
            self.course.catch_up(now, *finish);
        }
    }

    /// Goes on at a rate, and finds out when its first transfer completes if that can have changed.
    pub fn go_on(&mut self, now: Time, rate_per_s: f64) {
        self.settled = true;
        if rate_per_s.total_cmp(&self.course.rate_per_s()).is_ne() {
            self.course.turn(now, rate_per_s);
            if self.course.is_long(self.finishes.len()) {
                let oldest = self.finishes.values().map(|(_, since)| *since).min();
                self.course.forget_before(oldest.unwrap_or(now));
            }
        } else if !self.changed {
            return;
        }
        self.changed = false;
        self.due = self.finishes.keys().next().and_then(|(finish, _)| {
            let remaining = finish.minus(self.course.attained(now));
            if remaining <= 0.0 {
                return Some(now);
            }
            let nanos = (remaining / rate_per_s * NANOS_PER_SECOND).ceil();
            // `as` saturates: a time that is never reached means never.
            let due = Time::from_nanos(now.as_nanos().saturating_add(nanos as u64));
            (due < Time::MAX).then_some(due)
        });
    }
}
