//! What every simulating command does with its results: files into the results folder, the answer to standard output.

use crate::cli::args::{CommonArguments, JsonArguments, QuietArguments};
use crate::cli::command_line;
use crate::cli::failure::Failure;
use crate::cli::output::{self, print};
use crate::cli::terminal::page;
use crate::experiment::results::{FORMAT_VERSION, Results};
use crate::experiment::{Precision, Settings, WorkerPool};
use crate::report::asked::Expectations;
use crate::report::comparison::Compared;
use crate::report::draft::Draft;
use crate::report::folder::{CHARTS, Owner};
use crate::report::study::Study;
use crate::report::summary::CaseSummary;
use crate::report::words::plural;
use crate::report::{chart, exports, json, origin, text};
use crate::scenario::Loaded;
use std::path::{Path, PathBuf};

/// The results folder.
pub(crate) fn folder(base: &Loaded, arguments: &CommonArguments) -> PathBuf {
    arguments.out.out.clone().unwrap_or_else(|| PathBuf::from("output").join(&base.scenario.name))
}

/// The study of a command, without its cases; `words` are those of the command that are not common to all.
pub(crate) fn study(
    command: &str,
    base: &Loaded,
    arguments: &CommonArguments,
    words: &[String],
    precision: Option<Precision>,
) -> Results {
    let Settings { replications, seed, .. } = arguments.replications.settings();
    Results {
        command: command.to_owned(),
        command_line: command_line::command_line(command, arguments, words),
        settings: arguments.of.changes(),
        seed,
        replications,
        precision,
        deadline: arguments.deadline.deadline,
        ..of_scenario(base)
    }
}

/// What a study says of its scenario.
pub(crate) fn of_scenario(base: &Loaded) -> Results {
    Results {
        format_version: FORMAT_VERSION,
        program: env!("CARGO_PKG_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        scenario: base.scenario.name.clone(),
        description: base.scenario.description.clone(),
        scenario_hash: format!("{:016x}", base.document.hash()),
        scenario_toml: base.document.to_toml(),
        cases_asked: 1,
        ..Results::default()
    }
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct How<'a> {
    pub(crate) json: &'a JsonArguments,
    pub(crate) quiet: &'a QuietArguments,
}

/// Writes the results folder and prints the answer; the failure says if something that was asked for is not met.
pub(crate) fn deliver(
    owner: &Owner,
    draft: Draft,
    base: &Loaded,
    how: How<'_>,
    workers: &WorkerPool,
) -> Result<(), Failure> {
    let study = export(owner, draft, base, None, workers)?;
    owner.clear_checkpoints()?;
    owner.clear_leftovers()?;
    if how.json.asked() {
        print(&json::text(&json::document(&study)))?;
    } else {
        let answer = text::text(&study, page().width);
        output::answer(&format!("{answer}\nFiles: {}\n", owner.folder().display()), how.quiet)?;
    }
    verdict(&study)
}

/// Writes the study and everything that can be made from it, with this answer or that of its cases.
pub(crate) fn export(
    owner: &Owner,
    draft: Draft,
    base: &Loaded,
    answer: Option<&str>,
    workers: &WorkerPool,
) -> Result<Study, Failure> {
    let (mut written, gathered) = draft.end()?;
    let mut study = gathered.study()?;
    written.export(&mut study, &origin::assumptions(&base.document), workers)?;
    let drawn = workers.each(chart::all(&study), |drawn| {
        let place = Path::new(CHARTS).join(&drawn.name);
        owner.write(place.with_extension("svg"), drawn.svg().as_bytes())?;
        owner.write(place.with_extension("png"), &drawn.png())
    });
    drawn.into_iter().collect::<Result<(), _>>()?;
    let answer = answer.map_or_else(|| text::text(&study, text::PLAIN_WIDTH), str::to_owned);
    owner.write(exports::SUMMARY, answer.as_bytes())?;
    written.finish()?;
    Ok(study)
}

/// Cases that were never ready, of which more are counted only.
const NEVER_MAX: usize = 5;

/// Whether everything that was asked for is met.
fn verdict(study: &Study) -> Result<(), Failure> {
    let results = &study.results;
    let all: Vec<&CaseSummary> = study.cases.iter().filter(|case| case.is_never_ready()).collect();
    let mut never: Vec<String> = all.iter().take(NEVER_MAX).map(|case| never_ready(case)).collect();
    if all.len() > NEVER_MAX {
        never.push(format!("and so in {}", plural((all.len() - NEVER_MAX) as u64, "more case")));
    }
    let is_resolved = match results.precision {
        Some(rule) if results.command == "compare" => Compared::of(results).comparison.shortfall(rule).is_none(),
        _ => Expectations::is_resolved(&study.cases),
    };
    if !never.is_empty() {
        Err(Failure::NeverReady(never.join("\n")))
    } else if Expectations::is_missed(&study.cases) {
        Err(Failure::NotMet)
    } else if is_resolved {
        Ok(())
    } else {
        Err(Failure::NotResolved)
    }
}

/// `300 nodes: workload was ready in none of 100 scale-ups; 125 of 300 nodes came up`.
fn never_ready(summary: &CaseSummary) -> String {
    let goal = summary.goal().map_or("workload", |goal| goal.stage.as_str());
    let up = summary.unfinished.as_ref().map_or(String::new(), |unfinished| format!("; {}", unfinished.nodes_up()));
    format!("{}: {goal} was ready in none of {} scale-ups{up}", summary.name, summary.replications)
}
