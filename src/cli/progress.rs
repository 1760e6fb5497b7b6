//! A progress bar on a terminal, nothing elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// More often nobody can read it.
const DRAWN_PER_S: u8 = 5;

/// A bar for `cases` of `each` scale-ups; hidden where standard error is no terminal.
pub(crate) fn bar(cases: usize, each: u32) -> ProgressBar {
    // Standard error, and hidden by itself where that is no terminal.
    let scale_ups = cases as u64 * u64::from(each);
    let bar = ProgressBar::with_draw_target(Some(scale_ups), ProgressDrawTarget::stderr_with_hz(DRAWN_PER_S));
    let style =
        ProgressStyle::with_template("{bar:40} {pos}/{len} scale-ups, {eta} left").expect("the template is correct");
    bar.with_style(style)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_there_are_scale_ups() {
        assert_eq!(bar(3, 20).length(), Some(60));
    }
}
