//! Why a command failed, and the exit code that says so.

use crate::cli::command_line::quoted;
use crate::experiment::{CalibrationError, ThreadsError, UnknownStage};
use crate::report::folder::FolderError;
use crate::report::write::WriteError;
use crate::scenario::Problems;
use std::io;
use std::process::ExitCode;

/// Exit code: a file could not be read or written, or the system refused.
pub const FAILED: u8 = 1;
/// Exit code: the usage or the scenario is wrong.
pub const WRONG_USAGE: u8 = 2;
/// Exit code: a stated expectation is not met, or a workload never became ready.
pub const NOT_MET: u8 = 3;
/// Exit code: the precision asked for was not reached, or shards of a study are missing.
pub const NOT_RESOLVED: u8 = 4;
/// Exit code: interrupted; what was finished is kept.
pub const INTERRUPTED: u8 = 130;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The scenario or a setting is wrong.
    #[error("{}", Problems::render_all(.0, colours()))]
    Scenario(Vec<Problems>),
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
    /// Shards of a study are missing.
    #[error("not merged: {0}")]
    Incomplete(String),
    /// Signals cannot be noticed.
    #[error("error: cannot watch for signals: {0}")]
    Signal(io::Error),
    /// A person interrupted; what was finished is kept.
    #[error("interrupted: {0}")]
    Interrupted(String),
}

impl Failure {
    /// One of the documented exit codes.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Scenario(_) | Self::Usage(_) | Self::Targets(_) => WRONG_USAGE,
            Self::NotMet | Self::NeverReady(_) => NOT_MET,
            Self::NotResolved | Self::Incomplete(_) => NOT_RESOLVED,
            Self::Interrupted(_) => INTERRUPTED,
            Self::Write(_) | Self::Output(_) | Self::Threads(_) | Self::Signal(_) | Self::Folder(_) => FAILED,
        })
    }
}

impl From<CalibrationError> for Failure {
    fn from(error: CalibrationError) -> Self {
        match error {
            CalibrationError::Scenario(problems) => problems.into(),
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
    let set: Vec<String> = set.iter().flat_map(|(key, value)| ["--set".to_owned(), format!("{key}={value}")]).collect();
    let sets = if tried == 1 { "set" } else { "sets" };
    format!("{tried} {sets} of values tried, no file written; the best, misfit {misfit:.3}: {}", quoted(&set))
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        Self::Scenario(vec![problems])
    }
}

/// Everything that was read, or all problems of what could not be.
pub(crate) fn all<T>(read: impl IntoIterator<Item = Result<T, Problems>>) -> Result<Vec<T>, Failure> {
    let (mut fine, mut wrong) = (Vec::new(), Vec::new());
    for read in read {
        match read {
            Ok(read) => fine.push(read),
            Err(problems) => wrong.push(problems),
        }
    }
    if wrong.is_empty() { Ok(fine) } else { Err(Failure::Scenario(wrong)) }
}

/// Both that were read, or the problems of both.
pub(crate) fn both<A, B>(a: Result<A, Problems>, b: Result<B, Problems>) -> Result<(A, B), Failure> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (a, b) => Err(Failure::Scenario(a.err().into_iter().chain(b.err()).collect())),
    }
}

/// Whether standard error shows colours; anstream takes them out where it does not.
fn colours() -> bool {
    anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interrupted_calibration_says_how_to_use_its_best_values() {
        assert_eq!(interrupted(0, None), "nothing was tried");
        let best = |tried| interrupted(tried, Some((0.25, vec![("cloud.boot".to_owned(), "\"1s\"".to_owned())])));
        assert_eq!(
            best(1),
            "1 set of values tried, no file written; the best, misfit 0.250: --set 'cloud.boot=\"1s\"'"
        );
        assert!(best(2).starts_with("2 sets of values tried, "), "{}", best(2));
    }
}
