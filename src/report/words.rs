//! Numbers as people read them.

use crate::experiment::results::CaseResult;
use crate::headroom::support::Tier;
use crate::scenario::{Demand, Measure, SetIn};
use crate::time::Span;

/// The scenario key that the name of a case says in words.
pub const TARGET_NODES: &str = "cluster.target_nodes";

/// A length of time in seconds, possibly negative: `12m 40s`, `-4.2s`.
pub fn duration(seconds: f64) -> String {
    let span = Span::from_secs_f64(seconds.abs());
    if seconds < 0.0 && span.as_nanos() >= 500_000 { format!("-{span}") } else { span.to_string() }
}

/// A length of time and how far its interval goes, in one form for a whole column: `1m 05s ± 1.0s`, `2.9s ± 0.8s`.
///
/// What is shorter than a minute has tenths, rounded up: no interval is shown narrower than it is.
pub fn about(seconds: f64, half: Option<f64>) -> String {
    let Some(half) = half else { return duration(seconds) };
    let of_millis = seconds.abs() < 0.999_5 && half < 0.999_5;
    let tenths = (half * 10.0 - 1e-6).ceil().max(0.0);
    let half = match tenths < 600.0 {
        true if of_millis => duration(half),
        true => format!("{:.1}s", tenths / 10.0),
        false => duration(half),
    };
    format!("{} ± {half}", duration(seconds))
}

/// A whole number with its thousands apart: `100,000`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// A mean count with one decimal, or none where it is whole or large: `0.3`, `17`, `1,204`.
pub fn mean_count(number: f64) -> String {
    let tenths = (number * 10.0).round() as u64;
    if tenths >= 10_000 || tenths.is_multiple_of(10) {
        count(number.round() as u64)
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

/// A share in percent, with one decimal where that says more: `100 %`, `96.3 %`, `0 %`.
///
/// Only what is whole is shown as 100 % or 0 %.
pub fn percent(share: f64) -> String {
    let tenths = (share * 1000.0).round();
    let tenths = if share < 1.0 { tenths.min(999.0) } else { tenths };
    let tenths = if share > 0.0 { tenths.max(1.0) } else { tenths };
    if tenths % 10.0 == 0.0 { format!("{} %", tenths / 10.0) } else { format!("{:.1} %", tenths / 10.0) }
}

/// A number of things: `1 node`, `300 nodes`.
pub fn plural(number: u64, one: &str) -> String {
    format!("{} {one}{}", count(number), if number == 1 { "" } else { "s" })
}

/// The name of a case: `300 nodes`, or `20 of at most 300 nodes` where the replicas need no more, and the other keys
/// that it changed: `300 nodes, registry.hub.bandwidth = "1GB"`.
pub fn case(case: &CaseResult) -> String {
    let mut name = plural(u64::from(case.target_nodes), "node");
    let wanted = case.stages.first().map_or(case.target_nodes, |nodes| nodes.desired);
    if wanted < case.target_nodes {
        name = format!("{} of at most {name}", count(u64::from(wanted)));
    }
    for (key, value) in axes(case) {
        name.push_str(", ");
        name.push_str(key);
        name.push_str(" = ");
        name.push_str(value);
    }
    name
}

/// The changed keys of a case, without the number of nodes.
pub fn axes(case: &CaseResult) -> impl Iterator<Item = (&str, &str)> {
    case.set.iter().filter(|(key, _)| key != TARGET_NODES).map(|(key, value)| (key.as_str(), value.as_str()))
}

/// Where a value of a scenario is set: `my.toml, line 3`, `--set`, `default`.
pub fn place(set: &SetIn) -> String {
    match set {
        SetIn::Source { name, .. } if name.starts_with("--") => name.clone(),
        SetIn::Source { name, line } => format!("{name}, line {line}"),
        SetIn::Default => "default".to_owned(),
        SetIn::Absent => "left out".to_owned(),
    }
}

/// The time from one stage to another: `workload after baseline`.
pub fn overhead(from: &str, to: &str) -> String {
    format!("{to} after {from}")
}

/// What is measured: `workload after baseline`, `flaps of rok`, `node registered to ready, p50`, `replicas running at
/// 2m 30s`.
pub fn measure(measure: &Measure) -> String {
    match measure {
        Measure::Stages { from: Some(from), to } => overhead(from, to),
        Measure::Stages { from: None, to } => format!("{to} ready"),
        Measure::Flaps { stage } => format!("flaps of {stage}"),
        Measure::Count { each, to, at } => format!("{}s {to} at {at}", each.word()),
        Measure::Quantile { each, from, from_first, to, quantile } => {
            let (each, which) = (each.word(), quantile_name(*quantile));
            match from {
                None => format!("{each} {to}, {which}"),
                Some(from) if *from_first && from == to => format!("{each} {to} after the first, {which}"),
                Some(from) if *from_first => format!("{each} {to} after the first {from}, {which}"),
                Some(from) => format!("{each} {from} to {to}, {which}"),
            }
        }
    }
}

/// `p50`, `p97.5`, `first` for 0 and `last` for 1.
fn quantile_name(quantile: f64) -> String {
    match quantile {
        0.0 => "first".to_owned(),
        1.0 => "last".to_owned(),
        part => format!("p{}", (part * 1e6).round() / 1e4),
    }
}

/// The value of a measure: a time, or a count.
pub fn value(measure: &Measure, value: f64) -> String {
    if measure.is_count() { mean_count(value) } else { duration(value) }
}

/// What is demanded: `7m 00s ± 1m 00s`, `2m 00s to 10m 00s`, `grows`, `20.4s (15.7s to 26.5s)`.
pub fn demand(of: &Measure, demand: Demand) -> String {
    let shown = |number: f64| value(of, number.max(0.0));
    match (demand, demand.ends()) {
        (Demand::About { seconds, tolerance }, _) => format!("{} ± {}", shown(seconds), shown(tolerance)),
        (Demand::Measured { value, .. }, (Some(low), Some(high))) => {
            format!("{} ({} to {})", shown(value), shown(low), shown(high))
        }
        (Demand::Grows, _) => "grows".to_owned(),
        (_, (Some(low), Some(high))) => format!("{} to {}", shown(low), shown(high)),
        (_, (Some(low), None)) => format!("at least {}", shown(low)),
        (_, (None, Some(high))) => format!("at most {}", shown(high)),
        (_, (None, None)) => "-".to_owned(),
    }
}

/// Characters of a name made from other texts, at most.
const SLUG_MAX: usize = 60;

/// A text as a name for files and scenarios: lower-case letters, digits and single hyphens.
pub fn slug(text: &str) -> String {
    let plain = text.to_ascii_lowercase();
    let words: Vec<&str> = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let whole = words.join("-");
    whole[..whole.len().min(SLUG_MAX)].trim_end_matches('-').to_owned()
}

/// A support tier inside a sentence.
pub const fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Supported => "supported",
        Tier::OnRequest => "supported on request only",
        Tier::OutOfSupport => "out of support",
    }
}

