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
use clap::Parser;
use failure::Failure;
pub use failure::{FAILED, INTERRUPTED, NOT_MET, NOT_RESOLVED, WRONG_USAGE};

use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the program with `arguments`, the program's name first.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let words: Vec<OsString> = arguments.into_iter().collect();
    let arguments = match Arguments::try_parse_from(&words) {
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
