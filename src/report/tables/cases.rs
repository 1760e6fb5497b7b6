//! The cases of a study: what each is called, what it changes, and how it ended.

use super::Of;
use crate::report::table::Table;

/// A row for every case; the verdict speaks of the deadline where there is one.
pub fn cases(cases: &[Of<'_>]) -> Table {
    let settings = |case: &Of<'_>| -> String {
        let set = case.result.set.iter().map(|(key, value)| format!("{key}={value}"));
        set.collect::<Vec<_>>().join(" ")
    };
    Table::of("cases", "The cases, and how they ended", cases.to_vec())
        .case(|case| case.number)
        .text("label", "", "the case in words", |case| case.summary.name.clone())
        .text("settings", "", "what it changes, as it would be typed", settings)
        .text("hash", "", "the fingerprint of its scenario", |case| case.result.scenario_hash.clone())
        .text("verdict", "", "ready, never, sometimes, or what becomes of the deadline", |case| {
            match &case.summary.deadline {
                Some(deadline) => deadline.verdict().word(),
                None if case.summary.is_never_ready() => "never",
                None if case.summary.goal().is_some_and(|goal| goal.never > 0) => "sometimes",
                None => "ready",
            }
        })
        .table()
}
