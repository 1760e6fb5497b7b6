//! Axes: from values to places, and the numbers written beside them.

use crate::report::words;

use super::font;
use super::frame::Plot;
use super::picture::{Anchor, Picture, at};
use super::theme::{FAINT_INK, GRID, INK, LINE_HEIGHT, SMALL};

/// Maps values to pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    values: (f64, f64),
    pixels: (f64, f64),
    logarithmic: bool,
}

impl Scale {
    /// A straight scale from the first value at the first pixel to the last at the last.
    pub const fn linear(values: (f64, f64), pixels: (f64, f64)) -> Self {
        Self { values, pixels, logarithmic: false }
    }

    /// A scale on which equal ratios are equally far apart; the values are above zero.
    pub const fn logarithmic(values: (f64, f64), pixels: (f64, f64)) -> Self {
        Self { values, pixels, logarithmic: true }
    }

    /// Whether equal ratios, not equal differences, are equally far apart.
    pub const fn is_logarithmic(&self) -> bool {
        self.logarithmic
    }

    /// The pixel of a value.
    pub fn place(&self, value: f64) -> f64 {
        let bend = |value: f64| if self.logarithmic { libm::log(value) } else { value };
        let (low, high) = (bend(self.values.0), bend(self.values.1));
        let share = if high > low { (bend(value) - low) / (high - low) } else { 0.5 };
        self.pixels.0 + share * (self.pixels.1 - self.pixels.0)
    }
}

/// A number on an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Its value, in the unit of the scale.
    pub value: f64,
    /// What is written there.
    pub label: String,
}

/// An axis: its ends, and its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticks {
    /// The numbers, in order.
    pub ticks: Vec<Tick>,
    /// The values at which the axis begins and ends.
    pub ends: (f64, f64),
}

impl Ticks {
    /// The scale of a horizontal axis.
    pub const fn across(&self, plot: &Plot) -> Scale {
        Scale::linear(self.ends, (plot.left, plot.right))
    }

    /// The scale of a vertical axis.
    pub const fn upward(&self, plot: &Plot) -> Scale {
        Scale::linear(self.ends, (plot.bottom, plot.top))
    }
}

/// Times from zero to exactly these seconds.
pub fn elapsed(seconds: f64) -> Ticks {
    let mut ticks = time_ticks(seconds, 9);
    ticks.ticks.retain(|tick| tick.value <= seconds * 1.000_001);
    Ticks { ends: (0.0, seconds.max(f64::MIN_POSITIVE)), ..ticks }
}

/// Times before and after zero, from a round one at or below `low` to one at or above `high`.
pub fn around_zero(low: f64, high: f64) -> Ticks {
    let step = time_step((high.max(0.0) - low.min(0.0)).max(1e-3), 6);
    let (first, last) = ((low / step - 1e-9).floor().min(0.0), (high / step + 1e-9).ceil().max(0.0));
    let last = if first == 0.0 && last == 0.0 { 1.0 } else { last };
    let tick = |number: i64| {
        let value = number as f64 * step;
        let sign = if number < 0 { "−" } else { "+" };
        let label = if number == 0 { "0".to_owned() } else { format!("{sign}{}", time_label(value.abs())) };
        Tick { value, label }
    };
    Ticks { ticks: (first as i64..=last as i64).map(tick).collect(), ends: (first * step, last * step) }
}

/// At most about `most` round times from zero to one at or above `seconds`.
pub fn time_ticks(seconds: f64, most: usize) -> Ticks {
    let step = time_step(seconds, most);
    let count = (seconds / step - 1e-9).ceil().max(1.0);
    times_by(step, 0, count as u64, (0.0, count * step))
}

/// The ends of an axis of time around what it shows, and at most about `most` round times between them.
pub fn times_between(low: f64, high: f64, most: usize) -> Ticks {
    let spread = (high - low).max(1e-3);
    let (low, high) = ((low - 0.06 * spread).max(0.0), high + 0.06 * spread);
    let step = time_step(high - low, most);
    times_by(step, (low / step).ceil() as u64, (high / step).floor() as u64, (low, high))
}

fn times_by(step: f64, first: u64, last: u64, ends: (f64, f64)) -> Ticks {
    let tick = |number: u64| {
        let value = number as f64 * step;
        Tick { value, label: time_label_by(value, step) }
    };
    Ticks { ticks: (first..=last).map(tick).collect(), ends }
}

/// The shortest round time of which at most about `most` make up `seconds`.
fn time_step(seconds: f64, most: usize) -> f64 {
    const STEPS: [f64; 21] = [
        1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_200.0, 1_800.0, 3_600.0, 7_200.0,
        10_800.0, 21_600.0, 43_200.0, 86_400.0, 172_800.0,
    ];
    let finest = seconds / most as f64;
    let round = || round_step(seconds, most);
    if finest < 1.0 { round() } else { STEPS.into_iter().find(|step| *step >= finest).unwrap_or_else(round) }
}

