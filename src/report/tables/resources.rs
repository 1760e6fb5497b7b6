//! What every shared resource had to do: in all, and over time.

use crate::experiment::explain::{ResourceUse, UsePoint};
use crate::report::explained::Explained;
use crate::report::table::{Builder, Table, Unit};
use crate::report::tables::Of;
use crate::report::words::duration;

/// Resources that are busy for less of the time are left out for people, unless they are on the path.
const BUSY_SHOWN: f64 = 0.01;

/// For people: a row for every resource, the busiest first.
pub fn resources(cases: &[Explained]) -> Table {
    busiest(cases.iter().enumerate().flat_map(|(number, case)| rows(number, case)).collect())
}

/// The same of a case of a study; without rows where it was not explained.
pub fn resources_used(case: Of<'_>) -> Table {
    busiest(Explained::of(case.result, &case.summary.name).map_or_else(Vec::new, |of| rows(case.number, &of)))
}

fn rows(number: usize, case: &Explained) -> Vec<(usize, ResourceUse)> {
    let mut all: Vec<(usize, ResourceUse)> =
        case.why.resources.iter().map(|resource| (number, resource.clone())).collect();
    all.sort_by(|a, b| b.1.busy.total_cmp(&a.1.busy));
    all
}

fn busiest(rows: Vec<(usize, ResourceUse)>) -> Table {
    let table = Table::of("resources", "What the shared resources had to do until then", rows)
        .case(|row: &(usize, ResourceUse)| row.0)
        .for_people_if(|row| row.1.busy >= BUSY_SHOWN || row.1.bound_s.is_some());
    columns(table).table()
}

/// What JSON says of one case.
pub fn resources_of(case: &Explained) -> Table {
    let rows = case.why.resources.iter().map(|resource| (0, resource.clone())).collect();
    columns(Table::of("resources", "What the shared resources had to do", rows)).table()
}

fn columns(table: Builder<(usize, ResourceUse)>) -> Builder<(usize, ResourceUse)> {
    table
        .text("resource", "resource", "the resource", |row| row.1.resource.clone())
        .number(
            "busy",
            "in use",
            "the part of the time in which somebody waited for it or was served",
            Unit::Share,
            |row| Some(row.1.busy),
        )
        .number(
            "used",
            "busy",
            "the part of its capacity that is used: servers that work of all, data moved of what the link could, tokens \
             spent of those that come while somebody waits; null where it has none",
            Unit::Share,
            |row| row.1.used,
        )
        .number("longest_line", "longest line", "how many waited at most", Unit::Count, |row| Some(row.1.longest_line))
        .number("longest_wait_s", "longest wait", "how long somebody waited at most", Unit::Seconds, |row| {
            Some(row.1.longest_wait_s)
        })
        .number("bound_from_s", "", "when it was first on the path; null: never", Unit::Seconds, |row| {
            row.1.bound_s.map(|both| both.0)
        })
        .number("bound_to_s", "", "when it was last on it", Unit::Seconds, |row| row.1.bound_s.map(|both| both.1))
        .maybe_text("", "on the path", "", |row| {
            row.1.bound_s.map(|(from, to)| format!("{} to {}", duration(from), duration(to)))
        })
}

/// A row for every resource and instant; without rows where the case was not explained.
pub fn resource_courses(case: Of<'_>) -> Table {
    let number = case.number;
    let of = |resource: &ResourceUse| {
        let name = resource.resource.clone();
        resource.points.iter().map(move |point| (number, name.clone(), *point)).collect::<Vec<_>>()
    };
    let rows = case.result.why.iter().flat_map(|why| &why.resources).flat_map(of).collect();
    Table::of("resources", "What the shared resources had to do over time", rows)
        .case(|row: &(usize, String, UsePoint)| row.0)
        .text("resource", "", "the resource", |row| row.1.clone())
        .number("time_s", "", "the instant", Unit::Seconds, |row| Some(row.2.at_s))
        .number("waiting", "", "how many wait, on average", Unit::Exact, |row| Some(row.2.waiting))
        .number("waiting_p5", "", "the 5th percentile", Unit::Exact, |row| Some(row.2.waiting_band.0))
        .number("waiting_p95", "", "the 95th percentile", Unit::Exact, |row| Some(row.2.waiting_band.1))
        .number("served", "", "how many are served, on average", Unit::Exact, |row| Some(row.2.served))
        .number(
            "used",
            "",
            "the part of its capacity that is used, on average; empty: none is known",
            Unit::Share,
            |row| row.2.used,
        )
        .number("unfinished_s", "", "seconds of service that those need who have come", Unit::Seconds, |row| {
            Some(row.2.unfinished_s)
        })
        .table()
}
