//! Which events can be cancelled, and which of them were.
//!
//! Must not know: when an event happens, and where it lies.

/// What a pending event carries: the number of its [`Tickets`] slot, or that it will happen for certain.
///
/// The blank is there because a `char` has more invalid values than most events have: so the compiler marks an empty place there and not
/// within the event, and moves events whole. An event that was moved in pieces and read in one cost a twelfth of a replication's time. In
/// an array, it keeps the compiler from passing a ticket in two pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(C)]
pub(super) struct Ticket {
    slot: u32,
    blank: [char; 1],
}

/// Names one cancellable event for as long as it is pending; afterwards it is stale and harmless, for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EventKey {
    ticket: Ticket,
    generation: u32,
}

/// Reusable slots, one for each cancellable event that is in memory, pending or cancelled.
///
/// A slot's generation grows when its event has happened or was cancelled, which makes the keys of that event stale. The slot is
/// used again only when the event has left the queue; therefore a slot's number is all that an event has to carry.
#[derive(Clone, Debug)]
pub(super) struct Tickets {
    slots: Vec<Slot>,
    free: Vec<Ticket>,
    cancelled: usize,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    generation: u32,
    cancelled: bool,
}

impl Ticket {
    /// Of events that cannot be cancelled.
    pub const CERTAIN: Self = Self { slot: u32::MAX, blank: ['\0'] };

    fn of(slot: usize) -> Self {
        let ticket = Self { slot: u32::try_from(slot).unwrap_or(u32::MAX), blank: ['\0'] };
        assert!(!ticket.is_certain(), "more than 4 billion cancellable events are pending");
        ticket
    }

    const fn is_certain(self) -> bool {
        self.slot == Self::CERTAIN.slot
    }

    const fn slot(self) -> usize {
        self.slot as usize
    }
}

impl EventKey {
    pub(super) const fn ticket(self) -> Ticket {
        self.ticket
    }
}

impl Tickets {
    pub const fn new() -> Self {
        Self { slots: Vec::new(), free: Vec::new(), cancelled: 0 }
    }

    /// Cancelled events that are still in memory.
    pub const fn cancelled(&self) -> usize {
        self.cancelled
    }

    /// A key for a new event.
    pub fn issue(&mut self) -> EventKey {
        if let Some(ticket) = self.free.pop() {
            return EventKey { ticket, generation: self.slots[ticket.slot()].generation };
        }
        let ticket = Ticket::of(self.slots.len());
        self.slots.push(Slot { generation: 0, cancelled: false });
        EventKey { ticket, generation: 0 }
    }

    /// Cancels the key's event and says whether it was pending.
    pub fn cancel(&mut self, key: EventKey) -> bool {
        let slot = &mut self.slots[key.ticket.slot()];
        let pending = slot.generation == key.generation;
        if pending {
            slot.generation += 1;
            slot.cancelled = true;
            self.cancelled += 1;
        }
        pending
    }

    /// Whether the event with this ticket was cancelled.
    pub fn is_cancelled(&self, ticket: Ticket) -> bool {
        !ticket.is_certain() && self.slots[ticket.slot()].cancelled
    }

    /// The event's turn has come. False if it was cancelled; its slot is free in any case.
    #[inline]
    pub fn redeem(&mut self, ticket: Ticket) -> bool {
        ticket.is_certain() || self.redeem_slot(ticket)
    }

    fn redeem_slot(&mut self, ticket: Ticket) -> bool {
        let happens = self.may_stay(ticket);
        if happens {
            self.slots[ticket.slot()].generation += 1;
            self.release(ticket);
        }
        happens
    }

    /// Whether an event may stay in the queue. If it was cancelled, it must leave now, and its slot is free.
    pub fn may_stay(&mut self, ticket: Ticket) -> bool {
        let leaves = self.is_cancelled(ticket);
        if leaves {
            self.slots[ticket.slot()].cancelled = false;
            self.cancelled -= 1;
            self.release(ticket);
        }
        !leaves
    }

    /// No event is in memory any more; all keys are stale.
    pub fn clear(&mut self) {
        self.free.clear();
        self.cancelled = 0;
        for slot in (0..self.slots.len()).rev() {
            let place = &mut self.slots[slot];
            *place = Slot { generation: place.generation.saturating_add(1), cancelled: false };
            self.release(Ticket::of(slot));
        }
    }

    /// The slot can be used again, except when its generations are used up: keys must never become valid again.
    fn release(&mut self, ticket: Ticket) {
        if self.slots[ticket.slot()].generation < u32::MAX {
            self.free.push(ticket);
        }
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
        assert_ne!(first.ticket, second.ticket);
        assert!(!tickets.may_stay(first.ticket));
        assert_eq!(tickets.cancelled(), 0);
        let third = tickets.issue();
        assert_eq!(first.ticket, third.ticket);
        assert!(!tickets.cancel(first));
        assert!(tickets.may_stay(third.ticket));
    }

    #[test]
    fn keys_from_before_a_clear_are_stale_and_slots_are_used_again_in_order() {
        let mut tickets = Tickets::new();
        let old = [tickets.issue(), tickets.issue(), tickets.issue()];
        tickets.cancel(old[1]);
        tickets.clear();
        let new = [tickets.issue(), tickets.issue(), tickets.issue()];
        assert_eq!(new.map(|key| key.ticket.slot()), [0, 1, 2]);
        assert_eq!(old.map(|key| tickets.cancel(key)), [false; 3]);
        assert_eq!(new.map(|key| tickets.cancel(key)), [true; 3]);
    }

    #[test]
    fn a_slot_retires_before_its_generations_repeat() {
        let mut tickets = Tickets::new();
        let key = tickets.issue();
        tickets.redeem(key.ticket);
        tickets.slots[0].generation = u32::MAX - 1;
        let last = tickets.issue();
        tickets.redeem(last.ticket);
        assert_eq!(tickets.issue().ticket.slot(), 1);
        tickets.clear();
        assert_eq!(tickets.issue().ticket.slot(), 1);
        assert!(!tickets.cancel(last));
    }
}
