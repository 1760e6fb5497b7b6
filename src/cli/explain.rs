//! `scaleup explain`: the critical path, what relief brings, what binds next.

use crate::cli::args::{JsonArguments, QuietArguments, ReplicationsArguments, ScenarioArguments};
use crate::cli::command_line::quoted;
use crate::cli::complete;
use crate::cli::failure::Failure;
use crate::cli::output::{answer, document, print};
use crate::cli::terminal::page;
use crate::cli::{cases, deliver, interrupt};
use crate::experiment::explain::{Unexplained, explain as explained_by};
use crate::experiment::results::{CaseResult, Results};
use crate::experiment::{Case, Settings, WorkerPool, parse_axis};
use crate::headroom::{Headroom, LimitVerdict, headroom};
use crate::model::Plan;
use crate::report::explained::{self, Explained};
use crate::report::folder::Owner;
use crate::report::tables;
use crate::report::text::PLAIN_WIDTH;
use crate::report::words::plural;
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
    /// Write a results folder, of which `scaleup report` makes a page: what is printed, tables and charts
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
    let mut study = study(arguments, &base);
    study.varied = axes.iter().map(|axis| (axis.key.clone(), base.document.value(&axis.key))).collect();
    study.cases_asked = cases.len() as u32;
    let owner = arguments.out.as_ref().map(|folder| Owner::of(folder, &study.command_line)).transpose()?;
    let workers = WorkerPool::new(settings.threads, settings.seed)?;
    let explained = cases.iter().map(|case| one(&base, case, &workers, settings.replications));
    let explained = explained.collect::<Result<Vec<_>, _>>()?;
    if let Some(owner) = &owner {
        owner.clear()?;
        let mut draft = owner.draft(&study)?;
        for (case, explained) in cases.iter().zip(&explained) {
            let why = Some(Box::new(explained.why.clone()));
            draft.add(CaseResult { why, ..cases::simulate(case, settings, None)? })?;
        }
        deliver::export(owner, draft, &base, Some(&explained::text(&explained, PLAIN_WIDTH)), &workers)?;
    }
    if arguments.json.asked() {
        return print(&document("explain", &base, Some(settings.seed), &tables::explained(&explained)));
    }
    let mut text = explained::text(&explained, page().width);
    if let Some(owner) = &owner {
        let folder = owner.folder().display();
        text = format!("{text}\nFiles: {folder}; scaleup report {folder} makes a page of them\n");
    }
    answer(&text, &arguments.quiet)
}

/// The study, without its cases.
fn study(arguments: &ExplainArguments, base: &Loaded) -> Results {
    let Settings { replications, seed, .. } = arguments.replications.settings();
    let mut words = vec!["scaleup".to_owned(), "explain".to_owned(), arguments.of.scenario.display().to_string()];
    let changes = arguments.of.changes();
    words.extend(changes.iter().flat_map(|set| ["--set".to_owned(), set.clone()]));
    words.extend(arguments.vary.iter().flat_map(|axis| ["--vary".to_owned(), axis.clone()]));
    words.extend(arguments.replications.words());
    Results {
        command: "explain".to_owned(),
        command_line: quoted(&words),
        settings: changes,
        seed,
        replications,
        ..deliver::of_scenario(base)
    }
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
