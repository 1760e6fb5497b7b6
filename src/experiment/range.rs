//! `START..END:STEP` as a list of values: numbers, and numbers with a unit.

use crate::scenario::duration_text;
use crate::scenario::read_duration;
use crate::time::Span;

/// Values of one range, at most.
const VALUES_MAX: u128 = 1000;
/// Digits of a number, at most.
const DIGITS_MAX: usize = 18;

/// The values of a range, both ends included where the steps meet them; `None` for what is no range. Without a step,
/// whole numbers go up by one.
///
/// # Errors
/// What is wrong with the range and what to write, for people.
pub(super) fn expand(text: &str) -> Option<Result<Vec<String>, String>> {
    if text.starts_with(['"', '\'', '[', '{']) {
        return None;
    }
    let meant = meant(text).filter(|meant| values(meant).is_some());
    if !text.contains("..") && meant.is_none() {
        return None;
    }
    Some(values(text).ok_or_else(|| {
        let write = meant.unwrap_or_else(|| {
            format!(
                "START..END, or START..END:STEP with a step upwards and at most {VALUES_MAX} values, such as 1..8, \
                 100..1000:100 or 10s..60s:10s"
            )
        });
        format!("{text} is not a range; write {write}")
    }))
}

fn values(text: &str) -> Option<Vec<String>> {
    let (start, rest) = text.split_once("..")?;
    let (end, step) = rest.split_once(':').unwrap_or((rest, "1"));
    let [start, end, step] = [start, end, step].map(str::trim);
    of_numbers(start, end, step).or_else(|| of_durations(start, end, step))
}

/// The range that was meant by what is nearly one: `100-300`, `1...8`, `100..300..100`, `100:300:100`.
fn meant(text: &str) -> Option<String> {
    let marked = text.replace("...", "..").replace("..", "-").replace(':', "-");
    let parts: Vec<&str> = marked.split('-').map(str::trim).collect();
    match parts[..] {
        [start, end] => Some(in_steps(start, end)),
        [start, end, step] => Some(format!("{start}..{end}:{step}")),
        _ => None,
    }
}

/// A range of two ends: with whole numbers that lie far apart, in steps of the first.
fn in_steps(start: &str, end: &str) -> String {
    match (start.parse::<u32>(), end.parse::<u32>()) {
        (Ok(start), Ok(end)) if start > 9 && end % start == 0 => format!("{start}..{end}:{start}"),
        (Ok(_), Ok(_)) => format!("{start}..{end}"),
        _ => format!("{start}..{end}:{start}"),
    }
}

/// `0.5..2:0.5` and `100MB..500MB:100MB`: decimals, exactly, all with the same unit.
fn of_numbers(start: &str, end: &str, step: &str) -> Option<Vec<String>> {
    let [start, end, step] = [start, end, step].map(StepDecimal::read);
    let (start, end, step) = (start?, end?, step?);
    if start.unit != end.unit || start.unit != step.unit {
        return None;
    }
    let places = start.places.max(end.places).max(step.places);
    let steps = steps(start.scaled(places)?, end.scaled(places)?, step.scaled(places)?)?;
    Some(steps.into_iter().map(|value| format!("{}{}", decimal(value, places), start.unit)).collect())
}

/// `30s..2m:30s`: lengths of time in any units.
fn of_durations(start: &str, end: &str, step: &str) -> Option<Vec<String>> {
    let [start, end, step] = [start, end, step].map(|text| read_duration(text).map(|span| u128::from(span.as_nanos())));
    let steps = steps(start?, end?, step?)?;
    Some(steps.into_iter().map(|nanos| duration_text(Span::from_nanos(nanos as u64))).collect())
}

fn steps(start: u128, end: u128, step: u128) -> Option<Vec<u128>> {
    if step == 0 || start > end || (end - start) / step >= VALUES_MAX {
        return None;
    }
    Some((0..=(end - start) / step).map(|count| start + count * step).collect())
}

