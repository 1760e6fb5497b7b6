//! Everything that charts and pages show: results, and what else belongs to them.

use crate::experiment::UnknownStage;
use crate::experiment::results::{CaseResult, Count, Results, Waits};
use crate::stats::{Band, Interval};
use crate::time::Span;

use super::chart::CASES_MAX;
use super::comparison::Compared;
use super::documented::{Documented, documented};
use super::summary::CaseSummary;
use super::tables::bands;

/// Results as charts and pages need them: just computed, or read from a results folder.
#[derive(Clone, Debug)]
pub struct Study {
    /// The results.
    pub results: Results,
    /// The statistics of each case.
    pub cases: Vec<CaseSummary>,
    /// By case and stage: how many were Ready, at each step of the curve; of the first [`CASES_MAX`] cases.
    pub bands: Vec<Vec<Vec<Band>>>,
    /// By case and stage: how many were Ready in replication 0; empty for stages that are no `DaemonSet`; of the same
    /// cases.
    pub counts: Vec<Vec<Vec<Count>>>,
    /// What is documented about these cases.
    pub documented: Vec<Documented>,
    /// By when everything is to be ready.
    pub deadline: Option<Span>,
    /// Differences between pairs of cases.
    pub differences: Vec<GoalDifference>,
}

/// How much later one scenario is ready than another; the data of the comparison's chart.
#[derive(Clone, Debug, PartialEq)]
pub struct GoalDifference {
    /// What is compared, in a few words.
    pub label: String,
    /// The mean in seconds; below zero if the second is faster.
    pub mean_s: f64,
    /// The lower end of its interval.
    pub low_s: Option<f64>,
    /// The upper end of its interval.
    pub high_s: Option<f64>,
    /// Whether pairs with the same random numbers were compared.
    pub paired: bool,
}

impl GoalDifference {
    /// Its interval.
    pub fn interval(&self) -> Option<Interval> {
        Some(Interval { low: self.low_s?, high: self.high_s? })
    }
}

/// A study that comes case by case.
#[derive(Clone, Debug)]
pub struct Gathered {
    results: Results,
    cases: Vec<CaseSummary>,
    bands: Vec<Vec<Vec<Band>>>,
    counts: Vec<Vec<Vec<Count>>>,
}

impl Gathered {
    /// Nothing yet of the study with this head.
    pub fn new(head: Results) -> Self {
        Self { results: Results { cases: vec![], ..head }, cases: vec![], bands: vec![], counts: vec![] }
    }

    /// The study, with the cases that have come.
    pub const fn head(&self) -> &Results {
        &self.results
    }

    /// Whether there is no case yet.
    pub const fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// Adds the next case. If `sparing`, its waits are dropped, and of cases without charts of their own also what only
    /// those show.
    pub fn add(&mut self, mut case: CaseResult, sparing: bool) {
        self.cases.push(CaseSummary::of(&case));
        if sparing {
            case.waits = Waits::default();
        }
        if self.results.cases.len() < CASES_MAX {
            let known = case.detail.as_ref().map(|detail| detail.counts.clone());
            self.counts.push(known.unwrap_or_else(|| vec![Vec::new(); case.stages.len()]));
            self.bands.push(bands(&case));
        } else if sparing {
            case.drop_detail();
        }
        self.results.cases.push(case);
    }

    /// The study.
    ///
    /// # Errors
    /// Where what is documented speaks of a stage that the scenario does not have.
    pub fn study(self) -> Result<Study, UnknownStage> {
        let Self { results, cases, bands, counts } = self;
        let differences = if results.command == "compare" { Compared::of(&results).goal_differences() } else { vec![] };
        let (documented, deadline) = (documented(&results)?, results.deadline);
        Ok(Study { results, cases, bands, counts, documented, deadline, differences })
    }
}

impl Study {
    /// Of results.
    ///
    /// # Errors
    /// Where what is documented speaks of a stage that the scenario does not have.
    pub fn of(mut results: Results) -> Result<Self, UnknownStage> {
        let cases = std::mem::take(&mut results.cases);
        let mut gathered = Gathered::new(results);
        for case in cases {
            gathered.add(case, false);
        }
        gathered.study()
    }
}
