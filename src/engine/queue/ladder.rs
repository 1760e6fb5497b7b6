//! The events that come later, roughly ordered.
//!
//! Must not know: the exact order within a bucket: `sort` makes it when the bucket's turn comes.

use super::entry::Entry;
use super::sort::Range;
use super::tickets::{Ticket, Tickets};

/// An open-ended bucket with at most so many events is not spread.
pub(super) const SMALL: usize = 32;
/// A bucket with so many times the intended number of events is spread over narrower ones.
const TOO_FULL: usize = 4;
/// A rung has room for so many times the events that it is made of, if they came on as densely as the first ones: events are added behind
/// them for as long as the rung lasts, and what finds no room is spread once more.
const AHEAD: usize = 16;
/// How many times of a bucket are looked at before it is spread.
const SAMPLES: usize = 24;

/// Rungs of buckets, each rung dividing one bucket of the rung below it in narrower ones.
///
/// All but the last bucket of a rung are equally wide, a power of two of nanoseconds; the last one has what is later, up to the end of
/// the bucket that was divided. The last bucket of the lowest rung is open-ended. Adding an event appends it to a bucket, so a
/// bucket's events of one time are in the order in which they came.
///
/// The width comes from how close to each other the first events are, so a few far ones do no harm: they wait in the last bucket.
#[derive(Clone, Debug)]
pub(super) struct Ladder<E> {
    /// Each has events before those of the rung below it.
    rungs: Vec<Rung<E>>,
    /// Memory to use again.
    idle_rungs: Vec<Rung<E>>,
    idle_buckets: Vec<Vec<Entry<E>>>,
    /// Memory for more events is given back: open-ended buckets need much, but each bucket's memory is used for any bucket later,
    /// so that in the end all would have as much.
    idle_most: usize,
    /// Later events than this are on the lowest rung.
    near_last: u64,
}

#[derive(Clone, Debug)]
struct Rung<E> {
    start: u64,
    /// The last nanosecond of the last bucket.
    last: u64,
    /// The width of all but the last bucket is 2^`bits` nanoseconds.
    bits: u32,
    /// How many events a bucket should have.
    fill: usize,
    /// The first bucket that was not taken.
    next: usize,
    buckets: Vec<Vec<Entry<E>>>,
}

/// A bucket whose turn has come.
pub(super) struct Opened<E> {
    pub entries: Vec<Entry<E>>,
    pub range: Range,
    /// Later events than this are in other buckets.
    pub last: u64,
}

impl<E> Ladder<E> {
    pub const fn new() -> Self {
        Self { rungs: Vec::new(), idle_rungs: Vec::new(), idle_buckets: Vec::new(), idle_most: SMALL, near_last: 0 }
    }

    /// Adds an event that is later than the last bucket taken.
    ///
    /// # Panics
    /// If there is no bucket yet: [`Ladder::spread`] makes them.
    #[inline]
    pub fn push(&mut self, at: u64, ticket: Ticket, event: E) {
        let mut level = 0;
        if at <= self.near_last {
            level = self.rungs.iter().rposition(|rung| at <= rung.last).unwrap_or(0);
        }
        let rung = &mut self.rungs[level];
        let place = rung.place(at);
        let bucket = &mut rung.buckets[place];
        if bucket.len() == bucket.capacity() {
            make_room(bucket, &mut self.idle_buckets);
        }
        bucket.push(Entry { at, ticket, event });
    }

    /// Takes the first bucket that has pending events, spreading buckets that are too full.
    pub fn take_first(&mut self, tickets: &mut Tickets) -> Option<Opened<E>> {
        loop {
            let rung = self.rungs.last_mut()?;
            let place = rung.next + rung.buckets[rung.next..].iter().take_while(|bucket| bucket.is_empty()).count();
            rung.next = place + 1;
            let Some(bucket) = rung.buckets.get_mut(place) else {
                self.remove_first_rung();
                continue;
            };
            let mut entries = std::mem::take(bucket);
            if tickets.cancelled() > 0 {
                entries.retain(|entry| tickets.may_stay(entry.ticket));
            }
            let range = Range { start: rung.start + ((place as u64) << rung.bits), bits: rung.bits };
            let (mut last, mut most) = (rung.last, SMALL);
            if rung.next < rung.buckets.len() {
                last = range.last();
                most = most.max(TOO_FULL * rung.fill);
            } else {
                self.remove_first_rung();
            }
            // What is all at one instant cannot be spread and is in order already.
            if entries.len() <= most || range.start == last {
                return Some(Opened { entries, range, last });
            }
            self.spread(entries, last);
        }
    }

    /// Memory for a bucket.
    pub fn lend(&mut self) -> Vec<Entry<E>> {
        self.idle_buckets.pop().unwrap_or_default()
    }

    /// Takes back the memory of a bucket that has become empty, if it is of ordinary size.
    pub fn take_back(&mut self, bucket: Vec<Entry<E>>) {
        if (1..=self.idle_most).contains(&bucket.capacity()) {
            self.idle_buckets.push(bucket);
        }
    }

