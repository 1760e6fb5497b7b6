//! What each key does by itself: a bar from the unchanged case to the smallest and the largest effect of its values.
//!
//! Must not know: what two keys do together.

use crate::report::sensitivity::{self, Effect};
use crate::report::study::Study;
use crate::report::words::{self, duration};

use super::axis::{self, Scale, Tick};
use super::font;
use super::frame::{Frame, MARGIN, Plot};
use super::picture::{Anchor, Picture, at};
use super::rows::ROWS_MAX;
use super::theme::{FAINT_INK, FASTER, INK, Look, SLOWER, SMALL};

/// The height of a row, and the room for values on both sides of the bars.
const ROW: f64 = 34.0;
const VALUE: f64 = 104.0;

/// A key and the effects of its values.
struct Bar<'a> {
    key: &'a str,
    low: &'a Effect,
    high: &'a Effect,
}

/// The chart; absent if the cases do not change one key each.
pub fn picture(study: &Study) -> Option<Picture> {
    let base = &study.cases[sensitivity::base(&study.results)?];
    let effects = sensitivity::effects(&study.results);
    let bars = bars(&effects);
    let shown = &bars[..bars.len().min(ROWS_MAX)];
    let goal = base.goal()?;
    let mut frame = Frame::new(300, &format!("What each key does by itself, {}", base.name));
    let time = goal.ready.as_ref().map_or("never".to_owned(), |ready| duration(ready.mean));
    frame.note(&format!(
        "{}: change of the time until {} is ready, {time} without a change; one key at a time, the same random numbers",
        study.results.scenario, goal.stage
    ));
    frame.legend(&[(Look::plain(FASTER), "faster"), (Look::plain(SLOWER), "slower")]);
    let widest = shown.iter().map(|bar| font::width(bar.key, SMALL)).fold(0.0, f64::max).min(250.0);
    let plot = frame.plot(widest + 8.0 + VALUE, VALUE);
    frame.picture.height = (plot.top + ROW * shown.len() as f64 + 48.0).ceil() as u32;
    let plot = frame.plot(widest + 8.0 + VALUE, VALUE);
    let low = shown.iter().map(|bar| bar.low.seconds).fold(0.0, f64::min);
    let high = shown.iter().map(|bar| bar.high.seconds).fold(0.0, f64::max);
    let (x, ticks, unit) = around_zero((low, high), &plot);
    axis::vertical_lines(&mut frame.picture, &plot, &x, &ticks);
    axis::horizontal(&mut frame.picture, &plot, &x, &ticks, &format!("Later or earlier ({unit})"));
    for (number, bar) in shown.iter().enumerate() {
        draw(&mut frame.picture, (&plot, &x), plot.top + ROW * (number as f64 + 0.5), bar);
    }
    frame.picture.line([at(x.place(0.0), plot.top), at(x.place(0.0), plot.bottom)], FAINT_INK, 1.4);
    let told =
        shown.iter().map(|bar| format!("{} from {} to {}", bar.key, signed(bar.low.seconds), signed(bar.high.seconds)));
    Some(frame.finish(format!("Effect of each key on the time to ready: {}.", told.collect::<Vec<_>>().join("; "))))
}

/// A bar for each key, the widest first.
fn bars(effects: &[Effect]) -> Vec<Bar<'_>> {
    let mut keys: Vec<&str> = Vec::new();
    for effect in effects {
        if !keys.contains(&effect.key.as_str()) {
            keys.push(&effect.key);
        }
    }
    let bar = |key: &&'_ str| {
        let of_key = || effects.iter().filter(|effect| effect.key == *key);
        let low = of_key().reduce(|low, effect| if effect.seconds < low.seconds { effect } else { low })?;
        let high = of_key().reduce(|high, effect| if effect.seconds > high.seconds { effect } else { high })?;
        Some(Bar { key: &low.key, low, high })
    };
    let mut bars: Vec<Bar<'_>> = keys.iter().filter_map(bar).collect();
    let width = |bar: &Bar<'_>| bar.high.seconds.max(0.0) - bar.low.seconds.min(0.0);
    bars.sort_by(|a, b| width(b).total_cmp(&width(a)));
    bars
}

fn draw(picture: &mut Picture, (plot, x): (&Plot, &Scale), y: f64, bar: &Bar<'_>) {
    let key = font::fit(bar.key, SMALL, plot.left - VALUE - 8.0 - MARGIN);
    picture.text(at(plot.left - VALUE - 8.0, y + 0.36 * SMALL), Anchor::End, SMALL, INK, key);
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
    for (number, effect) in ends.iter().enumerate() {
        let left = if ends.len() == 1 { effect.seconds < 0.0 } else { number == 0 };
        let edge = if left { x.place(effect.seconds.min(0.0)) - 6.0 } else { x.place(effect.seconds.max(0.0)) + 6.0 };
        let anchor = if left { Anchor::End } else { Anchor::Start };
        let value = font::fit(effect.value.trim_matches('"'), SMALL, VALUE - 10.0);
        picture.text(at(edge, y - 2.0), anchor, SMALL, INK, value);
        picture.text(at(edge, y + SMALL), anchor, 0.9 * SMALL, FAINT_INK, signed(effect.seconds));
    }
}

/// A scale around zero with its numbers, and the unit of these.
pub fn around_zero((low, high): (f64, f64), plot: &Plot) -> (Scale, Vec<Tick>, &'static str) {
    let widest = low.abs().max(high.abs()).max(1e-3);
    let ticks = axis::time_ticks(widest, 4);
    let step = ticks.ticks.get(1).map_or(widest, |tick| tick.value);
    let (low, high) = ((low / step - 1e-9).floor().min(0.0) * step, (high / step + 1e-9).ceil().max(0.0) * step);
    let high = if low == 0.0 && high == 0.0 { step } else { high };
    let negative =
        ticks.ticks.iter().skip(1).rev().map(|tick| Tick { value: -tick.value, label: format!("−{}", tick.label) });
    let all = negative.chain(ticks.ticks.iter().cloned());
    let inside = all.filter(|tick| tick.value >= low - 1e-6 && tick.value <= high + 1e-6).collect();
    (Scale::linear((low, high), (plot.left, plot.right)), inside, ticks.unit)
}

/// A difference with its sign: `+2m 10s`, `−4.2s`.
pub fn signed(seconds: f64) -> String {
    let text = words::duration(seconds.abs());
    if seconds < 0.0 { format!("−{text}") } else { format!("+{text}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_have_their_sign() {
        assert_eq!([-4.2, 130.0, 0.0].map(signed), ["−4.2s", "+2m 10s", "+0ms"]);
    }

    #[test]
    fn the_scale_reaches_over_both_ends_and_shows_zero() {
        let plot = Plot { left: 0.0, right: 100.0, top: 0.0, bottom: 10.0 };
        let (scale, ticks, unit) = around_zero((-130.0, 400.0), &plot);
        let labels: Vec<&str> = ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!((labels, unit), (vec!["−4", "−2", "0", "2", "4", "6", "8"], "minutes"));
        assert!(scale.place(-130.0) > 0.0 && scale.place(400.0) < 100.0);
    }
}
