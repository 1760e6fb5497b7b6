//! One event as the queue's structures keep it.

use super::tickets::Ticket;

/// A place for an event, with its time. Where it stands among events of the same time is told by its place, not by a
/// number.
///
/// The fields are in this order so that each is read in the width in which it was written: a processor has to wait for
/// a read of what was written in other pieces a moment ago, and that cost up to a third of the time of an event.
#[derive(Clone, Debug)]
#[repr(C)]
pub(super) struct QueueSlot<E> {
    /// Nanoseconds since the start.
    pub at: u64,
    /// Nothing when the event was taken.
    pub pending: Option<Pending<E>>,
}

/// An event that is to come, or was cancelled.
#[derive(Clone, Debug)]
#[repr(C)]
pub(super) struct Pending<E> {
    pub ticket: Ticket,
    pub event: E,
}

impl<E> QueueSlot<E> {
    pub const fn new(at: u64, ticket: Ticket, event: E) -> Self {
        Self { at, pending: Some(Pending { ticket, event }) }
    }

    /// The ticket of the event, if it was not taken.
    pub fn ticket(&self) -> Option<Ticket> {
        self.pending.as_ref().map(|pending| pending.ticket)
    }
}
