//! A number of uses per window of time.

use std::collections::{BTreeMap, VecDeque};

use crate::time::{Span, Time};

/// How windows lie in time.
///
/// ```
/// use scaleup::engine::{Window, WindowBudget};
/// use scaleup::time::{Span, Time};
///
/// // One use per minute; used at 0 s and, when the next window opens, at 90 s.
/// let at = |seconds: u64| Time::ZERO + Span::from_secs(seconds);
/// for kind in [Window::Fixed, Window::Sliding] {
///     let mut budget = WindowBudget::new(1, Span::from_secs(60), kind);
///     assert_eq!(budget.try_take(at(0), ()), Ok(()));
///     assert_eq!(budget.try_take(at(59), ()), Err(at(60)));
///     assert_eq!(budget.try_take(at(90), ()), Ok(()));
///     assert_eq!(budget.try_take(at(91), ()), Err(at(150)));
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// A window opens with a key's first use; the first use after its end opens the next one.
    Fixed,
    /// Every use counts for one window's length from its own instant on.
    Sliding,
}

/// At most `limit` uses per window, counted for each key by itself.
///
/// Windows contain their first instant and not their last: what was used at `t` is free again at `t + window`.
///
/// ```
/// use scaleup::engine::{Window, WindowBudget};
/// use scaleup::time::{Span, Time};
///
/// let mut pulls = WindowBudget::new(2, Span::from_secs(3600), Window::Sliding);
/// let at = |seconds: u64| Time::ZERO + Span::from_secs(seconds);
/// assert_eq!(pulls.try_take(at(0), "address A"), Ok(()));
/// assert_eq!(pulls.try_take(at(600), "address A"), Ok(()));
/// assert_eq!(pulls.try_take(at(700), "address A"), Err(at(3600)), "the first use no longer counts then");
/// assert_eq!(pulls.try_take(at(700), "address B"), Ok(()), "every key has a budget of its own");
/// ```
#[derive(Clone, Debug)]
pub struct WindowBudget<K> {
    limit: u64,
    window: Span,
    kind: Window,
    uses: BTreeMap<K, Uses>,
}

#[derive(Clone, Debug, Default)]
struct Uses {
    /// Fixed windows: when the present window opened.
    opened: Time,
    /// Fixed windows: uses since then.
    count: u64,
    /// Sliding windows: the instants of the uses that still count, oldest first.
    recent: VecDeque<Time>,
}

impl<K: Ord> WindowBudget<K> {
    /// A budget of which nothing is used.
    ///
    /// # Panics
    /// When the window has no length.
    #[track_caller]
    pub const fn new(limit: u64, window: Span, kind: Window) -> Self {
        assert!(!window.is_zero(), "a window must have a length");
        Self { limit, window, kind, uses: BTreeMap::new() }
    }

    /// Uses one of `key`'s budget. `now` must not go backwards.
    ///
    /// # Errors
    /// When all of it is used: the earliest instant at which a use can succeed, [`Time::MAX`] if none ever can.
    pub fn try_take(&mut self, now: Time, key: K) -> Result<(), Time> {
        if self.limit == 0 {
            return Err(Time::MAX);
        }
        let uses = self.uses.entry(key).or_default();
        match self.kind {
            Window::Fixed => uses.take_fixed(now, self.window, self.limit),
            Window::Sliding => uses.take_sliding(now, self.window, self.limit),
        }
    }

    /// How much of `key`'s budget is used at `now`.
    pub fn used(&self, now: Time, key: &K) -> u64 {
        let Some(uses) = self.uses.get(key) else {
            return 0;
        };
        match self.kind {
            Window::Fixed if now < uses.opened + self.window => uses.count,
            Window::Fixed => 0,
            Window::Sliding => {
                let over = uses.recent.partition_point(|&at| at + self.window <= now);
                (uses.recent.len() - over) as u64
            }
        }
    }
}

impl Uses {
    fn take_fixed(&mut self, now: Time, window: Span, limit: u64) -> Result<(), Time> {
        if self.count == 0 || now >= self.opened + window {
            self.opened = now;
            self.count = 0;
        }
        if self.count == limit {
            return Err(self.opened + window);
        }
        self.count += 1;
        Ok(())
    }

