//! What people see of a table: words, in rows.

use super::{Cell, CellKind, Column, Table, shown};
use crate::report::words::{count, plural};
use crate::stats::{Interval, Summary, smallest_sample_for_quantile_interval};

/// A table in words.
pub struct People {
    /// What it shows.
    pub title: String,
    /// The headings.
    pub header: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
    /// How many columns at the beginning are words.
    pub words: usize,
    /// Whether the first column is the case.
    pub several: bool,
    /// The notes, and which percentiles are left out.
    pub notes: Vec<String>,
    /// What is said if there is no row; nothing at all if empty.
    pub if_empty: String,
}

impl People {
    /// A table in words; `cases` are the names of the cases, told apart in a column if the table is of several.
    pub fn of(table: &Table, cases: &[String]) -> Self {
        let rows: Vec<_> = table.rows.iter().filter(|row| row.for_people).collect();
        let several = rows.iter().any(|row| row.case != rows[0].case);
        let mut people = Self {
            title: table.title.clone(),
            if_empty: table.if_empty.clone(),
            header: Vec::new(),
            rows: vec![Vec::new(); rows.len()],
            words: usize::from(several),
            several,
            notes: table.notes.clone(),
        };
        if several {
            let name = |case: Option<usize>| case.and_then(|case| cases.get(case)).cloned().unwrap_or_default();
            people.column("case", rows.iter().map(|row| name(row.case)));
        }
        let shown_columns = || table.columns.iter().enumerate().filter(|(_, column)| !column.heading.is_empty());
        people.words += shown_columns().take_while(|(_, column)| column.kind == CellKind::Text).count();
        for (place, column) in shown_columns() {
            let cells = || rows.iter().map(|row| &row.cells[place]);
            people.column(&column.heading, cells().map(shown));
            people.percentiles(column, cells);
            if table.has_said {
                people.notes.clone_from(&table.notes);
            }
        }
        people
    }

    /// Only its first rows; of how many are left out, it says what.
    #[must_use]
    pub fn at_most(mut self, rows: usize, what: &str) -> Self {
        let left_out = self.rows.len().saturating_sub(rows);
        if left_out > 0 {
            self.rows.truncate(rows);
            self.notes.insert(0, format!("{} {what}.", count(left_out as u64)));
        }
        self
    }

    fn column(&mut self, heading: &str, cells: impl Iterator<Item = String>) {
        self.header.push(heading.to_owned());
        self.rows.iter_mut().zip(cells).for_each(|(row, cell)| row.push(cell));
    }

    /// Adds the percentiles that there are enough scale-ups for, and a note on the others.
    fn percentiles<'t, I: Iterator<Item = &'t Cell>>(&mut self, column: &Column, cells: impl Fn() -> I) {
        let CellKind::Mean { unit, percentiles: true, .. } = column.kind else { return };
        let numbers = || cells().filter_map(summary).map(|summary| summary.n as u64);
        let most = numbers().max();
        for percentile in PERCENTILES.iter().filter(|percentile| most.is_none_or(|most| most >= percentile.needs())) {
            let cell = |cell| match summary(cell).map(percentile.of) {
                // The longer side covers the shorter one too.
                Some((value, Some(Interval { low, high }))) => unit.about(value, Some((value - low).max(high - value))),
                _ => shown(&Cell::Absent),
            };
            self.column(&format!("{} ± 95 %", percentile.name), cells().map(cell));
        }
        self.notes.extend(numbers().min().and_then(left_out));
    }
}

fn summary(cell: &Cell) -> Option<&Summary> {
    if let Cell::Mean(summary, _) = cell { Some(summary) } else { None }
}

/// Which percentiles so few scale-ups do not bound, and what they need.
fn left_out(fewest: u64) -> Option<String> {
    let too_few = PERCENTILES.iter().filter(|percentile| fewest < percentile.needs());
    let needs: Vec<String> =
        too_few.map(|percentile| format!("{} (needs {})", percentile.name, percentile.needs())).collect();
    let fewest = plural(fewest, "scale-up");
    let needs = (!needs.is_empty()).then(|| needs.join(", "))?;
    Some(format!("Left out where {fewest} are too few to bound it with 95 % confidence: {needs}."))
}

/// One percentile: its name, its share, and where a summary has it.
struct Percentile {
    name: &'static str,
    share: f64,
    of: fn(&Summary) -> (f64, Option<Interval>),
}

const PERCENTILES: [Percentile; 3] = [
    Percentile { name: "p50", share: 0.5, of: |of| (of.p50, of.p50_interval) },
    Percentile { name: "p90", share: 0.9, of: |of| (of.p90, of.p90_interval) },
    Percentile { name: "p99", share: 0.99, of: |of| (of.p99, of.p99_interval) },
];

impl Percentile {
    /// The scale-ups that an interval takes.
    fn needs(&self) -> u64 {
        smallest_sample_for_quantile_interval(self.share, 0.95).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Table, Unit};
    use super::*;

    fn people(values: &[f64]) -> People {
        let summary = Summary::of(values);
        let table = Table::of("times", "Times", vec![summary])
            .text("stage", "stage", "", |_| "csi")
            .mean("ready_s", "mean ± 95 %", "", Unit::Seconds, Option::as_ref)
            .with_percentiles();
        People::of(&table.table(), &[])
    }

    #[test]
    fn percentiles_are_shown_where_there_are_enough_scale_ups() {
        let few = people(&[10.0, 11.0, 12.0]);
        assert_eq!(few.header, ["stage", "mean ± 95 %"]);
        let note = "Left out where 3 scale-ups are too few to bound it with 95 % confidence: \
                    p50 (needs 6), p90 (needs 36), p99 (needs 368).";
        assert_eq!(few.notes, [note]);
        let many = people(&(0..40).map(f64::from).collect::<Vec<_>>());
        assert_eq!(many.header, ["stage", "mean ± 95 %", "p50 ± 95 %", "p90 ± 95 %"]);
        assert_eq!((many.words, many.rows[0].len()), (1, 4));
        assert!(many.notes[0].ends_with(": p99 (needs 368)."), "{:?}", many.notes);
    }

    #[test]
    fn rows_that_are_too_many_are_left_out_and_counted() {
        let table = Table::of("nodes", "Nodes", (0..1_500_u64).collect()).count("node", "node", "", |n| *n).table();
        let shown = People::of(&table.note("So."), &[]).at_most(300, "more rows are in the CSV files");
        assert_eq!((shown.rows.len(), shown.words), (300, 0));
        assert_eq!(shown.notes, ["1,200 more rows are in the CSV files.", "So."]);
    }

    #[test]
    fn a_case_column_stands_only_where_there_are_several() {
        let of = |cases: Vec<usize>| {
            let table = Table::of("a", "", cases).case(|case| *case).count("n", "n", "", |_| 1_u64).table();
            People::of(&table, &["small".to_owned(), "large".to_owned()])
        };
        assert_eq!(of(vec![1, 1]).rows, [["1"], ["1"]]);
        assert_eq!((of(vec![0, 1]).header, of(vec![0, 1]).words), (vec!["case".to_owned(), "n".to_owned()], 1));
        assert_eq!(of(vec![0, 1]).rows, [["small", "1"], ["large", "1"]]);
    }
}
