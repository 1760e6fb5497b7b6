//! What was measured or documented elsewhere, and what is predicted for it.

use crate::experiment::Judged;
use crate::report::table::{Table, Unit};
use crate::report::text::validation::Validation;
use crate::report::words;
use crate::stats::Interval;

/// Below this many seconds a difference says more than a ratio.
const SHORT_S: f64 = 5.0;

/// A point, and which scenario it is of.
#[derive(Clone, Copy, Debug)]
pub struct Predicted<'a> {
    /// The scenario's name.
    pub scenario: &'a str,
    /// The point and what was simulated.
    pub judged: &'a Judged,
}

impl<'a> Predicted<'a> {
    /// Every point of some validations, by row.
    pub fn all(validations: &'a [Validation]) -> Vec<Self> {
        let of = |of: &'a Validation| of.points.iter().map(|judged| Self { scenario: &of.scenario, judged });
        let mut all: Vec<Self> = validations.iter().flat_map(of).collect();
        all.sort_by_key(|one| row_order(one.name()));
        all
    }

    /// What it is called: its row, or the target's name.
    pub fn name(&self) -> &'a str {
        let point = &self.judged.point;
        if point.row.is_empty() { &point.name } else { &point.row }
    }

    /// What was measured, in seconds or as a count; absent where a range is demanded.
    pub const fn measured(&self) -> Option<f64> {
        self.judged.point.demand.middle()
    }

    /// The mean that is predicted; absent where it never came to that, or for several sizes.
    pub fn mean(&self) -> Option<f64> {
        if let [one] = &self.judged.simulated[..] { one.mean } else { None }
    }

    fn interval(&self) -> Option<Interval> {
        if let [one] = &self.judged.simulated[..] { one.interval } else { None }
    }

    fn is_count(&self) -> bool {
        self.judged.point.measure.is_count()
    }

    fn ratio(&self) -> Option<f64> {
        Some(self.mean()? / self.measured()?)
    }

    fn difference_s(&self) -> Option<f64> {
        Some(self.mean()? - self.measured()?).filter(|_| !self.is_count())
    }

    /// The ratio, or for short times the difference: `1.12`, `+0.8s`.
    fn comparison(&self) -> String {
        let is_short = !self.is_count() && self.measured().is_some_and(|seconds| seconds < SHORT_S);
        let difference = self.difference_s().filter(|_| is_short).map(|seconds| Unit::Later.shown(seconds));
        difference.or_else(|| Some(format!("{:.2}", self.ratio()?))).unwrap_or_else(|| "-".to_owned())
    }

    /// What was measured, or the range that is demanded.
    fn measured_in_words(&self) -> String {
        let point = &self.judged.point;
        let middle = self.measured().map(|value| words::value(&point.measure, value));
        middle.unwrap_or_else(|| words::demand(&point.measure, point.demand))
    }
}

/// Letters first, then numbers by their size: M2 before M10.
fn row_order(row: &str) -> (String, u64, String) {
    let letters: String = row.chars().take_while(|c| !c.is_ascii_digit()).collect();
    let digits: String = row[letters.len()..].chars().take_while(char::is_ascii_digit).collect();
    (letters, digits.parse().unwrap_or(u64::MAX), row.to_owned())
}

/// A row for every point.
pub fn predicted(points: Vec<Predicted<'_>>) -> Table {
    let number = |count: bool| if count { "count" } else { "s" };
    Table::of("predicted", "Predicted against measured", points)
        .text("row", "row", "the row of the table of measurements, or the target's name", Predicted::name)
        .text("scenario", "scenario", "the scenario", |row| row.scenario)
        .text("target", "", "the target's name", |row| row.judged.point.name.clone())
        .text("measure", "what", "what is measured", |row| words::measure(&row.judged.point.measure))
        .text("nodes", "nodes", "the size of the cluster, or sizes", |row| {
            let sizes: Vec<String> = row.judged.point.nodes.iter().map(ToString::to_string).collect();
            sizes.join(", ")
        })
        .text("unit", "", "of all numbers: `s` for seconds, or `count`", |row| number(row.is_count()))
        .text("", "measured", "", Predicted::measured_in_words)
        .number("measured", "", "what was measured; empty where a range is demanded", Unit::Exact, Predicted::measured)
        .text("", "predicted mean ± 95 %", "", |row| super::points::simulated_in_words(row.judged))
        .number("predicted", "", "the simulated mean", Unit::Exact, Predicted::mean)
        .number("ci95_low", "", "the lower end of its interval", Unit::Exact, |row| Some(row.interval()?.low))
        .number("ci95_high", "", "the upper end of its interval", Unit::Exact, |row| Some(row.interval()?.high))
        .text("", "ratio", "", Predicted::comparison)
        .number("ratio", "", "predicted in parts of measured", Unit::Exact, Predicted::ratio)
        .number("difference_s", "", "predicted less measured, for times", Unit::Seconds, Predicted::difference_s)
        .number("at_least", "", "the lower end of what is near enough", Unit::Exact, |row| {
            row.judged.point.demand.ends().0
        })
        .number("at_most", "", "the upper end of what is near enough", Unit::Exact, |row| {
            row.judged.point.demand.ends().1
        })
        .text("", "result", "", |row| super::points::result(row.judged))
        .flag("passes", "", "whether it is near enough", |row| row.judged.passes())
        .text("statement", "", "what the source says", |row| row.judged.point.statement.clone())
        .text("reading", "", "how that was turned into numbers", |row| row.judged.point.reading.clone())
        .text("source", "", "where it stands", |row| row.judged.point.source.clone())
        .table()
}

/// What the JSON document of several validations says.
pub fn validations(of: &[Validation]) -> Table {
    Table::of("validations", "Predicted against measured", vec![of])
        .count("replications", "", "scale-ups of each scenario", |of| of.first().map_or(0, |one| one.replications))
        .flag("passes", "", "whether every point is met", |of| {
            of.iter().flat_map(|one| &one.points).all(Judged::passes)
        })
        .rows_of("points", "every point", |of| predicted(Predicted::all(of)))
        .table()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_in_the_order_of_their_numbers() {
        let mut rows = ["M10", "workload-100", "M2", "M2b", "B1"];
        rows.sort_by_key(|row| row_order(row));
        assert_eq!(rows, ["B1", "M2", "M2b", "M10", "workload-100"]);
    }
}
