//! Ctrl-C, and the signals to terminate and to hang up: a command that keeps what is done stops at the first, and ends
//! at a second Ctrl-C; any other ends at once.
//!
//! Only a person can mean a second signal: at its time limit Slurm sends SIGTERM to a job more than once.

use crate::cli::failure::{Failure, INTERRUPTED};
use crate::cli::output::note;
use crate::time::Span;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

static KEEPS: AtomicBool = AtomicBool::new(false);
static STOPPED: AtomicBool = AtomicBool::new(false);

/// From now on signals are noticed; those that the one who started the program wants ignored, as `nohup` does, are not.
#[cfg(unix)]
pub(crate) fn watch() -> Result<(), Failure> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    static WATCHED: AtomicBool = AtomicBool::new(false);
    if WATCHED.swap(true, Ordering::Relaxed) {
        return Ok(());
    }
    // A file that would grow too large is then an error of its writer, and not the end of the program.
    signal_hook::flag::register(SIGXFSZ, std::sync::Arc::new(AtomicBool::new(false))).map_err(Failure::Signal)?;
    let ignored = ignored();
    let asked = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| ignored >> (signal - 1) & 1 == 0);
    let mut signals = signal_hook::iterator::Signals::new(asked).map_err(Failure::Signal)?;
    std::thread::spawn(move || signals.forever().for_each(|signal| noticed(signal == SIGINT)));
    Ok(())
}

/// A bit for each signal that is ignored; none where the system does not tell.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

/// From now on Ctrl-C is noticed.
#[cfg(not(unix))]
pub(crate) fn watch() -> Result<(), Failure> {
    match ctrlc::set_handler(|| noticed(true)) {
        // Somebody in this process watches already.
        Ok(()) | Err(ctrlc::Error::MultipleHandlers) => Ok(()),
        Err(error) => Err(Failure::Signal(std::io::Error::other(error))),
    }
}

fn noticed(is_ctrl_c: bool) {
    if !KEEPS.load(Ordering::Relaxed) {
        note("\ninterrupted: nothing was kept");
        std::process::exit(INTERRUPTED.into());
    }
    match STOPPED.swap(true, Ordering::Relaxed) {
        false => note("\nstopping; Ctrl-C again stops at once"),
        true if is_ctrl_c => std::process::exit(INTERRUPTED.into()),
        true => {}
    }
}

/// The command keeps what is done: it asks [`stopped`] and ends by itself, after `budget` if there is one.
pub(crate) fn keep_what_is_done(budget: Option<Span>) {
    KEEPS.store(true, Ordering::Relaxed);
    if let Some(budget) = budget {
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_nanos(budget.as_nanos()));
            if !STOPPED.swap(true, Ordering::Relaxed) {
                note(&format!("\nstopping: the time budget of {budget} is used up"));
            }
        });
    }
}

/// Whether a signal came, or time is up.
pub(crate) fn stopped() -> bool {
    STOPPED.load(Ordering::Relaxed)
}
