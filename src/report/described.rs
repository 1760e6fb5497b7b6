//! Every table without a study: what is documented of files and columns.

use super::exports;
use super::summary::CaseSummary;
use super::table::columns;
use super::tables;
use crate::experiment::Comparison;
use crate::experiment::results::{CaseResult, Results, Waits};
use crate::headroom::support::Tier;
use crate::model::record::{Stage, StageKind};
use crate::time::Span;

/// A study in which nothing happens, so that tables have columns and no rows.
pub(super) fn nothing() -> Results {
    let stage = |kind, name: &str| Stage { kind, name: name.to_owned(), desired: 0, after: vec![], reference: false };
    let case = CaseResult {
        name: String::new(),
        scenario: String::new(),
        description: String::new(),
        scenario_hash: String::new(),
        scenario_toml: None,
        set: vec![],
        target_nodes: 0,
        initial_nodes: 0,
        // No number, so that no title names it.
        price_per_hour_usd: f64::NAN,
        tier: Some(Tier::Supported),
        support: String::new(),
        stages: vec![
            stage(StageKind::Nodes, "nodes"),
            stage(StageKind::DaemonSet, "DAEMONSET"),
            stage(StageKind::ScaleDown, "scale-down"),
        ],
        curve_step: Span::from_secs(1),
        measures: vec![],
        replications: vec![],
        reliefs: vec![],
        why: None,
        detail: None,
        waits: Waits::default(),
    };
    Results { cases: vec![case], ..Results::default() }
}

/// Two sides of which there is nothing to compare.
fn compared() -> Comparison {
    let sides = [nothing().cases, nothing().cases].concat();
    Comparison::of(vec![String::new(); 2], sides)
}

/// The documentation of every CSV file and its columns, in Markdown.
pub fn files() -> String {
    let results = nothing();
    let summaries: Vec<CaseSummary> = results.cases.iter().map(CaseSummary::of).collect();
    let cases = tables::of(&results, &summaries);
    let mut tables = exports::of_case(cases[0], &exports::Beside::of(&cases));
    tables.extend([
        tables::relieved(cases[0]),
        tables::resource_courses(cases[0]),
        tables::cases(&cases),
        tables::documented(&[]),
        tables::predicted(Vec::new()),
        tables::sensitivity(&[]),
        tables::differences(&compared()),
        tables::assumptions(&[]),
    ]);
    tables.sort_by_key(|table| table.name);
    tables.iter().map(columns::columns).collect::<Vec<_>>().join("\n")
}
