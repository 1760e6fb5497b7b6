//! Ctrl-C, and the signals to terminate and to hang up: a command that keeps what is done stops at the first and ends at
//! the second; any other ends at once.
//!
//! Must not know: what is being simulated; others ask it between two scale-ups, and now and then in one.

use crate::cli::failure::{Failure, INTERRUPTED};
use crate::cli::output::note;
use std::sync::atomic::{AtomicBool, Ordering};

static KEEPS: AtomicBool = AtomicBool::new(false);
static STOPPED: AtomicBool = AtomicBool::new(false);

/// From now on signals are noticed.
pub(crate) fn watch() -> Result<(), Failure> {
    let noticed = || {
        if !KEEPS.load(Ordering::Relaxed) {
            note("\ninterrupted: nothing was kept");
            std::process::exit(INTERRUPTED.into());
        }
        if STOPPED.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED.into());
        }
        note("\nstopping; Ctrl-C again stops at once");
    };
    match ctrlc::set_handler(noticed) {
        // Somebody in this process watches already.
        Ok(()) | Err(ctrlc::Error::MultipleHandlers) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The command keeps what is done: it asks [`stopped`] and ends by itself.
pub(crate) fn keep_what_is_done() {
    KEEPS.store(true, Ordering::Relaxed);
}

/// Whether a signal came.
pub(crate) fn stopped() -> bool {
    STOPPED.load(Ordering::Relaxed)
}
