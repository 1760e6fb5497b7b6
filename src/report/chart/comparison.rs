//! Differences between scenarios with their intervals, around no difference.
//!
//! Must not know: how a difference and its interval are computed.

use crate::report::study::{Difference, Study};
use crate::report::words;

use super::axis;
use super::font;
use super::frame::{Frame, MARGIN, Plot};
use super::picture::{Anchor, Picture, at};
use super::rows::{ROW, ROWS_MAX};
use super::theme::{self, Colour, FAINT_INK, FASTER, INK, LABEL, Look, MARK, SLOWER, UNDECIDED};
use super::tornado::{around_zero, signed};

/// The room for the difference at the end of a row.
const AMOUNT: f64 = 170.0;

/// The chart; absent if nothing is compared.
pub fn picture(study: &Study) -> Option<Picture> {
    let shown = &study.differences[..study.differences.len().min(ROWS_MAX)];
    if shown.is_empty() {
        return None;
    }
    let mut frame = Frame::new(300, "Which is faster, and by how much");
    let goal = study.cases.first().and_then(|case| case.goal()).map_or("everything", |goal| goal.stage.as_str());
    frame.note(&format!(
        "Difference of the time until {goal} is ready: mean and 95 % interval, with the same random numbers"
    ));
    let entries = [(FASTER, "faster"), (SLOWER, "slower"), (UNDECIDED, "not told apart")];
    frame.legend(&entries.map(|(colour, name)| (Look::plain(colour), name)));
    let widest = shown.iter().map(|row| font::width(&row.label, LABEL)).fold(0.0, f64::max).min(260.0);
    let plot = frame.plot(widest + 8.0, AMOUNT);
    frame.picture.height = (plot.top + ROW * shown.len() as f64 + 48.0).ceil() as u32;
    let plot = frame.plot(widest + 8.0, AMOUNT);
    let ends = shown.iter().flat_map(|row| [row.low_s.unwrap_or(row.mean_s), row.high_s.unwrap_or(row.mean_s)]);
    let (low, high) = ends.fold((0.0_f64, 0.0_f64), |(low, high), end| (low.min(end), high.max(end)));
    let (x, ticks, unit) = around_zero((low, high), &plot);
    axis::vertical_lines(&mut frame.picture, &plot, &x, &ticks);
    axis::horizontal(&mut frame.picture, &plot, &x, &ticks, &format!("Difference ({unit}); left of 0: faster"));
    frame.picture.line([at(x.place(0.0), plot.top), at(x.place(0.0), plot.bottom)], FAINT_INK, 1.4);
    for (number, row) in shown.iter().enumerate() {
        draw(&mut frame.picture, &plot, &x, plot.top + ROW * (number as f64 + 0.5), row);
    }
    let told: Vec<String> = shown.iter().map(|row| format!("{} {}", row.label, signed(row.mean_s))).collect();
    Some(frame.finish(format!("Differences of the time to ready: {}.", told.join("; "))))
}

fn draw(picture: &mut Picture, plot: &Plot, x: &axis::Scale, y: f64, row: &Difference) {
    let name = font::fit(&row.label, LABEL, plot.left - 8.0 - MARGIN);
    picture.text(at(plot.left - 8.0, y + 0.36 * LABEL), Anchor::End, LABEL, INK, name);
    let colour = colour(row);
    if let (Some(low), Some(high)) = (row.low_s, row.high_s) {
        let (low, high) = (x.place(low), x.place(high));
        picture.line([at(low, y), at(high, y)], colour, 2.0);
        for end in [low, high] {
            picture.line([at(end, y - MARK), at(end, y + MARK)], colour, 2.0);
        }
    }
    let place = at(x.place(row.mean_s), y);
    Look::plain(colour).mark(picture, place);
    let half = row.high_s.map_or(String::new(), |high| format!(" ± {}", words::duration(high - row.mean_s)));
    let amount = format!("{}{half}", signed(row.mean_s));
    picture.hint(place, format!("{}: {amount}", row.label));
    let amount = font::fit(&amount, LABEL, AMOUNT - 4.0);
    picture.text(at(plot.right + 12.0, y + 0.36 * LABEL), Anchor::Start, LABEL, INK, amount);
}

fn colour(row: &Difference) -> Colour {
    match (row.low_s, row.high_s) {
        (_, Some(high)) if high < 0.0 => FASTER,
        (Some(low), _) if low > 0.0 => SLOWER,
        _ => theme::UNDECIDED,
    }
}