    /// Keeps the memory of a rung that has become empty, as far as it is of ordinary size.
    fn remove_first_rung(&mut self) {
        if let Some(mut rung) = self.rungs.pop() {
            for bucket in rung.buckets.drain(..) {
                self.take_back(bucket);
            }
            self.idle_rungs.push(rung);
        }
        self.near_last = self.rungs.get(1).map_or(0, |rung| rung.last);
    }

    /// Makes a new rung of entries that come before all others in the ladder, none of them after `last`.
    pub fn spread(&mut self, mut entries: Vec<Entry<E>>, last: u64) {
        let count = entries.len();
        let fill = (count / 64).clamp(24, 256);
        self.idle_most = 2 * TOO_FULL * fill;
        let start = entries.iter().map(|entry| entry.at).min().unwrap_or(last);
        let bits = width_bits(&entries, start, fill);
        let divided = ((AHEAD * count / fill) as u64).min((last - start) >> bits);
        let mut rung = self.idle_rungs.pop().unwrap_or_else(Rung::new);
        rung.buckets.resize_with(divided as usize + 1, Vec::new);
        rung = Rung { start, last, bits, fill, next: 0, buckets: rung.buckets };
        for entry in entries.extract_if(.., |entry| (entry.at - start) >> bits < divided) {
            let bucket = &mut rung.buckets[((entry.at - start) >> bits) as usize];
            if bucket.capacity() == 0 {
                *bucket = self.idle_buckets.pop().unwrap_or_default();
            }
            bucket.push(entry);
        }
        // What is later stays where it is: often it is the most.
        rung.buckets[divided as usize] = entries;
        self.rungs.push(rung);
        self.near_last = self.rungs.get(1).map_or(0, |rung| rung.last);
    }

    /// Drops the entries that do not satisfy `keep`.
    pub fn retain(&mut self, mut keep: impl FnMut(&Entry<E>) -> bool) {
        for bucket in self.rungs.iter_mut().flat_map(|rung| &mut rung.buckets[rung.next..]) {
            bucket.retain(&mut keep);
        }
    }

    /// Drops all entries and keeps the memory.
    pub fn clear(&mut self) {
        while let Some(rung) = self.rungs.last_mut() {
            rung.buckets.iter_mut().for_each(Vec::clear);
            self.remove_first_rung();
        }
    }

    #[cfg(test)]
    pub fn rungs(&self) -> usize {
        self.rungs.len()
    }

    /// Events for which there is memory.
    #[cfg(test)]
    pub fn capacity(&self) -> usize {
        let buckets = self.rungs.iter().flat_map(|rung| &rung.buckets).chain(&self.idle_buckets);
        buckets.map(Vec::capacity).sum()
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.rungs.iter().flat_map(|rung| &rung.buckets).map(Vec::len).sum()
    }
}

/// Room for one more in a bucket.
#[cold]
#[inline(never)]
fn make_room<E>(bucket: &mut Vec<Entry<E>>, idle: &mut Vec<Vec<Entry<E>>>) {
    if bucket.capacity() == 0 {
        *bucket = idle.pop().unwrap_or_default();
    }
    bucket.reserve(1);
}

impl<E> Rung<E> {
    const fn new() -> Self {
        Self { start: 0, last: 0, bits: 0, fill: 0, next: 0, buckets: Vec::new() }
    }

    #[inline]
    fn place(&self, at: u64) -> usize {
        debug_assert!(at >= self.start, "it would be on a higher rung or at the front");
        let place = (at - self.start) >> self.bits;
        place.min(self.buckets.len() as u64 - 1) as usize
    }
}

impl Range {
    const fn last(self) -> u64 {
        self.start.saturating_add((1 << self.bits) - 1)
    }
}

/// The logarithm of the width with which a bucket gets about `fill` of the earliest entries; less than that of the entries' span.
///
/// It looks at the eighth part of entries that comes first, and at more of them only if those are all at one instant.
fn width_bits<E>(entries: &[Entry<E>], start: u64, fill: usize) -> u32 {
    // Places by the golden ratio: no pattern in the entries can fall into step with them.
    let place = |sample: usize| (sample as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let place = |sample: usize| (u128::from(place(sample)) * entries.len() as u128) >> 64;
    let mut times: [u64; SAMPLES] = std::array::from_fn(|sample| entries[place(sample) as usize].at);
    times.sort_unstable();
    let early = [SAMPLES / 8, SAMPLES / 4, SAMPLES / 2, SAMPLES - 1].into_iter().find(|&rank| times[rank] > start);
    early.map_or(0, |rank| {
        let span = times[rank] - start;
        let width = u128::from(span) * (SAMPLES * fill) as u128 / (rank * entries.len()) as u128;
        // Not wider than the span, so that the entries never end up in one bucket again.
        width.clamp(1, u128::from(span)).ilog2()
    })
}
