//! What `bench` answers, as text and as JSON.
//!
//! Must not know: how speed was measured.

use super::text::section::section;
use super::words;
use crate::benchmark::{Measured, Speed};
use serde_json::{Value, json};

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
    let row = |what: String, speed: &Speed| {
        vec![what, per_second(speed.median), each(*speed), per_second(speed.lowest), per_second(speed.highest)]
    };
    let mut rows: Vec<Vec<String>> = hold
        .iter()
        .map(|(pending, speed)| row(format!("hold, {} pending events", words::count(*pending as u64)), speed))
        .collect();
    rows.push(row("PHOLD, 1,000 entities".to_owned(), phold));
    for (threads, speed) in replications {
        rows.push(row(format!("{scenario}, {nodes}, {}", words::plural(*threads as u64, "thread")), speed));
    }
    let title = format!("Medians of {rounds} rounds, in which all take turns:");
    let header = ["per second", "each", "slowest round", "fastest round"];
    let disturbed = if is_disturbed(measured) { DISTURBED } else { "" };
    format!("{answer}\n{}\n{disturbed}{}\n", section(&title, &header, rows, width), place(machine))
}

/// What is said of figures that a busy machine has spoiled.
const DISTURBED: &str = "Some rounds were less than half as fast as others: something else uses this machine, and the figures are too low.\n";

/// Whether rounds of the smallest tasks, which need neither much memory nor other threads, differ by more than a factor of two.
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
    if rate >= 1e6 {
        format!("{:.1} million", rate / 1e6)
    } else if rate >= 100.0 {
        words::count(rate.round() as u64)
    } else {
        format!("{rate:.1}")
    }
}

/// How long one takes.
fn each(speed: Speed) -> String {
    let nanos = speed.nanos();
    match nanos {
        _ if nanos < 1e4 => format!("{nanos:.1} ns"),
        _ if nanos < 1e7 => format!("{:.2} ms", nanos / 1e6),
        _ => format!("{:.0} ms", nanos / 1e6),
    }
}

/// One JSON document.
pub fn document(seconds: f64, measured: &Measured) -> Value {
    let Measured { machine, .. } = measured;
    let hold: Vec<Value> = measured
        .hold
        .iter()
        .map(|(pending, speed)| json!({ "pending": pending, "events_per_s": rates(*speed) }))
        .collect();
    let replications: Vec<Value> = measured
        .replications
        .iter()
        .map(|(threads, speed)| json!({ "threads": threads, "replications_per_s": rates(*speed) }))
        .collect();
    json!({
        "cases": [],
        "optimised": !cfg!(debug_assertions),
        "machine": {
            "cpu": machine.cpu,
            "cores": machine.cores,
            "os": machine.os,
            "architecture": machine.architecture,
        },
        "seconds": seconds,
        "rounds": measured.rounds,
        "hold": hold,
        "phold": { "entities": crate::benchmark::ENTITIES, "events_per_s": rates(measured.phold) },
        "nodes": measured.nodes,
        "events_per_replication": measured.events_per_replication.round(),
        "replications": replications,
    })
}

fn rates(speed: Speed) -> Value {
    let tenths = |rate: f64| (rate * 10.0).round() / 10.0;
    json!({ "median": tenths(speed.median), "lowest": tenths(speed.lowest), "highest": tenths(speed.highest) })
}