/// A round time with its unit, as short as it can be: `0`, `20ms`, `30s`, `2m 30s`, `1h 30m`.
pub fn time_label(seconds: f64) -> String {
    if seconds > 0.0 && (seconds < 1.0 || (seconds < 60.0 && seconds.fract() > 1e-6)) {
        return words::duration(seconds);
    }
    if seconds < 60.0 {
        return if seconds < 0.5 { "0".to_owned() } else { format!("{}s", seconds.round()) };
    }
    let whole = words::duration(seconds);
    let short = whole.strip_suffix(" 00s").unwrap_or(&whole);
    short.strip_suffix(" 00m").unwrap_or(short).to_owned()
}

/// The same between round times that are `step` apart: with as many digits as tell them apart.
fn time_label_by(seconds: f64, step: f64) -> String {
    if step >= 1.0 || seconds < 1.0 {
        return time_label(seconds);
    }
    let is_whole = |number: f64| (number - number.round()).abs() < 1e-6;
    let digits = (1..6).find(|digits| is_whole(step * libm::pow(10.0, f64::from(*digits)))).unwrap_or(6) as usize;
    let minutes = (seconds / 60.0 + 1e-9).floor();
    let rest = (seconds - 60.0 * minutes).max(0.0);
    if minutes < 1.0 {
        format!("{rest:.digits$}s")
    } else {
        format!("{minutes}m {rest:0width$.digits$}s", width = digits + 3)
    }
}

/// At most about `most` round whole numbers up to `largest`.
pub fn count_ticks(largest: f64, most: usize) -> Ticks {
    numbers(largest, round_step(largest, most).max(1.0))
}

/// The ends of an axis around amounts, from zero if that is not far, and at most about `most` round numbers between.
pub fn amounts_between(low: f64, high: f64, most: usize) -> Ticks {
    let spread = (high - low).max(1e-3 * high.abs()).max(1e-9);
    let low = if low < spread { 0.0 } else { low - 0.08 * spread };
    let (high, step) = (high + 0.08 * spread, round_step(high - low, most));
    let tick = |number: u64| Tick { value: number as f64 * step, label: label(number as f64 * step) };
    let (first, last) = ((low / step).ceil() as u64, (high / step).floor() as u64);
    Ticks { ticks: (first..=last).map(tick).collect(), ends: (low, high) }
}

/// Shares from 0 to 100 %, of a scale that ends at 1.
pub fn share_ticks() -> Ticks {
    let ticks = (0..=5).map(|fifth| Tick { value: f64::from(fifth) / 5.0, label: format!("{} %", fifth * 20) });
    Ticks { ticks: ticks.collect(), ends: (0.0, 1.0) }
}

fn numbers(largest: f64, step: f64) -> Ticks {
    let count = (largest / step - 1e-9).ceil().max(1.0) as u32;
    let tick = |number: u32| Tick { value: f64::from(number) * step, label: label(f64::from(number) * step) };
    Ticks { ticks: (0..=count).map(tick).collect(), ends: (0.0, f64::from(count) * step) }
}

/// One, two or five times a power of ten, so that at most `most` of them reach `largest`.
fn round_step(largest: f64, most: usize) -> f64 {
    let least = (largest / most as f64).max(f64::MIN_POSITIVE);
    let mut power = libm::pow(10.0, libm::log10(least).floor());
    loop {
        if let Some(step) = [1.0, 2.0, 5.0].map(|digit| digit * power).into_iter().find(|step| *step >= least) {
            return step;
        }
        power *= 10.0;
    }
}

/// A number with as many decimals as it needs, and its thousands apart.
pub fn label(number: f64) -> String {
    if number >= 1_000.0 {
        return words::count(number.round() as u64);
    }
    ((number * 1e6).round() / 1e6).to_string()
}

/// Draws the numbers and grid lines of the vertical axis; its scale.
pub fn vertical(picture: &mut Picture, plot: &Plot, ticks: &Ticks) -> Scale {
    let scale = ticks.upward(plot);
    for tick in &ticks.ticks {
        let y = scale.place(tick.value);
        picture.line([at(plot.left, y), at(plot.right, y)], GRID, 1.0);
        picture.label(at(plot.left - 8.0, y), Anchor::End, SMALL, FAINT_INK, &*tick.label);
    }
    scale
}

/// Draws the horizontal axis: its line, as many of its numbers as there is room for, and its title.
pub fn horizontal(picture: &mut Picture, plot: &Plot, scale: &Scale, ticks: &[Tick], title: &str) {
    picture.line([at(plot.left, plot.bottom), at(plot.right, plot.bottom)], FAINT_INK, 1.0);
    let base_line = plot.bottom + 6.0 + SMALL;
    for tick in fitting(picture, scale, ticks) {
        let x = scale.place(tick.value);
        picture.line([at(x, plot.bottom), at(x, plot.bottom + 4.0)], FAINT_INK, 1.0);
        let middle = x.min(f64::from(picture.width) - 2.0 - 0.5 * font::width(&tick.label, SMALL));
        picture.text(at(middle, base_line), Anchor::Middle, SMALL, FAINT_INK, &*tick.label);
    }
    let title = font::fit(title, SMALL, f64::from(picture.width) - plot.left - 8.0);
    let half = 0.5 * font::width(&title, SMALL);
    let middle = (0.5 * (plot.left + plot.right)).min(f64::from(picture.width) - 8.0 - half);
    picture.text(at(middle, base_line + LINE_HEIGHT), Anchor::Middle, SMALL, INK, title);
}

