//! The arguments as given.

use crate::cli::calibrate::CalibrateArguments;
use crate::cli::check::CheckArguments;
use crate::cli::compare::CompareArguments;
use crate::cli::complete;
use crate::cli::completions::{self, CompletionsArguments};
use crate::cli::deliver::How;
use crate::cli::documented::DocumentedArguments;
use crate::cli::explain::ExplainArguments;
use crate::cli::explain_key::ExplainKeyArguments;
use crate::cli::failure::Failure;
use crate::cli::init::InitArguments;
use crate::cli::list::ListArguments;
use crate::cli::man::ManArguments;
use crate::cli::number;
use crate::cli::precision::{DeadlineArguments, PrecisionArguments};
use crate::cli::report::ReportArguments;
use crate::cli::run::RunArguments;
use crate::cli::schema::{self, SchemaArguments};
use crate::cli::show::ShowArguments;
use crate::cli::sweep::SweepArguments;
use crate::cli::trace::TraceArguments;
use crate::cli::validate::ValidateArguments;
use crate::experiment::{Precision, Settings};
use crate::report::words::TARGET_NODES;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::ArgValueCompleter;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

/// When is a Kubernetes cluster ready after it is asked to scale up, and what is it waiting for?
///
/// Simulates node provisioning, DaemonSets, a storage system whose members join, its CSI driver, one shared volume
/// and the workload as events, and says stage by stage when everything is ready.
#[derive(Debug, Parser)]
#[command(name = "scaleup", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// How long one scale-up takes, stage by stage
    Run(RunArguments),
    /// The same for several settings, by default several cluster sizes
    Sweep(SweepArguments),
    /// Is one scenario faster than another, by how much, and where: the same random numbers for all
    ///
    /// Either name scenarios (`compare ekf plain-eks`), or begin each further side with --versus and its settings
    /// (`compare ekf --versus --set disk.rok-etcd.kind=io1 --versus --set volume.shared.servers=2`).
    Compare(CompareArguments),
    /// Why it takes as long as it does: the critical path, what relief of each resource brings, what binds then
    ///
    /// Every scale-up is followed back from the instant at which the last stage became ready, across nodes and pods, to
    /// t = 0. What holds at least 2 % of that path is relieved by one step of its key, and the same scale-ups are
    /// simulated again with the same random numbers.
    Explain(ExplainArguments),
    /// Which limits it will meet: quotas, capacity, addresses, pull limits, support; by arithmetic
    Check(CheckArguments),
    /// One page with the answer, tables, charts, assumptions and how to make it again, from results folders
    ///
    /// The page is one HTML file that needs nothing else: it can be mailed, printed, and read without a network.
    /// Nothing is simulated. Several folders make one page that compares them.
    Report(ReportArguments),
    /// Simulated against documented overheads, point by point, or against what was measured elsewhere
    ///
    /// A scenario that has targets of its own, or a folder of such scenarios (`validate scenarios/measured`), is
    /// answered by a table of predicted and measured. The exit code is 3 if a point is not met.
    Validate(ValidateArguments),
    /// Fit the free parameters of a scenario to documented overheads
    ///
    /// The parameters are those of the scenario's `[free]` table, each within its range, with the same values at every
    /// size. A key that ends in `.lognormal.p50` stretches the whole distribution: p95 keeps its ratio to p50.
    Calibrate(CalibrateArguments),
    /// One scale-up as a trace to look at in Perfetto or Chrome: who waited for what, and the critical path
    Trace(TraceArguments),
    /// How fast this program is on this machine: events and scale-ups per second
    Bench(crate::cli::bench::BenchArguments),
    /// Write a commented scenario to start from
    Init(InitArguments),
    /// What comes with the program: scenarios, add-ons, instance types
    #[command(alias = "scenarios", alias = "ls")]
    List(ListArguments),
    /// Print a scenario with nothing left out, and where each value comes from
    ///
    /// What is printed is a scenario file of its own.
    Show(ShowArguments),
    /// What a key of a scenario means, its unit, its default and where its value comes from
    ExplainKey(ExplainKeyArguments),
    /// Print the JSON Schema (draft-07) of scenario files, for editors
    #[command(after_long_help = schema::HELP)]
    Schema(SchemaArguments),
    /// Print a script that lets a shell complete commands and options
    #[command(after_long_help = completions::HELP)]
    Completions(CompletionsArguments),
    /// Print a manual page
    Man(ManArguments),
}

/// The scenario that a command is about.
#[derive(Clone, Debug, Args)]
pub(crate) struct ScenarioArguments {
    /// A scenario file, the name of one that comes with the program (`*` stands for any letters), or - to read one
    #[arg(default_value = "scenarios/ekf.toml", add = ArgValueCompleter::new(complete::scenarios))]
    pub(crate) scenario: PathBuf,
    /// Change a scenario key, such as `disk.rok-etcd.kind=io1`; repeatable
    #[arg(long, value_name = "KEY=VALUE", value_parser = setting, add = ArgValueCompleter::new(complete::settings))]
    set: Vec<String>,
    #[command(flatten)]
    pub(crate) nodes: NodesArguments,
}

impl ScenarioArguments {
    /// The changes that are asked for, each as KEY=VALUE.
    pub(crate) fn changes(&self) -> Vec<String> {
        self.nodes.change().into_iter().chain(self.set.iter().cloned()).collect()
    }
}