/// A number as written: its digits without the point, how many follow the point, and its unit.
struct StepDecimal<'t> {
    digits: u128,
    places: usize,
    unit: &'t str,
}

impl<'t> StepDecimal<'t> {
    fn read(text: &'t str) -> Option<Self> {
        let length = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(length);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits = format!("{whole}{fraction}");
        let fine = !whole.is_empty() && digits.len() <= DIGITS_MAX && number.ends_with(|c: char| c.is_ascii_digit());
        // `1m 30s` is no number with a unit.
        if !fine || unit.contains(|c: char| c.is_ascii_digit() || c == '-') {
            return None;
        }
        Some(Self { digits: digits.parse().ok()?, places: fraction.len(), unit })
    }

    fn scaled(&self, places: usize) -> Option<u128> {
        self.digits.checked_mul(10_u128.checked_pow((places - self.places) as u32)?)
    }
}

fn decimal(value: u128, places: usize) -> String {
    if places == 0 {
        return value.to_string();
    }
    let digits = format!("{value:0>width$}", width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    format!("{whole}.{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(text: &str) -> Vec<String> {
        expand(text).expect("a range").expect("a fine range")
    }

    #[test]
    fn numbers_and_units_go_up_in_exact_steps() {
        assert_eq!(expanded("100..400:100"), ["100", "200", "300", "400"]);
        assert_eq!(expanded("1..6:2"), ["1", "3", "5"]);
        assert_eq!(expanded("0.1..0.5:0.1"), ["0.1", "0.2", "0.3", "0.4", "0.5"]);
        assert_eq!(expanded("0..1:0.25"), ["0.00", "0.25", "0.50", "0.75", "1.00"]);
        assert_eq!(expanded("100MB/s..300MB/s:100MB/s"), ["100MB/s", "200MB/s", "300MB/s"]);
        assert_eq!(expanded("7..7:1"), ["7"]);
        assert_eq!(expanded("1..4"), ["1", "2", "3", "4"]);
    }

    #[test]
    fn durations_may_change_their_unit() {
        assert_eq!(expanded("10s..30s:10s"), ["10s", "20s", "30s"]);
        assert_eq!(expanded("30s..2m:30s"), ["30s", "1m", "90s", "2m"]);
        assert_eq!(expanded("1m 30s..3m:45s"), ["90s", "135s", "3m"]);
    }

    #[test]
    fn what_is_no_range_is_left_alone_and_a_broken_one_is_told() {
        for text in ["100", "gp2", "\"a..b\"", "{ uniform = { low = '1s', high = '2s' } }"] {
            assert_eq!(expand(text), None, "{text}");
        }
        for text in ["1..2:0", "3..1:1", "1..10000:1", "1s..2MB:1s", "a..b:c", "..", "-1..1:1", "1.e..2:1"] {
            let told = expand(text).expect("it looks like a range").expect_err(text);
            assert!(told.starts_with(&format!("{text} is not a range; write START..END")), "{told}");
        }
    }

    #[test]
    fn what_was_meant_by_a_misspelled_range_is_said() {
        for (text, meant) in [
            ("100-300", "100..300:100"),
            ("1-8", "1..8"),
            ("1...8", "1..8"),
            ("100..300..100", "100..300:100"),
            ("100:300:100", "100..300:100"),
            ("100-300:50", "100..300:50"),
            ("10s-60s:10s", "10s..60s:10s"),
            ("5s..9s", "5s..9s:5s"),
            ("0.5-2", "0.5..2:0.5"),
        ] {
            let told = expand(text).expect("it looks like a range").expect_err(text);
            assert_eq!(told, format!("{text} is not a range; write {meant}"));
            assert!(values(meant).is_some(), "{meant}");
        }
        for text in ["1.5", "10.0.0.0", "2024-01-31", "gp2", "m5d.4xlarge", "-5", "1e-3"] {
            assert_eq!(expand(text), None, "{text}");
        }
    }
}
