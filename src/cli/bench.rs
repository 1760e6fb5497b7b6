//! `scaleup bench`: how fast this program is on this machine.

use crate::benchmark::measure;
use crate::cli::args::{JsonArguments, QuietArguments, ScenarioArguments, ThreadsArguments};
use crate::cli::cases;
use crate::cli::failure::Failure;
use crate::cli::output::{answer, document, print};
use crate::cli::terminal::page;
use crate::report::{bench, tables};
use clap::Args;
use std::time::Duration;

#[derive(Debug, Args)]
pub(crate) struct BenchArguments {
    #[command(flatten)]
    of: ScenarioArguments,
    /// How long to measure, about
    #[arg(long, value_name = "N", default_value_t = 10.0, value_parser = seconds)]
    seconds: f64,
    #[command(flatten)]
    threads: ThreadsArguments,
    #[command(flatten)]
    json: JsonArguments,
    #[command(flatten)]
    quiet: QuietArguments,
}

/// The longest measurement: an hour.
const SECONDS_MAX: f64 = 3_600.0;

fn seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| "write a number of seconds, such as 10".to_owned())?;
    if seconds > 0.0 && seconds <= SECONDS_MAX {
        Ok(seconds)
    } else {
        Err(format!("it must be more than 0 and at most {SECONDS_MAX}"))
    }
}

pub(crate) fn bench(arguments: &BenchArguments) -> Result<(), Failure> {
    let loaded = cases::read(&arguments.of)?;
    let length = Duration::from_secs_f64(arguments.seconds);
    let measured = measure(&loaded.scenario, arguments.threads.threads(), length)?;
    let name = &loaded.scenario.name;
    if arguments.json.asked() {
        print(&document("bench", &loaded, None, &tables::bench(arguments.seconds, &measured)))
    } else {
        answer(&bench::text(name, &measured, page().width), &arguments.quiet)
    }
}