/// How good a verdict is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// As it should be.
    Good,
    /// To be looked at.
    Doubtful,
    /// Not as it should be.
    Bad,
}

impl Mood {
    /// What turns a terminal to its colour: green, yellow, red.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Good => "\u{1b}[32m",
            Self::Doubtful => "\u{1b}[33m",
            Self::Bad => "\u{1b}[31m",
        }
    }
}

/// The verdicts that texts say, with how good they are.
pub fn verdicts() -> impl Iterator<Item = (&'static str, Mood)> {
    const GOOD: [&str; 8] = [
        "deadline met",
        tier(Tier::Supported),
        "Yes:",
        "fits;",
        "Precision reached",
        "No limit was hit",
        "points are met",
        "pass",
    ];
    const DOUBTFUL: [&str; 5] =
        [tier(Tier::OnRequest), "deadline not decided", "delays;", "not-stated;", "Not resolved"];
    const BAD: [&str; 8] = [
        tier(Tier::OutOfSupport),
        "deadline missed",
        "never became ready",
        "points are not met",
        "No:",
        "binds;",
        "Limits hit",
        "FAIL",
    ];
    let all = |words: &'static [&'static str], mood| words.iter().map(move |&words| (words, mood));
    all(&GOOD, Mood::Good).chain(all(&DOUBTFUL, Mood::Doubtful)).chain(all(&BAD, Mood::Bad))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_with_their_thousands_apart() {
        assert_eq!([0, 999, 1_000, 100_000, 12_345_678].map(count), ["0", "999", "1,000", "100,000", "12,345,678"]);
        assert_eq!([0.0, 0.26, 17.0, 412.34, 1203.7].map(mean_count), ["0", "0.3", "17", "412.3", "1,204"]);
        assert_eq!(plural(1, "node"), "1 node");
        assert_eq!(plural(5_000, "node"), "5,000 nodes");
    }

    #[test]
    fn intervals_of_a_column_have_one_form() {
        let shown = |seconds: f64, half: f64| about(seconds, Some(half));
        assert_eq!(shown(65.0, 0.967), "1m 05s ± 1.0s");
        assert_eq!(shown(3.4, 0.893), "3.4s ± 0.9s");
        assert_eq!(shown(3.4, 0.01), "3.4s ± 0.1s");
        assert_eq!(shown(3.4, 0.0), "3.4s ± 0.0s");
        assert_eq!(shown(0.85, 0.012), "850ms ± 12ms");
        assert_eq!(shown(700.0, 83.7), "11m 40s ± 1m 24s");
        assert_eq!(about(-4.2, None), "-4.2s");
    }

    #[test]
    fn almost_all_is_not_called_all() {
        let shown = [1.0, 0.963, 0.999_96, 0.5, 0.0, 0.000_01].map(percent);
        assert_eq!(shown, ["100 %", "96.3 %", "99.9 %", "50 %", "0 %", "0.1 %"]);
    }

    #[test]
    fn a_negative_duration_keeps_its_sign_and_nothing_is_not_negative() {
        assert_eq!(duration(-4.2), "-4.2s");
        assert_eq!(duration(-0.000_1), "0ms");
        assert_eq!(duration(760.0), "12m 40s");
    }
}
