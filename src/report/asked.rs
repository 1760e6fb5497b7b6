//! What was asked for beyond the plain answer: a precision, a deadline.

use crate::experiment::results::{CaseResult, Results};
use crate::experiment::{Precision, Shortfall};
use crate::time::Span;

use super::deadline::{CaseDeadline, DeadlineVerdict};
use super::summary::CaseSummary;

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
    pub fn is_resolved(cases: &[CaseSummary]) -> bool {
        let open = |case: &CaseSummary| matches!(verdict(case), Some(DeadlineVerdict::Open { .. }));
        cases.iter().all(|case| case.shortfall.is_none() && !open(case))
    }

    /// Whether some case misses the deadline.
    pub fn is_missed(cases: &[CaseSummary]) -> bool {
        cases.iter().any(|case| matches!(verdict(case), Some(DeadlineVerdict::Missed)))
    }

    /// What a case lacks to the precision asked for.
    pub fn shortfall(&self, case: &CaseResult) -> Option<Shortfall> {
        self.precision?.shortfall(&case.stages, &case.replications)
    }
}

fn verdict(case: &CaseSummary) -> Option<DeadlineVerdict> {
    case.deadline.as_ref().map(CaseDeadline::verdict)
}
