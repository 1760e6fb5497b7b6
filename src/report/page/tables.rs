//! The tables of the page.
//!
//! Must not know: HTML: the templates escape and draw.

use crate::experiment::results::Results;
use crate::model::headroom::{Headroom, Verdict};
use crate::report::origin::Changed;
use crate::report::words::{self, duration};

use super::compare::Comparison;

/// More rows than this are left out; they are in the files.
const ROWS_MAX: usize = 300;
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
