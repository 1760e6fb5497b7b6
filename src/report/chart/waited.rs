//! What holds the critical path of the last stage as stacked bars, a bar for each case: how it shifts with the size.

use crate::experiment::holders::StagePath;
use crate::report::explained::what;
use crate::report::study::Study;
use crate::report::words::{duration, percent};

use super::axis;
use super::cases::short_name;
use super::font;
use super::frame::Frame;
use super::picture::{Anchor, Picture, at};
use super::row_chart::{ROWS_MAX, Room, RowChart};
use super::theme::{self, Look, SMALL};
use super::wording;

/// So many of what holds paths have a colour of their own; the rest is one part.
const NAMED: usize = 5;
const REST: &str = "everything else";
/// Half the height of a bar.
const HALF: f64 = 9.5;

/// A case: its name, and the path of its last stage.
type WaitedRow<'a> = (String, &'a StagePath);

/// The chart of a study; absent where no path is known.
pub fn picture(study: &Study) -> Option<Picture> {
    let cases = study.cases.iter().zip(&study.results.cases).take(ROWS_MAX);
    let rows: Vec<WaitedRow<'_>> =
        cases.filter_map(|(case, result)| Some((short_name(&study.results, result), case.paths.last()?))).collect();
    stacked(&rows, &study.results.scenario)
}

fn stacked(rows: &[WaitedRow<'_>], scenario: &str) -> Option<Picture> {
    let longest = rows.iter().filter_map(|(_, path)| path.mean_ready_s()).reduce(f64::max)?;
    let (_, first) = rows.first()?;
    let names = most(rows);
    let looks = theme::looks(&names);
    let mut frame = Frame::new(0, &title(rows));
    frame.note(&format!(
        "{scenario}: what {} waits for along its critical path, mean of the first scale-ups",
        first.stage
    ));
    frame.legend_of_areas(looks.iter().copied().zip(&names));
    let ticks = axis::elapsed(longest);
    let labels: Vec<&str> = rows.iter().map(|(name, _)| if rows.len() == 1 { "" } else { name.as_str() }).collect();
    let mut chart = RowChart::new(frame, &labels, Room::TIMES, &ticks, wording::SINCE_CREATION);
    for (place, (_, path)) in rows.iter().enumerate() {
        let whole = path.mean_ready_s();
        chart.ending(place, &whole.map_or("never".to_owned(), duration));
        let mut from = 0.0;
        for ((name, look), seconds) in names.iter().zip(&looks).zip(parts(path, &names)) {
            draw(&mut chart, place, name, *look, (from, from + seconds));
            from += seconds;
        }
    }
    let told = rows.iter().map(|(case, path)| {
        let parts = names.iter().zip(parts(path, &names)).filter(|(_, seconds)| *seconds > 0.0);
        let parts: Vec<String> = parts.map(|(name, seconds)| format!("{name} {}", duration(seconds))).collect();
        format!("{case}: {}", if parts.is_empty() { "never ready".to_owned() } else { parts.join(", ") })
    });
    let alt = format!("What {} of {scenario} waits for; {}.", first.stage, wording::list(told));
    Some(chart.frame.finish(alt))
}

/// `300 nodes: waited most for the work of rok-operator, 22.1 %`.
fn title(rows: &[WaitedRow<'_>]) -> String {
    let last = rows.iter().rev().find_map(|(name, path)| Some((name, path.holders.first()?)));
    last.map_or(String::new(), |(name, holder)| {
        let most = format!("aited most for {}, {}", what(&holder.resource, holder.cause), percent(holder.share));
        if rows.len() == 1 { format!("W{most}") } else { format!("{name}: w{most}") }
    })
}

/// What holds most of all paths together, the longest first, and the rest.
fn most(rows: &[WaitedRow<'_>]) -> Vec<String> {
    let mut sums: Vec<(String, f64)> = Vec::new();
    for holder in rows.iter().flat_map(|(_, path)| &path.holders) {
        let name = what(&holder.resource, holder.cause);
        match sums.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum += holder.mean_s,
            None => sums.push((name, holder.mean_s)),
        }
    }
    sums.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    sums.into_iter().take(NAMED).map(|(name, _)| name).chain([REST.to_owned()]).collect()
}

/// The seconds of each of `names`, the last of which is the rest.
fn parts(path: &StagePath, names: &[String]) -> Vec<f64> {
    let mut parts = vec![0.0; names.len()];
    for holder in &path.holders {
        let name = what(&holder.resource, holder.cause);
        let place = names.iter().position(|known| *known == name).unwrap_or(names.len() - 1);
        parts[place] += holder.mean_s;
    }
    parts
}

fn draw(chart: &mut RowChart, row: usize, name: &str, look: Look, (from, to): (f64, f64)) {
    let (left, right, y) = (chart.x.place(from), chart.x.place(to), chart.y(row));
    let (length, middle) = (duration(to - from), at(0.5 * (left + right), y));
    if to <= from {
        return;
    }
    let picture = &mut chart.frame.picture;
    picture.group(name);
    picture.rectangle(at(left, y - HALF), at(right, y + HALF), look.colour, 1.0);
    if right - left > font::width(&length, SMALL) + 8.0 {
        picture.label(middle, Anchor::Middle, SMALL, theme::ink_on(look.colour), &*length);
    }
    picture.hint(middle, format!("{name}: {length}"));
    picture.group("");
}
