//! Ctrl-C: the first stops after the scale-ups in flight, the second at once.
//!
//! Must not know: what is being simulated; others ask it between two scale-ups.

use crate::cli::failure::Failure;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

static STOPPED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C is noticed.
pub(crate) fn watch() -> Result<(), Failure> {
    let noticed = || {
        if STOPPED.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        // There may be nobody left to read it.
        let _ = writeln!(anstream::stderr(), "\nstopping after the scale-ups in flight; Ctrl-C again stops at once");
    };
    match ctrlc::set_handler(noticed) {
        // Somebody in this process watches already.
        Ok(()) | Err(ctrlc::Error::MultipleHandlers) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Whether Ctrl-C was pressed.
pub(crate) fn stopped() -> bool {
    STOPPED.load(Ordering::Relaxed)
}
