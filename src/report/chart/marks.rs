//! Marks for a mean.

use crate::report::summary::StageSummary;

use super::picture::{Picture, Point};
use super::theme::Look;
use super::wording;

/// The mean time of a stage, hollow if it leaves scale-ups out.
pub fn mean(picture: &mut Picture, place: Point, look: Look, stage: &StageSummary) {
    if stage.never > 0 {
        look.hollow_mark(picture, place);
    } else {
        look.mark(picture, place);
    }
    picture.hint(place, wording::stage(stage));
}

/// The latest time that a chart shows of a stage, in seconds.
pub fn latest(stage: &StageSummary) -> Option<f64> {
    let (_, high) = stage.ready_band?;
    let interval = stage.ready.as_ref()?.ci95_high.unwrap_or(0.0);
    Some(high.max(interval))
}
