//! Memory for events, in chunks of a few.

use super::entry::{Pending, QueueSlot};
use super::sort::Key;
use super::tickets::Ticket;

/// Slots in a chunk. With fewer less memory is idle at the ends of piles; with more a pile's events follow each other
/// in memory.
const CHUNK: usize = 64;

/// Slots for events, handed out in chunks. What came back last goes out first: it is still in the cache.
#[derive(Clone, Debug)]
pub(super) struct Pool<E> {
    slots: Vec<QueueSlot<E>>,
    /// For each chunk the end of the pile when the chunk was added to it.
    ends_before: Vec<u32>,
    free: Vec<u32>,
    /// Memory to use again.
    swept: Chunks,
}

/// Events in the order in which they were added.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pile {
    /// The slot after the last event's.
    end: u32,
}

/// The chunks of a pile that was taken.
#[derive(Clone, Debug)]
pub(super) struct Chunks {
    /// All are full but the last one.
    list: Vec<u32>,
    len: usize,
}

impl Pile {
    pub const EMPTY: Self = Self { end: 0 };

    pub const fn is_empty(self) -> bool {
        self.end == 0
    }

    /// An event was put into the next slot.
    #[inline]
    pub const fn count_one(&mut self) {
        self.end += 1;
    }

    /// Whether the last chunk has a slot for one more event.
    #[inline]
    const fn has_room(self) -> bool {
        !(self.end as usize).is_multiple_of(CHUNK)
    }
}

impl Chunks {
    pub const fn new() -> Self {
        Self { list: Vec::new(), len: 0 }
    }

    /// How many events there are.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// The slot of an event by the order in which it was added.
    pub fn slot(&self, place: usize) -> usize {
        self.list[place / CHUNK] as usize * CHUNK + place % CHUNK
    }

    pub fn clear(&mut self) {
        self.list.clear();
        self.len = 0;
    }
}

impl<E> Pool<E> {
    pub const fn new() -> Self {
        Self { slots: Vec::new(), ends_before: Vec::new(), free: Vec::new(), swept: Chunks::new() }
    }

    /// Drops all events and keeps the memory. Piles and chunks from before mean nothing any more.
    pub fn clear(&mut self) {
        self.slots.clear();
        self.ends_before.clear();
        self.free.clear();
    }

    /// When the event in a slot happens.
    #[inline]
    pub fn at(&self, slot: usize) -> u64 {
        self.slots[slot].at
    }

    /// The ticket of the event in a slot.
    pub fn ticket(&self, slot: usize) -> Option<Ticket> {
        self.slots[slot].ticket()
    }

    /// Takes the event out of a slot.
    #[inline]
    pub fn take(&mut self, slot: usize) -> Option<Pending<E>> {
        self.slots[slot].pending.take()
    }

    /// Puts an event into an empty slot.
    #[inline]
    pub fn put(&mut self, slot: usize, pending: Pending<E>) {
        self.slots[slot].pending = Some(pending);
    }

    /// The slot for one more event, if the last chunk of the pile has one.
    #[inline]
    pub fn next_slot(&mut self, pile: Pile) -> Option<&mut QueueSlot<E>> {
        if pile.has_room() { self.slots.get_mut(pile.end as usize) } else { None }
    }

    /// Adds an event to a pile.
    pub fn push(&mut self, pile: &mut Pile, entry: QueueSlot<E>) {
        if !pile.has_room() {
            let chunk = self.new_chunk();
            self.ends_before[chunk as usize] = std::mem::replace(&mut pile.end, chunk * CHUNK as u32);
        }
        self.slots[pile.end as usize] = entry;
        pile.end += 1;
    }

    /// Moves the chunks of a pile, which is empty then, to `chunks`, which must have none.
    pub fn take_pile(&self, pile: &mut Pile, chunks: &mut Chunks) {
        let mut end = std::mem::replace(pile, Pile::EMPTY).end as usize;
        while end > 0 {
            let chunk = (end - 1) / CHUNK;
            chunks.list.push(chunk as u32);
            chunks.len += end - chunk * CHUNK;
            end = self.ends_before[chunk] as usize;
        }
        chunks.list.reverse();
    }

    /// Shows the keys of all events, in the order in which those were added.
    #[inline]
    pub fn keys(&self, chunks: &Chunks, mut each: impl FnMut(Key)) {
        let mut left = chunks.len;
        for &chunk in &chunks.list {
            let first = chunk as usize * CHUNK;
            let entries = &self.slots[first..first + CHUNK.min(left)];
            left -= entries.len();
            for (entry, slot) in entries.iter().zip(first..) {
                each(Key { at: entry.at, slot });
            }
        }
    }

    /// Hands out all events, in the order in which they were added, and takes back their chunks.
    pub fn drain(&mut self, chunks: &mut Chunks, mut each: impl FnMut(&mut Self, QueueSlot<E>)) {
        for place in 0..chunks.len {
            let slot = chunks.slot(place);
            let entry = QueueSlot { at: self.slots[slot].at, pending: self.slots[slot].pending.take() };
            each(self, entry);
            if place % CHUNK == CHUNK - 1 {
                self.free.push(chunks.list[place / CHUNK]);
            }
        }
        self.free.extend(chunks.list.drain(chunks.len / CHUNK..));
        chunks.clear();
    }

    /// Takes back chunks whose events were all taken.
    pub fn give_back(&mut self, chunks: &mut Chunks) {
        self.free.append(&mut chunks.list);
        chunks.len = 0;
    }

    /// Drops the events of a pile that do not satisfy `keep`.
    pub fn retain(&mut self, pile: &mut Pile, mut keep: impl FnMut(Ticket) -> bool) {
        let mut chunks = std::mem::replace(&mut self.swept, Chunks::new());
        self.take_pile(pile, &mut chunks);
        self.drain(&mut chunks, |pool, entry| {
            if entry.ticket().is_some_and(&mut keep) {
                pool.push(pile, entry);
            }
        });
        self.swept = chunks;
    }

    /// Adds an empty chunk and the keys of its slots.
    pub fn add_chunk(&mut self, chunks: &mut Chunks, keys: &mut Vec<Key>) {
        let chunk = self.new_chunk();
        chunks.list.push(chunk);
        let first = chunk as usize * CHUNK;
        keys.extend((first..first + CHUNK).map(|slot| Key { at: 0, slot }));
    }

    fn new_chunk(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            let chunk = u32::try_from(self.ends_before.len()).unwrap_or(u32::MAX);
            assert!(chunk < u32::MAX / CHUNK as u32, "more than 4 billion pending events");
            self.slots.extend((0..CHUNK).map(|_| QueueSlot { at: 0, pending: None }));
            self.ends_before.push(0);
            chunk
        })
    }

    /// Events for which there is memory.
    #[cfg(test)]
    pub fn capacity(&self) -> usize {
        self.slots.capacity()
    }
}
