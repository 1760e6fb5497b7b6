//! How many of something this program does per second.

use crate::benchmark::{ENTITIES, Machine, Measured, Speed};
use crate::report::table::{Table, Unit};

/// One thing that was measured: what in words, its size, and its speed.
pub type Measurement = (String, usize, Speed);

/// A row for everything that was measured; in JSON `size` is its size, and `rate` its rates.
pub fn speeds(title: String, size: &str, rate: &str, rows: Vec<Measurement>) -> Table {
    let per_second = |of: fn(&Speed) -> f64| move |row: &Measurement| Some(of(&row.2));
    Table::of("speeds", title, rows)
        .text("", "what", "", |row| row.0.clone())
        .count(size, "", "its size", |row| row.1 as u64)
        .number("", "per second", "", Unit::PerSecond, per_second(|speed| speed.median))
        .text("", "each", "", |row| each(row.2))
        .number("", "slowest round", "", Unit::PerSecond, per_second(|speed| speed.lowest))
        .number("", "fastest round", "", Unit::PerSecond, per_second(|speed| speed.highest))
        .record(rate, "how many per second, over the rounds", |row| Some(rates(row.2)))
        .table()
}

fn rates(speed: Speed) -> Table {
    let tenths = |rate: f64| Some((rate * 10.0).round() / 10.0);
    Table::of("rates", "How many per second", vec![speed])
        .number("median", "", "in the middle", Unit::PerSecond, |speed| tenths(speed.median))
        .number("lowest", "", "in the slowest round", Unit::PerSecond, |speed| tenths(speed.lowest))
        .number("highest", "", "in the fastest round", Unit::PerSecond, |speed| tenths(speed.highest))
        .table()
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

/// What the JSON document of a benchmark says.
pub fn bench(seconds: f64, measured: &Measured) -> Table {
    let rows = |all: &[(usize, Speed)]| all.iter().map(|(size, speed)| (String::new(), *size, *speed)).collect();
    let list = |size, rate, all: &[(usize, Speed)]| speeds(String::new(), size, rate, rows(all));
    Table::of("bench", "How fast this program is on this machine", vec![measured])
        .rows_of("cases", "none", |_| super::sizes_only(vec![]))
        .flag("optimised", "", "whether the program was built for speed", |_| !cfg!(debug_assertions))
        .record("machine", "where it was measured", |of| Some(machine(&of.machine)))
        .number("seconds", "", "how long it was to measure", Unit::Exact, |_| Some(seconds))
        .count("rounds", "", "rounds in which all took turns", |of| of.rounds as u64)
        .rows_of("hold", "events with so many pending", |of| list("pending", "events_per_s", &of.hold))
        .record("phold", "events of entities that send each other events", |of| {
            Some(list("entities", "events_per_s", &[(ENTITIES as usize, of.phold)]))
        })
        .count("nodes", "", "the size of the scale-ups", |of| of.nodes)
        .number("events_per_replication", "", "events of a scale-up", Unit::Exact, |of| {
            Some(of.events_per_replication.round())
        })
        .rows_of("replications", "scale-ups on so many threads", |of| {
            list("threads", "replications_per_s", &of.replications)
        })
        .table()
}

fn machine(machine: &Machine) -> Table {
    Table::of("machine", "A machine", vec![machine.clone()])
        .maybe_text("cpu", "", "its processor", |machine| machine.cpu.clone())
        .count("cores", "", "its cores", |machine| machine.cores as u64)
        .text("os", "", "its system", |machine| machine.os.clone())
        .text("architecture", "", "its architecture", |machine| machine.architecture)
        .table()
}
