//! `scaleup explain-key`: what a key means, and what it is in a scenario.

use crate::cli::args::JsonArguments;
use crate::cli::cases;
use crate::cli::complete;
use crate::cli::failure::Failure;
use crate::cli::output::{document, print};
use crate::report::tables::{self, KeyTold};
use crate::report::words::place;
use crate::scenario::{Entry, KeyExplanation, Loaded, Matches, SetIn, explain, search};
use clap::Args;
use clap_complete::ArgValueCompleter;
use std::path::PathBuf;

/// Columns before what a label says.
const LABEL: usize = 12;

/// Arguments of `scaleup explain-key`.
#[derive(Debug, Args)]
pub(crate) struct ExplainKeyArguments {
    /// The key, such as `daemonset.rok.join.workers`; the beginning of one lists the keys below it, a word the keys
    /// that it leads to
    #[arg(default_value = "", add = ArgValueCompleter::new(complete::keys))]
    key: String,
    /// The scenario whose value is shown: a file, or the name of one that comes with the program
    #[arg(default_value = "scenarios/ekf.toml", add = ArgValueCompleter::new(complete::scenarios))]
    scenario: PathBuf,
    #[command(flatten)]
    json: JsonArguments,
}

pub(crate) fn explain_key(arguments: &ExplainKeyArguments) -> Result<(), Failure> {
    let key = arguments.key.trim_matches('.');
    let explained = explain(key);
    let matches = explained.as_ref().err().map(|_| search(key)).unwrap_or_default();
    let explanation = match explained {
        Ok(explanation) => Some(explanation),
        Err(_) if !key.contains('.') && matches != Matches::default() => None,
        Err(unknown) => return Err(Failure::Usage(unknown.to_string())),
    };
    let loaded = cases::read_scenario(&arguments.scenario, &[])?;
    if arguments.json.asked() {
        let told = told(key, explanation, matches, &loaded);
        return print(&document("explain-key", &loaded, None, &tables::key(told)));
    }
    let Some(explanation) = explanation else { return print(&found(key, &matches)) };
    let text = text(&explanation, &loaded);
    print(&text)
}

/// The same for programs.
fn told(key: &str, meaning: Option<KeyExplanation>, matches: Matches, loaded: &Loaded) -> KeyTold {
    let below =
        |of: &KeyExplanation| of.below.iter().map(|(name, about)| (format!("{key}.{name}"), about.clone())).collect();
    let keys = meaning.as_ref().map_or_else(|| [matches.named, matches.about].concat(), below);
    let entry = meaning.as_ref().filter(|of| of.below.is_empty()).and_then(|_| entry_of(key, loaded));
    KeyTold { asked: key.to_owned(), meaning, entry, keys }
}

/// The keys that a word leads to, where it is no key by itself.
fn found(word: &str, matches: &Matches) -> String {
    let mut lines = Vec::new();
    for (keys, which) in [(&matches.named, "in their name"), (&matches.about, "in what they mean")] {
        if !keys.is_empty() {
            lines.push(format!("Keys with `{word}` {which}:"));
            let width = keys.iter().map(|(key, _)| key.len()).max().unwrap_or(0);
            lines.extend(keys.iter().map(|(key, meaning)| format!("  {key:<width$}  {meaning}")));
        }
    }
    lines.join("\n") + "\n"
}

fn text(explanation: &KeyExplanation, loaded: &Loaded) -> String {
    let KeyExplanation { key, meaning, shape, examples, below, .. } = explanation;
    let title = if key.is_empty() { "The keys of a scenario" } else { key };
    let mut lines = vec![title.to_owned(), format!("  {meaning}"), String::new()];
    let mut say = |label: &str, what: &str| lines.push(format!("  {label:<LABEL$}{what}"));
    if !key.is_empty() {
        say("Write", shape);
    }
    for example in examples {
        say("Such as", example);
    }
    if below.is_empty() {
        if let Some(default) = default(explanation) {
            say("Default", &default);
        }
        for (label, what) in value(explanation, loaded) {
            say(&label, &what);
        }
    } else {
        for name in instances(key, loaded) {
            say("There is", &format!("{key}.{name}"));
        }
        lines.extend(listing(below));
    }
    lines.join("\n") + "\n"
}

/// What holds where nothing is written.
fn default(explanation: &KeyExplanation) -> Option<String> {
    match &explanation.default {
        Some(default) => Some(format!("{}, from: {}", default.toml, default.source)),
        None if explanation.required => Some("none: a scenario must say it, or extend one that does".to_owned()),
        None if explanation.shape.ends_with("or \"none\"") => Some("left out".to_owned()),
        None => None,
    }
}

/// What a key is in the scenario, and where that comes from.
fn value(explanation: &KeyExplanation, loaded: &Loaded) -> Vec<(String, String)> {
    // Remarks such as `extends` have no value to show.
    let key = &explanation.key;
    if explanation.is_remark {
        return Vec::new();
    }
    let name = format!("In {}", loaded.scenario.name);
    let entry = entry_of(key, loaded);
    let Some(entry) = entry else { return vec![(name, "not there".to_owned())] };
    if entry.set == SetIn::Absent {
        return vec![(name, "left out".to_owned())];
    }
    let source = format!("{}: {}", entry.provenance.kind.word(), entry.provenance.source);
    vec![(name, format!("{} ({})", entry.value, place(&entry.set))), ("Source".to_owned(), source)]
}

/// The entry of a key; a parameter of a distribution is shown as a part of the whole.
fn entry_of(key: &str, loaded: &Loaded) -> Option<Entry> {
    let entries = loaded.document.entries();
    let beginnings = (1..=key.split('.').count()).rev().map(|count| key.split('.').take(count).collect::<Vec<_>>());
    beginnings.map(|begin| begin.join(".")).find_map(|begin| entries.iter().find(|e| e.key == begin)).cloned()
}

/// The names of a kind of named tables in the scenario.
fn instances(key: &str, loaded: &Loaded) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    if key.is_empty() || explain(&format!("{key}.x")).is_err() {
        return names;
    }
    for entry in loaded.document.entries() {
        let rest = entry.key.strip_prefix(key).and_then(|rest| rest.strip_prefix('.'));
        let name = rest.and_then(|rest| rest.split('.').next());
        if let Some(name) = name.filter(|name| names.last().is_none_or(|last| last != name)) {
            names.push(name.to_owned());
        }
    }
    names
}

/// Keys with what they mean.
fn listing(below: &[(String, String)]) -> Vec<String> {
    let width = below.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let keys = below.iter().map(|(name, meaning)| format!("    {name:<width$}  {meaning}"));
    std::iter::once("  Keys below it:".to_owned()).chain(keys).collect()
}
