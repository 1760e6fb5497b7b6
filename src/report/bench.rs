//! What `bench` answers, as text.

use super::table::{self, Unit};
use super::tables::{self, Measurement};
use super::words;
use crate::benchmark::{ENTITIES, Measured, Speed};

/// The answer in two lines, then every figure, then where it was measured.
pub fn text(scenario: &str, measured: &Measured, width: u16) -> String {
    let Measured { hold, phold, replications, nodes, events_per_replication, rounds, machine } = measured;
    let nodes = words::plural(u64::from(*nodes), "node");
    let on = |(threads, speed): &(usize, Speed)| {
        format!("{} scale-ups per second on {}", per_second(speed.median), words::plural(*threads as u64, "thread"))
    };
    let whole: Vec<String> = replications.iter().map(on).collect();
    let events = words::count(events_per_replication.round() as u64);
    let answer = format!(
        "{scenario}, {nodes}: {}; {events} events each\nKernel: {} events per second on PHOLD, {} on hold with {} pending\n",
        whole.join(", "),
        per_second(phold.median),
        per_second(hold[0].1.median),
        words::count(hold[0].0 as u64),
    );
    let mut rows: Vec<Measurement> = hold
        .iter()
        .map(|(pending, speed)| (format!("hold, {} pending events", words::count(*pending as u64)), *pending, *speed))
        .collect();
    rows.push(("PHOLD, 1,000 entities".to_owned(), ENTITIES as usize, *phold));
    rows.extend(replications.iter().map(|(threads, speed)| {
        (format!("{scenario}, {nodes}, {}", words::plural(*threads as u64, "thread")), *threads, *speed)
    }));
    let title = format!("Medians of {rounds} rounds, in which all take turns");
    let table = table::text::text(&tables::speeds(title, "size", "per_s", rows), &[], width);
    let disturbed = if is_disturbed(measured) { DISTURBED } else { "" };
    format!("{answer}\n{table}\n{disturbed}{}\n", place(machine))
}

/// What is said of figures that a busy machine has spoiled.
const DISTURBED: &str = "Some rounds were less than half as fast as others: something else uses this machine, and the figures are too low.\n";

/// Whether rounds of the smallest tasks, which need neither much memory nor other threads, differ by more than a factor
/// of two.
fn is_disturbed(measured: &Measured) -> bool {
    let differ = |speed: &Speed| speed.highest > 2.0 * speed.lowest;
    differ(&measured.hold[0].1) || differ(&measured.phold) || differ(&measured.replications[0].1)
}

/// The machine and the program, in one line.
fn place(machine: &crate::benchmark::Machine) -> String {
    let cpu = machine.cpu.as_deref().unwrap_or("unknown processor");
    let build = if cfg!(debug_assertions) { ", built without optimisation: its figures say little" } else { "" };
    format!(
        "Measured on {cpu} ({}), {}, {}, with scaleup {}{build}.",
        words::plural(machine.cores as u64, "core"),
        machine.os,
        machine.architecture,
        env!("CARGO_PKG_VERSION"),
    )
}

/// `46.1 million`, `1,240`, `31.5`.
fn per_second(rate: f64) -> String {
    Unit::PerSecond.shown(rate)
}
