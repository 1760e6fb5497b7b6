//! The arguments as given.
//!
//! Must not know: what the commands do with their arguments, and what keys a scenario has.

use crate::cli::compare::CompareArguments;
use crate::cli::completions::{self, CompletionsArguments};
use crate::cli::documented::DocumentedArguments;
use crate::cli::explain_key::ExplainKeyArguments;
use crate::cli::init::InitArguments;
use crate::cli::man::ManArguments;
use crate::cli::number;
use crate::cli::precision::{DeadlineArguments, PrecisionArguments};
use crate::cli::report::ReportArguments;
use crate::cli::schema;
use crate::cli::show::ShowArguments;
use clap::{Args, Parser, Subcommand};
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
    /// Which limits it will meet: quotas, capacity, addresses, pull limits, support; nothing is simulated
    Check(CheckArguments),
    /// One page with the answer, tables, charts, assumptions and how to make it again, from results folders
    ///
    /// The page is one HTML file that needs nothing else: it can be mailed, printed, and read without a network. Nothing
    /// is simulated. Several folders make one page that compares them.
    Report(ReportArguments),
    /// Simulated against documented overheads, point by point
    ///
    /// The exit code is 3 if a point is not met.
    Validate(ValidateArguments),
    /// Fit the free parameters of a scenario to documented overheads
    ///
    /// The parameters are those of the scenario's `[free]` table, each within its range, with the same values at every
    /// size. A key that ends in `.lognormal.p50` stretches the whole distribution: p95 keeps its ratio to p50.
    Calibrate(CalibrateArguments),
    /// How fast this program is on this machine: events and scale-ups per second
    Bench(crate::cli::bench::BenchArguments),
    /// Write a commented scenario to start from
    Init(InitArguments),
    /// Print a scenario with nothing left out, and where each value comes from
    ///
    /// What is printed is a scenario file of its own.
    Show(ShowArguments),
    /// What a key of a scenario means, its unit, its default and where its value comes from
    ExplainKey(ExplainKeyArguments),
    /// Print the JSON Schema (draft-07) of scenario files, for editors
    #[command(after_long_help = schema::HELP)]
    Schema,
    /// Print a script that lets a shell complete commands and options
    #[command(after_long_help = completions::HELP)]
    Completions(CompletionsArguments),
    /// Print a manual page
    Man(ManArguments),
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// A scenario file, or the name of one that comes with the program
    #[arg(default_value = "scenarios/ekf.toml")]
    pub(crate) scenario: PathBuf,
    /// Change a scenario key, such as `cloud.vcpu_quota=1152`; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Exit with code 3 if a limit binds
    #[arg(long)]
    pub(crate) strict: bool,
    /// Print one JSON document instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    #[command(flatten)]
    pub(crate) common: CommonArguments,
    #[command(flatten)]
    pub(crate) precision: PrecisionArguments,
    #[command(flatten)]
    pub(crate) deadline: DeadlineArguments,
    /// Run every set of parameters that `calibrate --ensemble` wrote, and say what they make of the spread
    ///
    /// The replications are shared among the sets, with at least ten for each; no results folder is written.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "precision", "deadline"])]
    pub(crate) ensemble: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct SweepArguments {
    #[command(flatten)]
    pub(crate) common: CommonArguments,
    #[command(flatten)]
    pub(crate) precision: PrecisionArguments,
    #[command(flatten)]
    pub(crate) deadline: DeadlineArguments,
    /// A key and the values to try, such as `cluster.target_nodes=100,200,300`; several make a grid
    ///
    /// `100..1000:100` and `10s..60s:10s` stand for values in steps; a value can be a word or a whole distribution,
    /// such as `{ uniform = { low = "1s", high = "2s" } }`. Without --vary, the axes of the scenario's `[sweep]` table
    /// are used.
    #[arg(long, value_name = "KEY=A,B,C")]
    pub(crate) vary: Vec<String>,
    /// Change one key at a time instead of all combinations, and hold each change against the scenario without any
    #[arg(long)]
    pub(crate) one_at_a_time: bool,
    /// Print the cases, and simulate nothing
    #[arg(long)]
    pub(crate) list: bool,
    /// Go on with a sweep that was interrupted: give the same command again, and this
    #[arg(long)]
    pub(crate) resume: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ValidateArguments {
    /// A scenario file, or the name of one that comes with the program
    #[arg(default_value = "scenarios/ekf.toml")]
    pub(crate) scenario: PathBuf,
    /// What is documented: a file of targets
    #[arg(long, value_name = "FILE", default_value = "scenarios/documented.toml")]
    pub(crate) targets: PathBuf,
    /// Change a scenario key, such as `disk.rok-etcd.kind=io1`; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Simulated scale-ups of each size
    #[arg(long, value_name = "N", default_value = "200", value_parser = number::replications)]
    pub(crate) replications: NonZeroU32,
    /// Where the random numbers start; the same seed gives the same bytes
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = number::seed)]
    pub(crate) seed: u64,
    /// Threads to use; by default one per core
    #[arg(long, value_name = "N", value_parser = number::threads)]
    pub(crate) threads: Option<NonZeroUsize>,
    /// Print one JSON document instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CalibrateArguments {
    /// A scenario file, or the name of one that comes with the program
    #[arg(default_value = "scenarios/ekf.toml")]
    pub(crate) scenario: PathBuf,
    /// What is documented: a file of targets
    #[arg(long, value_name = "FILE", default_value = "scenarios/documented.toml")]
    pub(crate) targets: PathBuf,
    /// Change a scenario key, such as `disk.rok-etcd.kind=io1`; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Fit to the other sizes and predict this one; repeatable, each by a fit of its own
    #[arg(long, value_name = "NODES")]
    pub(crate) hold_out: Vec<u32>,
    /// Write a scenario with the fitted values
    #[arg(long, value_name = "FILE", conflicts_with = "hold_out")]
    pub(crate) out: Option<PathBuf>,
    /// Write plausible sets of parameters, for `run --ensemble`
    #[arg(long, value_name = "FILE", conflicts_with = "hold_out")]
    pub(crate) ensemble: Option<PathBuf>,
    /// Sets of values to try, about
    #[arg(long, value_name = "N", default_value = "300", value_parser = number::evaluations)]
    pub(crate) evaluations: NonZeroUsize,
    /// Simulated scale-ups of each size for each set of values
    #[arg(long, value_name = "N", default_value = "20", value_parser = number::replications)]
    pub(crate) replications: NonZeroU32,
    /// Where the random numbers start; the same seed gives the same answer
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = number::seed)]
    pub(crate) seed: u64,
    /// Threads to use; by default one per core
    #[arg(long, value_name = "N", value_parser = number::threads)]
    pub(crate) threads: Option<NonZeroUsize>,
    /// Print one JSON document instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CommonArguments {
    /// A scenario file, or the name of one that comes with the program
    #[arg(default_value = "scenarios/ekf.toml")]
    pub(crate) scenario: PathBuf,
    /// Change a scenario key, such as `disk.rok-etcd.kind=io1`; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Simulated scale-ups of each case
    #[arg(long, value_name = "N", default_value = "100", value_parser = number::replications)]
    pub(crate) replications: NonZeroU32,
    /// Where the random numbers start; the same seed gives the same bytes
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = number::seed)]
    pub(crate) seed: u64,
    /// Threads to use; by default one per core
    #[arg(long, value_name = "N", value_parser = number::threads)]
    pub(crate) threads: Option<NonZeroUsize>,
    /// The folder for results; by default output/<scenario's name>
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) documented: DocumentedArguments,
    /// Print one JSON document instead of text
    #[arg(long)]
    pub(crate) json: bool,
}
