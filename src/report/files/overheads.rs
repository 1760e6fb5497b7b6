//! `overheads.csv`: the times between the readiness of two stages, over the replications of each case.
//!
//! Must not know: which overheads matter: it writes all that the summary has.

use crate::experiment::results::Results;
use crate::report::summary::CaseSummary;

use super::sheet::{FIGURES, Sheet, figures};

/// `overheads.csv`: a row for every case and pair of stages; `replications` are those in which both became ready.
pub fn overheads(results: &Results, cases: &[CaseSummary]) -> Vec<u8> {
    let mut sheet = Sheet::new(results, ["from", "to", "replications"].into_iter().chain(FIGURES));
    for (number, (case, summary)) in results.cases.iter().zip(cases).enumerate() {
        sheet.begin_case(number, case);
        for overhead in &summary.overheads {
            let seconds = overhead.seconds.as_ref();
            let count = seconds.map_or(0, |seconds| seconds.n).to_string();
            sheet.row([overhead.from.clone(), overhead.to.clone(), count].into_iter().chain(figures(seconds)));
        }
    }
    sheet.into_bytes()
}
