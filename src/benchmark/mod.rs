//! How fast this program is on this machine: what `scaleup bench` measures. The only place that reads a clock.
//!
//! Tasks take turns in short slices, round after round, and each one's figure is its median over the rounds: a machine
//! that is busy for a moment then disturbs one slice of every task, and no figure by much. Every task is warm, in its
//! steady state, when its first slice begins.

mod kernel;
mod machine;
mod replications;
mod task;

pub use kernel::ENTITIES;
pub use machine::Machine;
pub use task::Speed;

use crate::experiment::ThreadsError;
use crate::model::Plan;
use crate::model::params::Scenario;
use std::time::Duration;

/// What was measured.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Where.
    pub machine: Machine,
    /// The hold model, by number of pending events: an event is taken and one is added.
    pub hold: Vec<(usize, Speed)>,
    /// PHOLD: [`ENTITIES`] entities that wake each other.
    pub phold: Speed,
    /// Whole replications of the scenario with their numbers, by number of threads.
    pub replications: Vec<(usize, Speed)>,
    /// The nodes of one replication.
    pub nodes: u32,
    /// The events of one replication, on average.
    pub events_per_replication: f64,
    /// Slices of each task.
    pub rounds: usize,
}

/// Pending events of the hold model.
const PENDING: [usize; 5] = [100, 1_000, 10_000, 100_000, 1_000_000];
/// Slices of each task.
const ROUNDS: usize = 10;
/// How many slices a task of replications gets in each round: one replication takes as long as a hundred thousand
/// events.
const SLICES_OF_REPLICATIONS: u32 = 2;

/// Measures the kernel, and replications of `scenario` on one thread and on `threads` (`None`: one per core), in about
/// `length`.
///
/// # Errors
/// When the threads cannot be started.
pub fn measure(scenario: &Scenario, threads: Option<usize>, length: Duration) -> Result<Measured, ThreadsError> {
    let clock = task::Clock::start();
    let plan = Plan::new(scenario);
    let mut hold: Vec<_> = PENDING.iter().map(|&pending| (pending, task::Task::new(kernel::hold(pending)))).collect();
    let mut phold = task::Task::new(kernel::phold());
    let pools = replications::pools(threads)?;
    let counter = replications::Counter::default();
    let mut whole: Vec<_> = pools
        .iter()
        .map(|pool| {
            let work = replications::replications(pool, &plan, scenario.run.curve_step, &counter);
            (pool.current_num_threads(), task::Task::new(work))
        })
        .collect();
    let slices = (hold.len() + 1) as u32 + SLICES_OF_REPLICATIONS * whole.len() as u32;
    let slice = length.saturating_sub(clock.elapsed()) / (slices * ROUNDS as u32);
    for _ in 0..ROUNDS {
        for (_, task) in &mut hold {
            task.go_on_for(slice);
        }
        phold.go_on_for(slice);
        for (_, task) in &mut whole {
            task.go_on_for(slice * SLICES_OF_REPLICATIONS);
        }
    }
    Ok(Measured {
        machine: Machine::this(),
        hold: hold.into_iter().map(|(pending, task)| (pending, task.speed())).collect(),
        phold: phold.speed(),
        replications: whole.into_iter().map(|(threads, task)| (threads, task.speed())).collect(),
        nodes: plan.nodes(),
        events_per_replication: counter.events_per_replication(),
        rounds: ROUNDS,
    })
}
