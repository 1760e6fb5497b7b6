//! What surrounds the data: title, explanation, legend, and the room that is left for the plot.

use super::font;
use super::picture::{Anchor, Picture, at};
use super::theme::{FAINT_INK, INK, LABEL, LINE_HEIGHT, Look, SMALL, TITLE, WIDTH};

/// Left and right of everything.
pub const MARGIN: f64 = 14.0;

/// Above a plot, and below it: the axis with its title.
const ABOVE: f64 = 14.0;
const BELOW: f64 = 48.0;

/// The least height of a plot.
const PLOT: f64 = 240.0;
/// The width of a swatch in a legend.
const SWATCH: f64 = 20.0;
/// The height of a line of a title.
const TITLE_LINE: f64 = 22.0;

/// The rectangle in which data are drawn, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plot {
    /// Its left edge.
    pub left: f64,
    /// Its right edge.
    pub right: f64,
    /// Its upper edge.
    pub top: f64,
    /// Its lower edge.
    pub bottom: f64,
}

/// A picture under construction: what is above `y` is taken.
pub struct Frame {
    /// The picture.
    pub picture: Picture,
    /// How far down it is filled, in pixels.
    pub y: f64,
    /// Whether the height is what the chart asked for.
    is_fixed: bool,
}

impl Frame {
    /// An empty chart of this height or as high as it needs, with its title: what it shows, in a sentence.
    pub fn new(height: u32, title: &str) -> Self {
        let mut picture = Picture::new(WIDTH, height);
        let mut y = 8.0;
        for line in wrapped(title, TITLE, f64::from(WIDTH) - 2.0 * MARGIN) {
            y += TITLE_LINE;
            picture.text(at(MARGIN, y - 4.0), Anchor::Start, TITLE, INK, line);
        }
        Self { picture, y: y + 2.0, is_fixed: false }
    }

    /// Adds an explanation below, in as many lines as it needs.
    pub fn note(&mut self, text: &str) {
        for line in wrapped(text, SMALL, f64::from(WIDTH) - 2.0 * MARGIN) {
            self.picture.text(at(MARGIN, self.y + SMALL), Anchor::Start, SMALL, FAINT_INK, line);
            self.y += LINE_HEIGHT;
        }
    }

    /// Adds a legend below: a swatch and a name for each, in as many lines as they need.
    pub fn legend<T: AsRef<str>>(&mut self, entries: impl IntoIterator<Item = (Look, T)>) {
        self.entries(entries, |picture, look, left, middle| {
            picture.line([at(left, middle), at(left + SWATCH, middle)], look.colour, look.stroke());
            look.mark(picture, at(left + 0.5 * SWATCH, middle));
        });
    }

    /// As [`legend`](Self::legend), of points instead of lines.
    pub fn legend_of_points<T: AsRef<str>>(&mut self, entries: impl IntoIterator<Item = (Look, T)>) {
        self.entries(entries, |picture, look, left, middle| look.mark(picture, at(left + 0.5 * SWATCH, middle)));
    }

    /// As [`legend`](Self::legend), of areas instead of lines.
    pub fn legend_of_areas<T: AsRef<str>>(&mut self, entries: impl IntoIterator<Item = (Look, T)>) {
        self.entries(entries, |picture, look, left, middle| {
            picture.rectangle(at(left, middle - 6.0), at(left + SWATCH, middle + 6.0), look.colour, 1.0);
        });
    }

    fn entries<T: AsRef<str>>(
        &mut self,
        entries: impl IntoIterator<Item = (Look, T)>,
        swatch: impl Fn(&mut Picture, Look, f64, f64),
    ) {
        const APART: f64 = 16.0;
        let right = f64::from(WIDTH) - MARGIN;
        let mut x = MARGIN;
        self.y += 4.0;
        for (look, name) in entries {
            let name = font::fit(name.as_ref(), LABEL, right - MARGIN - SWATCH);
            let width = SWATCH + 6.0 + font::width(&name, LABEL);
            if x > MARGIN && x + width > right {
                x = MARGIN;
                self.y += LINE_HEIGHT + 2.0;
            }
            let middle = self.y + 0.5 * LINE_HEIGHT;
            swatch(&mut self.picture, look, x, middle);
            self.picture.label(at(x + SWATCH + 6.0, middle), Anchor::Start, LABEL, INK, name);
            x += width + APART;
        }
        self.y += LINE_HEIGHT + 4.0;
    }

    /// Makes the picture as high as a plot of this height needs.
    pub fn set_plot_height(&mut self, height: f64) {
        self.is_fixed = true;
        self.picture.height = (self.y + ABOVE + height + BELOW).ceil() as u32;
    }

    /// The rest of the picture, which grows if that is little, as a plot with `left` and `right` pixels beside it and
    /// an axis with a title below.
    pub fn plot(&mut self, left: f64, right: f64) -> Plot {
        if !self.is_fixed && f64::from(self.picture.height) < self.y + ABOVE + PLOT + BELOW {
            self.set_plot_height(PLOT);
        }
        Plot {
            left: MARGIN + left,
            right: f64::from(WIDTH) - MARGIN - right,
            top: self.y + ABOVE,
            bottom: f64::from(self.picture.height) - BELOW,
        }
    }

    /// The picture, with a sentence for those who cannot see it.
    pub fn finish(mut self, alt: String) -> Picture {
        self.picture.alt = alt;
        self.picture
    }
}

/// `text` in lines of at most `room` pixels.
pub fn wrapped(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in together(text) {
        match lines.last_mut() {
            Some(last) if font::width(&format!("{last} {word}"), size) <= room => last.extend([" ", &word]),
            _ => lines.push(font::fit(&word, size, room)),
        }
    }
    lines
}

/// The words of a text; those of one length of time, `2m 30s`, or a share, `26 %`, stay together.
fn together(text: &str) -> Vec<String> {
    let is_time = |word: &str| word.starts_with(|c: char| c.is_ascii_digit()) && word.ends_with(['h', 'm', 's', ',']);
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let belongs =
            |last: &str| word.starts_with('%') || is_time(last) && last.ends_with(['h', 'm']) && is_time(word);
        match words.last_mut().filter(|last| belongs(last)) {
            Some(last) => last.extend([" ", word]),
            None => words.push(word.to_owned()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::picture::Element;

    #[test]
    fn notes_are_wrapped_between_words() {
        let lines = wrapped("one two three four", 12.0, font::width("one two three", 12.0));
        assert_eq!(lines, ["one two three", "four"]);
        let lines = wrapped("after 2m 30s", 12.0, font::width("after 2m", 12.0));
        assert_eq!(lines, ["after", "2m 30s"]);
        let lines = wrapped("held 26.4 %, then", 12.0, font::width("held 26.4", 12.0));
        assert_eq!(lines, ["held", "26.4 %,", "then"]);
    }

    #[test]
    fn a_long_title_and_a_long_note_end_before_the_right_margin() {
        let words = "much that is said about a chart of many cases ".repeat(20);
        let mut frame = Frame::new(300, &words);
        frame.note(&words);
        let end = |shape: &Element| match shape {
            Element::Text(text) => Some(text.at.x + font::width(&text.content, text.size)),
            _ => None,
        };
        let ends: Vec<f64> = frame.picture.shapes.iter().filter_map(end).collect();
        let right = f64::from(WIDTH) - MARGIN;
        assert!(ends.len() > 8 && ends.iter().all(|end| *end <= right), "{ends:?}");
        assert!(ends.iter().any(|end| *end > right - 100.0), "lines are filled: {ends:?}");
    }
}
