//! What each key does by itself: a bar from the unchanged case to the smallest and the largest effect of its values.

use crate::report::sensitivity::{self, Effect};
use crate::report::study::Study;

use super::axis;
use super::font;
use super::frame::Frame;
use super::picture::{Anchor, Picture, at};
use super::row_chart::{ROWS_MAX, Room, RowChart};
use super::theme::{FAINT_INK, FASTER, HEIGHT, INK, Look, SLOWER, SMALL};
use super::wording::{self, signed};

/// The room for values on both sides of the bars.
const VALUE: f64 = 104.0;

/// A key and the effects of its values.
struct Bar<'a> {
    low: &'a Effect,
    high: &'a Effect,
}

/// The chart; absent if the cases do not change one key each.
pub fn picture(study: &Study) -> Option<Picture> {
    let base = &study.cases[sensitivity::base(&study.results)?];
    let effects = sensitivity::effects(&study.results);
    let bars = bars(&effects);
    let goal = base.goal()?;
    let mut frame = Frame::new(HEIGHT, &format!("What each key does by itself, {}", base.name));
    frame.note(&format!(
        "{}: change of the time until {} is ready, {} without a change; one key at a time, the same random numbers",
        study.results.scenario,
        goal.stage,
        wording::ready(Some(goal))
    ));
    frame.legend_of_areas([(Look::plain(FASTER), "faster"), (Look::plain(SLOWER), "slower")]);
    let low = bars.iter().map(|bar| bar.low.seconds).fold(0.0, f64::min);
    let high = bars.iter().map(|bar| bar.high.seconds).fold(0.0, f64::max);
    let ticks = axis::around_zero(low, high);
    let keys: Vec<&str> = bars.iter().map(|bar| bar.low.key.as_str()).collect();
    let room = Room { height: 34.0, name: SMALL, before: VALUE, after: VALUE };
    let mut chart = RowChart::new(frame, &keys, room, &ticks, &format!("Later or earlier ({})", ticks.unit));
    for (number, bar) in bars.iter().enumerate() {
        draw(&mut chart, number, bar);
    }
    chart.zero_line();
    let told = bars
        .iter()
        .map(|bar| format!("{} from {} to {}", bar.low.key, signed(bar.low.seconds), signed(bar.high.seconds)));
    let alt = format!("Effect of each key on the time to ready: {}.", wording::list(told));
    Some(chart.frame.finish(alt))
}

/// A bar for each key, the widest first.
fn bars(effects: &[Effect]) -> Vec<Bar<'_>> {
    let mut bars: Vec<Bar<'_>> = Vec::new();
    for effect in effects {
        match bars.iter_mut().find(|bar| bar.low.key == effect.key) {
            Some(bar) if effect.seconds < bar.low.seconds => bar.low = effect,
            Some(bar) if effect.seconds > bar.high.seconds => bar.high = effect,
            Some(_) => {}
            None => bars.push(Bar { low: effect, high: effect }),
        }
    }
    let width = |bar: &Bar<'_>| bar.high.seconds.max(0.0) - bar.low.seconds.min(0.0);
    bars.sort_by(|a, b| width(b).total_cmp(&width(a)));
    bars.truncate(ROWS_MAX);
    bars
}

fn draw(chart: &mut RowChart, row: usize, bar: &Bar<'_>) {
    let (x, y) = (chart.x, chart.y(row));
    let picture = &mut chart.frame.picture;
    let zero = x.place(0.0);
    let mut ends = if bar.low.case == bar.high.case { vec![bar.low] } else { vec![bar.low, bar.high] };
    for effect in &ends {
        let end = x.place(effect.seconds);
        let colour = if effect.seconds < 0.0 { FASTER } else { SLOWER };
        picture.rectangle(at(zero.min(end), y - 9.0), at(zero.max(end), y + 9.0), colour, 0.85);
        let value = effect.value.trim_matches('"');
        picture.hint(at(end, y), format!("{} = {value}: {}", effect.key, signed(effect.seconds)));
    }
    // The values stand outside the bars: the lower effect's on the left, the higher one's on the right. Of two on the
    // same side, only the larger one has room.
    if bar.high.seconds <= 0.0 {
        ends.truncate(1);
    } else if bar.low.seconds >= 0.0 && ends.len() > 1 {
        ends.remove(0);
    }
    for effect in ends {
        let left = effect.seconds < 0.0;
        let (anchor, away) = if left { (Anchor::End, -6.0) } else { (Anchor::Start, 6.0) };
        let edge = x.place(effect.seconds) + away;
        let value = font::fit(effect.value.trim_matches('"'), SMALL, VALUE - 10.0);
        picture.text(at(edge, y - 2.0), anchor, SMALL, INK, value);
        picture.text(at(edge, y + SMALL), anchor, 0.9 * SMALL, FAINT_INK, signed(effect.seconds));
    }
}
