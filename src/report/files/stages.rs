//! `stages.csv`: when each stage became ready in each replication of each case.
//!
//! Must not know: means and intervals: they stand in `times.csv`.

use crate::experiment::results::Results;

use super::sheet::{Sheet, maybe_seconds};

const COLUMNS: [&str; 7] = ["replication", "stage", "desired", "ready_s", "first_ready_s", "flaps", "not_ready_peak"];

/// `stages.csv`: a row for every case, replication and stage.
pub fn stages(results: &Results) -> Vec<u8> {
    let mut sheet = Sheet::new(results, COLUMNS);
    for (number, case) in results.cases.iter().enumerate() {
        sheet.begin_case(number, case);
        for numbers in &case.replications {
            for (stage, times) in case.stages.iter().zip(&numbers.stages) {
                sheet.row([
                    numbers.number.to_string(),
                    stage.name.clone(),
                    stage.desired.to_string(),
                    maybe_seconds(times.ready),
                    maybe_seconds(times.first_ready),
                    times.flaps.to_string(),
                    times.not_ready_peak.to_string(),
                ]);
            }
        }
    }
    sheet.into_bytes()
}
