//! Where everything is printed: data to standard output, notes to standard error.
//!
//! Names and texts come from files and arguments: what would move a terminal's cursor is shown instead of sent.

use crate::cli::args::QuietArguments;
use crate::cli::failure::Failure;
use crate::cli::terminal::{page, painted};
use crate::report::json;
use crate::report::table::Table;
use crate::scenario::{Loaded, cannot_be_shown, hash_of_all};
use std::io::{self, Write};

/// Prints data. Who has seen enough may go away: that is no failure, and changes no exit code.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    send(&shown(text))
}

fn send(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Prints an answer for people: lines that fit, verdicts in colours; the first lines only where no more is asked for.
pub(crate) fn answer(text: &str, quiet: &QuietArguments) -> Result<(), Failure> {
    let first = if quiet.quiet { first_lines(text) } else { text };
    send(&painted(&page().wrapped(&shown(first))))
}

/// The lines before the first empty one.
fn first_lines(text: &str) -> &str {
    text.find("\n\n").map_or(text, |end| &text[..=end])
}

/// One JSON document about a scenario; `seed` is absent where nothing is simulated.
pub(crate) fn document(command: &str, loaded: &Loaded, seed: Option<u64>, says: &Table) -> String {
    let hash = format!("{:016x}", loaded.document.hash());
    json::text(&json::envelope(command, &loaded.scenario.name, &hash, seed, says))
}

/// One JSON document about several scenarios, by what they are called together.
pub(crate) fn document_of_several(
    command: &str,
    name: &str,
    of: &[&Loaded],
    seed: Option<u64>,
    says: &Table,
) -> String {
    let hash = format!("{:016x}", hash_of_all(of.iter().map(|loaded| loaded.document.hash())));
    json::text(&json::envelope(command, name, &hash, seed, says))
}

/// Says something beside the data, if anybody can be told.
pub(crate) fn note(text: &str) {
    let _ = writeln!(anstream::stderr(), "{}", shown(text));
}

/// Says what failed; problems of scenarios may have colours, and are clean otherwise.
pub(crate) fn complain(failure: &Failure) {
    match failure {
        Failure::Scenario(_) => drop(writeln!(anstream::stderr(), "{failure}")),
        _ => note(&failure.to_string()),
    }
}

/// Text whose lines are the only thing that it does to a terminal.
fn shown(text: &str) -> String {
    let one = |c: char| match c {
        '\n' | '\t' => c.to_string(),
        c if cannot_be_shown(c) => c.escape_default().to_string(),
        c => c.to_string(),
    };
    text.chars().map(one).collect()
}
