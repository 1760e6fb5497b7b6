//! The command line: arguments in, answers out. The only layer that prints.
//!
//! Data goes to standard output, progress and warnings to standard error. One file per command.

mod args;
mod bench;
mod calibrate;
mod cases;
mod check;
mod command_line;
mod compare;
mod complete;
mod completions;
mod deliver;
mod documented;
mod emit;
mod explain;
mod explain_key;
mod failure;
mod init;
mod interrupt;
mod list;
mod man;
mod merge;
mod mistakes;
mod number;
mod output;
mod precision;
mod progress;
mod report;
mod run;
mod schema;
mod shard;
mod sharded;
mod show;
mod study;
mod sweep;
mod terminal;
mod trace;
mod validate;

use args::{Arguments, Command};
use clap::{CommandFactory, FromArgMatches};
use clap_complete::CompleteEnv;
use failure::Failure;
pub use failure::{FAILED, INTERRUPTED, NOT_MET, NOT_RESOLVED, WRONG_USAGE};

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

/// Runs the program with `arguments`, the program's name first.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let words: Vec<OsString> = arguments.into_iter().collect();
    let words_here = env::current_dir().ok();
    let completion = CompleteEnv::with_factory(|| program(&[])).var(complete::VARIABLE);
    match completion.try_complete(words.clone(), words_here.as_deref()) {
        Ok(false) => {}
        Ok(true) => return ExitCode::SUCCESS,
        Err(error) => return error.exit_code().try_into().map_or(ExitCode::FAILURE, |code: u8| ExitCode::from(code)),
    }
    let arguments = match parsed(&words) {
        Ok(arguments) => arguments,
        Err(error) => {
            let words: Vec<String> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
            let error = mistakes::explained(error, &words);
            // Help and version are answers and go to standard output with code 0; wrong usage has code 2.
            let code = ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(WRONG_USAGE));
            return match error.print() {
                Err(failed) if failed.kind() != std::io::ErrorKind::BrokenPipe => end(Err(failed.into())),
                _ => code,
            };
        }
    };
    let outcome = interrupt::watch().and_then(|()| answer(arguments.command));
    end(outcome)
}

/// The program's commands and options, called as it was started: `kubectl` starts its plugin `kubectl-scaleup`.
fn program(words: &[OsString]) -> clap::Command {
    let name = words.first().and_then(|word| Path::new(word).file_stem()?.to_str()).unwrap_or_default();
    let program = Arguments::command();
    if name.ends_with("kubectl-scaleup") { program.bin_name("kubectl scaleup") } else { program }
}

fn parsed(words: &[OsString]) -> Result<Arguments, clap::Error> {
    let mut program = program(words);
    let matches = program.try_get_matches_from_mut(words)?;
    Arguments::from_arg_matches(&matches).map_err(|error| error.format(&mut program))
}

fn answer(command: Command) -> Result<(), Failure> {
    match command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Sweep(arguments) => sweep::sweep(&arguments.with_axes()),
        Command::Report(arguments) => report::report(&arguments),
        Command::Check(arguments) => check::check(&arguments),
        Command::Compare(arguments) => compare::compare(&arguments),
        Command::Calibrate(arguments) => calibrate::calibrate(&arguments),
        Command::Validate(arguments) => validate::validate(&arguments),
        Command::Trace(arguments) => trace::trace(&arguments),
        Command::Bench(arguments) => bench::bench(&arguments),
        Command::Init(arguments) => init::init(&arguments),
        Command::List(arguments) => list::list(&arguments),
        Command::Show(arguments) => show::show(&arguments),
        Command::Explain(arguments) => explain::explain(&arguments.with_axes()),
        Command::ExplainKey(arguments) => explain_key::explain_key(&arguments),
        Command::Schema(arguments) => schema::schema(&arguments),
        Command::Completions(arguments) => completions::completions(&arguments),
        Command::Man(arguments) => man::man(&arguments),
    }
}

/// The exit code, after saying what failed.
fn end(outcome: Result<(), Failure>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // The answer has said so already.
        Err(failure @ (Failure::NotMet | Failure::NotResolved)) => failure.exit_code(),
        Err(failure) => {
            output::complain(&failure);
            failure.exit_code()
        }
    }
}
