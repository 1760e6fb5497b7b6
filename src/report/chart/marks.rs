//! Marks for a mean, and lines for its interval.

use crate::report::summary::StageSummary;

use super::picture::{Picture, Point, at};
use super::theme::{Colour, Look, MARK};
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

/// An interval as a line with ends, where a mark would not hide it.
pub fn interval(picture: &mut Picture, low: Point, high: Point, colour: Colour, width: f64) {
    let (right, up) = ((high.x - low.x).abs(), (high.y - low.y).abs());
    if right.max(up) <= 2.0 * MARK {
        return;
    }
    picture.line([low, high], colour, width);
    let (x, y) = if right > up { (0.0, MARK) } else { (MARK, 0.0) };
    for end in [low, high] {
        picture.line([at(end.x - x, end.y - y), at(end.x + x, end.y + y)], colour, width);
    }
}

/// The latest time that a chart shows of a stage, in seconds.
pub fn latest(stage: &StageSummary) -> Option<f64> {
    let (_, high) = stage.ready_band?;
    let interval = stage.ready.as_ref()?.ci95_high.unwrap_or(0.0);
    Some(high.max(interval))
}
