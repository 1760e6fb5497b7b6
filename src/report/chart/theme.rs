//! How charts look: one colour and mark per stage in all of them, light background, sizes.

use crate::model::record::Cause;

use super::picture::{Picture, Point, at};

/// A colour: red, green, blue.
pub type Colour = (u8, u8, u8);

/// Behind everything.
pub const PAPER: Colour = (255, 255, 255);
/// Texts.
pub const INK: Colour = (38, 38, 38);
/// Less important texts and the lines of axes.
pub const FAINT_INK: Colour = (95, 95, 95);
/// Lines behind the data.
pub const GRID: Colour = (226, 226, 226);

/// Size of the title.
pub const TITLE: f64 = 17.0;
/// Size of labels.
pub const LABEL: f64 = 14.0;
/// Size of the numbers on axes and of notes.
pub const SMALL: f64 = 13.0;
/// From one line of labels to the next.
pub const LINE_HEIGHT: f64 = 18.0;
/// The width of a chart: that of a telephone or so, so that the same drawing is legible there and on a page.
pub const WIDTH: u32 = 540;
/// The height of a chart, at least.
pub const HEIGHT: u32 = 400;
/// The width of a line of data.
pub const STROKE: f64 = 2.6;
/// How much of what is behind a band it hides.
pub const BAND: f64 = 0.2;
/// The radius of a mark.
pub const MARK: f64 = 4.2;

/// How a stage looks in all charts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Its colour.
    pub colour: Colour,
    /// Its mark, which differs where the colour may not.
    pub mark: MarkShape,
}

/// The shape of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkShape {
    /// A circle.
    Circle,
    /// A square.
    Square,
    /// A triangle that points up.
    Up,
    /// A triangle that points down.
    Down,
    /// A square on its corner.
    Diamond,
}

// Okabe and Ito, Color Universal Design (2008): told apart with every kind of colour vision. Their yellow is too light
// on paper and is left out.
/// The colour of what is faster than something else.
pub const FASTER: Colour = BLUE;
/// The colour of what is slower than something else.
pub const SLOWER: Colour = VERMILION;
/// The colour of what is not known to be one or the other.
pub const UNDECIDED: Colour = GREY;
/// The colour of what takes long, on a heat map.
pub const SLOW: Colour = (150, 55, 10);
/// The colour of a deadline.
pub const DEADLINE: Colour = (170, 0, 70);

// Viridis (van der Walt and Smith, 2015) without its lightest part: in order with every kind of colour vision, and
// in grey.
const IN_ORDER: [Colour; 9] = [
    (68, 1, 84),
    (72, 38, 119),
    (64, 70, 136),
    (52, 97, 141),
    (41, 121, 142),
    (32, 146, 140),
    (46, 170, 125),
    (101, 193, 92),
    (160, 205, 50),
];

/// The colour of one of several cases in order.
pub fn in_order(number: usize, count: usize) -> Colour {
    let place = number as f64 / (count.max(2) - 1) as f64 * (IN_ORDER.len() - 1) as f64;
    let below = (place as usize).min(IN_ORDER.len() - 2);
    let share = place - below as f64;
    let between = |of: fn(Colour) -> u8| {
        let (low, high) = (f64::from(of(IN_ORDER[below])), f64::from(of(IN_ORDER[below + 1])));
        (low + share * (high - low)).round() as u8
    };
    (between(|colour| colour.0), between(|colour| colour.1), between(|colour| colour.2))
}

/// A colour with so much of it, the rest paper: as if it were transparent, where nothing is behind it.
pub fn tint(colour: Colour, share: f64) -> Colour {
    let mixed = |of: u8, paper: u8| (share * f64::from(of) + (1.0 - share) * f64::from(paper)).round() as u8;
    (mixed(colour.0, PAPER.0), mixed(colour.1, PAPER.1), mixed(colour.2, PAPER.2))
}

/// A colour for text on this one.
pub fn ink_on((red, green, blue): Colour) -> Colour {
    let luminance = 0.299 * f64::from(red) + 0.587 * f64::from(green) + 0.114 * f64::from(blue);
    if luminance > 120.0 { (20, 20, 20) } else { PAPER }
}

const BLACK: Colour = (64, 64, 64);
const ORANGE: Colour = (230, 159, 0);
const SKY: Colour = (86, 180, 233);
const GREEN: Colour = (0, 158, 115);
const BLUE: Colour = (0, 114, 178);
const VERMILION: Colour = (213, 94, 0);
const PURPLE: Colour = (204, 121, 167);
/// Neither good nor bad.
pub const GREY: Colour = (150, 150, 150);