/// Grid lines at the numbers of a horizontal axis.
pub fn vertical_lines(picture: &mut Picture, plot: &Plot, scale: &Scale, ticks: &[Tick]) {
    for tick in ticks {
        let x = scale.place(tick.value);
        picture.line([at(x, plot.top), at(x, plot.bottom)], GRID, 1.0);
    }
}

/// The numbers that have room beside each other: the last one always, the others from the left.
fn fitting<'a>(picture: &Picture, scale: &Scale, ticks: &'a [Tick]) -> Vec<&'a Tick> {
    const GAP: f64 = 10.0;
    let extent = |tick: &Tick| {
        let (middle, half) = (scale.place(tick.value), 0.5 * font::width(&tick.label, SMALL));
        (middle - half, middle + half)
    };
    let Some((last, others)) = ticks.split_last() else { return vec![] };
    let mut kept: Vec<&Tick> = Vec::new();
    let mut free_from = 0.0;
    let room_until = extent(last).0.min(f64::from(picture.width)) - GAP;
    for tick in others {
        let (begin, end) = extent(tick);
        if begin >= free_from && end <= room_until {
            free_from = end + GAP;
            kept.push(tick);
        }
    }
    kept.push(last);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ticks: &Ticks) -> Vec<&str> {
        ticks.ticks.iter().map(|tick| tick.label.as_str()).collect()
    }

    #[test]
    fn times_carry_the_units_that_people_would_use() {
        let shown = |seconds| labels(&time_ticks(seconds, 6)).join(" ");
        assert_eq!(shown(0.045), "0 10ms 20ms 30ms 40ms 50ms");
        assert_eq!(shown(50.0), "0 10s 20s 30s 40s 50s");
        assert_eq!(shown(1_360.0), "0 5m 10m 15m 20m 25m");
        assert_eq!(shown(9_000.0), "0 30m 1h 1h 30m 2h 2h 30m");
        assert_eq!(shown(43_200.0), "0 2h 4h 6h 8h 10h 12h");
    }

    #[test]
    fn an_axis_around_zero_reaches_over_both_ends() {
        let ticks = around_zero(-130.0, 400.0);
        assert_eq!(labels(&ticks), ["−4m", "−2m", "0", "+2m", "+4m", "+6m", "+8m"]);
        assert!(ticks.ends.0 < -130.0 && ticks.ends.1 > 400.0);
    }

    #[test]
    fn an_axis_of_amounts_begins_at_zero_only_if_that_is_near() {
        assert_eq!(labels(&amounts_between(10.0, 95.0, 6)), ["0", "20", "40", "60", "80", "100"]);
        assert_eq!(labels(&amounts_between(90.0, 95.0, 5)), ["90", "92", "94"]);
    }

    #[test]
    fn times_less_than_a_second_apart_have_labels_of_their_own() {
        assert_eq!(labels(&times_between(1.01, 1.05, 3)), ["1.02s", "1.04s"]);
        assert_eq!(labels(&times_between(1_291.0, 1_291.5, 3)), ["21m 31.0s", "21m 31.2s", "21m 31.4s"]);
        assert_eq!(labels(&times_between(1_259.8, 1_260.3, 3)), ["20m 59.8s", "21m 00.0s", "21m 00.2s"]);
        assert_eq!(labels(&time_ticks(1.0, 5)), ["0", "200ms", "400ms", "600ms", "800ms", "1.0s"]);
    }

    #[test]
    fn counts_are_whole_and_round() {
        assert_eq!(labels(&count_ticks(300.0, 6)), ["0", "50", "100", "150", "200", "250", "300"]);
        assert_eq!(labels(&count_ticks(3.0, 6)), ["0", "1", "2", "3"]);
        assert_eq!(labels(&count_ticks(100_000.0, 4)), ["0", "50,000", "100,000"]);
        assert_eq!(labels(&count_ticks(0.0, 4)), ["0", "1"]);
    }

    #[test]
    fn scales_map_their_ends_to_their_ends() {
        for scale in [Scale::linear((1.0, 100.0), (10.0, 30.0)), Scale::logarithmic((1.0, 100.0), (10.0, 30.0))] {
            assert!((scale.place(1.0) - 10.0).abs() < 1e-9 && (scale.place(100.0) - 30.0).abs() < 1e-9);
        }
        assert!((Scale::logarithmic((1.0, 100.0), (10.0, 30.0)).place(10.0) - 20.0).abs() < 1e-9);
    }
}
