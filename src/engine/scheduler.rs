//! The clock and the pending events, as a model sees them.

use super::queue::{EventKey, EventQueue};
use crate::time::{Span, Time};

/// The simulated clock with the events to come.
///
/// Events happen in the order (time, insertion): of two events at the same instant, the one scheduled first comes
/// first, whatever else is pending. An event scheduled for the present instant happens at that instant, after those
/// already waiting for it.
///
/// ```
/// use scaleup::engine::{Limits, Model, Scheduler, run};
/// use scaleup::time::Span;
///
/// /// Rings until somebody answers.
/// struct Phone { rings: u32, answered: bool }
///
/// enum Event { Ring, Answer }
///
/// impl Model for Phone {
///     type Event = Event;
///     fn handle(&mut self, event: Event, sim: &mut Scheduler<Event>) {
///         match event {
///             Event::Ring if !self.answered => {
///                 self.rings += 1;
///                 sim.schedule_after(Span::from_secs(3), Event::Ring);
///             }
///             Event::Ring => {}
///             Event::Answer => self.answered = true,
///         }
///     }
/// }
///
/// let mut phone = Phone { rings: 0, answered: false };
/// let mut sim = Scheduler::new();
/// sim.schedule_after(Span::ZERO, Event::Ring);
/// let hangs_up = sim.schedule_cancellable_after(Span::from_secs(5), Event::Answer);
/// sim.schedule_after(Span::from_secs(10), Event::Answer);
/// assert!(sim.cancel(hangs_up), "nobody answers after five seconds");
/// run(&mut phone, &mut sim, Limits::default());
/// assert_eq!((phone.rings, sim.handled(), sim.pending()), (4, 6, 0));
/// ```
#[derive(Clone, Debug)]
pub struct Scheduler<E> {
    pub(super) queue: EventQueue<E>,
    pub(super) now: Time,
    pub(super) handled: u64,
    /// The run ends when so many events have been handled.
    pub(super) most: u64,
    pub(super) stopped: bool,
}

impl<E> Scheduler<E> {
    /// A clock at [`Time::ZERO`] with nothing to come.
    pub const fn new() -> Self {
        Self { queue: EventQueue::new(), now: Time::ZERO, handled: 0, most: 0, stopped: false }
    }

    /// Starts again at [`Time::ZERO`] with nothing to come, keeping the allocated memory. Keys from before are stale.
    pub fn reset(&mut self) {
        self.queue.clear();
        self.now = Time::ZERO;
        self.handled = 0;
        self.stopped = false;
    }

    /// The present instant.
    pub const fn now(&self) -> Time {
        self.now
    }

    /// Schedules `event` at the instant `at`.
    ///
    /// # Panics
    /// When `at` lies in the past.
    #[track_caller]
    pub fn schedule_at(&mut self, at: Time, event: E) {
        self.assert_not_past(at);
        self.queue.push(at, event);
    }

    /// Schedules `event` at `delay` from now.
    pub fn schedule_after(&mut self, delay: Span, event: E) {
        self.queue.push(self.now + delay, event);
    }

    /// Schedules `event` at the instant `at`, unless it is cancelled before.
    ///
    /// # Panics
    /// When `at` lies in the past.
    #[track_caller]
    pub fn schedule_cancellable_at(&mut self, at: Time, event: E) -> EventKey {
        self.assert_not_past(at);
        self.queue.push_cancellable(at, event)
    }

    /// Schedules `event` at `delay` from now, unless it is cancelled before.
    pub fn schedule_cancellable_after(&mut self, delay: Span, event: E) -> EventKey {
        self.queue.push_cancellable(self.now + delay, event)
    }

    /// Takes back a pending event and says whether it was still pending; a stale key does nothing.
    ///
    /// A cancelled event neither moves the clock nor keeps the run going.
    pub fn cancel(&mut self, key: EventKey) -> bool {
        self.queue.cancel(key)
    }

    /// Ends the run after the event being handled. Pending events stay, and a further run goes on with them.
    pub const fn stop(&mut self) {
        self.stopped = true;
        self.most = self.handled;
    }

    /// Events to come; cancelled ones do not count.
    pub fn pending(&self) -> usize {
        self.queue.len()
    }

    /// Events handled since the start or the last reset.
    pub const fn handled(&self) -> u64 {
        self.handled
    }

    #[track_caller]
    fn assert_not_past(&self, at: Time) {
        assert!(
            at >= self.now,
            "an event cannot be scheduled for {} ns: it is already {} ns",
            at.as_nanos(),
            self.now.as_nanos()
        );
    }
}

impl<E> Default for Scheduler<E> {
    fn default() -> Self {
        Self::new()
    }
}
