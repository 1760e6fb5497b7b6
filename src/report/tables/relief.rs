//! What relief of resources brings: step by step, by more and less than a step, and two at a time.

use crate::experiment::Lever;
use crate::experiment::explain::{LESS, Pair, Relief, ReliefPoint};
use crate::experiment::holders::Holder;
use crate::report::explained::{Explained, plain, what};
use crate::report::table::{Builder, Table, Unit};
use crate::report::tables::Of;
use crate::report::words::percent;
use crate::stats::PairedDifference;

/// One simulation with something relieved.
#[derive(Clone)]
struct ReliefRow {
    case: usize,
    kind: &'static str,
    resource: String,
    levers: Vec<Lever>,
    less: Option<f64>,
    gain: Option<PairedDifference>,
    next: Option<Holder>,
}

/// A row for every simulation; people see those by one step, the largest gain first.
pub fn relief(cases: &[Explained]) -> Table {
    all(cases.iter().enumerate().flat_map(|(number, case)| rows(number, case)).collect())
}

/// The same of a case of a study; without rows where it was not explained.
pub fn relieved(case: Of<'_>) -> Table {
    all(Explained::of(case.result, &case.summary.name).map_or_else(Vec::new, |explained| rows(case.number, &explained)))
}

/// The steps of a case of a study that help for sure, or the others; for people only.
pub fn steps_that_help(case: Of<'_>, help: bool) -> Table {
    let helps = |row: &ReliefRow| row.gain.is_some_and(|gain| gain.resolved && gain.mean > 0.0);
    let mut steps = Explained::of(case.result, &case.summary.name).map_or_else(Vec::new, |of| steps(case.number, &of));
    steps.retain(|row| helps(row) == help);
    let title = if help { "What helps, each change alone" } else { "What brings nothing that shows, or costs time" };
    let table = Table::of("relief", title, steps).case(|row: &ReliefRow| row.case).text("", "change", "", change);
    let table = columns(table.text("", "now", "", now));
    if help { table.or_say("No single change that was tried helps for sure.") } else { table }
}

fn rows(number: usize, case: &Explained) -> Vec<ReliefRow> {
    [steps(number, case), curves(number, case), pairs(number, case)].concat()
}

fn all(rows: Vec<ReliefRow>) -> Table {
    let title = "What relief of one resource brings, simulated again with the same random numbers";
    let table = Table::of("relief", title, rows)
        .case(|row: &ReliefRow| row.case)
        .for_people_if(|row| row.kind == "step")
        .text(
            "kind",
            "",
            "step, what the key allows; curve, more and less than that; or pair, two steps at once",
            |row| row.kind,
        )
        .text("", "change", "", change)
        .text("", "now", "", now);
    columns(table).or_say("Nothing that holds much of the path has a key that relieves it.")
}

/// The same for people: those that gain most, by more and less than a step.
pub fn relief_curve(cases: &[Explained]) -> Table {
    let first = |(number, case): (usize, &Explained)| {
        let first = case.why.reliefs.iter().filter(|relief| !relief.curve.is_empty());
        first.map(|relief| (number, relief.clone())).collect::<Vec<_>>()
    };
    let rows: Vec<(usize, Relief)> = cases.iter().enumerate().flat_map(first).collect();
    let title = "Sooner by, if the resource takes so much less of its time";
    let mut table =
        Table::of("curve", title, rows).case(|row| row.0).text("", "key", "", |row| row.1.lever.key.clone());
    for less in LESS {
        let of = move |row: &(usize, Relief)| {
            let gain = row.1.curve.iter().find(|point| point.less.total_cmp(&less).is_eq())?.gain?;
            Some((gain.mean, gain.interval))
        };
        table = table.estimate("", &percent(less), "", Unit::Seconds, of);
    }
    table.table()
}

