//! `documented.csv`: what is documented about overheads, and what was simulated.
//!
//! Must not know: how a target is judged.

use crate::experiment::results::Results;
use crate::report::documented::Documented;

use super::sheet::{Sheet, maybe_number};

const COLUMNS: [&str; 14] = [
    "target",
    "from",
    "to",
    "about_s",
    "tolerance_s",
    "at_least_s",
    "at_most_s",
    "simulated_mean_s",
    "simulated_ci95_low_s",
    "simulated_ci95_high_s",
    "met",
    "statement",
    "reading",
    "source",
];

/// `documented.csv`: a row for every case and target that speaks of its size.
pub fn documented(results: &Results, documented: &[Documented]) -> Vec<u8> {
    let mut sheet = Sheet::new(results, COLUMNS);
    for (number, case) in results.cases.iter().enumerate() {
        sheet.begin_case(number, case);
        for point in documented.iter().filter(|point| point.case == number) {
            let [target, from, to] = [&point.target, &point.from, &point.to].map(Clone::clone);
            let numbers = [
                point.about_s,
                point.tolerance_s,
                point.at_least_s,
                point.at_most_s,
                point.simulated.map(|simulated| simulated.0),
                point.simulated.and_then(|simulated| simulated.1).map(|interval| interval.low),
                point.simulated.and_then(|simulated| simulated.1).map(|interval| interval.high),
            ];
            let words = [&point.statement, &point.reading, &point.source].map(Clone::clone);
            let row = [target, from, to].into_iter().chain(numbers.map(maybe_number));
            sheet.row(row.chain([point.met.to_string()]).chain(words));
        }
    }
    sheet.into_bytes()
}
