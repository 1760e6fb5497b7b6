//! The events that come later, roughly ordered.

use super::entry::QueueSlot;
use super::pool::{Chunks, Pile, Pool};
use super::sort::{MANY, Range};
use super::tickets::{Ticket, Tickets};

/// An open-ended bucket with at most so many events is not spread.
pub(super) const SMALL: usize = 32;
/// A bucket with so many times the intended number of events is spread over narrower ones.
const TOO_FULL: usize = 4;
/// A rung has room for so many times the events that it is made of, if they came on as densely as the first ones:
/// events are added behind them for as long as the rung lasts, and what finds no room is spread once more.
const AHEAD: usize = 16;
/// A bucket should have a sixteenth of the events, within these bounds: opening one has a price, and so has a front
/// that does not stay in the nearest cache.
const FILL_LEAST: usize = 16;
const FILL_MOST: usize = 96;
/// How many times of a bucket are looked at before it is spread.
const SAMPLES: usize = 24;

/// Rungs of buckets, each rung dividing one bucket of the rung below it in narrower ones.
///
/// All but the last bucket of a rung are equally wide, a power of two of nanoseconds; the last one has what is later,
/// up to the end of the bucket that was divided. The last bucket of the lowest rung is open-ended. Adding an event puts
/// it on a pile, so a bucket's events of one time are in the order in which they came.
///
/// The width comes from how close to each other the first events are, so a few far ones do no harm: they wait in the
/// last bucket.
#[derive(Clone, Debug)]
pub(super) struct Ladder {
    /// The lowest rung; without buckets if there is no rung.
    far: Rung,
    /// Each has events before those of the rung below it.
    near: Vec<Rung>,
    /// Memory to use again.
    idle: Vec<Vec<Pile>>,
    /// Later events than this are on the lowest rung.
    near_last: u64,
    len: usize,
}

#[derive(Clone, Debug)]
struct Rung {
    start: u64,
    /// The last nanosecond of the last bucket.
    last: u64,
    /// The width of all but the last bucket is 2^`bits` nanoseconds.
    bits: u32,
    /// How many events a bucket should have.
    fill: usize,
    /// The first bucket that was not taken.
    next: usize,
    buckets: Vec<Pile>,
}

/// A bucket whose turn has come.
pub(super) struct Opened {
    pub range: Range,
    /// Later events than this are in other buckets.
    pub last: u64,
}

impl Ladder {
    pub const fn new() -> Self {
        Self { far: Rung::new(), near: Vec::new(), idle: Vec::new(), near_last: 0, len: 0 }
    }

    /// Whether there is no bucket.
    pub const fn is_empty(&self) -> bool {
        self.far.buckets.is_empty()
    }

    /// How many events there are, cancelled ones too.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Adds an event that is later than the last bucket taken.
    ///
    /// # Panics
    /// If there is no bucket yet: [`Ladder::spread`] makes them.
    #[inline]
    pub fn push<E>(&mut self, pool: &mut Pool<E>, at: u64, ticket: Ticket, event: E) {
        self.len += 1;
        if at > self.near_last
            && let Some(bucket) = self.far.buckets.get_mut(((at - self.far.start) >> self.far.bits) as usize)
            && let Some(slot) = pool.next_slot(*bucket)
        {
            *slot = QueueSlot::new(at, ticket, event);
            bucket.count_one();
        } else {
            self.push_anywhere(pool, at, ticket, event);
        }
    }

    /// Adds an event to any rung, and to a bucket without room.
    #[inline(never)]
    fn push_anywhere<E>(&mut self, pool: &mut Pool<E>, at: u64, ticket: Ticket, event: E) {
        let rung = self.near.iter_mut().rfind(|rung| at <= rung.last).unwrap_or(&mut self.far);
        pool.push(rung.bucket(at), QueueSlot::new(at, ticket, event));
    }

    /// Takes the first bucket that has events, cancelled ones too, spreading buckets that are too full. Its memory goes
    /// to `chunks`, which must be empty.
    pub fn take_first<E>(&mut self, pool: &mut Pool<E>, tickets: &mut Tickets, chunks: &mut Chunks) -> Option<Opened> {
        while !self.is_empty() {
            let rung = self.near.last_mut().unwrap_or(&mut self.far);
            let place = rung.next + rung.buckets[rung.next..].iter().take_while(|bucket| bucket.is_empty()).count();
            rung.next = place + 1;
            let Some(bucket) = rung.buckets.get_mut(place) else {
                self.remove_first_rung();
                continue;
            };
            pool.take_pile(bucket, chunks);
            self.len -= chunks.len();
            let mut range = Range { start: rung.start + ((place as u64) << rung.bits), bits: rung.bits };
            let (mut last, mut most) = (rung.last, SMALL);
            if rung.next < rung.buckets.len() {
                last = range.last();
                most = most.max((TOO_FULL * rung.fill).min(MANY));
            } else {
                self.remove_first_rung();
                range = Range::of((0..chunks.len()).map(|place| pool.at(chunks.slot(place))));
            }
            // What is all at one instant cannot be spread and is in order already.
            if chunks.len() <= most || range.bits == 0 {
                return Some(Opened { range, last });
            }
            self.spread(pool, tickets, chunks, last);
        }
        None
    }

