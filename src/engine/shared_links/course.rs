//! What a class of transfers has attained over time.

use crate::engine::attained::Attained;
use crate::time::{Span, Time};

/// Courses of fewer points are not worth shortening.
const SHORT: usize = 64;

/// The service attained since the beginning, as a line of straight pieces: between points, and after the last one at
/// a rate.
#[derive(Clone, Debug, Default)]
pub(super) struct Course {
    /// In the order of time; not empty once it has begun.
    points: Vec<CoursePoint>,
    /// From the last point on.
    rate_per_s: f64,
    /// How many points were left when it was shortened.
    kept: usize,
}

#[derive(Clone, Copy, Debug)]
struct CoursePoint {
    at: Time,
    attained: Attained,
}

impl Course {
    /// Begins now, with nothing attained and at rest, in the memory of an earlier one.
    pub(super) fn begin(mut self, now: Time) -> Self {
        self.points.clear();
        self.points.push(CoursePoint { at: now, attained: Attained::ZERO });
        Self { rate_per_s: 0.0, kept: 1, ..self }
    }

    pub(super) const fn rate_per_s(&self) -> f64 {
        self.rate_per_s
    }

    /// How many points it has.
    #[cfg(test)]
    pub(super) const fn points(&self) -> usize {
        self.points.len()
    }

    fn last(&self) -> CoursePoint {
        self.points[self.points.len() - 1]
    }

    /// What is attained at `now`, which is not before the last point.
    pub(super) fn attained(&self, now: Time) -> Attained {
        let last = self.last();
        let seconds = now.since(last.at).as_secs_f64();
        // The rate may be infinite, and infinity times nothing is not a number.
        if seconds > 0.0 { last.attained.plus(self.rate_per_s * seconds) } else { last.attained }
    }

    /// Goes on at another rate.
    pub(super) fn turn(&mut self, now: Time, rate_per_s: f64) {
        self.bend(now, self.attained(now));
        self.rate_per_s = rate_per_s;
    }

    /// At least this much is attained.
    pub(super) fn catch_up(&mut self, now: Time, attained: Attained) {
        if attained > self.attained(now) {
            self.bend(now, attained);
        }
    }

    fn bend(&mut self, now: Time, attained: Attained) {
        let last = self.points.len() - 1;
        if self.points[last].at == now {
            self.points[last].attained = attained;
        } else {
            self.points.push(CoursePoint { at: now, attained });
        }
    }

    /// When this much was attained, to the nearest nanosecond; nothing if it is not by `now`.
    pub(super) fn reached(&self, mark: Attained, now: Time) -> Option<Time> {
        let after = self.points.partition_point(|point| point.attained < mark);
        let Some(before) = after.checked_sub(1).map(|before| self.points[before]) else {
            return Some(self.points[0].at);
        };
        let missing = mark.minus(before.attained);
        let seconds = if let Some(next) = self.points.get(after) {
            (next.at - before.at).as_secs_f64() * missing / next.attained.minus(before.attained)
        } else if self.attained(now) < mark {
            return None;
        } else {
            missing / self.rate_per_s
        };
        let until = self.points.get(after).map_or(now, |next| next.at);
        Some((before.at + Span::from_secs_f64(seconds)).min(until))
    }

    /// Whether it may have many points that none of so many transfers asks for. Looking through these, each time when
    /// as many points were added, costs no more than adding the points.
    pub(super) const fn is_long(&self, transfers: usize) -> bool {
        self.points.len() > SHORT + 2 * self.kept && self.points.len() > transfers
    }

    /// Nobody asks for what was attained before then.
    pub(super) fn forget_before(&mut self, at: Time) {
        let first = self.points.partition_point(|point| point.at <= at).saturating_sub(1);
        self.points.drain(..first);
        self.kept = self.points.len();
    }
}
