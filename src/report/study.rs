//! Everything that charts and pages show: results, and what else belongs to them.
//!
//! Must not know: whether it was just simulated or read from a folder.

use crate::experiment::UnknownStage;
use crate::experiment::results::{CaseResult, Count, Results};
use crate::stats::Band;
use crate::time::Span;

use super::comparison::Compared;
use super::documented::{Documented, documented};
use super::summary::{self, CaseSummary};
use super::tables::bands;

/// Results as charts and pages need them: just computed, or read from a results folder.
#[derive(Clone, Debug)]
pub struct Study {
    /// The results.
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
    /// Of results.
    ///
    /// # Errors
    /// Where what is documented speaks of a stage that the scenario does not have.
    pub fn of(results: Results) -> Result<Self, UnknownStage> {
        let counts = |case: &CaseResult| {
            let known = case.detail.as_ref().map(|detail| detail.counts.clone());
            known.unwrap_or_else(|| vec![Vec::new(); case.stages.len()])
        };
        let differences = if results.command == "compare" { Compared::of(&results).goal_differences() } else { vec![] };
        Ok(Self {
            cases: summary::cases(&results),
            bands: results.cases.iter().map(bands).collect(),
            counts: results.cases.iter().map(counts).collect(),
            documented: documented(&results)?,
            deadline: results.deadline,
            differences,
            results,
        })
    }
}
