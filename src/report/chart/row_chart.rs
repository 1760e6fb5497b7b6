//! Charts of rows: a name on the left or, where names are long, above its data; an axis of time; and a text at the end
//! of each.

use super::axis::{self, Scale, Ticks};
use super::font;
use super::frame::{Frame, MARGIN, Plot};
use super::picture::{Anchor, at};
use super::theme::{Colour, DEADLINE, FAINT_INK, INK, LABEL, LINE_HEIGHT, PAPER, WIDTH};

/// More rows than this are left out.
pub const ROWS_MAX: usize = 60;
/// The most room for names beside their rows; longer ones stand above.
const BESIDE_MAX: f64 = 130.0;

/// The room that rows need, in pixels.
pub struct Room {
    /// Of the data of a row.
    pub height: f64,
    /// Below the data, for words.
    pub below: f64,
    /// The size of names.
    pub name: f64,
    /// Between the names and the axis.
    pub before: f64,
    /// Right of the axis.
    pub after: f64,
}

impl Room {
    /// Rows with a time at their ends.
    pub const TIMES: Self = Self { height: 28.0, below: 0.0, name: LABEL, before: 0.0, after: 106.0 };
}

/// A chart under construction whose names and axis are drawn.
pub struct RowChart {
    /// The picture.
    pub frame: Frame,
    /// The scale of the axis.
    pub x: Scale,
    plot: Plot,
    room: Room,
    /// The room for a name above its row, if it stands there.
    name_above: f64,
    /// How many rows there are.
    rows: usize,
}

impl RowChart {
    /// As high as these rows need, below what is in the frame.
    pub fn new(mut frame: Frame, names: &[impl AsRef<str>], room: Room, ticks: &Ticks, title: &str) -> Self {
        let widths = names.iter().map(|name| font::width(name.as_ref(), room.name));
        let widest = widths.fold(0.0, f64::max);
        let name_above = if widest > BESIDE_MAX { LINE_HEIGHT } else { 0.0 };
        let beside = if name_above > 0.0 { 0.0 } else { widest + 8.0 };
        frame.set_plot_height((room.height + room.below + name_above) * names.len() as f64);
        let plot = frame.plot(beside + room.before, room.after);
        let x = ticks.across(&plot);
        axis::vertical_lines(&mut frame.picture, &plot, &x, &ticks.ticks);
        axis::horizontal(&mut frame.picture, &plot, &x, &ticks.ticks, title);
        let mut chart = Self { frame, x, plot, room, name_above, rows: names.len() };
        let size = chart.room.name;
        for (row, name) in names.iter().enumerate() {
            let y = chart.y(row);
            if name_above > 0.0 {
                let name = font::fit(name.as_ref(), size, f64::from(WIDTH) - 2.0 * MARGIN);
                let place = at(MARGIN, y - 0.5 * (chart.room.height + LINE_HEIGHT) + 2.0);
                let end = place.x + font::width(&name, size) + 4.0;
                let (top, bottom) = (place.y - 8.0, place.y + 8.0);
                chart.frame.picture.rectangle(at(place.x - 2.0, top), at(end, bottom), PAPER, 1.0);
                chart.frame.picture.label(place, Anchor::Start, size, INK, name);
            } else {
                let place = at(plot.left - chart.room.before - 8.0, y);
                chart.frame.picture.label(place, Anchor::End, size, INK, name.as_ref());
            }
        }
        chart
    }

    /// The middle of a row's data.
    pub fn y(&self, row: usize) -> f64 {
        let step = self.room.height + self.room.below + self.name_above;
        self.plot.top + step * (row as f64 + 1.0) - self.room.below - 0.5 * self.room.height
    }

    /// A text at the end of a row.
    pub fn ending(&mut self, row: usize, text: &str) {
        let text = font::fit(text, LABEL, self.room.after - 4.0);
        self.frame.picture.label(at(self.plot.right + 10.0, self.y(row)), Anchor::Start, LABEL, INK, text);
    }

    /// The deadline as an upright line.
    pub fn deadline(&mut self, seconds: f64) {
        self.upright(seconds, DEADLINE, 1.6);
    }

    /// An upright line at zero.
    pub fn zero_line(&mut self) {
        self.upright(0.0, FAINT_INK, 1.4);
    }

    /// An upright line that leaves the names above rows free.
    fn upright(&mut self, seconds: f64, colour: Colour, width: f64) {
        let x = self.x.place(seconds);
        let mut parts = vec![(self.plot.top, self.plot.bottom)];
        if self.name_above > 0.0 {
            let half = 0.5 * self.room.height - 3.0;
            parts = (0..self.rows).map(|row| (self.y(row) - half, self.y(row) + half)).collect();
        }
        for (top, bottom) in parts {
            self.frame.picture.line([at(x, top), at(x, bottom)], colour, width);
        }
    }
}
