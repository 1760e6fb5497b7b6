//! What a shell can complete besides commands and options: scenarios, add-ons, instance types and keys.

use crate::scenario::{ADDONS, BUILT_IN, Entry, instance_types, load, shape_words};
use clap_complete::engine::{CompletionCandidate, PathCompleter, ValueCompleter};
use std::env;
use std::ffi::OsStr;
use std::path::Path;

/// The variable in which a shell's script says what it wants to know.
pub(crate) const VARIABLE: &str = "SCALEUP_COMPLETE";

/// Scenarios that come with the program, and files of scenarios.
pub(crate) fn scenarios(current: &OsStr) -> Vec<CompletionCandidate> {
    let files = PathCompleter::any().filter(|path| path.is_dir() || path.extension().is_some_and(|end| end == "toml"));
    let files = files.complete(current).into_iter().filter(|file| file.get_value() != OsStr::new("."));
    beginning_with(current, BUILT_IN.descriptions()).chain(files).collect()
}

/// What `list` can be asked for.
pub(crate) fn lists(current: &OsStr) -> Vec<CompletionCandidate> {
    let lists = [("scenarios", "scenarios and add-ons"), ("instance-types", "EC2 instance types")];
    let lists = lists.map(|(name, about)| (name.to_owned(), about.to_owned()));
    beginning_with(current, lists.into_iter().chain(BUILT_IN.descriptions())).collect()
}

/// Add-ons for a list of `extends`, without their folder.
pub(crate) fn addons(current: &OsStr) -> Vec<CompletionCandidate> {
    let short = |(name, about): (String, String)| (name.trim_start_matches("addons/").to_owned(), about);
    beginning_with(current, ADDONS.descriptions().into_iter().map(short)).collect()
}

/// Instance types of the catalogue.
pub(crate) fn types(current: &OsStr) -> Vec<CompletionCandidate> {
    let types = instance_types().map(|one| (one.name().to_owned(), String::new()));
    beginning_with(current, types).collect()
}

/// Keys of the scenario on the command line.
pub(crate) fn keys(current: &OsStr) -> Vec<CompletionCandidate> {
    beginning_with(current, entries().into_iter().map(|entry| (entry.key, entry.value))).collect()
}

/// The same with an equals sign, and after it the words that the key knows.
pub(crate) fn settings(current: &OsStr) -> Vec<CompletionCandidate> {
    let written = current.to_string_lossy();
    match written.split_once('=') {
        None => {
            let keys = entries().into_iter().map(|entry| (format!("{}=", entry.key), entry.value));
            beginning_with(current, keys).collect()
        }
        Some((key, _)) => {
            let entry = entries().into_iter().find(|entry| entry.key == key);
            let words = entry.map(|entry| shape_words((entry.spec.shape)())).unwrap_or_default();
            beginning_with(current, words.into_iter().map(|word| (format!("{key}={word}"), String::new()))).collect()
        }
    }
}

/// The keys of the first scenario that stands on the command line, or else of the default one.
fn entries() -> Vec<Entry> {
    // A script hands the words over after two hyphens.
    let words: Vec<String> = env::args().skip_while(|word| word != "--").skip(2).collect();
    let is_scenario = |word: &&String| BUILT_IN.find(Path::new(word)).is_some() || word.ends_with(".toml");
    let named = words.iter().filter(is_scenario).find_map(|word| load(Path::new(word), &[]).ok());
    let loaded = named.or_else(|| load(Path::new("scenarios/ekf"), &[]).ok());
    loaded.map(|loaded| loaded.document.entries()).unwrap_or_default()
}

fn beginning_with(
    current: &OsStr,
    named: impl IntoIterator<Item = (String, String)>,
) -> impl Iterator<Item = CompletionCandidate> {
    let begin = current.to_string_lossy().into_owned();
    let candidate = |(name, about): (String, String)| {
        CompletionCandidate::new(name).help((!about.is_empty()).then(|| about.into()))
    };
    named.into_iter().filter(move |(name, _)| name.starts_with(&begin)).map(candidate)
}
