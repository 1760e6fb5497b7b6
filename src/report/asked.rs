//! What was asked for beyond the plain answer: a precision, a deadline.

use crate::experiment::results::{CaseResult, Results};
use crate::experiment::{Precision, Shortfall};
use crate::time::Span;

use super::deadline::{CaseDeadline, DeadlineVerdict};

/// What was asked for beyond the plain answer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Expectations {
    /// Replications until the means are known this well.
    pub precision: Option<Precision>,
    /// By when everything is to be ready.
    pub deadline: Option<Span>,
}

impl Expectations {
    /// What a study was asked for.
    pub const fn of(study: &Results) -> Self {
        Self { precision: study.precision, deadline: study.deadline }
    }

    /// Whether every case is as precise as was asked, and every deadline decided.
    pub fn is_resolved(&self, results: &Results) -> bool {
        let open = |case: &CaseResult| matches!(self.verdict(case), Some(DeadlineVerdict::Open { .. }));
        results.cases.iter().all(|case| self.shortfall(case).is_none() && !open(case))
    }

    /// Whether some case misses the deadline.
    pub fn is_missed(&self, results: &Results) -> bool {
        results.cases.iter().any(|case| matches!(self.verdict(case), Some(DeadlineVerdict::Missed)))
    }

    /// What a case lacks to the precision asked for.
    pub fn shortfall(&self, case: &CaseResult) -> Option<Shortfall> {
        self.precision?.shortfall(&case.stages, &case.replications)
    }

    fn verdict(&self, case: &CaseResult) -> Option<DeadlineVerdict> {
        Some(CaseDeadline::of(case, self.deadline?).verdict())
    }
}
