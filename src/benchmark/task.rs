//! Work that is measured in slices, and the clock.

use crate::stats::Sorted;
use std::time::{Duration, Instant};

/// Time since it was started, as the machine's clock shows it.
pub(super) struct Clock(Instant);

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures real time; nothing simulated depends on it")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Work that is done piece by piece.
pub(super) struct Task<'w> {
    /// Does a piece of about a millisecond, and says how many operations that were.
    work: Box<dyn FnMut() -> u64 + 'w>,
    /// Operations per second, slice by slice.
    rates: Vec<f64>,
}

/// Operations per second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speed {
    /// The median of all slices.
    pub median: f64,
    /// The slowest slice.
    pub lowest: f64,
    /// The fastest slice.
    pub highest: f64,
}

impl<'w> Task<'w> {
    pub fn new(work: impl FnMut() -> u64 + 'w) -> Self {
        Self { work: Box::new(work), rates: Vec::new() }
    }

    /// One slice: at least one piece, and no further one after `length`.
    pub fn go_on_for(&mut self, length: Duration) {
        let (clock, mut done) = (Clock::start(), 0);
        loop {
            done += (self.work)();
            let elapsed = clock.elapsed();
            if elapsed >= length && !elapsed.is_zero() {
                self.rates.push(done as f64 / elapsed.as_secs_f64());
                return;
            }
        }
    }

    /// # Panics
    /// When there was no slice: our own mistake.
    pub fn speed(self) -> Speed {
        let sorted = Sorted::of(&self.rates).expect("a task has at least one slice");
        Speed { median: sorted.quantile(0.5), lowest: sorted.min(), highest: sorted.max() }
    }
}

impl Speed {
    /// Nanoseconds for each operation, at the median.
    pub fn nanos(self) -> f64 {
        1e9 / self.median
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_counts_what_it_does_and_works_at_least_once_in_a_slice() {
        let mut pieces = 0;
        let mut task = Task::new(|| {
            pieces += 1;
            std::thread::sleep(Duration::from_millis(2));
            7
        });
        for length in [0, 0, 10] {
            task.go_on_for(Duration::from_millis(length));
        }
        // A piece takes 2 ms or longer, so 7 operations come at most 500 times a second, however slow the machine.
        let speed = task.speed();
        assert!((3..=7).contains(&pieces), "{pieces}");
        assert!(0.0 < speed.lowest && speed.lowest <= speed.median && speed.median <= speed.highest, "{speed:?}");
        assert!(speed.highest <= 3_500.0, "{speed:?}");
    }

    #[test]
    fn the_figure_is_the_median_of_the_slices() {
        let task = Task { work: Box::new(|| 0), rates: vec![4e6, 1e6, 100e6] };
        let speed = task.speed();
        assert_eq!(speed, Speed { median: 4e6, lowest: 1e6, highest: 100e6 });
        assert!((speed.nanos() - 250.0).abs() < 1e-9);
    }
}