/// The colours of `DaemonSet`s without one of their own.
const OTHERS: [Colour; 6] = [PURPLE, ORANGE, SKY, GREEN, BLUE, GREY];
const OTHER_MARKS: [MarkShape; 5] =
    [MarkShape::Down, MarkShape::Up, MarkShape::Square, MarkShape::Diamond, MarkShape::Circle];

/// The colour of one of a few cases that have no order.
pub fn apart(number: usize) -> Colour {
    const APART: [Colour; 8] = [BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK, GREY];
    APART[number % APART.len()]
}

/// The mark of one of a few cases.
pub fn mark_in_order(number: usize) -> MarkShape {
    OTHER_MARKS[(number + 4) % OTHER_MARKS.len()]
}

/// The colour of a cause of waits, in all charts that tell them apart: work in blue and green, lines and limits in red
/// and brown, what passes by the clock in lighter ones, others in grey.
pub const fn of_cause(cause: Cause) -> Colour {
    match cause {
        Cause::Service => BLUE,
        Cause::Transfer => GREEN,
        Cause::Sharing => (150, 214, 192),
        Cause::Boot => (110, 110, 110),
        Cause::Queue => VERMILION,
        Cause::Limit => (122, 46, 8),
        Cause::Backoff => PURPLE,
        Cause::Poll => ORANGE,
        Cause::Probe => SKY,
        Cause::Dependency => (205, 205, 205),
        Cause::Ready => (236, 236, 236),
    }
}

/// The look of each of these stages.
///
/// The stages of the documented case have theirs wherever they occur; other `DaemonSet`s take turns.
pub fn looks(stages: &[impl AsRef<str>]) -> Vec<Look> {
    let used: Vec<Colour> = stages.iter().filter_map(|stage| own(stage.as_ref())).map(|look| look.colour).collect();
    let free: Vec<Colour> = OTHERS.into_iter().filter(|colour| !used.contains(colour)).collect();
    let mut turn = 0;
    let looks = stages.iter().map(|stage| {
        own(stage.as_ref()).unwrap_or_else(|| {
            turn += 1;
            Look { colour: free[(turn - 1) % free.len()], mark: OTHER_MARKS[(turn - 1) % OTHER_MARKS.len()] }
        })
    });
    looks.collect()
}

/// The look of the stages that have one of their own.
fn own(stage: &str) -> Option<Look> {
    let (colour, mark) = match stage {
        "nodes" => (BLACK, MarkShape::Square),
        "baseline" => (SKY, MarkShape::Circle),
        "rok" => (BLUE, MarkShape::Up),
        "rok-csi" => (GREEN, MarkShape::Diamond),
        "workload" => (VERMILION, MarkShape::Circle),
        "scale-down" => (PURPLE, MarkShape::Down),
        _ => return None,
    };
    Some(Look { colour, mark })
}

impl Look {
    /// The width of its line: that of nodes is thin, so that what is ready at the same instant is seen behind it.
    pub fn stroke(self) -> f64 {
        if self.colour == BLACK { 1.2 } else { STROKE }
    }

    /// Draws the mark.
    pub fn mark(self, picture: &mut Picture, centre: Point) {
        self.mark_with(picture, centre, MARK, self.colour);
    }

    /// A circle of a colour, for what is no stage.
    pub const fn plain(colour: Colour) -> Self {
        Self { colour, mark: MarkShape::Circle }
    }

    /// Draws the mark with a hole: not the whole truth.
    pub fn hollow_mark(self, picture: &mut Picture, centre: Point) {
        self.mark_with(picture, centre, MARK, self.colour);
        self.mark_with(picture, centre, MARK * 0.5, PAPER);
    }

    fn mark_with(self, picture: &mut Picture, centre: Point, radius: f64, colour: Colour) {
        let corners: &[(f64, f64)] = match self.mark {
            MarkShape::Circle => return picture.dot(centre, radius, colour),
            MarkShape::Square => &[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
            MarkShape::Up => &[(0.0, -1.2), (1.15, 0.85), (-1.15, 0.85)],
            MarkShape::Down => &[(0.0, 1.2), (1.15, -0.85), (-1.15, -0.85)],
            MarkShape::Diamond => &[(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)],
        };
        let corner = |(right, down): &(f64, f64)| at(centre.x + right * radius, centre.y + down * radius);
        picture.area(corners.iter().map(corner), colour, 1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documented_stages_keep_their_colours_and_no_two_are_alike() {
        let names = ["nodes", "cilium", "rok", "gpu-operator", "rok-csi", "workload"].map(str::to_owned);
        let looks = looks(&names);
        assert_eq!((looks[2].colour, looks[5].colour), (BLUE, VERMILION));
        for (place, look) in looks.iter().enumerate() {
            assert!(looks[..place].iter().all(|other| other.colour != look.colour), "{look:?}");
        }
    }
}
