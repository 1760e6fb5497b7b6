//! The event of a shared link's next completion, which moves when the shares change.

use crate::engine::EventKey;
use crate::model::state::event::Event;
use crate::model::state::event::Sim;
use crate::time::Time;

/// A scheduled wake-up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wakeup {
    at: Time,
    key: EventKey,
}

impl Wakeup {
    /// Moves the wake-up to the `next` completion, if it is not there already.
    pub(crate) fn change(wakeup: &mut Option<Self>, next: Option<Time>, event: Event, sim: &mut Sim) {
        if wakeup.map(|old| old.at) == next {
            return;
        }
        if let Some(old) = wakeup.take() {
            sim.cancel(old.key);
        }
        *wakeup = next.map(|at| Self { at, key: sim.schedule_cancellable_at(at, event) });
    }
}
