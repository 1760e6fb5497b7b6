//! What the JSON document of a study says: its cases, what was asked for, and of a comparison its differences.

use super::{Of, of};
use crate::experiment::results::Results;
use crate::experiment::{Case, Piece, Precision, Shortfall};
use crate::headroom::support::Tier;
use crate::report::comparison::Compared;
use crate::report::costs::ScaleDown;
use crate::report::deadline::CaseDeadline;
use crate::report::json::toml_value;
use crate::report::study::Study;
use crate::report::summary::Unfinished;
use crate::report::table::{Builder, Cell, CellKind, Table, Unit};
use serde_json::{Value, json};

/// The only row: a study.
pub fn study(study: &Study) -> Table {
    let results = &study.results;
    let table = Table::of("study", "A study", vec![results])
        .count("replications", "", "replications of each case that were asked for", |study| study.replications)
        .rows_of("cases", "its cases", |results| cases(&of(results, &study.cases), results.precision));
    if results.command == "compare" { compared(table, &Compared::of(results)).table() } else { table.table() }
}

fn cases(cases: &[Of<'_>], precision_asked: Option<Precision>) -> Table {
    let rule = |case: &Of<'_>| precision_asked.filter(|_| !case.result.is_a_side());
    Table::of("cases", "The cases", cases.to_vec())
        .count("case", "", "its number, from 0", |case| case.number as u64)
        .text("name", "", "a name for files", |case| case.result.name.clone())
        .text("label", "", "the case in words", |case| case.summary.name.clone())
        .text("scenario", "", "the scenario's name", |case| case.result.scenario.clone())
        .text("description", "", "what the scenario describes", |case| case.result.description.clone())
        .text("scenario_hash", "", "the fingerprint of its scenario", |case| case.result.scenario_hash.clone())
        .json("set", "the keys that it changes, and their values", |case| set(&case.result.set))
        .count("target_nodes", "", "the number of nodes asked for", |case| case.result.target_nodes)
        .count("replications", "", "its replications", |case| case.summary.replications)
        .rows_of("stages", "when each stage was ready", |case| super::times(*case))
        .rows_of("overheads", "the time from one stage to another", |case| super::overheads(*case))
        .rows_of("flaps", "Ready pods that became NotReady", |case| super::flaps(*case))
        .rows_of("outcomes", "what else happened", |case| super::outcomes(*case))
        .record("support", "the support of its size", |case| case.result.tier.map(|tier| support(case, tier)))
        .count("followed", "", "its first replications of which the critical path was followed", |case| {
            case.summary.paths.last().map_or(0, |path| path.ready_s.len() as u64)
        })
        .record("binds", "what holds most of the last stage's critical path", |case| super::binds(&case.summary.paths))
        .rows_of("path", "what holds the critical path of each stage", |case| super::followed(*case))
        .rows_of("limits", "the limits that were hit", |case| super::limits(*case))
        .record("cost", "what was paid", |case| Some(cost(case)))
        .record("unfinished", "where something never became ready", |case| {
            case.summary.unfinished.as_ref().map(unfinished)
        })
        .count("events", "", "events handled in all replications", |case| case.summary.events)
        .record("precision", "the precision asked for", |case| {
            Some(precision(rule(case)?, case.summary.shortfall.as_ref()))
        })
        .optional()
        .record("deadline", "the deadline asked for", |case| Some(deadline(*case, case.summary.deadline.as_ref()?)))
        .optional()
        .record("scale_down", "how the cluster shrank", |case| case.summary.scale_down.as_ref().map(scale_down))
        .optional()
        .table()
}

/// The only row: the cases of a sweep that is not simulated.
pub fn list(cases: &[Case]) -> Table {
    let cases = || {
        Table::of("cases", "The cases", cases.to_vec())
            .text("name", "", "a name for files", |case| case.name.clone())
            .json("set", "the keys that it changes, and their values", |case| set(&case.set))
            .table()
    };
    Table::of("list", "The cases of a sweep", vec![()]).rows_of("cases", "its cases", |()| cases()).table()
}

/// The only row: how a study is divided into shards.
pub fn shards(cases: &[Case], plan: &[Vec<Piece>]) -> Table {
    let pieces = |pieces: &[Piece]| {
        Table::of("pieces", "The checkpoints of a shard", pieces.to_vec())
            .text("case", "", "the name of the case", |piece| cases[piece.case].name.clone())
            .count("first", "", "its first replication", |piece| piece.replications.start)
            .count("replications", "", "how many there are from there on", |piece| piece.replications.len() as u64)
            .table()
    };
    let shards = || {
        Table::of("shards", "The shards", plan.iter().enumerate().collect::<Vec<_>>())
            .count("shard", "", "its number, from 0", |(number, _)| *number as u64)
            .rows_of("pieces", "what it simulates", |(_, of)| pieces(of))
            .table()
    };
    Table::of("plan", "How a study is divided into shards", vec![()])
        .rows_of("shards", "the shards", |()| shards())
        .table()
}

fn set(set: &[(String, String)]) -> Value {
    Value::Object(set.iter().map(|(key, value)| (key.clone(), toml_value(value))).collect())
}

fn support(case: &Of<'_>, tier: Tier) -> Table {
    Table::of("support", "Support", vec![case.result])
        .text("tier", "", "supported, on-request or out-of-support", |_| tier.word())
        .text("message", "", "the same in a sentence", |case| case.support.clone())
        .table()
}

fn cost(case: &Of<'_>) -> Table {
    Table::of("cost", "What was paid", vec![*case])
        .number("price_per_hour_usd", "", "of a node", Unit::Exact, |case| Some(case.result.price_per_hour_usd))
        .rows_of("until", "what was paid until each stage was ready", |case| super::costs(*case, &[]))
        .table()
}

fn unfinished(unfinished: &Unfinished) -> Table {
    Table::of("unfinished", "Where something never became ready", vec![unfinished])
        .count("replications", "", "replications in which that was so", |row| row.replications)
        .count("first", "", "the first of them", |row| row.replication)
        .json(
            "nodes_up",
            "nodes that were Ready at once in them",
            |row| json!({ "low": row.nodes.0, "high": row.nodes.1 }),
        )
        .json("waiting_for", "what the first waited for at its end", |row| row.waiting_for.clone().into())
        .table()
}

/// A precision, and what is missing to it.
fn precision(rule: Precision, missing: Option<&Shortfall>) -> Table {
    let shortfall = |missing: &Shortfall| {
        Table::of("missing", "What is missing to it", vec![missing.clone()])
            .text("of", "", "the stage that is furthest from it", |row| row.stage.clone())
            .number("reached", "", "how well its mean is known", Unit::Exact, |row| {
                row.relative.map(|share| (share * 1e5).round() / 1e5)
            })
            .cells("replications_needed", "", "how many would do", CellKind::Count, |row| {
                row.needed.map_or(Cell::Absent, Cell::Count)
            })
            .table()
    };
    Table::of("precision", "A precision that was asked for", vec![rule])
        .number("asked", "", "the share of the mean", Unit::Exact, |rule| Some(rule.relative))
        .count("minimum", "", "replications before the first look", |rule| rule.minimum)
        .count("round", "", "replications from one look to the next", |rule| rule.round())
        .count("maximum", "", "replications at most", |rule| rule.maximum)
        .flag("resolved", "", "whether it was reached", |_| missing.is_none())
        .record("missing", "what is missing", |_| missing.map(shortfall))
        .table()
}

fn deadline(case: Of<'_>, deadline: &CaseDeadline) -> Table {
    Table::of("deadline", "A deadline that was asked for", vec![deadline])
        .number("deadline_s", "", "from creating the workload", Unit::Seconds, |row| Some(row.deadline.as_secs_f64()))
        .text("verdict", "", "met, missed or not-decided", |row| row.verdict().word())
        .rows_of("stages", "how likely each stage is ready by then", |row| super::in_time(case, row))
        .table()
}

fn scale_down(scale_down: &ScaleDown) -> Table {
    Table::of("scale_down", "How the cluster shrank", vec![scale_down.clone()])
        .mean("begins_s", "", "when the Deployment was deleted", Unit::Seconds, |row| row.begins.as_ref())
        .mean("volumes_lost", "", "volumes that were lost", Unit::Count, |row| row.volumes_lost.as_ref())
        .table()
}

fn compared<'a>(study: Builder<&'a Results>, compared: &Compared) -> Builder<&'a Results> {
    let comparison = &compared.comparison;
    let best = comparison.best().map(|best| {
        let rivals: Vec<&String> = best.rivals.iter().map(|&rival| &comparison.names[rival]).collect();
        json!({ "scenario": comparison.names[best.place], "not_told_apart_from": rivals })
    });
    study
        .json("settings", "settings of all scenarios", |study| study.settings.clone().into())
        .text("goal", "", "the last stage that all have, without scale-down", |_| comparison.goal.as_str())
        .number("confidence_of_each_interval", "", "so that all hold together with 95 %", Unit::Exact, |_| {
            Some((comparison.confidence_each * 1e6).round() / 1e6)
        })
        .json("best", "the scenario that is ready first, and those that are not told apart from it", |_| {
            best.clone().into()
        })
        .rows_of("differences", "the differences, pair by pair", |_| super::differences(comparison))
        .record("precision", "the precision asked for", |study| {
            Some(precision(study.precision?, comparison.shortfall(study.precision?).as_ref()))
        })
        .optional()
}
