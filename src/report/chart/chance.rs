//! The chance to be ready by the deadline against a number that the cases differ in, usually the cluster's size.

use crate::report::deadline::StageDeadline;
use crate::report::study::Study;
use crate::report::words::percent;

use super::axis;
use super::cases;
use super::grid::Grid;
use super::labels::{self, Label};
use super::picture::{Picture, Point, at};
use super::ready_times::{scale, ticks_of};
use super::theme::{self, FAINT_INK, Look, STROKE};
use super::wording;

/// More lines than this would hide one another.
const LINES_MAX: usize = 8;

/// The chart; absent without a deadline, with a single scale-up, or where no number tells the cases apart.
pub fn picture(study: &Study) -> Option<Picture> {
    let deadline = study.deadline.filter(|_| study.results.replications > 1)?;
    let grid = Grid::of(study)?;
    let along = grid.along()?;
    let (axis, rows) = (&grid.axes[along], grid.rows(along));
    let numbers = axis.numbers.as_deref()?;
    if rows.len() > LINES_MAX {
        return None;
    }
    let chances: Vec<StageDeadline> =
        study.cases.iter().map(|case| Some(case.deadline.as_ref()?.goal().clone())).collect::<Option<_>>()?;
    let chance = |case: usize| chances[case].clone();
    let note = format!(
        "share of scale-ups with {} ready within {deadline}; upright lines: where it is with 95 % confidence",
        study.cases[0].goal()?.stage
    );
    let mut frame = cases::frame(study, &finding(study, &grid, along, &rows, &chance), &note);
    let names: Vec<&str> = rows.iter().map(|(name, _)| name.as_str()).collect();
    let plot = frame.plot(46.0, labels::room(names, 220.0));
    let (x, y) = (scale(numbers, &plot), axis::vertical(&mut frame.picture, &plot, &axis::share_ticks()));
    axis::horizontal(&mut frame.picture, &plot, &x, &ticks_of(numbers), &axis.title());
    let needed = y.place(0.95);
    frame.picture.line([at(plot.left, needed), at(plot.right, needed)], FAINT_INK, 1.0);
    let (mut ends, mut told) = (Vec::new(), Vec::new());
    for (number, (name, row)) in rows.iter().enumerate() {
        let look = Look { mark: theme::mark_in_order(number), ..Look::plain(theme::apart(number)) };
        let place = |case: usize, share: f64| at(x.place(numbers[grid.places[case][along]]), y.place(share));
        let points: Vec<(usize, StageDeadline)> = row.iter().map(|case| (*case, chance(*case))).collect();
        let picture = &mut frame.picture;
        let line: Vec<Point> = points.iter().map(|(case, chance)| place(*case, chance.probability)).collect();
        picture.line(line.iter().copied(), look.colour, STROKE);
        for (case, chance) in &points {
            let ends = [chance.interval.low, chance.interval.high].map(|end| place(*case, end));
            picture.line(ends, look.colour, 1.2);
            let here = place(*case, chance.probability);
            look.mark(picture, here);
            let (low, high) = (percent(chance.interval.low), percent(chance.interval.high));
            let share = percent(chance.probability);
            let text = format!("{}: {share} in time (95 %: {low} to {high})", study.cases[*case].name);
            picture.hint(here, &*text);
            told.push(text);
        }
        ends.extend(line.last().map(|end| Label { y: end.y, text: name.clone(), colour: look.colour }));
    }
    labels::draw(&mut frame.picture, &plot, &ends.into_iter().filter(|end| !end.text.is_empty()).collect::<Vec<_>>());
    Some(frame.finish(format!("Chance to be ready within {deadline}: {}.", wording::list(told))))
}

/// `The largest with 95 % of scale-ups ready within 20m 00s: 200 nodes`.
fn finding(
    study: &Study,
    grid: &Grid<'_>,
    along: usize,
    rows: &[(String, Vec<usize>)],
    chance: &dyn Fn(usize) -> StageDeadline,
) -> String {
    let deadline = study.deadline.map_or(String::new(), |deadline| deadline.to_string());
    let enough = |case: &usize| chance(*case).probability >= 0.95;
    let best = rows.iter().filter_map(|(_, row)| row.iter().rev().find(|case| enough(case)));
    let axis = &grid.axes[along];
    match best.max_by_key(|case| grid.places[**case][along]) {
        None => format!("Nowhere are 95 % of scale-ups ready within {deadline}"),
        Some(case) => {
            let most = axis.named(grid.places[*case][along]);
            format!("The largest with 95 % of scale-ups ready within {deadline}: {most}")
        }
    }
}
