//! The loop that lets a model live through its events.

use super::scheduler::Scheduler;
use crate::time::Time;

/// What is simulated: state that changes only when events happen to it.
pub trait Model {
    /// Everything that can happen, usually one enum.
    type Event;

    /// Lets `event` happen at `sim.now()`; what follows from it is scheduled on `sim`.
    fn handle(&mut self, event: Self::Event, sim: &mut Scheduler<Self::Event>);
}

/// When a run ends although events are pending. By default never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Events at this instant still happen, later ones stay pending.
    pub horizon: Time,
    /// At most this many events happen in this run.
    pub max_events: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { horizon: Time::MAX, max_events: u64::MAX }
    }
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// Nothing was to come.
    Exhausted,
    /// All further events come after the horizon.
    Horizon,
    /// As many events as allowed have happened, and more are pending.
    EventLimit,
    /// The model called [`Scheduler::stop`].
    Stopped,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Why.
    pub reason: StopReason,
    /// The clock at the end: the horizon where that was reached, otherwise the instant of the last event.
    pub at: Time,
    /// How many events happened in this run.
    pub events: u64,
}

/// Handles pending events in order until none is left or a limit is reached.
///
/// The clock goes from event to event and never backwards. A run that a limit ended can be continued by another call.
///
/// ```
/// use scaleup::engine::{Limits, Model, Scheduler, StopReason, run};
/// use scaleup::time::{Span, Time};
///
/// /// Ticks once a second, for ever.
/// struct Clock(u64);
///
/// impl Model for Clock {
///     type Event = ();
///     fn handle(&mut self, (): (), sim: &mut Scheduler<()>) {
///         self.0 += 1;
///         sim.schedule_after(Span::from_secs(1), ());
///     }
/// }
///
/// let (mut clock, mut sim) = (Clock(0), Scheduler::new());
/// sim.schedule_after(Span::ZERO, ());
/// let limits = Limits { horizon: Time::from_secs_f64(9.5), ..Limits::default() };
/// let outcome = run(&mut clock, &mut sim, limits);
/// assert_eq!((outcome.reason, outcome.events, outcome.at), (StopReason::Horizon, 10, limits.horizon));
/// let more = run(&mut clock, &mut sim, Limits { max_events: 5, ..Limits::default() });
/// assert_eq!((more.reason, clock.0), (StopReason::EventLimit, 15));
/// ```
pub fn run<M: Model>(model: &mut M, sim: &mut Scheduler<M::Event>, limits: Limits) -> Outcome {
    sim.stopped = false;
    let before = sim.handled;
    sim.most = before.saturating_add(limits.max_events);
    let reason = loop {
        if sim.handled == sim.most {
            break if sim.stopped { StopReason::Stopped } else { why(sim.queue.peek_time(), limits.horizon) };
        }
        let Some((at, event)) = sim.queue.pop_until(limits.horizon) else {
            break why(sim.queue.peek_time(), limits.horizon);
        };
        sim.now = at;
        sim.handled += 1;
        model.handle(event, sim);
    };
    if reason == StopReason::Horizon {
        sim.now = sim.now.max(limits.horizon);
    }
    Outcome { reason, at: sim.now, events: sim.handled - before }
}

/// Why a run ends before an event at the instant `next`.
fn why(next: Option<Time>, horizon: Time) -> StopReason {
    match next {
        None => StopReason::Exhausted,
        Some(at) if at > horizon => StopReason::Horizon,
        Some(_) => StopReason::EventLimit,
    }
}

#[cfg(test)]
mod tests;
