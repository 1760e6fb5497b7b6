//! The tables of the page.
//!
//! Must not know: HTML: the templates escape and draw.

use crate::experiment::results::Results;
use crate::model::headroom::{Headroom, Verdict};
use crate::report::folder::Folder;
use crate::report::origin::Changed;
use crate::report::summary::{CaseSummary, Limit};
use crate::report::words::{self, duration, mean_count};
use crate::stats::Summary;

use super::compare::Comparison;

/// More rows than this are left out; they are in the files.
const ROWS_MAX: usize = 300;
/// In place of a value that is unknown.
const UNKNOWN: &str = "–";

pub use crate::report::table::html::HtmlTable as Table;

impl Table {
    fn new(caption: impl Into<String>, words: usize, header: &[&'static str], mut rows: Vec<Vec<String>>) -> Self {
        let left_out = rows.len().saturating_sub(ROWS_MAX);
        rows.truncate(ROWS_MAX);
        let note = if left_out > 0 {
            format!("{} more rows are in the CSV files.", words::count(left_out as u64))
        } else {
            String::new()
        };
        Self {
            caption: caption.into(),
            header: header.iter().map(|name| (*name).to_owned()).collect(),
            rows,
            words,
            note,
        }
    }

    /// Adds a sentence to the note.
    fn remark(&mut self, sentence: &str) {
        if !self.note.is_empty() {
            self.note.push(' ');
        }
        self.note.push_str(sentence);
    }
}

/// When each stage was ready.
pub fn stages(cases: &[CaseSummary]) -> Table {
    let rows = cases.iter().flat_map(|case| {
        case.stages.iter().map(|stage| {
            let mut row = vec![case.name.clone(), stage.stage.clone()];
            row.extend(times(stage.ready.as_ref()));
            row.push(stage.first_ready.as_ref().map_or(UNKNOWN.to_owned(), |first| duration(first.mean)));
            row.push(words::count(stage.never.into()));
            row
        })
    });
    let header = ["case", "stage", "mean ± 95 %", "p50", "p90", "p99", "first ready", "never ready"];
    let mut table = Table::new(
        "Time from creating the workload until all of a stage are Ready to stay",
        2,
        &header,
        rows.collect(),
    );
    let fewest = cases.iter().map(|case| case.replications).min().unwrap_or(0);
    if fewest < 368 {
        table.remark(&format!(
            "Percentiles are as seen in {}: p99 needs 368 to be bounded with 95 % confidence.",
            words::plural(fewest.into(), "scale-up")
        ));
    }
    table
}

/// The times between stages.
pub fn overheads(cases: &[CaseSummary]) -> Table {
    let rows = cases.iter().flat_map(|case| {
        case.overheads.iter().map(|overhead| {
            let mut row = vec![case.name.clone(), format!("{} after {}", overhead.to, overhead.from)];
            row.extend(times(overhead.seconds.as_ref()));
            row
        })
    });
    let header = ["case", "overhead", "mean ± 95 %", "p50", "p90", "p99"];
    Table::new("Overheads, the time from one stage to another", 2, &header, rows.collect())
}

/// How often Ready pods became `NotReady`.
pub fn flaps(cases: &[CaseSummary]) -> Table {
    let rows = cases.iter().flat_map(|case| {
        case.flaps.iter().filter_map(|flaps| {
            let (often, peak) = (flaps.transitions.as_ref()?, flaps.not_ready_peak.as_ref()?);
            let row = [
                case.name.clone(),
                flaps.stage.clone(),
                with_interval(often, mean_count),
                mean_count(often.max),
                with_interval(peak, mean_count),
                mean_count(peak.max),
            ];
            (often.max > 0.0).then_some(row.to_vec())
        })
    });
    let header = ["case", "stage", "how often, mean ± 95 %", "most often", "at once, mean ± 95 %", "most at once"];
    Table::new("Ready pods that became NotReady, in one scale-up", 2, &header, rows.collect())
}

/// What was paid until each stage was ready.
pub fn costs(cases: &[CaseSummary]) -> Table {
    let rows = cases.iter().flat_map(|case| {
        case.costs.iter().filter_map(|cost| {
            let (hours, dollars) = (cost.node_hours.as_ref()?, cost.dollars.as_ref()?);
            let hours = with_interval(hours, |hours| format!("{hours:.1}"));
            let dollars = with_interval(dollars, |dollars| format!("{dollars:.2}"));
            Some(vec![case.name.clone(), cost.until.clone(), hours, dollars])
        })
    });
    let header = ["case", "until ready", "node-hours, mean ± 95 %", "US dollars, mean ± 95 %"];
    let mut table = Table::new("Cost of all nodes from creating the workload", 2, &header, rows.collect());
    let mut prices: Vec<String> = cases.iter().map(|case| case.price_per_hour.to_string()).collect();
    prices.dedup();
    if let [price] = &prices[..] {
        table.remark(&format!("At {price} US dollars per node-hour."));
    }
    table
}

/// The documented overheads beside the simulated ones.
pub fn documented(folder: &Folder) -> Table {
    let rows = folder.study.documented.iter().map(|point| {
        let wanted = match (point.about_s, point.tolerance_s, point.at_least_s, point.at_most_s) {
            (Some(about), Some(tolerance), ..) => format!("{} ± {}", duration(about), duration(tolerance)),
            (_, _, Some(least), Some(most)) => format!("{} to {}", duration(least), duration(most)),
            (_, _, Some(least), None) => format!("at least {}", duration(least)),
            (_, _, None, Some(most)) => format!("at most {}", duration(most)),
            _ => UNKNOWN.to_owned(),
        };
        let simulated = point.simulated.map_or(UNKNOWN.to_owned(), |(mean, interval)| {
            let half = interval.map_or(String::new(), |interval| format!(" ± {}", duration(interval.high - mean)));
            format!("{}{half}", duration(mean))
        });
        let case = folder.study.cases.get(point.case).map_or(String::new(), |case| case.name.clone());
        let overhead = format!("{} after {}", point.to, point.from);
        let met = if point.met { "yes" } else { "no" };
        vec![case, overhead, point.statement.clone(), wanted, simulated, met.to_owned()]
    });
    let header = ["case", "overhead", "documented words", "documented", "simulated mean ± 95 %", "met"];
    let mut table = Table::new("Overheads, simulated against documented", 3, &header, rows.collect());
    let mut sources: Vec<&str> = folder.study.documented.iter().map(|point| point.source.as_str()).collect();
    sources.dedup();
    table.remark(&format!("Source: {}.", sources.join("; ")));
    table
}

/// The limits that were hit in the simulation.
pub fn limits_hit(cases: &[CaseSummary]) -> Table {
    let rows = cases.iter().flat_map(|case| {
        case.limits.iter().map(|limit| {
            let times =
                format!("{} of {}", words::count(limit.replications.into()), words::count(case.replications.into()));
            vec![
                case.name.clone(),
                limit.kind.clone(),
                limit.message.clone(),
                limit.first.to_string(),
                times,
                cost(limit),
            ]
        })
    });
    let header = ["case", "limit", "message", "first after", "scale-ups", "costs"];
    Table::new("Limits that were hit", 3, &header, rows.collect())
}

fn cost(limit: &Limit) -> String {
    let Some(relief) = &limit.relief else { return UNKNOWN.to_owned() };
    relief.cost_s.map_or("everything".to_owned(), duration)
}

/// The limits by arithmetic, with their remedies.
pub fn checks(checks: &[(String, Vec<Headroom>)]) -> Table {
    let rows = checks.iter().flat_map(|(case, limits)| {
        limits.iter().filter(|limit| limit.verdict != Verdict::NotStated).map(move |limit| {
            let have = limit.have.map_or("no limit".to_owned(), words::count);
            vec![
                case.clone(),
                format!("{}: {}", limit.limit, limit.verdict.word()),
                [&limit.when, &limit.message].into_iter().flatten().cloned().collect::<Vec<_>>().join(": "),
                limit.remedy.clone().unwrap_or_default(),
                format!("{} {}", words::count(limit.need), limit.unit),
                have,
            ]
        })
    });
    let header = ["case", "limit", "what will be seen", "remedy", "needs", "has"];
    let mut table = Table::new("Limits by arithmetic, and what to do", 4, &header, rows.collect());
    let mut open: Vec<String> = Vec::new();
    let unstated =
        checks.last().into_iter().flat_map(|(_, limits)| limits).filter(|limit| limit.verdict == Verdict::NotStated);
    for limit in unstated {
        open.push(format!("{} ({}): needs {} {}", limit.limit, limit.key, words::count(limit.need), limit.unit));
    }
    if let (Some(last), false) = (checks.last(), open.is_empty()) {
        table.remark(&format!("The scenario states no limit for these; {} needs: {}.", last.0, open.join("; ")));
    }
    table
}

/// Where the scenario differs from the default one.
pub fn changed(differences: &[Changed]) -> Table {
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "(none)".to_owned());
    let rows =
        differences.iter().map(|changed| vec![changed.key.clone(), shown(&changed.default), shown(&changed.value)]);
    Table::new("Where the scenario differs from the default one, ekf", 3, &["key", "default", "here"], rows.collect())
}

