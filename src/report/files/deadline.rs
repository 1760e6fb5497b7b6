//! `deadline.csv`: how likely everything is ready within a time.
//!
//! Must not know: the deadline that a planner has in mind.

use crate::experiment::results::Results;
use crate::report::chances::chances;

use super::sheet::{Sheet, number};

const COLUMNS: [&str; 5] = ["stage", "within_s", "probability", "ci95_low", "ci95_high"];

/// `deadline.csv`: a row for every case and time at which the share of scale-ups changes that have the last stage before
/// scale-down ready; the interval is Wilson's.
pub fn deadline(results: &Results) -> Vec<u8> {
    let mut sheet = Sheet::new(results, COLUMNS);
    for (place, case) in results.cases.iter().enumerate() {
        sheet.begin_case(place, case);
        let (stage, chances) = chances(case);
        for chance in chances {
            sheet.row([
                stage.to_owned(),
                number(chance.within_s),
                number(chance.probability),
                number(chance.interval.low),
                number(chance.interval.high),
            ]);
        }
    }
    sheet.into_bytes()
}