/// The same for people: two steps at once.
pub fn pairs_of_steps(cases: &[Explained]) -> Table {
    let rows = cases.iter().enumerate().flat_map(|(number, case)| pairs(number, case)).collect();
    let table = Table::of("pairs", "What relief of two of them at once brings", rows)
        .case(|row: &ReliefRow| row.case)
        .text("", "changes", "", change);
    columns(table)
}

/// What JSON says of one case: the simulations of one kind.
pub fn relief_of(case: Option<&Explained>, kind: &'static str) -> Table {
    let rows = case.map_or_else(Vec::new, |case| match kind {
        "curve" => curves(0, case),
        "pair" => pairs(0, case),
        _ => steps(0, case),
    });
    columns(Table::of("relief", "What relief brings", rows))
}

fn steps(number: usize, case: &Explained) -> Vec<ReliefRow> {
    let row = |relief: &Relief| ReliefRow {
        case: number,
        kind: "step",
        resource: relief.resource.clone(),
        levers: vec![relief.lever.clone()],
        less: None,
        gain: relief.gain,
        next: relief.next.clone(),
    };
    case.why.reliefs.iter().map(row).collect()
}

fn curves(number: usize, case: &Explained) -> Vec<ReliefRow> {
    let row = |relief: &Relief, point: &ReliefPoint| ReliefRow {
        case: number,
        kind: "curve",
        resource: relief.resource.clone(),
        levers: vec![point.lever.clone()],
        less: Some(point.less),
        gain: point.gain,
        next: None,
    };
    let rows = case.why.reliefs.iter().flat_map(|relief| relief.curve.iter().map(move |point| row(relief, point)));
    rows.collect()
}

fn pairs(number: usize, case: &Explained) -> Vec<ReliefRow> {
    let row = |pair: &Pair| ReliefRow {
        case: number,
        kind: "pair",
        resource: pair.resources.join(" + "),
        levers: pair.levers.to_vec(),
        less: None,
        gain: pair.gain,
        next: pair.next.clone(),
    };
    case.why.pairs.iter().map(row).collect()
}

fn columns(table: Builder<ReliefRow>) -> Table {
    let joined = |row: &ReliefRow, of: fn(&Lever) -> &str| row.levers.iter().map(of).collect::<Vec<_>>().join(" + ");
    table
        .text("resource", "", "the resource; of a pair both, with a plus between", |row| row.resource.clone())
        .text("key", "", "the key that was changed", move |row| joined(row, |lever| &lever.key))
        .text("from", "", "its value in the scenario", move |row| joined(row, |lever| plain(&lever.from)))
        .text("to", "", "its value with the change", move |row| joined(row, |lever| plain(&lever.to)))
        .number("less", "", "of a curve, how much less of its time the resource takes", Unit::Share, |row| row.less)
        .estimate("gain_s", "sooner by", "seconds that the goal is ready sooner", Unit::Seconds, |row| {
            row.gain.as_ref().map(|gain| (gain.mean, gain.interval))
        })
        .maybe_text("next", "then binds", "what holds the path longest after that", |row| {
            row.next.as_ref().map(|next| what(&next.resource, next.cause))
        })
        .table()
}

/// What the keys say without the change; of a distribution nothing.
fn now(row: &ReliefRow) -> String {
    let one = |lever: &Lever| Some(plain(&lever.from)).filter(|value| !value.starts_with('{')).unwrap_or("").to_owned();
    row.levers.iter().map(one).collect::<Vec<_>>().join(" + ")
}

/// `volume.shared.servers = 2`; a distribution is only said to be half as long.
fn change(row: &ReliefRow) -> String {
    row.levers.iter().map(changed_key).collect::<Vec<_>>().join(" + ")
}

/// The same of one step.
pub fn changed_key(lever: &Lever) -> String {
    match plain(&lever.to) {
        value if value.starts_with('{') => format!("{}, half as long", lever.key),
        value => format!("{} = {value}", lever.key),
    }
}
