//! `sensitivity.csv`: what each key does by itself.
//!
//! Must not know: how an effect is computed.

use crate::experiment::results::Results;
use crate::report::sensitivity::effects;

use super::sheet::{Sheet, maybe_number, number};

const COLUMNS: [&str; 6] =
    ["key", "value", "pairs", "difference_mean_s", "difference_ci95_low_s", "difference_ci95_high_s"];

/// `sensitivity.csv`: a row for every case that changes one key; absent if the cases are not varied one at a time.
pub fn sensitivity(results: &Results) -> Option<Vec<u8>> {
    let effects = effects(results);
    if effects.is_empty() {
        return None;
    }
    let mut sheet = Sheet::new(results, COLUMNS);
    for effect in effects {
        sheet.begin_case(effect.case, &results.cases[effect.case]);
        sheet.row([
            effect.key,
            effect.value.trim_matches('"').to_owned(),
            effect.pairs.to_string(),
            number(effect.seconds),
            maybe_number(effect.interval.map(|interval| interval.low)),
            maybe_number(effect.interval.map(|interval| interval.high)),
        ]);
    }
    Some(sheet.into_bytes())
}
