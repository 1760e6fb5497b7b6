//! Why a command failed, and the exit code that says so.
//!
//! Must not know: how a message came about: it is worded where the trouble was found.

use crate::experiment::{CalibrationError, ThreadsError, UnknownStage};
use crate::report::folder::FolderError;
use crate::report::write::WriteError;
use crate::scenario::Problems;
use std::io;
use std::process::ExitCode;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The scenario or a setting is wrong.
    #[error("{}", .0.render(colours()))]
    Scenario(Problems),
    /// An option is wrong in a way that the parser cannot see.
    #[error("error: {0}")]
    Usage(String),
    /// A file could not be written.
    #[error("error: {0}")]
    Write(#[from] WriteError),
    /// Standard output could not be written.
    #[error("error: cannot write to standard output: {0}")]
    Output(#[from] io::Error),
    /// Threads could not be started.
    #[error("error: {0}")]
    Threads(#[from] ThreadsError),
    /// Targets do not fit the scenario.
    #[error("error: {0}")]
    Targets(#[from] UnknownStage),
    /// A results folder cannot be read.
    #[error("error: {0}")]
    Folder(#[from] FolderError),
    /// A workload never became ready.
    #[error("{0}")]
    NeverReady(String),
    /// A stated expectation is not met; the answer on standard output says so.
    #[error("not met")]
    NotMet,
    /// The precision asked for was not reached; the answer on standard output says so.
    #[error("not resolved")]
    NotResolved,
    /// Ctrl-C cannot be noticed.
    #[error("error: cannot watch for Ctrl-C: {0}")]
    Signal(#[from] ctrlc::Error),
    /// A person interrupted; what was finished is kept.
    #[error("interrupted: {0}")]
    Interrupted(String),
}

impl Failure {
    /// Whether the reader of standard output has gone away.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// 2 for wrong usage or a wrong scenario, 3 for an expectation that is not met, 4 for a precision that was not
    /// reached, 130 when interrupted, 1 for everything else.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Scenario(_) | Self::Usage(_) | Self::Targets(_) => 2,
            Self::NotMet | Self::NeverReady(_) => 3,
            Self::NotResolved => 4,
            Self::Interrupted(_) => 130,
            Self::Write(_) | Self::Output(_) | Self::Threads(_) | Self::Signal(_) | Self::Folder(_) => 1,
        })
    }
}

impl From<CalibrationError> for Failure {
    fn from(error: CalibrationError) -> Self {
        match error {
            CalibrationError::Scenario(problems) => Self::Scenario(problems),
            CalibrationError::Stage(error) => Self::Targets(error),
            CalibrationError::Threads(error) => Self::Threads(error),
            CalibrationError::Interrupted { tried, best } => Self::Interrupted(interrupted(tried, best)),
            wrong => Self::Usage(wrong.to_string()),
        }
    }
}

/// What an interrupted calibration leaves: its best values, to be used or to start from.
fn interrupted(tried: usize, best: Option<(f64, Vec<(String, String)>)>) -> String {
    let Some((misfit, set)) = best else { return "nothing was tried".to_owned() };
    let set: Vec<String> = set.iter().map(|(key, value)| format!("--set '{key}={value}'")).collect();
    let sets = if tried == 1 { "set" } else { "sets" };
    format!("{tried} {sets} of values tried, no file written; the best, misfit {misfit:.3}: {}", set.join(" "))
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self::Scenario(problems)
    }
}

/// Whether standard error shows colours; anstream takes them out where it does not.
fn colours() -> bool {
    anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never
}
