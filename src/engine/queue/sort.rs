//! Sorting one bucket.

use std::cmp::Reverse;

use super::pool::{Chunks, Pool};

/// Up to so many events are sorted by insertion alone.
const FEW: usize = 6;
/// More events than this are sorted by std's sort.
pub(super) const MANY: usize = u8::MAX as usize;
/// One, in each of eight numbers of 8 bits.
const EIGHT: u64 = 0x0101_0101_0101_0101;
/// Equal parts of a bucket's time.
const BINS: usize = 128;

/// The times in a bucket, none outside: `start` and the 2^`bits` - 1 nanoseconds after it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    pub start: u64,
    pub bits: u32,
}

impl Range {
    /// The times from the first to the last of some.
    pub fn of(times: impl Iterator<Item = u64> + Clone) -> Self {
        let start = times.clone().min().unwrap_or(0);
        let span = times.max().unwrap_or(0) - start;
        Self { start, bits: u64::BITS - span.leading_zeros() }
    }

    pub const fn last(self) -> u64 {
        // Not added up in one, as 2^64 does not fit.
        self.start.saturating_add((1_u64.unbounded_shl(self.bits)).wrapping_sub(1))
    }
}

/// When an event happens, and where it lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub at: u64,
    pub slot: usize,
}

/// Writes the keys of a bucket's events: the latest first, and of equally late ones the last added first.
///
/// Many events are first distributed over bins, equal parts of `range`, more than there are events; that leaves a key a
/// step or two from its place, and an insertion sort does the rest. So the time is linear unless the times crowd in few
/// bins.
pub(super) fn sort<E>(pool: &Pool<E>, chunks: &Chunks, range: Range, keys: &mut Vec<Key>) {
    let count = chunks.len();
    if count <= FEW || count > MANY || range.bits == 0 {
        keys.clear();
        pool.keys(chunks, |key| keys.push(key));
        keys.reverse();
    } else {
        distribute(pool, chunks, range, keys);
    }
    if !finish(keys) {
        // Stable, and the last are already first.
        keys.sort_by_key(|key| Reverse(key.at));
    }
}

/// A counting sort by bin.
#[inline(never)]
fn distribute<E>(pool: &Pool<E>, chunks: &Chunks, range: Range, keys: &mut Vec<Key>) {
    let (shift, last) = (range.bits.saturating_sub(BINS.ilog2()), range.last());
    // The latest first.
    let bin = |at: u64| ((last - at) >> shift) as usize % BINS;
    let mut ends = [0_u8; BINS];
    pool.keys(chunks, |key| ends[bin(key.at)] += 1);
    // Eight sums at a time.
    let mut before = 0;
    for eight in ends.as_chunks_mut().0 {
        let sums = u64::from_le_bytes(*eight).wrapping_mul(EIGHT).wrapping_add(before);
        *eight = sums.to_le_bytes();
        before = (sums >> 56) * EIGHT;
    }
    keys.resize(chunks.len(), Key { at: 0, slot: 0 });
    let keys = &mut keys[..];
    pool.keys(chunks, |key| {
        let end = &mut ends[bin(key.at)];
        *end -= 1;
        keys[usize::from(*end)] = key;
    });
}

/// Sorts keys that are near their places; false if some were not, then part of the work is left.
#[inline(never)]
fn finish(keys: &mut [Key]) -> bool {
    let mut steps = 8 * keys.len();
    for sorted in 1..keys.len() {
        let key = keys[sorted];
        if keys[sorted - 1].at < key.at {
            let mut place = sorted;
            while place > 0 && keys[place - 1].at < key.at {
                keys[place] = keys[place - 1];
                place -= 1;
            }
            keys[place] = key;
            steps = steps.saturating_sub(sorted - place);
            if steps == 0 {
                return false;
            }
        }
    }
    true
}
