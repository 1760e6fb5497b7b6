//! Where everything is printed: data to standard output, notes to standard error.
//!
//! Must not know: what it prints.

use crate::cli::failure::Failure;
use std::io::{self, Write};

/// Prints data. Who has seen enough may go away: that is no failure, and changes no exit code.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Says something beside the data, if anybody can be told.
pub(crate) fn note(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}
