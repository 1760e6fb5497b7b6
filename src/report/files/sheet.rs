//! A CSV file in the making.
//!
//! Must not know: what its columns mean.

use crate::experiment::results::{CaseResult, Results};
use crate::report::words;
use crate::stats::Summary;
use crate::time::Time;

/// Rows of text fields; each begins with the columns of its case.
pub struct Sheet {
    writer: csv::Writer<Vec<u8>>,
    axes: Vec<String>,
    case: Vec<String>,
}

impl Sheet {
    /// A file whose rows have these columns after those of the case.
    pub fn new<'a>(results: &Results, columns: impl IntoIterator<Item = &'a str>) -> Self {
        let mut axes: Vec<String> = Vec::new();
        for (key, _) in results.cases.iter().flat_map(words::axes) {
            if !axes.iter().any(|axis| axis == key) {
                axes.push(key.to_owned());
            }
        }
        let case = ["case", "target_nodes"].map(str::to_owned).into_iter().chain(axes.iter().cloned()).collect();
        let mut sheet = Self { writer: csv::Writer::from_writer(Vec::new()), axes, case };
        sheet.row(columns);
        sheet
    }

    /// The following rows belong to this case, whose number is `number`.
    pub fn begin_case(&mut self, number: usize, case: &CaseResult) {
        let value = |axis: &String| {
            let set = words::axes(case).find(|(key, _)| key == axis);
            set.map_or_else(String::new, |(_, value)| bare(value).to_owned())
        };
        self.case = [number.to_string(), case.target_nodes.to_string()].into_iter().collect();
        self.case.extend(self.axes.iter().map(value));
    }

    /// Adds a row: the columns of the case, and these.
    pub fn row<Field: AsRef<[u8]>>(&mut self, fields: impl IntoIterator<Item = Field>) {
        let Self { writer, case, .. } = self;
        let written = case
            .iter()
            .try_for_each(|field| writer.write_field(field))
            .and_then(|()| fields.into_iter().try_for_each(|field| writer.write_field(field)))
            .and_then(|()| writer.write_record(None::<&[u8]>));
        written.expect("memory takes every row, and all rows have the same columns");
    }

    /// The file.
    pub fn into_bytes(self) -> Vec<u8> {
        self.writer.into_inner().expect("memory takes everything")
    }
}

/// A TOML string without its quotes, where it needs none; any other value as it is.
fn bare(value: &str) -> &str {
    let inside = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inside.filter(|text| !text.contains(['"', '\\'])).unwrap_or(value)
}

/// Seconds with three decimals, from integers: the same digits on every platform.
pub fn seconds(time: Time) -> String {
    let millis = time.as_nanos().saturating_add(500_000) / 1_000_000;
    format!("{}.{:03}", millis / 1_000, millis % 1_000)
}

/// Seconds with six decimals, for what can be shorter than a millisecond.
pub fn fine_seconds(time: Time) -> String {
    let micros = time.as_nanos().saturating_add(500) / 1_000;
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

/// Seconds with three decimals; nothing for what did not happen.
pub fn maybe_seconds(time: Option<Time>) -> String {
    time.map_or_else(String::new, seconds)
}

/// A mean or quantile of counts, with at most three decimals.
pub fn number(value: f64) -> String {
    ((value * 1000.0).round() / 1000.0 + 0.0).to_string()
}

/// A mean or quantile with at most three decimals; nothing for what is unknown.
pub fn maybe_number(value: Option<f64>) -> String {
    value.map_or_else(String::new, number)
}

/// The columns of [`figures`] of seconds.
pub const FIGURES: [&str; 9] =
    ["mean_s", "ci95_low_s", "ci95_high_s", "sd_s", "p50_s", "p90_s", "p99_s", "min_s", "max_s"];

/// The figures of a summary; nothing for each that is unknown.
pub fn figures(summary: Option<&Summary>) -> [String; 9] {
    let of = |pick: fn(&Summary) -> Option<f64>| maybe_number(summary.and_then(pick));
    [
        of(|s| Some(s.mean)),
        of(|s| s.ci95_low),
        of(|s| s.ci95_high),
        of(|s| s.sd),
        of(|s| Some(s.p50)),
        of(|s| Some(s.p90)),
        of(|s| Some(s.p99)),
        of(|s| Some(s.min)),
        of(|s| Some(s.max)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_rounded_to_the_nearest_digit() {
        let time = Time::from_nanos(61_000_499_500);
        assert_eq!((seconds(time).as_str(), fine_seconds(time).as_str()), ("61.000", "61.000500"));
        assert_eq!(maybe_seconds(None), "");
        assert_eq!([1.0 / 3.0, -0.000_01, 300.0].map(number), ["0.333", "0", "300"]);
    }

    #[test]
    fn a_plain_string_loses_its_quotes_and_nothing_else_changes() {
        assert_eq!([r#""gp2""#, "100", r#""a\"b""#, "[1]"].map(bare), ["gp2", "100", r#""a\"b""#, "[1]"]);
    }
}
