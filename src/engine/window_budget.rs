//! A number of uses per window of time.

use std::collections::{BTreeMap, VecDeque};

use crate::time::{Span, Time};

/// How windows lie in time.
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
