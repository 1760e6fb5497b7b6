//! Labels beside the ends of lines, spread so that none covers another.

use super::font;
use super::frame::Plot;
use super::picture::{Anchor, Picture, at};
use super::theme::{Colour, GRID, INK, LABEL, LINE_HEIGHT};

/// A label that wants to be at a height.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Where its line ends, in pixels from the top.
    pub y: f64,
    /// What it says.
    pub text: String,
    /// The colour of its line.
    pub colour: Colour,
}

/// How far from the line's end its label begins.
const REACH: f64 = 16.0;

/// The room that labels need to the right of the lines, in pixels; at most `most`.
pub fn room<'a>(texts: impl IntoIterator<Item = &'a str>, most: f64) -> f64 {
    let widest = texts.into_iter().map(|text| font::width(text, LABEL)).fold(0.0, f64::max);
    (REACH + widest + 12.0).min(most)
}

/// Draws labels to the right of lines that end where the plot does.
pub fn draw(picture: &mut Picture, plot: &Plot, labels: &[Label]) {
    let x = plot.right;
    let room = f64::from(picture.width) - x - REACH - 8.0;
    let heights = spread(&labels.iter().map(|label| label.y).collect::<Vec<_>>(), LINE_HEIGHT, plot.top, plot.bottom);
    for (label, height) in labels.iter().zip(heights) {
        if (height - label.y).abs() > 2.0 {
            picture.line([at(x + 6.0, label.y), at(x + REACH - 3.0, height)], GRID, 1.0);
        }
        let tick = [at(x + REACH - 6.0, height), at(x + REACH - 1.0, height)];
        picture.line(tick, label.colour, 2.5);
        let text = font::fit(&label.text, LABEL, room - 4.0);
        picture.label(at(x + REACH + 4.0, height), Anchor::Start, LABEL, INK, text);
    }
}

/// Heights near the wanted ones, in the same order, `gap` apart or as far as there is room between the limits.
pub fn spread(wanted: &[f64], gap: f64, top: f64, bottom: f64) -> Vec<f64> {
    let spaces = wanted.len().saturating_sub(1) as f64;
    let gap = gap.min((bottom - top) / spaces.max(1.0));
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]));
    // Without their gaps, heights that keep their distance are heights that never decrease.
    let closed: Vec<f64> = order.iter().enumerate().map(|(rank, place)| wanted[*place] - rank as f64 * gap).collect();
    let mut heights = vec![0.0; wanted.len()];
    for (rank, (place, height)) in order.iter().zip(never_decreasing(&closed)).enumerate() {
        heights[*place] = height.min(bottom - spaces * gap).max(top) + rank as f64 * gap;
    }
    heights
}

/// The never decreasing values nearest to these in squares: neighbours in the wrong order share their mean.
fn never_decreasing(values: &[f64]) -> Vec<f64> {
    let mut groups: Vec<(f64, usize)> = Vec::new();
    for value in values {
        let mut group = (*value, 1);
        while let Some((sum, count)) = groups.pop_if(|(sum, count)| *sum / *count as f64 > group.0 / group.1 as f64) {
            group = (group.0 + sum, group.1 + count);
        }
        groups.push(group);
    }
    groups.into_iter().flat_map(|(sum, count)| std::iter::repeat_n(sum / count as f64, count)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_have_room_stay_where_they_want_to_be() {
        assert_eq!(spread(&[30.0, 10.0, 60.0], 15.0, 0.0, 100.0), [30.0, 10.0, 60.0]);
    }

    #[test]
    fn labels_that_collide_move_apart_around_their_middle() {
        // The middle of 50, 50 and 54 is 51.3.
        let heights = spread(&[50.0, 50.0, 54.0], 10.0, 0.0, 100.0);
        assert!(
            heights.iter().zip([41.3, 51.3, 61.3]).all(|(height, near)| (height - near).abs() < 0.05),
            "{heights:?}"
        );
        assert_eq!(heights.len(), 3);
    }

    #[test]
    fn labels_stay_within_the_limits_and_come_closer_if_they_must() {
        assert_eq!(spread(&[99.0, 100.0], 10.0, 0.0, 100.0), [90.0, 100.0]);
        assert_eq!(spread(&[0.0; 6], 30.0, 0.0, 100.0), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(spread(&[7.0], 30.0, 0.0, 100.0), [7.0]);
        assert!(spread(&[], 30.0, 0.0, 100.0).is_empty());
    }
}
