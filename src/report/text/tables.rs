//! The tables of the text.

use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};

use crate::report::costs::Cost;
use crate::report::summary::{CaseSummary, Flaps, SCALE_DOWN, WORKLOAD};
use crate::report::words::{duration, mean_count, plural};
use crate::stats::{Summary, smallest_sample_for_quantile_interval};

/// In place of a value that is unknown.
pub(super) const UNKNOWN: &str = "-";

/// When each stage was ready.
pub fn stages(cases: &[CaseSummary], width: u16) -> String {
    let all: Vec<&Summary> =
        cases.iter().flat_map(|case| &case.stages).filter_map(|stage| stage.ready.as_ref()).collect();
    let marks = Marks::of(&all);
    let mut rows = Vec::new();
    for case in cases {
        for stage in &case.stages {
            let mut row = vec![case.name.clone(), stage.stage.clone()];
            row.extend(times(stage.ready.as_ref()));
            row.push(stage.first_ready.as_ref().map_or(UNKNOWN.to_owned(), |first| duration(first.mean)));
            rows.push(row);
        }
    }
    let header = ["stage", "mean ± 95 %", &marks.p50, &marks.p90, &marks.p99, "first ready"];
    section("Time from creating the workload until all of a stage are Ready to stay:", &header, rows, width)
        + &marks.footnote
}

/// The times between stages.
pub fn overheads(cases: &[CaseSummary], width: u16) -> String {
    let all: Vec<&Summary> =
        cases.iter().flat_map(|case| &case.overheads).filter_map(|overhead| overhead.seconds.as_ref()).collect();
    let marks = Marks::of(&all);
    let mut rows = Vec::new();
    for case in cases {
        for overhead in &case.overheads {
            let mut row = vec![case.name.clone(), format!("{} after {}", overhead.to, overhead.from)];
            row.extend(times(overhead.seconds.as_ref()));
            rows.push(row);
        }
    }
    let header = ["overhead", "mean ± 95 %", &marks.p50, &marks.p90, &marks.p99];
    section("Overheads, the time from one stage to another:", &header, rows, width)
}

/// How often Ready pods became `NotReady`.
pub fn flaps(cases: &[CaseSummary], width: u16) -> String {
    let mut rows = Vec::new();
    for case in cases {
        for Flaps { stage, transitions, not_ready_peak } in &case.flaps {
            let (Some(transitions), Some(peak)) = (transitions, not_ready_peak) else { continue };
            if transitions.max > 0.0 {
                let mut row = vec![case.name.clone(), stage.clone()];
                row.extend([with_interval(transitions, mean_count), mean_count(transitions.max)]);
                row.extend([with_interval(peak, mean_count), mean_count(peak.max)]);
                rows.push(row);
            }
        }
    }
    if rows.is_empty() {
        return "No pod that was Ready became NotReady.\n".to_owned();
    }
    let header = ["stage", "how often, mean ± 95 %", "max", "most at once, mean ± 95 %", "max"];
    section("Ready pods that became NotReady, in one scale-up:", &header, rows, width)
}

/// What is paid until each stage is ready.
pub fn costs(cases: &[CaseSummary], width: u16) -> String {
    let mut rows = Vec::new();
    for case in cases {
        for Cost { until, node_hours, dollars } in &case.costs {
            let (Some(node_hours), Some(dollars)) = (node_hours, dollars) else { continue };
            let what = match until.as_str() {
                WORKLOAD => format!("{until} ready, before useful work"),
                SCALE_DOWN => format!("{until}, the whole cycle"),
                _ => format!("{until} ready"),
            };
            rows.push(vec![
                case.name.clone(),
                what,
                with_interval(node_hours, |hours| format!("{hours:.1}")),
                with_interval(dollars, |dollars| format!("{dollars:.2}")),
            ]);
        }
    }
    if rows.is_empty() {
        return String::new();
    }
    let mut prices: Vec<String> = cases.iter().map(|case| case.price_per_hour.to_string()).collect();
    prices.dedup();
    let at = if prices.len() == 1 { format!(" at {} US dollars per node-hour", prices[0]) } else { String::new() };
    let header = ["until", "node-hours, mean ± 95 %", "US dollars, mean ± 95 %"];
    section(&format!("Cost of all nodes{at}, from creating the workload:"), &header, rows, width)
}

/// A mean with its interval, and the percentiles.
fn times(seconds: Option<&Summary>) -> [String; 4] {
    seconds.map_or([UNKNOWN; 4].map(str::to_owned), |seconds| {
        [with_interval(seconds, duration), duration(seconds.p50), duration(seconds.p90), duration(seconds.p99)]
    })
}

fn with_interval(summary: &Summary, show: impl Fn(f64) -> String) -> String {
    let mean = show(summary.mean);
    summary.ci95_high.map_or(mean.clone(), |high| format!("{mean} ± {}", show(high - summary.mean)))
}

/// The headings of percentiles, marked where there are too few scale-ups to be sure of them.
struct Marks {
    p50: String,
    p90: String,
    p99: String,
    footnote: String,
}

impl Marks {
    fn of(summaries: &[&Summary]) -> Self {
        let fewest = summaries.iter().map(|summary| summary.n as u64).min();
        let needed = |p: f64| smallest_sample_for_quantile_interval(p, 0.95).unwrap_or(u64::MAX);
        let mut unsure = Vec::new();
        let mut heading = |name: &str, p: f64| {
            if fewest.is_none_or(|fewest| fewest >= needed(p)) {
                return name.to_owned();
            }
            unsure.push(format!("{name} needs {}", needed(p)));
            format!("{name}*")
        };
        let (p50, p90, p99) = (heading("p50", 0.5), heading("p90", 0.9), heading("p99", 0.99));
        let footnote = match (unsure.is_empty(), fewest) {
            (false, Some(fewest)) => format!(
                "\nMarked *: as seen in {}, too few to bound the percentile with 95 % confidence ({}).\n",
                plural(fewest, "scale-up"),
                unsure.join(", ")
            ),
            _ => String::new(),
        };
        Self { p50, p90, p99, footnote }
    }
}

/// A title, and a table that is also Markdown; `rows` begin with the case, which is shown once, and only if several.
pub(in crate::report) fn section(title: &str, header: &[&str], rows: Vec<Vec<String>>, width: u16) -> String {
    let several = rows.first().is_some_and(|first| rows.iter().any(|row| row[0] != first[0]));
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    let mut above = String::new();
    let names = if several { vec!["case"] } else { vec![] };
    table.set_header(names.into_iter().chain(header.iter().copied()).map(Cell::new));
    for mut row in rows {
        let case = row.remove(0);
        if several {
            row.insert(0, if case == above { String::new() } else { case.clone() });
        }
        above = case;
        table.add_row(row);
    }
    let texts = if several { 2 } else { 1 };
    keep_numbers_whole(&mut table, texts);
    format!("{title}\n\n{}\n", table.trim_fmt())
}

/// Right-aligns the columns after the first `texts`, and wraps none of their words.
fn keep_numbers_whole(table: &mut Table, texts: usize) {
    for column in table.column_iter_mut().skip(texts) {
        column.set_cell_alignment(CellAlignment::Right);
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    for column in table.column_iter_mut().take(texts) {
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(8)));
    }
}
