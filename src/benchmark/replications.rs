//! Whole replications, on one thread and on several.

use crate::experiment::{ThreadsError, observe, thread_pool};
use crate::model::{Plan, Simulator};
use crate::time::Span;
use rayon::ThreadPool;
use rayon::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

/// Replications in one piece of work, for each thread.
const PIECE: u32 = 4;

/// What the replications were, in all tasks together.
#[derive(Debug, Default)]
pub(super) struct Counter {
    replications: AtomicU64,
    events: AtomicU64,
}

impl Counter {
    pub fn events_per_replication(&self) -> f64 {
        self.events.load(Ordering::Relaxed) as f64 / self.replications.load(Ordering::Relaxed) as f64
    }
}

/// One thread, and as many as are asked for if that is more.
pub(super) fn pools(threads: Option<usize>) -> Result<Vec<ThreadPool>, ThreadsError> {
    let (one, all) = (thread_pool(Some(1))?, thread_pool(threads)?);
    Ok(if all.current_num_threads() > 1 { vec![one, all] } else { vec![one] })
}

/// Replications of `plan`, each with other random numbers and with its numbers computed, as a sweep does them.
pub(super) fn replications<'w>(
    pool: &'w ThreadPool,
    plan: &'w Plan,
    curve_step: Span,
    counter: &'w Counter,
) -> impl FnMut() -> u64 + 'w {
    let piece = PIECE * pool.current_num_threads() as u32;
    let mut next = 0;
    move || {
        let numbers = next..next + piece;
        next += piece;
        let one = |simulator: &mut Simulator, number: u32| {
            observe(&simulator.run(plan, 1, u64::from(number), false), curve_step, number).events
        };
        let events = pool.install(|| numbers.into_par_iter().with_max_len(1).map_init(Simulator::new, one).sum());
        counter.replications.fetch_add(u64::from(piece), Ordering::Relaxed);
        counter.events.fetch_add(events, Ordering::Relaxed);
        u64::from(piece)
    }
}
