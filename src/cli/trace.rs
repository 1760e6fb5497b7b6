//! `scaleup trace`: one scale-up for Perfetto or Chrome.

use crate::cli::args::ScenarioArguments;
use crate::cli::failure::Failure;
use crate::cli::output::{note, print};
use crate::cli::{cases, number};
use crate::experiment::path::critical_path;
use crate::model::record::goal;
use crate::model::{Plan, Simulator};
use crate::report::trace;
use crate::report::write::whole;
use clap::Args;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::num::NonZeroU32;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct TraceArguments {
    #[command(flatten)]
    of: ScenarioArguments,
    /// Which simulated scale-up
    #[arg(long, value_name = "N", default_value_t = 0)]
    replication: u32,
    /// Where the random numbers start; the same seed gives the same bytes
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = number::seed)]
    seed: u64,
    /// Nodes, replicas and pods of each DaemonSet that are shown at most; what is on the critical path always is
    #[arg(long, value_name = "N", default_value = "300")]
    sample: NonZeroU32,
    /// The file to write, compressed if its name ends with .gz; without it the trace goes to standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// The same bytes on every platform: without a time and a name.
fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut compressed = GzEncoder::new(Vec::new(), Compression::default());
    let written = compressed.write_all(bytes).and_then(|()| compressed.finish());
    written.expect("memory takes every byte")
}

pub(crate) fn trace(arguments: &TraceArguments) -> Result<(), Failure> {
    let loaded = cases::read(&arguments.of)?;
    let plan = Plan::new(&loaded.scenario);
    let record = Simulator::new().run(&plan, arguments.seed, arguments.replication.into(), true);
    let goal = goal(&record.stages).unwrap_or_default();
    let path = critical_path(&record, goal).unwrap_or_default();
    let sample = arguments.sample.get() as usize;
    let text = trace::trace(&record, &loaded.scenario, &record.stages[goal].name, &path, sample);
    match &arguments.out {
        None => print(&text),
        Some(file) => {
            let bytes = if file.extension().is_some_and(|ending| ending == "gz") {
                gzipped(text.as_bytes())
            } else {
                text.into_bytes()
            };
            whole(file, &bytes)?;
            note(&format!("{} can be opened in https://ui.perfetto.dev", file.display()));
            Ok(())
        }
    }
}
