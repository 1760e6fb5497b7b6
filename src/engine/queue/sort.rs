//! Sorting one bucket.

use super::entry::Entry;

/// Up to so many entries are sorted by insertion alone.
const FEW: usize = 16;
/// More entries than this in one bin are not sorted by insertion, whose cost grows with their square.
const CROWD: u32 = 24;

/// The times in a bucket: `start` and the 2^`bits` - 1 nanoseconds after it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    pub start: u64,
    pub bits: u32,
}

/// Moves entries from buckets into sorted runs.
#[derive(Clone, Debug)]
pub(super) struct Sorter {
    /// For each bin the place behind its entries in the run.
    ends: Vec<u32>,
}

impl Sorter {
    pub const fn new() -> Self {
        Self { ends: Vec::new() }
    }

    /// Moves all entries of `bucket` into the empty `run`: the latest first, and of equally late ones the last appended first.
    ///
    /// Many entries are first distributed over as many bins as there are entries, equal parts of `range`; that leaves an entry a step or
    /// two from its place, and an insertion sort does the rest. So the time is linear unless the times crowd in few bins.
    pub fn sort<E>(&mut self, bucket: &mut Vec<Entry<E>>, run: &mut Vec<Entry<E>>, range: Range) {
        let few = bucket.len() <= FEW;
        if few {
            run.extend(bucket.drain(..).rev());
        } else if self.distribute(bucket, run, range) > CROWD {
            // Stable, and the last appended are already first.
            run.sort_by_key(|entry| std::cmp::Reverse(entry.at));
            return;
        }
        for sorted in 1..run.len() {
            let mut place = sorted;
            while place > 0 && run[place - 1].at < run[place].at {
                run.swap(place - 1, place);
                place -= 1;
            }
        }
    }

    /// A counting sort by bin; returns the largest number of entries in one.
    fn distribute<E>(&mut self, bucket: &mut Vec<Entry<E>>, run: &mut Vec<Entry<E>>, range: Range) -> u32 {
        let bin_bits = bucket.len().ilog2().min(range.bits);
        let (shift, last) = (range.bits - bin_bits, (1_usize << bin_bits) - 1);
        let bin = |at: u64| (at.saturating_sub(range.start).checked_shr(shift).unwrap_or(0) as usize).min(last);
        self.ends.clear();
        self.ends.resize(last + 1, 0);
        for entry in &*bucket {
            self.ends[bin(entry.at)] += 1;
        }
        let (mut end, mut most) = (0, 0);
        for place in self.ends.iter_mut().rev() {
            most = most.max(*place);
            end += *place;
            *place = end;
        }
        run.resize_with(bucket.len(), Entry::vacant);
        for entry in bucket.drain(..) {
            let end = &mut self.ends[bin(entry.at)];
            *end -= 1;
            run[*end as usize] = entry;
        }
        most
    }
}
