//! A generic event kernel.
//!
//! A [`Model`] has one type of events and says what each of them does. [`run()`] handles the pending events of a
//! [`Scheduler`] one after another, in the order (time, insertion), while the clock jumps from event to event. Time is
//! a whole number of nanoseconds, so that order is total and sums are exact; nothing here draws random numbers or
//! depends on the order of a hash map.
//!
//! ```
//! use scaleup::engine::{Limits, Model, Scheduler, Servers, StopReason, run};
//! use scaleup::time::{Span, Time};
//!
//! /// Customers come every two seconds; one clerk needs three for each.
//! struct Office { clerk: Servers<u32>, last_left: Time }
//!
//! enum Event { Comes(u32), Leaves }
//!
//! impl Model for Office {
//!     type Event = Event;
//!     fn handle(&mut self, event: Event, sim: &mut Scheduler<Event>) {
//!         let serve = match event {
//!             Event::Comes(customer) => self.clerk.arrive(customer),
//!             Event::Leaves => {
//!                 self.last_left = sim.now();
//!                 self.clerk.leave()
//!             }
//!         };
//!         if serve.is_some() {
//!             sim.schedule_after(Span::from_secs(3), Event::Leaves);
//!         }
//!     }
//! }
//!
//! let mut office = Office { clerk: Servers::new(1), last_left: Time::ZERO };
//! let mut sim = Scheduler::new();
//! for customer in 0..5 {
//!     sim.schedule_after(Span::from_secs(2) * u64::from(customer), Event::Comes(customer));
//! }
//! let outcome = run(&mut office, &mut sim, Limits::default());
//! assert_eq!(outcome.reason, StopReason::Exhausted);
//! assert_eq!(outcome.events, 10);
//! assert_eq!(office.last_left, Time::from_secs_f64(15.0));
//! ```
//!
//! # A guided tour
//!
//! 1. [`run()`] is the loop: it takes the next event from the [`Scheduler`], moves the clock and hands the event to the
//!    [`Model`].
//! 2. [`Scheduler`] is all that a model sees of it: the clock, scheduling, cancelling by [`EventKey`], and stopping.
//! 3. [`EventQueue`] orders the pending events by (time, insertion). Later events lie unordered in buckets; only those
//!    of the bucket whose turn has come are sorted.
//! 4. Resources are what entities compete for. All are passive: they keep the account, and the model schedules the
//!    events.
//!
//! | resource | what it limits | the tests hold it against |
//! | --- | --- | --- |
//! | [`Servers`] | how many jobs are in service at once; the others wait in one line | M/M/c: Erlang's C formula |
//! | [`SharedLink`] | the sum of the rates of all transfers in flight | M/G/1 processor sharing |
//! | [`SharedLinks`] | the same over links of which a transfer passes two | a twin, transfer by transfer |
//! | [`TokenBucket`] | a rate, with a burst allowance | the work in an M/D/1 queue above the burst |
//! | [`WindowBudget`] | uses per window of time, for each key by itself | Erlang's loss formula, renewal theory |
//!
//! In a link of capacity *C* that is busy for a share *ρ* of the time, a transfer of size *x* takes
//! *x* / (*C* (1 - *ρ*)) on average; transfers in flight share it max-min fairly.

mod attained;
mod queue;
mod run;
mod scheduler;
mod servers;
mod shared_link;
mod shared_links;
mod slots;
mod token_bucket;
mod window_budget;

pub use queue::{EventKey, EventQueue};
pub use run::{Limits, Model, Outcome, StopReason, run};
pub use scheduler::Scheduler;
pub use servers::Servers;
pub use shared_link::SharedLink;
pub use shared_links::{LinkId, Route, SharedLinks, TransferKey};
pub use token_bucket::TokenBucket;
pub use window_budget::{Window, WindowBudget};
