//! One pending event as the queue's structures keep it.

use super::tickets::Ticket;

/// An event with its time. Where it stands among events of the same time is told by its place, not by a number.
#[derive(Clone, Debug)]
pub(super) struct Entry<E> {
    /// Nanoseconds since the start.
    pub at: u64,
    /// `None` only in places that are about to be overwritten.
    body: Option<(Ticket, E)>,
}

impl<E> Entry<E> {
    pub const fn new(at: u64, ticket: Ticket, event: E) -> Self {
        Self { at, body: Some((ticket, event)) }
    }

    /// A place for an entry.
    pub const fn vacant() -> Self {
        Self { at: 0, body: None }
    }

    pub fn ticket(&self) -> Ticket {
        self.body.as_ref().map_or(Ticket::CERTAIN, |&(ticket, _)| ticket)
    }

    pub fn into_body(self) -> Option<(Ticket, E)> {
        self.body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_costs_its_event_its_time_and_a_ticket() {
        assert_eq!(size_of::<Entry<u32>>(), 16);
        assert_eq!(size_of::<Entry<[u32; 3]>>(), 24);
        assert_eq!(size_of::<Entry<[u64; 2]>>(), 32);
    }
}
