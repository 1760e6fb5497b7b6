//! What to write instead, where the parser of arguments can only say that it knows no such thing.

use crate::scenario::search;
use clap::Error;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Commands that take one scenario.
const OF_ONE_SCENARIO: [&str; 8] = ["run", "sweep", "explain", "check", "validate", "calibrate", "trace", "show"];

/// The same error with a better tip, if there is one; `words` are those of the command line, the program's name first.
pub(crate) fn explained(mut error: Error, words: &[String]) -> Error {
    let unexpected = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(unexpected)) if error.kind() == ErrorKind::UnknownArgument => unexpected.clone(),
        _ => return error,
    };
    if let Some(tip) = tip(&unexpected, words) {
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![StyledStr::from(tip)]));
        error.remove(ContextKind::SuggestedArg);
    }
    error
}

fn tip(unexpected: &str, words: &[String]) -> Option<String> {
    let command = words.get(1).map_or("", String::as_str);
    if let Some(option) = unexpected.strip_prefix("--") {
        let name = option.split('=').next()?.replace('-', "_");
        let ends = |key: &str| key.rsplit('.').next() == Some(&name);
        let key = search(&name).named.into_iter().map(|(key, _)| key).find(|key| ends(key))?;
        let also = if name == "target_nodes" { "--nodes N, or " } else { "" };
        return Some(format!("it is a key of the scenario: {also}--set {key}=VALUE"));
    }
    if unexpected.starts_with('-') || !OF_ONE_SCENARIO.contains(&command) {
        return None;
    }
    let mut earlier = words.iter().rev().skip_while(|word| *word != unexpected).skip(1);
    let before = earlier.next()?;
    if let Some(option @ ("--set" | "--vary")) = earlier.next().map(String::as_str) {
        return Some(format!("write an equals sign: {option} {before}={unexpected}"));
    }
    Some(format!(
        "{command} takes one scenario; to hold several against each other: scaleup compare {before} {unexpected}"
    ))
}
