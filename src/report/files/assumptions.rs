//! `assumptions.csv`: every value of the scenario, and where it comes from.
//!
//! Must not know: what a value should be.

use crate::report::origin::Assumption;

/// `assumptions.csv`: a row for every key that is set or has a default, before a sweep's changes.
///
/// # Panics
/// Never: memory takes every row.
pub fn assumptions(assumptions: &[Assumption]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = ["key", "value", "provenance", "source"].map(str::to_owned);
    let rows = assumptions.iter().map(|assumption| {
        let Assumption { key, value, provenance, source } = assumption.clone();
        [key, value, provenance, source]
    });
    for row in std::iter::once(header).chain(rows) {
        writer.write_record(&row).expect("memory takes every row, and all rows have the same columns");
    }
    writer.into_inner().expect("memory takes everything")
}
