//! A picture as a list of shapes, before it becomes SVG or PNG.
//!
//! Coordinates are pixels of a screen at normal size, from the top left corner, with fractions.

use super::theme::Colour;

/// A place in a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Pixels from the left.
    pub x: f64,
    /// Pixels from the top.
    pub y: f64,
}

/// A place in a picture.
pub const fn at(x: f64, y: f64) -> Point {
    Point { x, y }
}

/// What a picture consists of; later shapes cover earlier ones.
#[derive(Clone, Debug, PartialEq)]
pub enum Element {
    /// A line through points.
    Line {
        /// Its points.
        points: Vec<Point>,
        /// Its colour.
        colour: Colour,
        /// Its width.
        width: f64,
    },
    /// A filled polygon that does not cross itself.
    Area {
        /// Its corners.
        points: Vec<Point>,
        /// Its colour.
        colour: Colour,
        /// From 0, invisible, to 1.
        opacity: f64,
    },
    /// Filled rectangles that do not overlap: many of one colour in little space.
    Bars {
        /// Of each, two opposite corners: the upper left and the lower right one.
        bars: Vec<(Point, Point)>,
        /// Their colour.
        colour: Colour,
    },
    /// A filled circle.
    Dot {
        /// Its centre.
        centre: Point,
        /// Its radius.
        radius: f64,
        /// Its colour.
        colour: Colour,
    },
    /// A line of text.
    Text(Text),
}

/// A line of text in a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// Where its base line begins, ends or has its middle.
    pub at: Point,
    /// Which of these `at` is.
    pub anchor: Anchor,
    /// The height of an em.
    pub size: f64,
    /// Its colour.
    pub colour: Colour,
    /// What it says.
    pub content: String,
}

/// The part of a text that is at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Its beginning.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// A picture to be drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// What it shows, in one sentence, for those who cannot see it.
    pub alt: String,
    /// Its shapes.
    pub shapes: Vec<Element>,
    /// Groups that can be hidden: from this shape on, shapes belong to the one of this name; an empty name ends one.
    pub groups: Vec<(usize, String)>,
    /// Values at places, for pages that respond to a pointer.
    pub hints: Vec<Hint>,
    /// Whether a pointer means the hint of its row, however far away that is.
    pub by_row: bool,
}

/// What is at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Hint {
    /// The place.
    pub at: Point,
    /// What it says.
    pub text: String,
    /// The group that it belongs to; empty if to none.
    pub group: String,
}

impl Picture {
    /// An empty picture.
    pub fn new(width: u32, height: u32) -> Self {
        Self { width, height, ..Self::default() }
    }

    /// The following shapes and hints belong to the group of this name; to none if it is empty.
    pub fn group(&mut self, name: &str) {
        self.groups.push((self.shapes.len(), name.to_owned()));
    }

    /// Says what is at a place.
    pub fn hint(&mut self, at: Point, text: impl Into<String>) {
        let group = self.groups.last().map(|(_, name)| name.clone()).unwrap_or_default();
        self.hints.push(Hint { at, text: text.into(), group });
    }

    /// The shapes, in runs that belong to one group or to none.
    pub fn runs(&self) -> impl Iterator<Item = (&str, &[Element])> {
        let begins = std::iter::once((0, "")).chain(self.groups.iter().map(|(begin, name)| (*begin, name.as_str())));
        let ends = self.groups.iter().map(|(begin, _)| *begin).chain([self.shapes.len()]);
        begins.zip(ends).map(|((begin, name), end)| (name, &self.shapes[begin..end]))
    }

    /// Draws a line through `points`.
    pub fn line(&mut self, points: impl IntoIterator<Item = Point>, colour: Colour, width: f64) {
        self.shapes.push(Element::Line { points: points.into_iter().collect(), colour, width });
    }

    /// Fills a polygon.
    pub fn area(&mut self, points: impl IntoIterator<Item = Point>, colour: Colour, opacity: f64) {
        self.shapes.push(Element::Area { points: points.into_iter().collect(), colour, opacity });
    }

    /// Fills the space between two lines with the same direction.
    pub fn band(&mut self, low: &[Point], high: &[Point], colour: Colour, opacity: f64) {
        self.area(low.iter().chain(high.iter().rev()).copied(), colour, opacity);
    }

    /// Fills a rectangle.
    pub fn rectangle(&mut self, corner: Point, opposite: Point, colour: Colour, opacity: f64) {
        self.area([corner, at(opposite.x, corner.y), opposite, at(corner.x, opposite.y)], colour, opacity);
    }

    /// Fills many rectangles, each from its upper left to its lower right corner.
    pub fn bars(&mut self, bars: Vec<(Point, Point)>, colour: Colour) {
        if !bars.is_empty() {
            self.shapes.push(Element::Bars { bars, colour });
        }
    }

    /// Fills a circle.
    pub fn dot(&mut self, centre: Point, radius: f64, colour: Colour) {
        self.shapes.push(Element::Dot { centre, radius, colour });
    }

    /// Writes a line of text around a height.
    pub fn label(&mut self, middle: Point, anchor: Anchor, size: f64, colour: Colour, content: impl Into<String>) {
        // Half the height of a capital letter below the middle is the base line.
        self.text(at(middle.x, middle.y + 0.36 * size), anchor, size, colour, content);
    }

    /// Writes a line of text on a base line.
    pub fn text(&mut self, at: Point, anchor: Anchor, size: f64, colour: Colour, content: impl Into<String>) {
        self.shapes.push(Element::Text(Text { at, anchor, size, colour, content: content.into() }));
    }
}
