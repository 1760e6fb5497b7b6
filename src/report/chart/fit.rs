//! What is documented, and what was simulated for it with the values before a fit and after it.

use crate::experiment::{Calibration, Judged};
use crate::report::tables;
use crate::report::words::{self, duration};
use crate::scenario::{Demand, Measure};

use super::Chart;
use super::axis;
use super::frame::Frame;
use super::picture::{Picture, at};
use super::row_chart::{ROWS_MAX, Room, RowChart};
use super::theme::{FAINT_INK, FASTER, GREY, INK, Look};
use super::wording;

/// Half the height of what is documented, in pixels.
const HALF: f64 = 9.0;

/// A row of the chart.
struct FitRow<'a> {
    fitted: &'a Judged,
    before: Option<&'a Judged>,
}

/// The chart of all points that have a time and an end; `None` without one.
pub fn chart(scenario: &str, found: &Calibration) -> Option<Chart> {
    let picture = picture(scenario, found)?;
    Some(Chart { name: "fit".to_owned(), data: "", picture })
}

fn picture(scenario: &str, found: &Calibration) -> Option<Picture> {
    let rows = rows(found);
    let latest = rows.iter().filter_map(FitRow::latest).reduce(f64::max)?;
    let title = format!("{scenario}: with the fitted values {}", tables::met(&found.points));
    let mut frame = Frame::new(0, &title);
    frame.note(
        "Grey: what is documented, with its middle where there is one. Hollow: the values that the scenario had. Filled: \
         the fitted ones, with other random numbers than they were fitted with; their mean is at the end.",
    );
    let names: Vec<String> = rows.iter().map(FitRow::name).collect();
    let ticks = axis::elapsed(latest);
    let mut chart = RowChart::new(frame, &names, Room { after: 70.0, ..Room::TIMES }, &ticks, "after the other stage");
    for (number, row) in rows.iter().enumerate() {
        draw(&mut chart, number, row, latest);
    }
    let told = rows.iter().map(|row| format!("{} {}", row.name(), row.words()));
    let alt = format!("Documented and simulated, before and after a fit: {}.", wording::list(told));
    Some(chart.frame.finish(alt))
}

/// One row for each time, those of one overhead together.
fn rows(found: &Calibration) -> Vec<FitRow<'_>> {
    let is_row = |judged: &&Judged| judged.point.demand != Demand::Grows && !judged.point.measure.is_count();
    let before = |fitted: &Judged| found.before.iter().find(|before| before.point == fitted.point);
    let mut rows: Vec<FitRow> =
        found.points.iter().filter(is_row).map(|fitted| FitRow { fitted, before: before(fitted) }).collect();
    let mut measures: Vec<&Measure> = Vec::new();
    for row in &rows {
        if !measures.contains(&&row.fitted.point.measure) {
            measures.push(&row.fitted.point.measure);
        }
    }
    rows.sort_by_key(|row| measures.iter().position(|known| **known == row.fitted.point.measure));
    rows.truncate(ROWS_MAX);
    rows
}

fn mean(judged: &Judged) -> Option<f64> {
    judged.simulated.first()?.mean
}

impl FitRow<'_> {
    fn name(&self) -> String {
        let point = &self.fitted.point;
        format!("{}, {}", words::measure(&point.measure), tables::size(point))
    }

    fn latest(&self) -> Option<f64> {
        let (low, high) = self.fitted.point.demand.ends();
        let means = [mean(self.fitted), self.before.and_then(mean)];
        [low, high].into_iter().chain(means).flatten().reduce(f64::max)
    }

    /// `7m 34s, 7m 47s before`.
    fn words(&self) -> String {
        let shown = |judged| mean(judged).map_or("never".to_owned(), duration);
        let before = self.before.map_or(String::new(), |before| format!(", {} before", shown(before)));
        format!("{}{before}", shown(self.fitted))
    }
}

fn draw(chart: &mut RowChart, number: usize, row: &FitRow, latest: f64) {
    let time = mean(row.fitted).map_or("never".to_owned(), duration);
    chart.ending(number, &time);
    let (x, y) = (chart.x, chart.y(number));
    let picture = &mut chart.frame.picture;
    let demand = row.fitted.point.demand;
    let (low, high) = demand.ends();
    let (left, right) = (x.place(low.unwrap_or(0.0)), x.place(high.unwrap_or(latest)));
    picture.rectangle(at(left, y - HALF), at(right, y + HALF), GREY, 0.4);
    if let Some(middle) = demand.middle() {
        let x = x.place(middle);
        picture.line([at(x, y - HALF), at(x, y + HALF)], FAINT_INK, 1.6);
    }
    if let Some(before) = row.before.and_then(mean) {
        Look::plain(INK).hollow_mark(picture, at(x.place(before), y));
    }
    if let Some(fitted) = mean(row.fitted) {
        let place = at(x.place(fitted), y);
        Look::plain(FASTER).mark(picture, place);
        picture.hint(place, format!("{}: {}", row.name(), row.words()));
    }
}
