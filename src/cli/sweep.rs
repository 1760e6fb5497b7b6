//! `scaleup sweep`: the same for several settings.

use crate::cli::args::CommonArguments;
use crate::cli::complete;
use crate::cli::failure::Failure;
use crate::cli::output::{self, document, print};
use crate::cli::shard::ShardArguments;
use crate::cli::sharded::Sharded;
use crate::cli::study::Sweep;
use crate::cli::{cases, deliver, documented, interrupt};
use crate::experiment::{Case, WorkerPool, parse_axis};
use crate::report::folder::Owner;
use crate::report::tables;
use crate::scenario::{Axis, Loaded, Targets};
use clap::Args;
use clap_complete::ArgValueCompleter;

#[derive(Debug, Args)]
pub(crate) struct SweepArguments {
    #[command(flatten)]
    common: CommonArguments,
    /// A key and the values to try, such as `cluster.target_nodes=100,200,300`; several make a grid
    ///
    /// `100..1000:100` and `10s..60s:10s` stand for values in steps; a value can be a word or a whole distribution,
    /// such as `{ uniform = { low = "1s", high = "2s" } }`. Without --vary, the axes of the scenario's `[sweep]` table
    /// are used.
    #[arg(long, value_name = "KEY=A,B,C", add = ArgValueCompleter::new(complete::settings))]
    vary: Vec<String>,
    /// Change one key at a time instead of all combinations, and hold each change against the scenario without any
    #[arg(long)]
    one_at_a_time: bool,
    /// Print the cases, and simulate nothing
    #[arg(long)]
    list: bool,
    /// Go on with a sweep that was interrupted: give the same command again, and this
    #[arg(long, conflicts_with_all = ["shard", "merge"])]
    resume: bool,
    #[command(flatten)]
    shard: ShardArguments,
}

impl SweepArguments {
    /// With several numbers of nodes as an axis; a single one is an axis too where there is no other.
    pub(crate) fn with_axes(mut self) -> Self {
        let nodes = &mut self.common.of.nodes;
        let axis = nodes.take_axis().or_else(|| self.vary.is_empty().then(|| nodes.take()).flatten());
        self.vary.splice(0..0, axis);
        self
    }
}

pub(crate) fn sweep(arguments: &SweepArguments) -> Result<(), Failure> {
    let common = &arguments.common;
    let base = cases::read(&common.of)?;
    let axes = axes(arguments, &base)?;
    let (mut cases, notes) = cases::along(&base, &axes, arguments.one_at_a_time)?;
    for note in notes {
        output::note(&format!("note: {note}"));
    }
    let (settings, rule) = (common.replications.settings(), common.rule()?);
    let mut study = deliver::study("sweep", &base, common, &words(arguments), rule);
    study.cases_asked = cases.len() as u32;
    if arguments.list {
        let sharded = Sharded { cases: &cases, settings, study: &study };
        return match arguments.shard.shards {
            Some(shards) => sharded.list(shards.get(), &base, common.json.asked()),
            None => list(&base, &cases, common.json.asked()),
        };
    }
    cases::bounded(cases.len(), settings, rule)?;
    study.varied = axes.iter().map(|axis| (axis.key.clone(), base.document.value(&axis.key))).collect();
    study.targets = documented::of(&common.documented, &base, &study.varied)?;
    for case in &mut cases {
        case.measures = study.targets.as_ref().map(Targets::measures).unwrap_or_default();
    }
    if !arguments.shard.merge {
        interrupt::keep_what_is_done(arguments.shard.time_budget);
    }
    let folder = deliver::folder(&base, common);
    if arguments.shard.emit(&study, &folder)? {
        return Ok(());
    }
    let sharded = Sharded { cases: &cases, settings, study: &study };
    if let Some(shard) = arguments.shard.shard()? {
        return sharded.simulate(shard, arguments.shard.round.get(), &folder);
    }
    let (owner, workers) =
        (Owner::of(&folder, &study.command_line)?, WorkerPool::new(settings.threads, settings.seed)?);
    let sweep = Sweep { base: &base, cases: &cases, settings, study: &study, owner: &owner, workers: &workers };
    let done = if arguments.shard.merge {
        let done = sharded.merge(&owner, arguments.shard.shards(), &workers, |_, case| case)?;
        sweep.write_scenarios()?;
        done
    } else {
        arguments.shard.refuse_alone()?;
        let kept = sweep.prepare(arguments.resume)?;
        sweep.simulate(&kept)?
    };
    deliver::deliver(&owner, done, &base, common.how(), &workers)
}

/// The words of the command that are not common to all.
fn words(arguments: &SweepArguments) -> Vec<String> {
    let mut words: Vec<String> = arguments.vary.iter().flat_map(|axis| ["--vary".to_owned(), axis.clone()]).collect();
    words.extend(arguments.one_at_a_time.then(|| "--one-at-a-time".to_owned()));
    words
}

/// The axes of the command line, or else of the scenario.
fn axes(arguments: &SweepArguments, base: &Loaded) -> Result<Vec<Axis>, Failure> {
    let mut axes = Vec::new();
    for text in &arguments.vary {
        axes.push(parse_axis(text).map_err(Failure::Usage)?);
    }
    if axes.is_empty() {
        axes = base.document.axes().to_vec();
    }
    if axes.is_empty() {
        return Err(Failure::Usage(format!(
            "nothing to vary: give --vary KEY=A,B,C, or add a table [sweep] to {}",
            arguments.common.of.scenario.display()
        )));
    }
    Ok(axes)
}

/// Prints the cases: name, and what each changes.
fn list(base: &Loaded, cases: &[Case], as_json: bool) -> Result<(), Failure> {
    if as_json {
        return print(&document("sweep", base, None, &tables::list(cases)));
    }
    let width = cases.iter().map(|case| case.name.len()).max().unwrap_or(0);
    let line = |case: &Case| format!("{:width$}  {}\n", case.name, cases::words(&case.set));
    print(&cases.iter().map(line).collect::<String>())
}
