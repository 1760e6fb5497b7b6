//! A first model on the kernel: one clerk, one line, and how long people stand in it.
//!
//!     cargo run --example mm1
//!
//! Customers come at random, 0.8 a second; the clerk needs a second for each on average, also at random. Queueing
//! theory calls this M/M/1 and knows the mean wait in line: 4 seconds. We simulate it and see whether the theory
//! agrees.

#![expect(clippy::print_stdout, reason = "an example shows what it finds")]

use scaleup::engine::{Limits, Model, Scheduler, Servers, StopReason, run};
use scaleup::random::{Distribution, DistributionError, Entity, Purpose, Stream, Streams};
use scaleup::stats::{mean, mean_interval};
use scaleup::time::Time;

const ARRIVALS_PER_S: f64 = 0.8;
const SERVICES_PER_S: f64 = 1.0;
/// The shop opens empty, so its first customers wait less than others: they are not counted.
const WARM_UP: u32 = 2_000;
const COUNTED: u32 = 10_000;
const REPLICATIONS: u64 = 100;
const CONFIDENCE: f64 = 0.99;

/// What can happen. An event happens at an instant and takes no time.
enum Event {
    Comes,
    Leaves,
}

/// Somebody in the shop.
struct Customer {
    came: Time,
    is_counted: bool,
}

/// Everything that changes while the simulation runs.
struct Shop {
    /// Keeps the line: it says who is served next, and we say for how long.
    clerk: Servers<Customer>,
    gap: Distribution,
    service: Distribution,
    /// Two streams of random numbers: a faster clerk would see the same customers come.
    gaps: Stream,
    services: Stream,
    to_come: u32,
    waits_s: Vec<f64>,
}

impl Model for Shop {
    type Event = Event;

    fn handle(&mut self, event: Event, sim: &mut Scheduler<Event>) {
        let served = match event {
            Event::Comes => {
                self.to_come -= 1;
                if self.to_come > 0 {
                    // Each customer's coming makes the next one come.
                    sim.schedule_after(self.gap.sample_span(&mut self.gaps), Event::Comes);
                }
                self.clerk.arrive(Customer { came: sim.now(), is_counted: self.to_come < COUNTED })
            }
            Event::Leaves => self.clerk.leave(),
        };
        // Whoever is handed out steps up to the counter now.
        if let Some(customer) = served {
            if customer.is_counted {
                self.waits_s.push((sim.now() - customer.came).as_secs_f64());
            }
            sim.schedule_after(self.service.sample_span(&mut self.services), Event::Leaves);
        }
    }
}

/// The mean wait of one replication: the same shop with random numbers of its own.
fn replicate(replication: u64) -> Result<f64, DistributionError> {
    let streams = Streams::new(1, replication);
    let clerk = Entity { kind: 0, id: 0 };
    let mut shop = Shop {
        clerk: Servers::new(1),
        gap: Distribution::exponential(1.0 / ARRIVALS_PER_S)?,
        service: Distribution::exponential(1.0 / SERVICES_PER_S)?,
        gaps: streams.stream(clerk, Purpose(0)),
        services: streams.stream(clerk, Purpose(1)),
        to_come: WARM_UP + COUNTED,
        waits_s: Vec::new(),
    };
    let mut sim = Scheduler::new();
    sim.schedule_at(Time::ZERO, Event::Comes);
    let outcome = run(&mut shop, &mut sim, Limits::default());

    // Nobody is lost: all came, all were served, all left.
    assert_eq!(outcome.reason, StopReason::Exhausted);
    assert_eq!(outcome.events, 2 * u64::from(WARM_UP + COUNTED));
    assert_eq!((shop.clerk.busy(), shop.clerk.waiting()), (0, 0));
    Ok(mean(&shop.waits_s).expect("customers were counted"))
}

fn main() -> Result<(), DistributionError> {
    // One number of each replication, because waits of one replication resemble one another and replications do not.
    let means = (0..REPLICATIONS).map(replicate).collect::<Result<Vec<f64>, _>>()?;
    let interval = mean_interval(&means, CONFIDENCE).expect("there are several replications");

    let load = ARRIVALS_PER_S / SERVICES_PER_S;
    let theory_s = load / (SERVICES_PER_S - ARRIVALS_PER_S);
    println!("in theory {theory_s:.3} s, simulated {:.3} s to {:.3} s", interval.low, interval.high);
    assert!(interval.contains(theory_s), "the theory lies in the {CONFIDENCE} interval");
    assert!(interval.half_width() < 0.05 * theory_s, "the interval is narrow enough to tell");
    Ok(())
}
