//! A row that shows a difference of times with what is known about its mean, around no difference.

use crate::stats::Interval;

use super::frame::Frame;
use super::picture::at;
use super::row_chart::RowChart;
use super::theme::{Colour, FASTER, Look, SLOWER, UNDECIDED, tint};
use super::wording::{half, signed};

/// What the colours mean.
pub fn legend(frame: &mut Frame) {
    let entries = [(FASTER, "sooner"), (SLOWER, "later"), (UNDECIDED, "not told apart")];
    frame.legend_of_points(entries.map(|(colour, name)| (Look::plain(colour), name)));
}

/// The ends of a difference, in seconds.
pub fn ends(mean_s: f64, interval: Option<Interval>) -> (f64, f64) {
    interval.map_or((mean_s, mean_s), |interval| (interval.low.min(mean_s), interval.high.max(mean_s)))
}

/// Draws one: a bar from end to end, its mean as a mark, and its words at the end of the row.
pub fn draw(chart: &mut RowChart, number: usize, mean_s: f64, interval: Option<Interval>, name: &str) {
    let amount = format!("{}{}", signed(mean_s), half(mean_s, interval.map(|interval| interval.high)));
    chart.ending(number, &amount);
    let (x, y, colour) = (chart.x, chart.y(number), colour(interval));
    let picture = &mut chart.frame.picture;
    let (low, high) = ends(mean_s, interval);
    let wide = (x.place(high) - x.place(low)).max(3.0);
    let left = 0.5 * (x.place(low) + x.place(high) - wide);
    picture.rectangle(at(left, y - 8.0), at(left + wide, y + 8.0), tint(colour, 0.4), 1.0);
    Look::plain(colour).mark(picture, at(x.place(mean_s), y));
    picture.hint(at(x.place(mean_s), y), format!("{name}: {amount}"));
}

fn colour(interval: Option<Interval>) -> Colour {
    match interval {
        Some(Interval { high, .. }) if high < 0.0 => FASTER,
        Some(Interval { low, .. }) if low > 0.0 => SLOWER,
        _ => UNDECIDED,
    }
}
