//! Differences between scenarios with their intervals, around no difference.

use crate::report::study::{GoalDifference, Study};

use super::axis;
use super::frame::Frame;
use super::marks;
use super::picture::{Picture, at};
use super::row_chart::{ROWS_MAX, Room, RowChart};
use super::theme::{Colour, FASTER, HEIGHT, LABEL, Look, SLOWER, UNDECIDED};
use super::wording::{self, signed};

/// The chart; absent if nothing is compared.
pub fn picture(study: &Study) -> Option<Picture> {
    let shown = &study.differences[..study.differences.len().min(ROWS_MAX)];
    if shown.is_empty() {
        return None;
    }
    let mut frame = Frame::new(HEIGHT, "Which is faster, and by how much");
    let goal = study.cases.first().and_then(|case| case.goal()).map_or("everything", |goal| goal.stage.as_str());
    frame.note(&format!(
        "Difference of the time until {goal} is ready: mean and 95 % interval, with the same random numbers"
    ));
    let entries = [(FASTER, "faster"), (SLOWER, "slower"), (UNDECIDED, "not told apart")];
    frame.legend(entries.map(|(colour, name)| (Look::plain(colour), name)));
    let ends = shown.iter().flat_map(|row| [row.low_s.unwrap_or(row.mean_s), row.high_s.unwrap_or(row.mean_s)]);
    let (low, high) = ends.fold((0.0_f64, 0.0_f64), |(low, high), end| (low.min(end), high.max(end)));
    let ticks = axis::around_zero(low, high);
    let names: Vec<&str> = shown.iter().map(|row| row.label.as_str()).collect();
    let room = Room { height: 28.0, name: LABEL, before: 0.0, after: 170.0 };
    let title = format!("Difference ({}); left of 0: faster", ticks.unit);
    let mut chart = RowChart::new(frame, &names, room, &ticks, &title);
    chart.zero_line();
    for (number, row) in shown.iter().enumerate() {
        draw(&mut chart, number, row);
    }
    let told = shown.iter().map(|row| format!("{} {}", row.label, signed(row.mean_s)));
    let alt = format!("Differences of the time to ready: {}.", wording::list(told));
    Some(chart.frame.finish(alt))
}

fn draw(chart: &mut RowChart, number: usize, row: &GoalDifference) {
    let amount = format!("{}{}", signed(row.mean_s), wording::half(row.mean_s, row.high_s));
    chart.ending(number, &amount);
    let (x, y, colour) = (chart.x, chart.y(number), colour(row));
    let place = |seconds: f64| at(x.place(seconds), y);
    let picture = &mut chart.frame.picture;
    if let (Some(low), Some(high)) = (row.low_s, row.high_s) {
        marks::interval(picture, place(low), place(high), colour, 2.0);
    }
    Look::plain(colour).mark(picture, place(row.mean_s));
    picture.hint(place(row.mean_s), format!("{}: {amount}", row.label));
}

fn colour(row: &GoalDifference) -> Colour {
    match (row.low_s, row.high_s) {
        (_, Some(high)) if high < 0.0 => FASTER,
        (Some(low), _) if low > 0.0 => SLOWER,
        _ => UNDECIDED,
    }
}
