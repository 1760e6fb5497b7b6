//! `curve.csv`: how many were Ready over time, over the replications.
//!
//! Must not know: when a stage counts as ready: it counts pods.

use crate::experiment::results::{CaseResult, Results};
use crate::stats::{Band, band};
use crate::time::Time;

use super::sheet::{Sheet, number, seconds};

const COLUMNS: [&str; 7] = ["stage", "time_s", "desired", "ready_mean", "ready_p5", "ready_p50", "ready_p95"];

/// `curve.csv`: a row for every case, stage and point in time; all stages of a case have the same points.
pub fn curve(results: &Results) -> Vec<u8> {
    let mut sheet = Sheet::new(results, COLUMNS);
    for (number, case) in results.cases.iter().enumerate() {
        sheet.begin_case(number, case);
        let bands: Vec<Vec<Band>> = (0..case.stages.len()).map(|stage| bands(case, stage)).collect();
        let points = bands.iter().map(Vec::len).max().unwrap_or(0);
        for (stage, bands) in case.stages.iter().zip(&bands) {
            // A stage whose curve ended holds its last value.
            for (point, band) in bands.iter().chain(bands.last().into_iter().cycle()).take(points).enumerate() {
                row(&mut sheet, &stage.name, Time::ZERO + case.curve_step * point as u64, stage.desired, band);
            }
        }
    }
    sheet.into_bytes()
}

/// How many of a stage were Ready, at each point of the longest replication's curve.
pub fn bands(case: &CaseResult, stage: usize) -> Vec<Band> {
    let curves: Vec<&[u32]> =
        case.replications.iter().filter_map(|replication| replication.curves.get(stage)).map(Vec::as_slice).collect();
    band(&curves)
}

fn row(sheet: &mut Sheet, stage: &str, time: Time, desired: u32, band: &Band) {
    sheet.row([
        stage,
        &seconds(time),
        &desired.to_string(),
        &number(band.mean),
        &number(band.p05),
        &number(band.median),
        &number(band.p95),
    ]);
}
