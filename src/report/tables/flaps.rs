//! How often Ready pods became `NotReady`, over the replications.

use super::Of;
use crate::report::table::{Table, Unit};
use crate::stats::Summary;

/// A row for every `DaemonSet` that is a stage; people see those that flapped.
pub fn flaps(case: Of<'_>) -> Table {
    let most = |of: &Option<Summary>| of.as_ref().map(|of| of.max);
    Table::of("flaps", "Ready pods that became NotReady, in one scale-up", case.summary.flaps.clone())
        .case(|_| case.number)
        .for_people_if(|row| most(&row.transitions).is_some_and(|most| most > 0.0))
        .text("stage", "stage", "the DaemonSet", |row| row.stage.clone())
        .mean("transitions", "how often, mean ± 95 %", "changes from Ready to NotReady", Unit::Count, |row| {
            row.transitions.as_ref()
        })
        .number("", "max", "", Unit::Count, |row| most(&row.transitions))
        .mean(
            "not_ready_peak",
            "most at once, mean ± 95 %",
            "the most that were NotReady at once",
            Unit::Count,
            |row| row.not_ready_peak.as_ref(),
        )
        .number("", "max", "", Unit::Count, |row| most(&row.not_ready_peak))
        .table()
        .or_say("No pod that was Ready became NotReady.")
}
