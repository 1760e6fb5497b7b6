//! `limits.csv`: the limits that were hit.
//!
//! Must not know: how to get round a limit: `check` has the remedies.

use crate::experiment::results::Results;
use crate::report::summary::CaseSummary;

use super::sheet::{Sheet, maybe_number, seconds};

const COLUMNS: [&str; 6] = ["limit", "first_s", "replications", "count", "cost_s", "message"];

/// `limits.csv`: a row for every case and limit that was hit in it; only the header if none was.
pub fn limits(results: &Results, cases: &[CaseSummary]) -> Vec<u8> {
    let mut sheet = Sheet::new(results, COLUMNS);
    for (number, (case, summary)) in results.cases.iter().zip(cases).enumerate() {
        sheet.begin_case(number, case);
        for limit in &summary.limits {
            sheet.row([
                limit.kind.clone(),
                seconds(limit.first),
                limit.replications.to_string(),
                limit.count.to_string(),
                maybe_number(limit.relief.as_ref().and_then(|relief| relief.cost_s)),
                limit.message.clone(),
            ]);
        }
    }
    sheet.into_bytes()
}
