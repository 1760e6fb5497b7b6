//! When the probes of busy members fail, and which of those probes make a member NotReady.

use crate::time::{Span, Time};
use std::collections::VecDeque;
use std::ops::Range;

/// The ranges of time in which every probe of every member fails.
#[derive(Debug, Default)]
pub(crate) struct Failing {
    /// Apart from each other and in order; those that are too old to matter are dropped.
    ranges: VecDeque<Range<Time>>,
    /// Memory for [`Self::fatal`].
    spare: Vec<Range<Time>>,
}

impl Failing {
    /// From `now` on, probes fail until then. Answers what of that is new.
    pub(crate) fn extend(&mut self, now: Time, until: Time) -> Option<Range<Time>> {
        let known = self.ranges.back().map_or(Time::ZERO, |range| range.end);
        let from = known.max(now);
        if until <= from {
            return None;
        }
        match self.ranges.back_mut() {
            Some(last) if last.end >= now => last.end = until,
            _ => self.ranges.push_back(from..until),
        }
        Some(from..until)
    }

    /// The parts of the `new` range in which a probe is one too many: as many probes as are `tolerated` failed just
    /// before it, a `period` apart from each other.
    pub(crate) fn fatal(&mut self, new: Range<Time>, tolerated: u32, period: Span, parts: &mut Vec<Range<Time>>) {
        // No row of failures goes on across a pause as long as a period.
        let last = self.ranges.len().saturating_sub(1);
        if last > 0 && self.ranges[last].start.since(self.ranges[last - 1].end) >= period {
            self.ranges.drain(..last);
        }
        let oldest = new.start - period * u64::from(tolerated);
        while self.ranges.front().is_some_and(|range| range.end < oldest) {
            self.ranges.pop_front();
        }
        parts.clear();
        parts.push(new);
        for before in 1..=u64::from(tolerated) {
            self.spare.clear();
            for part in &*parts {
                let later = |range: &Range<Time>| range.start + period * before..range.end + period * before;
                let both =
                    self.ranges.iter().map(later).map(|range| range.start.max(part.start)..range.end.min(part.end));
                self.spare.extend(both.filter(|range| !range.is_empty()));
            }
            std::mem::swap(parts, &mut self.spare);
            if parts.is_empty() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(nanos: u64) -> Time {
        Time::from_nanos(nanos)
    }

    #[test]
    fn what_is_known_already_is_not_new_and_what_touches_is_one_range() {
        let mut failing = Failing::default();
        assert_eq!(failing.extend(at(10), at(10)), None);
        assert_eq!(failing.extend(at(10), at(15)), Some(at(10)..at(15)));
        assert_eq!(failing.extend(at(12), at(14)), None);
        assert_eq!(failing.extend(at(12), at(18)), Some(at(15)..at(18)));
        assert_eq!(failing.extend(at(18), at(20)), Some(at(18)..at(20)));
        assert_eq!(failing.extend(at(30), at(31)), Some(at(30)..at(31)));
        assert_eq!(failing.ranges, [at(10)..at(20), at(30)..at(31)]);
    }

    proptest! {
        /// Steps forward, each followed by so much more work.
        #[test]
        fn the_fatal_probes_are_those_that_a_count_finds(
            steps in prop::collection::vec((0..12_u64, 0..14_u64), 1..40),
            tolerated in 0..4_u32,
            period in 1..9_u64,
        ) {
            let (mut failing, mut fails, mut now, mut parts) = (Failing::default(), vec![false; 1_000], 0, Vec::new());
            for (step, work) in steps {
                now += step;
                let Some(new) = failing.extend(at(now), at(now + work)) else { continue };
                fails[now as usize..(now + work) as usize].fill(true);
                failing.fatal(new.clone(), tolerated, Span::from_nanos(period), &mut parts);
                let found: Vec<u64> = parts.iter().flat_map(|part| part.start.as_nanos()..part.end.as_nanos()).collect();
                let in_a_row = |probe: u64| {
                    (0..=u64::from(tolerated)).all(|before| {
                        probe.checked_sub(before * period).is_some_and(|earlier| fails[earlier as usize])
                    })
                };
                let counted: Vec<u64> =
                    (new.start.as_nanos()..new.end.as_nanos()).filter(|&probe| in_a_row(probe)).collect();
                prop_assert_eq!(found, counted);
            }
        }
    }
}
