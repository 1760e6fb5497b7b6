//! What every shared resource had to do over time, over replications.

use crate::experiment::capacity::Capacity;
use crate::experiment::path::PathPiece;
use crate::experiment::usage::{Load, Usage};
use crate::model::params::Scenario;
use crate::stats::{Sorted, mean};
use crate::time::{Span, Time};
use serde::{Deserialize, Serialize};

/// The most points of a course.
const POINTS_MAX: u64 = 100;

/// What one replication says of the resources.
pub(super) struct Seen {
    /// What each had to do.
    pub(super) usages: Vec<Usage>,
    /// The path of the goal; empty if it was never ready.
    pub(super) path: Vec<(String, PathPiece)>,
    /// When the goal was ready, or the run ended.
    pub(super) end: Time,
}

/// What a resource had to do until the goal was ready, on average over replications.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResourceUse {
    /// The resource.
    pub resource: String,
    /// The part of the time in which somebody waited for it or was served.
    pub busy: f64,
    /// The part of its capacity that is used in that time; absent where it has none, or none that is known.
    pub used: Option<f64>,
    /// The longest line.
    pub longest_line: f64,
    /// Seconds that somebody waited at most.
    pub longest_wait_s: f64,
    /// From when to when it was on the goal's path, in seconds; absent if it never was.
    pub bound_s: Option<(f64, f64)>,
    /// Its course.
    pub points: Vec<UsePoint>,
}

/// What a resource has to do at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct UsePoint {
    /// The instant, in seconds.
    pub at_s: f64,
    /// How many wait, on average.
    pub waiting: f64,
    /// Between how many that lies in 90 % of the replications.
    pub waiting_band: (f64, f64),
    /// How many are served, on average.
    pub served: f64,
    /// The part of its capacity that is used, on average; absent where it has none, or none that is known.
    pub used: Option<f64>,
    /// Seconds of service that those need who have come.
    pub unfinished_s: f64,
}

/// Of every resource that anybody used, in the order of names.
pub(super) fn resources(seen: &[Seen], scenario: &Scenario) -> Vec<ResourceUse> {
    let all = seen.iter().flat_map(|seen| &seen.usages).map(|usage| usage.resource.as_str());
    let mut names: Vec<&str> = all.collect();
    names.sort_unstable();
    names.dedup();
    let end = seen.iter().map(|seen| seen.end).max().unwrap_or_default();
    let step = Span::from_secs(end.since(Time::ZERO).as_nanos().div_ceil(POINTS_MAX * 1_000_000_000).max(1));
    let steps = end.since(Time::ZERO).as_nanos().div_ceil(step.as_nanos().max(1));
    let times: Vec<Time> = (0..=steps).map(|number| Time::from_nanos(number * step.as_nanos())).collect();
    names.into_iter().map(|name| one(name, seen, &times, Capacity::of(name, scenario))).collect()
}

fn one(name: &str, seen: &[Seen], times: &[Time], capacity: Option<Capacity>) -> ResourceUse {
    let none = Usage { resource: name.to_owned(), jobs: Vec::new() };
    let usage = |seen: &'_ Seen| seen.usages.iter().find(|usage| usage.resource == name).cloned();
    let usages: Vec<Usage> = seen.iter().map(|seen| usage(seen).unwrap_or_else(|| none.clone())).collect();
    let average = |values: Vec<f64>| mean(&values).unwrap_or_default();
    let ended = || usages.iter().zip(seen).filter(|(_, seen)| seen.end > Time::ZERO);
    let used = |capacity| average(ended().map(|(usage, seen)| usage.used(capacity, seen.end)).collect());
    let busy = ended().map(|(usage, seen)| usage.busy(seen.end).as_secs_f64() / seen.end.as_secs_f64());
    let longest = |usage: &Usage| usage.loads().iter().map(|load| f64::from(load.waiting)).fold(0.0, f64::max);
    let bounds: Vec<(Time, Time)> = seen.iter().filter_map(|seen| bound(name, &seen.path)).collect();
    let ends = |of: fn(&(Time, Time)) -> Time| average(bounds.iter().map(|both| of(both).as_secs_f64()).collect());
    ResourceUse {
        resource: name.to_owned(),
        busy: average(busy.collect()),
        used: capacity.map(used),
        longest_line: average(usages.iter().map(longest).collect()),
        longest_wait_s: average(usages.iter().map(|usage| usage.longest_wait().as_secs_f64()).collect()),
        bound_s: (!bounds.is_empty()).then(|| (ends(|both| both.0), ends(|both| both.1))),
        points: points(&usages, times, capacity),
    }
}

/// From when to when a resource was on a path.
fn bound(name: &str, path: &[(String, PathPiece)]) -> Option<(Time, Time)> {
    let mut of = path.iter().filter(|(resource, _)| resource == name).map(|(_, piece)| piece);
    let first = of.next()?;
    Some((first.from, of.next_back().unwrap_or(first).to))
}

fn points(usages: &[Usage], times: &[Time], capacity: Option<Capacity>) -> Vec<UsePoint> {
    let loads: Vec<_> = usages.iter().map(Usage::loads).collect();
    let point = |&at: &Time| {
        let none = Load { at, waiting: 0, served: 0, moving: 0 };
        let load = |loads: &Vec<Load>| loads[..loads.partition_point(|load| load.at <= at)].last().copied();
        let now: Vec<Load> = loads.iter().map(|loads| load(loads).unwrap_or(none)).collect();
        let each = |of: &dyn Fn(&Load) -> f64| now.iter().map(of).collect::<Vec<f64>>();
        let waiting = each(&|load| load.waiting.into());
        let average = |of: &dyn Fn(&Load) -> f64| mean(&each(of)).unwrap_or_default();
        let unfinished: Vec<f64> = usages.iter().map(|usage| usage.unfinished(at).as_secs_f64()).collect();
        let sorted = Sorted::of(&waiting);
        UsePoint {
            at_s: at.as_secs_f64(),
            waiting: mean(&waiting).unwrap_or_default(),
            waiting_band: sorted.map_or((0.0, 0.0), |sorted| (sorted.quantile(0.05), sorted.quantile(0.95))),
            served: average(&|load| load.served.into()),
            used: capacity.map(|capacity| average(&|load| capacity.used(load))),
            unfinished_s: mean(&unfinished).unwrap_or_default(),
        }
    };
    times.iter().map(point).collect()
}
