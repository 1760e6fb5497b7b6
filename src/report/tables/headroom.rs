//! What is needed of each limit and what is there, by arithmetic.

use crate::headroom::{ComeUp, Headroom, LimitVerdict};
use crate::report::table::{Cell, CellKind, Table};
use crate::report::words::count;

/// A row for every limit of the cases with these names; those without one in the scenario stand below, for people.
pub fn headroom(names: &[String], cases: &[Vec<Headroom>]) -> Table {
    let rows = cases.iter().enumerate().flat_map(|(case, limits)| limits.iter().map(move |limit| (case, limit)));
    let seen = |row: &Headroom| [&row.when, &row.message].into_iter().flatten().cloned().collect::<Vec<_>>().join(": ");
    Table::of("limits", "Limits by arithmetic, and what to do", rows.collect())
        .case(|row| row.0)
        .for_people_if(|row| row.1.verdict != LimitVerdict::NotStated)
        .text("", "limit", "", |row| format!("{}: {}", row.1.limit, row.1.verdict.word()))
        .text("limit", "", "a short name", |row| row.1.limit.clone())
        .text("key", "", "the key that holds it", |row| row.1.key.clone())
        .text("", "what will be seen", "", |row| seen(row.1))
        .text("", "remedy", "", |row| row.1.remedy.clone().unwrap_or_default())
        .text("unit", "counted in", "what is counted", |row| row.1.unit)
        .count("need", "needs", "how much is needed", |row| row.1.need)
        .cells("have", "has", "how much there is; null: no limit", CellKind::Count, |row| {
            row.1.have.map_or(Cell::Absent, Cell::Count)
        })
        .text("verdict", "", "binds, delays, advice, not-stated or fits", |row| row.1.verdict.word())
        .cells(
            "node",
            "",
            "the first node that does not come up, or comes late; null: it stops other things",
            CellKind::Count,
            |row| row.1.node.map_or(Cell::Absent, |node| Cell::Count(node.into())),
        )
        .maybe_text("when", "", "when it will bind", |row| row.1.when.clone())
        .maybe_text("message", "", "the words of the cloud or registry", |row| row.1.message.clone())
        .maybe_text("remedy", "", "what to do", |row| row.1.remedy.clone())
        .table()
        .note(names.last().zip(cases.last()).map_or(String::new(), |(case, limits)| not_stated(case, limits)))
}

fn not_stated(case: &str, limits: &[Headroom]) -> String {
    let open = limits.iter().filter(|limit| limit.verdict == LimitVerdict::NotStated);
    let open = open.map(|limit| format!("{} ({}): needs {} {}", limit.limit, limit.key, count(limit.need), limit.unit));
    let open: Vec<String> = open.collect();
    if open.is_empty() {
        return String::new();
    }
    format!("The scenario states no limit for these; {case} needs: {}.", open.join("; "))
}

/// What the JSON document of a check says.
pub fn check(nodes: u32, come_up: ComeUp, limits: &[Headroom]) -> Table {
    let binds = limits.iter().filter(|limit| limit.verdict == LimitVerdict::Binds).count();
    let case = || {
        Table::of("cases", "The scenario's only case", vec![limits.to_vec()])
            .count("target_nodes", "", "the number of nodes asked for", |_| nodes)
            .count("come_up", "", "the nodes that come up", |_| come_up.nodes)
            .count("with_addresses", "", "those of them with addresses for all their pods", |_| come_up.with_addresses)
            .count("binds", "", "limits that bind", |_| binds as u64)
            .rows_of("limits", "every limit", |case| headroom(&[], std::slice::from_ref(case)))
            .table()
    };
    Table::of("check", "Limits by arithmetic", vec![()]).rows_of("cases", "its only case", |()| case()).table()
}
