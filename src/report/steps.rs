//! Where the time of a case goes: its stages up to the goal, in the order in which they are ready.

use crate::model::record::StageKind;

use super::summary::CaseSummary;
use super::words::duration;

/// What a stage adds to the one that was ready before it, on average.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step<'a> {
    /// The stage.
    pub stage: &'a str,
    /// The stage that was ready before it, if there is one.
    pub before: Option<&'a str>,
    /// Seconds from which it counts.
    pub from_s: f64,
    /// Seconds until it was ready.
    pub to_s: f64,
}

impl Step<'_> {
    /// Its length in seconds.
    pub fn seconds(&self) -> f64 {
        self.to_s - self.from_s
    }

    /// Its length in words.
    pub fn length(&self) -> String {
        duration(self.seconds())
    }
}

/// The steps up to the goal; none where that was never ready. Stages that are ready later are left out: the goal does
/// not wait for them.
pub fn steps(case: &CaseSummary) -> Vec<Step<'_>> {
    let Some(end) = case.goal().and_then(|goal| Some((&goal.stage, goal.ready.as_ref()?.mean))) else { return vec![] };
    let before_end = case.stages.iter().filter(|stage| stage.kind != StageKind::ScaleDown);
    let mut ready: Vec<(&str, f64)> =
        before_end.filter_map(|stage| Some((stage.stage.as_str(), stage.ready.as_ref()?.mean))).collect();
    ready.retain(|(stage, at)| *at < end.1 || stage == end.0);
    ready.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut steps: Vec<Step<'_>> = Vec::new();
    for (stage, to_s) in ready {
        let (from_s, before) = steps.last().map_or((0.0, None), |last| (last.to_s, Some(last.stage)));
        steps.push(Step { stage, before, from_s, to_s });
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
