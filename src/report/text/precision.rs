//! Whether the precision asked for was reached.

use crate::experiment::{Precision, Shortfall};
use crate::report::summary::CaseSummary;
use crate::report::words::count;

use super::line;

/// What each case lacks, or that nothing is missing; nothing if no precision was asked for.
pub fn lines(rule: Option<Precision>, cases: &[CaseSummary]) -> String {
    let Some(rule) = rule else { return String::new() };
    let mut text = String::new();
    for case in cases {
        if let Some(missing) = &case.shortfall {
            let what = format!("{}: the mean of {}", case.name, missing.stage);
            line(&mut text, &not_resolved(&what, missing, rule, case.replications));
        }
    }
    if text.is_empty() {
        let each = if cases.len() > 1 { " of each case" } else { "" };
        let (reached, first, round) = (share(rule.relative), count(rule.minimum.into()), rule.round());
        line(
            &mut text,
            &format!(
                "Precision reached: the mean of every stage{each} is known within {reached}; looked at from {first} \
                 scale-ups on, every {round}."
            ),
        );
    }
    text
}

/// `not resolved: the mean of nodes is known within 1.6 % only, not 1 %, after 200 scale-ups; about 520 would do`.
pub fn not_resolved(what: &str, missing: &Shortfall, rule: Precision, replications: u32) -> String {
    let asked = share(rule.relative);
    let known = match missing.relative {
        Some(reached) => format!("is known within {} only, not {asked}", share(reached)),
        None => format!("is not known within {asked}, nor within any share of it"),
    };
    let needed = missing.needed.map_or(String::new(), |needed| format!("; about {} would do", count(needed)));
    format!("Not resolved: {what} {known}, after {} scale-ups{needed}.", count(replications.into()))
}

/// A share in percent with two digits that say something: `1 %`, `0.25 %`, `14 %`.
pub fn share(share: f64) -> String {
    let percent = share * 100.0;
    let decimals = if percent >= 10.0 {
        0
    } else if percent >= 1.0 {
        1
    } else {
        2
    };
    let shown = format!("{percent:.decimals$}");
    let shown = if shown.contains('.') { shown.trim_end_matches('0').trim_end_matches('.') } else { &shown };
    format!("{shown} %")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_two_digits() {
        assert_eq!([0.01, 0.0025, 0.0163, 0.14, 0.2].map(share), ["1 %", "0.25 %", "1.6 %", "14 %", "20 %"]);
    }
}
