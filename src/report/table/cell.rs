//! One value of a table, and its only form for people.

use crate::report::words::{about, count, duration, mean_count, percent};
use crate::stats::{Interval, Summary};
use crate::time::Time;

/// In place of a value that is unknown.
const UNKNOWN: &str = "-";

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Count(u64),
    /// A finite number.
    Number(f64, Unit),
    /// An instant.
    Time(Time),
    /// A statistic over the replications; what is large stands elsewhere, since of the others there are millions.
    Mean(Box<Summary>, Unit),
    /// A mean, and its interval if there are enough replications for one.
    Estimate(f64, Option<Interval>, Unit),
    /// Both ends of an interval.
    Interval(Interval, Unit),
    /// What stands in JSON only: a table of its own.
    Rows(Box<super::Table>),
    /// What stands in JSON only: any value.
    Json(Box<serde_json::Value>),
    /// Unknown, or it never happened.
    Absent,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Seconds later than something else, with a sign.
    Later,
    /// Things, on average.
    Count,
    /// Hours that nodes are paid.
    NodeHours,
    /// US dollars.
    Usd,
    /// Things per second, on average.
    PerSecond,
    /// A part of 1.
    Share,
    /// Any other unit; all digits are shown.
    Exact,
}

impl Unit {
    /// A number as people read it.
    pub fn shown(self, number: f64) -> String {
        match self {
            Self::Later if number >= 0.000_5 => format!("+{}", duration(number)),
            Self::Seconds | Self::Later => duration(number),
            Self::Count => mean_count(number),
            Self::NodeHours => format!("{number:.1}"),
            Self::Usd => format!("{number:.2}"),
            Self::PerSecond if number >= 1e6 => format!("{:.1} million", number / 1e6),
            Self::PerSecond if number < 100.0 => format!("{number:.1}"),
            Self::PerSecond => count(number.round() as u64),
            Self::Share => percent(number),
            Self::Exact => number.to_string(),
        }
    }

    /// A value, and how far its 95 % interval goes to the longer side.
    pub(super) fn about(self, value: f64, half: Option<f64>) -> String {
        let Some(width) = half else { return self.shown(value) };
        match self {
            // A width is no difference: it has no sign.
            Self::Later if value >= 0.000_5 => format!("+{}", about(value, half)),
            Self::Seconds | Self::Later => about(value, half),
            // Tenths also where one of both is whole.
            Self::Count if value < 1_000.0 => format!("{:.1} ± {:.1}", tenths(value), tenths(width)),
            _ => format!("{} ± {}", self.shown(value), self.shown(width)),
        }
    }
}

/// Rounded as counts alone are.
fn tenths(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// A cell as people read it: the same value is the same words in every output.
pub fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        Cell::Count(number) => count(*number),
        Cell::Number(number, unit) => unit.shown(*number),
        Cell::Time(time) => time.to_string(),
        Cell::Mean(of, unit) => shown_mean(of, *unit),
        Cell::Estimate(mean, interval, unit) => unit.about(*mean, interval.map(|interval| interval.high - mean)),
        Cell::Interval(interval, unit) => format!("{} to {}", unit.shown(interval.low), unit.shown(interval.high)),
        Cell::Rows(_) | Cell::Json(_) | Cell::Absent => UNKNOWN.to_owned(),
    }
}

/// A mean with its interval as people read it: `24m 10s ± 3.7s`.
pub fn shown_mean(of: &Summary, unit: Unit) -> String {
    unit.about(of.mean, of.ci95_high.map(|high| high - of.mean))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_one_form() {
        let mean = Summary::of(&[9.0, 11.0]).expect("values");
        let alone = Summary::of(&[60.0]).expect("a value");
        let cells = [
            (Cell::Text("csi".to_owned()), "csi"),
            (Cell::Flag(true), "yes"),
            (Cell::Count(12_345), "12,345"),
            (Cell::Number(760.0, Unit::Seconds), "12m 40s"),
            (Cell::Number(4.2, Unit::Later), "+4.2s"),
            (Cell::Number(-4.2, Unit::Later), "-4.2s"),
            (Cell::Number(0.963, Unit::Share), "96.3 %"),
            (Cell::Number(0.041_6, Unit::Exact), "0.0416"),
            (Cell::Time(Time::from_nanos(61_000_000_000)), "1m 01s"),
            (Cell::Mean(alone.into(), Unit::Seconds), "1m 00s"),
            (Cell::Mean(mean.into(), Unit::Count), "10.0 ± 12.7"),
            (Cell::Mean(mean.into(), Unit::Usd), "10.00 ± 12.71"),
            (Cell::Estimate(-4.2, Some(Interval { low: -5.0, high: -3.4 }), Unit::Later), "-4.2s ± 0.8s"),
            (Cell::Interval(Interval { low: 0.9, high: 1.0 }, Unit::Share), "90 % to 100 %"),
            (Cell::Absent, "-"),
        ];
        for (cell, words) in cells {
            assert_eq!(shown(&cell), words, "{cell:?}");
        }
    }
}
