//! Charts of rows: a name on the left, data above an axis of time, and a text at the end of each.

use super::axis::{self, Scale, Ticks};
use super::font;
use super::frame::{Frame, MARGIN, Plot};
use super::picture::{Anchor, at};
use super::theme::{FAINT_INK, INK, LABEL};

/// More rows than this are left out.
pub const ROWS_MAX: usize = 60;
/// The most room for names.
const NAMES_MAX: f64 = 250.0;

/// The room that rows need, in pixels.
pub struct Room {
    /// From one row to the next.
    pub height: f64,
    /// The size of names.
    pub name: f64,
    /// Between the names and the axis.
    pub before: f64,
    /// Right of the axis.
    pub after: f64,
}

impl Room {
    /// Rows with a time at their ends.
    pub const TIMES: Self = Self { height: 28.0, name: LABEL, before: 0.0, after: 92.0 };
}

/// A chart under construction whose names and axis are drawn.
pub struct RowChart {
    /// The picture.
    pub frame: Frame,
    /// The scale of the axis.
    pub x: Scale,
    plot: Plot,
    room: Room,
}

impl RowChart {
    /// As high as these rows need, below what is in the frame.
    pub fn new(mut frame: Frame, names: &[impl AsRef<str>], room: Room, ticks: &Ticks, title: &str) -> Self {
        let widths = names.iter().map(|name| font::width(name.as_ref(), room.name));
        let widest = widths.fold(0.0, f64::max).min(NAMES_MAX);
        frame.set_plot_height(room.height * names.len() as f64);
        let plot = frame.plot(widest + 8.0 + room.before, room.after);
        let x = ticks.across(&plot);
        axis::vertical_lines(&mut frame.picture, &plot, &x, &ticks.ticks);
        axis::horizontal(&mut frame.picture, &plot, &x, &ticks.ticks, title);
        let mut chart = Self { frame, x, plot, room };
        let right = plot.left - chart.room.before - 8.0;
        for (row, name) in names.iter().enumerate() {
            let name = font::fit(name.as_ref(), chart.room.name, right - MARGIN);
            let place = at(right, chart.y(row));
            chart.frame.picture.label(place, Anchor::End, chart.room.name, INK, name);
        }
        chart
    }

    /// The middle of a row.
    pub fn y(&self, row: usize) -> f64 {
        self.plot.top + self.room.height * (row as f64 + 0.5)
    }

    /// A text at the end of a row.
    pub fn ending(&mut self, row: usize, text: &str) {
        let text = font::fit(text, LABEL, self.room.after - 4.0);
        self.frame.picture.label(at(self.plot.right + 12.0, self.y(row)), Anchor::Start, LABEL, INK, text);
    }

    /// An upright line at zero.
    pub fn zero_line(&mut self) {
        let zero = self.x.place(0.0);
        self.frame.picture.line([at(zero, self.plot.top), at(zero, self.plot.bottom)], FAINT_INK, 1.4);
    }
}
