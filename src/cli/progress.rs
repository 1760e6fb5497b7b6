//! A progress bar on a terminal, nothing elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// More often nobody can read it.
const DRAWN_PER_S: u8 = 5;

/// A bar for `replications` scale-ups; hidden where standard error is no terminal.
pub(crate) fn bar(replications: u64) -> ProgressBar {
    // Standard error, and hidden by itself where that is no terminal.
    let bar = ProgressBar::with_draw_target(Some(replications), ProgressDrawTarget::stderr_with_hz(DRAWN_PER_S));
    let style =
        ProgressStyle::with_template("{bar:40} {pos}/{len} scale-ups, {eta} left").expect("the template is correct");
    bar.with_style(style)
}
