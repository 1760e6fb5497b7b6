//! What a scenario says, and what a key means, for programs.

use crate::report::json::toml_value;
use crate::report::table::Table;
use crate::report::words;
use crate::scenario::{Entry, KeyExplanation};

/// What is said of a key, or of the keys that a word leads to.
#[derive(Clone, Debug, Default)]
pub struct KeyTold {
    /// The key or the word.
    pub asked: String,
    /// What the key means; absent for a word.
    pub meaning: Option<KeyExplanation>,
    /// Its value in the scenario; absent for tables, and where the scenario has none.
    pub entry: Option<Entry>,
    /// The keys below it, or that the word leads to, with what they mean.
    pub keys: Vec<(String, String)>,
}

/// The only row: a key.
pub fn key(told: KeyTold) -> Table {
    let meaning = |told: &KeyTold, of: fn(&KeyExplanation) -> String| told.meaning.as_ref().map(of);
    let default = |told: &KeyTold| told.meaning.as_ref()?.default;
    Table::of("key", "A key of a scenario, or the keys that a word leads to", vec![told])
        .text("key", "", "the key, or the word, that was asked for", |told| told.asked.clone())
        .maybe_text("meaning", "", "what it means; null for a word", |told| meaning(told, |of| of.meaning.clone()))
        .maybe_text("write", "", "what can be written", |told| meaning(told, |of| of.shape.clone()))
        .json("examples", "how it could be written, in TOML", |told| {
            told.meaning.as_ref().map_or_else(Vec::new, |of| of.examples.clone()).into()
        })
        .flag("required", "", "whether a scenario must say it", |told| {
            told.meaning.as_ref().is_some_and(|of| of.required)
        })
        .json("default", "what holds where nothing is written; null if nothing does", |told| {
            default(told).map_or(serde_json::Value::Null, |default| toml_value(default.toml))
        })
        .maybe_text("default_source", "", "where the default comes from", |told| {
            default(told).map(|default| default.source.to_owned())
        })
        .rows_of("value", "its value in the scenario: no row, or one", |told| values(told.entry.as_slice()))
        .rows_of("keys", "the keys below it, or that the word leads to", |told| listed(told.keys.clone()))
        .table()
}

fn listed(keys: Vec<(String, String)>) -> Table {
    Table::of("keys", "Keys", keys)
        .text("key", "", "the key", |row| row.0.clone())
        .text("meaning", "", "what it means", |row| row.1.clone())
        .table()
}

/// The only row: a scenario with nothing left out.
pub fn whole_scenario(toml: &str, entries: &[Entry]) -> Table {
    Table::of("whole", "A scenario with nothing left out", vec![(toml, entries)])
        .text("toml", "", "the scenario as one file", |row| row.0)
        .rows_of("keys", "every key", |row| values(row.1))
        .table()
}

fn values(entries: &[Entry]) -> Table {
    Table::of("values", "Values", entries.to_vec())
        .text("key", "", "the dotted key", |row| row.key.clone())
        .json("value", "its value; a distribution as TOML text", |row| toml_value(&row.value))
        .text("set", "", "where it is set: a file and its line, an option, default, or left out", |row| {
            words::place(&row.set)
        })
        .text("provenance", "", "documented, upstream, measured, fitted or assumed", |row| row.provenance.kind.word())
        .text("source", "", "the source, or the reason", |row| row.provenance.source.clone())
        .table()
}