/// How results were made.
pub fn origin(origin: &Results) -> Table {
    let rows = vec![
        vec!["program".to_owned(), format!("{} {}", origin.program, origin.version)],
        vec!["scenario".to_owned(), origin.scenario.clone()],
        vec!["seed".to_owned(), origin.seed.to_string()],
        vec!["scale-ups of each case".to_owned(), words::count(origin.replications.into())],
        vec!["hash of the scenario".to_owned(), origin.scenario_hash.clone()],
    ];
    Table::new("Made with", 2, &["what", "value"], rows)
}

/// The folders side by side.
pub fn overview(folders: &[Folder], names: &[String]) -> Table {
    let rows = folders.iter().zip(names).flat_map(|(folder, name)| {
        folder.study.cases.iter().map(move |case| {
            let goal = case.goal();
            let overhead = case.headline_overhead();
            let after = overhead.and_then(|overhead| {
                Some(format!("{} after {}", duration(overhead.seconds.as_ref()?.mean), overhead.from))
            });
            let stage = goal.map(|goal| goal.stage.as_str()).unwrap_or_default();
            let cost = case.costs.iter().find(|cost| cost.until == stage).and_then(|cost| cost.dollars.as_ref());
            vec![
                name.clone(),
                case.name.clone(),
                words::tier(case.tier).to_owned(),
                goal.and_then(|goal| goal.ready.as_ref())
                    .map_or("never".to_owned(), |ready| with_interval(ready, duration)),
                goal.and_then(|goal| goal.ready_p95).map_or(UNKNOWN.to_owned(), duration),
                after.unwrap_or_else(|| UNKNOWN.to_owned()),
                cost.map_or(UNKNOWN.to_owned(), |cost| format!("{:.2}", cost.mean)),
            ]
        })
    });
    let header = ["study", "case", "support", "workload ready, mean ± 95 %", "95 % within", "overhead", "US dollars"];
    Table::new("The studies side by side", 3, &header, rows.collect())
}

/// The differences between the folders.
pub fn differences(comparison: &Comparison) -> Table {
    let rows = comparison.differences.iter().map(|(difference, paired)| {
        let half = difference.high_s.map_or(String::new(), |high| format!(" ± {}", duration(high - difference.mean_s)));
        let how = if *paired { "same random numbers" } else { "different random numbers" };
        vec![difference.label.clone(), how.to_owned(), format!("{}{half}", duration(difference.mean_s))]
    });
    let header = ["what", "compared with", "later by, mean ± 95 %"];
    Table::new("Differences of the time to ready; negative: faster", 2, &header, rows.collect())
}

/// A mean with its interval, and the percentiles.
fn times(seconds: Option<&Summary>) -> [String; 4] {
    seconds.map_or([UNKNOWN; 4].map(str::to_owned), |seconds| {
        [with_interval(seconds, duration), duration(seconds.p50), duration(seconds.p90), duration(seconds.p99)]
    })
}

/// `24m 10s ± 3.7s`.
pub fn with_interval(summary: &Summary, show: impl Fn(f64) -> String) -> String {
    let mean = show(summary.mean);
    summary.ci95_high.map_or(mean.clone(), |high| format!("{mean} ± {}", show(high - summary.mean)))
}
