//! What was asked for beyond the plain answer: a precision, a deadline.
//!
//! Must not know: command-line options: it gets what was asked for in plain types.

use serde_json::{Map, Value, json};

use crate::experiment::results::{CaseResult, Results};
use crate::experiment::{Precision, Shortfall};
use crate::time::Span;

use super::deadline::{CaseDeadline, StageDeadline, Verdict};
use super::json::{ends, rounded};

/// What was asked for beyond the plain answer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Asked {
    /// Replications until the means are known this well.
    pub precision: Option<Precision>,
    /// By when everything is to be ready.
    pub deadline: Option<Span>,
}

impl Asked {
    /// What a study was asked for.
    pub const fn of(study: &Results) -> Self {
        Self { precision: study.precision, deadline: study.deadline }
    }

    /// Whether every case is as precise as was asked, and every deadline decided.
    pub fn is_resolved(&self, results: &Results) -> bool {
        let open = |case: &CaseResult| matches!(self.verdict(case), Some(Verdict::Open { .. }));
        results.cases.iter().all(|case| self.shortfall(case).is_none() && !open(case))
    }

    /// Whether some case misses the deadline.
    pub fn is_missed(&self, results: &Results) -> bool {
        results.cases.iter().any(|case| matches!(self.verdict(case), Some(Verdict::Missed)))
    }

    /// What a case lacks to the precision asked for.
    pub fn shortfall(&self, case: &CaseResult) -> Option<Shortfall> {
        self.precision?.shortfall(&case.stages, &case.replications)
    }

    fn verdict(&self, case: &CaseResult) -> Option<Verdict> {
        Some(CaseDeadline::of(case, self.deadline?).verdict())
    }

    /// The fields that a case's JSON object has in addition.
    pub(crate) fn fields(&self, case: &CaseResult) -> Map<String, Value> {
        let mut fields = Map::new();
        if let Some(rule) = self.precision {
            fields.insert("replications".into(), case.replications.len().into());
            fields.insert("precision".into(), precision(rule, self.shortfall(case).as_ref()));
        }
        if let Some(deadline) = self.deadline {
            fields.insert("deadline".into(), in_time(&CaseDeadline::of(case, deadline)));
        }
        fields
    }
}

/// A precision, and what is missing to it.
pub(crate) fn precision(rule: Precision, shortfall: Option<&Shortfall>) -> Value {
    let missing = |missing: &Shortfall| {
        json!({
            "of": missing.stage,
            "reached": missing.relative.map(|share| (share * 1e5).round() / 1e5),
            "replications_needed": missing.needed,
        })
    };
    json!({
        "asked": rule.relative,
        "minimum": rule.minimum,
        "round": rule.round(),
        "maximum": rule.maximum,
        "resolved": shortfall.is_none(),
        "missing": shortfall.map_or(Value::Null, missing),
    })
}

fn in_time(deadline: &CaseDeadline) -> Value {
    let stage = |stage: &StageDeadline| {
        let [p95_low, p95_high] = stage
            .ready_p95_interval
            .map_or([Value::Null, Value::Null], |(low, high)| [low, high].map(|end| end.map_or(Value::Null, rounded)));
        json!({
            "stage": stage.stage,
            "probability": rounded(stage.probability),
            "probability_ci95": ends(Some(stage.interval)),
            "ready_p95_s": stage.ready_p95.map_or(Value::Null, rounded),
            "ready_p95_ci95_low_s": p95_low,
            "ready_p95_ci95_high_s": p95_high,
        })
    };
    json!({
        "deadline_s": rounded(deadline.deadline.as_secs_f64()),
        "verdict": deadline.verdict().word(),
        "stages": deadline.stages.iter().map(stage).collect::<Vec<_>>(),
    })
}
