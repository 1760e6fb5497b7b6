//! All engines side by side: the table of `docs/performance.md`.
//!
//! The engines of a row take turns, a few milliseconds each, so that a busy moment of the machine is a busy moment for
//! all of them.

use std::process::Command;
use std::time::Duration;

use cpu_time::ThreadTime;

use crate::hold::{HOLDS, holds};
use crate::models::{BATCH, Batches, MODELS};

const COLUMNS: [&str; 7] = ["scaleup", "std", "dary_heap", "desque", "simcore", "nexosim", "simpy"];
/// How often each engine has its turn.
const ROUNDS: usize = 31;
const TURN: Duration = Duration::from_millis(10);
/// How many batches are done between two looks at the clock.
const CALLS: u64 = 16;

/// Prints the table.
#[expect(clippy::print_stdout, reason = "the table is what a person asked for")]
pub fn print() {
    println!("| nanoseconds per event | {} |", COLUMNS.join(" | "));
    println!("| --- |{}", " ---: |".repeat(COLUMNS.len()));
    for pending in [100, 1_000, 10_000, 100_000, 1_000_000] {
        row(&format!("hold, exponential, {pending} pending"), holds(0, pending), HOLDS, None);
    }
    for model in MODELS {
        row(model.name, model.engines(), BATCH, simpy(model.name));
    }
}

#[expect(clippy::print_stdout, reason = "a line of the table")]
fn row(name: &str, mut engines: Vec<(&'static str, Batches)>, events: u64, simpy: Option<f64>) {
    let mut nanos = vec![Vec::new(); engines.len()];
    for _ in 0..ROUNDS {
        for ((_, batch), nanos) in engines.iter_mut().zip(&mut nanos) {
            nanos.push(turn(batch, events));
        }
    }
    let mut medians: Vec<(&str, f64)> =
        engines.iter().map(|(name, _)| *name).zip(nanos.into_iter().map(median)).collect();
    medians.extend(simpy.map(|nanos| ("simpy", nanos)));
    let own = medians[0].1;
    let cell = |column: &&str| match medians.iter().find(|(name, _)| name == column) {
        Some((name, nanos)) if *name == "scaleup" => format!("{nanos:.1}"),
        Some((_, nanos)) => format!("{nanos:.0} ({:.1}x)", nanos / own),
        None => String::new(),
    };
    println!("| {name} | {} |", COLUMNS.iter().map(cell).collect::<Vec<_>>().join(" | "));
}

/// Nanoseconds per event in one turn.
fn turn(batch: &mut Batches, events: u64) -> f64 {
    let (start, mut done) = (ThreadTime::now(), 0);
    while start.elapsed() < TURN {
        // Asking for the time is a call of the system.
        for _ in 0..CALLS {
            batch();
        }
        done += CALLS * events;
    }
    start.elapsed().as_nanos() as f64 / done as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// What the script says, where there is a Python with `SimPy`.
fn simpy(model: &str) -> Option<f64> {
    let output = Command::new("python3").args(["benches/simpy/models.py", model]).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
