//! `costs.csv`: what was paid until each stage was ready.
//!
//! Must not know: how hours are counted (`experiment/cost.rs`).

use crate::experiment::results::Results;
use crate::report::summary::CaseSummary;
use crate::stats::Summary;

use super::sheet::{Sheet, maybe_number};

const COLUMNS: [&str; 8] = [
    "until",
    "price_per_hour_usd",
    "node_hours_mean",
    "node_hours_ci95_low",
    "node_hours_ci95_high",
    "mean_usd",
    "ci95_low_usd",
    "ci95_high_usd",
];

/// `costs.csv`: a row for every case and stage, over the replications in which the stage became ready.
pub fn costs(results: &Results, cases: &[CaseSummary]) -> Vec<u8> {
    let mut sheet = Sheet::new(results, COLUMNS);
    for (number, (case, summary)) in results.cases.iter().zip(cases).enumerate() {
        sheet.begin_case(number, case);
        for cost in &summary.costs {
            let head = [cost.until.clone(), summary.price_per_hour.to_string()];
            let amounts = [&cost.node_hours, &cost.dollars].into_iter().flat_map(|amount| mean(amount.as_ref()));
            sheet.row(head.into_iter().chain(amounts));
        }
    }
    sheet.into_bytes()
}

/// A mean with its interval.
fn mean(summary: Option<&Summary>) -> [String; 3] {
    [
        maybe_number(summary.map(|summary| summary.mean)),
        maybe_number(summary.and_then(|summary| summary.ci95_low)),
        maybe_number(summary.and_then(|summary| summary.ci95_high)),
    ]
}