    /// Keeps the memory of a rung that has become empty.
    fn remove_first_rung(&mut self) {
        if let Some(mut rung) = self.near.pop() {
            rung.buckets.clear();
            self.idle.push(rung.buckets);
        } else {
            self.far.buckets.clear();
            self.far.next = 0;
        }
        self.look_near();
    }

    fn look_near(&mut self) {
        self.near_last = self.near.first().map_or(0, |rung| rung.last);
    }

    /// Makes a new rung of the events that were not cancelled. They come before all others in the ladder, none of them
    /// after `last`.
    pub fn spread<E>(&mut self, pool: &mut Pool<E>, tickets: &mut Tickets, chunks: &mut Chunks, last: u64) {
        let count = chunks.len();
        let at = |place| pool.at(chunks.slot(place));
        let fill = (count / 16).clamp(FILL_LEAST, FILL_MOST);
        let start = (0..count).map(at).min().unwrap_or(last);
        let bits = width_bits(count, at, start, fill);
        let divided = ((AHEAD * count / fill) as u64).min((last - start) >> bits);
        let is_lowest = self.is_empty();
        let mut buckets =
            if is_lowest { std::mem::take(&mut self.far.buckets) } else { self.idle.pop().unwrap_or_default() };
        buckets.resize(divided as usize + 1, Pile::EMPTY);
        let mut rung = Rung { start, last, bits, fill, next: 0, buckets };
        pool.drain(chunks, |pool, entry| {
            if tickets.cancelled() == 0 || entry.ticket().is_some_and(|ticket| tickets.may_stay(ticket)) {
                pool.push(rung.bucket(entry.at), entry);
                self.len += 1;
            }
        });
        if is_lowest {
            self.far = rung;
        } else {
            self.near.push(rung);
        }
        self.look_near();
    }

    /// Drops the events that do not satisfy `keep`.
    pub fn retain<E>(&mut self, pool: &mut Pool<E>, mut keep: impl FnMut(Ticket) -> bool) {
        self.len = 0;
        for bucket in self.near.iter_mut().chain([&mut self.far]).flat_map(|rung| &mut rung.buckets[rung.next..]) {
            pool.retain(bucket, |ticket| {
                let stays = keep(ticket);
                self.len += usize::from(stays);
                stays
            });
        }
    }

    /// Forgets all events and keeps the memory.
    pub fn clear(&mut self) {
        while !self.is_empty() {
            self.remove_first_rung();
        }
        self.len = 0;
    }

    #[cfg(test)]
    pub fn rungs(&self) -> usize {
        self.near.len() + usize::from(!self.is_empty())
    }
}

impl Rung {
    const fn new() -> Self {
        Self { start: 0, last: 0, bits: 0, fill: 0, next: 0, buckets: Vec::new() }
    }

    /// The bucket for an event.
    #[inline]
    fn bucket(&mut self, at: u64) -> &mut Pile {
        debug_assert!(at >= self.start, "it would be on a higher rung or at the front");
        let place = (at - self.start) >> self.bits;
        let last = self.buckets.len() - 1;
        &mut self.buckets[last.min(place as usize)]
    }
}

/// The logarithm of the width with which a bucket gets about `fill` of the earliest of `count` events; less than that
/// of the events' span.
///
/// It looks at the eighth part of the events that comes first, and at more of them only if those are all at one
/// instant.
fn width_bits(count: usize, at: impl Fn(usize) -> u64, start: u64, fill: usize) -> u32 {
    // Places by the golden ratio: no pattern in the events can fall into step with them.
    let place = |sample: usize| (sample as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let place = |sample: usize| (u128::from(place(sample)) * count as u128) >> 64;
    let mut times: [u64; SAMPLES] = std::array::from_fn(|sample| at(place(sample) as usize));
    times.sort_unstable();
    let early = [SAMPLES / 8, SAMPLES / 4, SAMPLES / 2, SAMPLES - 1].into_iter().find(|&rank| times[rank] > start);
    early.map_or(0, |rank| {
        let span = times[rank] - start;
        let width = u128::from(span) * (SAMPLES * fill) as u128 / (rank * count) as u128;
        // Not wider than the span, so that the events never end up in one bucket again.
        width.clamp(1, u128::from(span)).ilog2()
    })
}