    fn take_sliding(&mut self, now: Time, window: Span, limit: u64) -> Result<(), Time> {
        while self.recent.front().is_some_and(|&at| at + window <= now) {
            self.recent.pop_front();
        }
        match self.recent.front() {
            Some(&oldest) if self.recent.len() as u64 >= limit => Err(oldest + window),
            _ => {
                self.recent.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    const fn at(nanos: u64) -> Time {
        Time::from_nanos(nanos)
    }

    const fn budget(limit: u64, window: u64, kind: Window) -> WindowBudget<u8> {
        WindowBudget::new(limit, Span::from_nanos(window), kind)
    }

    #[test]
    fn a_fixed_window_opens_with_the_first_use_and_ends_before_its_last_instant() {
        let mut budget = budget(2, 100, Window::Fixed);
        assert_eq!(budget.try_take(at(30), 0), Ok(()));
        assert_eq!(budget.try_take(at(120), 0), Ok(()));
        assert_eq!(budget.try_take(at(121), 0), Err(at(130)));
        assert_eq!(budget.try_take(at(129), 0), Err(at(130)));
        assert_eq!((budget.used(at(129), &0), budget.used(at(130), &0)), (2, 0));
        assert_eq!(budget.try_take(at(150), 0), Ok(()));
        assert_eq!(budget.try_take(at(249), 0), Ok(()));
        assert_eq!(budget.try_take(at(249), 0), Err(at(250)));
        assert_eq!(budget.try_take(at(250), 0), Ok(()));
        assert_eq!(budget.used(at(250), &0), 1);
    }

    #[test]
    fn in_a_sliding_window_each_use_counts_for_one_window_from_its_own_instant() {
        let mut budget = budget(2, 100, Window::Sliding);
        assert_eq!(budget.try_take(at(30), 0), Ok(()));
        assert_eq!(budget.try_take(at(120), 0), Ok(()));
        assert_eq!(budget.try_take(at(129), 0), Err(at(130)));
        assert_eq!((budget.used(at(129), &0), budget.used(at(130), &0)), (2, 1));
        assert_eq!(budget.try_take(at(130), 0), Ok(()));
        assert_eq!(budget.try_take(at(130), 0), Err(at(220)));
    }

    #[test]
    fn each_key_has_its_own_budget() {
        for kind in [Window::Fixed, Window::Sliding] {
            let mut budget = budget(1, 100, kind);
            assert_eq!(budget.try_take(at(0), 1), Ok(()));
            assert_eq!(budget.try_take(at(50), 2), Ok(()));
            assert_eq!(budget.try_take(at(60), 1), Err(at(100)));
            assert_eq!(budget.try_take(at(60), 2), Err(at(150)));
            assert_eq!(budget.used(at(60), &3), 0);
        }
    }

    #[test]
    fn a_budget_of_nothing_never_allows_anything() {
        assert_eq!(budget(0, 100, Window::Fixed).try_take(at(7), 0), Err(Time::MAX));
        assert_eq!(budget(0, 100, Window::Sliding).try_take(at(7), 0), Err(Time::MAX));
    }

    /// The uses that count at `now`, from the list of all successful ones.
    fn counted(uses: &[u64], now: u64, window: u64, kind: Window) -> Vec<u64> {
        match kind {
            Window::Sliding => uses.iter().copied().filter(|&use_| now < use_ + window).collect(),
            Window::Fixed => {
                let mut opened = 0;
                let mut present = Vec::new();
                for &use_ in uses {
                    if present.is_empty() || use_ >= opened + window {
                        (opened, present) = (use_, Vec::new());
                    }
                    present.push(opened);
                }
                if now < opened + window { present } else { Vec::new() }
            }
        }
    }

    proptest! {
        #[test]
        fn a_budget_does_what_counting_all_uses_does(
            limit in 1..5_u64,
            window in 1..40_u64,
            sliding: bool,
            attempts in vec((0..12_u64, 0..3_u8), 0..150),
        ) {
            let kind = if sliding { Window::Sliding } else { Window::Fixed };
            let mut budget = budget(limit, window, kind);
            let mut uses: [Vec<u64>; 3] = [const { Vec::new() }; 3];
            let mut now = 0;
            for (gap, key) in attempts {
                now += gap;
                let uses = &mut uses[usize::from(key)];
                let count = counted(uses, now, window, kind);
                prop_assert_eq!(budget.used(at(now), &key), count.len() as u64);
                let result = budget.try_take(at(now), key);
                if (count.len() as u64) < limit {
                    prop_assert_eq!(result, Ok(()));
                    uses.push(now);
                } else {
                    prop_assert_eq!(result, Err(at(count[0] + window)));
                }
            }
        }
    }
}
