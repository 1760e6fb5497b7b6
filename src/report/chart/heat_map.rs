//! The cases of a grid as fields: how long each takes, from light to dark.

use crate::report::study::Study;
use crate::report::words::{duration, plural};

use super::cases;
use super::font;
use super::frame::{Frame, MARGIN};
use super::grid::Grid;
use super::picture::{Anchor, Picture, at};
use super::theme::{self, Colour, FAINT_INK, GRID, INK, LABEL, PAPER, SMALL, WIDTH};
use super::wording;

/// More rows than this are left out.
const ROWS_MAX: usize = 40;
/// The height of a field.
const HIGH: f64 = 30.0;

/// The chart; absent unless the cases differ in two keys or more.
pub fn picture(study: &Study) -> Option<Picture> {
    let grid = Grid::of(study)?;
    let along = columns(&grid)?;
    let rows = grid.rows(along);
    let seconds = |case: usize| Some(study.cases[case].goal()?.ready.as_ref()?.mean);
    let times: Vec<f64> = (0..study.cases.len()).filter_map(seconds).collect();
    let end = |of: fn(f64, f64) -> f64| times.iter().copied().reduce(of).unwrap_or(0.0);
    let ends = (end(f64::min), end(f64::max));
    let ranked = study.ranked();
    let [best, worst] = [ranked[0], *ranked.last()?];
    let goal = &study.cases[best].goal()?.stage;
    let [fast, slow] = [best, worst].map(|case| wording::ready(study.cases[case].goal()));
    let title = match times.len() {
        0 => format!("{} is never ready in any of {}", wording::capital(goal), plural(ranked.len() as u64, "case")),
        _ => format!("{} ready after {fast} at best, {slow} at worst", wording::capital(goal)),
    };
    let mut frame = cases::frame(study, &title, &wording::points(&study.results));
    if !times.is_empty() {
        let [best, worst] = [best, worst].map(|case| cases::short_name(&study.results, &study.results.cases[case]));
        frame.note(&format!("Best: {best}. Worst: {worst}."));
    }
    if rows.len() > ROWS_MAX {
        frame.note(&format!("The first {ROWS_MAX} of {} rows; all are in times.csv", rows.len()));
    }
    let rows = &rows[..rows.len().min(ROWS_MAX)];
    let names: Vec<&str> = rows.iter().map(|(name, _)| name.as_str()).collect();
    let fields = Fields::new(&mut frame, &grid, along, &names, &duration(ends.1));
    for (row, (name, of_row)) in rows.iter().enumerate() {
        for case in of_row {
            let time = seconds(*case);
            let (colour, text) = match time {
                Some(time) => (shade(time, ends), duration(time)),
                None => (PAPER, "never".to_owned()),
            };
            let words = match time {
                Some(time) => format!("{}: {}", study.cases[*case].name, duration(time)),
                None => format!("{}: never ready", study.cases[*case].name),
            };
            fields.draw(&mut frame.picture, (row, grid.places[*case][along]), (colour, &text), words);
        }
        fields.name(&mut frame.picture, row, name);
    }
    let told = rows.iter().map(|(name, of_row)| {
        let times: Vec<String> = of_row.iter().map(|case| wording::ready(study.cases[*case].goal())).collect();
        format!("{name}: {}", times.join(", "))
    });
    let alt = format!("Time until {goal} is ready, by {} across; {}.", grid.axes[along].title(), wording::list(told));
    Some(frame.finish(alt))
}

/// The axis that goes across: the cluster's size, or else the one with most values.
fn columns(grid: &Grid<'_>) -> Option<usize> {
    let most = (0..grid.axes.len()).max_by_key(|axis| grid.axes[*axis].values.len());
    (grid.axes.len() > 1).then(|| grid.along().or(most)).flatten()
}

/// From light, fast, to dark, slow.
fn shade(seconds: f64, (fastest, slowest): (f64, f64)) -> Colour {
    let share = if slowest > fastest { (seconds - fastest) / (slowest - fastest) } else { 0.0 };
    theme::tint(theme::SLOW, 0.12 + 0.88 * share)
}

/// Where the fields are.
struct Fields {
    left: f64,
    top: f64,
    wide: f64,
    high: f64,
    /// Whether names stand above their rows.
    above: bool,
    /// Whether times fit into the fields.
    says: bool,
}

impl Fields {
    /// Makes room for them, and draws their axis.
    fn new(frame: &mut Frame, grid: &Grid<'_>, along: usize, names: &[&str], longest: &str) -> Self {
        let axis = &grid.axes[along];
        let widest = names.iter().map(|name| font::width(name, LABEL)).fold(0.0, f64::max);
        let above = widest > 170.0;
        let left = if above { MARGIN } else { MARGIN + widest + 10.0 };
        let wide = ((f64::from(WIDTH) - MARGIN - left) / axis.values.len() as f64).min(110.0);
        let high = if above { HIGH + 18.0 } else { HIGH };
        let says = wide >= font::width(longest, SMALL) + 4.0;
        let fields = Self { left, top: frame.y + 44.0, wide, high, above, says };
        frame.picture.height = (fields.top + high * names.len() as f64 + MARGIN).ceil() as u32;
        let title = font::fit(&axis.title(), SMALL, f64::from(WIDTH) - left - MARGIN);
        frame.picture.text(at(left, frame.y + 18.0), Anchor::Start, SMALL, INK, title);
        let mut free_from = 0.0;
        for place in 0..axis.values.len() {
            let label = axis.label(place);
            let (middle, half) = (left + wide * (place as f64 + 0.5), 0.5 * font::width(&label, SMALL));
            let fits = middle - half >= free_from && middle + half <= f64::from(WIDTH) - 4.0;
            if fits {
                free_from = middle + half + 6.0;
                frame.picture.text(at(middle, frame.y + 37.0), Anchor::Middle, SMALL, FAINT_INK, label);
            }
        }
        fields
    }

    fn draw(
        &self,
        picture: &mut Picture,
        (row, column): (usize, usize),
        (colour, text): (Colour, &str),
        words: String,
    ) {
        let bottom = self.top + self.high * (row as f64 + 1.0);
        let (left, top) = (self.left + self.wide * column as f64, bottom - HIGH);
        picture.rectangle(at(left, top), at(left + self.wide, bottom), GRID, 1.0);
        picture.rectangle(at(left + 0.6, top + 0.6), at(left + self.wide - 0.6, bottom - 0.6), colour, 1.0);
        let middle = at(left + 0.5 * self.wide, top + 0.5 * HIGH);
        if self.says {
            picture.label(middle, Anchor::Middle, SMALL, theme::ink_on(colour), text);
        }
        picture.hint(middle, words);
    }

    fn name(&self, picture: &mut Picture, row: usize, name: &str) {
        let bottom = self.top + self.high * (row as f64 + 1.0);
        if self.above {
            let name = font::fit(name, LABEL, f64::from(WIDTH) - 2.0 * MARGIN);
            picture.label(at(self.left, bottom - HIGH - 9.0), Anchor::Start, LABEL, INK, name);
        } else {
            picture.label(at(self.left - 8.0, bottom - 0.5 * HIGH), Anchor::End, LABEL, INK, name);
        }
    }
}