/// The key that is changed most often.
#[derive(Clone, Debug, Args)]
pub(crate) struct NodesArguments {
    /// Nodes to grow to: short for `--set cluster.target_nodes=N`; sweep and explain take several, such as 100..300:100
    #[arg(short, long, value_name = "N")]
    nodes: Option<String>,
}

impl NodesArguments {
    /// It as KEY=VALUE.
    pub(crate) fn change(&self) -> Option<String> {
        self.nodes.as_ref().map(|nodes| format!("{TARGET_NODES}={nodes}"))
    }

    /// Takes it out, as an axis of one value.
    pub(crate) fn take(&mut self) -> Option<String> {
        let change = self.change();
        self.nodes = None;
        change
    }

    /// Takes several numbers of nodes out, as an axis: `cluster.target_nodes=100..300:100`.
    pub(crate) fn take_axis(&mut self) -> Option<String> {
        self.nodes.take_if(|nodes| nodes.parse::<u32>().is_err()).map(|nodes| format!("{TARGET_NODES}={nodes}"))
    }
}

/// For `--set`.
pub(crate) fn setting(text: &str) -> Result<String, String> {
    if text.contains('=') {
        return Ok(text.to_owned());
    }
    Err(format!("there is no equals sign; write --set {}=VALUE", if text.is_empty() { "KEY" } else { text }))
}

/// How many scale-ups, by default `N`, and with which random numbers.
#[derive(Clone, Debug, Args)]
pub(crate) struct ReplicationsArguments<const N: u32> {
    /// Simulated scale-ups of each case
    #[arg(long, value_name = "N", default_value = Self::DEFAULT, value_parser = number::replications)]
    pub(crate) replications: NonZeroU32,
    /// Where the random numbers start; the same seed gives the same bytes
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = number::seed)]
    seed: u64,
    #[command(flatten)]
    threads: ThreadsArguments,
}

impl<const N: u32> ReplicationsArguments<N> {
    /// `N` in words; with `default_value_t` clap would keep the first text that it made for all `N`.
    const DEFAULT: &str = match N {
        20 => "20",
        100 => "100",
        200 => "200",
        _ => panic!("a number of replications without its text"),
    };

    /// How often, and with which random numbers.
    pub(crate) fn settings(&self) -> Settings {
        Settings { replications: self.replications.get(), seed: self.seed, threads: self.threads.threads() }
    }

    /// Them as they can be typed again; threads change no result.
    pub(crate) fn words(&self) -> [String; 4] {
        ["--replications".to_owned(), self.replications.to_string(), "--seed".to_owned(), self.seed.to_string()]
    }
}

/// With how many threads.
#[derive(Clone, Debug, Args)]
pub(crate) struct ThreadsArguments {
    /// Threads to use; by default one per core
    #[arg(long, value_name = "N", value_parser = number::threads)]
    threads: Option<NonZeroUsize>,
}

impl ThreadsArguments {
    /// Threads; `None`: one per core.
    pub(crate) fn threads(&self) -> Option<usize> {
        self.threads.map(NonZeroUsize::get)
    }
}

/// Where results go.
#[derive(Clone, Debug, Args)]
pub(crate) struct OutArguments {
    /// The folder for results; by default one below output/ with the scenarios' names
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

/// For people or for programs.
#[derive(Clone, Debug, Args)]
pub(crate) struct JsonArguments {
    /// Print one JSON document instead of text: short for -o json
    #[arg(long)]
    json: bool,
    /// What to print
    #[arg(short = 'o', long, value_enum, value_name = "FORMAT", conflicts_with = "json")]
    output: Option<Format>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, as without this option
    Text,
    /// For programs: one document
    Json,
}

impl JsonArguments {
    /// Whether a JSON document is asked for.
    pub(crate) fn asked(&self) -> bool {
        self.json || self.output == Some(Format::Json)
    }
}

/// For people who know what else there would be.
#[derive(Clone, Debug, Args)]
pub(crate) struct QuietArguments {
    /// Print the answer only: the first lines of the text
    #[arg(short, long, conflicts_with_all = ["json", "output"])]
    pub(crate) quiet: bool,
}

/// What is documented.
#[derive(Clone, Debug, Args)]
pub(crate) struct TargetsArguments {
    /// What is documented: a file of targets
    #[arg(long, value_name = "FILE", default_value = "scenarios/documented.toml")]
    pub(crate) targets: PathBuf,
}

/// The options of `run` and `sweep`.
#[derive(Clone, Debug, Args)]
pub(crate) struct CommonArguments {
    #[command(flatten)]
    pub(crate) of: ScenarioArguments,
    #[command(flatten)]
    pub(crate) replications: ReplicationsArguments<100>,
    #[command(flatten)]
    pub(crate) out: OutArguments,
    #[command(flatten)]
    pub(crate) documented: DocumentedArguments,
    #[command(flatten)]
    pub(crate) json: JsonArguments,
    #[command(flatten)]
    pub(crate) quiet: QuietArguments,
    #[command(flatten)]
    pub(crate) precision: PrecisionArguments,
    #[command(flatten)]
    pub(crate) deadline: DeadlineArguments,
}

impl CommonArguments {
    /// How the answer is printed.
    pub(crate) fn how(&self) -> How<'_> {
        How { json: &self.json, quiet: &self.quiet }
    }

    /// How well the means are to be known, if that is asked for.
    pub(crate) fn rule(&self) -> Result<Option<Precision>, Failure> {
        self.precision.rule(self.replications.replications)
    }
}
