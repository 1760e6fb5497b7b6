//! Sorting one bucket.
//!
//! Must not know: where a bucket comes from, and which of its events were cancelled.

use super::entry::Entry;

/// Up to so many entries are sorted by insertion alone.
const FEW: usize = 8;
/// More entries than this in one bin are not sorted by insertion, whose cost grows with their square.
const CROWD: u32 = 24;

/// The times in a bucket: `start` and the 2^`bits` - 1 nanoseconds after it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    pub start: u64,
    pub bits: u32,
}

/// Sorts buckets.
#[derive(Clone, Debug)]
pub(super) struct Sorter {
    /// For each bin the place behind its entries.
    ends: Vec<u32>,
    /// For each entry its place in the order of bins.
    places: Vec<u32>,
}

impl Sorter {
    pub const fn new() -> Self {
        Self { ends: Vec::new(), places: Vec::new() }
    }

    /// Puts the latest first, and of equally late ones the last appended first.
    ///
    /// Many entries are first distributed over as many bins as there are entries, equal parts of `range`; that leaves an entry a step or
    /// two from its place, and an insertion sort does the rest. So the time is linear unless the times crowd in few bins.
    pub fn sort<E>(&mut self, bucket: &mut [Entry<E>], range: Range) {
        if bucket.len() <= FEW || range.bits == 0 {
            bucket.reverse();
        } else if self.distribute(bucket, range) > CROWD {
            // Stable, and the last appended are already first.
            bucket.sort_by_key(|entry| std::cmp::Reverse(entry.at));
            return;
        }
        for sorted in 1..bucket.len() {
            let mut place = sorted;
            while place > 0 && bucket[place - 1].at < bucket[place].at {
                bucket.swap(place - 1, place);
                place -= 1;
            }
        }
    }

    /// A counting sort by bin; returns the largest number of entries in one.
    fn distribute<E>(&mut self, bucket: &mut [Entry<E>], range: Range) -> u32 {
        let bin_bits = (bucket.len().ilog2() + 1).min(range.bits);
        let (shift, last) = (range.bits - bin_bits, (1_u64 << bin_bits) - 1);
        let bin = |entry: &Entry<E>| (entry.at.saturating_sub(range.start) >> shift).min(last) as usize;
        self.ends.clear();
        self.ends.resize(last as usize + 1, 0);
        for entry in &*bucket {
            self.ends[bin(entry)] += 1;
        }
        let (mut end, mut most) = (0, 0);
        for place in self.ends.iter_mut().rev() {
            most = most.max(*place);
            end += *place;
            *place = end;
        }
        self.places.clear();
        self.places.extend(bucket.iter().map(|entry| {
            let end = &mut self.ends[bin(entry)];
            *end -= 1;
            *end
        }));
        for here in 0..bucket.len() {
            // Each exchange brings one entry to its place.
            while self.places[here] as usize != here {
                let there = self.places[here] as usize;
                bucket.swap(here, there);
                self.places.swap(here, there);
            }
        }
        most
    }
}
