//! How many wait for the shared resources over time, with a strip above them: what the critical path of one scale-up
//! waits for meanwhile.

use crate::experiment::explain::{ResourceUse, Step};
use crate::report::study::Study;
use crate::report::words::{count, duration};
use crate::time::Time;

use super::axis::{self, Scale};
use super::frame::{Frame, Plot};
use super::picture::{Anchor, Picture, at};
use super::resource_colours::ResourceColours;
use super::theme::{self, BAND, FAINT_INK, HEIGHT, Look, SMALL, STROKE};
use super::wording;

/// So many lines are drawn, those in which most time is spent.
const DRAWN: usize = 4;
/// The height of the strip, and its distance from the plot.
const STRIP: f64 = 14.0;
const APART: f64 = 12.0;

/// The chart of a case; `None` where it was not explained, or nobody ever waits.
pub fn picture(study: &Study, number: usize) -> Option<Picture> {
    let case = &study.explained(number)?;
    let mut longest: Vec<&ResourceUse> = case.why.resources.iter().filter(|used| used.longest_line >= 1.0).collect();
    longest.sort_by(|a, b| waited(b).total_cmp(&waited(a)));
    longest.truncate(DRAWN);
    let first = longest.first()?;
    let names: Vec<&str> = longest.iter().map(|used| used.resource.as_str()).collect();
    let colours = ResourceColours::of(&case.why);
    let looks: Vec<Look> = names.iter().map(|name| colours.look(name)).collect();
    let most = count(first.longest_line.round() as u64);
    let mut frame = Frame::new(HEIGHT, &format!("{}: up to {most} wait for {}", case.name, first.resource));
    frame.note("How many wait for each shared resource, mean of the first scale-ups; bands hold 90 % of them");
    if let Some((number, _)) = &case.why.told {
        frame.note(&format!(
            "The strip: which of them the critical path of replication {number} waits for; grey: for something else"
        ));
    }
    frame.legend(looks.iter().copied().zip(&names));
    frame.y += STRIP + APART;
    let plot = frame.plot(44.0, 6.0);
    let highest = longest.iter().flat_map(|used| &used.points).map(|point| point.waiting_band.1).fold(1.0, f64::max);
    let y = axis::vertical(&mut frame.picture, &plot, &axis::count_ticks(highest, 6));
    let until_s = first.points.last()?.at_s;
    let times = axis::elapsed(until_s);
    let x = times.across(&plot);
    axis::horizontal(&mut frame.picture, &plot, &x, &times.ticks, wording::SINCE_CREATION);
    for (used, look) in longest.iter().zip(&looks) {
        draw(&mut frame.picture, used, *look, &x, &y);
    }
    if let Some((_, steps)) = &case.why.told {
        strip(&mut frame.picture, steps, &names, &looks, &x, &plot);
    }
    let told = longest.iter().map(|used| {
        format!("{}: {} in its longest line, {} the longest wait", used.resource, used.longest_line.round(), wait(used))
    });
    let alt = format!("How many wait for the shared resources over time, {}; {}.", case.name, wording::list(told));
    Some(frame.finish(alt))
}

/// All waiting together: of points at equal distances, the sum stands for the time.
fn waited(used: &ResourceUse) -> f64 {
    used.points.iter().map(|point| point.waiting).sum()
}

fn wait(used: &ResourceUse) -> String {
    duration(used.longest_wait_s)
}

fn draw(picture: &mut Picture, used: &ResourceUse, look: Look, x: &Scale, y: &Scale) {
    let line = |of: fn(&crate::experiment::explain::UsePoint) -> f64| {
        used.points.iter().map(|point| at(x.place(point.at_s), y.place(of(point)))).collect::<Vec<_>>()
    };
    picture.group(&used.resource);
    picture.band(&line(|point| point.waiting_band.0), &line(|point| point.waiting_band.1), look.colour, BAND);
    picture.line(line(|point| point.waiting), look.colour, STROKE);
    for point in &used.points {
        let text = format!(
            "{} after {}: {:.1} wait, {:.1} are served",
            used.resource,
            duration(point.at_s),
            point.waiting,
            point.served
        );
        picture.hint(at(x.place(point.at_s), y.place(point.waiting)), text);
    }
    picture.group("");
}

/// The path, by the colours of what it waits for.
fn strip(picture: &mut Picture, steps: &[Step], names: &[&str], looks: &[Look], x: &Scale, plot: &Plot) {
    let bottom = plot.top - APART;
    picture.label(at(plot.left - 8.0, bottom - 0.5 * STRIP), Anchor::End, SMALL, FAINT_INK, "path");
    let place = |time: Time| x.place(time.since(Time::ZERO).as_secs_f64()).min(plot.right);
    for run in steps.chunk_by(|a, b| a.resource == b.resource) {
        let known = names.iter().position(|name| *name == run[0].resource);
        let colour = known.map_or(theme::GRID, |place| looks[place].colour);
        let (from, to) = (place(run[0].from), place(run[run.len() - 1].to));
        picture.rectangle(at(from, bottom - STRIP), at(to, bottom), colour, 1.0);
    }
}
