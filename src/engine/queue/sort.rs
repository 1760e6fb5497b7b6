//! Sorting one bucket.
//!
//! Must not know: where a bucket comes from, and which of its events were cancelled.

use super::entry::Entry;

/// Up to so many entries are sorted by insertion alone.
const FEW: usize = 6;
/// More entries than this are sorted by std's sort.
const MANY: usize = u16::MAX as usize;
/// More entries than this in one bin are not sorted by insertion, whose cost grows with their square.
const CROWD: u16 = 24;
/// Entries are distributed over at most so many bins.
const BIN_BITS_MAX: u32 = 8;
const BINS: usize = 1 << BIN_BITS_MAX;

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
    ends: Vec<u16>,
    /// For each entry its bin.
    bins: Vec<u8>,
}

impl Sorter {
    pub const fn new() -> Self {
        Self { ends: Vec::new(), bins: Vec::new() }
    }

    /// Moves the entries of a bucket to `run`, which is empty: the latest first, and of equally late ones the last appended first.
    ///
    /// Many entries are first distributed over as many bins as there are entries, equal parts of `range`; that leaves an entry a step or
    /// two from its place, and an insertion sort does the rest. So the time is linear unless the times crowd in few bins.
    pub fn sort<E>(&mut self, bucket: &mut Vec<Entry<E>>, range: Range, run: &mut Vec<Option<Entry<E>>>) {
        let few = bucket.len() <= FEW || range.bits == 0;
        if few {
            run.extend(bucket.drain(..).rev().map(Some));
        }
        if !few && (bucket.len() > MANY || self.distribute(bucket, range, run) > CROWD) {
            run.extend(bucket.drain(..).rev().map(Some));
            // Stable, and the last appended are already first.
            run.sort_by_key(|entry| std::cmp::Reverse(at(entry.as_ref())));
            return;
        }
        for sorted in 1..run.len() {
            let mut place = sorted;
            while place > 0 && at(run[place - 1].as_ref()) < at(run[place].as_ref()) {
                run.swap(place - 1, place);
                place -= 1;
            }
        }
    }

    /// A counting sort by bin; returns the largest number of entries in one.
    fn distribute<E>(&mut self, bucket: &mut Vec<Entry<E>>, range: Range, run: &mut Vec<Option<Entry<E>>>) -> u16 {
        let bin_bits = (bucket.len().ilog2() + 1).min(BIN_BITS_MAX).min(range.bits);
        let (shift, last) = (range.bits - bin_bits, (1_u64 << bin_bits) - 1);
        self.ends.resize(BINS, 0);
        let Ok(ends) = <&mut [u16; BINS]>::try_from(&mut self.ends[..]) else { return u16::MAX };
        ends[..=last as usize].fill(0);
        self.bins.clear();
        self.bins.extend(bucket.iter().map(|entry| {
            let bin = ((entry.at - range.start) >> shift).min(last) as u8;
            ends[usize::from(bin)] += 1;
            bin
        }));
        let (mut end, mut most) = (0, 0);
        for place in ends[..=last as usize].iter_mut().rev() {
            most = most.max(*place);
            end += *place;
            *place = end;
        }
        run.resize_with(bucket.len(), || None);
        for (entry, bin) in bucket.drain(..).zip(&self.bins) {
            let end = &mut ends[usize::from(*bin)];
            *end -= 1;
            run[usize::from(*end)] = Some(entry);
        }
        most
    }
}

/// When the event of a filled place happens.
fn at<E>(entry: Option<&Entry<E>>) -> u64 {
    entry.map_or(0, |entry| entry.at)
}
