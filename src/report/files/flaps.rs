//! `flaps.csv`: how many of each `DaemonSet` were Ready, and how many no longer, in replication 0 of each case.
//!
//! Must not know: why a pod is no longer Ready.

use crate::experiment::results::Results;

use super::sheet::{Sheet, seconds};

const COLUMNS: [&str; 5] = ["stage", "time_s", "ready", "not_ready", "joined"];

/// `flaps.csv`: a row for every case, `DaemonSet` that is a stage, and time at which one of its counts changes.
pub fn flaps(results: &Results) -> Vec<u8> {
    let mut sheet = Sheet::new(results, COLUMNS);
    for (number, case) in results.cases.iter().enumerate() {
        sheet.begin_case(number, case);
        for (stage, counts) in case.stages.iter().zip(case.detail.iter().flat_map(|detail| &detail.counts)) {
            for count in counts {
                let numbers = [count.ready, count.not_ready, count.joined].map(|count| count.to_string());
                sheet.row([stage.name.clone(), seconds(count.at)].into_iter().chain(numbers));
            }
        }
    }
    sheet.into_bytes()
}
