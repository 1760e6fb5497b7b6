//! What the CSV files of a results folder say.
//!
//! Must not know: where the folder is, and that it could be read.

use crate::experiment::results::Results;
use crate::model::record::NodeRecord;
use crate::report::documented::Documented;
use crate::report::files::Count;
use crate::report::origin::Assumption;
use crate::report::study::Difference;
use crate::report::summary::{self, WORKLOAD};
use crate::stats::{Band, Interval};
use crate::time::Time;

use super::rows::{Row, Rows};

/// `curve.csv`, by case and stage.
pub fn bands(bytes: &[u8], results: &Results) -> Result<Vec<Vec<Vec<Band>>>, String> {
    let rows = Rows::of(bytes)?;
    let mut bands = by_stage(results);
    for row in rows.iter() {
        let case = row.case(results.cases.len())?;
        let stage = row.place("stage", &results.cases[case].stages)?;
        let number = |column| row.number(column).map(|number| number.unwrap_or(0.0));
        bands[case][stage].push(Band {
            mean: number("ready_mean")?,
            p05: number("ready_p5")?,
            median: number("ready_p50")?,
            p95: number("ready_p95")?,
        });
    }
    Ok(bands)
}

/// `flaps.csv`, by case and stage.
pub fn counts(bytes: &[u8], results: &Results) -> Result<Vec<Vec<Vec<Count>>>, String> {
    let rows = Rows::of(bytes)?;
    let mut counts = by_stage(results);
    for row in rows.iter() {
        let case = row.case(results.cases.len())?;
        let stage = row.place("stage", &results.cases[case].stages)?;
        counts[case][stage].push(Count {
            at: row.time("time_s")?.unwrap_or(Time::ZERO),
            ready: row.value("ready")?,
            not_ready: row.value("not_ready")?,
            joined: row.value("joined")?,
        });
    }
    Ok(counts)
}

fn by_stage<T: Clone>(results: &Results) -> Vec<Vec<Vec<T>>> {
    results.cases.iter().map(|case| vec![Vec::new(); case.stages.len()]).collect()
}

/// `nodes.csv`, by case.
pub fn nodes(bytes: &[u8], results: &Results) -> Result<Vec<Vec<NodeRecord>>, String> {
    let rows = Rows::of(bytes)?;
    let mut nodes: Vec<Vec<NodeRecord>> = vec![vec![]; results.cases.len()];
    for row in rows.iter() {
        let case = row.case(results.cases.len())?;
        let stages = &results.cases[case].stages;
        let daemonsets: Vec<String> =
            summary::daemonsets(stages).map(|stage| format!("{}_ready_s", stages[stage].replace('-', "_"))).collect();
        nodes[case].push(node(&rows, row, &daemonsets)?);
    }
    Ok(nodes)
}

fn node(rows: &Rows, row: Row<'_>, daemonsets: &[String]) -> Result<NodeRecord, String> {
    let removal = |column| if rows.has(column) { row.time(column) } else { Ok(None) };
    Ok(NodeRecord {
        zone: row.value("zone")?,
        requested: row.time("requested_s")?,
        launched: row.time("launched_s")?,
        running: row.time("running_s")?,
        booted: row.time("booted_s")?,
        registered: row.time("registered_s")?,
        ready: row.time("ready_s")?,
        daemonsets: daemonsets.iter().map(|column| row.time(column)).collect::<Result<_, _>>()?,
        workload: row.time("workload_ready_s")?,
        failed: row.time("failed_s")?,
        removal: removal("removal_s")?,
        drained: removal("drained_s")?,
        terminated: removal("terminated_s")?,
    })
}

/// `documented.csv`.
pub fn documented(bytes: &[u8], results: &Results) -> Result<Vec<Documented>, String> {
    let rows = Rows::of(bytes)?;
    let mut documented = Vec::new();
    for row in rows.iter() {
        let text = |column| row.text(column).map(str::to_owned);
        let interval = interval(row.number("simulated_ci95_low_s")?, row.number("simulated_ci95_high_s")?);
        documented.push(Documented {
            case: row.case(results.cases.len())?,
            target: text("target")?,
            from: text("from")?,
            to: text("to")?,
            about_s: row.number("about_s")?,
            tolerance_s: row.number("tolerance_s")?,
            at_least_s: row.number("at_least_s")?,
            at_most_s: row.number("at_most_s")?,
            simulated: row.number("simulated_mean_s")?.map(|mean| (mean, interval)),
            met: row.value("met")?,
            statement: text("statement")?,
            reading: text("reading")?,
            source: text("source")?,
        });
    }
    Ok(documented)
}

fn interval(low: Option<f64>, high: Option<f64>) -> Option<Interval> {
    Some(Interval { low: low?, high: high? })
}

/// `comparison.csv`: the differences of the last stage before scale-down.
pub fn differences(bytes: &[u8]) -> Result<Vec<Difference>, String> {
    let rows = Rows::of(bytes)?;
    let prefix = if rows.has("difference_mean_s") { "difference_" } else { "" };
    let stages: Vec<&str> = rows.iter().map(|row| row.text("stage")).collect::<Result<_, _>>()?;
    let goal = if stages.contains(&WORKLOAD) {
        WORKLOAD
    } else {
        stages.iter().rfind(|stage| **stage != summary::SCALE_DOWN).copied().unwrap_or_default()
    };
    let mut differences = Vec::new();
    for row in rows.iter() {
        let number = |column: &str| row.number(&format!("{prefix}{column}"));
        let Some(mean_s) = number("mean_s")? else { continue };
        if row.text("stage")? == goal {
            differences.push(Difference {
                label: format!("{} against {}", row.text("b")?, row.text("a")?),
                mean_s,
                low_s: number("ci95_low_s")?,
                high_s: number("ci95_high_s")?,
            });
        }
    }
    Ok(differences)
}

/// `assumptions.csv`.
pub fn assumptions(bytes: &[u8]) -> Result<Vec<Assumption>, String> {
    let rows = Rows::of(bytes)?;
    let assumption = |row: Row<'_>| {
        Ok(Assumption {
            key: row.text("key")?.to_owned(),
            value: row.text("value")?.to_owned(),
            provenance: row.text("provenance")?.to_owned(),
            source: row.text("source")?.to_owned(),
        })
    };
    rows.iter().map(assumption).collect()
}
