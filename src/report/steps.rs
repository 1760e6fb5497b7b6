//! Where the time of a case goes: the stages that its goal waited for, one after the other.

use crate::model::record::StageKind;

use super::summary::CaseSummary;
use super::words::duration;

/// What a stage adds to the one that was ready before it, on average.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StageStep<'a> {
    /// The stage.
    pub stage: &'a str,
    /// The stage that was ready before it, if there is one.
    pub before: Option<&'a str>,
    /// Seconds from which it counts.
    pub from_s: f64,
    /// Seconds until it was ready.
    pub to_s: f64,
}

impl StageStep<'_> {
    /// Its length in seconds.
    pub fn seconds(&self) -> f64 {
        self.to_s - self.from_s
    }

    /// Its length in words.
    pub fn length(&self) -> String {
        duration(self.seconds())
    }
}

/// The steps of the stages that the goal waited for, up to it; none where it was never ready. A stage that was ready to
/// stay only after a later one adds nothing.
pub fn steps(case: &CaseSummary) -> Vec<StageStep<'_>> {
    if case.goal().is_none_or(|goal| goal.ready.is_none()) {
        return vec![];
    }
    let mean = |place: &usize| Some((case.stages[*place].stage.as_str(), case.stages[*place].ready.as_ref()?.mean));
    let mut ready: Vec<(&str, f64)> = case.chain.iter().filter_map(mean).collect();
    for place in (1..ready.len()).rev() {
        ready[place - 1].1 = ready[place - 1].1.min(ready[place].1);
    }
    let mut steps: Vec<StageStep<'_>> = Vec::new();
    for (stage, to_s) in ready {
        let (from_s, before) = steps.last().map_or((0.0, None), |last| (last.to_s, Some(last.stage)));
        steps.push(StageStep { stage, before, from_s, to_s });
    }
    steps
}

/// Stages that are ready only after the goal.
pub fn later(case: &CaseSummary) -> impl Iterator<Item = &str> {
    let mean = |stage: &super::summary::StageSummary| stage.ready.as_ref().map(|ready| ready.mean);
    let end = case.goal().and_then(mean).unwrap_or(f64::INFINITY);
    let stages = case.stages.iter().filter(|stage| stage.kind != StageKind::ScaleDown);
    stages.filter(move |stage| mean(stage).is_some_and(|mean| mean > end)).map(|stage| stage.stage.as_str())
}

/// `most time goes to rok: 8m 20s of 21m 31s`, if the goal was ready.
pub fn longest(case: &CaseSummary) -> Option<String> {
    let steps = steps(case);
    let longest = steps.iter().max_by(|a, b| a.seconds().total_cmp(&b.seconds()))?;
    let whole = duration(steps.last()?.to_s);
    Some(format!("most time goes to {}: {} of {whole}", longest.stage, longest.length()))
}
