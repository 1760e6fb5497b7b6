//! One line for each case, of one study or several: what a change request needs.

use crate::report::summary::CaseSummary;
use crate::report::table::{Table, Unit, shown_mean};
use crate::report::words::{self, duration};

/// A row for every case; its study is named where there are several.
pub fn overview(cases: Vec<(&str, &CaseSummary)>) -> Table {
    let several = cases.iter().any(|(study, _)| *study != cases[0].0);
    let goal = cases.first().and_then(|(_, case)| case.goal()).map_or("all", |goal| goal.stage.as_str()).to_owned();
    let study = if several { "study" } else { "" };
    Table::of("overview", if several { "The studies side by side" } else { "The cases" }, cases)
        .text("study", study, "the study", |row| row.0)
        .text("label", "case", "the case in words", |row| row.1.name.clone())
        .text("", &format!("{goal} ready, mean ± 95 %"), "", |row| ready(row.1))
        .number("ready_p95_s", "95 % within", "within what time 95 % are ready", Unit::Seconds, |row| {
            row.1.goal()?.ready_p95
        })
        .maybe_text("", "overhead", "", |row| {
            let overhead = row.1.headline_overhead()?;
            Some(format!("{} after {}", duration(overhead.seconds.as_ref()?.mean), overhead.from))
        })
        .number("usd", "US dollars", "what is paid until then", Unit::Usd, |row| row.1.dollars(&row.1.goal()?.stage))
        .maybe_text("", "support", "", |row| row.1.tier.map(|tier| words::tier(tier).to_owned()))
        .table()
}

/// `24m 10s ± 3.7s, never in 3 of 100`.
fn ready(case: &CaseSummary) -> String {
    let Some(goal) = case.goal() else { return "never".to_owned() };
    let Some(ready) = &goal.ready else { return "never".to_owned() };
    let never =
        if goal.never > 0 { format!(", never in {} of {}", goal.never, case.replications) } else { String::new() };
    shown_mean(ready, Unit::Seconds) + &never
}
