//! `times.csv`: when each stage was ready, over the replications of each case.
//!
//! Must not know: single replications: they stand in `stages.csv`.

use crate::experiment::results::Results;
use crate::report::summary::{CaseSummary, StageSummary};

use super::sheet::{FIGURES, Sheet, figures, maybe_number};

const BEFORE: [&str; 4] = ["stage", "desired", "replications", "never"];
const AFTER: [&str; 3] = ["p5_s", "p95_s", "first_ready_mean_s"];

/// `times.csv`: a row for every case and stage.
///
/// `never` counts the replications in which the stage never became ready; they are left out of all other figures.
pub fn times(results: &Results, cases: &[CaseSummary]) -> Vec<u8> {
    let mut sheet = Sheet::new(results, BEFORE.into_iter().chain(FIGURES).chain(AFTER));
    for (number, (case, summary)) in results.cases.iter().zip(cases).enumerate() {
        sheet.begin_case(number, case);
        for stage in &summary.stages {
            sheet.row(row(stage, summary.replications));
        }
    }
    sheet.into_bytes()
}

fn row(stage: &StageSummary, replications: u32) -> impl Iterator<Item = String> {
    let before = [stage.stage.clone(), stage.desired.to_string(), replications.to_string(), stage.never.to_string()];
    let after = [
        maybe_number(stage.ready_band.map(|band| band.0)),
        maybe_number(stage.ready_band.map(|band| band.1)),
        maybe_number(stage.first_ready.as_ref().map(|first| first.mean)),
    ];
    before.into_iter().chain(figures(stage.ready.as_ref())).chain(after)
}
