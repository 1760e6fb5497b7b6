//! A model of one's own on the kernel: a cloud disk that lends a burst of speed and then slows down.
//!
//!     cargo run --example disk
//!
//! Twenty programs write 500 blocks each, one after the other. The disk takes 1,000 blocks a second, but it saves what
//! nobody uses as credits, up to some burst, and begins with all of them; a write that gets its credit takes a
//! millisecond. How long do all writes take? With few credits the rate decides, with many the millisecond, and both can
//! be computed by hand, so we see whether the model is right. There is no randomness here: it is right to the
//! nanosecond.

#![expect(clippy::print_stdout, reason = "an example shows what it finds")]

use scaleup::engine::{Limits, Model, Scheduler, StopReason, TokenBucket, run};
use scaleup::time::{Span, Time};

const WRITERS: u64 = 20;
const BLOCKS_EACH: u64 = 500;
const BLOCKS: u64 = WRITERS * BLOCKS_EACH;
const BLOCKS_PER_S: u64 = 1_000;
const LATENCY: Span = Span::from_millis(1);

/// What can happen, each to one of the writers.
enum Event {
    Granted { writer: usize },
    Written { writer: usize },
}

struct Disk {
    /// Keeps the account of credits. It is passive: it answers when, and we schedule what happens then.
    credits: TokenBucket,
    burst: u64,
    granted: u64,
    /// Blocks that each writer still has to write.
    left: Vec<u64>,
}

impl Disk {
    fn new(burst: u64) -> Self {
        let credits = TokenBucket::new(BLOCKS_PER_S as f64, burst);
        Self { credits, burst, granted: 0, left: vec![BLOCKS_EACH; WRITERS as usize] }
    }

    /// The writer stands in line for a credit.
    fn ask(&mut self, writer: usize, sim: &mut Scheduler<Event>) {
        let at = self.credits.reserve(sim.now(), 1);
        sim.schedule_at(at, Event::Granted { writer });
    }
}

impl Model for Disk {
    type Event = Event;

    fn handle(&mut self, event: Event, sim: &mut Scheduler<Event>) {
        match event {
            Event::Granted { writer } => {
                self.granted += 1;
                // Nothing comes from nothing: never more than the burst and what has flowed in since.
                let flowed_in = u128::from(sim.now().as_nanos()) * u128::from(BLOCKS_PER_S) / 1_000_000_000;
                assert!(u128::from(self.granted) <= u128::from(self.burst) + flowed_in);
                sim.schedule_after(LATENCY, Event::Written { writer });
            }
            Event::Written { writer } => {
                self.left[writer] -= 1;
                if self.left[writer] > 0 {
                    self.ask(writer, sim);
                }
            }
        }
    }
}

/// When the last block is written.
fn simulate(burst: u64) -> Time {
    let (mut disk, mut sim) = (Disk::new(burst), Scheduler::new());
    for writer in 0..WRITERS as usize {
        disk.ask(writer, &mut sim);
    }
    let outcome = run(&mut disk, &mut sim, Limits::default());
    assert_eq!(outcome.reason, StopReason::Exhausted);
    // Every block was granted once and written once.
    assert_eq!((disk.granted, outcome.events), (BLOCKS, 2 * BLOCKS));
    assert!(disk.left.iter().all(|left| *left == 0));
    outcome.at
}

/// The same by hand.
fn by_hand(burst: u64) -> Time {
    // If credits run out, the last block has to wait until all that the burst does not pay for have flowed in.
    let waits_for_credits = Span::from_secs(1) * BLOCKS.saturating_sub(burst);
    let rate_decides = Span::from_nanos(waits_for_credits.as_nanos() / BLOCKS_PER_S) + LATENCY;
    // If they never do, each writer needs a millisecond for each of its blocks.
    let latency_decides = LATENCY * BLOCKS_EACH;
    Time::ZERO + rate_decides.max(latency_decides)
}

fn main() {
    let mut before = Time::MAX;
    for burst in [0, 3_000, 9_000, BLOCKS] {
        let end = simulate(burst);
        println!("{burst:>6} credits: {BLOCKS} blocks are written after {:.3} s", end.as_secs_f64());
        assert_eq!(end, by_hand(burst));
        assert!(end < before, "more credits, less time");
        before = end;
    }
}
