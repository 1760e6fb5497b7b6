//! Which events can be cancelled, and which of them were.

use crate::engine::slots::{SlotKey, Slots};

/// What a pending event carries: the number of its [`Tickets`] slot, or that it will happen for certain.
///
/// `niche` has spare bit patterns, as any `char`: an `Option` of a pending event needs no tag, so events move as whole
/// words (`cargo bench --bench replication`). In an array, so that a ticket is passed in one piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(C)]
pub(super) struct Ticket {
    slot: u32,
    niche: [char; 1],
}

/// Names one cancellable event for as long as it is pending; afterwards it is stale and harmless, for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EventKey(SlotKey);

/// One slot for each cancellable event that is in memory, pending or cancelled.
///
/// The slot is used again only when the event has left the queue; therefore a slot's number is all that an event has to
/// carry.
#[derive(Clone, Debug)]
pub(super) struct Tickets {
    /// Whether it was cancelled.
    slots: Slots<bool>,
    cancelled: usize,
}

impl Ticket {
    /// Of events that cannot be cancelled.
    pub const CERTAIN: Self = Self { slot: u32::MAX, niche: ['\0'] };

    const fn is_certain(self) -> bool {
        self.slot == Self::CERTAIN.slot
    }
}

impl EventKey {
    /// # Panics
    /// Above 4 billion cancellable events at once.
    pub(super) fn ticket(self) -> Ticket {
        let ticket = Ticket { slot: self.0.slot(), ..Ticket::CERTAIN };
        assert!(!ticket.is_certain(), "more than 4 billion cancellable events are pending");
        ticket
    }
}

impl Tickets {
    pub const fn new() -> Self {
        Self { slots: Slots::new(), cancelled: 0 }
    }

    /// Cancelled events that are still in memory.
    pub const fn cancelled(&self) -> usize {
        self.cancelled
    }

    /// A key for a new event.
    pub fn issue(&mut self) -> EventKey {
        EventKey(self.slots.insert(false))
    }

    /// Cancels the key's event and says whether it was pending.
    pub fn cancel(&mut self, key: EventKey) -> bool {
        let pending = self.slots.get_mut(key.0).is_some_and(|cancelled| !std::mem::replace(cancelled, true));
        self.cancelled += usize::from(pending);
        pending
    }

    /// Whether the event with this ticket was cancelled.
    pub fn is_cancelled(&self, ticket: Ticket) -> bool {
        !ticket.is_certain() && self.slots.at(ticket.slot) == Some(&true)
    }

    /// The event's turn has come. False if it was cancelled; its slot is free in any case.
    #[inline]
    pub fn redeem(&mut self, ticket: Ticket) -> bool {
        ticket.is_certain() || self.redeem_slot(ticket)
    }

    fn redeem_slot(&mut self, ticket: Ticket) -> bool {
        let cancelled = self.slots.remove_at(ticket.slot) == Some(true);
        self.cancelled -= usize::from(cancelled);
        !cancelled
    }

    /// Whether an event may stay in the queue. If it was cancelled, it must leave now, and its slot is free.
    pub fn may_stay(&mut self, ticket: Ticket) -> bool {
        !self.is_cancelled(ticket) || self.redeem_slot(ticket)
    }

    /// No event is in memory any more; all keys are stale.
    pub fn clear(&mut self) {
        self.slots.clear();
        self.cancelled = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_used_again_when_its_cancelled_event_has_left_and_not_before() {
        let mut tickets = Tickets::new();
        let first = tickets.issue();
        assert!(tickets.cancel(first));
        assert!(!tickets.cancel(first));
        let second = tickets.issue();
        assert_ne!(first.ticket(), second.ticket());
        assert!(!tickets.may_stay(first.ticket()));
        assert_eq!(tickets.cancelled(), 0);
        let third = tickets.issue();
        assert_eq!(first.ticket(), third.ticket());
        assert!(!tickets.cancel(first));
        assert!(tickets.may_stay(third.ticket()));
    }

    #[test]
    fn keys_from_before_a_clear_are_stale_and_slots_are_used_again_in_order() {
        let mut tickets = Tickets::new();
        let old = [tickets.issue(), tickets.issue(), tickets.issue()];
        tickets.cancel(old[1]);
        tickets.clear();
        let new = [tickets.issue(), tickets.issue(), tickets.issue()];
        assert_eq!(new.map(|key| key.ticket().slot), [0, 1, 2]);
        assert_eq!(old.map(|key| tickets.cancel(key)), [false; 3]);
        assert_eq!(new.map(|key| tickets.cancel(key)), [true; 3]);
    }
}
