//! The tables of the text.
//!
//! Must not know: how a statistic is computed.

use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};

use crate::model::record::StageKind;
use crate::report::costs::Cost;
use crate::report::deadline::CaseDeadline;
use crate::report::summary::{CaseSummary, Flaps, p95_needs};
use crate::report::words::{duration, mean_count, percent, plural};
use crate::stats::{Interval, Summary, smallest_sample_for_quantile_interval};

/// In place of a value that is unknown.
pub(super) const UNKNOWN: &str = "-";

/// When each stage was ready.
pub fn stages(cases: &[CaseSummary], width: u16) -> String {
    let all = cases.iter().flat_map(|case| &case.stages).filter_map(|stage| stage.ready.as_ref());
    let percentiles = Percentiles::of(all);
    let mut rows = Vec::new();
    for case in cases {
        for stage in &case.stages {
            let mut row = vec![case.name.clone(), stage.stage.clone(), mean_time(stage.ready.as_ref())];
            row.extend(percentiles.cells(stage.ready.as_ref()));
            row.push(stage.first_ready.as_ref().map_or(UNKNOWN.to_owned(), |first| duration(first.mean)));
            rows.push(row);
        }
    }
    let header: Vec<&str> =
        ["stage", "mean ± 95 %"].into_iter().chain(percentiles.header()).chain(["first ready"]).collect();
    section("Time from creating the workload until all of a stage are Ready to stay:", &header, rows, width)
        + &percentiles.footnote()
}

/// The times between stages.
pub fn overheads(cases: &[CaseSummary], width: u16) -> String {
    let all = cases.iter().flat_map(|case| &case.overheads).filter_map(|overhead| overhead.seconds.as_ref());
    let percentiles = Percentiles::of(all);
    let mut rows = Vec::new();
    for case in cases {
        for overhead in &case.overheads {
            let name = format!("{} after {}", overhead.to, overhead.from);
            let mut row = vec![case.name.clone(), name, mean_time(overhead.seconds.as_ref())];
            row.extend(percentiles.cells(overhead.seconds.as_ref()));
            rows.push(row);
        }
    }
    let header: Vec<&str> = ["overhead", "mean ± 95 %"].into_iter().chain(percentiles.header()).collect();
    section("Overheads, the time from one stage to another:", &header, rows, width)
}

/// How likely each stage is ready by a deadline, and by when 95 % of scale-ups are; nothing without a deadline.
pub fn deadlines(cases: &[CaseSummary], deadlines: &[CaseDeadline], width: u16) -> String {
    let Some(first) = deadlines.first() else { return String::new() };
    let mut rows = Vec::new();
    for (case, deadline) in cases.iter().zip(deadlines) {
        for stage in &deadline.stages {
            let (low, high) = (percent(stage.interval.low), percent(stage.interval.high));
            let ends = stage.ready_p95_interval.map(|(low, high)| format!("{} to {}", late(low), late(high)));
            rows.push(vec![
                case.name.clone(),
                stage.stage.clone(),
                percent(stage.probability),
                format!("{low} to {high}"),
                if ends.is_some() { late(stage.ready_p95) } else { UNKNOWN.to_owned() },
                ends.unwrap_or_else(|| format!("too few (needs {})", p95_needs())),
            ]);
        }
    }
    let within = format!("ready within {}", first.deadline);
    let header = ["stage", &within, "95 % interval", "95 % of scale-ups within", "95 % interval"];
    section("Deadline (met if 95 % of scale-ups are in time, with 95 % confidence):", &header, rows, width)
}

/// A time, or that it never comes.
fn late(seconds: Option<f64>) -> String {
    seconds.map_or("never".to_owned(), duration)
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
            let kind = case.stages.iter().find(|stage| stage.stage == *until).map(|stage| stage.kind);
            let what = match kind {
                Some(StageKind::Workload) => format!("{until} ready, before useful work"),
                Some(StageKind::ScaleDown) => format!("{until}, the whole cycle"),
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

/// A mean with its interval.
fn mean_time(seconds: Option<&Summary>) -> String {
    seconds.map_or(UNKNOWN.to_owned(), |seconds| with_interval(seconds, duration))
}

pub(super) fn with_interval(summary: &Summary, show: impl Fn(f64) -> String) -> String {
    let mean = show(summary.mean);
    summary.ci95_high.map_or(mean.clone(), |high| format!("{mean} ± {}", show(high - summary.mean)))
}

/// The percentiles that there are enough scale-ups for.
struct Percentiles {
    shown: Vec<Percentile>,
    /// The fewest scale-ups of a row.
    fewest: Option<u64>,
}

/// One percentile: its heading, its share, and where a summary has it.
#[derive(Clone, Copy)]
struct Percentile {
    heading: &'static str,
    name: &'static str,
    share: f64,
    of: fn(&Summary) -> (f64, Option<Interval>),
}

const PERCENTILES: [Percentile; 3] = [
    Percentile { heading: "p50 ± 95 %", name: "p50", share: 0.5, of: |of| (of.p50, of.p50_interval) },
    Percentile { heading: "p90 ± 95 %", name: "p90", share: 0.9, of: |of| (of.p90, of.p90_interval) },
    Percentile { heading: "p99 ± 95 %", name: "p99", share: 0.99, of: |of| (of.p99, of.p99_interval) },
];

impl Percentile {
    /// The scale-ups that an interval takes.
    fn needs(self) -> u64 {
        smallest_sample_for_quantile_interval(self.share, 0.95).unwrap_or(u64::MAX)
    }
}

impl Percentiles {
    fn of<'a>(summaries: impl Iterator<Item = &'a Summary>) -> Self {
        let counts: Vec<u64> = summaries.map(|summary| summary.n as u64).collect();
        let most = counts.iter().max().copied();
        let enough = |percentile: &Percentile| most.is_none_or(|most| most >= percentile.needs());
        Self { shown: PERCENTILES.into_iter().filter(enough).collect(), fewest: counts.into_iter().min() }
    }

    fn header(&self) -> impl Iterator<Item = &'static str> {
        self.shown.iter().map(|percentile| percentile.heading)
    }

    /// The longer side of the interval stands after each: it covers the shorter one too.
    fn cells(&self, seconds: Option<&Summary>) -> impl Iterator<Item = String> {
        self.shown.iter().map(move |percentile| match seconds.map(percentile.of) {
            Some((value, Some(Interval { low, high }))) => {
                format!("{} ± {}", duration(value), duration((value - low).max(high - value)))
            }
            _ => UNKNOWN.to_owned(),
        })
    }

    /// Which percentiles are left out, at least of some rows, and what they need.
    fn footnote(&self) -> String {
        let Some(fewest) = self.fewest else { return String::new() };
        let too_few = PERCENTILES.iter().filter(|percentile| fewest < percentile.needs());
        let needs: Vec<String> =
            too_few.map(|percentile| format!("{} (needs {})", percentile.name, percentile.needs())).collect();
        if needs.is_empty() {
            return String::new();
        }
        let fewest = plural(fewest, "scale-up");
        format!("\nLeft out where {fewest} are too few to bound it with 95 % confidence: {}.\n", needs.join(", "))
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
