//! What was paid until each stage was ready, over the replications.

use super::{Of, together};
use crate::model::record::StageKind;
use crate::report::table::{Table, Unit};

/// A row for every stage; `prices` are those of a node-hour in all cases that are shown together.
pub fn costs(case: Of<'_>, prices: &[f64]) -> Table {
    let price = case.summary.price_per_hour;
    let one = prices.iter().all(|other| (other - price).abs() < f64::EPSILON);
    let at = if one { format!(" at {price} US dollars per node-hour") } else { String::new() };
    let kind = |stage: &str| case.result.stages.iter().find(|known| known.name == stage).map(|known| known.kind);
    Table::of("costs", format!("Cost of all nodes{at}, from creating the workload"), case.summary.costs.clone())
        .case(|_| case.number)
        .for_people_if(|row| row.dollars.is_some())
        .text("", "until", "", |row| match kind(&row.until) {
            Some(StageKind::ScaleDown) => format!("{}, the whole cycle", row.until),
            _ => format!("{} ready", row.until),
        })
        .text("stage", "", "what was paid for until this stage was ready", |row| row.until.clone())
        .number("price_per_hour_usd", "", "of a node", Unit::Exact, |_| Some(price))
        .mean("node_hours", "node-hours, mean ± 95 %", "paid node-hours", Unit::NodeHours, |row| {
            row.node_hours.as_ref()
        })
        .without_spread()
        .mean("usd", "US dollars, mean ± 95 %", "what they cost", Unit::Usd, |row| row.dollars.as_ref())
        .without_spread()
        .table()
        .note("Until the workload is ready, all of it is paid before useful work.")
}

/// Those of all cases.
pub fn all_costs(cases: &[Of<'_>]) -> Table {
    let prices: Vec<f64> = cases.iter().map(|case| case.summary.price_per_hour).collect();
    together(cases, |case| costs(case, &prices))
}
