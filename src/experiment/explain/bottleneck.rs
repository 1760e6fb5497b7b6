//! The shifting bottleneck of one scale-up: at each instant the shared resource that has been, and will be, active for
//! the longest time without a pause (Roser, Nakano and Tanaka, WSC 2001).
//!
//! A resource is active while somebody waits for it or all that it can do at once is used.

use serde::{Deserialize, Serialize};

use crate::experiment::capacity::Capacity;
use crate::experiment::usage::{Usage, usages};
use crate::model::params::Scenario;
use crate::model::record::Record;
use crate::time::Time;

/// A resource while it is the bottleneck. Where one begins before another ends, the bottleneck shifts meanwhile;
/// outside of that, each is the only one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bottleneck {
    /// The resource.
    pub resource: String,
    /// From when on.
    pub from: Time,
    /// Until when.
    pub to: Time,
}

/// The bottlenecks of a record until `end`, in the order of time; waits must have been recorded.
pub(super) fn bottlenecks(record: &Record, scenario: &Scenario, end: Time) -> Vec<Bottleneck> {
    let of = |usage: Usage| {
        let periods = usage.active(Capacity::of(&usage.resource, scenario), end);
        let resource = usage.resource;
        periods.into_iter().map(move |(from, to)| Bottleneck { resource: resource.clone(), from, to })
    };
    shifting(&usages(record).into_iter().flat_map(of).collect::<Vec<_>>())
}

/// Of all active periods, those of the bottleneck.
fn shifting(active: &[Bottleneck]) -> Vec<Bottleneck> {
    let mut found: Vec<Bottleneck> = Vec::new();
    let mut now = Time::ZERO;
    loop {
        let longest = active
            .iter()
            .filter(|period| period.from <= now && now < period.to)
            .max_by_key(|period| (period.to.since(period.from), std::cmp::Reverse(period.from)));
        match longest {
            Some(period) => {
                found.push(period.clone());
                now = period.to;
            }
            // Nothing is active until the next one begins.
            None => match active.iter().map(|period| period.from).filter(|from| *from > now).min() {
                Some(next) => now = next,
                None => return found,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;

    #[test]
    fn the_longest_period_is_the_bottleneck_and_what_is_active_at_its_end_takes_over() {
        let period = |resource: &str, from, to| Bottleneck {
            resource: resource.to_owned(),
            from: Time::ZERO + Span::from_secs(from),
            to: Time::ZERO + Span::from_secs(to),
        };
        let active = [period("a", 0, 6), period("b", 1, 4), period("c", 4, 20), period("d", 5, 8), period("b", 25, 26)];
        let found = shifting(&active);
        assert_eq!(found, [period("a", 0, 6), period("c", 4, 20), period("b", 25, 26)]);
        assert!(shifting(&[]).is_empty());
    }
}
