//! The instants at which limits were hit first, as upright lines in a chart over time.

use crate::report::summary::{CaseSummary, Limit};
use crate::report::words::duration;

use super::axis::Scale;
use super::font;
use super::frame::Plot;
use super::picture::{Picture, at};
use super::theme::{DEADLINE, SMALL};
use super::wording;

/// More limits than this would hide the data.
const MARKS_MAX: usize = 4;

/// What is said of them above the chart, if there are any.
pub fn note(case: &CaseSummary) -> Option<String> {
    (!case.limits.is_empty()).then(|| "Red upright lines: when a limit was first hit in any scale-up".to_owned())
}

/// Draws them, each kind once, with its name at the foot.
pub fn draw(picture: &mut Picture, plot: &Plot, x: &Scale, case: &CaseSummary, until_s: f64) {
    let mut marked: Vec<(&Limit, f64)> = Vec::new();
    for limit in &case.limits {
        let seconds = limit.first.as_secs_f64();
        let is_new = marked.iter().all(|(known, _)| known.kind != limit.kind);
        if is_new && marked.len() < MARKS_MAX && seconds <= until_s {
            marked.push((limit, seconds));
        }
    }
    for (_, seconds) in &marked {
        let across = x.place(*seconds);
        picture.line([at(across, plot.top), at(across, plot.bottom)], DEADLINE, 1.4);
    }
    // The words cover the lines of other limits.
    for (number, (limit, seconds)) in marked.iter().enumerate() {
        let (across, height) = (x.place(*seconds), plot.bottom - 14.0 - 18.0 * number as f64);
        let text = format!("{} {}", limit.kind, duration(*seconds));
        let wide = font::width(&text, SMALL) + 7.0;
        let left = if across + wide < plot.right { across + 6.0 } else { across - wide };
        wording::on_paper(picture, at(left, height), &text, DEADLINE);
        picture.hint(at(across, height), format!("{text}: {}", limit.message));
    }
}
