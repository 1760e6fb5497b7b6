//! `scaleup explain`: the critical path, what relief brings, what binds next.

use crate::cli::args::{JsonArguments, QuietArguments, ReplicationsArguments, ScenarioArguments};
use crate::cli::complete;
use crate::cli::failure::Failure;
use crate::cli::output::{answer, document, print};
use crate::cli::terminal::page;
use crate::cli::{cases, interrupt};
use crate::experiment::explain::{Unexplained, explain as explained_by};
use crate::experiment::{Case, WorkerPool, parse_axis};
use crate::headroom::{Headroom, LimitVerdict, headroom};
use crate::model::Plan;
use crate::report::chart::{critical_path, queues, waited};
use crate::report::explained::{self, Explained};
use crate::report::exports::csv_file;
use crate::report::tables;
use crate::report::text::PLAIN_WIDTH;
use crate::report::words::plural;
use crate::report::write;
use crate::scenario::Loaded;
use clap::Args;
use clap_complete::ArgValueCompleter;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    #[command(flatten)]
    of: ScenarioArguments,
    #[command(flatten)]
    replications: ReplicationsArguments<100>,
    /// A key and the values to explain one after the other, such as `cluster.target_nodes=100,200,300`; several make a
    /// grid
    #[arg(long, value_name = "KEY=A,B,C", add = ArgValueCompleter::new(complete::settings))]
    vary: Vec<String>,
    /// Write what is printed, path.csv, relief.csv, resources.csv and charts into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    json: JsonArguments,
    #[command(flatten)]
    quiet: QuietArguments,
}

impl ExplainArguments {
    /// With several numbers of nodes as an axis.
    pub(crate) fn with_axes(mut self) -> Self {
        self.vary.splice(0..0, self.of.nodes.take_axis());
        self
    }
}

pub(crate) fn explain(arguments: &ExplainArguments) -> Result<(), Failure> {
    let base = cases::read(&arguments.of)?;
    let axes =
        arguments.vary.iter().map(|text| parse_axis(text).map_err(Failure::Usage)).collect::<Result<Vec<_>, _>>()?;
    let (cases, _) = cases::along(&base, &axes, false)?;
    let settings = arguments.replications.settings();
    cases::bounded(cases.len(), settings, None)?;
    let workers = WorkerPool::new(settings.threads, settings.seed)?;
    let explained = cases.iter().map(|case| one(&base, case, &workers, settings.replications));
    let explained = explained.collect::<Result<Vec<_>, _>>()?;
    if arguments.json.asked() {
        let text = document("explain", &base, Some(settings.seed), &tables::explained(&explained));
        keep(arguments, &base.scenario.name, &explained, &text)?;
        print(&text)
    } else {
        keep(arguments, &base.scenario.name, &explained, &explained::text(&explained, PLAIN_WIDTH))?;
        answer(&explained::text(&explained, page().width), &arguments.quiet)
    }
}

/// Writes what was printed, the tables, and the chart of each case that was ready.
fn keep(arguments: &ExplainArguments, scenario: &str, cases: &[Explained], text: &str) -> Result<(), Failure> {
    let Some(folder) = &arguments.out else { return Ok(()) };
    for table in [tables::path(cases), tables::relief(cases), tables::resource_courses(cases)] {
        write::whole(&folder.join(format!("{}.csv", table.name)), &csv_file(&table))?;
    }
    for (number, case) in cases.iter().enumerate() {
        let number = (cases.len() > 1).then_some(number);
        for chart in [critical_path::chart(case, number), queues::chart(case, number)].into_iter().flatten() {
            write::whole(&folder.join(format!("{}.svg", chart.name)), chart.svg().as_bytes())?;
            write::whole(&folder.join(format!("{}.png", chart.name)), &chart.png())?;
        }
    }
    if let Some(chart) = waited::explained(cases, scenario).filter(|_| cases.len() > 1) {
        write::whole(&folder.join(format!("{}.svg", chart.name)), chart.svg().as_bytes())?;
        write::whole(&folder.join(format!("{}.png", chart.name)), &chart.png())?;
    }
    let name = if arguments.json.asked() { "explain.json" } else { "explain.txt" };
    Ok(write::whole(&folder.join(name), text.as_bytes())?)
}

fn one(base: &Loaded, case: &Case, workers: &WorkerPool, replications: u32) -> Result<Explained, Failure> {
    let loaded = base.document.with(&cases::settings_of(&case.set))?;
    let why = explained_by(&loaded, workers, replications, &interrupt::stopped)
        .map_err(|Unexplained| Failure::Interrupted("nothing is kept of an explanation".to_owned()))?;
    let stops = |limit: &Headroom| limit.verdict == LimitVerdict::Binds && limit.limit != "support";
    let limits = if why.never.is_some() { headroom(&Plan::new(&loaded.scenario)) } else { Vec::new() };
    let limits = limits.into_iter().filter(stops).collect();
    let target_nodes = case.scenario.cluster.target_nodes;
    let others: Vec<_> = case.set.iter().filter(|(key, _)| key != "cluster.target_nodes").cloned().collect();
    let nodes = plural(u64::from(target_nodes), "node");
    let name = if others.is_empty() { nodes } else { format!("{nodes}, {}", cases::words(&others)) };
    Ok(Explained { name, target_nodes, limits, why })
}
