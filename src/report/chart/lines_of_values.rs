//! Time to ready against one number, a line for each value of the other keys.

use crate::report::study::Study;
use crate::report::words::duration;
use crate::time::Span;

use super::axis;
use super::cases;
use super::grid::Grid;
use super::labels::{self, Label};
use super::marks;
use super::picture::{Picture, Point, at};
use super::ready_times::{deadline_across, scale, ticks_of};
use super::theme::{self, Look, STROKE};
use super::wording;

/// More lines than this would hide one another: the heat map has them all.
const LINES_MAX: usize = 8;

/// The chart; absent if nothing became ready, or there are too many lines.
pub fn picture(study: &Study, grid: &Grid<'_>, along: usize) -> Option<Picture> {
    let (axis, rows) = (&grid.axes[along], grid.rows(along));
    if rows.len() > LINES_MAX {
        return None;
    }
    let numbers = axis.numbers.as_deref()?;
    let goal = study.cases[0].goal()?.stage.clone();
    let mean = |case: &usize| Some(study.cases[*case].goal()?.ready.as_ref()?.mean);
    let [fastest, slowest] = spread(study, &rows)?;
    let title = format!(
        "{} at {}: {} with {}, {} with {}",
        wording::capital(&goal),
        axis.named(numbers.len() - 1),
        duration(fastest.0),
        fastest.1,
        duration(slowest.0),
        slowest.1
    );
    let mut frame = cases::frame(study, &title, &wording::points(&study.results));
    frame.note(wording::UNTIL_READY);
    let deadline = study.deadline.map(Span::as_secs_f64);
    let latest = study.cases.iter().filter_map(|case| marks::latest(case.goal()?)).chain(deadline).fold(0.0, f64::max);
    let ticks = axis::time_ticks(latest, 7);
    let plot = frame.plot(46.0, labels::room(rows.iter().map(|(name, _)| name.as_str()), 220.0));
    let (x, y) = (scale(numbers, &plot), axis::vertical(&mut frame.picture, &plot, &ticks));
    axis::horizontal(&mut frame.picture, &plot, &x, &ticks_of(numbers), &axis.title());
    let picture = &mut frame.picture;
    let mut ends = Vec::new();
    for (number, (name, row)) in rows.iter().enumerate() {
        let look = Look { mark: theme::mark_in_order(number), ..Look::plain(theme::apart(number)) };
        picture.group(name);
        let value = |case: &usize| x.place(numbers[grid.places[*case][along]]);
        let points: Vec<(usize, Point)> =
            row.iter().filter_map(|case| Some((*case, at(value(case), y.place(mean(case)?))))).collect();
        picture.line(points.iter().map(|(_, point)| *point), look.colour, STROKE);
        for (case, point) in &points {
            let stage = study.cases[*case].goal()?;
            marks::mean(picture, *point, look, stage);
        }
        ends.extend(points.last().map(|(_, end)| Label { y: end.y, text: name.clone(), colour: look.colour }));
    }
    picture.group("");
    if let Some(deadline) = deadline {
        deadline_across(picture, &plot, &y, deadline);
    }
    labels::draw(picture, &plot, &ends);
    let told = rows.iter().map(|(name, row)| {
        let times: Vec<String> = row.iter().map(|case| wording::ready(study.cases[*case].goal())).collect();
        format!("{name}: {}", times.join(", "))
    });
    Some(frame.finish(format!("Time until {goal} is ready, by {}; {}.", axis.title(), wording::list(told))))
}

/// The fastest and the slowest row at the end of the axis.
fn spread(study: &Study, rows: &[(String, Vec<usize>)]) -> Option<[(f64, String); 2]> {
    let last = |(name, row): &(String, Vec<usize>)| {
        let ready = study.cases[*row.last()?].goal()?.ready.as_ref()?;
        Some((ready.mean, name.clone()))
    };
    let mut ends: Vec<(f64, String)> = rows.iter().filter_map(last).collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    Some([ends.first()?.clone(), ends.last()?.clone()])
}
