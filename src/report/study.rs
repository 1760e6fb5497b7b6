//! Everything that charts and pages show: results, and what else belongs to them.
//!
//! Must not know: whether it was just simulated or read from a folder.

use crate::experiment::results::Results;
use crate::stats::Band;
use crate::time::Span;

use super::documented::Documented;
use super::files::{self, Count};
use super::summary::{self, CaseSummary};

/// Results as charts and pages need them: just computed, or read from a results folder.
#[derive(Clone, Debug)]
pub struct Study {
    /// The results; curves and transitions may be missing, since `bands` and `counts` stand for them.
    pub results: Results,
    /// The statistics of each case.
    pub cases: Vec<CaseSummary>,
    /// By case and stage: how many were Ready, at each step of the curve.
    pub bands: Vec<Vec<Vec<Band>>>,
    /// By case and stage: how many were Ready in replication 0; empty for stages that are no `DaemonSet`.
    pub counts: Vec<Vec<Vec<Count>>>,
    /// What is documented about these cases.
    pub documented: Vec<Documented>,
    /// By when everything is to be ready.
    pub deadline: Option<Span>,
    /// Differences between pairs of cases.
    pub differences: Vec<Difference>,
}

/// How much later one scenario is ready than another; the data of the comparison's chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What is compared, in a few words.
    pub label: String,
    /// The mean in seconds; below zero if the second is faster.
    pub mean_s: f64,
    /// The lower end of its interval.
    pub low_s: Option<f64>,
    /// The upper end of its interval.
    pub high_s: Option<f64>,
}

impl Study {
    /// Of results that were just computed.
    pub fn of(results: Results) -> Self {
        let bands = |case| -> Vec<Vec<Band>> {
            let case: &crate::experiment::results::CaseResult = case;
            (0..case.stages.len()).map(|stage| files::bands(case, stage)).collect()
        };
        let bands = results.cases.iter().map(bands).collect();
        let mut study = Self::with(results, bands);
        for (case, counts) in study.results.cases.iter().zip(&mut study.counts) {
            for stage in summary::daemonsets(&case.stages) {
                counts[stage] = files::counts(&case.record.transitions, stage);
            }
        }
        study
    }

    /// Of results with these bands, and nothing else yet.
    pub fn with(results: Results, bands: Vec<Vec<Vec<Band>>>) -> Self {
        let cases = summary::cases(&results);
        let counts = results.cases.iter().map(|case| vec![Vec::new(); case.stages.len()]).collect();
        Self { results, cases, bands, counts, documented: vec![], deadline: None, differences: vec![] }
    }
}
